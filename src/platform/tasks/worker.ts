import { Logger, makeWorkerUtils, run, runOnce, type JobHelpers, type Runner, type TaskList } from "graphile-worker";
import { sql } from "kysely";
import { setTimeout as sleep } from "node:timers/promises";
import { Client, Pool } from "pg";
import type { DatabaseAddress } from "../db/database.ts";
import { ownerConfig, poolConfig } from "../db/database.ts";
import type { Log } from "../log.ts";
import type { DomainModule, Services } from "../module.ts";
import { Refusal } from "../problem.ts";
import type { TaskDefinition } from "./definition.ts";

const PROGRESS_INTERVAL_MS = 250;

/** How often a worker looks for others that died. */
const LOOK_INTERVAL_MS = 5_000;
/** How long another must have been absent before its work is taken: a living one that lost its session is back much sooner. */
const ABSENCE_MS = 2_000;
const RECONNECT_MS = 200;
/** Names our advisory locks among all others of the database. */
const PRESENCE_LOCKS = 7_146_030;

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
  const crontab = definitions.flatMap((definition) =>
    definition.schedule ? [`${definition.schedule} ${definition.name} ?max=1`] : [],
  );
  const presence = new Presence(services);
  const runner = await run({
    ...queueOptions(services, modules, presence),
    concurrency,
    ...(crontab.length > 0 ? { crontab: crontab.join("\n") } : {}),
  });
  return {
    ...runner,
    async stop(reason) {
      await runner.stop(reason);
      await presence.end();
    },
  };
}

/** Does the work that waits in the queue and returns when there is none left: for tests. */
export async function drainQueue(services: Services, modules: readonly DomainModule[]): Promise<void> {
  const presence = new Presence(services);
  try {
    await runOnce({ ...queueOptions(services, modules, presence), concurrency: 1 });
  } finally {
    await presence.end();
  }
}

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

/**
 * Shows that one worker lives, and frees the work of those that do not. The queue by itself keeps the work of a killed worker
 * locked for four hours.
 *
 * A worker holds, on a session of its own, an advisory lock named as the worker's locks in the queue. The server lets go of
 * it when the process dies, however it dies. Whoever gets that lock knows that its holder is gone; he frees the work while
 * he holds it, so that a worker that was only cut off for a moment waits, and then sees what it has lost.
 */
class Presence {
  readonly #services: Services;
  readonly #ended = new AbortController();
  /** Work at hand, by its number in the queue. */
  readonly #atHand = new Map<string, AbortController>();
  /** Workers found absent at the last look, and since when. */
  #absent = new Map<string, number>();
  #name = "";
  #client: Client | undefined;
  #holding: Promise<void> | undefined;
  #begun: Promise<void> | undefined;
  #looking: Promise<void> | undefined;

  constructor(services: Services) {
    this.#services = services;
  }

  /** Returns when the worker's lock is held; `name` is the worker's in the queue's locks. */
  begin(name: string): Promise<void> {
    this.#name = name;
    this.#holding ??= this.#hold();
    this.#begun ??= this.#holding.then(() => {
      this.#looking = this.#look();
    });
    return this.#begun;
  }

  async end(): Promise<void> {
    this.#ended.abort();
    await this.#begun;
    await this.#looking;
    await this.#holding;
    await this.#client?.end().catch(() => {});
  }

  /** Runs one piece of work; its signal is aborted when another worker has taken it, this one having been thought dead. */
  async during<T>(job: string, work: (taken: AbortSignal) => Promise<T>): Promise<T> {
    const taken = new AbortController();
    this.#atHand.set(job, taken);
    try {
      return await work(taken.signal);
    } finally {
      this.#atHand.delete(job);
    }
  }

  async #hold(): Promise<void> {
    while (!this.#ended.signal.aborted) {
      try {
        this.#client = await this.#connect();
        return;
      } catch (cause) {
        this.#services.log.debug({ err: cause }, "worker cannot show its presence yet");
        await this.#pause(RECONNECT_MS);
      }
    }
  }

  async #connect(): Promise<Client> {
    const { database, keys, log } = this.#services;
    const client = new Client({
      ...poolConfig(database.address, keys, "wengang_worker"),
      application_name: this.#name,
      connectionTimeoutMillis: 10_000,
    });
    let state: "joining" | "held" | "lost" = "joining";
    client.on("error", (cause) => log.debug({ err: cause }, "worker's presence interrupted"));
    client.once("end", () => {
      if (state === "held") this.#holding = this.#hold();
      state = "lost";
    });
    try {
      await client.connect();
      // A machine that vanished says no goodbye: the server asks after it for half a minute (without effect on a local socket).
      await client.query("SET tcp_keepalives_idle = 10; SET tcp_keepalives_interval = 5; SET tcp_keepalives_count = 3");
      await client.query("SELECT pg_advisory_lock(hashtextextended($1, $2))", [this.#name, PRESENCE_LOCKS]);
      await this.#dropTaken(client);
      if (state !== "joining") throw new Error("the session ended while it began");
    } catch (cause) {
      await client.end().catch(() => {});
      throw cause;
    }
    state = "held";
    return client;
  }

  async #dropTaken(client: Client): Promise<void> {
    // Noted before the question: what was begun after it cannot be missing from the answer.
    const atHand = [...this.#atHand];
    if (atHand.length === 0) return;
    const { rows } = await client.query<{ id: string }>(
      "SELECT id FROM graphile_worker._private_jobs WHERE locked_by = $1",
      [this.#name],
    );
    const ours = new Set(rows.map((row) => row.id));
    for (const [job, taken] of atHand)
      if (!ours.has(job)) taken.abort(new Error("another worker has taken over this task"));
  }

  async #look(): Promise<void> {
    while (!this.#ended.signal.aborted) {
      try {
        if (this.#client) await this.#freeDead(this.#client);
      } catch (cause) {
        this.#services.log.debug({ err: cause }, "could not look for dead workers");
      }
      await this.#pause(this.#absent.size > 0 ? ABSENCE_MS : LOOK_INTERVAL_MS);
    }
  }

  async #freeDead(client: Client): Promise<void> {
    await client.query("BEGIN");
    try {
      const { rows } = await client.query<{ name: string; absent: boolean }>(
        `SELECT name, pg_try_advisory_xact_lock(hashtextextended(name, $2)) AS absent
         FROM (SELECT locked_by AS name FROM graphile_worker._private_jobs UNION SELECT locked_by FROM graphile_worker._private_job_queues) holders
         WHERE name <> $1`,
        [this.#name, PRESENCE_LOCKS],
      );
      const now = performance.now();
      const seen = rows.filter((row) => row.absent).map(({ name }) => [name, this.#absent.get(name) ?? now] as const);
      const dead = seen.filter(([, since]) => now - since >= ABSENCE_MS).map(([name]) => name);
      if (dead.length > 0) await this.#free(client, dead);
      await client.query("COMMIT");
      this.#absent = new Map(seen.filter(([name]) => !dead.includes(name)));
    } catch (cause) {
      await client.query("ROLLBACK").catch(() => {});
      throw cause;
    }
  }

  async #free(client: Client, dead: readonly string[]): Promise<void> {
    // A death counts as an attempt: work that kills every worker that takes it must come to an end.
    await client.query(
      `UPDATE platform.task t SET state = CASE WHEN j.attempts < j.max_attempts THEN 'queued' ELSE 'failed' END,
         finished_at = CASE WHEN j.attempts < j.max_attempts THEN NULL ELSE now() END,
         problem = CASE WHEN j.attempts < j.max_attempts THEN NULL ELSE $2::jsonb END
       FROM graphile_worker._private_jobs j WHERE j.locked_by = ANY ($1) AND t.task_id = (j.payload ->> 'taskId')::bigint AND t.state = 'running'`,
      [dead, JSON.stringify(taskProblems.givenUp)],
    );
    await client.query("SELECT graphile_worker.force_unlock_workers($1)", [dead]);
    // Every worker looks now and not at its next poll.
    await client.query(`SELECT pg_notify('jobs:insert', '{"count": 100}')`);
    this.#services.log.warn({ workers: dead }, "freed the work of dead workers");
  }

  /** Ends early when the worker ends. */
  async #pause(ms: number): Promise<void> {
    await sleep(ms, undefined, { signal: this.#ended.signal }).catch(() => {});
  }
}

const taskProblems = {
  interrupted: {
    code: "platform.task-interrupted",
    status: 503,
    message: "后台处理中断，系统会自动重试；若多次失败，请联系系统管理员。",
  },
  givenUp: {
    code: "platform.task-failed",
    status: 503,
    message: "后台处理多次中断，系统已停止重试。请联系系统管理员查看运行日志。",
  },
} as const;

/** The queue's own words go to our log; what it says of every task is for debugging only. */
function queueLog(log: Log): Logger {
  return new Logger(() => (level, message) => {
    if (level === "error") log.error(message);
    else if (level === "warning") log.warn(message);
    else log.debug(message);
  });
}

function taskListOf(services: Services, modules: readonly DomainModule[], presence: Presence): TaskList {
  const taskList: TaskList = { "platform.deliver-events": () => deliverEvents(services, modules) };
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
      ? { state: "queued", problem: JSON.stringify(taskProblems.interrupted) }
      : { state: "failed", finished_at: sql`now()`, problem: JSON.stringify(taskProblems.givenUp) };
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
