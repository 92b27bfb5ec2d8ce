import type { ClientBase } from "pg";
import { quote } from "../compare/sql.ts";
import { stageColumns, type LedgerKindDefinition } from "../kinds/kind.ts";

/**
 * Tables of one batch while it is worked on. Owned and read by the worker role only. `assessed` is the view that applying
 * reads: rows set beside the registry one by one (`compared`), and people nobody knows yet straight from `rows`. Of a row
 * whose text is known only its place and its text's hash are kept (`packs`, and where a text stands there once more `again`;
 * `claims` shows them row by row); `reported` are the lines of both. `unsaid` are the known texts that no row has.
 */
export function stageTables(batchId: string): {
  rows: string;
  faults: string;
  packs: string;
  again: string;
  claims: string;
  unsaid: string;
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
    packs: `${base}_pack`,
    again: `${base}_again`,
    claims: `${base}_claim`,
    unsaid: `${base}_unsaid`,
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
  // Of keys and hashes it is enough to know that all differ: a look at a tenth of the pages.
  await client.query(
    `ALTER TABLE ${tables.rows} ${["line_key", "id_hash", "held", "recalled"].map((name) => `ALTER ${name} SET STATISTICS 10`).join(", ")}`,
  );
  await client.query(`CREATE UNLOGGED TABLE ${tables.faults} (
    sheet int, row_no int, field text, code text, severity text, column_no int, message text, value_mask text, suggestion text,
    suggestion_secret bytea, name text, region text, birth_date date)`);
  await client.query(`CREATE UNLOGGED TABLE ${tables.packs} (pack bigint, texts uuid[], places bigint[])`);
  // A pack fills a page and lies in it whole.
  await client.query(`ALTER TABLE ${tables.packs} ALTER texts SET STORAGE PLAIN, ALTER places SET STORAGE PLAIN`);
  await client.query(`CREATE UNLOGGED TABLE ${tables.again} (sheet smallint, row_no bigint, text_hash uuid)`);
  await client.query(`CREATE UNLOGGED TABLE ${tables.unsaid} (text_hash uuid NOT NULL)`);
  await client.query(`CREATE VIEW ${tables.claims} WITH (security_invoker = true) AS
    SELECT p.pack, (u.place >> 32)::smallint AS sheet, u.place & 4294967295 AS row_no, u.text_hash FROM ${tables.packs} p CROSS JOIN LATERAL unnest(p.texts, p.places) u(text_hash, place)
    UNION ALL SELECT NULL, sheet, row_no, text_hash FROM ${tables.again}`);
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
  const { rows, faults, packs, again, claims, unsaid, reported } = stageTables(batchId);
  await dropComparison(client, batchId);
  await client.query(`DROP VIEW IF EXISTS ${reported}, ${claims}`);
  await client.query(`DROP TABLE IF EXISTS ${[rows, faults, packs, again, unsaid].join(", ")}`);
}
