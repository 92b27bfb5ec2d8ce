import { sql } from "kysely";
import type { Db, Tx } from "../../platform/db/database.ts";
import type { Length, RetentionRule } from "../../platform/privacy/index.ts";
import { notHeld, type Book } from "./book.ts";
import { intervalSql } from "./settings.ts";

/** Rows in one transaction: what a kill in the middle loses, and for how long others wait. */
const ROWS_AT_ONCE = 2_000;

export interface RuleScope {
  readonly rule: RetentionRule;
  readonly length: Length;
  /** Prefix of the counties. */
  readonly area: string;
  readonly today: string;
}

/** SQL: the row's time is over. It is kept through the last day of its period; `today` lies behind that. */
function overSql({ rule, length, area, today }: RuleScope): string {
  const inArea = area === "" ? "true" : `starts_with(${rule.county}, '${area}')`;
  return `(${rule.event}) + ${intervalSql(length)} < DATE '${today}' AND ${rule.where ?? "true"} AND ${inArea}`;
}

export interface CountedRows {
  readonly county: string;
  readonly rows: number;
  readonly held: number;
}

export async function countRule(db: Db | Tx, book: Book, scope: RuleScope): Promise<readonly CountedRows[]> {
  const { rule } = scope;
  const free = notHeld(book, rule);
  const { rows } = await sql
    .raw<{ county: string; n: string; held: string }>(
      `SELECT coalesce(${rule.county}, '') AS county, count(*) FILTER (WHERE ${free}) AS n, count(*) FILTER (WHERE NOT (${free})) AS held
       FROM ${rule.table} t WHERE ${overSql(scope)} GROUP BY 1 ORDER BY 1`,
    )
    .execute(db);
  return rows.map(({ county, n, held }) => ({ county, rows: Number(n), held: Number(held) }));
}

export interface PieceGone {
  readonly counts: ReadonlyMap<string, number>;
  /** Cells of history emptied. */
  readonly history: ReadonlyMap<string, number>;
  readonly files: readonly string[];
  readonly rows: number;
}

/** Lets go of at most `ROWS_AT_ONCE` rows, with what the history says of them. None is left when it answers zero. */
export async function forgetPiece(tx: Tx, book: Book, scope: RuleScope): Promise<PieceGone> {
  const { rule } = scope;
  const { table, set, county, person, history, file } = rule;
  const act = set
    ? `UPDATE ${table} t SET ${set} FROM due WHERE t.ctid = due.at`
    : `DELETE FROM ${table} t USING due WHERE t.ctid = due.at`;
  const { rows } = await sql
    .raw<{ county: string | null; person: string | null; key: unknown; file: string | null }>(
      `WITH due AS MATERIALIZED (SELECT t.ctid AS at, ${county} AS county FROM ${table} t WHERE ${overSql(scope)} AND ${notHeld(book, rule)} LIMIT ${ROWS_AT_ONCE})
       ${act} RETURNING due.county AS county, ${person ?? "NULL"}::text AS person, ${history?.key ?? "NULL::jsonb"} AS key, ${file ?? "NULL"}::text AS file`,
    )
    .execute(tx);
  const counts = new Map<string, number>();
  for (const row of rows) counts.set(row.county ?? "", (counts.get(row.county ?? "") ?? 0) + 1);
  const emptied = new Map<string, number>();
  if (history)
    for (const [where] of counts) {
      const among = rows.filter((row) => (row.county ?? "") === where);
      const { rows: done } = await sql<{ n: string }>`
        SELECT registry.forget_rows(${history.entity}, ${among.map((row) => row.person)}::bigint[],
          ARRAY(SELECT jsonb_array_elements(${JSON.stringify(among.map((row) => row.key))}::jsonb))) AS n`.execute(tx);
      if (Number(done[0]!.n) > 0) emptied.set(where, Number(done[0]!.n));
    }
  return {
    counts,
    history: emptied,
    files: rows.flatMap((row) => row.file ?? []),
    rows: rows.length,
  };
}
