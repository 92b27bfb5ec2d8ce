import { performance } from "node:perf_hooks";
import type { PreparedMeasure } from "#kernel";
import { runnerOf, type Db, type SqlRunner } from "../../platform/db/database.ts";
import type { LoadedMeasure } from "../versions/rulebook.ts";
import { gatherClaims, gatheredDecisionsSql, gatherFacts, type Question } from "./gather.ts";
import { DECISION_COLUMNS, decisionsSql, type OfficeClaims, type ScreeningScope } from "./statement.ts";
import { locks } from "../../platform/db/locks.ts";

/** Outcomes that somebody must act on; the others are counted, and explained when asked. */
export const ACTIONABLE = ["ELIGIBLE", "ELIGIBLE_UP_TO_CAP", "PARAM_MISSING", "NOT_YET", "REVIEW", "UNKNOWN"] as const;

export type ScreeningReason = "nightly" | "batch" | "merge" | "asked" | "rule" | "setting";

export interface OutcomeCount {
  readonly outcome: string;
  readonly rows: number;
  readonly amountFen: number;
}

/** A measure whose text and facts fit together. */
export interface ReadyMeasure extends LoadedMeasure {
  readonly rule: PreparedMeasure;
}

export const isReady = (measure: LoadedMeasure): measure is ReadyMeasure => measure.rule !== null;

const actionable = `(${ACTIONABLE.map((outcome) => `'${outcome}'`).join(", ")})`;
/** Rows of other provinces are not refused by a rule: it is not theirs. */
const OURS = "NOT failed @> '{jurisdiction}'";

/** Decides every row in scope into the temporary table `decided` of this transaction. Returns how they came out. */
export async function decideRows(
  run: SqlRunner,
  measure: LoadedMeasure,
  claims: OfficeClaims,
  options: { readonly scope: ScreeningScope; readonly asOf: string },
): Promise<readonly OutcomeCount[]> {
  if (!measure.rule) return [];
  await run.query("DROP TABLE IF EXISTS decided");
  await run.query(`CREATE TEMP TABLE decided ON COMMIT DROP AS ${decisionsSql(measure.rule, claims, options)}`);
  const counted = await run.query<{ outcome: string; rows: string; amount: string }>(
    `SELECT outcome, count(*) AS rows, coalesce(sum(amount), 0) AS amount FROM decided WHERE ${OURS} GROUP BY outcome ORDER BY outcome`,
  );
  return counted.rows.map(toCount);
}

const toCount = (row: { outcome: string; rows: string; amount: string }): OutcomeCount => ({
  outcome: row.outcome,
  rows: Number(row.rows),
  amountFen: Number(row.amount),
});

/** What is paid for: results of anything else are counted, for nobody has to act on them. */
export const isListed = ({ amount }: Pick<LoadedMeasure["definition"], "amount">): boolean => amount !== undefined;

/**
 * Screens measures over one source and keeps what somebody must act on in place of what was kept for the same scope, in one transaction. Over
 * the whole it also counts, per county and outcome, refusals with the conditions that refused them. Returns how rows came out, by version.
 */
export async function screenMeasures(
  db: Db,
  measures: readonly [ReadyMeasure, ...ReadyMeasure[]],
  claims: OfficeClaims,
  request: Question & { readonly reason: ScreeningReason; readonly batchId?: string },
): Promise<ReadonlyMap<string, readonly OutcomeCount[]>> {
  const { scope, asOf } = request;
  const rules = measures.map(({ rule }) => rule) as [PreparedMeasure, ...PreparedMeasure[]];
  const versions = measures.map(({ version }) => version.version_id);
  return db.transaction().execute(async (tx) => {
    const run = runnerOf(tx);
    // What a crash takes away is screened again: the task that asked is done only when its own commit is.
    await run.query(
      "SET LOCAL work_mem = '128MB'; SET LOCAL synchronous_commit = off; SET LOCAL jit = off; SET LOCAL max_parallel_workers_per_gather = 0",
    );
    // One screening of a rule at a time: the later one replaces what the earlier one kept. In order, so that nobody waits for each other.
    const numbers = versions.map((version) => Number(version) % 2_147_483_647).toSorted((a, b) => a - b);
    await run.query(
      `SELECT pg_advisory_xact_lock(${locks.screening}, version) FROM unnest(ARRAY[${numbers.join(", ")}]) version`,
    );
    const decided = await decideTogether(run, measures, rules, claims, request);
    const counts = await countByVersion(run, versions);
    const values = measures.map(
      ({ version }, index) =>
        `(${version.version_id}, '${request.reason}', ${request.batchId ?? "NULL"}::bigint, '${asOf}'::date, ${decided.rows}, ${decided.seconds[index]!.toFixed(3)})`,
    );
    const screenings = await run.query<{ version_id: string; screening_id: string }>(
      `INSERT INTO policy.screening (version_id, reason, batch_id, as_of, rows, seconds) VALUES ${values.join(", ")} RETURNING version_id, screening_id`,
    );
    await run.query(
      `DELETE FROM policy.result WHERE version_id IN (${versions.join(", ")})${scope.kind === "persons" ? ` AND person_id IN (SELECT person_id FROM ${scope.table})` : ""}`,
    );
    const stored = new Set(
      measures.filter(({ definition }) => isListed(definition)).map(({ version }) => version.version_id),
    );
    const kept = screenings.rows.filter(({ version_id }) => stored.has(version_id) && counts.has(version_id));
    if (kept.length > 0)
      await run.query(`INSERT INTO policy.result (version_id, row_key, region, person_id, claim, outcome, amount_fen, fund, event_date, not_yet, unknown, missing_facts, missing_parameters, review, as_of, screening_id)
        SELECT d.version_id, row_key, region, person_id, claim, outcome, amount, nullif(fund, ''), event_date, not_yet, unknown, missing_facts, missing_parameters, review, '${asOf}', s.screening_id
        FROM decided d JOIN (VALUES ${kept.map((one) => `(${one.version_id}::bigint, ${one.screening_id}::bigint)`).join(", ")}) s(version_id, screening_id) ON s.version_id = d.version_id
        WHERE outcome IN ${actionable} AND region IS NOT NULL ON CONFLICT (version_id, row_key) DO NOTHING`);
    if (scope.kind === "whole") await tally(run, versions, asOf);
    return new Map(versions.map((version) => [version, counts.get(version) ?? []]));
  });
}

/** Fills the temporary table `decided` with the rows of each measure. Returns the rows of their source, and the seconds of each measure. */
async function decideTogether(
  run: SqlRunner,
  measures: readonly ReadyMeasure[],
  rules: readonly [PreparedMeasure, ...PreparedMeasure[]],
  claims: OfficeClaims,
  question: Question,
): Promise<{ readonly rows: number; readonly seconds: readonly number[] }> {
  const begun = performance.now();
  await run.query(
    `CREATE TEMP TABLE decided (version_id bigint, ${DECISION_COLUMNS.map(([name, type]) => `${name} ${type}`).join(", ")}) ON COMMIT DROP`,
  );
  const { all, own } = await gatherFacts(run, rules, question);
  const asked = rules.filter((_, index) => own[index]! > 0);
  if (asked.length > 0) await gatherClaims(run, asked, claims, question);
  const gathering = (performance.now() - begun) / rules.length;
  const seconds: number[] = [];
  for (const [index, rule] of rules.entries()) {
    const started = performance.now();
    if (own[index]! > 0)
      await run.query(
        `INSERT INTO decided SELECT ${measures[index]!.version.version_id}, * FROM (${gatheredDecisionsSql(rule, claims, question.asOf)}) d`,
      );
    seconds.push((gathering + performance.now() - started) / 1000);
  }
  return { rows: all, seconds };
}

async function countByVersion(
  run: SqlRunner,
  versions: readonly string[],
): Promise<ReadonlyMap<string, readonly OutcomeCount[]>> {
  const counted = await run.query<{ version_id: string; outcome: string; rows: string; amount: string }>(
    `SELECT version_id, outcome, count(*) AS rows, coalesce(sum(amount), 0) AS amount FROM decided WHERE ${OURS} GROUP BY version_id, outcome ORDER BY outcome`,
  );
  const byVersion = Map.groupBy(counted.rows, ({ version_id }) => version_id);
  return new Map(
    versions.flatMap((version) => {
      const rows = byVersion.get(version);
      return rows ? [[version, rows.map(toCount)] as const] : [];
    }),
  );
}

async function tally(run: SqlRunner, versions: readonly string[], asOf: string): Promise<void> {
  await run.query(`DELETE FROM policy.tally WHERE version_id IN (${versions.join(", ")})`);
  await run.query(`INSERT INTO policy.tally (version_id, county, outcome, rows, amount_fen, as_of, failed)
    SELECT c.version_id, c.county, c.outcome, c.rows, c.amount, '${asOf}', coalesce(f.failed, '{}'::jsonb)
    FROM (SELECT version_id, left(region, 6) AS county, outcome, count(*) AS rows, coalesce(sum(amount), 0) AS amount
          FROM decided WHERE region IS NOT NULL AND ${OURS} GROUP BY 1, 2, 3) c
    LEFT JOIN (SELECT version_id, county, jsonb_object_agg(condition, n) AS failed
          FROM (SELECT d.version_id, left(d.region, 6) AS county, f AS condition, count(*) AS n FROM decided d CROSS JOIN LATERAL unnest(d.failed) f
                WHERE d.outcome = 'NOT_ELIGIBLE' AND ${OURS} GROUP BY 1, 2, 3) g GROUP BY version_id, county) f
      ON f.version_id = c.version_id AND f.county = c.county AND c.outcome = 'NOT_ELIGIBLE'`);
}
