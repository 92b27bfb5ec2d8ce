import type { SqlRunner } from "../../platform/db/database.ts";
import { quote } from "../compare/sql.ts";
import { rechain, unchain } from "./employment.ts";
import { syncHome } from "./persons.ts";
import { leavingSql, removableSql, restorePlanSql, rowsElsewhere, UNDO_TABLES, type UndoTable } from "./undo-plan.ts";

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
    if (table.entity !== "person")
      await run.query(`DELETE FROM registry.${table.entity} t WHERE ${removableSql("t", facts.batchId)}`);
    await restoreRows(run, table, facts);
  }
  await run.query(`DELETE FROM registry.person_access WHERE created_batch = ${facts.batchId}`);
  await removePersons(run, facts);
  await rechain(run);
  await syncHome(
    run,
    `SELECT person_id FROM registry.change WHERE batch_id = ${facts.batchId} AND entity = 'person' AND before ? 'home_region'`,
  );
  await restoreLines(run, facts);
  await run.query(
    `UPDATE registry.comparison SET state = 'withdrawn', decided_at = now(), decision_note = '批次已撤销' WHERE batch_id = ${facts.batchId} AND state = 'open'`,
  );
}

async function columnsOf(run: SqlRunner, entity: string): Promise<string[]> {
  const result = await run.query<{ name: string }>(
    `SELECT attname AS name FROM pg_attribute WHERE attrelid = 'registry.${entity}'::regclass AND attnum > 0 AND NOT attisdropped ORDER BY attnum`,
  );
  return result.rows.map((row) => row.name);
}

async function restoreRows(run: SqlRunner, table: UndoTable, facts: UndoFacts): Promise<void> {
  const { entity, key } = table;
  await run.query("DROP TABLE IF EXISTS pg_temp.restore");
  await run.query(
    `CREATE TEMP TABLE restore ON COMMIT DROP AS SELECT * FROM (${restorePlanSql(table, facts.batchId)}) plan WHERE cells <> '{}'`,
  );
  await run.query(
    `UPDATE restore SET cells = cells || jsonb_build_object('version', (held->>'version')::int + 1, 'batch_id', ${facts.counterBatch}) WHERE NOT whole`,
  );
  await run.query(`INSERT INTO registry.change (person_id, entity, entity_key, act, before, after, batch_id, source, reason, home_region)
    SELECT r.person_id, ${quote(entity)}, r.entity_key, 'update', (SELECT jsonb_object_agg(k, r.held->k) FROM jsonb_object_keys(r.cells) k), r.cells, ${facts.counterBatch}, r.source, '撤销', r.home_region FROM restore r`);
  const columns = (await columnsOf(run, entity)).filter(
    (column) => column !== "person_id" && column !== "previous_end" && !key.some((part) => part.column === column),
  );
  const keyJoin = key.map(({ column, type }) => `AND t.${column} = (r.entity_key->>'${column}')::${type}`).join(" ");
  await run.query(`UPDATE registry.${entity} t SET ${columns.map((column) => `${column} = n.${column}`).join(", ")}
    FROM restore r CROSS JOIN LATERAL jsonb_populate_record(NULL::registry.${entity}, r.held || r.cells) n WHERE t.person_id = r.person_id ${keyJoin}`);
}

/** People the batch brought stay when anything was recorded of them since; their keys and households stay with them. */
async function removePersons(run: SqlRunner, facts: UndoFacts): Promise<void> {
  const leaving = leavingSql(facts.batchId, await rowsElsewhere(run));
  await run.query(
    `CREATE TEMP TABLE leaving ON COMMIT DROP AS SELECT p.person_id FROM registry.person p WHERE ${leaving}`,
  );
  await run.query("DELETE FROM registry.person_key k USING leaving l WHERE k.person_id = l.person_id");
  await run.query("DELETE FROM registry.person p USING leaving l WHERE p.person_id = l.person_id");
  await run.query(
    `DELETE FROM registry.household h WHERE ${removableSql("h", facts.batchId)} AND NOT EXISTS (SELECT 1 FROM registry.person p WHERE p.household_id = h.household_id)`,
  );
}

/** What the tables last said. Where the line belongs follows the person and has done so already. */
async function restoreLines(run: SqlRunner, facts: UndoFacts): Promise<void> {
  await run.query(`UPDATE ledger.line l SET row_hash = b.row_hash, text_hash = b.text_hash, month = b.month, missing_since = b.missing_since, batch_id = b.latest_batch
    FROM ledger.line_before b WHERE b.batch_id = ${facts.batchId} AND l.kind = b.kind AND l.line_key = b.line_key AND l.batch_id = ${facts.batchId}`);
  await run.query(`DELETE FROM ledger.line WHERE created_batch = ${facts.batchId} AND batch_id = ${facts.batchId}`);
  await run.query(`DELETE FROM ledger.line_before WHERE batch_id = ${facts.batchId}`);
}
