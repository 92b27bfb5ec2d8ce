import { sql } from "kysely";
import type { Db } from "../db/database.ts";

/** A figure about the whole installation, read from the database; of several, each by its label. */
export interface Gauge {
  readonly name: string;
  /** In the words of the semantic conventions: `s`, `By`, `{task}`. */
  readonly unit: string;
  readonly description: string;
  /** Nothing where there is nothing to tell yet: a backup that was never made has no age. */
  read(worker: Db): Promise<readonly GaugeReading[]>;
}

export interface GaugeReading {
  readonly value: number;
  readonly labels?: Readonly<Record<string, string>>;
}

/** One number; null is nothing to tell. */
export async function reading(
  worker: Db,
  query: ReturnType<typeof sql<{ value: string | number | null }>>,
): Promise<GaugeReading[]> {
  const { rows } = await query.execute(worker);
  return rows.flatMap(({ value }) => (value === null ? [] : [{ value: Number(value) }]));
}

/** Of the database itself and of the queue. */
export const platformGauges: readonly Gauge[] = [
  {
    name: "wengang.database.size",
    unit: "By",
    description: "Size of the database",
    read: (worker) => reading(worker, sql`SELECT pg_database_size(current_database()) AS value`),
  },
  {
    name: "wengang.database.connections",
    unit: "{connection}",
    description: "Connections to the database, by state",
    async read(worker) {
      const { rows } = await sql<{ state: string; n: string }>`
        SELECT coalesce(state, 'other') AS state, count(*) AS n FROM pg_stat_activity WHERE datname = current_database() GROUP BY 1`.execute(
        worker,
      );
      return rows.map(({ state, n }) => ({ value: Number(n), labels: { state } }));
    },
  },
  {
    name: "wengang.database.connections.limit",
    unit: "{connection}",
    description: "Connections that the database server allows",
    read: (worker) => reading(worker, sql`SELECT current_setting('max_connections')::int AS value`),
  },
  {
    name: "wengang.database.transaction.age",
    unit: "s",
    description: "Age of the oldest transaction",
    read: (worker) =>
      reading(
        worker,
        sql`SELECT coalesce(extract(epoch FROM now() - min(xact_start)), 0) AS value FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()`,
      ),
  },
  {
    name: "wengang.task.queue.depth",
    unit: "{task}",
    description: "Tasks in the queue, by state",
    async read(worker) {
      const { rows } = await sql<{ waiting: string; running: string; given_up: string }>`
        SELECT count(*) FILTER (WHERE locked_at IS NULL AND attempts < max_attempts) AS waiting, count(*) FILTER (WHERE locked_at IS NOT NULL) AS running,
          count(*) FILTER (WHERE locked_at IS NULL AND attempts >= max_attempts) AS given_up FROM graphile_worker._private_jobs`.execute(
        worker,
      );
      return Object.entries(rows[0] ?? {}).map(([state, n]) => ({ value: Number(n), labels: { state } }));
    },
  },
  {
    name: "wengang.task.queue.age",
    unit: "s",
    description: "How long the oldest task that could run has waited",
    read: (worker) =>
      reading(
        worker,
        sql`SELECT coalesce(max(extract(epoch FROM now() - run_at)), 0) AS value FROM graphile_worker._private_jobs WHERE locked_at IS NULL AND attempts < max_attempts AND run_at <= now()`,
      ),
  },
  {
    name: "wengang.task.failed",
    unit: "{task}",
    description: "Tasks that failed in the last 24 hours",
    read: (worker) =>
      reading(
        worker,
        sql`SELECT count(*) AS value FROM platform.task WHERE state = 'failed' AND finished_at > now() - interval '1 day'`,
      ),
  },
  {
    name: "wengang.instances",
    unit: "{instance}",
    description: "Processes seen in the last minute, by role",
    async read(worker) {
      const { rows } = await sql<{ role: string; n: string }>`
        SELECT r.role, count(i.instance_id) AS n FROM (VALUES ('server'), ('worker')) r (role)
        LEFT JOIN platform.instance i ON i.role = r.role AND i.seen_at > now() - interval '1 minute' GROUP BY 1`.execute(
        worker,
      );
      return rows.map(({ role, n }) => ({ value: Number(n), labels: { role } }));
    },
  },
];
