import type { Route } from "../platform/contract.ts";
import { useRefresh, useRoute } from "./query.ts";
import { TaskProgress, type TaskRoute } from "./TaskProgress.tsx";

export interface RunningTaskProps {
  /** The last task of its sort; null: there was none yet. */
  taskId: string | null;
  route: TaskRoute;
  /** What it changes. */
  refreshes: readonly Route[];
}

/** Progress of a task while it runs, and nothing once it has ended: what it did then stands elsewhere on the page. */
export function RunningTask({ taskId, route, refreshes }: RunningTaskProps) {
  const refresh = useRefresh();
  const task = useRoute(route, { taskId: taskId ?? "0" }, { enabled: taskId !== null });
  if (taskId === null || task.data === undefined || task.data.state === "done" || task.data.state === "failed")
    return null;
  return <TaskProgress taskId={taskId} route={route} onEnd={() => void refresh([...refreshes, route])} />;
}
