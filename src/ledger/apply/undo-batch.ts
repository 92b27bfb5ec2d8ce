import type { SqlRunner } from "../../platform/db/database.ts";
import { quote } from "../compare/sql.ts";
import { rechain, unchain } from "./employment.ts";
import { syncHome } from "./persons.ts";

/** Tables whose rows a batch may create or change, children before parents, with the columns that identify a row. */
const UNDO_TABLES: readonly { entity: string; key: readonly { column: string; type: string }[] }[] = [
  { entity: "employment", key: [{ column: "employment_id", type: "bigint" }] },
  { entity: "contract", key: [{ column: "employer_key", type: "bigint" }, { column: "start_date", type: "date" }] },
  { entity: "insurance_month", key: [{ column: "month", type: "date" }, { column: "kind", type: "text" }, { column: "employer_key", type: "bigint" }] },
  { entity: "wage_month", key: [{ column: "month", type: "date" }, { column: "employer_key", type: "bigint" }] },
  { entity: "other_record", key: [{ column: "title", type: "text" }, { column: "month", type: "date" }] },
  { entity: "person_category", key: [{ column: "category", type: "text" }, { column: "valid_from", type: "date" }] },
  { entity: "person", key: [] },
];

/** Bookkeeping columns: restored exactly when nothing came later, moved on when something did. */
const BOOKKEEPING = ["version", "batch_id", "cell_sources"];

export interface UndoFacts {
  readonly batchId: string;
  /** The counter-batch that the undo is recorded under. */
  readonly counterBatch: string;
  readonly kind: string;
}

/**
 * Takes a batch back: each cell only where the batch's value still stands, each created row only where nothing was added to
 * it since. With nothing later every registry row is byte by byte what it was. History is not rewritten but added to.
 */
export async function undoBatch(run: SqlRunner, facts: UndoFacts): Promise<void> {
  await run.query("SET LOCAL work_mem = '256MB'");
  await run.query(`CREATE TEMP TABLE touched_group ON COMMIT DROP AS
    SELECT e.person_id, e.employer_key FROM registry.employment e WHERE e.created_batch = ${facts.batchId}
    UNION SELECT e.person_id, e.employer_key FROM registry.change h JOIN registry.employment e ON e.person_id = h.person_id AND e.employment_id = (h.entity_key->>'employment_id')::bigint
      WHERE h.batch_id = ${facts.batchId} AND h.entity = 'employment'
    UNION SELECT h.person_id, (h.before->>'employer_key')::bigint FROM registry.change h WHERE h.batch_id = ${facts.batchId} AND h.entity = 'employment' AND h.before ? 'employer_key'`);
  await unchain(run);
  for (const table of UNDO_TABLES) {
    await restoreRows(run, table.entity, table.key, facts);
    if (table.entity !== "person") await removeCreated(run, table.entity, facts);
  }
  await run.query(`DELETE FROM registry.person_access WHERE created_batch = ${facts.batchId}`);
  await removePersons(run, facts);
  await rechain(run);
  await syncHome(run, `SELECT person_id FROM registry.change WHERE batch_id = ${facts.batchId} AND entity = 'person' AND before ? 'home_region'`);
  await restoreLines(run, facts);
  await run.query(`UPDATE registry.comparison SET state = 'withdrawn', decided_at = now(), decision_note = '批次已撤销' WHERE batch_id = ${facts.batchId} AND state = 'open'`);
}

async function columnsOf(run: SqlRunner, entity: string): Promise<string[]> {
  const result = await run.query<{ name: string }>(`SELECT attname AS name FROM pg_attribute WHERE attrelid = 'registry.${entity}'::regclass AND attnum > 0 AND NOT attisdropped ORDER BY attnum`);
  return result.rows.map((row) => row.name);
}

async function restoreRows(run: SqlRunner, entity: string, key: readonly { column: string; type: string }[], facts: UndoFacts): Promise<void> {
  const join = key.map(({ column, type }) => `AND t.${column} = (h.entity_key->>'${column}')::${type}`).join(" ");
  const bookkeeping = `ARRAY[${BOOKKEEPING.map(quote).join(", ")}]`;
  // `untouched`: the row is as the batch left it. Else only cells that still hold the batch's value go back.
  await run.query(`DROP TABLE IF EXISTS pg_temp.restore`);
  await run.query(`CREATE TEMP TABLE restore ON COMMIT DROP AS
    SELECT t.person_id, h.entity_key, h.change_id, u.untouched, to_jsonb(t) AS held,
      CASE WHEN u.untouched THEN h.before ELSE coalesce((SELECT jsonb_object_agg(b.key, b.value) FROM jsonb_each(h.before - ${bookkeeping}) b
        WHERE to_jsonb(t)->b.key IS NOT DISTINCT FROM h.after->b.key), '{}'::jsonb) END AS cells
    FROM registry.change h JOIN registry.${entity} t ON t.person_id = h.person_id ${join}
      CROSS JOIN LATERAL (SELECT t.batch_id IS NOT DISTINCT FROM ${facts.batchId} AND t.version = (h.after->>'version')::int AS untouched) u
    WHERE h.batch_id = ${facts.batchId} AND h.entity = ${quote(entity)}`);
  await run.query(`UPDATE restore SET cells = cells || jsonb_build_object('version', (held->>'version')::int + 1, 'batch_id', ${facts.counterBatch}) WHERE NOT untouched AND cells <> '{}'`);
  await run.query("DELETE FROM restore WHERE cells = '{}'");
  await run.query(`INSERT INTO registry.change (person_id, entity, entity_key, act, before, after, batch_id, source, reason, home_region)
    SELECT r.person_id, ${quote(entity)}, r.entity_key, 'update', (SELECT jsonb_object_agg(k, r.held->k) FROM jsonb_object_keys(r.cells) k), r.cells, ${facts.counterBatch}, h.source, '撤销', h.home_region
    FROM restore r JOIN registry.change h ON h.person_id = r.person_id AND h.change_id = r.change_id`);
  const columns = (await columnsOf(run, entity)).filter((column) => column !== "person_id" && column !== "previous_end" && !key.some((part) => part.column === column));
  const keyJoin = key.map(({ column, type }) => `AND t.${column} = (r.entity_key->>'${column}')::${type}`).join(" ");
  await run.query(`UPDATE registry.${entity} t SET ${columns.map((column) => `${column} = n.${column}`).join(", ")}
    FROM restore r CROSS JOIN LATERAL jsonb_populate_record(NULL::registry.${entity}, r.held || r.cells) n WHERE t.person_id = r.person_id ${keyJoin}`);
}

/** Rows the batch created and nobody changed since. */
function removeCreated(run: SqlRunner, entity: string, facts: UndoFacts): Promise<unknown> {
  return run.query(`DELETE FROM registry.${entity} WHERE created_batch = ${facts.batchId} AND batch_id = ${facts.batchId} AND version = 1`);
}

const CHILDREN = ["employment", "contract", "insurance_month", "wage_month", "other_record", "person_category", "person_access", "comparison"];

/** People the batch brought stay when anything was recorded of them since; their keys and households stay with them. */
async function removePersons(run: SqlRunner, facts: UndoFacts): Promise<void> {
  const later = CHILDREN.map((table) => `AND NOT EXISTS (SELECT 1 FROM registry.${table} x WHERE x.person_id = p.person_id${table === "comparison" ? ` AND x.batch_id IS DISTINCT FROM ${facts.batchId}` : ""})`).join(" ");
  await run.query(`CREATE TEMP TABLE leaving ON COMMIT DROP AS SELECT p.person_id, p.household_id FROM registry.person p
    WHERE p.created_batch = ${facts.batchId} AND p.batch_id = ${facts.batchId} AND p.version = 1 ${later}
      AND NOT EXISTS (SELECT 1 FROM registry.person_key k WHERE k.person_id = p.person_id AND k.created_batch IS DISTINCT FROM ${facts.batchId})
      AND NOT EXISTS (SELECT 1 FROM ledger.line l WHERE l.person_id = p.person_id AND l.batch_id <> ${facts.batchId})`);
  await run.query("DELETE FROM registry.person_key k USING leaving l WHERE k.person_id = l.person_id");
  await run.query("DELETE FROM registry.person p USING leaving l WHERE p.person_id = l.person_id");
  await run.query(`DELETE FROM registry.household h WHERE h.created_batch = ${facts.batchId} AND h.batch_id = ${facts.batchId} AND h.version = 1
    AND NOT EXISTS (SELECT 1 FROM registry.person p WHERE p.household_id = h.household_id)`);
}

/** What the tables last said. Where the line belongs follows the person and has done so already. */
async function restoreLines(run: SqlRunner, facts: UndoFacts): Promise<void> {
  await run.query(`UPDATE ledger.line l SET row_hash = (b.before->>'row_hash')::uuid, month = (b.before->>'month')::date, missing_since = (b.before->>'missing_since')::date,
      batch_id = (b.before->>'batch_id')::bigint
    FROM ledger.line_before b WHERE b.batch_id = ${facts.batchId} AND l.kind = b.kind AND l.line_key = b.line_key AND l.batch_id = ${facts.batchId}`);
  await run.query(`DELETE FROM ledger.line WHERE created_batch = ${facts.batchId} AND batch_id = ${facts.batchId}`);
  await run.query(`DELETE FROM ledger.line_before WHERE batch_id = ${facts.batchId}`);
}
