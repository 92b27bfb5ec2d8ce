import { performance } from "node:perf_hooks";
import type { ClaimsRelation } from "#kernel";
import { runnerOf, type Db, type SqlRunner } from "../../platform/db/database.ts";
import type { LoadedMeasure } from "../versions/rulebook.ts";
import { decisionsSql, type ScreeningScope } from "./statement.ts";

/** Outcomes that somebody must act on; the others are counted, and explained when asked. */
export const ACTIONABLE = ["ELIGIBLE", "ELIGIBLE_UP_TO_CAP", "PARAM_MISSING", "NOT_YET", "REVIEW", "UNKNOWN"] as const;

export type ScreeningReason = "nightly" | "batch" | "asked" | "rule" | "setting";

export interface OutcomeCount {
  readonly outcome: string;
  readonly rows: number;
  readonly amountFen: number;
}

const actionable = `(${ACTIONABLE.map((outcome) => `'${outcome}'`).join(", ")})`;

/** Decides every row in scope into the temporary table `decided` of this transaction. Returns how they came out. */
export async function decideRows(
  run: SqlRunner,
  measure: LoadedMeasure,
  claims: ClaimsRelation,
  options: { readonly scope: ScreeningScope; readonly asOf: string },
): Promise<readonly OutcomeCount[]> {
  if (!measure.rule) return [];
  await run.query("DROP TABLE IF EXISTS decided");
  await run.query(`CREATE TEMP TABLE decided ON COMMIT DROP AS ${decisionsSql(measure.rule, claims, options)}`);
  const counted = await run.query<{ outcome: string; rows: string; amount: string }>(
    "SELECT outcome, count(*) AS rows, coalesce(sum(amount), 0) AS amount FROM decided WHERE NOT failed @> '{jurisdiction}' GROUP BY outcome ORDER BY outcome",
  );
  return counted.rows.map(({ outcome, rows, amount }) => ({ outcome, rows: Number(rows), amountFen: Number(amount) }));
}

/** What is paid for: results of anything else are counted, for nobody has to act on them. */
const isStored = ({ definition }: LoadedMeasure): boolean => definition.amount !== undefined;

/**
 * Screens one measure over a scope and keeps what somebody must act on in place of what was kept for the same scope, in one
 * transaction. Over the whole it also counts, per county and outcome, refusals with the conditions that refused them.
 */
export async function screenMeasure(
  db: Db,
  measure: LoadedMeasure,
  claims: ClaimsRelation,
  request: {
    readonly scope: ScreeningScope;
    readonly asOf: string;
    readonly reason: ScreeningReason;
    readonly batchId?: string;
  },
): Promise<readonly OutcomeCount[]> {
  const { scope, asOf } = request;
  const begun = performance.now();
  const versionId = measure.version.version_id;
  return db.transaction().execute(async (tx) => {
    const run = runnerOf(tx);
    await run.query("SET LOCAL work_mem = '128MB'");
    // One screening of a rule at a time: the later one replaces what the earlier one kept.
    await run.query(`SELECT pg_advisory_xact_lock(7146020, ${Number(versionId) % 2_147_483_647})`);
    const counts = await decideRows(run, measure, claims, request);
    const screening = await run.query<{ screening_id: string }>(
      `INSERT INTO policy.screening (version_id, reason, batch_id, as_of, rows, seconds) SELECT ${versionId}, '${request.reason}', ${request.batchId ?? "NULL"}, '${asOf}', (SELECT count(*) FROM decided), ${((performance.now() - begun) / 1000).toFixed(3)} RETURNING screening_id`,
    );
    const screeningId = screening.rows[0]!.screening_id;
    if (scope.kind === "persons")
      await run.query(
        `DELETE FROM policy.result WHERE version_id = ${versionId} AND person_id IN (SELECT person_id FROM ${scope.table})`,
      );
    else await run.query(`DELETE FROM policy.result WHERE version_id = ${versionId}`);
    if (isStored(measure))
      await run.query(`INSERT INTO policy.result (version_id, row_key, region, person_id, claim, outcome, amount_fen, fund, event_date, not_yet, unknown, missing_facts, missing_parameters, review, as_of, screening_id)
        SELECT ${versionId}, row_key, region, person_id, claim, outcome, amount, nullif(fund, ''), event_date, not_yet, unknown, missing_facts, missing_parameters, review, '${asOf}', ${screeningId}
        FROM decided WHERE outcome IN ${actionable} AND region IS NOT NULL ON CONFLICT (version_id, row_key) DO NOTHING`);
    if (scope.kind === "whole") await tally(run, versionId, asOf);
    return counts;
  });
}

/** Rows of other provinces are not refused by this rule: it is not theirs. */
async function tally(run: SqlRunner, versionId: string, asOf: string): Promise<void> {
  await run.query(`DELETE FROM policy.tally WHERE version_id = ${versionId}`);
  await run.query(`INSERT INTO policy.tally (version_id, county, outcome, rows, amount_fen, as_of, failed)
    SELECT ${versionId}, c.county, c.outcome, c.rows, c.amount, '${asOf}', coalesce(f.failed, '{}'::jsonb)
    FROM (SELECT left(region, 6) AS county, outcome, count(*) AS rows, coalesce(sum(amount), 0) AS amount
          FROM decided WHERE region IS NOT NULL AND NOT failed @> '{jurisdiction}' GROUP BY 1, 2) c
    LEFT JOIN (SELECT county, jsonb_object_agg(condition, n) AS failed
          FROM (SELECT left(d.region, 6) AS county, f AS condition, count(*) AS n FROM decided d CROSS JOIN LATERAL unnest(d.failed) f
                WHERE d.outcome = 'NOT_ELIGIBLE' AND NOT d.failed @> '{jurisdiction}' GROUP BY 1, 2) g GROUP BY county) f
      ON f.county = c.county AND c.outcome = 'NOT_ELIGIBLE'`);
}
