import { sql, type RawBuilder } from "kysely";
import type { Tx } from "../../platform/db/database.ts";
import type { TableFacts } from "../facts.ts";
import { tableOf, type Shape } from "../shape.ts";
import { mergedRows, writtenColumns } from "./merged.ts";
import { stageTables } from "./stage.ts";
import type { ActingOfficer, StoredImport } from "./store.ts";

/** SQL: the assessed rows written in one statement; `returning` for whoever keeps what became of them. */
function upsert(
  shape: Shape,
  facts: TableFacts,
  given: StoredImport,
  which: RawBuilder<unknown>,
  returning: RawBuilder<unknown>,
): RawBuilder<unknown> {
  const names = writtenColumns(shape, facts);
  const { key, shared } = shape.definition;
  const target = facts.key?.columns ?? key;
  const set = names
    .filter((name) => name !== "version" && name !== shared?.by && !target.includes(name))
    .map((name) => sql`${sql.ref(name)} = ${sql.ref(`excluded.${name}`)}`);
  return sql`INSERT INTO ${tableOf(shape)} AS kept (${sql.join(names.map((name) => sql.ref(name)))})
    SELECT ${sql.join(names.map((name) => sql.ref(`m.${name}`)))} FROM (${mergedRows(shape, facts, given, which)}) m
    ON CONFLICT (${sql.join(target.map((name) => sql.ref(name)))}) DO UPDATE SET ${sql.join(set)}, version = kept.version + 1 ${returning}`;
}

/** For trial: nothing is remembered of it. */
export async function upsertRows(
  tx: Tx,
  shape: Shape,
  facts: TableFacts,
  given: StoredImport,
  which: RawBuilder<unknown>,
): Promise<void> {
  await upsert(shape, facts, given, which, sql``).execute(tx);
}

/** Writes what is new or changed, and the history of each row with it: one statement. Returns how many rows it wrote. */
export async function writeRows(
  tx: Tx,
  shape: Shape,
  facts: TableFacts,
  given: StoredImport,
  officer: ActingOfficer,
): Promise<number> {
  const id = sql.ref(`kept.${shape.definition.id}`);
  const written = upsert(
    shape,
    facts,
    given,
    sql`a.act IN ('new', 'changed')`,
    sql`RETURNING ${id} AS row_id, kept.region, to_jsonb(kept) AS after`,
  );
  const { rows } = await sql<{ n: number }>`
    WITH before AS MATERIALIZED (
      SELECT a.row_id, to_jsonb(r) AS kept FROM ${sql.table(stageTables(given.import_id).assessed)} a
      JOIN ${tableOf(shape)} r ON ${sql.ref(`r.${shape.definition.id}`)} = a.row_id WHERE a.act = 'changed'),
    written AS (${written}),
    noted AS (
      INSERT INTO registers.change (register, row_id, region, act, before, after, import_id, officer_id, officer_name, reason, business_date)
      SELECT ${shape.name}, w.row_id, w.region, CASE WHEN b.kept IS NULL THEN 'create' ELSE 'update' END, b.kept, w.after,
        ${given.import_id}::bigint, ${officer.officerId}::bigint, ${officer.name}, ${`导入 ${given.file_name}`}, ${given.business_date}::date
      FROM written w LEFT JOIN before b USING (row_id) RETURNING 1)
    SELECT count(*)::int AS n FROM noted`.execute(tx);
  return rows[0]!.n;
}

/**
 * Takes an import back: rows that it made go, rows that it changed become what they were. The caller has made sure that nothing
 * stands on them. Their version goes on counting: whoever has a form open must not save over it.
 */
export async function takeBack(
  tx: Tx,
  shape: Shape,
  facts: TableFacts,
  given: StoredImport,
  officer: ActingOfficer & { readonly businessDate: string },
): Promise<number> {
  const table = tableOf(shape);
  const id = sql.ref(shape.definition.id);
  const restored = facts.columns
    .filter(({ name, made }) => !made && name !== "version")
    .map(({ name }) => sql`${sql.ref(name)} = ${sql.ref(`was.${name}`)}`);
  const notes = sql`INSERT INTO registers.change (register, row_id, region, act, before, after, import_id, officer_id, officer_name, reason, business_date)`;
  const words = sql`${given.import_id}::bigint, ${officer.officerId}::bigint, ${officer.name}, ${`撤销导入 ${given.file_name}`}, ${officer.businessDate}::date`;
  const own = sql`c.import_id = ${given.import_id}::bigint AND c.register = ${shape.name}`;
  const changed = await sql<{ n: number }>`
    WITH back AS (
      UPDATE ${table} AS r SET ${sql.join(restored)}, version = r.version + 1
      FROM registers.change c, LATERAL jsonb_populate_record(NULL::${table}, c.before) was
      WHERE ${own} AND c.act = 'update' AND ${sql.ref(`r.${shape.definition.id}`)} = c.row_id
      RETURNING c.row_id, r.region, c.after AS before, to_jsonb(r) AS after),
    noted AS (${notes} SELECT ${shape.name}, row_id, region, 'undo', before, after, ${words} FROM back RETURNING 1)
    SELECT count(*)::int AS n FROM noted`.execute(tx);
  const removed = await sql<{ n: number }>`
    WITH gone AS (
      DELETE FROM ${table} AS r USING registers.change c WHERE ${own} AND c.act = 'create' AND r.${id} = c.row_id
      RETURNING c.row_id, r.region, c.after AS before),
    noted AS (${notes} SELECT ${shape.name}, row_id, region, 'undo', before, NULL, ${words} FROM gone RETURNING 1)
    SELECT count(*)::int AS n FROM noted`.execute(tx);
  return changed.rows[0]!.n + removed.rows[0]!.n;
}
