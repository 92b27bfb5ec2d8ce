import { open } from "node:fs/promises";
import { detectCsvDialect, encodeGb18030, type CsvDialect } from "../platform/sheets/index.ts";
import { CsvSplitter } from "../platform/sheets/csv-splitter.ts";
import type { CellEdit, SheetEdits } from "./edits.ts";

const CHUNK = 1 << 20;
const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;
const QUOTE = 0x22;

/** Copies a CSV file byte for byte but for the rows that are edited. Returns nothing; throws where the file is not as it was when rows were chosen. */
export async function rewriteCsv(path: string, outPath: string, { rows, copies }: SheetEdits): Promise<void> {
  const dialect = await detectCsvDialect(path);
  if (dialect.encoding === "utf-16le" || dialect.lineEnd !== "\n")
    throw new Error(`${path}: only UTF-8 and GB18030 with lines that end in a line feed are planted`);
  const out = await open(outPath, "w");
  try {
    const held = new Map<number, Buffer>();
    const copied = new Set(copies.map(({ of }) => of));
    let number = 0;
    let nextCopy = 0;
    let pending: Buffer[] = [];
    let pendingBytes = 0;
    const write = (bytes: Buffer) => {
      pending.push(bytes);
      pendingBytes += bytes.length;
    };
    for await (const record of records(path)) {
      number++;
      const edit = rows.get(number);
      write(edit === undefined ? record : edited(record, edit.cells, dialect));
      if (copied.has(number)) held.set(number, withLineEnd(record));
      for (let copy = copies[nextCopy]; copy !== undefined && copy.after === number; copy = copies[++nextCopy]) {
        write(copy.cells.length === 0 ? held.get(copy.of)! : edited(held.get(copy.of)!, copy.cells, dialect));
      }
      if (pendingBytes >= CHUNK) {
        await out.appendFile(Buffer.concat(pending));
        pending = [];
        pendingBytes = 0;
      }
    }
    await out.appendFile(Buffer.concat(pending));
  } finally {
    await out.close();
  }
}

/** The file's records with their line ends. In neither encoding are the bytes of a quote or line feed part of another character. */
async function* records(path: string): AsyncGenerator<Buffer> {
  const file = await open(path);
  try {
    let rest: Buffer = Buffer.alloc(0);
    for (let position = 0; ;) {
      const chunk = Buffer.allocUnsafe(CHUNK);
      const { bytesRead } = await file.read(chunk, 0, CHUNK, position);
      position += bytesRead;
      const block =
        rest.length === 0 ? chunk.subarray(0, bytesRead) : Buffer.concat([rest, chunk.subarray(0, bytesRead)]);
      let start = 0;
      for (let end = recordEnd(block, start); end > 0; end = recordEnd(block, start)) {
        yield block.subarray(start, end);
        start = end;
      }
      rest = block.subarray(start);
      if (bytesRead === 0) {
        if (rest.length > 0) yield rest;
        return;
      }
    }
  } finally {
    await file.close();
  }
}

/** Where the record that begins at `start` ends, after its line feed; 0 when the block ends first. */
function recordEnd(block: Buffer, start: number): number {
  let quoted = false;
  for (let at = start; ;) {
    const feed = block.indexOf(LINE_FEED, at);
    if (feed < 0) return 0;
    for (let quote = block.indexOf(QUOTE, at); quote >= 0 && quote < feed; quote = block.indexOf(QUOTE, quote + 1))
      quoted = !quoted;
    if (!quoted) return feed + 1;
    at = feed + 1;
  }
}

function edited(record: Buffer, edits: readonly CellEdit[], { encoding, separator }: CsvDialect): Buffer {
  const feed = record.at(-1) === LINE_FEED ? 1 : 0;
  const lineEnd = feed === 1 && record.at(-2) === CARRIAGE_RETURN ? 2 : feed;
  const text = new TextDecoder(encoding, { ignoreBOM: true }).decode(record.subarray(0, record.length - lineEnd));
  const cells = new CsvSplitter(separator, "\n").push(text, true)[0] ?? [""];
  for (const { column, value } of edits) {
    while (cells.length <= column) cells.push("");
    cells[column] = value === null ? "" : String(value);
  }
  const line = cells
    .map((cell) => (/["\r\n]/.test(cell) || cell.includes(separator) ? `"${cell.replaceAll('"', '""')}"` : cell))
    .join(separator);
  return Buffer.concat([
    encoding === "utf-8" ? Buffer.from(line) : encodeGb18030(line),
    record.subarray(record.length - lineEnd),
  ]);
}

/** The last record of a file may lack its line end, which a copy must not. */
function withLineEnd(record: Buffer): Buffer {
  return record.at(-1) === LINE_FEED ? record : Buffer.concat([record, Buffer.from("\r\n")]);
}
