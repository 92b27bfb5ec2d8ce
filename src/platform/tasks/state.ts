import { sql } from "kysely";
import type { TaskState } from "../contract.ts";
import type { Tx } from "../db/database.ts";

/** How far a task is, if it works for the area; `scope` is a prefix of region codes. */
export async function findTaskState(tx: Tx, taskId: string, scope: string): Promise<TaskState | undefined> {
  const { rows } = await sql<
    Omit<TaskState, "taskId" | "done" | "total"> & { task_id: string; done: string; total: string | null }
  >`
    SELECT task_id, state, stage, done, total, problem FROM platform.task WHERE task_id = ${taskId} AND starts_with(region, ${scope})`.execute(
    tx,
  );
  const [row] = rows;
  return (
    row && {
      taskId: row.task_id,
      state: row.state,
      stage: row.stage,
      done: Number(row.done),
      total: row.total === null ? null : Number(row.total),
      problem: row.problem && { code: row.problem.code, message: row.problem.message },
    }
  );
}

/** The newest task of each subject. */
export async function latestTasks(tx: Tx, subjects: readonly string[]): Promise<Map<string, string>> {
  if (subjects.length === 0) return new Map();
  const { rows } = await sql<{ subject: string; task_id: string }>`
    SELECT DISTINCT ON (subject) subject, task_id FROM platform.task WHERE subject IN (${sql.join(subjects)}) ORDER BY subject, task_id DESC`.execute(
    tx,
  );
  return new Map(rows.map((row) => [row.subject, row.task_id]));
}
