import { Button } from "antd";
import {
  Answer,
  Card,
  CountText,
  DataTable,
  EmptyState,
  FigureStrip,
  fileSize,
  moment,
  MomentText,
  PageHeader,
  ProblemNotice,
  StatusTag,
  RunningTask,
  useAct,
  useRoute,
  type Column,
} from "../../ui/index.ts";
import type { OutputOf } from "../../platform/contract.ts";
import { getSeals, getVerifyTask, verifyNow } from "../contract.ts";
import css from "./AuditPage.module.css";

type Seals = OutputOf<typeof getSeals>;
const algorithmLabels: Record<Seals["digests"][number]["algorithm"], string> = { ed25519: "Ed25519", sm2: "国密 SM2" };

const digestColumns: readonly Column<Seals["digests"][number]>[] = [
  { key: "day", title: "日期", fixed: true, width: 104, render: (row) => row.day },
  { key: "entries", title: "累计记录", align: "right", width: 96, render: (row) => <CountText value={row.entries} /> },
  { key: "algorithm", title: "签名", width: 96, render: (row) => algorithmLabels[row.algorithm] },
  { key: "seal", title: "摘要", render: (row) => <code title={row.seal}>{row.seal.slice(0, 24)}…</code> },
  { key: "signedAt", title: "签于", width: 132, render: (row) => <MomentText value={row.signedAt} /> },
];
const verificationColumns: readonly Column<Seals["verifications"][number]>[] = [
  { key: "at", title: "时间", fixed: true, width: 132, render: (row) => <MomentText value={row.at} /> },
  {
    key: "result",
    title: "结果",
    width: 88,
    render: ({ problems }) => (
      <StatusTag tone={problems.length > 0 ? "late" : "done"}>{problems.length > 0 ? "不符" : "一致"}</StatusTag>
    ),
  },
  { key: "entries", title: "记录", align: "right", width: 96, render: (row) => <CountText value={row.entries} /> },
  { key: "seals", title: "封存", align: "right", width: 80, render: (row) => <CountText value={row.seals} /> },
  {
    key: "problems",
    title: "说明",
    render: ({ problems }) => (problems.length > 0 ? problems.join(" ") : "没有被改动、移除、加入或调换"),
  },
];
const archiveColumns: readonly Column<Seals["archives"][number]>[] = [
  { key: "month", title: "月份", fixed: true, render: (row) => row.month },
  { key: "entries", title: "记录", align: "right", render: (row) => <CountText value={row.entries} /> },
  { key: "bytes", title: "大小", align: "right", render: (row) => fileSize(row.bytes) },
  { key: "archivedAt", title: "归档于", render: (row) => <MomentText value={row.archivedAt} /> },
];

/** 封存与核验: whether the log is as it was written, and what a third party needs to see for himself. */
export default function SealsPage() {
  const seals = useRoute(getSeals, {}, { every: 15_000 });
  return (
    <>
      <PageHeader
        title="封存与核验"
        crumbs={[{ label: "管理" }, { label: "审计日志", path: "/audit" }, { label: "封存与核验" }]}
        note="每分钟封存一次，每天签名一次；任何改动都会使核验不符"
      />
      <Answer query={seals}>{(answer) => <Overview answer={answer} />}</Answer>
    </>
  );
}

function Overview({ answer }: { answer: Seals }) {
  const { digests, verifications, archives, task } = answer;
  const last = verifications[0];
  const good = last !== undefined && last.problems.length === 0;
  return (
    <div className={css["page"]}>
      <Card>
        <FigureStrip
          label="封存概况"
          figures={[
            {
              key: "verified",
              label: "最近一次核验",
              value: last === undefined ? "还没有" : good ? "一致" : "不符",
              tone: last === undefined ? "soon" : good ? "done" : "late",
              note: last === undefined ? "每天凌晨自动核验" : moment(last.at),
            },
            { key: "entries", label: "已封存记录", value: answer.entries, unit: "条", note: `${answer.seals} 个封存` },
            {
              key: "seal",
              label: "最近一次封存",
              value: answer.lastSealAt === null ? "—" : moment(answer.lastSealAt),
              note: "有新记录时每分钟一次",
            },
            { key: "digest", label: "最近一份每日摘要", value: digests[0]?.day ?? "—", note: "次日凌晨签名" },
          ]}
        />
      </Card>
      <Card title="核验记录" extra={<VerifyNow />}>
        <RunningTask taskId={task} route={getVerifyTask} refreshes={[getSeals]} />
        <DataTable
          caption="核验记录"
          columns={verificationColumns}
          rows={verifications}
          rowKey={(row) => row.at}
          empty={<EmptyState title="还没有核验过" hint="点“立即核验”，把全部记录与封存、摘要对一遍。" />}
        />
      </Card>
      <Card title="每日摘要" note="请定期把摘要文件取到别处保存：离开本机的，本机改不了">
        <DataTable
          caption="每日摘要"
          columns={digestColumns}
          rows={digests}
          rowKey={(row) => row.day}
          empty={<EmptyState title="还没有每日摘要" hint="有记录的第二天凌晨签出第一份。" />}
        />
      </Card>
      {archives.length > 0 ? (
        <Card title="已归档的月份" note="满六个月后移出，封存在文件中，任何人不能删除">
          <DataTable
            caption="已归档的月份"
            columns={archiveColumns}
            rows={archives}
            rowKey={(row) => row.month}
            density="short"
          />
        </Card>
      ) : null}
      <Card title="离线核验用的公钥" note={`标记 ${answer.keyMark}`} padded>
        <p className="caption">
          把下面的公钥另存为文件，即可在任何电脑上核验：导出的日志用 wengang verify 审计日志.zip --key
          公钥文件，公示名单用 wengang verify-list 名单.xlsx --key 公钥文件。
        </p>
        <pre className={css["key"]}>{answer.publicKey.trim()}</pre>
      </Card>
    </div>
  );
}

function VerifyNow() {
  const verify = useAct(verifyNow, { refreshes: [getSeals] });
  return (
    <>
      {verify.error ? <ProblemNotice problem={verify.error} compact /> : null}
      <Button size="small" type="primary" loading={verify.isPending} onClick={() => verify.mutate({})}>
        立即核验
      </Button>
    </>
  );
}
