import type { ClientBase } from "pg";
import { quote } from "../compare/sql.ts";
import { stageColumns, type LedgerKindDefinition } from "../kinds/kind.ts";

/**
 * Tables of one batch while it is worked on. Owned and read by the worker role only. `assessed` is the view that applying
 * reads: rows set beside the registry one by one (`compared`), and people nobody knows yet straight from `rows`. Of a row
 * whose text is known only its place and its text's hash are kept (`claims`); `reported` are the lines of both.
 */
export function stageTables(batchId: string): {
  rows: string;
  faults: string;
  claims: string;
  reported: string;
  apart: string;
  candidates: string;
  secrets: string;
  compared: string;
  assessed: string;
} {
  if (!/^\d+$/.test(batchId)) throw new Error("not a batch id");
  const base = `ledger_stage.batch_${batchId}`;
  return {
    rows: base,
    faults: `${base}_fault`,
    claims: `${base}_claim`,
    reported: `${base}_reported`,
    apart: `${base}_apart`,
    candidates: `${base}_candidate`,
    secrets: `${base}_secret`,
    compared: `${base}_compared`,
    assessed: `${base}_assessed`,
  };
}

export async function createStage(
  client: ClientBase,
  batchId: string,
  definition: LedgerKindDefinition,
): Promise<void> {
  const tables = stageTables(batchId);
  await dropStage(client, batchId);
  const columns = stageColumns(definition).map(
    (column) => `${column.name} ${column.type}${column.type === "text" ? ' COLLATE "C"' : ""}`,
  );
  await client.query(`CREATE UNLOGGED TABLE ${tables.rows} (${columns.join(", ")})`);
  await client.query(`CREATE UNLOGGED TABLE ${tables.faults} (
    sheet int, row_no int, field text, code text, severity text, column_no int, message text, value_mask text, suggestion text,
    suggestion_secret bytea, name text, region text, birth_date date)`);
  await client.query(`CREATE UNLOGGED TABLE ${tables.claims} (sheet smallint, row_no bigint, text_hash uuid)`);
  await client.query(`CREATE VIEW ${tables.reported} WITH (security_invoker = true) AS SELECT line_key FROM ${tables.rows} WHERE NOT held
    UNION ALL SELECT l.line_key FROM ${tables.claims} c JOIN ledger.line l ON l.kind = ${quote(definition.kind)} AND l.text_hash = c.text_hash`);
}

/** What a comparison has made of the staged rows, so that they can be compared anew. */
export async function dropComparison(client: ClientBase, batchId: string): Promise<void> {
  const { assessed, compared, secrets, candidates, apart } = stageTables(batchId);
  await client.query(`DROP VIEW IF EXISTS ${assessed}`);
  await client.query(`DROP TABLE IF EXISTS ${[compared, secrets, candidates, apart].join(", ")}`);
}

export async function dropStage(client: ClientBase, batchId: string): Promise<void> {
  const { rows, faults, claims, reported } = stageTables(batchId);
  await dropComparison(client, batchId);
  await client.query(`DROP VIEW IF EXISTS ${reported}`);
  await client.query(`DROP TABLE IF EXISTS ${[rows, faults, claims].join(", ")}`);
}
