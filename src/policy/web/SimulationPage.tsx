import { Button } from "antd";
import {
  Answer,
  BarChart,
  Card,
  CountText,
  DataTable,
  EmptyState,
  FigureStrip,
  Icon,
  PageHeader,
  ProblemNotice,
  TaskProgress,
  count,
  usePathPart,
  useRefresh,
  useRoute,
  type BarRow,
  type Column,
} from "../../ui/index.ts";
import type { OutputOf } from "../../platform/contract.ts";
import {
  getRuleTask,
  getSimulation,
  outcomeLabels,
  versionStateLabels,
  type SimulationReport,
  type VersionSummary,
} from "../contract.ts";
import { DifferenceCards } from "./DifferenceCards.tsx";
import { moneyWords, outcomeTones } from "./words.ts";
import css from "./layout.module.css";

type Simulation = OutputOf<typeof getSimulation>;
type County = SimulationReport["byCounty"][number];

/** One simulation: under way, then its report. */
export default function SimulationPage() {
  const simulationId = usePathPart("simulationId");
  return (
    <Answer query={useRoute(getSimulation, { simulationId })}>
      {(simulation) => <Loaded simulation={simulation} />}
    </Answer>
  );
}

const versionName = ({ versionId, state }: VersionSummary) => `版本 ${versionId}（${versionStateLabels[state]}）`;

function Loaded({ simulation }: { simulation: Simulation }) {
  const refresh = useRefresh();
  const { report, version, beside } = simulation;
  return (
    <>
      <PageHeader
        title={simulation.title}
        crumbs={[{ label: "测算", path: "/simulations" }, { label: simulation.title }]}
        note={`${versionName(version)}${beside ? `对${versionName(beside)}` : ""} · ${simulation.regionName} · 按 ${simulation.asOf} · 只算不写`}
        actions={
          report ? (
            <Button icon={<Icon name="print" />} onClick={() => window.print()}>
              打印
            </Button>
          ) : null
        }
      />
      {report ? (
        <Report report={report} />
      ) : (
        <Card>
          {simulation.taskId ? (
            <TaskProgress taskId={simulation.taskId} route={getRuleTask} onEnd={() => void refresh([getSimulation])} />
          ) : (
            <ProblemNotice problem={null} title="这次测算没有做完，请重新测算" />
          )}
        </Card>
      )}
    </>
  );
}

function Report({ report }: { report: SimulationReport }) {
  const eligible = report.outcomes.filter(({ outcome }) => outcome.startsWith("ELIGIBLE"));
  const fen = eligible.reduce((sum, { amountFen }) => sum + amountFen, 0);
  const persons = report.byCounty.reduce((sum, one) => sum + one.persons, 0);
  const unknown = report.outcomes.find(({ outcome }) => outcome === "UNKNOWN")?.rows ?? 0;
  if (report.rows === 0)
    return (
      <Card>
        <EmptyState
          title="所选范围内没有与这项规则有关的记录"
          hint="登记库里还没有它要看的记录，或规则不适用于这个地区。"
        />
      </Card>
    );
  return (
    <div className={css["stack"]}>
      <FigureStrip
        label="测算结果"
        figures={[
          {
            key: "eligible",
            label: "符合",
            value: eligible.reduce((sum, { rows }) => sum + rows, 0),
            unit: "条",
            note: `${count(persons)} 人`,
          },
          {
            key: "amount",
            label: "金额",
            value: moneyWords(fen),
            ...(report.difference ? { note: `对照 ${moneyWords(report.difference.before.amountFen)}` } : {}),
          },
          {
            key: "unknown",
            label: "待核实",
            value: unknown,
            unit: "条",
            note: "信息不全，未计入金额",
            ...(unknown > 0 ? { tone: "soon" as const } : {}),
          },
          { key: "rows", label: "看过的记录", value: report.rows, unit: "条", note: `用时 ${report.seconds} 秒` },
        ]}
      />
      {report.difference ? <DifferenceCards difference={report.difference} /> : null}
      <div className={css["halves"]}>
        <Card title="各种结论" note="记录数" padded>
          <BarChart
            label="各种结论"
            rows={report.outcomes.map(({ outcome, rows, amountFen }) => ({
              key: outcome,
              label: outcomeLabels[outcome],
              value: rows,
              shown: `${count(rows)}${amountFen > 0 ? `，${moneyWords(amountFen)}` : ""}`,
              tone: outcome === "NOT_ELIGIBLE" ? "loss" : outcomeTones[outcome] === "soon" ? "soon" : "plain",
            }))}
          />
        </Card>
        <Card title="资金" note="按来源" padded>
          <Bars
            label="各项资金"
            rows={report.byFund.map((fund) => ({
              key: fund.fund,
              label: fund.fund,
              value: fund.amountFen,
              shown: `${moneyWords(fund.amountFen)}，${count(fund.persons)} 人`,
            }))}
            none="没有金额。"
          />
        </Card>
        <Card title="被哪些条件挡住" note="记录数；括号内为只差这一条" padded>
          <Bars
            label="各条件不满足的记录"
            rows={report.refusedBy.map((one) => ({
              key: one.condition,
              label: one.says,
              value: one.rows,
              shown: `${count(one.rows)}（${count(one.alone)}）`,
              tone: "loss",
            }))}
            none="没有不符合的记录。"
          />
        </Card>
        <Card title="缺哪些信息" note="待核实的记录数，由谁补" padded>
          <Bars
            label="缺少的信息"
            rows={report.unknown.map((one) => ({
              key: one.fact,
              label: `${one.fact}（${one.supplier}）`,
              value: one.rows,
              shown: count(one.rows),
              tone: "soon",
            }))}
            none="没有待核实的记录。"
          />
        </Card>
      </div>
      <Card title="各县" note="符合的记录">
        {report.byCounty.length > 1 ? (
          <div className={css["filters"]}>
            <BarChart
              label="各县金额"
              rows={report.byCounty.slice(0, MOST_BARS).map((one) => ({
                key: one.county,
                label: one.countyName,
                value: one.amountFen,
                shown: moneyWords(one.amountFen),
              }))}
            />
          </div>
        ) : null}
        <DataTable
          caption="各县"
          density="short"
          columns={countyColumns}
          rows={report.byCounty}
          rowKey={(row) => row.county}
          empty={<EmptyState title="没有符合的记录" />}
        />
      </Card>
    </div>
  );
}

const MOST_BARS = 12;

function Bars({ rows, label, none }: { rows: readonly BarRow[]; label: string; none: string }) {
  return rows.length === 0 ? <p className="caption">{none}</p> : <BarChart label={label} rows={rows} />;
}

const countyColumns: readonly Column<County>[] = [
  { key: "county", title: "县（市、区）", fixed: true, render: (row) => row.countyName },
  { key: "rows", title: "记录", align: "right", render: (row) => <CountText value={row.rows} /> },
  { key: "persons", title: "人数", align: "right", render: (row) => <CountText value={row.persons} /> },
  { key: "amount", title: "金额", align: "right", render: (row) => moneyWords(row.amountFen) },
];
