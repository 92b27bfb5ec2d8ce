import { Button } from "antd";
import type { ReactNode } from "react";
import { ProblemError } from "./client.ts";
import { Icon } from "./Icon.tsx";
import css from "./states.module.css";

/** Nothing here yet: says why, and what brings something here. */
export function EmptyState({ title, hint, action }: { title: string; hint?: ReactNode; action?: ReactNode }) {
  return (
    <div className={css["state"]}>
      <p className={css["title"]}>{title}</p>
      {hint ? <p className="caption">{hint}</p> : null}
      {action ? <div className={css["action"]}>{action}</div> : null}
    </div>
  );
}

/** Bars where the content will stand, so that nothing jumps when it comes. */
export function Loading({ lines = 4, label = "正在读取" }: { lines?: number; label?: string }) {
  return (
    <output className={css["loading"]} aria-label={label}>
      {Array.from({ length: lines }, (_, line) => (
        <span key={line} className={css["bar"]} style={{ width: `${92 - ((line * 23) % 48)}%` }} />
      ))}
    </output>
  );
}

/** What was refused or went wrong, where, and how to mend it. */
export function ProblemNotice({
  problem,
  retry,
  compact = false,
  title,
}: {
  problem: unknown;
  retry?: () => void;
  compact?: boolean;
  title?: string;
}) {
  const refused = problem instanceof ProblemError;
  const forbidden = refused && problem.status === 403;
  const missing = refused && problem.status === 404 && retry !== undefined;
  const message = refused
    ? problem.message
    : "页面出错，显示不了这部分内容。请刷新后重试；若仍失败，请联系系统管理员。";
  return (
    <div
      role="alert"
      className={`${css["problem"]} ${forbidden ? css["forbidden"] : ""} ${compact ? css["compact"] : ""}`}
    >
      <Icon name="warning" />
      <div>
        <b>{title ?? (forbidden ? "无权查看" : refused && problem.status === 404 ? "没有找到" : "没有办成")}</b>
        <p>{message}</p>
        {refused && problem.status !== 0 ? <p className="caption">问题代码 {problem.problem.code}</p> : null}
      </div>
      {missing ? (
        // Asking again would find nothing either: the way on is back.
        <Button size="small" onClick={goBack}>
          返回
        </Button>
      ) : retry && !forbidden ? (
        <Button size="small" onClick={retry}>
          重试
        </Button>
      ) : null}
    </div>
  );
}

/** To where he came from; opened from an address, to the home page. */
function goBack(): void {
  if (window.history.length > 1) window.history.back();
  else window.location.assign("/");
}

/** The three states of anything that is asked from the server, in one place. */
export function Answer<T>({
  query,
  children,
  lines,
}: {
  query: { data: T | undefined; error: unknown; isPending: boolean; refetch: () => unknown };
  children: (data: T) => ReactNode;
  lines?: number;
}) {
  if (query.data !== undefined) return children(query.data);
  if (query.error) return <ProblemNotice problem={query.error} retry={() => void query.refetch()} />;
  return <Loading {...(lines === undefined ? {} : { lines })} />;
}
