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
import { KnownTexts } from "./known-texts.ts";
import { stageTables } from "./table.ts";

/**
 * Nineteen rows of twenty say this month, letter for letter, what they said last month. Beside what a line says stands the
 * hash of the text in which it said so, so that such a row is neither read nor staged again: only the claim that it is there.
 * Text and content are written together and cannot part; rows in which anything was wrong are never remembered, and every
 * change of program, columns, coverage or divisions makes another hash of the same text.
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
 * Sets as large as a month are joined, of which the planner has hardly any statistics: what it guesses makes it walk a whole
 * table once per row. A hash join is always right.
 */
const HASH_JOINS = [
  ["enable_nestloop", "off"],
  ["enable_mergejoin", "off"],
  ["work_mem", "'256MB'"],
] as const;

async function byHashJoin<T>(client: SqlRunner, work: () => Promise<T>): Promise<T> {
  for (const [setting, value] of HASH_JOINS) await client.query(`SET ${setting} = ${value}`);
  try {
    return await work();
  } finally {
    for (const [setting] of HASH_JOINS) await client.query(`RESET ${setting}`);
  }
}

/** SQL: lines within the regions covered whose text is known. */
function remembered(kind: LedgerKind, coverage: readonly string[]): string {
  return `FROM ledger.line WHERE kind = ${quote(kind)} AND text_hash IS NOT NULL AND missing_since IS NULL AND ${coveredSql("home_region", coverage)}`;
}

/** Whether a table of these regions is likely to say again what it said before. */
export async function knowsTexts(client: SqlRunner, kind: LedgerKind, coverage: readonly string[]): Promise<boolean> {
  const { rows } = await client.query<{ known: boolean }>(
    `SELECT EXISTS (SELECT 1 ${remembered(kind, coverage)}) AS known`,
  );
  return rows[0]!.known;
}

/** The texts of the lines within the regions covered; null when there are none. */
export async function loadKnownTexts(
  client: PoolClient,
  kind: LedgerKind,
  coverage: readonly string[],
): Promise<KnownTexts | null> {
  const copy = client.query(copyTo(`COPY (SELECT text_hash ${remembered(kind, coverage)}) TO STDOUT (FORMAT binary)`));
  const reader = new BinaryRows(UUID_BYTES);
  // Gathered first: how many there are is known when all have come, and counting them before would read the lines twice.
  const hashes = new GrowingBytes();
  for await (const chunk of copy as AsyncIterable<Buffer>)
    reader.push(chunk, (bytes, at) => hashes.add(bytes, at, UUID_BYTES));
  if (hashes.length === 0) return null;
  const texts = KnownTexts.forCount(hashes.length / UUID_BYTES);
  for (let at = 0; at < hashes.length; at += UUID_BYTES) texts.add(hashes.bytes, at);
  return texts;
}

const UUID_BYTES = 16;
/** Signature, flags and length of the (empty) extension of COPY's binary format. */
const BINARY_HEADER = 19;
/** Number of columns, then the length of the one. */
const ROW_HEADER = 6;

class GrowingBytes {
  bytes: Buffer = Buffer.allocUnsafe(2 ** 16);
  length = 0;

  add(from: Buffer, at: number, count: number): void {
    if (this.length + count > this.bytes.length)
      this.bytes = Buffer.concat([this.bytes.subarray(0, this.length)], 2 * this.bytes.length);
    // Byte by byte: a call of the engine for sixteen of them costs more.
    for (let i = 0; i < count; i++) this.bytes[this.length++] = from[at + i]!;
  }
}

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
 * Stages those claimed rows one by one that another row of the file may contradict: their text stands there twice, or a row
 * with another text speaks of the same line. Who reports whom twice is then found among staged rows alone.
 */
export async function stageContested(
  client: SqlRunner,
  batchId: string,
  kind: LedgerKind,
  repeated: boolean,
): Promise<void> {
  const { rows, claims } = stageTables(batchId);
  await client.query(`ANALYZE ${claims} (text_hash)`);
  const twice = `SELECT text_hash FROM ${claims} GROUP BY text_hash HAVING count(*) > 1`;
  await byHashJoin(client, () =>
    stageClaims(
      client,
      batchId,
      `SELECT l.line_key, l.row_hash, l.text_hash FROM ledger.line l WHERE l.kind = ${quote(kind)} AND l.text_hash IS NOT NULL
        AND (${repeated ? `l.text_hash IN (${twice}) OR` : ""} l.line_key IN (SELECT line_key FROM ${rows}))`,
    ),
  );
}

/** Makes staged rows, by key and hashes alone, of the claims of the given lines: line_key, row_hash, text_hash. */
export async function stageClaims(client: SqlRunner, batchId: string, lines: string): Promise<void> {
  const { rows, claims } = stageTables(batchId);
  // Looked for first, which the server does with all its cores, and not while deleting: mostly there are none.
  await client.query("DROP TABLE IF EXISTS pg_temp.claimed_line");
  await client.query(`CREATE TEMP TABLE claimed_line AS SELECT c.sheet, c.row_no, l.line_key, l.row_hash
    FROM ${claims} c JOIN (${lines}) l ON l.text_hash = c.text_hash`);
  // One statement: between two, a crash would leave a row neither claimed nor staged, and its person would seem gone. The line of
  // a kind whose texts are remembered is the person, by the number that was reported.
  await client.query(`WITH claim AS (DELETE FROM ${claims} c USING claimed_line l WHERE c.sheet = l.sheet AND c.row_no = l.row_no
      RETURNING c.sheet, c.row_no, l.line_key, l.row_hash)
    INSERT INTO ${rows} (sheet, row_no, held, line_key, id_hash, row_hash, recalled) SELECT sheet, row_no, false, line_key, line_key, row_hash, true FROM claim`);
  await client.query("DROP TABLE claimed_line");
}

/** Whether every claimed text is still that of its line, after something was written since the texts were loaded. */
export async function claimsHold(client: SqlRunner, batchId: string, kind: LedgerKind): Promise<boolean> {
  const { claims } = stageTables(batchId);
  const { rows } = await byHashJoin(client, () =>
    client.query<{ hold: boolean }>(
      `SELECT NOT EXISTS (SELECT 1 FROM ${claims} c WHERE NOT EXISTS (SELECT 1 FROM ledger.line l WHERE l.kind = ${quote(kind)} AND l.text_hash = c.text_hash AND l.missing_since IS NULL)) AS hold`,
    ),
  );
  return rows[0]!.hold;
}

/**
 * Keeps the texts of lines that were said again in other words. New and changed lines have theirs from the apply. Call in a
 * transaction under the lock of applying.
 */
export async function rememberTexts(client: SqlRunner, batchId: string, kind: LedgerKind): Promise<void> {
  const { rows } = stageTables(batchId);
  await client.query("SET LOCAL work_mem = '256MB'");
  await client.query(`UPDATE ledger.line l SET text_hash = s.text_hash FROM ${rows} s
    WHERE l.kind = ${quote(kind)} AND l.line_key = s.line_key AND l.row_hash = s.row_hash AND s.text_hash IS NOT NULL AND NOT s.held AND l.text_hash IS DISTINCT FROM s.text_hash`);
}
