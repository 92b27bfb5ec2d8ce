import type { SqlRunner } from "../../platform/db/database.ts";
import type { PersonTable } from "#registry";
import { quoted, shapeOf, withIdsAsText, type TableShape } from "./catalogue.ts";
import { overlapsSql, rechain, unchain } from "./employment.ts";

export interface MergeFacts {
  readonly mergeId: string;
  readonly survivorId: string;
  readonly loserId: string;
  readonly survivorHome: string;
  readonly officerId: string | null;
  readonly officerName: string;
  readonly businessDate: string;
  readonly reason: string;
}

const PERSON = "registry.person";

/**
 * Makes two records one (trust.md): the loser's rows become the survivor's by one statement a table, in every domain, with a map of
 * what they were. A row that the survivor has too (one unique key, one spell) is set aside in the map, with the rows that stand on
 * it. Numbers are added to the survivor as keys; the loser's own record goes, and history says so.
 * `cells`: columns of the survivor's record to write, or null.
 */
export async function mergeRecords(
  run: SqlRunner,
  tables: readonly PersonTable[],
  facts: MergeFacts,
  cells: Readonly<Record<string, unknown>> | null,
): Promise<void> {
  const { survivorId, loserId } = facts;
  await unchain(run, [survivorId, loserId]);
  for (const table of tables) {
    if (table.on === "history") continue;
    const shape = await shapeOf(run, table.table, table.column);
    if (table.on === "derived") await setAside(run, facts, table.table, shape, `l.${table.column} = ${loserId}`);
    else await moveRows(run, table, shape, facts);
  }
  await rechain(run, [survivorId, loserId]);
  if (cells) await changeSurvivor(run, facts, cells);
  await removeLoser(run, facts);
  await writeHistory(run, tables, facts, "merge");
}

async function moveRows(run: SqlRunner, table: PersonTable, shape: TableShape, facts: MergeFacts): Promise<void> {
  const { survivorId, loserId, mergeId } = facts;
  const own = `l.${table.column} = ${loserId}`;
  const clashes = clashesOf(table, shape, survivorId);
  if (clashes.length > 0) await setAside(run, facts, table.table, shape, `${own} AND (${clashes.join(" OR ")})`);
  const sets = [`${table.column} = ${survivorId}`];
  if (shape.columns.has("home_region")) sets.push(`home_region = ${quoted(facts.survivorHome)}`);
  if (shape.columns.has("version")) sets.push("version = t.version + 1");
  // No batch may take the rows for its own latest work and carry them off when it is undone.
  if (table.entity) sets.push("batch_id = NULL");
  if (table.table === "registry.person_access") sets.push("created_batch = NULL");
  if (table.entity === "employment")
    sets.push(`employment_id = CASE WHEN o.taken THEN o.free + o.place ELSE t.employment_id END`);
  await run.query(`WITH old AS (SELECT l.ctid AS at, to_jsonb(l) AS old_row${table.entity === "employment" ? freeNumberSql(survivorId) : ""} FROM ${table.table} l WHERE ${own}),
    moved AS (UPDATE ${table.table} t SET ${sets.join(", ")} FROM old o WHERE t.ctid = o.at RETURNING o.old_row, to_jsonb(t) AS new_row)
    INSERT INTO duplicates.merge_row (merge_id, way, table_name, act, old_row, new_row) SELECT ${mergeId}, 'merge', ${quoted(table.table)}, 'moved', old_row, new_row FROM moved`);
}

/** A spell's number is the person's own: one that the survivor uses becomes the next free one. */
const freeNumberSql = (survivorId: string): string =>
  `, EXISTS (SELECT FROM registry.employment s WHERE s.person_id = ${survivorId} AND s.employment_id = l.employment_id) AS taken,
     (SELECT max(s.employment_id) FROM registry.employment s WHERE s.person_id IN (${survivorId}, l.person_id)) AS free, row_number() OVER (ORDER BY l.employment_id) AS place`;

/** SQL conditions under which row `l` of the loser cannot stand beside a row of the survivor. */
export function clashesOf(table: PersonTable, shape: TableShape, survivorId: string): string[] {
  if (table.entity === "employment") return [overlapsSql(survivorId)];
  return shape.unique.map(({ columns, predicate, nullsEqual }) => {
    const equal = columns.map((column) =>
      nullsEqual ? `s.${column} IS NOT DISTINCT FROM l.${column}` : `s.${column} = l.${column}`,
    );
    const other = predicate === null ? [] : [`l.ctid IN (SELECT ctid FROM ${table.table} WHERE ${predicate})`];
    const rows = `SELECT FROM (SELECT * FROM ${table.table}${predicate === null ? "" : ` WHERE ${predicate}`}) s`;
    return `(${[`EXISTS (${rows} WHERE s.${table.column} = ${survivorId}${equal.map((one) => ` AND ${one}`).join("")})`, ...other].join(" AND ")})`;
  });
}

/** Takes rows `l` out into the map, first those that stand on them. */
async function setAside(
  run: SqlRunner,
  facts: MergeFacts,
  table: string,
  shape: TableShape,
  condition: string,
): Promise<void> {
  const some = await run.query<{ some: boolean }>(`SELECT EXISTS (SELECT FROM ${table} l WHERE ${condition}) AS some`);
  if (!some.rows[0]!.some) return;
  for (const child of shape.children) {
    const joined = child.pairs.map(({ own, parent }) => `l.${own} = p.${parent}`).join(" AND ");
    const parents = `SELECT FROM ${table} p WHERE ${joined} AND (${condition.replaceAll(/\bl\./g, "p.")})`;
    await setAside(run, facts, child.table, await shapeOf(run, child.table, null), `EXISTS (${parents})`);
  }
  await run.query(`WITH gone AS (DELETE FROM ${table} l WHERE ${condition} RETURNING to_jsonb(l) AS old_row)
    INSERT INTO duplicates.merge_row (merge_id, way, table_name, act, old_row) SELECT ${facts.mergeId}, 'merge', ${quoted(table)}, 'aside', old_row FROM gone`);
}

async function changeSurvivor(
  run: SqlRunner,
  facts: MergeFacts,
  cells: Readonly<Record<string, unknown>>,
): Promise<void> {
  const given = quoted(JSON.stringify(cells));
  const sets = Object.keys(cells).map((column) => `${column} = n.${column}`);
  await run.query(`WITH old AS (SELECT p.ctid AS at, to_jsonb(p) AS old_row FROM ${PERSON} p WHERE p.person_id = ${facts.survivorId}),
    changed AS (UPDATE ${PERSON} t SET ${[...sets, "version = t.version + 1", "batch_id = NULL"].join(", ")} FROM old o, jsonb_populate_record(NULL::${PERSON}, ${given}::jsonb) n
      WHERE t.ctid = o.at RETURNING o.old_row, to_jsonb(t) AS new_row)
    INSERT INTO duplicates.merge_row (merge_id, way, table_name, act, old_row, new_row) SELECT ${facts.mergeId}, 'merge', ${quoted(PERSON)}, 'changed', old_row, new_row FROM changed`);
}

async function removeLoser(run: SqlRunner, facts: MergeFacts): Promise<void> {
  await run.query(`WITH gone AS (DELETE FROM ${PERSON} l WHERE l.person_id = ${facts.loserId} RETURNING to_jsonb(l) AS old_row)
    INSERT INTO duplicates.merge_row (merge_id, way, table_name, act, old_row) SELECT ${facts.mergeId}, 'merge', ${quoted(PERSON)}, 'removed', old_row FROM gone`);
}

/** Bookkeeping of a version, which every change writes besides its cells. */
const ALWAYS = "ARRAY['version', 'batch_id']";

/**
 * What a row was before and is after, in the history of its kind, so that an earlier day is told as it was: what moved was deleted
 * from one person and made for the other. The undo writes the same the other way round.
 */
export async function writeHistory(
  run: SqlRunner,
  tables: readonly PersonTable[],
  facts: MergeFacts,
  way: "merge" | "undo",
): Promise<void> {
  const author = `${quoted(facts.reason)}, ${facts.officerId ?? "NULL"}::bigint, ${quoted(facts.officerName)}`;
  const mapped = `duplicates.merge_row m WHERE m.merge_id = ${facts.mergeId} AND m.way = ${quoted(way)}`;
  const persons: PersonTable = { table: PERSON, column: "person_id", key: [], on: "move" };
  for (const table of [...tables, persons]) {
    const entity = table === persons ? "person" : table.entity;
    if (entity) {
      const key = table.key.map((column) => `${quoted(column)}, r.row ->> ${quoted(column)}`).join(", ");
      await run.query(`INSERT INTO registry.change (person_id, entity, entity_key, act, before, after, source, reason, officer_id, officer_name, home_region)
        SELECT (r.row ->> 'person_id')::bigint, ${quoted(entity)}, jsonb_build_object(${key}), r.act, r.before, r.after, (r.row ->> 'source')::smallint, ${author}, r.row ->> 'home_region'
        FROM (SELECT m.row_no, m.act, m.old_row AS was, m.new_row AS became FROM ${mapped} AND m.table_name = ${quoted(table.table)}) x
        CROSS JOIN LATERAL (
          SELECT x.was AS row, 'delete' AS act, ${withIdsAsText("x.was")} AS before, NULL::jsonb AS after WHERE x.act <> 'changed' AND x.was IS NOT NULL
          UNION ALL SELECT x.became, 'create', NULL, ${withIdsAsText("x.became")} WHERE x.act <> 'changed' AND x.became IS NOT NULL
          UNION ALL SELECT x.became, 'update', (SELECT jsonb_object_agg(w.key, w.value) FROM jsonb_each(${withIdsAsText("x.was")}) w WHERE w.key = ANY (${ALWAYS}) OR w.value IS DISTINCT FROM x.became -> w.key AND w.value #>> '{}' IS DISTINCT FROM x.became ->> w.key),
            (SELECT jsonb_object_agg(w.key, w.value) FROM jsonb_each(${withIdsAsText("x.became")}) w WHERE w.key = ANY (${ALWAYS}) OR w.value IS DISTINCT FROM x.was -> w.key AND w.value #>> '{}' IS DISTINCT FROM x.was ->> w.key)
            WHERE x.act = 'changed') r
        ORDER BY x.row_no, r.act DESC`);
    } else if (table.register) {
      const name = "by" in table.register ? `x.row ->> ${quoted(table.register.by)}` : quoted(table.register.name);
      await run.query(`INSERT INTO registers.change (register, row_id, region, act, before, after, officer_id, officer_name, reason, business_date)
        SELECT ${name}, (x.row ->> ${quoted(table.key[0]!)})::bigint, x.row ->> 'region', CASE WHEN x.was IS NULL THEN 'create' WHEN x.became IS NULL THEN 'remove' ELSE 'update' END,
          x.was, x.became, ${facts.officerId ?? "NULL"}::bigint, ${quoted(facts.officerName)}, ${quoted(facts.reason)}, ${quoted(facts.businessDate)}::date
        FROM (SELECT m.old_row AS was, m.new_row AS became, coalesce(m.new_row, m.old_row) AS row, m.row_no FROM ${mapped} AND m.table_name = ${quoted(table.table)}) x ORDER BY x.row_no`);
    }
  }
}
