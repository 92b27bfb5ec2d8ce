import { BarChart, Card, CountText, DataTable, EmptyState, type Column } from "../../ui/index.ts";
import type { PairedLine } from "../contract.ts";
import { moneyWords, signed, signedMoney } from "./words.ts";
import css from "./SimulationPage.module.css";

type Figure = "rows" | "persons" | "amountFen";
const titles: Record<Figure, string> = { rows: "记录", persons: "人数", amountFen: "金额" };

const MOST_BARS = 12;

interface PairedTableProps {
  title: string;
  note?: string;
  /** Head of the first column. */
  of: string;
  lines: readonly PairedLine[];
  figures: readonly Figure[];
  /** What the bars measure. */
  chart: Figure;
  tone?: (line: PairedLine) => "plain" | "loss" | "soon";
  none: string;
}

/** Figures of one version, or of two side by side with what changes: bars for the eye, and under them the table that they are drawn from. */
export function PairedTable({ title, note, of, lines, figures, chart, tone, none }: PairedTableProps) {
  const both = lines.some(({ before }) => before !== null);
  const shown = (figure: Figure, value: number) =>
    figure !== "amountFen" ? <CountText value={value} /> : value === 0 ? "—" : moneyWords(value);
  const change = (figure: Figure, value: number) =>
    value === 0 ? "—" : figure === "amountFen" ? signedMoney(value) : signed(value);
  const columns: readonly Column<PairedLine>[] = [
    { key: "label", title: of, fixed: true, render: ({ label }) => label },
    ...figures.map((figure): Column<PairedLine> => ({
      key: `now-${figure}`,
      title: both ? `本版本${titles[figure]}` : titles[figure],
      align: "right",
      render: ({ now }) => shown(figure, now[figure]),
    })),
    ...(both
      ? figures.flatMap((figure): Column<PairedLine>[] => [
          {
            key: `before-${figure}`,
            title: `对照${titles[figure]}`,
            align: "right",
            render: ({ before }) => (before ? shown(figure, before[figure]) : "—"),
          },
        ])
      : []),
    ...(both
      ? figures.map((figure): Column<PairedLine> => ({
          key: `change-${figure}`,
          title: `${titles[figure]}变化`,
          align: "right",
          render: ({ now, before }) => <b>{before ? change(figure, now[figure] - before[figure]) : "—"}</b>,
        }))
      : []),
  ];
  const bars = lines.slice(0, MOST_BARS);
  return (
    <Card title={title} {...(note ? { note } : {})}>
      {bars.length > 1 ? (
        <div className={css["chart"]}>
          <BarChart
            label={`${title}（${titles[chart]}${both ? "，浅色为对照版本" : ""}）`}
            rows={bars.map((line) => ({
              key: line.key,
              label: line.label,
              value: line.now[chart],
              ...(line.before ? { before: line.before[chart] } : {}),
              shown: shown(chart, line.now[chart]),
              tone: tone?.(line) ?? "plain",
            }))}
          />
        </div>
      ) : null}
      <DataTable
        caption={title}
        density="short"
        columns={columns}
        rows={lines}
        rowKey={({ key }) => key}
        empty={<EmptyState title={none} />}
      />
    </Card>
  );
}
