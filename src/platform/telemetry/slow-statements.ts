import type { Pool } from "pg";
import type { DatabaseRole } from "../db/roles.ts";
import type { Log } from "../log.ts";
import { nameStatement } from "./statement-name.ts";
import type { Telemetry } from "./telemetry.ts";
import { currentScopeKind, traceIds } from "./trace.ts";

const FLUSH_MS = 2_000;
/** Written in one flush; when everything is slow a sample says as much as the whole, and writing must not add to it. */
const MOST_AT_ONCE = 50;
/** A plan per statement and hour, and six a minute in all. */
const PLAN_EVERY_MS = 3_600_000;
const PLAN_PAUSE_MS = 10_000;
const MOST_PLANNED = 500;

interface Slow {
  readonly role: DatabaseRole;
  readonly sql: string;
  readonly at: Date;
  readonly milliseconds: number;
  readonly rows: number;
  readonly scope: string;
  readonly traceId: string | null;
}

interface Pools {
  readonly app: Pool;
  readonly worker: Pool;
  readonly auditor: Pool;
}

/**
 * Statements that took longer than the limit, into `platform.slow_statement`: name, text without values, time, rows, kind of scope,
 * trace, and the planner's plan. Never a value: texts lose their literals before they are written, plans their conditions.
 */
export class SlowStatements {
  readonly #limitMs: number;
  readonly #log: Log;
  readonly #telemetry: Pick<Telemetry, "slow">;
  readonly #instance: string;
  readonly #waiting: Slow[] = [];
  readonly #planned = new Map<string, number>();
  #pools: Pools | undefined;
  #timer: NodeJS.Timeout | undefined;
  #lastPlan = Number.NEGATIVE_INFINITY;
  #writing: Promise<void> = Promise.resolve();

  constructor(options: { limitMs: number; log: Log; telemetry: Pick<Telemetry, "slow">; instance: string }) {
    this.#limitMs = options.limitMs;
    this.#log = options.log;
    this.#telemetry = options.telemetry;
    this.#instance = options.instance;
  }

  /** Where they are written; until then, and without a limit, none is. */
  begin(pools: Pools): void {
    if (this.#limitMs <= 0) return;
    this.#pools = pools;
    this.#timer = setInterval(() => this.#flushSoon(), FLUSH_MS).unref();
  }

  watch(role: DatabaseRole, sql: string): (milliseconds: number, rows: number) => void {
    // Read now: the answer may come back in the context of the connection.
    const scope = currentScopeKind() ?? (role === "wengang_worker" ? "worker" : "none");
    const traceId = traceIds().trace_id ?? null;
    return (milliseconds, rows) => {
      if (milliseconds < this.#limitMs || !this.#pools || sql.includes("platform.slow_statement")) return;
      this.#telemetry.slow.add(1, { "wengang.role": role });
      if (this.#waiting.length < MOST_AT_ONCE)
        this.#waiting.push({ role, sql, at: new Date(), milliseconds, rows, scope, traceId });
    };
  }

  /** Writes what waits; returns when it is written. */
  flush(): Promise<void> {
    this.#flushSoon();
    return this.#writing;
  }

  async end(): Promise<void> {
    clearInterval(this.#timer);
    await this.flush();
    this.#pools = undefined;
  }

  #flushSoon(): void {
    if (this.#waiting.length === 0 || !this.#pools) return;
    const batch = this.#waiting.splice(0);
    const pools = this.#pools;
    this.#writing = this.#writing
      .then(() => this.#write(pools, batch))
      .catch((cause: unknown) => {
        this.#log.warn({ err: cause }, "slow statements could not be noted");
      });
  }

  async #write(pools: Pools, batch: readonly Slow[]): Promise<void> {
    for (const slow of batch) {
      const { name, fingerprint, text } = nameStatement(slow.sql);
      this.#log.info(
        {
          statement: name,
          milliseconds: Math.round(slow.milliseconds),
          rows: slow.rows,
          scope: slow.scope,
          trace_id: slow.traceId,
        },
        "slow statement",
      );
      const plan = await this.#plan(pools, slow, fingerprint);
      await pools.worker.query(
        `INSERT INTO platform.slow_statement (at, instance, role, name, fingerprint, text, milliseconds, rows, scope_kind, trace_id, plan)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`,
        [
          slow.at,
          this.#instance,
          slow.role,
          name,
          fingerprint,
          text,
          Math.round(slow.milliseconds),
          slow.rows,
          slow.scope,
          slow.traceId,
          plan && JSON.stringify(plan),
        ],
      );
    }
  }

  /** Never run again and never given its values: the server is asked how it would go about it in general (PostgreSQL 16 and later). */
  async #plan(pools: Pools, { role, sql }: Slow, fingerprint: string): Promise<PlanNode | null> {
    const now = performance.now();
    const due = now - (this.#planned.get(fingerprint) ?? Number.NEGATIVE_INFINITY) >= PLAN_EVERY_MS;
    if (!due || now - this.#lastPlan < PLAN_PAUSE_MS || !isOnePlannable(sql)) return null;
    if (this.#planned.size >= MOST_PLANNED) this.#planned.delete(this.#planned.keys().next().value!);
    this.#planned.set(fingerprint, now);
    this.#lastPlan = now;
    const client =
      await pools[role === "wengang_app" ? "app" : role === "wengang_worker" ? "worker" : "auditor"].connect();
    try {
      await client.query("BEGIN READ ONLY; SET LOCAL statement_timeout = '2s'; SET LOCAL lock_timeout = '200ms'");
      const { rows } = await client.query<{ "QUERY PLAN": [{ Plan: Record<string, unknown> }] }>(
        `/* platform.slow_statement */ EXPLAIN (GENERIC_PLAN, FORMAT JSON) ${sql}`,
      );
      return shapeOf(rows[0]!["QUERY PLAN"][0].Plan);
    } catch {
      // An older server, a table of one transaction, a lock: the list does without a plan.
      return null;
    } finally {
      await client.query("ROLLBACK").catch(() => {});
      client.release();
    }
  }
}

/** One statement that has a plan. A text with a semicolon inside could be two, of which only the first would be explained. */
function isOnePlannable(sql: string): boolean {
  return /^\s*(select|with|insert|update|delete|merge)\b/i.test(sql) && !sql.trimEnd().slice(0, -1).includes(";");
}

const word = (value: unknown) => (typeof value === "string" ? value : undefined);

interface PlanNode {
  readonly node: string;
  readonly on?: string;
  readonly index?: string;
  readonly rows: number;
  readonly cost: number;
  readonly below?: readonly PlanNode[];
}

/** The shape of a plan: conditions, which may quote values of the text, are left behind. */
function shapeOf(plan: Record<string, unknown>): PlanNode {
  const below = (plan["Plans"] as Record<string, unknown>[] | undefined)?.map(shapeOf);
  const on = word(plan["Relation Name"]) ?? word(plan["CTE Name"]) ?? word(plan["Function Name"]);
  const index = word(plan["Index Name"]);
  return {
    node: word(plan["Node Type"]) ?? "",
    ...(on === undefined ? {} : { on }),
    ...(index === undefined ? {} : { index }),
    rows: Number(plan["Plan Rows"]),
    cost: Math.round(Number(plan["Total Cost"])),
    ...(below ? { below } : {}),
  };
}
