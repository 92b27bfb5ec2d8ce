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

export async function byHashJoin<T>(client: SqlRunner, work: () => Promise<T>): Promise<T> {
  for (const [setting, value] of HASH_JOINS) await client.query(`SET ${setting} = ${value}`);
  try {
    return await work();
  } finally {
    for (const [setting] of HASH_JOINS) await client.query(`RESET ${setting}`);
  }
}

/** SQL: lines within the regions covered whose text is known. */
export function remembered(kind: LedgerKind, coverage: readonly string[]): string {
  return `FROM ledger.line WHERE kind = ${quote(kind)} AND text_hash IS NOT NULL AND missing_since IS NULL AND ${coveredSql("home_region", coverage)}`;
}

/** Whether a table of these regions is likely to say again what it said before. */
export async function knowsTexts(client: SqlRunner, kind: LedgerKind, coverage: readonly string[]): Promise<boolean> {
  const { rows } = await client.query<{ known: boolean }>(
    `SELECT EXISTS (SELECT 1 ${remembered(kind, coverage)}) AS known`,
  );
  return rows[0]!.known;
}

/** What was loaded before a file is read; `whole` unless more are remembered than there is room for. */
export interface LoadedTexts {
  readonly texts: KnownTexts;
  readonly whole: boolean;
}

/** Pages of the lines that are asked for at once: the hashes on them are some megabytes. */
const PAGES = 8192;

/** The texts of the lines within the regions covered; null when there are none. */
export async function loadKnownTexts(
  client: PoolClient,
  kind: LedgerKind,
  coverage: readonly string[],
): Promise<LoadedTexts | null> {
  // Joined by the server, page by page: as rows of their own they cost it and this program five times as much.
  const hashes = await inOneSnapshot(client, async () => {
    const { rows } = await client.query<{ pages: number }>(
      "SELECT (pg_relation_size('ledger.line') / current_setting('block_size')::int)::int AS pages",
    );
    const found: Buffer[] = [];
    for (let page = 0; page < rows[0]!.pages; page += PAGES) {
      const onPages = `ctid >= '(${page},0)' AND ctid < '(${page + PAGES},0)'`;
      found.push(
        await readBytes(
          client,
          `SELECT string_agg(uuid_send(text_hash), '') ${remembered(kind, coverage)} AND ${onPages}`,
        ),
      );
    }
    return found;
  });
  const count = hashes.reduce((sum, { length }) => sum + length, 0) / HASH_BYTES;
  if (count === 0) return null;
  const texts = KnownTexts.forCount(count);
  let whole = true;
  for (const some of hashes) for (let at = 0; at < some.length && whole; at += HASH_BYTES) whole = texts.add(some, at);
  return { texts, whole };
}

const HASH_BYTES = 16;

/** Signature, flags and length of the (empty) extension of COPY's binary format, number of columns, and length of the one. */
const BINARY_HEADER = 19 + 2 + 4;

/** The one value of a query that gives bytes, none for NULL. As a value of a row they would come as text, twice as long. */
async function readBytes(client: PoolClient, query: string): Promise<Buffer> {
  const chunks: Buffer[] = [];
  const copy = client.query(copyTo(`COPY (${query}) TO STDOUT (FORMAT binary)`));
  for await (const chunk of copy as AsyncIterable<Buffer>) chunks.push(chunk);
  const bytes = Buffer.concat(chunks);
  const length = bytes.readInt32BE(BINARY_HEADER - 4);
  return bytes.subarray(BINARY_HEADER, BINARY_HEADER + Math.max(0, length));
}

/** What several statements read is of one moment: a line that is written anew between two of them would be missed by both. */
async function inOneSnapshot<T>(client: PoolClient, work: () => Promise<T>): Promise<T> {
  await client.query("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY");
  try {
    return await work();
  } finally {
    await client.query("COMMIT");
  }
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
