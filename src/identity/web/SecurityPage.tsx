import { Button } from "antd";
import { useState } from "react";
import {
  Answer,
  Card,
  ConfirmAct,
  DataTable,
  EmptyState,
  MomentText,
  PageHeader,
  StatusTag,
  useAct,
  useRoute,
  useSession,
  useToast,
} from "../../ui/index.ts";
import { endOtherSessions, endOwnSession, factorKindLabels, mySecurity, type OwnSession } from "../contract.ts";
import { RemoveFactor, SetUpFactor } from "./FactorDialogs.tsx";
import css from "./SecurityPage.module.css";

/** 账号安全: the second factor, and where one is signed in. */
export default function SecurityPage() {
  const session = useSession();
  const security = useRoute(mySecurity, {});
  return (
    <>
      <PageHeader
        title="账号安全"
        crumbs={[{ label: "我的账号" }, { label: "账号安全" }]}
        {...(session.mustEnrol
          ? { tags: <StatusTag tone="soon">须先设置动态口令，设好后方可办理其他事项</StatusTag> }
          : {})}
      />
      <Answer query={security}>
        {(answer) => (
          <div className={css["page"]}>
            <FactorCard {...answer.secondFactor} />
            <SessionsCard sessions={answer.sessions} />
          </div>
        )}
      </Answer>
    </>
  );
}

function FactorCard({
  kind,
  since,
  codesLeft,
  demanded,
}: {
  kind: keyof typeof factorKindLabels | null;
  since: string | null;
  codesLeft: number;
  demanded: boolean;
}) {
  const [open, setOpen] = useState<"set-up" | "remove" | null>(null);
  return (
    <Card
      title="动态口令"
      note={demanded ? "您的职责或单位要求使用" : "登录时除密码外再验证一次"}
      padded
      extra={
        kind === null ? (
          <StatusTag tone={demanded ? "late" : "plain"}>未设置</StatusTag>
        ) : (
          <StatusTag tone="done">已启用</StatusTag>
        )
      }
    >
      {kind === null ? (
        <p>密码泄露时，没有您手机上的口令也登录不了。任何支持 TOTP 的口令应用都可以用，不需要联网。</p>
      ) : (
        <p>
          {factorKindLabels[kind]}，<MomentText value={since} /> 启用；恢复码还剩 {codesLeft} 个。
        </p>
      )}
      <div className={css["acts"]}>
        <Button type="primary" onClick={() => setOpen("set-up")}>
          {kind === null ? "设置动态口令" : "更换设备和恢复码"}
        </Button>
        {kind !== null && !demanded ? <Button onClick={() => setOpen("remove")}>停用</Button> : null}
      </div>
      {open === "set-up" ? <SetUpFactor replaces={kind !== null} onClose={() => setOpen(null)} /> : null}
      {open === "remove" ? <RemoveFactor onClose={() => setOpen(null)} /> : null}
    </Card>
  );
}

function SessionsCard({ sessions }: { sessions: readonly OwnSession[] }) {
  const toast = useToast();
  const [asking, setAsking] = useState(false);
  const endOne = useAct(endOwnSession, { refreshes: [mySecurity], onDone: () => toast.done("该处登录已结束。") });
  const endOthers = useAct(endOtherSessions, {
    refreshes: [mySecurity],
    onDone: ({ sessionsEnded }) => toast.done(`已结束其他 ${sessionsEnded} 处登录。`),
  });
  const others = sessions.filter(({ current }) => !current);
  return (
    <Card
      title="登录情况"
      note="最多同时 2 处，15 分钟无操作自动退出"
      extra={
        others.length > 0 ? (
          <Button size="small" onClick={() => setAsking(true)}>
            结束其他登录
          </Button>
        ) : null
      }
    >
      <DataTable
        caption="本人的登录"
        density="short"
        rows={sessions}
        rowKey={(row) => row.sessionId}
        empty={<EmptyState title="没有其他登录" />}
        columns={[
          { key: "where", title: "设备", render: (row) => deviceOf(row.userAgent) },
          { key: "ip", title: "地址", render: (row) => row.ip },
          { key: "since", title: "登录时间", render: (row) => <MomentText value={row.createdAt} /> },
          { key: "seen", title: "最近使用", render: (row) => <MomentText value={row.seenAt} /> },
          {
            key: "act",
            title: "操作",
            render: (row) =>
              row.current ? (
                <StatusTag tone="blue">本次登录</StatusTag>
              ) : (
                <Button
                  size="small"
                  loading={endOne.isPending}
                  onClick={() => endOne.mutate({ sessionId: row.sessionId })}
                >
                  结束
                </Button>
              ),
          },
        ]}
      />
      <ConfirmAct
        open={asking}
        title="结束其他登录"
        changes={[{ count: others.length, unit: "处", what: "登录立即退出，未保存的内容会丢失" }]}
        undo="账号不受影响，可以重新登录。"
        confirm={`结束 ${others.length} 处登录`}
        onConfirm={() => endOthers.mutateAsync({})}
        onClose={() => setAsking(false)}
      />
    </Card>
  );
}

/** Enough to know one's own machine again. */
function deviceOf(userAgent: string): string {
  const system = /Windows|Android|iPhone|Mac OS|Linux/.exec(userAgent)?.[0] ?? "其他系统";
  const browser = /MicroMessenger|Edg|Chrome|Firefox|Safari/.exec(userAgent)?.[0] ?? "其他浏览器";
  return `${system} ${browser === "Edg" ? "Edge" : browser === "MicroMessenger" ? "微信" : browser}`;
}
