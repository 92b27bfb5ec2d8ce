import { open } from "node:fs/promises";
import { encodeGb18030 } from "../platform/sheets/index.ts";
import type { CellValue } from "./forms.ts";

export type CsvEncoding = "utf-8" | "gb18030";

const encoders: Record<CsvEncoding, (text: string) => Buffer> = {
  "utf-8": (text) => Buffer.from(text),
  gb18030: encodeGb18030,
};

/** Without this mark Excel takes UTF-8 for GBK. */
const BYTE_ORDER_MARK = "\ufeff";
const BATCH_ROWS = 2000;
const COMMA = 0x2c;
const QUOTE = 0x22;
const LINE_FEED = 0x0a;

export interface CsvBatch {
  readonly rows: number;
  readonly bytes: Buffer;
}

/** Rows as Excel saves them, some thousands at a time. */
export type CsvBatches = Iterable<CsvBatch> | AsyncIterable<CsvBatch>;

/** Writes a table and returns the number of its rows; memory does not grow with them. */
export async function writeCsv(
  path: string,
  headers: readonly string[],
  batches: CsvBatches,
  encoding: CsvEncoding,
): Promise<number> {
  const file = await open(path, "w");
  // While one batch is written the next one is computed.
  let writing = file.appendFile(
    encoders[encoding]((encoding === "utf-8" ? BYTE_ORDER_MARK : "") + quotedLine(headers)),
  );
  try {
    let count = 0;
    for await (const { rows, bytes } of batches) {
      await writing;
      writing = file.appendFile(bytes);
      count += rows;
    }
    await writing;
    return count;
  } finally {
    await Promise.allSettled([writing]);
    await file.close();
  }
}

/** Lines end in CRLF. Hardly a cell needs quotes, so cells are joined without looking, and the bytes of a batch are counted afterwards. */
export function* csvBatches(rows: Iterable<readonly CellValue[]>, encoding: CsvEncoding): Generator<CsvBatch> {
  const encode = encoders[encoding];
  let batch: (readonly CellValue[])[] = [];
  const encoded = (): CsvBatch => {
    const plain = encode(batch.map((row) => `${row.join(",")}\r\n`).join(""));
    return { rows: batch.length, bytes: needsNoQuotes(plain, batch) ? plain : encode(batch.map(quotedLine).join("")) };
  };
  for (const row of rows) {
    batch.push(row);
    if (batch.length < BATCH_ROWS) continue;
    yield encoded();
    batch = [];
  }
  if (batch.length > 0) yield encoded();
}

/** No quote, and no more commas and line ends than separate cells and rows. In both encodings these bytes are part of no other character. */
function needsNoQuotes(bytes: Buffer, rows: readonly (readonly CellValue[])[]): boolean {
  let commas = 0;
  let lines = 0;
  for (let i = 0; i < bytes.length; i++) {
    const byte = bytes[i]!;
    if (byte > COMMA) continue;
    if (byte === COMMA) commas++;
    else if (byte === LINE_FEED) lines++;
    else if (byte === QUOTE) return false;
  }
  return lines === rows.length && commas === rows.reduce((sum, row) => sum + row.length - 1, 0);
}

function quotedLine(row: readonly CellValue[]): string {
  return `${row.map(quotedCell).join(",")}\r\n`;
}

function quotedCell(value: CellValue): string {
  const text = value === null ? "" : String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
