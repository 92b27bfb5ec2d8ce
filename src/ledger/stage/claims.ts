import type { PoolClient } from "pg";
import { BinaryCopyWriter } from "../../platform/db/binary-copy-writer.ts";
import type { SqlRunner } from "../../platform/db/database.ts";
import { quote } from "../compare/sql.ts";
import type { LedgerKind } from "../contract.ts";
import type { KnownTexts, VisitMet, VisitText } from "./known-texts.ts";
import { byHashJoin, remembered, type LoadedTexts } from "./recall.ts";
import { stageTables } from "./table.ts";

/** So many claims fill a page of the server's, with 24 bytes each. */
const PACK = 300;

const PACK_COLUMNS = [
  { name: "pack", type: "bigint" },
  { name: "texts", type: "uuid[]" },
  { name: "places", type: "bigint[]" },
] as const;
const UNSAID_COLUMNS = [{ name: "text_hash", type: "uuid" }] as const;

/** Number of the types of the elements in the server's catalogue. */
const UUID_TYPE = 2950;
const BIGINT_TYPE = 20;

/**
 * Writes down what was met of the known texts, hundreds to a row of the table, and those that were not met: the few of which a
 * line has something to say. Rows one by one, of which nineteen of twenty say nothing new, took a third of the time of reading.
 */
export async function keepClaims(
  client: PoolClient,
  batchId: string,
  kind: LedgerKind,
  coverage: readonly string[],
  loaded: LoadedTexts,
): Promise<void> {
  const { packs, unsaid } = stageTables(batchId);
  const texts = new ArrayValue(UUID_TYPE, 16);
  const places = new ArrayValue(BIGINT_TYPE, 8);
  let packed = 0;
  const handOver = (out: BinaryCopyWriter) => {
    if (texts.length > 0) out.add([String(++packed), texts.take(), places.take()]);
  };
  await copySlots(client, packs, PACK_COLUMNS, loaded.texts, (out, from, to) => {
    const met: VisitMet = (words, at, sheet, row) => {
      for (let word = 0; word < 4; word++) texts.addWord(words[at + word]!);
      places.addWord(sheet);
      places.addWord(row);
      if (texts.length === PACK) handOver(out);
    };
    loaded.texts.visit(from, to, met, () => {});
    if (to >= loaded.texts.slots) handOver(out);
  });
  if (!loaded.whole) return findUnsaid(client, batchId, kind, coverage);
  const hash = Buffer.alloc(16);
  await copySlots(client, unsaid, UNSAID_COLUMNS, loaded.texts, (out, from, to) => {
    const unmet: VisitText = (words, at) => {
      for (let word = 0; word < 4; word++) hash.writeUInt32BE(words[at + word]!, 4 * word);
      out.add([hash]);
    };
    loaded.texts.visit(from, to, () => {}, unmet);
  });
  await client.query(`ANALYZE ${unsaid}`);
}

/** Slots whose texts are written before the server is waited for. */
const SLOTS_AT_ONCE = 2 ** 14;

/** Writes what there is to say of the texts, slot by slot, and never holds more of it than a chunk. */
async function copySlots(
  client: PoolClient,
  table: string,
  columns: ConstructorParameters<typeof BinaryCopyWriter>[2],
  { slots }: KnownTexts,
  write: (out: BinaryCopyWriter, from: number, to: number) => void,
): Promise<void> {
  const out = new BinaryCopyWriter(client, table, columns);
  try {
    for (let from = 0; from < slots; from += SLOTS_AT_ONCE) {
      write(out, from, from + SLOTS_AT_ONCE);
      await out.flush();
    }
    await out.finish();
  } catch (cause) {
    await out.abort();
    throw cause;
  }
}

/** An array of elements of one width in the server's binary format. */
class ArrayValue {
  length = 0;
  readonly #width: number;
  readonly #bytes: Buffer;
  #at = HEADER_BYTES;
  #filled = 0;

  constructor(type: number, width: number) {
    this.#width = width;
    this.#bytes = Buffer.alloc(HEADER_BYTES + PACK * (4 + width));
    this.#bytes.writeInt32BE(1, 0);
    this.#bytes.writeInt32BE(type, 8);
    this.#bytes.writeInt32BE(1, 16);
  }

  /** The next four bytes of an element. */
  addWord(word: number): void {
    if (this.#filled === 0) this.#at = this.#bytes.writeInt32BE(this.#width, this.#at);
    this.#at = this.#bytes.writeUInt32BE(word, this.#at);
    this.#filled = (this.#filled + 4) % this.#width;
    if (this.#filled === 0) this.length++;
  }

  /** What was gathered, to be used before more is added. */
  take(): Uint8Array {
    this.#bytes.writeInt32BE(this.length, 12);
    const taken = this.#bytes.subarray(0, this.#at);
    this.length = 0;
    this.#at = HEADER_BYTES;
    return taken;
  }
}

/** Dimensions, whether there are nulls, the elements' type, their number and the first one's index. */
const HEADER_BYTES = 20;

/** Finds anew which texts the lines have that the file did not say: not all were loaded, or the registry has moved since. */
export async function findUnsaid(
  client: PoolClient,
  batchId: string,
  kind: LedgerKind,
  coverage: readonly string[],
): Promise<void> {
  const { claims, unsaid } = stageTables(batchId);
  await client.query(`TRUNCATE ${unsaid}`);
  await byHashJoin(client, () =>
    client.query(
      `INSERT INTO ${unsaid} SELECT text_hash ${remembered(kind, coverage)} AND NOT EXISTS (SELECT 1 FROM ${claims} c WHERE c.text_hash = line.text_hash)`,
    ),
  );
  await client.query(`ANALYZE ${unsaid}`);
}

export async function countClaims(run: SqlRunner, batchId: string): Promise<number> {
  const { packs, again } = stageTables(batchId);
  const { rows } = await run.query<{ n: string }>(
    `SELECT coalesce((SELECT sum(cardinality(texts)) FROM ${packs}), 0) + (SELECT count(*) FROM ${again}) AS n`,
  );
  return Number(rows[0]!.n);
}

/**
 * Stages those claimed rows one by one that another row of the file may contradict: their text stands there twice, or a row
 * with another text speaks of the same line. Who reports whom twice is then found among staged rows alone. Whether there were any.
 */
export async function stageContested(client: PoolClient, batchId: string, kind: LedgerKind): Promise<boolean> {
  const { rows, again, unsaid } = stageTables(batchId);
  // Mostly there are none, which the lines alone tell: claims are unpacked only where there are some.
  await client.query("DROP TABLE IF EXISTS pg_temp.contested");
  const contested = await byHashJoin(client, () =>
    client.query(`CREATE TEMP TABLE contested AS
      SELECT l.line_key, l.row_hash, l.text_hash FROM ledger.line l WHERE l.kind = ${quote(kind)} AND l.text_hash IN (SELECT text_hash FROM ${again})
      UNION SELECT l.line_key, l.row_hash, l.text_hash FROM ledger.line l WHERE l.kind = ${quote(kind)} AND l.text_hash IS NOT NULL
        AND l.line_key IN (SELECT line_key FROM ${rows}) AND NOT EXISTS (SELECT 1 FROM ${unsaid} u WHERE u.text_hash = l.text_hash)`),
  );
  if ((contested.rowCount ?? 0) > 0)
    await byHashJoin(client, () => stageClaims(client, batchId, "SELECT line_key, row_hash, text_hash FROM contested"));
  await client.query("DROP TABLE contested");
  return (contested.rowCount ?? 0) > 0;
}

/** Makes staged rows, by key and hashes alone, of the claims of the given lines: line_key, row_hash, text_hash. */
export async function stageClaims(client: PoolClient, batchId: string, lines: string): Promise<void> {
  const { rows, claims, packs, again } = stageTables(batchId);
  // Looked for first, which the server does with all its cores, and not while deleting: mostly there are none.
  await client.query("DROP TABLE IF EXISTS pg_temp.claimed_line");
  const claimed =
    await client.query(`CREATE TEMP TABLE claimed_line AS SELECT c.pack, c.sheet, c.row_no, l.line_key, l.row_hash
    FROM ${claims} c JOIN (${lines}) l ON l.text_hash = c.text_hash`);
  if ((claimed.rowCount ?? 0) > 0) {
    await client.query("CREATE INDEX ON claimed_line (pack, sheet, row_no)");
    await client.query("ANALYZE claimed_line");
    // One statement: between two, a crash would leave a row neither claimed nor staged, and its person would seem gone. The line of
    // a kind whose texts are remembered is the person, by the number that was reported.
    await client.query(`WITH taken AS (DELETE FROM ${again} a USING claimed_line l WHERE l.pack IS NULL AND a.sheet = l.sheet AND a.row_no = l.row_no),
      opened AS (UPDATE ${packs} p SET (texts, places) = (SELECT coalesce(array_agg(u.text_hash), '{}'), coalesce(array_agg(u.place), '{}') FROM unnest(p.texts, p.places) u(text_hash, place)
        WHERE NOT EXISTS (SELECT 1 FROM claimed_line l WHERE l.pack = p.pack AND ${placeSql("l")} = u.place)) WHERE p.pack IN (SELECT pack FROM claimed_line))
      INSERT INTO ${rows} (sheet, row_no, held, line_key, id_hash, row_hash, recalled) SELECT sheet, row_no, false, line_key, line_key, row_hash, true FROM claimed_line`);
  }
  await client.query("DROP TABLE claimed_line");
}

/** SQL: sheet and row as one number. */
function placeSql(row: string): string {
  return `((${row}.sheet::bigint << 32) + ${row}.row_no)`;
}

/** Whether every claimed text is still that of its line, after something was written since the texts were loaded. */
export async function claimsHold(client: PoolClient, batchId: string, kind: LedgerKind): Promise<boolean> {
  const { claims } = stageTables(batchId);
  const { rows } = await byHashJoin(client, () =>
    client.query<{ hold: boolean }>(
      `SELECT NOT EXISTS (SELECT 1 FROM ${claims} c WHERE NOT EXISTS (SELECT 1 FROM ledger.line l WHERE l.kind = ${quote(kind)} AND l.text_hash = c.text_hash AND l.missing_since IS NULL)) AS hold`,
    ),
  );
  return rows[0]!.hold;
}
