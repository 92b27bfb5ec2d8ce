import {
  Answer,
  Card,
  CountText,
  DataTable,
  EmptyState,
  FigureStrip,
  fileSize,
  MomentText,
  PageHeader,
  ServerTable,
  StatusTag,
  useRoute,
  type Column,
  type Tone,
} from "../../ui/index.ts";
import type { OutputOf } from "../../platform/contract.ts";
import {
  getOperations,
  instanceRoleLabels,
  instanceStateLabels,
  listSlowStatements,
  refusalCauseLabels,
  requestClassLabels,
  type Instance,
  type SlowStatement,
} from "../contract.ts";
import css from "./OperationsPage.module.css";
import { ago, duration, LATE } from "./words.ts";

type State = OutputOf<typeof getOperations>;
const tones: Record<Instance["state"], Tone> = { alive: "done", stopping: "soon", absent: "late" };

const instanceColumns: readonly Column<Instance>[] = [
  { key: "role", title: "进程", fixed: true, width: 104, render: (row) => instanceRoleLabels[row.role] },
  {
    key: "state",
    title: "状态",
    width: 96,
    render: (row) => <StatusTag tone={tones[row.state]}>{instanceStateLabels[row.state]}</StatusTag>,
  },
  { key: "host", title: "主机", render: (row) => `${row.host} · ${row.processId}` },
  { key: "version", title: "版本", width: 88, render: (row) => row.version },
  { key: "startedAt", title: "启动", width: 132, render: (row) => <MomentText value={row.startedAt} /> },
  { key: "seenAt", title: "最近心跳", width: 132, render: (row) => <MomentText value={row.seenAt} /> },
];

const refusalColumns: readonly Column<State["refusals"][number]>[] = [
  { key: "class", title: "请求", fixed: true, render: (row) => requestClassLabels[row.class] ?? row.class },
  { key: "cause", title: "原因", render: (row) => refusalCauseLabels[row.cause] },
  { key: "n", title: "次数", align: "right", render: (row) => <CountText value={row.n} /> },
];

const slowColumns: readonly Column<SlowStatement>[] = [
  { key: "name", title: "语句", fixed: true, width: 260, render: (row) => <code>{row.name}</code> },
  { key: "count", title: "次数", align: "right", width: 72, render: (row) => <CountText value={row.count} /> },
  { key: "totalMs", title: "总耗时", align: "right", width: 96, render: (row) => duration(row.totalMs) },
  { key: "longestMs", title: "最长", align: "right", width: 96, render: (row) => duration(row.longestMs) },
  {
    key: "mostRows",
    title: "至多行数",
    align: "right",
    width: 88,
    render: (row) => <CountText value={row.mostRows} />,
  },
  { key: "lastAt", title: "最近", width: 132, render: (row) => <MomentText value={row.lastAt} /> },
  {
    key: "text",
    title: "内容与计划（不含数值）",
    render: (row) => (
      <details>
        <summary>{row.plan === null ? "查看语句" : "查看语句与计划"}</summary>
        <pre className={css["statement"]}>{row.text}</pre>
        {row.plan === null ? null : <PlanTree plan={row.plan as Plan} />}
        {row.lastTrace === null ? null : <p className="caption">最近一次的跟踪号：{row.lastTrace}</p>}
      </details>
    ),
  },
];

/** 运行状态: whether everything runs, for whoever looks after the machine; shows no business data. */
export default function OperationsPage() {
  const state = useRoute(getOperations, {}, { every: 10_000 });
  return (
    <>
      <PageHeader
        title="运行状态"
        crumbs={[{ label: "管理" }, { label: "运行状态" }]}
        note="只看程序是否正常，不含任何业务数据；每 10 秒更新"
      />
      <Answer query={state}>{(answer) => <Overview state={answer} />}</Answer>
    </>
  );
}

function Overview({ state }: { state: State }) {
  const { ages, queue, database, instances, slow, refusals } = state;
  const workers = instances.filter(({ role, state: one }) => role === "worker" && one === "alive").length;
  const servers = instances.filter(({ role, state: one }) => role === "server" && one === "alive").length;
  return (
    <div className={css["page"]}>
      <Card>
        <FigureStrip
          label="备份与封存"
          figures={[
            {
              key: "backup",
              label: "最近一次备份",
              value: ages.backup === null ? "还没有" : ago(ages.backup),
              tone: ages.backup === null || ages.backup > LATE.backup ? "late" : "plain",
              note: ages.backup === null ? "尚无任何备份，请先做一次" : "每天凌晨 1:30 自动备份",
              path: "/backup",
            },
            {
              key: "seal",
              label: "最近一次封存",
              value: ages.seal === null ? "还没有" : ago(ages.seal),
              tone: ages.unsealed > LATE.unsealed ? "late" : "plain",
              note: ages.unsealed > LATE.unsealed ? "有记录久未封存，请查后台进程" : "有新记录时每分钟一次",
            },
            {
              key: "digest",
              label: "最近一份每日摘要",
              value: ages.digest === null ? "还没有" : ago(ages.digest),
              tone: ages.digest !== null && ages.digest > LATE.digest ? "late" : "plain",
              note: "次日凌晨签名",
            },
            {
              key: "queue",
              label: "等待的后台任务",
              value: queue.waiting,
              unit: "项",
              tone: queue.oldestSeconds > LATE.queue ? "late" : "plain",
              note: `在办 ${queue.running} 项，一天内未成 ${queue.failedInDay} 项`,
            },
            {
              key: "batches",
              label: "办理中的台账批次",
              value: state.batchesInWork,
              unit: "批",
              note: "已接收、尚未应用",
            },
          ]}
        />
      </Card>
      <Card title="进程" note={`页面服务 ${servers} 个，后台进程 ${workers} 个；程序版本 ${state.version}`}>
        {workers === 0 ? (
          <p className={`caption tone-late ${css["statement"]}`}>
            没有后台进程在运行：导入、核查、备份都会停下。请启动 wengang serve 或 wengang worker。
          </p>
        ) : null}
        <DataTable
          caption="进程"
          columns={instanceColumns}
          rows={instances}
          rowKey={(row) => `${row.host} ${row.processId} ${row.role}`}
          density="short"
        />
      </Card>
      <Card title="数据库" note={`PostgreSQL ${database.version}`}>
        <FigureStrip
          label="数据库"
          figures={[
            { key: "size", label: "大小", value: fileSize(database.bytes) },
            {
              key: "connections",
              label: "连接",
              value: database.connections,
              tone: database.connections > database.connectionsLimit * 0.8 ? "late" : "plain",
              note: `上限 ${database.connectionsLimit}`,
            },
            {
              key: "transaction",
              label: "最久的事务",
              value: duration(Math.round(database.oldestTransactionSeconds * 1_000)),
            },
            {
              key: "slow",
              label: "一天内的慢语句",
              value: slow.inDay,
              unit: "次",
              note: `超过 ${duration(slow.limitMs)} 即记`,
            },
          ]}
        />
      </Card>
      <Card title="被限制的请求" note="最近 24 小时；不记是谁">
        <DataTable
          caption="被限制的请求"
          columns={refusalColumns}
          rows={refusals}
          rowKey={(row) => `${row.cause} ${row.class}`}
          density="short"
          narrow
          empty={<EmptyState title="没有请求被限制" hint="请求过于频繁或系统繁忙而被拒绝时，在这里按类计数。" />}
        />
      </Card>
      <Card title="慢语句" note="最近 24 小时，按总耗时；数值已去掉">
        <ServerTable
          name="slow-statements"
          caption="慢语句"
          route={listSlowStatements}
          columns={slowColumns}
          rowKey={(row) => row.fingerprint}
          pageSize={20}
          density="short"
          empty={{ title: "没有慢语句", hint: `没有语句超过 ${duration(slow.limitMs)}。` }}
        />
      </Card>
    </div>
  );
}

interface Plan {
  readonly node: string;
  readonly on?: string;
  readonly index?: string;
  readonly rows?: number;
  readonly below?: readonly Plan[];
}

function PlanTree({ plan }: { plan: Plan }) {
  return (
    <ul className={css["plan"]}>
      <li>
        {plan.node}
        {plan.on ? ` ${plan.on}` : ""}
        {plan.index ? `（${plan.index}）` : ""}
        {plan.rows === undefined ? "" : ` · 约 ${plan.rows} 行`}
        {plan.below?.map((one, index) => (
          <PlanTree key={`${one.node} ${index}`} plan={one} />
        ))}
      </li>
    </ul>
  );
}
