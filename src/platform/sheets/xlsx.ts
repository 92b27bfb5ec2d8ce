import { Refusal } from "../problem.ts";
import { type CellRange, parseRange, SHEET_ROW_LIMIT, type SheetRow } from "./cells.ts";
import { sheetProblems } from "./problems.ts";
import { readSharedStrings, type SharedStrings } from "./shared-strings.ts";
import {
  type OpenSheetsOptions,
  type ReadRowsOptions,
  RowBatcher,
  type SheetEnd,
  type SheetInfo,
  type SheetSource,
} from "./source.ts";
import { XlsxRowParser } from "./xlsx-rows.ts";
import { readWorkbook, type XlsxWorkbook } from "./xlsx-workbook.ts";
import { XmlReader } from "./xml.ts";
import type { SheetNotice, ZipArchive } from "./zip.ts";

const MERGE_LIMIT = 200_000;

/** Reads an .xlsx as it streams out of the zip. Owns the archive from here on. */
export class XlsxSource implements SheetSource {
  readonly format = "xlsx";
  readonly sheets: readonly SheetInfo[];
  readonly notices: readonly SheetNotice[];
  readonly #archive: ZipArchive;
  readonly #workbook: XlsxWorkbook;
  readonly #stringBytes: number;
  #strings: Promise<SharedStrings | null> | null = null;
  readonly #merges = new Map<number, Promise<readonly CellRange[]>>();

  private constructor(
    archive: ZipArchive,
    workbook: XlsxWorkbook,
    notices: readonly SheetNotice[],
    options: OpenSheetsOptions,
  ) {
    this.#archive = archive;
    this.#workbook = workbook;
    this.notices = notices;
    this.#stringBytes = options.sharedStringBytes ?? 64 * 2 ** 20;
    this.sheets = workbook.sheets.map(({ name, hidden }, index) => ({ index, name, hidden }));
  }

  static async open(
    archive: ZipArchive,
    notices: readonly SheetNotice[],
    options: OpenSheetsOptions,
  ): Promise<XlsxSource> {
    return new XlsxSource(archive, await readWorkbook(archive), notices, options);
  }

  async *rows(sheetIndex: number, options: ReadRowsOptions = {}): AsyncGenerator<SheetRow[], SheetEnd, undefined> {
    const part = this.#part(sheetIndex);
    const out = new RowBatcher(options);
    const parser = new XlsxRowParser(
      {
        formats: this.#workbook.formats,
        date1904: this.#workbook.date1904,
        strings: await this.#sharedStrings(),
        emptyRowLimit: options.emptyRowLimit ?? SHEET_ROW_LIMIT,
      },
      out,
    );
    const xml = new XmlReader(part);
    const total = Math.max(1, this.#archive.parts.get(part)!.uncompressedSize);
    let bytes = 0;
    for await (const chunk of this.#archive.read(part)) {
      bytes += chunk.length;
      if (parser.finished) continue; // read on only so that size and checksum are compared
      xml.feed(chunk);
      parser.drain(xml);
      if (out.full) {
        options.onProgress?.(bytes / total);
        while (out.full) yield out.take();
      }
      if (parser.stopped) break;
    }
    if (!parser.finished && !parser.stopped) {
      xml.feed(null);
      parser.drain(xml);
    }
    while (out.pending) yield out.take();
    options.onProgress?.(1);
    return out.end();
  }

  mergedRanges(sheetIndex: number): Promise<readonly CellRange[]> {
    const known = this.#merges.get(sheetIndex) ?? this.#findMerges(this.#part(sheetIndex));
    this.#merges.set(sheetIndex, known);
    return known;
  }

  async close(): Promise<void> {
    const strings = await this.#strings?.catch(() => null);
    strings?.close();
    this.#archive.close();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  #part(sheetIndex: number): string {
    const sheet = this.#workbook.sheets[sheetIndex];
    if (!sheet) throw new Refusal(sheetProblems.unknownSheet(sheetIndex));
    return sheet.part;
  }

  #sharedStrings(): Promise<SharedStrings | null> {
    const part = this.#workbook.sharedStringsPart;
    this.#strings ??= part === null ? Promise.resolve(null) : readSharedStrings(this.#archive, part, this.#stringBytes);
    return this.#strings;
  }

  /**
   * Merged cells stand after all rows. Tokenizing the rows only to pass them would double the work, so the bytes are
   * searched: `<` is always escaped in values, which makes the name of the element unmistakable.
   */
  async #findMerges(part: string): Promise<readonly CellRange[]> {
    const ranges: CellRange[] = [];
    const pattern = /<(?:[\w.-]+:)?mergeCell\s[^>]*?\bref\s*=\s*["']([A-Z0-9:$]+)["']/g;
    let carry: Buffer = Buffer.alloc(0);
    for await (const chunk of this.#archive.read(part)) {
      const bytes = carry.length === 0 ? chunk : Buffer.concat([carry, chunk]);
      if (bytes.includes("mergeCell ")) {
        const cut = bytes.lastIndexOf(">") + 1;
        for (const match of bytes.toString("latin1", 0, cut).matchAll(pattern)) {
          const range = parseRange(match[1]!);
          if (range) ranges.push(range);
        }
        if (ranges.length > MERGE_LIMIT) throw new Refusal(sheetProblems.damaged("合并单元格过多"));
        carry = bytes.subarray(Math.max(cut, bytes.length - 4096));
      } else {
        carry = bytes.subarray(Math.max(0, bytes.length - 512));
      }
    }
    return ranges;
  }
}
