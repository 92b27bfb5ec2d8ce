import { Button, Input, InputNumber, Select } from "antd";
import { useState } from "react";
import {
  Answer,
  Card,
  ConfirmAct,
  DataTable,
  DateField,
  DateText,
  EmptyState,
  Field,
  FigureStrip,
  May,
  MoneyText,
  PageHeader,
  StatusTag,
  call,
  useRefresh,
  useRoute,
  useSession,
  useToast,
  type Column,
} from "../../ui/index.ts";
import { addFundLine, fundLevels, listFundLines, subsidiesPermissions, type FundLine } from "../contract.ts";
import { FundTabs } from "./FundTabs.tsx";
import css from "./subsidies.module.css";
import { wan } from "./words.ts";

/** 资金额度: what documents have put at the offices' disposal, what is kept for claims, spent, and left. */
export default function FundsPage() {
  const query = useRoute(listFundLines, {});
  // Lines are a county's; whoever stands above it sees their sums.
  const county = useSession().region.code.length === 6;
  return (
    <Answer query={query} lines={8}>
      {({ rows, funds, measures }) => {
        const sum = (of: (line: FundLine) => number) => rows.reduce((total, line) => total + of(line), 0);
        const budget = sum(({ budgetFen }) => budgetFen);
        const spent = sum(({ spentFen }) => spentFen);
        return (
          <>
            <PageHeader
              title="资金额度"
              crumbs={[{ label: "资金额度" }]}
              note="按下达文件登记；复核时占用，到账时支出；任何时候余额不会小于零"
              actions={
                county ? (
                  <May permission={subsidiesPermissions.funds}>
                    <AddButton funds={funds} measures={measures} />
                  </May>
                ) : null
              }
            />
            <FundTabs at="/funds" />
            <div className={css["stack"]}>
              <Card>
                <FigureStrip
                  label="资金合计"
                  figures={[
                    { key: "budget", label: "下达", value: wan(budget), unit: "万元" },
                    { key: "reserved", label: "占用", value: wan(sum(({ reservedFen }) => reservedFen)), unit: "万元" },
                    { key: "spent", label: "支出", value: wan(spent), unit: "万元", tone: "done" },
                    { key: "left", label: "可用", value: wan(sum(({ leftFen }) => leftFen)), unit: "万元" },
                    {
                      key: "share",
                      label: "支出进度",
                      value: budget > 0 ? `${Math.floor((spent * 1000) / budget) / 10}` : "—",
                      unit: "%",
                    },
                  ]}
                />
              </Card>
              <Card>
                {rows.length === 0 ? (
                  <EmptyState title="还没有登记资金额度" hint="财政按下达文件登记后，补贴件才能复核。" />
                ) : (
                  <DataTable
                    caption="资金额度"
                    rows={rows}
                    rowKey={(row) => row.fundLineId}
                    rowPath={(row) => `/funds/${row.fundLineId}`}
                    density="duty"
                    columns={columns}
                  />
                )}
              </Card>
            </div>
          </>
        );
      }}
    </Answer>
  );
}

const money = (key: string, title: string, of: (line: FundLine) => number): Column<FundLine> => ({
  key,
  title: `${title}（元）`,
  width: 130,
  align: "right",
  render: (row) => <MoneyText fen={of(row)} unit={false} />,
});

const columns: readonly Column<FundLine>[] = [
  {
    key: "fund",
    title: "资金",
    fixed: true,
    render: (row) => (
      <>
        {row.fund}
        <span className={css["sub"]}>{row.document}</span>
      </>
    ),
  },
  { key: "place", title: "地区", width: 100, render: (row) => row.place.name },
  {
    key: "level",
    title: "级次、年度",
    width: 110,
    render: (row) => (
      <>
        {row.level}
        <span className={css["sub"]}>{row.year} 年</span>
      </>
    ),
  },
  money("budget", "下达", ({ budgetFen }) => budgetFen),
  money("reserved", "占用", ({ reservedFen }) => reservedFen),
  money("spent", "支出", ({ spentFen }) => spentFen),
  money("left", "可用", ({ leftFen }) => leftFen),
  {
    key: "valid",
    title: "有效期",
    width: 110,
    render: (row) =>
      row.validTo ? (
        <>
          至 <DateText value={row.validTo} />
        </>
      ) : (
        <StatusTag tone="outline">长期</StatusTag>
      ),
  },
];

function AddButton({
  funds,
  measures,
}: {
  funds: readonly string[];
  measures: readonly { readonly rule: string; readonly title: string }[];
}) {
  const { region, businessDate } = useSession();
  const [open, setOpen] = useState(false);
  const [given, setGiven] = useState({
    fund: funds[0] ?? "",
    rules: [] as string[],
    level: fundLevels[1] as (typeof fundLevels)[number],
    document: "",
    yuan: null as number | null,
    validFrom: `${businessDate.slice(0, 4)}-01-01`,
    validTo: "",
  });
  const refresh = useRefresh();
  const toast = useToast();
  return (
    <>
      <Button type="primary" onClick={() => setOpen(true)}>
        登记额度
      </Button>
      <ConfirmAct
        open={open}
        title="登记资金额度"
        changes={[{ count: 1, unit: "条", what: "按文件下达的资金，登记后即可用于复核" }]}
        undo="可以按文件追加、核减；已占用、已支出的不能核减。"
        confirm="登记"
        lacks={[
          given.fund === "" && "资金渠道",
          given.document.trim().length < 2 && "下达文件",
          !given.yuan && "金额",
          given.validTo !== "" && given.validTo < given.validFrom && "不早于起始日期的截止日期",
        ]}
        onClose={() => setOpen(false)}
        onConfirm={async () => {
          await call(addFundLine, {
            region: region.code,
            fund: given.fund,
            level: given.level,
            rules: given.rules,
            year: Number(given.validFrom.slice(0, 4)),
            document: given.document.trim(),
            validFrom: given.validFrom,
            validTo: given.validTo || null,
            amountFen: Math.round(given.yuan! * 100),
          });
          toast.done("已登记资金额度。");
          await refresh();
        }}
      >
        <Select
          className={css["field"] ?? ""}
          aria-label="资金渠道"
          style={{ width: "100%" }}
          value={given.fund}
          onChange={(fund) => setGiven({ ...given, fund })}
          options={funds.map((value) => ({ value, label: value }))}
        />
        <Select
          className={css["field"] ?? ""}
          aria-label="资金级次"
          style={{ width: "100%" }}
          value={given.level}
          onChange={(level) => setGiven({ ...given, level })}
          options={fundLevels.map((value) => ({ value, label: value }))}
        />
        <Select
          className={css["field"] ?? ""}
          mode="multiple"
          showSearch={{ optionFilterProp: "label" }}
          aria-label="限定用于哪些项目"
          placeholder="限定用于哪些项目（不选则不限；文件没写资金渠道的项目必选）"
          style={{ width: "100%" }}
          value={given.rules}
          onChange={(rules) => setGiven({ ...given, rules })}
          options={measures.map(({ rule, title }) => ({ value: rule, label: title }))}
        />
        <Input
          className={css["field"] ?? ""}
          aria-label="下达文件"
          placeholder="下达文件的名称或文号"
          maxLength={120}
          value={given.document}
          onChange={(event) => setGiven({ ...given, document: event.target.value })}
        />
        <div className={css["field"]}>
          <InputNumber
            aria-label="金额（元）"
            placeholder="金额"
            addonAfter="元"
            min={0.01}
            precision={2}
            style={{ width: "100%" }}
            value={given.yuan}
            onChange={(value) => setGiven({ ...given, yuan: value })}
          />
        </div>
        <div className={css["pair"]}>
          <Field label="起始日期">
            <DateField
              label="起始日期"
              value={given.validFrom}
              onChange={(day) => setGiven({ ...given, validFrom: day || given.validFrom })}
            />
          </Field>
          <Field label="截止日期（可不填）">
            <DateField
              label="截止日期（可不填）"
              value={given.validTo}
              min={given.validFrom}
              onChange={(day) => setGiven({ ...given, validTo: day })}
            />
          </Field>
        </div>
      </ConfirmAct>
    </>
  );
}
