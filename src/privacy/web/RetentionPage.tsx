import { Button, Tabs } from "antd";
import { useEffect, useState } from "react";
import {
  Answer,
  call,
  Card,
  ConfirmAct,
  count,
  CountText,
  DataTable,
  DateText,
  FigureStrip,
  MomentText,
  PageHeader,
  RunningTask,
  ServerTable,
  StatusTag,
  useAddress,
  useMay,
  useRefresh,
  useRoute,
  useToast,
  type Column,
} from "../../ui/index.ts";
import type { OutputOf } from "../../platform/contract.ts";
import {
  askPreview,
  getPrivacyTask,
  getRetention,
  listPreview,
  listRuns,
  privacyPermissions,
  runKindLabels,
  runNow,
  type PeriodRow,
  type PreviewRow,
  type RunRow,
} from "../contract.ts";
import css from "./privacy.module.css";
import { SettingDialog, type SettingAct } from "./SettingDialog.tsx";

type Overview = OutputOf<typeof getRetention>;
const views = [
  { key: "periods", label: "保存期限" },
  { key: "preview", label: "清除预览" },
  { key: "runs", label: "清除记录" },
] as const;

/** 保存期限与清除: how long things are kept, what would go, and what went. Counts only: its officers see no person. */
export default function RetentionPage() {
  const overview = useRoute(getRetention, {}, { every: 5_000 });
  const refresh = useRefresh();
  const latest = overview.data?.latest;
  // A short task has ended before anybody saw it run.
  useEffect(() => {
    if (latest !== undefined) void refresh([listRuns, listPreview]);
  }, [latest, refresh]);
  const [{ view }, setAddress] = useAddress({ view: "periods" });
  const current = views.find(({ key }) => key === view)?.key ?? "periods";
  return (
    <>
      <PageHeader
        title="保存期限与清除"
        crumbs={[{ label: "管理" }, { label: "保存期限与清除" }]}
        note="期限由安全管理员提出、系统管理员批准；没有批准的期限不清除任何人的信息"
      />
      <Answer query={overview}>
        {(answer) => (
          <div className={css["page"]}>
            <Summary answer={answer} />
            <Card>
              <Tabs
                tabBarStyle={{ padding: "0 14px", marginBottom: 0 }}
                activeKey={current}
                items={views.map(({ key, label }) => ({ key, label }))}
                onChange={(key) => setAddress({ view: key })}
              />
              <RunningTask
                taskId={answer.taskId}
                route={getPrivacyTask}
                refreshes={[getRetention, listPreview, listRuns]}
              />
              {current === "periods" ? <Periods answer={answer} /> : null}
              {current === "preview" ? <Preview answer={answer} /> : null}
              {current === "runs" ? <Runs answer={answer} /> : null}
            </Card>
          </div>
        )}
      </Answer>
    </>
  );
}

function Summary({ answer: { periods, preview } }: { answer: Overview }) {
  const set = periods.filter(({ fixed }) => !fixed);
  const waiting = set.filter((row) => row.waiting).length;
  return (
    <Card>
      <FigureStrip
        label="保存期限概况"
        figures={[
          {
            key: "agreed",
            label: "已批准的期限",
            value: `${set.filter((row) => row.agreed).length} / ${set.length}`,
            unit: "类",
          },
          { key: "waiting", label: "待批准", value: waiting, unit: "类", tone: waiting > 0 ? "soon" : "plain" },
          {
            key: "rows",
            label: "已到期",
            value: preview ? count(preview.rows) : "—",
            unit: preview ? "条" : undefined,
            note: preview ? `其中期限已批准 ${count(preview.agreed)} 条` : "还没有预览过",
          },
          {
            key: "held",
            label: "到期但保全",
            value: preview ? count(preview.held) : "—",
            unit: preview ? "条" : undefined,
            note: "核查、更正、转移等未办结",
          },
        ]}
      />
    </Card>
  );
}

function Periods({ answer: { periods, area } }: { answer: Overview }) {
  const [chosen, setChosen] = useState<{ row: PeriodRow; act: SettingAct } | null>(null);
  const mayPropose = useMay(privacyPermissions.manage) && area !== null;
  const mayDecide = useMay(privacyPermissions.approve) && area !== null;
  const columns: readonly Column<PeriodRow>[] = [
    {
      key: "label",
      title: "数据",
      fixed: true,
      width: 230,
      render: (row) => (
        <div className={css["lines"]}>
          <b>{row.label}</b>
          <span className="caption">自{row.from}起</span>
        </div>
      ),
    },
    {
      key: "agreed",
      title: "现行期限",
      width: 170,
      render: (row) =>
        row.fixed ? (
          <div className={css["lines"]}>
            <span>{row.words}</span>
            <span className="caption">程序固定</span>
          </div>
        ) : row.agreed ? (
          <div className={css["lines"]}>
            <b>{row.agreed.words}</b>
            <span className="caption">{row.agreed.decidedBy} 批准</span>
          </div>
        ) : (
          <StatusTag tone="outline">未批准，不清除</StatusTag>
        ),
    },
    {
      key: "example",
      title: "参考",
      render: (row) => (
        <div className={css["lines"]}>
          <span>{row.words}</span>
          <span className="caption">{row.norm ?? "没有文件规定，样例，可设定"}</span>
        </div>
      ),
    },
    {
      key: "waiting",
      title: "待批准",
      width: 260,
      render: (row) =>
        row.waiting ? (
          <div className={css["lines"]}>
            <span>
              <StatusTag tone="soon">{row.waiting.words}</StatusTag> {row.waiting.proposedBy}{" "}
              <MomentText value={row.waiting.proposedAt} />
            </span>
            <span className="caption">{row.waiting.reason}</span>
          </div>
        ) : (
          <span className="caption">—</span>
        ),
    },
    {
      key: "acts",
      title: "操作",
      width: 170,
      render: (row) => {
        const { waiting } = row;
        if (row.fixed) return <span className="caption">—</span>;
        if (waiting && mayDecide && !waiting.mine)
          return (
            <>
              <Button size="small" type="primary" onClick={() => setChosen({ row, act: "approve" })}>
                批准
              </Button>{" "}
              <Button size="small" onClick={() => setChosen({ row, act: "refuse" })}>
                不批准
              </Button>
            </>
          );
        if (waiting?.mine)
          return (
            <Button size="small" onClick={() => setChosen({ row, act: "withdraw" })}>
              撤回
            </Button>
          );
        return mayPropose && !waiting ? (
          <Button size="small" onClick={() => setChosen({ row, act: "propose" })}>
            {row.agreed ? "改期限" : "提出期限"}
          </Button>
        ) : (
          <span className="caption">—</span>
        );
      },
    },
  ];
  return (
    <>
      <DataTable caption="保存期限" columns={columns} rows={periods} rowKey={(row) => row.period} />
      {chosen ? <SettingDialog {...chosen} onClose={() => setChosen(null)} /> : null}
    </>
  );
}

const previewColumns: readonly Column<PreviewRow>[] = [
  { key: "title", title: "到期的数据", fixed: true, width: 230, render: (row) => row.title },
  { key: "county", title: "县市区", width: 220, render: (row) => row.countyName },
  { key: "rows", title: "条数", width: 90, align: "right", render: (row) => <CountText value={row.rows} /> },
  { key: "held", title: "另有保全", width: 90, align: "right", render: (row) => <CountText value={row.held} /> },
  {
    key: "agreed",
    title: "会不会清除",
    width: 170,
    render: (row) =>
      row.agreed ? <StatusTag tone="soon">今夜清除</StatusTag> : <StatusTag tone="outline">期限未批准</StatusTag>,
  },
  { key: "table", title: "数据表", render: (row) => <code>{row.table}</code> },
];

function Preview({ answer: { area, preview } }: { answer: Overview }) {
  const may = useMay(privacyPermissions.manage) && area !== null;
  const refresh = useRefresh();
  const toast = useToast();
  return (
    <ServerTable
      name="privacy.preview"
      caption="清除预览"
      route={listPreview}
      input={{}}
      rowKey={(row) => row.key}
      columns={previewColumns}
      toolbar={
        <>
          {preview ? (
            <span className="caption">
              截至 <DateText value={preview.asOf} />，<MomentText value={preview.computedAt} /> 统计
            </span>
          ) : null}
          {may ? (
            <Button
              size="small"
              onClick={async () => {
                await call(askPreview, {});
                toast.done("开始统计，完成后自动显示。");
                await refresh([getRetention]);
              }}
            >
              重新统计
            </Button>
          ) : null}
        </>
      }
      empty={{
        title: preview ? "没有到期的数据" : "还没有预览过",
        hint: preview
          ? "按现行和待批准的期限，都没有满期。"
          : "点“重新统计”，看按各类期限有多少数据到期。只统计，不清除。",
      }}
    />
  );
}

const runColumns: readonly Column<RunRow>[] = [
  { key: "number", title: "编号", fixed: true, width: 90, render: (row) => `第 ${row.runId} 号` },
  { key: "kind", title: "起因", width: 130, render: (row) => runKindLabels[row.kind] },
  { key: "date", title: "业务日期", width: 110, render: (row) => <DateText value={row.businessDate} /> },
  {
    key: "state",
    title: "结果",
    width: 100,
    render: (row) => <StatusTag tone={row.running ? "soon" : "done"}>{row.running ? "进行中" : "完成"}</StatusTag>,
  },
  { key: "rows", title: "清除条数", width: 100, align: "right", render: (row) => <CountText value={row.rows} /> },
  { key: "finished", title: "完成时间", width: 132, render: (row) => <MomentText value={row.finishedAt} none="—" /> },
  { key: "digest", title: "证明摘要", render: (row) => <code>{row.digest?.slice(0, 16) ?? "—"}</code> },
];

function Runs({ answer: { area } }: { answer: Overview }) {
  const may = useMay(privacyPermissions.manage) && area !== null;
  const [asking, setAsking] = useState(false);
  const refresh = useRefresh();
  const toast = useToast();
  return (
    <>
      <ServerTable
        name="privacy.runs"
        caption="清除记录"
        route={listRuns}
        rowKey={(row) => row.runId}
        rowPath={(row) => `/retention/runs/${row.runId}`}
        columns={runColumns}
        toolbar={
          may ? (
            <Button size="small" onClick={() => setAsking(true)}>
              立即清除
            </Button>
          ) : null
        }
        empty={{ title: "还没有清除过", hint: "每天凌晨自动清除到期的数据；每次都留下只有数量的证明。" }}
      />
      <ConfirmAct
        open={asking}
        title="立即清除到期的数据"
        changes={[]}
        undo="不能撤销。只清除期限已批准、又没有未办结事项的数据；平时每天凌晨自动进行。"
        confirm="立即清除"
        danger
        onConfirm={async () => {
          await call(runNow, {});
          toast.done("已开始清除。");
          await refresh([getRetention, listRuns]);
        }}
        onClose={() => setAsking(false)}
      />
    </>
  );
}
