import { Button, Select } from "antd";
import { useState } from "react";
import {
  Card,
  ConfirmAct,
  DateText,
  May,
  MoneyText,
  PageHeader,
  ServerTable,
  StatusTag,
  call,
  useGo,
  useRefresh,
  useRoute,
  useToast,
  yuan,
  type Column,
} from "../../ui/index.ts";
import {
  bankFormatLabels,
  bankFormatNotes,
  bankFormats,
  batchStateLabels,
  batchStates,
  buildBatch,
  countClaims,
  getBankFormat,
  listBatches,
  listFundLines,
  setBankFormat,
  subsidiesPermissions,
  type BankFormat,
  type BatchRow,
} from "../contract.ts";
import { batchTones } from "./words.ts";
import css from "./subsidies.module.css";

/** 发放批次: from what is cleared to what the bank has answered. */
export default function BatchesPage() {
  const counts = useRoute(countClaims, {});
  const cleared = counts.data?.byState.find(({ state }) => state === "cleared");
  return (
    <>
      <PageHeader
        title="发放批次"
        crumbs={[{ label: "发放批次" }]}
        note="一条资金额度编一批；编制、签发、会签由三个人办；冻结后任何改动都会被发现"
        tags={cleared ? <StatusTag tone="soon">待发放 {cleared.claims} 件</StatusTag> : null}
        actions={
          <May permission={subsidiesPermissions.pay}>
            <div className={css["acts"]}>
              <FormatButton />
              <BuildButton />
            </div>
          </May>
        }
      />
      <Card>
        <ServerTable
          name="subsidies.batches"
          caption="发放批次"
          route={listBatches}
          filters={[
            { kind: "region", name: "region", label: "地区" },
            {
              kind: "choice",
              name: "state",
              label: "状态",
              options: batchStates.map((value) => ({ value, label: batchStateLabels[value] })),
            },
          ]}
          rowKey={(row) => row.batchId}
          rowPath={(row) => `/batches-of-payment/${row.batchId}`}
          density="duty"
          columns={columns}
          empty={{ title: "还没有发放批次", hint: "公示期满的补贴件到了“待发放”，就可以编批。" }}
        />
      </Card>
    </>
  );
}

const columns: readonly Column<BatchRow>[] = [
  {
    key: "number",
    title: "批次",
    width: 190,
    fixed: true,
    render: (row) => (
      <>
        {row.number}
        <span className={css["sub"]}>
          {row.builtByName} <DateText value={row.builtOn} />
        </span>
      </>
    ),
  },
  {
    key: "fund",
    title: "资金",
    render: (row) => (
      <>
        {row.fund}
        <span className={css["sub"]}>{row.document}</span>
      </>
    ),
  },
  { key: "payments", title: "笔数", width: 80, align: "right", render: (row) => row.payments },
  {
    key: "total",
    title: "金额（元）",
    width: 130,
    align: "right",
    render: (row) => <MoneyText fen={row.totalFen} unit={false} />,
  },
  {
    key: "paid",
    title: "已发放（元）",
    width: 130,
    align: "right",
    render: (row) => <MoneyText fen={row.paidFen} unit={false} />,
  },
  {
    key: "returned",
    title: "退回",
    width: 80,
    render: (row) => (row.returned > 0 ? <StatusTag tone="late">{row.returned} 笔</StatusTag> : ""),
  },
  {
    key: "state",
    title: "状态",
    width: 110,
    render: (row) => <StatusTag tone={batchTones[row.state]}>{batchStateLabels[row.state]}</StatusTag>,
  },
];

function BuildButton() {
  const [open, setOpen] = useState(false);
  const [fundLineId, setFundLineId] = useState<string>();
  const lines = useRoute(listFundLines, {}, { enabled: open });
  const go = useGo();
  const toast = useToast();
  return (
    <>
      <Button type="primary" onClick={() => setOpen(true)}>
        编制批次
      </Button>
      <ConfirmAct
        open={open}
        title="编制发放批次"
        changes={[{ count: 1, unit: "批", what: "这条额度下待发放且有收款账户的全部编入" }]}
        undo="签发前可以取消，补贴件回到待发放。"
        confirm="编制"
        lacks={[!fundLineId && "资金额度"]}
        onClose={() => setOpen(false)}
        onConfirm={async () => {
          const { batchId, payments, withoutAccount } = await call(buildBatch, { fundLineId: fundLineId! });
          toast.done(
            `已编 ${payments} 笔。${withoutAccount > 0 ? `另有 ${withoutAccount} 件没有收款账户，没有编入。` : ""}`,
          );
          go(`/batches-of-payment/${batchId}`);
        }}
      >
        <Select
          className={css["field"] ?? ""}
          aria-label="资金额度"
          placeholder="选择资金额度"
          loading={lines.isPending}
          style={{ width: "100%" }}
          value={fundLineId}
          onChange={setFundLineId}
          options={(lines.data?.rows ?? [])
            .filter(({ reservedFen }) => reservedFen > 0)
            .map((line) => ({
              value: line.fundLineId,
              label: `${line.fund}　${line.document}（占用 ${yuan(line.reservedFen)} 元）`,
            }))}
          notFoundContent="没有已占用的资金额度：先复核补贴件"
        />
      </ConfirmAct>
    </>
  );
}

/** In which shape the office's bank takes batches. Whoever answers for several counties sees none: each has its own. */
function FormatButton() {
  const [open, setOpen] = useState(false);
  const [format, setFormat] = useState<BankFormat>();
  const query = useRoute(getBankFormat, {});
  const refresh = useRefresh();
  const toast = useToast();
  const region = query.data?.region;
  if (!query.data || !region) return null;
  const chosen = format ?? query.data.format;
  return (
    <>
      <Button onClick={() => setOpen(true)}>银行文件格式</Button>
      <ConfirmAct
        open={open}
        title="银行文件格式"
        changes={[{ count: 1, unit: "种", what: `${bankFormatLabels[chosen]}：${bankFormatNotes[chosen]}` }]}
        undo="可以再改；已送出的批次仍是送出时的格式。"
        confirm="保存"
        disabled={chosen === query.data.format}
        onClose={() => setOpen(false)}
        onConfirm={async () => {
          await call(setBankFormat, { region, format: chosen });
          toast.done(`以后送出的批次用“${bankFormatLabels[chosen]}”。`);
          await refresh();
        }}
      >
        <Select
          className={css["field"] ?? ""}
          aria-label="银行文件格式"
          style={{ width: "100%" }}
          value={chosen}
          onChange={setFormat}
          options={bankFormats.map((value) => ({ value, label: bankFormatLabels[value] }))}
        />
        <p className="caption">回盘文件按内容自动识别格式，不必与这里相同。</p>
      </ConfirmAct>
    </>
  );
}
