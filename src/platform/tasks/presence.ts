import { setTimeout as sleep } from "node:timers/promises";
import { Client } from "pg";
import { connectionName, poolConfig } from "../db/database.ts";
import type { Services } from "../module.ts";
import { taskProblems } from "./problems.ts";
import { locks } from "../db/locks.ts";

/** How often a worker looks for others that died, and how often while it suspects one. */
const LOOK_INTERVAL_MS = 5_000;
const CLOSE_LOOK_MS = 2_000;
/** How long another must have been absent before its work is taken: a living one that lost its session is back much sooner. */
const ABSENCE_MS = 2_000;
/** How long this worker's own lock may stand for work that it does not know of: the answer to a claim takes milliseconds. */
const UNKNOWN_MS = 5_000;
/** How long the queue may take to note that a piece of work has ended: it tries again while the database recovers. */
const NOTING_MS = 60_000;
const RECONNECT_MS = 200;
/** How long transactions that were cut off may take to roll back before their work is offered to others. */
const ROLLED_BACK_MS = 10_000;

/**
 * Shows that one worker lives, and frees the work of those that do not. The queue by itself keeps the work of a killed worker
 * locked for four hours.
 *
 * A worker holds, on a session of its own, an advisory lock named as the worker's locks in the queue. The server lets go of
 * it when the process dies, however it dies. Whoever gets that lock knows that its holder is gone; he frees the work while
 * he holds it, so that a worker that was only cut off for a moment waits, and then sees what it has lost.
 */
export class Presence {
  readonly #services: Services;
  readonly #ended = new AbortController();
  /** Work at hand, by its number in the queue. */
  readonly #atHand = new Map<string, AbortController>();
  /** Work that has ended, and when: the queue is still to note it. */
  readonly #finished = new Map<string, number>();
  /** Workers found absent at the last look, and our own locks for work we do not know of; since when. */
  #absent = new Map<string, number>();
  #unknown = new Map<string, number>();
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
      this.#finished.set(job, performance.now());
    }
  }

  /**
   * Lets go of all work at hand: what it has in transactions is rolled back, and it goes back to the queue as if it had not been begun.
   * The process takes no more part in it and must end. Another worker has it at once; a killed one's is found after seconds only, and
   * counts as an attempt.
   */
  async handBack(): Promise<void> {
    const jobs = [...this.#atHand.keys()];
    for (const taken of this.#atHand.values()) taken.abort(new Error("this worker was told to stop"));
    const { pools, instance } = this.#services.database;
    // Whoever notes the failure that follows finds no connection any more: it is none.
    void pools.worker.end().catch(() => {});
    const client = this.#client;
    if (!client || jobs.length === 0) return;
    const name = connectionName("wengang_worker", instance);
    const alive = "SELECT pid FROM pg_stat_activity WHERE application_name = $1 AND usename = 'wengang_worker'";
    await client.query(`SELECT pg_terminate_backend(pid) FROM (${alive}) mine`, [name]);
    const deadline = performance.now() + ROLLED_BACK_MS;
    while ((await client.query(alive, [name])).rowCount !== 0 && performance.now() < deadline) await sleep(20);
    await client.query("BEGIN");
    await client.query(
      `UPDATE platform.task t SET state = 'queued', problem = NULL FROM graphile_worker._private_jobs j
       WHERE j.id = ANY ($1::bigint[]) AND j.locked_by = $2 AND t.task_id = (j.payload ->> 'taskId')::bigint AND t.state = 'running'`,
      [jobs, this.#name],
    );
    await this.#giveBack(client, jobs);
    await client.query("COMMIT");
    this.#services.log.info({ jobs: jobs.length }, "handed back the work at hand");
  }

  async #giveBack(client: Client, jobs: readonly string[]): Promise<void> {
    await client.query(
      `WITH freed AS (UPDATE graphile_worker._private_jobs SET locked_at = NULL, locked_by = NULL, attempts = attempts - 1
         WHERE id = ANY ($1::bigint[]) AND locked_by = $2 RETURNING job_queue_id)
       UPDATE graphile_worker._private_job_queues q SET locked_at = NULL, locked_by = NULL FROM freed WHERE q.id = freed.job_queue_id AND q.locked_by = $2`,
      [jobs, this.#name],
    );
    await wakeAll(client);
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
      await client.query("SELECT pg_advisory_lock(hashtextextended($1, $2))", [this.#name, locks.presence]);
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
    const ours = new Set(await this.#lockedByUs(client));
    for (const [job, taken] of atHand)
      if (!ours.has(job)) taken.abort(new Error("another worker has taken over this task"));
  }

  async #lockedByUs(client: Client): Promise<string[]> {
    const { rows } = await client.query<{ id: string }>(
      "SELECT id FROM graphile_worker._private_jobs WHERE locked_by = $1",
      [this.#name],
    );
    return rows.map(({ id }) => String(id));
  }

  async #look(): Promise<void> {
    while (!this.#ended.signal.aborted) {
      try {
        if (this.#client) await this.#freeAll(this.#client);
      } catch (cause) {
        this.#services.log.debug({ err: cause }, "could not look for dead workers");
      }
      await this.#pause(this.#absent.size + this.#unknown.size > 0 ? CLOSE_LOOK_MS : LOOK_INTERVAL_MS);
    }
  }

  async #freeAll(client: Client): Promise<void> {
    await client.query("BEGIN");
    try {
      await this.#freeDead(client);
      await this.#freeUnknown(client);
      await client.query("COMMIT");
    } catch (cause) {
      await client.query("ROLLBACK").catch(() => {});
      throw cause;
    }
  }

  async #freeDead(client: Client): Promise<void> {
    const { rows } = await client.query<{ name: string; absent: boolean }>(
      `SELECT name, pg_try_advisory_xact_lock(hashtextextended(name, $2)) AS absent
       FROM (SELECT locked_by AS name FROM graphile_worker._private_jobs UNION SELECT locked_by FROM graphile_worker._private_job_queues) holders
       WHERE name <> $1`,
      [this.#name, locks.presence],
    );
    const names = rows.filter((row) => row.absent).map(({ name }) => name);
    const { overdue: dead, waiting } = since(this.#absent, names, ABSENCE_MS);
    this.#absent = waiting;
    if (dead.length === 0) return;
    // A death counts as an attempt: work that kills every worker that takes it must come to an end.
    await client.query(
      `UPDATE platform.task t SET state = CASE WHEN j.attempts < j.max_attempts THEN 'queued' ELSE 'failed' END,
         finished_at = CASE WHEN j.attempts < j.max_attempts THEN NULL ELSE now() END,
         problem = CASE WHEN j.attempts < j.max_attempts THEN NULL ELSE $2::jsonb END
       FROM graphile_worker._private_jobs j WHERE j.locked_by = ANY ($1) AND t.task_id = (j.payload ->> 'taskId')::bigint AND t.state = 'running'`,
      [dead, JSON.stringify(taskProblems.givenUp())],
    );
    await client.query("SELECT graphile_worker.force_unlock_workers($1)", [dead]);
    await wakeAll(client);
    this.#services.log.warn({ workers: dead }, "freed the work of dead workers");
  }

  /**
   * A claim that was made and whose answer was lost with its connection: the queue takes the work for ours, and nobody here
   * knows of it. It was never begun, so the attempt is given back.
   */
  async #freeUnknown(client: Client): Promise<void> {
    const now = performance.now();
    for (const [job, ended] of this.#finished) if (now - ended > NOTING_MS) this.#finished.delete(job);
    const jobs = (await this.#lockedByUs(client)).filter((job) => !this.#atHand.has(job) && !this.#finished.has(job));
    const { overdue: lost, waiting } = since(this.#unknown, jobs, UNKNOWN_MS);
    this.#unknown = waiting;
    if (lost.length === 0) return;
    await this.#giveBack(client, lost);
    this.#services.log.warn({ jobs: lost }, "freed work whose claim was lost");
  }

  /** Ends early when the worker ends. */
  async #pause(ms: number): Promise<void> {
    await sleep(ms, undefined, { signal: this.#ended.signal }).catch(() => {});
  }
}

/** Every worker looks for work now and not at its next poll. */
async function wakeAll(client: Client): Promise<void> {
  await client.query(`SELECT pg_notify('jobs:insert', '{"count": 100}')`);
}

/** What was found before too, for at least so long, and what is to be looked at again. */
function since(known: ReadonlyMap<string, number>, found: readonly string[], ms: number) {
  const now = performance.now();
  const seen = found.map((name) => [name, known.get(name) ?? now] as const);
  return {
    overdue: seen.filter(([, first]) => now - first >= ms).map(([name]) => name),
    waiting: new Map(seen.filter(([, first]) => now - first < ms)),
  };
}
