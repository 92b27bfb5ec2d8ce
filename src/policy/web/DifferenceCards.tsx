import { BarChart, Card, CountText, DataTable, EmptyState, FigureStrip, count, type Column } from "../../ui/index.ts";
import type { SimulationReport } from "../contract.ts";
import { moneyWords, signed, signedMoney } from "./words.ts";
import css from "./layout.module.css";

type Difference = NonNullable<SimulationReport["difference"]>;
type Reason = Difference["wonBy"][number];

/** Two versions side by side: who gains, who loses, and by which condition. */
export function DifferenceCards({ difference }: { difference: Difference }) {
  const { winners, losers, more, less, before } = difference;
  const change = winners.amountFen - losers.amountFen + more.amountFen - less.amountFen;
  const scale = Math.max(...[...difference.wonBy, ...difference.lostBy].map(({ rows }) => rows), 1);
  return (
    <>
      <FigureStrip
        label="与对照版本相比"
        figures={[
          {
            key: "rows",
            label: "符合的记录",
            value: signed(winners.rows - losers.rows),
            note: `对照 ${count(before.rows)} 条`,
          },
          {
            key: "change",
            label: "金额变化",
            value: signedMoney(change),
            note: `对照 ${moneyWords(before.amountFen)}`,
          },
          { key: "more", label: "金额增加", value: more.rows, unit: "条", note: signedMoney(more.amountFen) },
          { key: "less", label: "金额减少", value: less.rows, unit: "条", note: signedMoney(-less.amountFen) },
        ]}
      />
      <div className={css["halves"]}>
        <Card
          title={`新符合 ${count(winners.rows)} 条`}
          note={`${count(winners.persons)} 人，${signedMoney(winners.amountFen)}`}
          padded
        >
          <Reasons label="因何新符合" reasons={difference.wonBy} scale={scale} sign={1} />
        </Card>
        <Card
          title={`不再符合 ${count(losers.rows)} 条`}
          note={`${count(losers.persons)} 人，${signedMoney(-losers.amountFen)}`}
          padded
        >
          <Reasons label="因何不再符合" reasons={difference.lostBy} scale={scale} sign={-1} />
        </Card>
      </div>
      <Card title="各县变化">
        <DataTable
          caption="各县变化"
          density="short"
          columns={columns}
          rows={difference.byCounty}
          rowKey={(row) => row.county}
          empty={<EmptyState title="没有一个县有变化" />}
        />
      </Card>
    </>
  );
}

function Reasons({
  label,
  reasons,
  scale,
  sign,
}: {
  label: string;
  reasons: readonly Reason[];
  scale: number;
  sign: 1 | -1;
}) {
  if (reasons.length === 0) return <p className="caption">没有。</p>;
  return (
    <BarChart
      label={label}
      most={scale}
      rows={reasons.map(({ says, rows }) => ({
        key: says,
        label: says,
        value: rows,
        shown: signed(sign * rows),
        ...(sign < 0 ? { tone: "loss" as const } : {}),
      }))}
    />
  );
}

const columns: readonly Column<Difference["byCounty"][number]>[] = [
  { key: "county", title: "县（市、区）", fixed: true, render: (row) => row.countyName },
  { key: "winners", title: "新符合", align: "right", render: (row) => <CountText value={row.winners} /> },
  { key: "losers", title: "不再符合", align: "right", render: (row) => <CountText value={row.losers} /> },
  { key: "change", title: "金额变化", align: "right", render: (row) => signedMoney(row.changeFen) },
];
