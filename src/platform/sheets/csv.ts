import { basename } from "node:path";
import { sizeOf, type FilePlace } from "../files/place.ts";
import { Refusal } from "../problem.ts";
import { type Cell, type CellRange, SHEET_COLUMN_LIMIT, type SheetRow } from "./cells.ts";
import { decoderOf, linesBeforeFault, readCsvBlocks, type CsvRange } from "./csv-blocks.ts";
import { type CsvDialect, detectCsvDialect } from "./csv-dialect.ts";
import { readCsvLines, SEPARATOR_LINE } from "./csv-lines.ts";
import { CsvSplitter } from "./csv-splitter.ts";
import { sheetProblems } from "./problems.ts";
import {
  type OpenSheetsOptions,
  type ReadRowsOptions,
  RowBatcher,
  type SheetEnd,
  type SheetInfo,
  type SheetSource,
} from "./source.ts";
import type { SheetNotice } from "./zip.ts";

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
  place: FilePlace,
  dialect: CsvDialect,
  range?: CsvRange,
): AsyncGenerator<CsvChunk, void, undefined> {
  const splitter = new CsvSplitter(dialect.separator, dialect.lineEnd, range?.firstLine ?? 1);
  const decode = decoderOf(dialect.encoding);
  let firstRecord = range?.firstRecord ?? 1;
  for await (const { bytes, last, first, read } of readCsvBlocks(place, dialect, range, () => splitter.line)) {
    let text = decode(bytes);
    if (text === null) throw new Refusal(sheetProblems.undecodable(splitter.line + linesBeforeFault(bytes, dialect)));
    if (first) text = text.replace(SEPARATOR_LINE, "");
    const records = splitter.push(text, last);
    if (records.length > 0) yield { firstRecord, records, bytes: read };
    firstRecord += records.length;
  }
}

/** A CSV file seen as a workbook of one sheet; every cell is text. */
export class CsvSource implements SheetSource {
  readonly format = "csv";
  readonly notices: readonly SheetNotice[] = [];
  readonly sheets: readonly SheetInfo[];
  readonly dialect: CsvDialect;
  readonly #place: FilePlace;
  readonly #size: number;
  readonly #range: CsvRange | undefined;

  private constructor(
    place: FilePlace,
    size: number,
    fileName: string,
    dialect: CsvDialect,
    range: CsvRange | undefined,
  ) {
    this.#place = place;
    this.#size = range ? range.end - range.start : size;
    this.#range = range;
    this.dialect = dialect;
    this.sheets = [{ index: 0, name: fileName.replace(/\.[^.]*$/, ""), hidden: false }];
  }

  static async open(place: FilePlace, options: OpenSheetsOptions): Promise<CsvSource> {
    const { fileName = basename(typeof place === "string" ? place : place.path), range, dialect } = options;
    return new CsvSource(
      place,
      await sizeOf(place),
      fileName,
      dialect ?? (await detectCsvDialect(place, fileName)),
      range,
    );
  }

  async *rows(sheetIndex: number, options: ReadRowsOptions = {}): AsyncGenerator<SheetRow[], SheetEnd, undefined> {
    if (sheetIndex !== 0) throw new Refusal(sheetProblems.unknownSheet(sheetIndex));
    const out = new RowBatcher(options);
    const { look } = options;
    if (look && this.dialect.encoding !== "utf-16le") {
      for await (const block of readCsvLines(this.#place, this.dialect, this.#range, look)) {
        for (const { number, cells, mark } of block.records) addRow(out, number, cells, mark);
        options.onProgress?.(block.bytes / this.#size);
        // Also when every row was passed over, so that whoever looks can write what he has gathered.
        do yield out.take();
        while (out.pending);
      }
      return out.end();
    }
    for await (const chunk of readCsvChunks(this.#place, this.dialect, this.#range)) {
      for (const [place, record] of chunk.records.entries()) addRow(out, chunk.firstRecord + place, record, undefined);
      options.onProgress?.(chunk.bytes / this.#size);
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

function addRow(out: RowBatcher, number: number, record: readonly string[], mark: string | undefined): void {
  const cells = cellsOf(record);
  if (cells.length > SHEET_COLUMN_LIMIT) throw new Refusal(sheetProblems.longRow(number));
  if (cells.length === 0) out.trailingEmptyRows++;
  else out.push(mark === undefined ? { number, cells } : { number, cells, mark });
}

function cellsOf(record: readonly string[]): Cell[] {
  let length = record.length;
  while (length > 0 && record[length - 1] === "") length--;
  const cells: Cell[] = [];
  for (let i = 0; i < length; i++) cells.push(record[i] === "" ? null : record[i]!);
  return cells;
}
