import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { PoolClient } from "pg";
import { projectRoot } from "../../platform/config.ts";
import type { Keys } from "../../platform/keys.ts";
import type { Cell } from "../../platform/sheets/index.ts";
import type { LedgerField, LedgerKind } from "../contract.ts";
import type { LedgerKindDefinition } from "../kinds/kind.ts";
import type { TableRow } from "./read-rows.ts";
import { stageTables } from "./table.ts";

/**
 * Nineteen rows of twenty say this month, letter for letter, what they said last month. What a text was understood to say
 * is kept by its hash (`ledger.known_text`), so that such a row is neither read nor staged again: only its key and hashes
 * are. It is a memory and nothing else: what it says of a line counts only while the line itself still says so, rows in
 * which anything was wrong are never remembered, and every change of program, columns, coverage or divisions forgets all.
 */
export class TextHasher {
  readonly #keys: Keys;
  readonly #prefix: string;
  readonly #fields: readonly LedgerField[];

  constructor(keys: Keys, fields: readonly LedgerField[], salt: string) {
    this.#keys = keys;
    this.#fields = fields;
    this.#prefix = salt;
  }

  hash(cells: Partial<Record<LedgerField, Cell>>): string {
    let text = this.#prefix;
    for (const field of this.#fields) {
      const cell = cells[field] ?? null;
      text += SEPARATOR;
      text += cell === null ? "" : typeof cell === "string" ? cell : `${NOT_TEXT}${JSON.stringify(cell)}`;
    }
    return this.#keys.keyedHash("row", text);
  }
}

/** Control characters, which no cell holds: sheets have them replaced when read. */
const SEPARATOR = "\u001F";
const NOT_TEXT = "\u001E";

export interface RecallFacts {
  readonly kind: LedgerKind;
  readonly fields: readonly LedgerField[];
  readonly coverage: readonly string[];
  /** Mark of the divisions that places are looked up in. */
  readonly divisions: string;
}

/** Everything beside the cells that decides what a row is understood to say. */
export function recallSalt(facts: RecallFacts): string {
  return createHash("sha256")
    .update(JSON.stringify([programDigest(), facts.kind, facts.fields, facts.coverage, facts.divisions]))
    .digest("hex")
    .slice(0, 32);
}

let digest: string | undefined;

/** Of the program's own text: how cells are read may differ in any of its versions. */
function programDigest(): string {
  if (digest !== undefined) return digest;
  const folder = join(projectRoot, "src");
  const sum = createHash("sha256");
  const names = readdirSync(folder, { recursive: true, encoding: "utf8" });
  for (const name of names.filter((one) => /\.(ts|json)$/.test(one)).toSorted())
    sum.update(name).update(readFileSync(join(folder, name)));
  return (digest = sum.digest("hex"));
}

/** Whether the memory knows anything of tables of this kind; a first load need not ask row by row. */
export async function remembersAny(client: PoolClient, definition: LedgerKindDefinition): Promise<boolean> {
  if (!definition.timeless) return false;
  const found = await client.query<{ any: boolean }>(
    "SELECT EXISTS (SELECT 1 FROM ledger.known_text WHERE kind = $1) AS any",
    [definition.kind],
  );
  return found.rows[0]!.any;
}

/**
 * Makes a connection look texts up through the index. Left to itself the planner, which knows nothing of an unlogged
 * table's size yet, walks the whole memory for every few thousand rows.
 */
export async function beginRecall(client: PoolClient): Promise<void> {
  await client.query("SET enable_seqscan = off");
}

export async function endRecall(client: PoolClient): Promise<void> {
  await client.query("RESET enable_seqscan");
}

/** Stages, by key and hashes, those of the rows whose text is known and whose line still says it. Returns their row numbers. */
export async function recallRows(
  client: PoolClient,
  batchId: string,
  kind: LedgerKind,
  rows: readonly TableRow[],
  hashes: readonly string[],
): Promise<ReadonlySet<number>> {
  const { rows: table } = stageTables(batchId);
  const { rows: known } = await client.query<{ row_no: string }>({
    name: `recall-${batchId}`,
    text: `INSERT INTO ${table} (sheet, row_no, held, line_key, id_hash, row_hash, recalled)
      SELECT $1, r.row_no, false, t.line_key, t.id_hash, t.row_hash, true
      FROM unnest($2::uuid[], $3::bigint[]) AS r (text_hash, row_no)
        -- One look-up after the other for each row: the fences keep the planner from starting at the other end.
        CROSS JOIN LATERAL (SELECT t.line_key, t.id_hash, t.row_hash FROM ledger.known_text t WHERE t.kind = $4 AND t.text_hash = r.text_hash OFFSET 0) t
        CROSS JOIN LATERAL (SELECT l.row_hash FROM ledger.line l WHERE l.kind = $4 AND l.line_key = t.line_key AND l.missing_since IS NULL OFFSET 0) l
      WHERE l.row_hash = t.row_hash
      RETURNING row_no`,
    values: [rows[0]?.sheet ?? 0, `{${hashes.join(",")}}`, `{${rows.map((row) => row.rowNo).join(",")}}`, kind],
  });
  return new Set(known.map((row) => Number(row.row_no)));
}

/** Keeps what the batch's rows were understood to say; `changed` lines no longer say what they said before. */
export async function rememberTexts(client: PoolClient, batchId: string, kind: LedgerKind): Promise<void> {
  const { rows } = stageTables(batchId);
  await client.query(
    `INSERT INTO ledger.known_text (kind, text_hash, line_key, id_hash, row_hash)
      SELECT $1, text_hash, line_key, id_hash, row_hash FROM ${rows} WHERE text_hash IS NOT NULL AND NOT held ON CONFLICT DO NOTHING`,
    [kind],
  );
}

/** Forgets texts that no line says any more, once they could be many. */
export async function forgetTexts(client: PoolClient, batchId: string, kind: LedgerKind): Promise<void> {
  await client.query(
    `DELETE FROM ledger.known_text t USING ledger.line l
      WHERE t.kind = $1 AND l.kind = $1 AND l.batch_id = $2 AND l.line_key = t.line_key AND l.row_hash <> t.row_hash`,
    [kind, batchId],
  );
}
