import { Select } from "antd";
import {
  Answer,
  Bar,
  Card,
  DataTable,
  DownloadButton,
  EmptyState,
  FigureStrip,
  MoneyText,
  PageHeader,
  StatusTag,
  download,
  useAddress,
  useRoute,
  useSession,
  type Column,
} from "../../ui/index.ts";
import { downloadFundProgress, getFundProgress, type FundProgress } from "../contract.ts";
import { FundTabs } from "./FundTabs.tsx";
import css from "./subsidies.module.css";
import { tenths, wan } from "./words.ts";

const FORMATS = ["xlsx", "docx", "pdf"] as const;
const NAMES = { xlsx: "XLSX", docx: "Word", pdf: "PDF" } as const;

/** 资金使用: how far each line is, what it will have spent at the end of its time, and what lies idle. */
export default function FundProgressPage() {
  const { businessDate } = useSession();
  const now = Number(businessDate.slice(0, 4));
  const [{ year, fund }, setAddress] = useAddress({ year: String(now), fund: "" });
  const asked = { year: Number(year) || now, ...(fund ? { fund } : {}) };
  const query = useRoute(getFundProgress, asked, { keep: true });
  return (
    <>
      <PageHeader
        title="资金使用"
        crumbs={[{ label: "资金额度", path: "/funds" }, { label: "资金使用" }]}
        note="可用＝下达－占用－支出；支出以银行确认到账为准；进度慢、闲置的界限在“办理设定”里"
        actions={FORMATS.map((format) => (
          <DownloadButton key={format} start={() => download(downloadFundProgress, { ...asked, format })}>
            {NAMES[format]}
          </DownloadButton>
        ))}
      />
      <FundTabs at="/funds/progress" />
      <Answer query={query} lines={8}>
        {({ rows, funds }) => (
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
                options={[{ value: "", label: "全部资金渠道" }, ...funds.map((value) => ({ value, label: value }))]}
              />
            </div>
            <Sums rows={rows} />
            <Card title="逐条进度" note={`${rows.length} 条额度`}>
              {rows.length === 0 ? (
                <EmptyState title="这一年没有登记资金额度" hint="换一个年度，或先在“资金额度”里按下达文件登记。" />
              ) : (
                <DataTable
                  caption="资金使用进度"
                  rows={rows}
                  rowKey={(row) => row.fundLineId}
                  rowPath={(row) => `/funds/${row.fundLineId}`}
                  density="duty"
                  columns={columns}
                />
              )}
            </Card>
          </div>
        )}
      </Answer>
    </>
  );
}

function Sums({ rows }: { rows: readonly FundProgress[] }) {
  const sum = (of: (row: FundProgress) => number) => rows.reduce((total, row) => total + of(row), 0);
  const budget = sum(({ budgetFen }) => budgetFen);
  const spent = sum(({ spentFen }) => spentFen);
  const idle = rows.filter((row) => row.idle);
  return (
    <Card>
      <FigureStrip
        label="资金使用合计"
        figures={[
          { key: "budget", label: "下达", value: wan(budget), unit: "万元" },
          { key: "reserved", label: "占用", value: wan(sum(({ reservedFen }) => reservedFen)), unit: "万元" },
          { key: "spent", label: "支出", value: wan(spent), unit: "万元", tone: "done" },
          { key: "left", label: "可用", value: wan(sum(({ leftFen }) => leftFen)), unit: "万元" },
          {
            key: "share",
            label: "支出进度",
            value: budget > 0 ? tenths(Math.floor((spent * 1000) / budget)) : "—",
            unit: "%",
          },
          { key: "forecast", label: "预计年底支出", value: wan(sum(({ forecastFen }) => forecastFen)), unit: "万元" },
          {
            key: "idle",
            label: "闲置",
            value: wan(idle.reduce((total, { leftFen }) => total + leftFen, 0)),
            unit: "万元",
            ...(idle.length > 0 ? { tone: "late" as const } : {}),
          },
        ]}
      />
    </Card>
  );
}

const money = (key: string, title: string, of: (line: FundProgress) => number): Column<FundProgress> => ({
  key,
  title: `${title}（元）`,
  width: 116,
  align: "right",
  render: (row) => <MoneyText fen={of(row)} unit={false} />,
});

const columns: readonly Column<FundProgress>[] = [
  {
    key: "fund",
    title: "资金",
    fixed: true,
    render: (row) => (
      <>
        {row.fund}
        <span className={css["sub"]}>
          {row.place.name}　{row.document}
        </span>
      </>
    ),
  },
  money("budget", "下达", ({ budgetFen }) => budgetFen),
  money("reserved", "占用", ({ reservedFen }) => reservedFen),
  money("spent", "支出", ({ spentFen }) => spentFen),
  money("left", "可用", ({ leftFen }) => leftFen),
  {
    key: "share",
    title: "支出进度",
    width: 150,
    render: (row) => (
      <>
        <Bar part={row.spentShare / 1000} label={`${row.fund}支出进度`} width={120} tone={row.slow ? "late" : "blue"} />
        <span className={css["sub"]}>
          支出 {tenths(row.spentShare)}%，时间 {tenths(row.timeShare)}%
        </span>
      </>
    ),
  },
  money("forecast", "预计年底", ({ forecastFen }) => forecastFen),
  {
    key: "state",
    title: "预警",
    width: 120,
    render: (row) => (
      <>
        {row.slow ? <StatusTag tone="late">进度慢</StatusTag> : null}
        {row.idle ? <StatusTag tone="soon">闲置 {row.idleDays} 天</StatusTag> : null}
        {!row.slow && !row.idle ? <span className="caption">正常</span> : null}
      </>
    ),
  },
];
