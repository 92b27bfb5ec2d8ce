import type { ClientBase } from "pg";
import { stageColumns, type LedgerKindDefinition } from "../kinds/kind.ts";

/** Tables of one batch while it is worked on. Owned and read by the worker role only. */
export function stageTables(batchId: string): {
  rows: string;
  faults: string;
  candidates: string;
  assessed: string;
  secrets: string;
} {
  if (!/^\d+$/.test(batchId)) throw new Error("not a batch id");
  const base = `ledger_stage.batch_${batchId}`;
  return {
    rows: base,
    faults: `${base}_fault`,
    candidates: `${base}_candidate`,
    assessed: `${base}_assessed`,
    secrets: `${base}_secret`,
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
}

export async function dropStage(client: ClientBase, batchId: string): Promise<void> {
  const { rows, faults, candidates, assessed, secrets } = stageTables(batchId);
  await client.query(`DROP TABLE IF EXISTS ${rows}, ${faults}, ${candidates}, ${assessed}, ${secrets}`);
}
