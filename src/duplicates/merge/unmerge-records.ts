import type { SqlRunner } from "../../platform/db/database.ts";
import type { PersonTable } from "#registry";
import { quoted, shapeOf, type TableShape } from "./catalogue.ts";
import { rechain, unchain } from "./employment.ts";
import { clashesOf, writeHistory, type MergeFacts } from "./merge-records.ts";

const PERSON = "registry.person";

/**
 * Parts two records again by the map. With nothing later every row is byte by byte what it was. A row changed since keeps what it
 * says and only goes back to its person; rows made since stay with the survivor, but for what was reported under a number that
 * goes back with the other.
 */
export async function unmergeRecords(run: SqlRunner, tables: readonly PersonTable[], facts: MergeFacts): Promise<void> {
  const { survivorId, loserId } = facts;
  await unchain(run, [survivorId]);
  await putBackLoser(run, facts);
  await restoreSurvivor(run, facts);
  for (const table of tables) {
    if (table.on !== "move") continue;
    await moveBack(run, table, await shapeOf(run, table.table, table.column), facts);
  }
  await putBackAside(run, facts);
  await sendByNumber(run, tables, facts);
  await rechain(run, [survivorId, loserId]);
  await writeHistory(run, tables, facts, "undo");
}

const map = ({ mergeId }: MergeFacts, table: string, act: string): string =>
  `duplicates.merge_row m WHERE m.merge_id = ${mergeId} AND m.way = 'merge' AND m.table_name = ${quoted(table)} AND m.act = ${quoted(act)}`;

/** SQL: notes in the map what the undo did to rows of a table. `rows` is a relation with old_row and new_row. */
const noted = ({ mergeId }: MergeFacts, table: string, act: string, rows: string): string =>
  `INSERT INTO duplicates.merge_row (merge_id, way, table_name, act, old_row, new_row) SELECT ${mergeId}, 'undo', ${quoted(table)}, ${quoted(act)}, old_row, new_row FROM ${rows}`;

async function putBackLoser(run: SqlRunner, facts: MergeFacts): Promise<void> {
  await run.query(`WITH back AS (INSERT INTO ${PERSON} AS p SELECT (jsonb_populate_record(NULL::${PERSON}, m.old_row)).* FROM ${map(facts, PERSON, "removed")}
    RETURNING NULL::jsonb AS old_row, to_jsonb(p) AS new_row) ${noted(facts, PERSON, "removed", "back")}`);
}

/** Cells of the survivor's own record go back where the merge's value is still the present one. */
async function restoreSurvivor(run: SqlRunner, facts: MergeFacts): Promise<void> {
  const { columns } = await shapeOf(run, PERSON, null);
  const sets = [...columns].filter((column) => column !== "person_id").map((column) => `${column} = n.${column}`);
  await run.query(`WITH goal AS (SELECT p.ctid AS at, to_jsonb(p) AS old_row, CASE WHEN to_jsonb(p) = m.new_row THEN m.old_row
        ELSE to_jsonb(p) || coalesce((SELECT jsonb_object_agg(c.key, m.old_row -> c.key) FROM jsonb_each(m.new_row) c
          WHERE c.key NOT IN ('version', 'batch_id', 'recorded_on') AND c.value IS DISTINCT FROM m.old_row -> c.key AND to_jsonb(p) -> c.key = c.value), '{}')
          || jsonb_build_object('version', p.version + 1) END AS row
      FROM ${PERSON} p, ${map(facts, PERSON, "changed")} AND p.person_id = ${facts.survivorId}),
    back AS (UPDATE ${PERSON} t SET ${sets.join(", ")} FROM goal g, jsonb_populate_record(NULL::${PERSON}, g.row) n WHERE t.ctid = g.at RETURNING g.old_row, to_jsonb(t) AS new_row)
    ${noted(facts, PERSON, "changed", "back")}`);
}

/** A column that only the laying of chains writes, and that says nothing of the row. */
const CHAIN = "'previous_end'";

/** A row as the merge left it goes back wholly; one changed since goes back to its person with what it says now. */
async function moveBack(run: SqlRunner, table: PersonTable, shape: TableShape, facts: MergeFacts): Promise<void> {
  const wanted = (column: string) => `(jsonb_populate_record(NULL::${table.table}, m.new_row)).${column}`;
  const same = [table.column, ...table.key].map((column) => `h.${column} = ${wanted(column)}`).join(" AND ");
  const person = [table.column, ...table.key, ...(shape.columns.has("home_region") ? ["home_region"] : [])];
  const back = person.map((column) => `${quoted(column)}, m.old_row -> ${quoted(column)}`).join(", ");
  const sets = [...shape.columns]
    .filter((column) => !shape.generated.has(column))
    .map((column) => `${column} = n.${column}`);
  await run.query(`WITH goal AS (SELECT h.ctid AS at, to_jsonb(h) AS old_row,
        CASE WHEN to_jsonb(h) - ${CHAIN} = m.new_row - ${CHAIN} THEN m.old_row ELSE to_jsonb(h) || jsonb_build_object(${back}) END AS row
      FROM (SELECT m.old_row, m.new_row FROM ${map(facts, table.table, "moved")} OFFSET 0) m JOIN ${table.table} h ON ${same}),
    back AS (UPDATE ${table.table} t SET ${sets.join(", ")} FROM goal g, jsonb_populate_record(NULL::${table.table}, g.row) n WHERE t.ctid = g.at RETURNING g.old_row, to_jsonb(t) AS new_row)
    ${noted(facts, table.table, "moved", "back")}`);
}

/** Rows that the survivor had too come back, parents before what stands on them. */
async function putBackAside(run: SqlRunner, facts: MergeFacts): Promise<void> {
  const { rows } = await run.query<{ table: string }>(
    `SELECT table_name AS table FROM duplicates.merge_row WHERE merge_id = ${facts.mergeId} AND way = 'merge' AND act = 'aside' GROUP BY table_name ORDER BY max(row_no) DESC`,
  );
  for (const { table } of rows)
    await run.query(`WITH back AS (INSERT INTO ${table} AS t OVERRIDING SYSTEM VALUE SELECT (jsonb_populate_record(NULL::${table}, m.old_row)).* FROM ${map(facts, table, "aside")} ORDER BY m.row_no
      ON CONFLICT DO NOTHING RETURNING NULL::jsonb AS old_row, to_jsonb(t) AS new_row) ${noted(facts, table, "aside", "back")}`);
}

/**
 * What was reported since under a number that goes back: the lines kept by number, and the facts that the batches of those lines
 * made, where the batch reported nothing under a number that stays.
 */
async function sendByNumber(run: SqlRunner, tables: readonly PersonTable[], facts: MergeFacts): Promise<void> {
  const { survivorId, loserId } = facts;
  const home = `home_region = (SELECT home_region FROM ${PERSON} WHERE person_id = ${loserId})`;
  const batches = new Set<string>();
  for (const { table, column, number } of tables) {
    if (number === undefined) continue;
    const keys = (person: string) =>
      `t.${number} IN (SELECT key_hash FROM registry.person_key WHERE person_id = ${person})`;
    await run.query(
      `UPDATE ${table} t SET ${column} = ${loserId}, ${home} WHERE t.${column} = ${survivorId} AND ${keys(loserId)}`,
    );
    // Lines that speak since the merge: those of before still name the batch that they named then.
    const sent = await run.query<{ batch: string }>(
      `SELECT DISTINCT t.batch_id::text AS batch FROM ${table} t WHERE t.${column} = ${loserId} AND ${keys(loserId)}
         AND NOT EXISTS (SELECT FROM ${map(facts, table, "moved")} AND m.new_row ->> ${quoted(number)} = t.${number}::text AND (m.new_row ->> 'batch_id')::bigint = t.batch_id)`,
    );
    const stay = await run.query<{ batch: string }>(
      `SELECT DISTINCT t.batch_id::text AS batch FROM ${table} t WHERE t.${column} = ${survivorId} AND ${keys(survivorId)}`,
    );
    for (const { batch } of sent.rows) if (!stay.rows.some((row) => row.batch === batch)) batches.add(batch);
  }
  if (batches.size === 0) return;
  for (const table of tables) {
    if (!table.entity) continue;
    const clashes = clashesOf(table, await shapeOf(run, table.table, table.column), loserId);
    const free = clashes.length === 0 ? "" : ` AND NOT (${clashes.join(" OR ")})`;
    await run.query(`WITH old AS (SELECT l.ctid AS at, to_jsonb(l) AS old_row FROM ${table.table} l
        WHERE l.${table.column} = ${survivorId} AND l.created_batch IN (${[...batches].join(", ")})${free}),
      back AS (UPDATE ${table.table} t SET ${table.column} = ${loserId}, ${home}, version = t.version + 1 FROM old o WHERE t.ctid = o.at RETURNING o.old_row, to_jsonb(t) AS new_row)
      ${noted(facts, table.table, "moved", "back")}`);
  }
}
