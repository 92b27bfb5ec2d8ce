import { sql } from "kysely";
import type { Db, Tx } from "../db/database.ts";
import { traceparent } from "../telemetry/index.ts";
import type { TaskRequest } from "./definition.ts";

/**
 * Queues background work inside the caller's transaction: it exists exactly if the act commits.
 * Returns the id of the progress row.
 */
export async function enqueue(tx: Tx | Db, task: TaskRequest, officerId: string | null): Promise<string> {
  const row = await tx
    .insertInto("platform.task")
    .values({ name: task.name, subject: task.subject, region: task.region, officer_id: officerId })
    .returning("task_id")
    .executeTakeFirstOrThrow();
  // The trace goes on in the worker; undefined is left out.
  const payload = JSON.stringify({ ...task.payload, taskId: row.task_id, traceparent: traceparent() });
  await sql`SELECT platform.add_job(${task.name}, ${payload}::json, ${task.queue ?? null})`.execute(tx);
  return row.task_id;
}

export async function emit(tx: Tx | Db, name: string, payload: Record<string, unknown>): Promise<void> {
  await tx
    .insertInto("platform.event")
    .values({ name, payload: JSON.stringify(payload) })
    .execute();
  const carried = JSON.stringify({ traceparent: traceparent() });
  await sql`SELECT platform.add_job('platform.deliver-events', ${carried}::json, 'events')`.execute(tx);
}
