import { Button, Input, InputNumber, Select } from "antd";
import { useState } from "react";
import {
  Answer,
  Card,
  ConfirmAct,
  DataTable,
  DownloadButton,
  PageHeader,
  StatusTag,
  call,
  download,
  useAddress,
  useMay,
  useRefresh,
  useRoute,
  useSession,
  useToast,
  yuan,
  type Column,
} from "../../ui/index.ts";
import {
  downloadTargets,
  listTargets,
  setTarget,
  subsidiesPermissions,
  targetIndicators,
  type TargetIndicator,
  type TargetRow,
} from "../contract.ts";
import { FundTabs } from "./FundTabs.tsx";
import css from "./subsidies.module.css";
import { tenths } from "./words.ts";

const FORMATS = ["xlsx", "docx", "pdf"] as const;
const NAMES = { xlsx: "XLSX", docx: "Word", pdf: "PDF" } as const;

/** 绩效目标表: what the year's money is to bring, beside what it has brought, counted and not reported. */
export default function FundTargetsPage() {
  const { businessDate } = useSession();
  const now = Number(businessDate.slice(0, 4));
  const [{ year, fund }, setAddress] = useAddress({ year: String(now), fund: "" });
  const asked = { year: Number(year) || now, fund };
  const maySet = useMay(subsidiesPermissions.funds);
  const query = useRoute(listTargets, asked, { keep: true });
  return (
    <>
      <PageHeader
        title="绩效目标"
        crumbs={[{ label: "资金额度", path: "/funds" }, { label: "绩效目标" }]}
        note="实际值按补贴件、发放和公示记录计算，不用填报"
        actions={FORMATS.map((format) => (
          <DownloadButton key={format} start={() => download(downloadTargets, { ...asked, format })}>
            {NAMES[format]}
          </DownloadButton>
        ))}
      />
      <FundTabs at="/funds/targets" />
      <Answer query={query} lines={8}>
        {({ rows, funds, place }) => (
          <div className={css["stack"]}>
            <div className={css["acts"]}>
              <Select
                aria-label="年度"
                value={asked.year}
                onChange={(value) => setAddress({ year: String(value) })}
                options={[now + 1, now, now - 1, now - 2].map((value) => ({ value, label: `${value} 年` }))}
              />
              <Select
                aria-label="资金渠道"
                style={{ minWidth: 220, maxWidth: "100%" }}
                value={fund}
                onChange={(value) => setAddress({ fund: value })}
                options={[{ value: "", label: "全部资金" }, ...funds.map((value) => ({ value, label: value }))]}
              />
            </div>
            <Card title={`${place.name} ${asked.year} 年`} note={fund || "全部资金"}>
              <DataTable
                caption="绩效目标"
                rows={rows}
                rowKey={(row) => row.indicator}
                density="duty"
                columns={columnsFor(asked, maySet)}
              />
            </Card>
          </div>
        )}
      </Answer>
    </>
  );
}

const shown = (indicator: TargetIndicator, value: number | null): string => {
  if (value === null) return "—";
  const { unit } = targetIndicators[indicator];
  return `${unit === "元" ? yuan(value) : unit === "%" || unit === "天" ? tenths(value) : value.toLocaleString("zh-CN")} ${unit}`;
};

const columnsFor = (asked: { year: number; fund: string }, maySet: boolean): readonly Column<TargetRow>[] => [
  {
    key: "indicator",
    title: "指标",
    fixed: true,
    render: ({ indicator }) => (
      <>
        {targetIndicators[indicator].label}
        <span className={css["sub"]}>{targetIndicators[indicator].counted}</span>
      </>
    ),
  },
  { key: "group", title: "类别", width: 100, render: ({ indicator }) => targetIndicators[indicator].group },
  {
    key: "target",
    title: "目标",
    width: 150,
    align: "right",
    render: ({ indicator, target }) =>
      target === null ? (
        <span className="caption">未设</span>
      ) : (
        `${targetIndicators[indicator].better === "more" ? "≥" : "≤"} ${shown(indicator, target)}`
      ),
  },
  {
    key: "actual",
    title: "实际",
    width: 150,
    align: "right",
    render: ({ indicator, actual }) => shown(indicator, actual),
  },
  {
    key: "reached",
    title: "完成",
    width: 90,
    render: ({ reached }) =>
      reached === null ? (
        <span className="caption">—</span>
      ) : (
        <StatusTag tone={reached ? "done" : "late"}>{reached ? "达到" : "未达到"}</StatusTag>
      ),
  },
  { key: "document", title: "依据", width: 180, render: ({ document }) => document ?? "—" },
  ...(maySet
    ? [{ key: "act", title: "设定", width: 84, render: (row: TargetRow) => <TargetButton row={row} asked={asked} /> }]
    : []),
];

/** How a written number becomes what is stored: fen, or tenths. */
const scaleOf = (indicator: TargetIndicator): number =>
  ({ 元: 100, "%": 10, 天: 10, 人: 1, 件: 1 })[targetIndicators[indicator].unit];

function TargetButton({ row, asked }: { row: TargetRow; asked: { year: number; fund: string } }) {
  const { label, unit } = targetIndicators[row.indicator];
  const scale = scaleOf(row.indicator);
  const [open, setOpen] = useState(false);
  const [value, setValue] = useState(row.target === null ? null : row.target / scale);
  const [document, setDocument] = useState(row.document ?? "");
  const refresh = useRefresh();
  const toast = useToast();
  return (
    <>
      <Button size="small" onClick={() => setOpen(true)} aria-label={`设定${label}的目标`}>
        设定
      </Button>
      <ConfirmAct
        open={open}
        title={`${asked.year} 年目标：${label}`}
        changes={[{ count: 1, unit: "项", what: asked.fund || "全部资金的目标" }]}
        undo="可以再改，每次修改都记入审计日志。"
        confirm="设定"
        lacks={[value === null && `目标（${unit}）`, document.trim().length < 2 && "依据的文件"]}
        onClose={() => setOpen(false)}
        onConfirm={async () => {
          const target = Math.round(value! * scale);
          await call(setTarget, { ...asked, indicator: row.indicator, target, document: document.trim() });
          toast.done(`已设定“${label}”的目标。`);
          await refresh();
        }}
      >
        <div className={css["field"]}>
          <InputNumber
            aria-label={`目标（${unit}）`}
            placeholder="目标"
            addonAfter={unit}
            min={0}
            precision={scale === 100 ? 2 : scale === 10 ? 1 : 0}
            style={{ width: "100%" }}
            value={value}
            onChange={setValue}
          />
        </div>
        <Input
          className={css["field"] ?? ""}
          aria-label="依据的文件"
          placeholder="依据的文件，如：2025 年绩效目标批复"
          maxLength={120}
          value={document}
          onChange={(event) => setDocument(event.target.value)}
        />
      </ConfirmAct>
    </>
  );
}
