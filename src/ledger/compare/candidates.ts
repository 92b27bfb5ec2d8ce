import type { PoolClient } from "pg";
import { stageColumns, type LedgerKindDefinition } from "../kinds/kind.ts";
import { stageTables } from "../stage/table.ts";
import { quote } from "./sql.ts";

/**
 * SQL of a difference's number within its batch: the row's place in the file. No workbook has more rows than this to a
 * sheet (nor 2,048 sheets, whose numbers would not fit), and a text file has one sheet only.
 */
export function differenceIdSql(row: string): string {
  return `(${row}.sheet::int * 1048576 + ${row}.row_no::int)`;
}

/** From this share on newcomers are taken straight from the stage; fewer are copied beside the other candidates. */
const MOSTLY_NEW = 0.5;

/**
 * Where nearly all rows speak of people nobody knows, as in a first load, puts the other rows into `apart` and says how many
 * they are: whoever is not among them is new and nothing else, no line, no number, no other open table of the month speaks
 * of him. Null where fewer are new.
 */
export async function findNewcomers(
  client: PoolClient,
  batchId: string,
  definition: LedgerKindDefinition,
  openStages: readonly string[],
  claimed: number,
): Promise<number | null> {
  if (!definition.home) return null;
  const { rows, apart } = stageTables(batchId);
  const staged = await client.query<{ n: string }>(`SELECT count(*) AS n FROM ${rows} WHERE NOT held`);
  const read = Number(staged.rows[0]!.n);
  // Of a row whose text is claimed the line is known; an ordinary month ends here.
  const valid = read + claimed;
  if (read < valid * MOSTLY_NEW) return null;
  const reported = openStages.map(
    (table) => `OR EXISTS (SELECT 1 FROM ${table} other WHERE other.line_key = s.line_key)`,
  );
  await client.query(`CREATE UNLOGGED TABLE ${apart} AS SELECT s.sheet, s.row_no FROM ${rows} s
      LEFT JOIN registry.person_key k ON k.key_hash = s.id_hash
      LEFT JOIN registry.person p ON p.person_id = s.proposed_id
      LEFT JOIN ledger.line l ON l.kind = ${quote(definition.kind)} AND l.line_key = s.line_key
    WHERE NOT s.held AND (s.recalled IS TRUE OR k.person_id IS NOT NULL OR p.person_id IS NOT NULL OR l.person_id IS NOT NULL ${reported.join(" ")})`);
  const counted = await client.query<{ n: string }>(`SELECT count(*) AS n FROM ${apart}`);
  const others = Number(counted.rows[0]!.n);
  if (others > valid * (1 - MOSTLY_NEW)) return null;
  await client.query(`ANALYZE ${apart}`);
  return others;
}

/**
 * Rows that may say something new: their line is unknown, says something else than last time, or had been missing.
 * Everything that repeats last month's words ends at this one hash join; newcomers that `findNewcomers` found are left out.
 * Gives their number; null when a row that was recalled by its text is among them: the registry has moved since, and the
 * rows must be read anew. With `recalledHold` they are known to say nothing.
 */
export async function findCandidates(
  client: PoolClient,
  batchId: string,
  definition: LedgerKindDefinition,
  recalledHold: boolean,
  others: number | null,
): Promise<number | null> {
  const { rows, candidates, apart } = stageTables(batchId);
  const columns = stageColumns(definition).map((column) => `s.${column.name}`);
  const proposed = "coalesce(s.proposed_id, ledger.proposed_person_id(s.id_hash))";
  // Where a person may have several lines, his own data is taken from one of them, the last: each cell is changed once.
  const leads =
    definition.lineKey.length === 0
      ? "true"
      : "row_number() OVER (PARTITION BY k.person_id ORDER BY s.sheet DESC, s.row_no DESC) = 1";
  // Looked at here, where the server reads people's rows with all its cores; a cursor has one.
  const reseals = ["phone_hash", "bank_hash"].map(
    (hash) => `(s.${hash} IS NOT NULL AND s.${hash} IS DISTINCT FROM p.${hash})`,
  );
  const found = await client.query(`CREATE UNLOGGED TABLE ${candidates} AS
    SELECT ${differenceIdSql("s")} AS difference_id, ${columns.join(", ")},
      coalesce(k.person_id, ${proposed}) AS person_id, k.person_id IS NULL AS new_person, CASE WHEN k.person_id IS NOT NULL THEN k.person_id <> ${proposed} END AS by_other_key, ${leads} AS leads,
      l.line_key IS NOT NULL AS known_line, l.missing_since, l.month AS line_month, l.home_region AS line_region, l.row_hash AS line_hash, l.text_hash AS line_text, l.batch_id AS line_batch,
      p.person_id IS NOT NULL AND (${reseals.join(" OR ")}) AS reseals
    FROM ${rows} s ${others === null ? "" : `JOIN ${apart} x ON x.sheet = s.sheet AND x.row_no = s.row_no`}
      LEFT JOIN ledger.line l ON l.kind = ${quote(definition.kind)} AND l.line_key = s.line_key
      LEFT JOIN registry.person_key k ON k.key_hash = s.id_hash
      LEFT JOIN registry.person p ON p.person_id = k.person_id
    WHERE NOT s.held ${recalledHold ? "AND s.recalled IS NOT TRUE" : ""} AND (l.row_hash IS DISTINCT FROM s.row_hash OR l.missing_since IS NOT NULL) ${definition.home ? "" : "AND k.person_id IS NOT NULL"}`);
  const stale = await client.query(`SELECT 1 FROM ${candidates} WHERE recalled LIMIT 1`);
  if (stale.rows.length > 0) return null;
  await client.query(`ANALYZE ${candidates} (sheet, row_no, person_id, new_person)`);
  return found.rowCount ?? 0;
}
