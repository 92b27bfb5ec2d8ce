import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { PoolClient } from "pg";
import { to as copyTo } from "pg-copy-streams";
import { projectRoot } from "../../platform/config.ts";
import type { SqlRunner } from "../../platform/db/database.ts";
import type { Keys } from "../../platform/keys.ts";
import type { Cell, CsvDialect } from "../../platform/sheets/index.ts";
import { coveredSql, quote } from "../compare/sql.ts";
import type { LedgerField, LedgerKind, SheetMapping } from "../contract.ts";
import { KnownTexts, MOST_SLOTS } from "./known-texts.ts";
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

  /** Of a row as its cells. */
  ofCells(cells: Partial<Record<LedgerField, Cell>>): string {
    let text = this.#prefix;
    for (const field of this.#fields) {
      const cell = cells[field] ?? null;
      text += SEPARATOR;
      text += cell === null ? "" : typeof cell === "string" ? cell : `${NOT_TEXT}${JSON.stringify(cell)}`;
    }
    return this.#keys.keyedHash("row", text);
  }

  /**
   * Of a line of CSV as its bytes, the columns before the first with a meaning left out: a running number there would make
   * every line another one when one person is taken out. Not the same hash as of the line's cells.
   */
  ofLines(
    columns: SheetMapping["columns"],
    dialect: CsvDialect,
  ): (bytes: Buffer, start: number, end: number) => string {
    const first = Math.min(...columns.filter((column) => column.field !== null).map((column) => column.column));
    const skipped = dialect.separator.charCodeAt(0) < 128 && Number.isFinite(first) ? first - 1 : 0;
    const separator = dialect.separator.charCodeAt(0);
    const order = columns
      .slice(skipped)
      .map((column) => column.field ?? "")
      .join();
    const hash = this.#keys.byteHasher("row", `${this.#prefix}${SEPARATOR}${order}${SEPARATOR}`);
    return (bytes, start, end) => {
      let from = start;
      for (let i = 0; i < skipped; i++) {
        const at = bytes.indexOf(separator, from);
        if (at < 0 || at >= end) return hash(bytes, start, end);
        from = at + 1;
      }
      return hash(bytes, from, end);
    };
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

/**
 * Of the memory the planner has no statistics: nobody analyses it, and what it guesses makes it walk the whole once per row.
 * Every statement about it joins sets as large as a month, for which a hash join is right.
 */
async function byHashJoin<T>(client: PoolClient, work: () => Promise<T>): Promise<T> {
  for (const [setting, value] of HASH_JOINS) await client.query(`SET ${setting} = ${value}`);
  try {
    return await work();
  } finally {
    for (const [setting] of HASH_JOINS) await client.query(`RESET ${setting}`);
  }
}

const HASH_JOINS = [
  ["enable_nestloop", "off"],
  ["enable_mergejoin", "off"],
  ["work_mem", "'256MB'"],
] as const;

/** The same for the rest of a transaction. */
async function hashJoinFromHere(client: SqlRunner): Promise<void> {
  for (const [setting, value] of HASH_JOINS) await client.query(`SET LOCAL ${setting} = ${value}`);
}

/** The texts whose lines still say what they said, within the regions covered; null when there are none. */
export async function loadKnownTexts(
  client: PoolClient,
  kind: LedgerKind,
  coverage: readonly string[],
): Promise<KnownTexts | null> {
  const remembered = `ledger.known_text t JOIN ledger.line l ON l.kind = t.kind AND l.line_key = t.line_key AND l.row_hash = t.row_hash
    WHERE t.kind = ${quote(kind)} AND l.missing_since IS NULL AND ${coveredSql("l.home_region", coverage)}`;
  const { rows } = await client.query<{ n: string }>(
    "SELECT count(*) AS n FROM (SELECT 1 FROM ledger.known_text WHERE kind = $1 LIMIT $2) few",
    [kind, MOST_SLOTS],
  );
  const count = Number(rows[0]!.n);
  if (count === 0) return null;
  const texts = KnownTexts.forCount(count);
  const reader = new BinaryRows(UUID_BYTES);
  return byHashJoin(client, async () => {
    const copy = client.query(copyTo(`COPY (SELECT t.text_hash FROM ${remembered}) TO STDOUT (FORMAT binary)`));
    for await (const chunk of copy as AsyncIterable<Buffer>) reader.push(chunk, (bytes, at) => texts.add(bytes, at));
    return texts;
  });
}

const UUID_BYTES = 16;
/** Signature, flags and length of the (empty) extension of COPY's binary format. */
const BINARY_HEADER = 19;
/** Number of columns, then the length of the one. */
const ROW_HEADER = 6;

/** Rows of one column of fixed width in COPY's binary format, wherever the chunks are cut. */
class BinaryRows {
  readonly #width: number;
  #rest: Buffer = Buffer.alloc(0);
  #skip = BINARY_HEADER;

  constructor(width: number) {
    this.#width = width;
  }

  push(chunk: Buffer, take: (bytes: Buffer, at: number) => void): void {
    const bytes = this.#rest.length > 0 ? Buffer.concat([this.#rest, chunk]) : chunk;
    const step = ROW_HEADER + this.#width;
    let at = Math.min(this.#skip, bytes.length);
    this.#skip -= at;
    // The trailer, a column count of -1, is shorter than any row.
    for (; at + step <= bytes.length; at += step) take(bytes, at + ROW_HEADER);
    this.#rest = bytes.subarray(at);
  }
}

/**
 * Stages the claimed rows by key and hashes. `linesHold`: no line was written since the texts were loaded, each of which
 * then stood for what its line says; else every claim is held against its line once more. False when one of them is not,
 * or no longer, what it was taken for: then the file is to be read without recalling.
 */
export async function stageClaims(
  client: PoolClient,
  batchId: string,
  kind: LedgerKind,
  linesHold: boolean,
): Promise<boolean> {
  const { rows, claims } = stageTables(batchId);
  const lines = `JOIN ledger.line l ON l.kind = $1 AND l.line_key = t.line_key AND l.row_hash = t.row_hash AND l.missing_since IS NULL`;
  const staged = await byHashJoin(client, () =>
    client.query(
      `INSERT INTO ${rows} (sheet, row_no, held, line_key, id_hash, row_hash, recalled)
      SELECT c.sheet, c.row_no, false, t.line_key, t.id_hash, t.row_hash, true
      FROM ${claims} c JOIN ledger.known_text t ON t.kind = $1 AND t.text_hash = c.text_hash ${linesHold ? "" : lines}`,
      [kind],
    ),
  );
  const claimed = await client.query<{ n: string }>(`SELECT count(*) AS n FROM ${claims}`);
  return staged.rowCount === Number(claimed.rows[0]!.n);
}

/** Keeps what the batch's rows were understood to say. Call in a transaction under the lock of applying: a text is kept once. */
export async function rememberTexts(client: SqlRunner, batchId: string, kind: LedgerKind): Promise<void> {
  const { rows } = stageTables(batchId);
  await hashJoinFromHere(client);
  await client.query(
    `INSERT INTO ledger.known_text (kind, text_hash, line_key, id_hash, row_hash)
      SELECT ${quote(kind)}, s.text_hash, s.line_key, s.id_hash, s.row_hash FROM ${rows} s WHERE s.text_hash IS NOT NULL AND NOT s.held
        AND NOT EXISTS (SELECT 1 FROM ledger.known_text t WHERE t.kind = ${quote(kind)} AND t.text_hash = s.text_hash)`,
  );
}

/** Forgets texts that no line says any more, once they could be many. */
export async function forgetTexts(client: SqlRunner, batchId: string, kind: LedgerKind): Promise<void> {
  await hashJoinFromHere(client);
  await client.query(
    `DELETE FROM ledger.known_text t USING ledger.line l
      WHERE t.kind = ${quote(kind)} AND l.kind = t.kind AND l.batch_id = ${batchId} AND l.line_key = t.line_key AND l.row_hash <> t.row_hash`,
  );
}
