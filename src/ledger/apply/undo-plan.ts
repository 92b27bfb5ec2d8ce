import type { SqlRunner } from "../../platform/db/database.ts";
import { quote } from "../compare/sql.ts";

/** Tables whose rows a batch may create or change, children before parents, with the columns that identify a row. */
export const UNDO_TABLES = [
  { entity: "employment", key: [{ column: "employment_id", type: "bigint" }] },
  {
    entity: "contract",
    key: [
      { column: "employer_key", type: "bigint" },
      { column: "start_date", type: "date" },
    ],
  },
  {
    entity: "insurance_month",
    key: [
      { column: "month", type: "date" },
      { column: "kind", type: "text" },
      { column: "employer_key", type: "bigint" },
    ],
  },
  {
    entity: "wage_month",
    key: [
      { column: "month", type: "date" },
      { column: "employer_key", type: "bigint" },
    ],
  },
  {
    entity: "other_record",
    key: [
      { column: "title", type: "text" },
      { column: "month", type: "date" },
    ],
  },
  {
    entity: "person_category",
    key: [
      { column: "category", type: "text" },
      { column: "valid_from", type: "date" },
    ],
  },
  { entity: "person", key: [] },
] as const satisfies readonly UndoTable[];

export interface UndoTable {
  readonly entity: string;
  readonly key: readonly { readonly column: string; readonly type: string }[];
}

/** Bookkeeping columns: restored exactly when nothing came later, moved on when something did. */
const BOOKKEEPING = `ARRAY['version', 'batch_id', 'cell_sources']`;

/** SQL: a created row is as the batch left it, so that the undo takes it away. */
export function removableSql(alias: string, batchId: string): string {
  return `(${alias}.created_batch = ${batchId} AND ${alias}.batch_id = ${batchId} AND ${alias}.version = 1)`;
}

/** SQL: columns that mean something only together, by the name of the first. The envelope holds phone and account. */
const TOGETHER = `CASE WHEN b.key IN ('phone_mask', 'phone_hash', 'phone_tail', 'bank_mask', 'bank_hash') THEN 'secret' WHEN b.key = 'employer_key' THEN 'employer_name'
  WHEN b.key = 'start_precision' THEN 'start_date' WHEN b.key = 'end_precision' THEN 'end_date' ELSE b.key END`;

/** SQL: the name under which cell_sources keeps the source of a column. */
const FIELD = "CASE b.key WHEN 'phone_hash' THEN 'phone' WHEN 'bank_hash' THEN 'bank_account' ELSE b.key END";

/**
 * SQL: a spell as it was before would run into one that stays. That comes of something later only: another spell at the same
 * employer, or the batch's own following spell, which somebody has added to since.
 */
function clashSql(batchId: string): string {
  const before = (column: string, type: string) =>
    `CASE WHEN h.before ? '${column}' THEN (h.before->>'${column}')::${type} ELSE t.${column} END`;
  return `EXISTS (SELECT 1 FROM registry.employment x WHERE x.person_id = t.person_id AND x.employment_id <> t.employment_id AND NOT ${removableSql("x", batchId)}
    AND ((x.employer_key = ${before("employer_key", "bigint")} AND x.start_date <= coalesce(${before("end_date", "date")}, 'infinity') AND coalesce(x.end_date, 'infinity') >= ${before("start_date", "date")})
      OR (x.created_batch = ${batchId} AND x.start_date > t.start_date)))`;
}

/**
 * SQL: every row that the batch changed and that is still there, with the cells that go back (`cells`, with the bookkeeping
 * where nothing came later) and whether others stay because somebody has touched them since (`kept`). What the undo does
 * and what its preview promises come from here.
 */
export function restorePlanSql({ entity, key }: UndoTable, batchId: string): string {
  const join = key.map(({ column, type }) => `AND t.${column} = (h.entity_key->>'${column}')::${type}`).join(" ");
  const clash = entity === "employment" ? clashSql(batchId) : "false";
  return `SELECT t.person_id, h.entity_key, h.change_id, h.source, h.home_region, u.held, u.untouched AND NOT c.kept AS whole, c.kept,
      CASE WHEN u.untouched AND NOT c.kept THEN h.before WHEN c.cells = '{}' THEN c.cells ELSE c.cells || CASE WHEN h.before ? 'cell_sources' THEN jsonb_build_object('cell_sources', s.sources) ELSE '{}' END END AS cells
    FROM registry.change h JOIN registry.${entity} t ON t.person_id = h.person_id ${join}
      CROSS JOIN LATERAL (SELECT to_jsonb(t) AS held, t.batch_id IS NOT DISTINCT FROM ${batchId} AND t.version = (h.after->>'version')::int AS untouched, ${clash} AS clash OFFSET 0) u
      CROSS JOIN LATERAL (SELECT coalesce(jsonb_object_agg(b.key, b.value) FILTER (WHERE b.free), '{}') AS cells, coalesce(bool_or(NOT b.free), false) AS kept,
          coalesce(array_agg(${FIELD}) FILTER (WHERE b.free), '{}') AS fields
        FROM (SELECT b.key, b.value, bool_and(u.held->b.key IS NOT DISTINCT FROM h.after->b.key AND NOT (u.clash AND ${TOGETHER} IN ('start_date', 'end_date', 'end_reason', 'employer_name')))
            OVER (PARTITION BY ${TOGETHER}) AS free FROM jsonb_each(h.before - ${BOOKKEEPING}) b) b OFFSET 0) c
      CROSS JOIN LATERAL (SELECT nullif((CASE jsonb_typeof(u.held->'cell_sources') WHEN 'object' THEN u.held->'cell_sources' ELSE '{}' END - c.fields)
        || coalesce((SELECT jsonb_object_agg(o.key, o.value) FROM jsonb_each(CASE jsonb_typeof(h.before->'cell_sources') WHEN 'object' THEN h.before->'cell_sources' ELSE '{}' END) o WHERE o.key = ANY (c.fields)), '{}'), '{}') AS sources) s
    WHERE h.batch_id = ${batchId} AND h.entity = ${quote(entity)}`;
}

const CHILDREN = ["employment", "contract", "insurance_month", "wage_month", "other_record", "person_category"];

/**
 * SQL for each table of another domain that refers to persons (an introduction, a placement): the rows about person `p`. Read from the
 * catalogue, for the ledger knows none of them.
 */
export async function rowsElsewhere(run: SqlRunner): Promise<string[]> {
  const { rows } = await run.query<{ rows: string }>(
    `SELECT format('SELECT 1 FROM %I.%I x WHERE x.%I = p.person_id', n.nspname, t.relname, a.attname) AS rows
     FROM pg_constraint c JOIN pg_class t ON t.oid = c.conrelid JOIN pg_namespace n ON n.oid = t.relnamespace
       JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = c.conkey[1]
     WHERE c.contype = 'f' AND c.confrelid = 'registry.person'::regclass AND n.nspname NOT IN ('registry', 'ledger') ORDER BY 1`,
  );
  return rows.map((found) => found.rows);
}

/** SQL: people whom the batch brought and of whom nothing was recorded since, here or in any other domain (`rowsElsewhere`); `p` is the person. */
export function leavingSql(batchId: string, elsewhere: readonly string[]): string {
  const stays = [
    ...CHILDREN.map(
      (table) =>
        `SELECT 1 FROM registry.${table} x WHERE x.person_id = p.person_id AND NOT coalesce(${removableSql("x", batchId)}, false)`,
    ),
    `SELECT 1 FROM registry.person_access x WHERE x.person_id = p.person_id AND x.created_batch IS DISTINCT FROM ${batchId}`,
    `SELECT 1 FROM registry.person_key x WHERE x.person_id = p.person_id AND x.created_batch IS DISTINCT FROM ${batchId}`,
    `SELECT 1 FROM registry.comparison x WHERE x.person_id = p.person_id AND x.batch_id IS DISTINCT FROM ${batchId}`,
    `SELECT 1 FROM ledger.line x WHERE x.person_id = p.person_id AND x.batch_id <> ${batchId}`,
    ...elsewhere,
  ];
  return `(${removableSql("p", batchId)} ${stays.map((rows) => `AND NOT EXISTS (${rows})`).join(" ")})`;
}
