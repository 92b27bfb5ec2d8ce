import type { ClientBase } from "pg";
import { stageColumns, type LedgerKindDefinition } from "../kinds/kind.ts";

/** Tables of one batch while it is worked on. Owned and read by the worker role only. */
export function stageTables(batchId: string): {
  rows: string;
  faults: string;
  candidates: string;
  assessed: string;
  secrets: string;
  parts: string;
  claims: string;
} {
  if (!/^\d+$/.test(batchId)) throw new Error("not a batch id");
  const base = `ledger_stage.batch_${batchId}`;
  return {
    rows: base,
    faults: `${base}_fault`,
    candidates: `${base}_candidate`,
    assessed: `${base}_assessed`,
    secrets: `${base}_secret`,
    parts: `${base}_part`,
    claims: `${base}_claim`,
  };
}

/** A part of the file that was read by itself and has a vault of its own: all rows from `first_row` to the next part's. */
export interface StoredPart {
  readonly part: number;
  readonly first_row: number;
}

export async function createStage(
  client: ClientBase,
  batchId: string,
  definition: LedgerKindDefinition,
  parts: readonly StoredPart[],
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
  await client.query(`CREATE TABLE ${tables.parts} (part int PRIMARY KEY, first_row int NOT NULL)`);
  await client.query(`INSERT INTO ${tables.parts} SELECT * FROM unnest($1::int[], $2::int[])`, [
    parts.map(({ part }) => part),
    parts.map(({ first_row }) => first_row),
  ]);
}

/** Parts in file order; none when nothing is staged. */
export async function storedParts(client: ClientBase, batchId: string): Promise<StoredPart[]> {
  const { parts } = stageTables(batchId);
  const known = await client.query<{ known: boolean }>("SELECT to_regclass($1) IS NOT NULL AS known", [parts]);
  if (!known.rows[0]!.known) return [];
  const found = await client.query<StoredPart>(`SELECT part, first_row FROM ${parts} ORDER BY part`);
  return found.rows;
}

export async function dropStage(client: ClientBase, batchId: string): Promise<void> {
  await client.query(`DROP TABLE IF EXISTS ${Object.values(stageTables(batchId)).join(", ")}`);
}
