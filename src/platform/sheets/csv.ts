import { open, stat } from "node:fs/promises";
import { basename } from "node:path";
import { Refusal } from "../problem.ts";
import { type Cell, type CellRange, SHEET_COLUMN_LIMIT, type SheetRow } from "./cells.ts";
import { type CsvDialect, type CsvEncoding, detectCsvDialect } from "./csv-dialect.ts";
import { CsvSplitter } from "./csv-splitter.ts";
import { sheetProblems } from "./problems.ts";
import { type ReadRowsOptions, RowBatcher, type SheetEnd, type SheetInfo, type SheetSource } from "./source.ts";
import type { SheetNotice } from "./zip.ts";

const CHUNK = 256 * 1024;
/** Bytes a single line may have. */
const RECORD_LIMIT = 16 * 2 ** 20;

/** A part of a CSV file that begins and ends between two records; see `planCsvRanges`. */
export interface CsvRange {
  readonly start: number;
  /** Exclusive. */
  readonly end: number;
  /** 1-based number of the record that begins at `start`. */
  readonly firstRecord: number;
  /** 1-based physical line, for messages. */
  readonly firstLine: number;
}

export interface CsvChunk {
  /** 1-based number of the first record: the row Excel would show it in. */
  readonly firstRecord: number;
  /** Blank lines are kept as `[""]`, so that a record's number is `firstRecord` plus its place. */
  readonly records: string[][];
  /** Bytes of the range read so far. */
  readonly bytes: number;
}

/**
 * The bulk path: records as they come, nothing trimmed, nothing interpreted. A chunk holds what a quarter of a
 * megabyte of the file holds. Throws `Refusal` for bytes that are no text and for a quote that never closes.
 */
export async function* readCsvChunks(
  path: string,
  dialect: CsvDialect,
  range?: CsvRange,
): AsyncGenerator<CsvChunk, void, undefined> {
  const start = range?.start ?? 0;
  const splitter = new CsvSplitter(dialect.separator, dialect.lineEnd, range?.firstLine ?? 1);
  const decode = decoderOf(dialect.encoding);
  const file = await open(path);
  let firstRecord = range?.firstRecord ?? 1;
  try {
    const size = range?.end ?? (await file.stat()).size;
    let position = Math.max(start, start === 0 ? dialect.markBytes : 0);
    let buffer = Buffer.allocUnsafe(CHUNK);
    let carried = 0;
    for (let begun = false; position < size || carried > 0; begun = true) {
      const { bytesRead } = await file.read(
        buffer,
        carried,
        Math.min(buffer.length - carried, size - position),
        position,
      );
      position += bytesRead;
      const last = bytesRead === 0 || position >= size;
      const filled = carried + bytesRead;
      const cut = last ? filled : afterLastLine(buffer.subarray(0, filled), dialect);
      if (cut === 0) {
        if (filled >= RECORD_LIMIT) throw new Refusal(sheetProblems.longRow(splitter.line));
        buffer = Buffer.concat([buffer.subarray(0, filled)], buffer.length * 2);
        carried = filled;
        continue;
      }
      let text = decode(buffer.subarray(0, cut));
      if (text === null) {
        const lines = linesBeforeFault(buffer.subarray(0, cut), dialect);
        throw new Refusal(sheetProblems.undecodable(splitter.line + lines));
      }
      if (!begun && start === 0) text = text.replace(/^sep=.\r?[\n\r]/, "");
      const records = splitter.push(text, last);
      buffer.copy(buffer, 0, cut, filled);
      carried = filled - cut;
      if (records.length > 0) yield { firstRecord, records, bytes: position - start };
      firstRecord += records.length;
      if (last) return;
    }
  } finally {
    await file.close();
  }
}

/**
 * Where the last whole line of a chunk ends. Cut there, a chunk decodes by itself into one flat string of whole lines;
 * joining the leftovers of one with the next would cost a third of the speed.
 */
function afterLastLine(chunk: Buffer, { encoding, lineEnd }: CsvDialect): number {
  const mark = lineEnd === "\n" ? 10 : 13;
  if (encoding !== "utf-16le") return chunk.lastIndexOf(mark) + 1;
  for (let at = (chunk.length & ~1) - 2; at >= 0; at -= 2) {
    if (chunk[at] === mark && chunk[at + 1] === 0) return at + 2;
  }
  return 0;
}

type Decode = (bytes: Buffer) => string | null;

function decoderOf(encoding: CsvEncoding): Decode {
  const decoder = new TextDecoder(encoding, { fatal: true, ignoreBOM: true });
  return (bytes) => {
    try {
      const text = decoder.decode(bytes);
      // No text has a NUL, and no database takes one: something binary, or UTF-16 without its mark.
      return text.includes("\0") ? null : text;
    } catch {
      return null;
    }
  };
}

/** A line end is never part of another character, so each line can be tried by itself. */
function linesBeforeFault(bytes: Buffer, { encoding, lineEnd }: CsvDialect): number {
  const mark = lineEnd === "\n" ? 10 : 13;
  const decode = decoderOf(encoding);
  let lines = 0;
  for (let at = 0; encoding !== "utf-16le"; lines++) {
    const end = bytes.indexOf(mark, at) + 1;
    if (decode(end > 0 ? bytes.subarray(at, end) : bytes.subarray(at)) === null || end === 0) return lines;
    at = end;
  }
  return 0;
}

/**
 * Divides a file into about `parts` ranges of like size for parallel reading. A place after a line end is a border only
 * outside quotes, so all quotes of the file are followed; no character of UTF-8 or GB18030 contains the bytes of a quote,
 * a comma or a line end. UTF-16 files and files smaller than `leastBytes` come back as one range.
 */
export async function planCsvRanges(
  path: string,
  dialect: CsvDialect,
  parts: number,
  leastBytes = CHUNK,
): Promise<CsvRange[]> {
  const file = await open(path);
  try {
    const { size } = await file.stat();
    const whole: CsvRange = { start: 0, end: size, firstRecord: 1, firstLine: 1 };
    if (parts <= 1 || dialect.encoding === "utf-16le" || size < leastBytes) return [whole];
    const first = Buffer.alloc(8);
    await file.read(first, 0, 8, dialect.markBytes);
    if (first.toString("latin1").startsWith("sep=")) return [whole];
    const borders = new BorderFinder(dialect, Math.ceil(size / parts));
    const buffer = Buffer.allocUnsafe(CHUNK * 4);
    for (let position = 0; position < size;) {
      const { bytesRead } = await file.read(buffer, 0, buffer.length, position);
      if (bytesRead === 0) break;
      borders.scan(buffer.subarray(0, bytesRead), position);
      position += bytesRead;
    }
    return borders.ranges(size);
  } finally {
    await file.close();
  }
}

/** Follows quotes and line ends through the bytes, and notes a border at the first record after every `step` bytes. */
class BorderFinder {
  readonly #step: number;
  readonly #lineEnd: number;
  readonly #separator: Buffer;
  readonly #markBytes: number;
  readonly #starts: Omit<CsvRange, "end">[] = [];
  #quoted = false;
  #record = 1;
  #line = 1;
  /** The last bytes seen, to tell whether a quote stands at the start of a cell. */
  #before: Buffer = Buffer.from("\n");
  /** Inside quotes a quote was the last byte of a chunk: the next byte tells whether it was escaped. */
  #pendingClose = false;

  constructor(dialect: CsvDialect, step: number) {
    this.#step = step;
    this.#lineEnd = dialect.lineEnd === "\n" ? 10 : 13;
    this.#separator = encodedSeparator(dialect);
    this.#markBytes = dialect.markBytes;
    this.#starts.push({ start: 0, firstRecord: 1, firstLine: 1 });
  }

  scan(chunk: Buffer, position: number): void {
    let at = position === 0 ? this.#markBytes : 0;
    if (this.#pendingClose) {
      this.#pendingClose = false;
      if (chunk[0] === 34) at = 1;
      else this.#quoted = false;
    }
    let quote = chunk.indexOf(34, at);
    while (at < chunk.length) {
      if (this.#quoted) {
        const close = chunk.indexOf(34, at);
        this.#countLines(chunk, at, close < 0 ? chunk.length : close);
        if (close < 0) break;
        if (close + 1 === chunk.length) {
          this.#pendingClose = true;
          break;
        }
        if (chunk[close + 1] === 34) at = close + 2;
        else {
          this.#quoted = false;
          at = close + 1;
        }
        continue;
      }
      if (quote >= 0 && quote < at) quote = chunk.indexOf(34, at);
      const end = chunk.indexOf(this.#lineEnd, at);
      if (quote >= 0 && (end < 0 || quote < end)) {
        this.#quoted = this.#startsCell(chunk, quote, position === 0 ? this.#markBytes : 0);
        at = quote + 1;
        continue;
      }
      if (end < 0) break;
      this.#record++;
      this.#line++;
      at = end + 1;
      this.#noteBorder(position + at);
    }
    this.#before = Buffer.from(chunk.subarray(-8));
  }

  ranges(size: number): CsvRange[] {
    const starts = this.#starts.filter(({ start }) => start < size);
    return starts.map((range, index) => ({ ...range, end: starts[index + 1]?.start ?? size }));
  }

  #noteBorder(offset: number): void {
    if (offset < this.#starts.length * this.#step) return;
    this.#starts.push({ start: offset, firstRecord: this.#record, firstLine: this.#line });
  }

  #startsCell(chunk: Buffer, quote: number, first: number): boolean {
    if (quote === first && first > 0) return true;
    const length = this.#separator.length;
    const before =
      quote >= length ? chunk.subarray(quote - length, quote) : Buffer.concat([this.#before, chunk.subarray(0, quote)]);
    return before.at(-1) === this.#lineEnd || before.subarray(-length).equals(this.#separator);
  }

  #countLines(chunk: Buffer, from: number, to: number): void {
    for (let at = chunk.indexOf(this.#lineEnd, from); at >= 0 && at < to; at = chunk.indexOf(this.#lineEnd, at + 1)) {
      this.#line++;
    }
  }
}

function encodedSeparator({ separator, encoding }: CsvDialect): Buffer {
  if (separator !== "，") return Buffer.from(separator);
  return encoding === "utf-8" ? Buffer.from("，") : Buffer.from([0xa3, 0xac]);
}

/** A CSV file seen as a workbook of one sheet; every cell is text. */
export class CsvSource implements SheetSource {
  readonly format = "csv";
  readonly notices: readonly SheetNotice[] = [];
  readonly sheets: readonly SheetInfo[];
  readonly dialect: CsvDialect;
  readonly #path: string;
  readonly #range: CsvRange | undefined;

  private constructor(path: string, fileName: string, dialect: CsvDialect, range: CsvRange | undefined) {
    this.#path = path;
    this.#range = range;
    this.dialect = dialect;
    this.sheets = [{ index: 0, name: fileName.replace(/\.[^.]*$/, ""), hidden: false }];
  }

  static async open(path: string, fileName = basename(path), range?: CsvRange): Promise<CsvSource> {
    return new CsvSource(path, fileName, await detectCsvDialect(path, fileName), range);
  }

  async *rows(sheetIndex: number, options: ReadRowsOptions = {}): AsyncGenerator<SheetRow[], SheetEnd, undefined> {
    if (sheetIndex !== 0) throw new Refusal(sheetProblems.unknownSheet(sheetIndex));
    const out = new RowBatcher(options);
    const size = this.#range ? this.#range.end - this.#range.start : (await stat(this.#path)).size;
    for await (const chunk of readCsvChunks(this.#path, this.dialect, this.#range)) {
      for (const [place, record] of chunk.records.entries()) {
        const cells = cellsOf(record);
        if (cells.length > SHEET_COLUMN_LIMIT) throw new Refusal(sheetProblems.longRow(chunk.firstRecord + place));
        if (cells.length > 0) out.push({ number: chunk.firstRecord + place, cells });
        else out.trailingEmptyRows++;
      }
      options.onProgress?.(chunk.bytes / size);
      while (out.full) yield out.take();
    }
    while (out.pending) yield out.take();
    return out.end();
  }

  async mergedRanges(): Promise<readonly CellRange[]> {
    return [];
  }

  async close(): Promise<void> {}

  async [Symbol.asyncDispose](): Promise<void> {}
}

function cellsOf(record: readonly string[]): Cell[] {
  let length = record.length;
  while (length > 0 && record[length - 1] === "") length--;
  const cells: Cell[] = [];
  for (let i = 0; i < length; i++) cells.push(record[i] === "" ? null : record[i]!);
  return cells;
}
