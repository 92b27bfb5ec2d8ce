import { Button } from "antd";
import {
  Answer,
  Card,
  download,
  DownloadButton,
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
} from "../../ui/index.ts";
import type { OutputOf } from "../../platform/contract.ts";
import {
  exportSimulation,
  getRuleTask,
  getSimulation,
  pairedCounties,
  pairedFunds,
  pairedOutcomes,
  pairedRefusals,
  pairedUnknown,
  versionStateLabels,
  type OutcomeName,
  type SimulationReport,
  type VersionSummary,
} from "../contract.ts";
import { DifferenceCards } from "./DifferenceCards.tsx";
import { moneyWords, outcomeTones } from "./words.ts";
import { PairedTable } from "./PairedTable.tsx";
import css from "./SimulationPage.module.css";

type Simulation = OutputOf<typeof getSimulation>;

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
      <header className={css["paper"]} aria-hidden="true">
        <h1>政策测算报告：{simulation.title}</h1>
        <p>
          <span>
            {simulation.regionName}　按 {simulation.asOf}
          </span>
          <span>
            版本 {version.versionId}
            {beside ? `，对照版本 ${beside.versionId}` : ""}
          </span>
          <span>
            {simulation.askedByName}　{simulation.askedAt.slice(0, 10)}
          </span>
        </p>
      </header>
      <div className={css["screen"]}>
        <PageHeader
          title={simulation.title}
          crumbs={[{ label: "测算", path: "/simulations" }, { label: simulation.title }]}
          note={`${versionName(version)}${beside ? `对${versionName(beside)}` : ""} · ${simulation.regionName} · 按 ${simulation.asOf} · 只算不写`}
          actions={
            report ? (
              <>
                <DownloadButton start={() => download(exportSimulation, { simulationId: simulation.simulationId })}>
                  导出 Excel
                </DownloadButton>
                <Button icon={<Icon name="print" />} onClick={() => window.print()}>
                  打印
                </Button>
              </>
            ) : null
          }
        />
      </div>
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
      <PairedTable
        title="各种结论"
        of="结论"
        lines={pairedOutcomes(report)}
        figures={["rows", "amountFen"]}
        chart="rows"
        tone={({ key }) =>
          key === "NOT_ELIGIBLE" ? "loss" : outcomeTones[key as OutcomeName] === "soon" ? "soon" : "plain"
        }
        none="没有记录"
      />
      <PairedTable
        title="各县"
        note="符合的记录"
        of="县（市、区）"
        lines={pairedCounties(report)}
        figures={["rows", "persons", "amountFen"]}
        chart="amountFen"
        none="没有符合的记录"
      />
      <PairedTable
        title="资金"
        note="按来源"
        of="资金"
        lines={pairedFunds(report)}
        figures={["rows", "persons", "amountFen"]}
        chart="amountFen"
        none="没有金额"
      />
      <PairedTable
        title="被哪些条件挡住"
        note="一条记录可以不满足几项"
        of="条件"
        lines={pairedRefusals(report)}
        figures={["rows"]}
        chart="rows"
        tone={() => "loss"}
        none="没有不符合的记录"
      />
      <PairedTable
        title="缺哪些信息"
        note="待核实的记录，由谁补"
        of="信息"
        lines={pairedUnknown(report)}
        figures={["rows"]}
        chart="rows"
        tone={() => "soon"}
        none="没有待核实的记录"
      />
    </div>
  );
}
