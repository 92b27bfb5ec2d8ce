import { sql } from "kysely";
import type { PreparedMeasure } from "#kernel";
import { asOfFor, decisionsSql, factRowsSql, rowKeySql, type CurrentRulebook, type ScreeningScope } from "#policy";
import type { Tx } from "../../platform/db/database.ts";
import type { Services } from "../../platform/module.ts";
import { fillStated } from "../applications/stated.ts";
import { claimsBut } from "../counted-claims.ts";

/** An item that today's facts, rule and limits decide otherwise than it stands in its claim. */
export interface Changed {
  readonly itemId: string;
  readonly claimId: string;
  readonly was: number;
  /** Null: nothing is payable for it now. */
  readonly now: number | null;
  readonly outcome: string;
}

/**
 * Decides the live items of claims once more, by the rule in force and the facts of today, as if none of them had been made: earlier
 * claims and those decided go before them, later ones do not. The facts of each item become today's. With the worker's eyes, for what
 * other counties have paid counts; in a transaction of its own, so that what it writes stays when the act that asked is refused.
 */
export async function decideAgain(
  options: { readonly rulebook: CurrentRulebook },
  services: Services,
  claimIds: readonly string[],
): Promise<readonly Changed[]> {
  const { worker } = services.database;
  const { measures } = await options.rulebook.get(worker);
  return worker.transaction().execute(async (tx) => {
    await sql`CREATE TEMP TABLE deciding ON COMMIT DROP AS
      SELECT i.item_id, i.claim_id, i.rule_path, i.row_key, i.region, i.person_id, i.amount_fen FROM subsidies.claim_item i
      WHERE i.live AND i.claim_id = ANY(${claimIds}::bigint[])`.execute(tx);
    await sql`ANALYZE deciding`.execute(tx);
    const asked = await sql<{ rule_path: string; persons: boolean; region: string }>`
      SELECT rule_path, bool_and(person_id IS NOT NULL) AS persons, min(region) AS region FROM deciding GROUP BY rule_path`.execute(
      tx,
    );
    const changed: Changed[] = [];
    for (const { rule_path, persons, region } of asked.rows) {
      const measure = measures.find(({ version }) => version.path === rule_path);
      const found = measure?.rule
        ? await decideRule(tx, measure.rule, {
            scope: persons
              ? { kind: "persons", table: "(SELECT DISTINCT person_id FROM deciding) one" }
              : { kind: "region", region },
            asOf: asOfFor(services, measure),
          })
        : await goneRule(tx, rule_path);
      changed.push(...found);
    }
    return changed;
  });
}

interface ChangedRow {
  readonly item_id: string;
  readonly claim_id: string;
  readonly was: string;
  readonly now: string | null;
  readonly outcome: string;
}
const toChanged = ({ item_id, claim_id, was, now, outcome }: ChangedRow): Changed => ({
  itemId: item_id,
  claimId: claim_id,
  was: Number(was),
  now: now === null ? null : Number(now),
  outcome,
});

async function decideRule(
  tx: Tx,
  rule: PreparedMeasure,
  question: { readonly scope: ScreeningScope; readonly asOf: string },
): Promise<readonly Changed[]> {
  const { source, definition } = rule;
  const path = sql.lit(definition.file);
  await sql`DROP TABLE IF EXISTS deciding_fact, deciding_outcome`.execute(tx);
  await sql`CREATE TEMP TABLE deciding_fact ON COMMIT DROP AS SELECT asked.* FROM (${sql.raw(factRowsSql(source, question))}) asked
    WHERE ${sql.raw(rowKeySql(source, "asked"))} IN (SELECT row_key FROM deciding WHERE rule_path = ${path})`.execute(
    tx,
  );
  await fillStated(tx, source, { facts: "deciding_fact", items: "deciding", path: definition.file });
  const over = { ...rule, source: { ...source, sql: "SELECT * FROM deciding_fact" } };
  await sql`CREATE TEMP TABLE deciding_outcome ON COMMIT DROP AS ${sql.raw(
    decisionsSql(over, claimsBut("deciding"), { scope: { kind: "whole" }, asOf: question.asOf }),
  )}`.execute(tx);
  await sql`UPDATE subsidies.claim_item i SET facts = f.facts
    FROM deciding d JOIN (SELECT ${sql.raw(rowKeySql(source, "x"))} AS row_key, to_jsonb(x) - '{row_region,row_person}'::text[] AS facts FROM deciding_fact x) f
      ON f.row_key = d.row_key
    WHERE i.item_id = d.item_id AND d.rule_path = ${path} AND i.facts IS DISTINCT FROM f.facts`.execute(tx);
  const found = await sql<ChangedRow>`
    SELECT d.item_id, d.claim_id, d.amount_fen AS was, CASE WHEN o.outcome IN ('ELIGIBLE', 'ELIGIBLE_UP_TO_CAP') THEN o.amount END AS now,
      coalesce(o.outcome, 'GONE') AS outcome
    FROM deciding d LEFT JOIN deciding_outcome o ON o.row_key = d.row_key
    WHERE d.rule_path = ${path} AND (o.outcome IS NULL OR o.outcome NOT IN ('ELIGIBLE', 'ELIGIBLE_UP_TO_CAP') OR o.amount IS DISTINCT FROM d.amount_fen)
    ORDER BY d.item_id`.execute(tx);
  return found.rows.map(toChanged);
}

/** Items of a rule that is in force no more. */
async function goneRule(tx: Tx, path: string): Promise<readonly Changed[]> {
  const found =
    await sql<ChangedRow>`SELECT item_id, claim_id, amount_fen AS was, NULL AS now, 'GONE' AS outcome FROM deciding WHERE rule_path = ${path}`.execute(
      tx,
    );
  return found.rows.map(toChanged);
}
