import { Button } from "antd";
import { useState } from "react";
import {
  Answer,
  call,
  Card,
  ConfirmAct,
  CountText,
  DataTable,
  EmptyState,
  FigureStrip,
  fileSize,
  moment,
  MomentText,
  PageHeader,
  StatusTag,
  RunningTask,
  useRefresh,
  useRoute,
  useToast,
  type Column,
  type Tone,
} from "../../ui/index.ts";
import type { OutputOf } from "../../platform/contract.ts";
import {
  getBackups,
  getBackupTask,
  keyStateLabels,
  rotateKeyNow,
  runBackupNow,
  runStateLabels,
  type BackupRun,
  type KeyVersion,
  type RunState,
} from "../contract.ts";
import css from "./BackupPage.module.css";

const runTones: Record<RunState, Tone> = { running: "soon", done: "done", failed: "late", removed: "plain" };
const keyTones: Record<KeyVersion["state"], Tone> = { current: "done", rewriting: "soon", retired: "plain" };

const runColumns: readonly Column<BackupRun>[] = [
  { key: "startedAt", title: "开始", fixed: true, width: 132, render: (row) => <MomentText value={row.startedAt} /> },
  {
    key: "state",
    title: "结果",
    width: 104,
    render: (row) => <StatusTag tone={runTones[row.state]}>{runStateLabels[row.state]}</StatusTag>,
  },
  {
    key: "bytes",
    title: "大小",
    align: "right",
    width: 84,
    render: (row) => (row.bytes === null ? "—" : fileSize(row.bytes)),
  },
  {
    key: "rows",
    title: "行数",
    align: "right",
    width: 96,
    render: (row) => (row.rows === null ? "—" : <CountText value={row.rows} />),
  },
  {
    key: "files",
    title: "文件",
    align: "right",
    width: 64,
    render: (row) => (row.files === null ? "—" : <CountText value={row.files} />),
  },
  {
    key: "verifiedAt",
    title: "核对",
    width: 132,
    render: (row) => <MomentText value={row.verifiedAt} none="未核对" />,
  },
  {
    key: "fileName",
    title: "文件名与说明",
    render: (row) =>
      row.problem ?? (row.missing ? `${row.fileName}（缺 ${row.missing} 个登记过的文件）` : row.fileName),
  },
];

const keyColumns: readonly Column<KeyVersion>[] = [
  { key: "version", title: "版本", fixed: true, width: 72, render: (row) => `第 ${row.version} 版` },
  {
    key: "state",
    title: "状态",
    width: 96,
    render: (row) => <StatusTag tone={keyTones[row.state]}>{keyStateLabels[row.state]}</StatusTag>,
  },
  { key: "mark", title: "标记", render: (row) => <code>{row.mark}</code> },
  { key: "addedAt", title: "启用", width: 132, render: (row) => <MomentText value={row.addedAt} /> },
];

/** 备份与密钥: whether the last backup is whole, when the next comes, and which version of the key is in use. */
export default function BackupPage() {
  const overview = useRoute(getBackups, {}, { every: 10_000 });
  return (
    <>
      <PageHeader
        title="备份与密钥"
        crumbs={[{ label: "管理" }, { label: "备份与密钥" }]}
        note="备份已加密，不含密钥；恢复由系统管理员在服务器上用 wengang restore 进行"
      />
      <Answer query={overview}>{(answer) => <Overview answer={answer} />}</Answer>
    </>
  );
}

function Overview({ answer }: { answer: OutputOf<typeof getBackups> }) {
  const { runs, keys, nextAt, folder, backupTask, rotationTask } = answer;
  const last = runs.find((run) => run.state === "done");
  return (
    <div className={css["page"]}>
      <Card>
        <FigureStrip
          label="备份概况"
          figures={[
            {
              key: "last",
              label: "最近一次备份",
              value: last ? moment(last.startedAt, nextAt) : "还没有",
              tone: last ? "plain" : "late",
              note: last ? "写成后从头到尾读过一遍" : "今晚会自动备份，也可现在进行",
            },
            {
              key: "size",
              label: "大小",
              value: last?.bytes ? fileSize(last.bytes) : "—",
              note: last ? `${last.files ?? 0} 个文件在内` : undefined,
            },
            { key: "next", label: "下一次", value: moment(nextAt, nextAt), note: "每天凌晨 1:30" },
            { key: "kept", label: "保留", value: "7 天 · 5 周 · 12 月", note: "各期最后一份，其余自动清理" },
          ]}
        />
      </Card>
      <Card title="备份" note={`存放在 ${folder}`} extra={<RunNow />}>
        <RunningTask taskId={backupTask} route={getBackupTask} refreshes={[getBackups]} />
        <DataTable
          caption="备份记录"
          columns={runColumns}
          rows={runs}
          rowKey={(row) => row.runId}
          empty={<EmptyState title="还没有备份" hint="每天凌晨自动备份一次；重要操作之前可以先立即备份。" />}
        />
      </Card>
      <Card
        title="密钥"
        note="身份证号、电话、银行账号用最新一版加密"
        extra={<RotateNow newest={keys[0]?.version ?? 1} />}
      >
        <RunningTask taskId={rotationTask} route={getBackupTask} refreshes={[getBackups]} />
        <DataTable
          caption="密钥版本"
          columns={keyColumns}
          rows={keys}
          rowKey={(row) => String(row.version)}
          density="short"
        />
      </Card>
    </div>
  );
}

function RunNow() {
  const refresh = useRefresh();
  const toast = useToast();
  const [asking, setAsking] = useState(false);
  return (
    <>
      <Button size="small" type="primary" onClick={() => setAsking(true)}>
        立即备份
      </Button>
      <ConfirmAct
        open={asking}
        title="立即备份"
        changes={[]}
        undo="备份不改动任何数据，也不影响正在办理的人；写完后会自动读一遍核对。"
        confirm="开始备份"
        onConfirm={async () => {
          await call(runBackupNow, {});
          toast.done("备份已开始。");
          await refresh([getBackups]);
        }}
        onClose={() => setAsking(false)}
      />
    </>
  );
}

function RotateNow({ newest }: { newest: number }) {
  const refresh = useRefresh();
  const toast = useToast();
  const [asking, setAsking] = useState(false);
  return (
    <>
      <Button size="small" onClick={() => setAsking(true)}>
        更换密钥
      </Button>
      <ConfirmAct
        open={asking}
        title={`更换为第 ${newest + 1} 版密钥`}
        changes={[]}
        undo="不能撤销。完成后请立即把密钥目录中的 master.key 另存两份；只有旧版的副本打不开新数据。"
        confirm="更换密钥"
        danger
        onConfirm={async () => {
          await call(rotateKeyNow, {});
          toast.done("已开始更换密钥，办理不受影响。");
          await refresh([getBackups]);
        }}
        onClose={() => setAsking(false)}
      >
        <p className="caption">新数据立即用新密钥加密，已有的在后台逐批重新加密，期间查询、办理、导入照常。</p>
      </ConfirmAct>
    </>
  );
}
