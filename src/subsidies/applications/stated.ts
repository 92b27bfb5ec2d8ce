import { sql } from "kysely";
import type { FactField, FactSource } from "#kernel";
import { rowKeySql } from "#policy";
import type { Tx } from "../../platform/db/database.ts";

const SQL_TYPES: Readonly<Record<FactField["type"], string | null>> = {
  boolean: "boolean",
  date: "date",
  fen: "bigint",
  integer: "bigint",
  text: "text",
  rate: null,
  list: null,
};

/** Facts that an applicant may state: those that people can be asked for and that have one value. A missing end date is an answer already. */
export const isStatable = ({ question, type, openEnded }: FactField): boolean =>
  question !== undefined && SQL_TYPES[type] !== null && !openEnded;

/**
 * Fills rows of facts with what applicants have stated about them, where no register holds anything: a stated fact never stands before a
 * held one, and one that the office found untrue counts for nothing. `facts`: temporary table of the source's rows; `items`: temporary table
 * of claim items (`claim_id`, `row_key`, `rule_path`) that are decided.
 */
export async function fillStated(
  tx: Tx,
  source: FactSource,
  { facts, items, path }: { readonly facts: string; readonly items: string; readonly path: string },
): Promise<void> {
  const fields = source.fields.filter(isStatable);
  if (fields.length === 0) return;
  const stated = await sql<{
    n: string;
  }>`SELECT count(*) AS n FROM ${sql.table(items)} i JOIN subsidies.application_line l ON l.claim_ids @> ARRAY[i.claim_id]
    JOIN subsidies.application_statement s USING (application_id) WHERE i.rule_path = ${path} AND s.checked <> 'rejected'`.execute(
    tx,
  );
  if (stated.rows[0]!.n === "0") return;
  const sets = fields.map(
    ({ name, column, type }) =>
      sql`${sql.ref(column)} = coalesce(f.${sql.ref(column)}, (g.stated->>${name})::${sql.raw(SQL_TYPES[type]!)})`,
  );
  await sql`UPDATE ${sql.table(facts)} f SET ${sql.join(sets)} FROM (
      SELECT i.row_key, jsonb_object_agg(s.fact, s.value) AS stated FROM ${sql.table(items)} i JOIN subsidies.application_line l ON l.claim_ids @> ARRAY[i.claim_id]
      JOIN subsidies.application_statement s USING (application_id) WHERE i.rule_path = ${path} AND s.checked <> 'rejected' GROUP BY i.row_key) g
    WHERE ${sql.raw(rowKeySql(source, "f"))} = g.row_key`.execute(tx);
}
