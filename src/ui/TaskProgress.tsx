import { useEffect, useRef } from "react";
import type { z } from "zod";
import type { Route, TaskState } from "../platform/contract.ts";
import { Bar } from "./Bar.tsx";
import { ProblemError } from "./client.ts";
import { count } from "./format.ts";
import { useRoute } from "./query.ts";
import { ProblemNotice } from "./states.tsx";
import css from "./TaskProgress.module.css";

export type TaskRoute = Route<z.ZodType<{ taskId: string }, { taskId: string }>, z.ZodType<TaskState>> & {
  kind: "query";
};

export interface TaskProgressProps {
  taskId: string;
  route: TaskRoute;
  /** Called once when it has ended, well or not: ask again what it changed. */
  onEnd: (state: TaskState) => void;
}

const EVERY_MS = 800;

/** Live progress of background work. The work goes on when the page is left; coming back finds it where it is. */
export function TaskProgress({ taskId, route, onEnd }: TaskProgressProps) {
  const query = useRoute(route, { taskId }, { every: EVERY_MS });
  const task = query.data;
  const ended = task?.state === "done" || task?.state === "failed";
  const told = useRef("");
  useEffect(() => {
    if (task && ended && told.current !== task.taskId) {
      told.current = task.taskId;
      onEnd(task);
    }
  }, [task, ended, onEnd]);
  if (!task) return query.error ? <ProblemNotice problem={query.error} retry={() => void query.refetch()} /> : null;
  if (task.state === "failed" && task.problem)
    return (
      <ProblemNotice problem={new ProblemError(422, { code: task.problem.code, message: task.problem.message })} />
    );
  return (
    <output className={css["progress"]}>
      <span>
        <b>{task.state === "queued" ? "排队等候" : task.stage || "正在办理"}</b>
        <span className="caption">{amount(task)}</span>
      </span>
      <Bar part={partOf(task)} label={task.stage || "正在办理"} />
      <span className="caption">可以离开本页，办完后在这里继续。</span>
    </output>
  );
}

function amount(task: TaskState): string {
  if (task.total !== null) return `${count(task.done)} / ${count(task.total)}`;
  return task.done > 0 ? count(task.done) : "";
}

/** null: under way without a known end. A share is never made up. */
function partOf(task: TaskState): number | null {
  if (task.state === "done") return 1;
  if (task.state === "queued") return 0;
  return task.total === null || task.total === 0 ? null : task.done / task.total;
}
