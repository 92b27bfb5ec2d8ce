import { sql } from "kysely";
import type { Db, Tx } from "../platform/db/database.ts";
import { INSTANCE_GONE_MS } from "../platform/instance.ts";
import type { Instance, SlowStatement } from "./contract.ts";

/** Processes seen in the last day; one that stopped in good order is gone from the table. */
export async function listInstances(tx: Tx): Promise<Instance[]> {
  const { rows } = await sql<{
    role: Instance["role"];
    version: string;
    host: string;
    process_id: number;
    started_at: Date;
    seen_at: Date;
    state: Instance["state"];
  }>`SELECT role, version, host, process_id, started_at, seen_at,
      CASE WHEN seen_at < now() - make_interval(secs => ${INSTANCE_GONE_MS / 1_000}) THEN 'absent' WHEN stopping THEN 'stopping' ELSE 'alive' END AS state
    FROM platform.instance ORDER BY role, started_at`.execute(tx);
  return rows.map((row) => ({
    role: row.role,
    version: row.version,
    host: row.host,
    processId: row.process_id,
    startedAt: row.started_at.toISOString(),
    seenAt: row.seen_at.toISOString(),
    state: row.state,
  }));
}

export async function refusalsOfDay(tx: Tx): Promise<{ cause: "limit" | "load"; class: string; n: number }[]> {
  const { rows } = await sql<{ cause: "limit" | "load"; class: string; n: string }>`
    SELECT cause, class, sum(n) AS n FROM platform.refusal_hour WHERE hour > now() - interval '24 hours' GROUP BY 1, 2 ORDER BY 3 DESC, 1, 2`.execute(
    tx,
  );
  return rows.map((row) => ({ ...row, n: Number(row.n) }));
}

export async function countSlowInDay(tx: Tx): Promise<number> {
  const { rows } = await sql<{ n: string }>`
    SELECT count(*) AS n FROM platform.slow_statement WHERE at > now() - interval '24 hours'`.execute(tx);
  return Number(rows[0]!.n);
}

/** Slow statements of the last hours, one row per fingerprint, the most time first. */
export async function pageOfSlow(
  db: Tx | Db,
  hours: number,
  { page, size }: { page: number; size: number },
): Promise<{ rows: SlowStatement[]; total: number }> {
  const { rows } = await sql<{
    fingerprint: string;
    name: string;
    text: string;
    n: string;
    total_ms: string;
    longest_ms: number;
    most_rows: string;
    scopes: string[];
    last_at: Date;
    last_trace: string | null;
    plan: SlowStatement["plan"];
    all_rows: string;
  }>`SELECT fingerprint, (array_agg(name ORDER BY at DESC))[1] AS name, (array_agg(text ORDER BY at DESC))[1] AS text, count(*) AS n,
      sum(milliseconds) AS total_ms, max(milliseconds) AS longest_ms, max(rows) AS most_rows, array_agg(DISTINCT scope_kind ORDER BY scope_kind) AS scopes,
      max(at) AS last_at, (array_agg(trace_id ORDER BY at DESC))[1] AS last_trace,
      (array_agg(plan ORDER BY at DESC) FILTER (WHERE plan IS NOT NULL))[1] AS plan, count(*) OVER () AS all_rows
    FROM platform.slow_statement WHERE at > now() - make_interval(hours => ${hours})
    GROUP BY fingerprint ORDER BY total_ms DESC, fingerprint LIMIT ${size} OFFSET ${(page - 1) * size}`.execute(db);
  return {
    rows: rows.map((row) => ({
      fingerprint: row.fingerprint,
      name: row.name,
      text: row.text,
      count: Number(row.n),
      totalMs: Number(row.total_ms),
      longestMs: row.longest_ms,
      mostRows: Number(row.most_rows),
      scopes: row.scopes,
      lastAt: row.last_at.toISOString(),
      lastTrace: row.last_trace,
      plan: row.plan,
    })),
    total: Number(rows[0]?.all_rows ?? 0),
  };
}

const SLOW_KEPT_DAYS = 14;
const REFUSALS_KEPT_DAYS = 90;

export async function removeOld(worker: Db): Promise<void> {
  await sql`DELETE FROM platform.slow_statement WHERE at < now() - make_interval(days => ${SLOW_KEPT_DAYS})`.execute(
    worker,
  );
  await sql`DELETE FROM platform.refusal_hour WHERE hour < now() - make_interval(days => ${REFUSALS_KEPT_DAYS})`.execute(
    worker,
  );
}
