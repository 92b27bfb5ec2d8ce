import {
  Logger,
  makeWorkerUtils,
  parseCronItems,
  run,
  runOnce,
  type JobHelpers,
  type Runner,
  type TaskList,
} from "graphile-worker";
import { sql } from "kysely";
import { Pool } from "pg";
import type { DatabaseAddress } from "../db/database.ts";
import { ownerConfig } from "../db/database.ts";
import type { Log } from "../log.ts";
import type { DomainModule, Services } from "../module.ts";
import { Refusal } from "../problem.ts";
import type { TaskDefinition } from "./definition.ts";
import { Presence } from "./presence.ts";
import { taskProblems } from "./problems.ts";

const PROGRESS_INTERVAL_MS = 250;

/**
 * Creates the queue's own tables and the one function through which requests may queue work.
 * SECURITY DEFINER, because the serving role must not own or rewrite the queue.
 */
export async function prepareQueue(address: DatabaseAddress): Promise<void> {
  const pool = new Pool({ ...ownerConfig(address), max: 2 });
  pool.on("error", () => {});
  pool.on("connect", (client) => void client.on("error", () => {}));
  try {
    const utils = await makeWorkerUtils({ pgPool: pool });
    await utils.migrate();
    await utils.release();
    await pool.query(`
      CREATE OR REPLACE FUNCTION platform.add_job(task text, payload json, queue text) RETURNS void
      LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog AS
      $$ SELECT graphile_worker.add_job(identifier => task, payload => payload, queue_name => queue, max_attempts => 5) $$;
      REVOKE ALL ON FUNCTION platform.add_job(text, json, text) FROM public;
      GRANT EXECUTE ON FUNCTION platform.add_job(text, json, text) TO wengang_app, wengang_worker;
      GRANT USAGE ON SCHEMA graphile_worker TO wengang_worker;
      GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA graphile_worker TO wengang_worker;
      GRANT USAGE ON ALL SEQUENCES IN SCHEMA graphile_worker TO wengang_worker;
      GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA graphile_worker TO wengang_worker;`);
    await letWorkerUseQueue(pool);
  } finally {
    await pool.end();
  }
}

/** graphile_worker enables row security on its tables without policies: only their owner sees rows until one is added. */
async function letWorkerUseQueue(pool: Pool): Promise<void> {
  const tables = await pool.query<{ name: string }>(
    `SELECT c.relname AS name FROM pg_class c
      WHERE c.relnamespace = 'graphile_worker'::regnamespace AND c.relkind = 'r' AND c.relrowsecurity
        AND NOT EXISTS (SELECT 1 FROM pg_policy p WHERE p.polrelid = c.oid AND p.polname = 'worker_all')`,
  );
  for (const { name } of tables.rows) {
    await pool.query(
      `CREATE POLICY worker_all ON graphile_worker."${name}" TO wengang_worker USING (true) WITH CHECK (true)`,
    );
  }
}

/** Runs the background work of all modules until `stop()`. */
export async function startWorker(
  services: Services,
  modules: readonly DomainModule[],
  concurrency = 2,
): Promise<Runner> {
  const definitions = modules.flatMap((module) => module.tasks ?? []);
  // Items, not a crontab: there a name may hold no dot, as all of ours do.
  const scheduled = parseCronItems(
    definitions.flatMap(({ name, schedule }) =>
      schedule ? [{ task: name, match: schedule, identifier: name, options: { maxAttempts: 1 } }] : [],
    ),
  );
  const presence = new Presence(services);
  const runner = await run({
    ...queueOptions(services, modules, presence),
    concurrency,
    ...(scheduled.length > 0 ? { parsedCronItems: scheduled } : {}),
  });
  return {
    ...runner,
    async stop(reason) {
      await runner.stop(reason);
      await presence.end();
    },
  };
}

/** Does the work that waits in the queue, and what that brings about, and returns when there is none left. */
export async function drainQueue(services: Services, modules: readonly DomainModule[]): Promise<void> {
  do {
    const presence = new Presence(services);
    try {
      await runOnce({ ...queueOptions(services, modules, presence), concurrency: 1 });
    } finally {
      await presence.end();
    }
  } while (await isWorkLeft(services, modules));
}

/** A worker that looks once may look before its last job has given their common queue back: the next one in it is then left lying. */
async function isWorkLeft({ database }: Services, modules: readonly DomainModule[]): Promise<boolean> {
  const names = [DELIVER_EVENTS, ...modules.flatMap(({ tasks }) => tasks ?? []).map(({ name }) => name)];
  const left =
    await sql`SELECT FROM graphile_worker._private_jobs j JOIN graphile_worker._private_tasks t ON t.id = j.task_id
      LEFT JOIN graphile_worker._private_job_queues q ON q.id = j.job_queue_id
    WHERE t.identifier = ANY(${names}) AND j.run_at <= now() AND j.attempts < j.max_attempts AND j.locked_at IS NULL AND q.locked_at IS NULL LIMIT 1`.execute(
      database.worker,
    );
  return left.rows.length > 0;
}

const DELIVER_EVENTS = "platform.deliver-events";

function queueOptions(services: Services, modules: readonly DomainModule[], presence: Presence) {
  return {
    pgPool: services.database.pools.worker,
    taskList: taskListOf(services, modules, presence),
    logger: queueLog(services.log),
    noHandleSignals: true,
    preset: {
      plugins: [
        {
          name: "presence",
          version: "1",
          // Awaited before the first look for work: nothing is ever locked by a worker that does not show that it lives.
          worker: {
            hooks: {
              startWorker: (_: unknown, { worker }: { worker: { workerPool: { id: string } } }) =>
                presence.begin(worker.workerPool.id),
            },
          },
        },
      ],
    },
  };
}

/** The queue's own words go to our log; what it says of every task is for debugging only. */
function queueLog(log: Log): Logger {
  return new Logger(() => (level, message) => {
    if (level === "error") log.error(message);
    else if (level === "warning") log.warn(message);
    else log.debug(message);
  });
}

function taskListOf(services: Services, modules: readonly DomainModule[], presence: Presence): TaskList {
  const taskList: TaskList = { [DELIVER_EVENTS]: () => deliverEvents(services, modules) };
  for (const definition of modules.flatMap((module) => module.tasks ?? [])) {
    taskList[definition.name] = (payload, { job }) =>
      presence.during(String(job.id), (taken) =>
        runTask(services, definition, payload as Record<string, unknown>, job, taken),
      );
  }
  return taskList;
}

async function runTask(
  services: Services,
  definition: TaskDefinition,
  payload: Record<string, unknown>,
  job: JobHelpers["job"],
  taken: AbortSignal,
): Promise<void> {
  const { worker } = services.database;
  const taskId = typeof payload["taskId"] === "string" ? payload["taskId"] : null;
  const update = async (values: Record<string, unknown>) => {
    taken.throwIfAborted();
    if (taskId) await worker.updateTable("platform.task").set(values).where("task_id", "=", taskId).execute();
  };
  await update({ state: "running", started_at: sql`coalesce(started_at, now())`, finished_at: null, problem: null });
  let written = 0;
  const progress = async (stage: string, done = 0, total?: number) => {
    taken.throwIfAborted();
    const now = performance.now();
    if (now - written < PROGRESS_INTERVAL_MS && done !== total) return;
    written = now;
    await update({ stage, done, total: total ?? null });
  };
  try {
    await definition.run(
      { services, taskId: taskId ?? "", progress, signal: AbortSignal.any([taken, AbortSignal.timeout(6 * 3600_000)]) },
      payload,
    );
    await update({ state: "done", finished_at: sql`now()` });
  } catch (cause) {
    if (cause instanceof Refusal) {
      // A refusal is an answer, not a fault: retrying would give it again.
      await update({ state: "failed", finished_at: sql`now()`, problem: JSON.stringify(cause.problem) });
      return;
    }
    services.log.error({ err: cause, task: definition.name }, "task failed");
    const again = job.attempts < job.max_attempts;
    const end = again
      ? { state: "queued", problem: JSON.stringify(taskProblems.interrupted()) }
      : { state: "failed", finished_at: sql`now()`, problem: JSON.stringify(taskProblems.givenUp()) };
    await update(end).catch((fault: unknown) =>
      services.log.debug({ err: fault }, "the failed task's row could not be written"),
    );
    throw cause;
  }
}

async function deliverEvents(services: Services, modules: readonly DomainModule[]): Promise<void> {
  const { worker } = services.database;
  for (;;) {
    const delivered = await worker.transaction().execute(async (tx) => {
      const event = await tx
        .selectFrom("platform.event")
        .selectAll()
        .where("delivered_at", "is", null)
        .orderBy("event_id")
        .limit(1)
        .forUpdate()
        .skipLocked()
        .executeTakeFirst();
      if (!event) return false;
      for (const module of modules) {
        await module.subscribers?.[event.name]?.(tx, services, event.payload as Record<string, unknown>);
      }
      await tx
        .updateTable("platform.event")
        .set({ delivered_at: sql`now()` })
        .where("event_id", "=", event.event_id)
        .execute();
      return true;
    });
    if (!delivered) return;
  }
}
