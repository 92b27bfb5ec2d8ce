import { sql, type RawBuilder } from "kysely";
import { AS_OF, type PreparedMeasure } from "#kernel";
import { asOfFor, decisionsSql, rowKeySql, versionOfDaySql, type CurrentRulebook, type ScreeningScope } from "#policy";
import type { Tx } from "../../platform/db/database.ts";
import type { Services } from "../../platform/module.ts";
import { decideRows } from "../claims/decide.ts";
import { claimsBeside } from "../counted-claims.ts";

const DECIDED = ["approved", "published", "cleared", "paying", "paid", "closed"] as const;
const FOUND = "('ELIGIBLE', 'ELIGIBLE_UP_TO_CAP')";

export interface WeighOptions {
  readonly rulebook: CurrentRulebook;
  readonly services: Services;
  /** Rows that are nobody's own (a workshop's year) are looked for under this prefix. */
  readonly region: string;
}

/**
 * Holds what was decided against what is known now: fills the temporary table `weighed`, one row for each item of `which` (SQL over
 * `claim_item i` and `claim c`), and changes nothing else. Each item is decided by the rule of its day (`versionOfDaySql`). Where the day of asking
 * enters into the facts (who was registered as poor then, which months had passed) it is the day of the decision, so that time alone makes
 * no difference; elsewhere it is today. Columns: `item_id, claim_id, rule_path, row_key, region, person_id, decided_on, frozen_fen, was_fen,
 * facts, decided_version, version_id`, and once `asked`: `now_fen` (null: it cannot be said), `outcome, failed, causes, changed`.
 *
 * `was_fen` is what was decided with what was paid in arrears, and without what was recovered, since. Items of erased people have no facts
 * any more and are left alone.
 */
export async function weigh(tx: Tx, options: WeighOptions, which: RawBuilder<unknown>): Promise<void> {
  await sql`CREATE TEMP TABLE weighed ON COMMIT DROP AS
    SELECT i.item_id, i.claim_id, i.rule_path, i.row_key, i.region, i.person_id, i.event_date, i.facts, c.decided_on, c.version_id AS decided_version, c.version_id,
      i.amount_fen AS frozen_fen,
      (i.amount_fen + coalesce((SELECT sum(CASE d.state WHEN 'arrears' THEN a.amount_fen WHEN 'recovery' THEN d.now_fen - d.was_fen END)
        FROM subsidies.difference d LEFT JOIN subsidies.claim_item a ON a.difference_id = d.difference_id AND a.live
        WHERE d.item_id = i.item_id AND d.state IN ('arrears', 'recovery')), 0))::bigint AS was_fen,
      NULL::bigint AS now_fen, NULL::text AS outcome, '{}'::text[] AS failed, '{}'::text[] AS causes, '[]'::jsonb AS changed, false AS asked
    FROM subsidies.claim_item i JOIN subsidies.claim c ON c.claim_id = i.claim_id
    WHERE i.live AND i.difference_id IS NULL AND i.facts <> '{}' AND c.state = ANY(${[...DECIDED]}::text[]) AND ${which}`.execute(
    tx,
  );
  await sql`CREATE UNIQUE INDEX ON weighed (item_id)`.execute(tx);
  await sql`ANALYZE weighed`.execute(tx);
  await sql`UPDATE weighed w SET version_id = v.version_id
    FROM (SELECT o.rule_path, o.event_date, (${sql.raw(versionOfDaySql("o.rule_path", "o.event_date"))}) AS version_id
      FROM (SELECT DISTINCT rule_path, event_date FROM weighed) o) v
    WHERE v.rule_path = w.rule_path AND v.event_date = w.event_date AND v.version_id IS NOT NULL`.execute(tx);
  const asked = await sql<{
    version_id: string;
    days: string[];
  }>`SELECT version_id, array_agg(DISTINCT decided_on ORDER BY decided_on DESC)::text[] AS days FROM weighed GROUP BY version_id ORDER BY version_id`.execute(
    tx,
  );
  for (const { version_id, days } of asked.rows) {
    const rule = await options.rulebook.measureOf(tx, version_id);
    if (!rule) continue;
    // Of two that cannot both be, the later decision gives way: it is asked while the earlier still counts.
    for (const day of dependsOnDay(rule) ? days : [null]) await weighRule(tx, options, rule, version_id, day);
  }
}

/** Whether the answer depends on when it is asked beyond what waits to be reached. */
const dependsOnDay = ({ source, definition }: PreparedMeasure): boolean =>
  source.sql.includes("{{as_of}}") || JSON.stringify(definition).includes(AS_OF);

/** What an outcome is worth in fen. Null: unknown, to be judged, or a standard not set: nothing can be asked back for that. */
const worthSql = (outcome: string, amount: string) =>
  `CASE WHEN ${outcome} IN ${FOUND} THEN ${amount} WHEN ${outcome} IN ('NOT_ELIGIBLE', 'GONE') THEN 0 END`;

/** Outcomes by row; a row that stands there twice, and differently, cannot be said. */
const outcomesSql = (
  table: string,
) => `SELECT row_key, CASE WHEN count(DISTINCT (outcome, amount)) > 1 THEN 'REVIEW' ELSE min(outcome) END AS outcome,
    min(amount) AS amount, min(not_yet) AS not_yet, (array_agg(failed))[1] AS failed
  FROM (SELECT t.row_key, t.outcome, t.amount, t.not_yet, to_jsonb(t.failed) AS failed FROM ${table} t) each GROUP BY row_key`;
const textsSql = (column: string) => `ARRAY(SELECT jsonb_array_elements_text(coalesce(${column}, '[]')))`;

async function weighRule(
  tx: Tx,
  options: WeighOptions,
  rule: PreparedMeasure,
  versionId: string,
  day: string | null,
): Promise<void> {
  const asOf = day ?? asOfFor(options.services, rule);
  await sql`DROP TABLE IF EXISTS deciding`.execute(tx);
  await sql`CREATE TEMP TABLE deciding ON COMMIT DROP AS SELECT item_id, claim_id, rule_path, row_key, region, person_id, was_fen AS amount_fen
    FROM weighed WHERE version_id = ${versionId} ${day === null ? sql`` : sql`AND decided_on = ${day}::date`}`.execute(
    tx,
  );
  await sql`ANALYZE deciding`.execute(tx);
  const about = await sql<{
    persons: boolean | null;
  }>`SELECT bool_and(person_id IS NOT NULL) AS persons FROM deciding`.execute(tx);
  const scope: ScreeningScope = about.rows[0]!.persons
    ? { kind: "persons", table: "(SELECT DISTINCT person_id FROM deciding) one" }
    : options.region === ""
      ? { kind: "whole" }
      : { kind: "region", region: options.region };
  await decideRows(tx, rule, claimsBeside("deciding"), { scope, asOf });
  await sql`UPDATE weighed w SET asked = true, outcome = coalesce(o.outcome, 'GONE'), failed = ${sql.raw(textsSql("o.failed"))},
      now_fen = CASE WHEN o.outcome = 'NOT_YET' AND o.not_yet <= ${asOfFor(options.services, rule)}::date THEN w.was_fen
        ELSE ${sql.raw(worthSql("coalesce(o.outcome, 'GONE')", "o.amount"))} END
    FROM deciding d LEFT JOIN (${sql.raw(outcomesSql("deciding_outcome"))}) o ON o.row_key = d.row_key
    WHERE d.item_id = w.item_id`.execute(tx);
  await explain(tx, rule, asOf);
}

/**
 * Says of the items that differ why: each is decided once more by the same rule on the facts as they stood when it was decided. What then
 * still differs is the rule's, a standard's or a limit's doing, the rest the facts'.
 */
async function explain(tx: Tx, rule: PreparedMeasure, asOf: string): Promise<void> {
  const { source } = rule;
  await sql`DROP TABLE IF EXISTS differing, frozen_fact, frozen_outcome`.execute(tx);
  await sql`CREATE TEMP TABLE differing ON COMMIT DROP AS
    SELECT w.item_id, w.row_key, w.facts AS before, w.region, w.person_id,
      (SELECT to_jsonb(f) - '{row_region,row_person}'::text[] FROM deciding_fact f WHERE ${sql.raw(rowKeySql(source, "f"))} = w.row_key LIMIT 1) AS after
    FROM weighed w JOIN deciding d ON d.item_id = w.item_id WHERE w.now_fen IS DISTINCT FROM w.was_fen`.execute(tx);
  const found = await sql<{ n: string }>`SELECT count(*) AS n FROM differing`.execute(tx);
  if (found.rows[0]!.n === "0") return;
  await sql`CREATE TEMP TABLE frozen_fact ON COMMIT DROP AS SELECT (jsonb_populate_record(NULL::pg_temp.deciding_fact,
      x.before || jsonb_build_object('row_region', x.region, 'row_person', x.person_id))).* FROM differing x`.execute(
    tx,
  );
  const over = { ...rule, source: { ...source, sql: "SELECT * FROM frozen_fact" } };
  await sql`CREATE TEMP TABLE frozen_outcome ON COMMIT DROP AS ${sql.raw(
    decisionsSql(over, claimsBeside("differing"), { scope: { kind: "whole" }, asOf }),
  )}`.execute(tx);
  const limits = rule.limits.map(({ id }) => id);
  const columns = source.fields.map(({ column }) => column);
  await sql`UPDATE weighed w SET
      causes = ARRAY(SELECT cause FROM (VALUES
        ('fact', x.after IS NULL OR x.then_fen IS DISTINCT FROM w.now_fen OR x.then_fen IS NOT DISTINCT FROM w.frozen_fen),
        (CASE WHEN x.then_failed && ${limits}::text[] THEN 'limit' WHEN EXISTS (SELECT 1 FROM policy.version v JOIN policy.version o ON o.source <> v.source
            WHERE v.version_id = w.version_id AND o.version_id = w.decided_version) THEN 'rule' ELSE 'parameter' END,
          x.then_fen IS DISTINCT FROM w.frozen_fen)) AS c(cause, holds) WHERE c.holds),
      changed = coalesce((SELECT jsonb_agg(jsonb_build_object('column', k, 'before', x.before -> k, 'after', x.after -> k) ORDER BY k)
        FROM unnest(${columns}::text[]) k WHERE x.after IS NOT NULL AND (x.before -> k) IS DISTINCT FROM (x.after -> k)), '[]')
    FROM (SELECT g.*, ${sql.raw(worthSql("o.outcome", "o.amount"))} AS then_fen, ${sql.raw(textsSql("o.failed"))} AS then_failed
      FROM differing g LEFT JOIN (${sql.raw(outcomesSql("frozen_outcome"))}) o ON o.row_key = g.row_key) x
    WHERE x.item_id = w.item_id`.execute(tx);
}
