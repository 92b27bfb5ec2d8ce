import {
  Answer,
  Card,
  DataTable,
  DateText,
  EmptyState,
  FigureStrip,
  Law,
  Link,
  PageHeader,
  ServerTable,
  useAddress,
  useRoute,
  type Filter,
} from "../../ui/index.ts";
import {
  countMonitored,
  exportMonitored,
  HELP_WITHIN_DAYS,
  lateKindLabels,
  lateKinds,
  listMonitored,
  monitoredStageLabels,
  monitoredStages,
  WORK_WITHIN_DAYS,
} from "../contract.ts";
import { StageTag } from "./MonitoredPanel.tsx";
import css from "./monitored.module.css";

const filters: readonly Filter[] = [
  { kind: "region", name: "region", label: "户籍地" },
  {
    kind: "choice",
    name: "stage",
    label: "阶段",
    options: monitoredStages.map((value) => ({ value, label: monitoredStageLabels[value] })),
  },
  {
    kind: "choice",
    name: "late",
    label: "逾期",
    options: lateKinds.map((value) => ({ value, label: lateKindLabels[value] })),
  },
];

/** 监测对象早发现、早帮扶、早就业: three stamps of each, days between, and who waits too long, by town. */
export default function MonitoredPage() {
  const [{ region }] = useAddress({ region: "" });
  const counts = useRoute(countMonitored, region ? { region } : {}, { keep: true });
  const sum = (pick: (row: NonNullable<typeof counts.data>[number]) => number) =>
    (counts.data ?? []).reduce((total, row) => total + pick(row), 0);
  return (
    <>
      <PageHeader
        title="监测对象帮扶"
        crumbs={[{ label: "监测对象帮扶" }]}
        note={`文件未规定天数；系统按发现后 ${HELP_WITHIN_DAYS} 天未帮扶、${WORK_WITHIN_DAYS} 天未就业提示`}
      />
      <div className={css["stack"]}>
        <Card>
          <FigureStrip
            label="监测对象"
            figures={[
              { key: "total", label: "监测对象", value: sum((row) => row.total), unit: "人", path: "/monitored" },
              {
                key: "found",
                label: "待帮扶",
                value: sum((row) => row.found),
                unit: "人",
                path: "/monitored?stage=found",
              },
              {
                key: "helped",
                label: "已帮扶待就业",
                value: sum((row) => row.helped),
                unit: "人",
                path: "/monitored?stage=helped",
              },
              {
                key: "employed",
                label: "已就业",
                value: sum((row) => row.employed),
                unit: "人",
                tone: "done",
                path: "/monitored?stage=employed",
              },
              {
                key: "late",
                label: "逾期未帮扶",
                value: sum((row) => row.lateHelp),
                unit: "人",
                tone: sum((row) => row.lateHelp) > 0 ? "late" : "plain",
                path: "/monitored?late=help",
              },
            ]}
          />
        </Card>
        <Card title="按地区" note="逾期多的在前">
          <Answer query={counts}>
            {(rows) => (
              <DataTable
                caption="各地区监测对象所处阶段"
                density="short"
                rows={rows}
                rowKey={(row) => row.region.code}
                rowPath={(row) => `/monitored?region=${row.region.code}`}
                columns={[
                  { key: "region", title: "地区", fixed: true, render: (row) => row.region.name },
                  { key: "total", title: "人数", width: 80, align: "right", render: (row) => row.total },
                  { key: "found", title: "待帮扶", width: 80, align: "right", render: (row) => row.found },
                  { key: "helped", title: "待就业", width: 80, align: "right", render: (row) => row.helped },
                  { key: "employed", title: "已就业", width: 80, align: "right", render: (row) => row.employed },
                  { key: "unable", title: "无劳动能力", width: 100, align: "right", render: (row) => row.unable },
                  {
                    key: "lateHelp",
                    title: "逾期未帮扶",
                    width: 100,
                    align: "right",
                    render: (row) => (row.lateHelp > 0 ? <b className="tone-late">{row.lateHelp}</b> : 0),
                  },
                  {
                    key: "lateWork",
                    title: "逾期未就业",
                    width: 100,
                    align: "right",
                    render: (row) => (row.lateWork > 0 ? <b className="tone-late">{row.lateWork}</b> : 0),
                  },
                ]}
                empty={<EmptyState title="没有监测对象" hint="名单中登记为监测对象、尚未退出的人会在这里列出。" />}
              />
            )}
          </Answer>
        </Card>
        <Card title="名单">
          <ServerTable
            name="monitored.persons"
            caption="监测对象早发现早帮扶早就业"
            route={listMonitored}
            rowKey={(row) => row.personId}
            filters={filters}
            exportRoute={exportMonitored}
            exportWith={{ purpose: true }}
            density="duty"
            tone={(row) => (row.late.length > 0 ? "late" : undefined)}
            columns={[
              {
                key: "name",
                title: "人员",
                width: 200,
                fixed: true,
                render: (row) => (
                  <>
                    <Link to={`/persons/${row.personId}`}>{row.name}</Link>
                    {"　"}
                    <span className="caption">{row.identityMask}</span>
                  </>
                ),
              },
              {
                key: "home",
                title: "户籍村",
                width: 140,
                render: (row) => <span title={row.home.fullName}>{row.home.name}</span>,
              },
              {
                key: "found",
                title: "发现",
                width: 150,
                render: (row) => (
                  <>
                    <DateText value={row.found.on} />
                    <span className={`caption ${css["line"]}`}>{row.risk ?? row.found.sourceLabel}</span>
                  </>
                ),
              },
              {
                key: "helped",
                title: "帮扶",
                width: 170,
                render: (row) => <StampWords stamp={row.helped} days={row.helpDays} spared={row.stage === "unable"} />,
              },
              {
                key: "employed",
                title: "就业",
                render: (row) => (
                  <StampWords stamp={row.employed} days={row.workDays} spared={row.stage === "unable"} />
                ),
              },
              { key: "stage", title: "阶段", width: 140, render: (row) => <StageTag row={row} /> },
            ]}
            empty={{ title: "没有监测对象", hint: "名单中登记为监测对象、尚未退出的人会在这里列出。" }}
          />
        </Card>
        <Law
          quote="特别是对防止返贫致贫监测对象要做到早发现、早帮扶、早就业,帮助尽快消除返贫致贫风险"
          source="甘肃省人社厅、农业农村厅 2025-04-18 通知 十"
        />
      </div>
    </>
  );
}

function StampWords({
  stamp,
  days,
  spared,
}: {
  stamp: { on: string; sourceLabel: string; detail: string | null } | null;
  days: number | null;
  spared: boolean;
}) {
  if (stamp === null) {
    if (spared || days === null) return <span className="caption">—</span>;
    return <span className="caption">未登记，已过 {days} 天</span>;
  }
  return (
    <>
      <DateText value={stamp.on} />
      <span className="caption">{days === null ? "" : days === 0 ? "　发现时已在" : `　${days} 天`}</span>
      <span className={`caption ${css["line"]}`}>{stamp.detail ?? stamp.sourceLabel}</span>
    </>
  );
}
