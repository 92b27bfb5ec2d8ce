import { Readable } from "node:stream";
import { crc32 } from "node:zlib";
import { Entry } from "yauzl";
import { columnName } from "../platform/sheets/index.ts";
import { encodeXml } from "../platform/sheets/xml-text.ts";
import { ZipWriter } from "../platform/sheets/zip-writer.ts";
import { Deflater } from "./deflate.ts";
import type { AnyForm, CellValue } from "./forms.ts";
import {
  contentTypes,
  HEAD,
  MAIN,
  PACKAGE_RELATIONS,
  style,
  STYLES,
  workbook,
  workbookRelations,
} from "./xlsx-parts.ts";

/** One sheet as an office hands it in: title, a line about the sender, the header in one or two rows, the rows, 合计 and 填表人. */
export interface OfficeSheet {
  readonly name: string;
  readonly title: string;
  /** 填报单位：… 填报日期：… */
  readonly heading: string;
  readonly columns: AnyForm["columns"];
  rows(): Iterable<readonly CellValue[]>;
  /** 填表人：… 审核人：… */
  readonly signature: string;
}

const BATCH_ROWS = 500;
const BLOCK_CHARACTERS = 1 << 20;
const DEFLATED = 8;

/** Writes a workbook. Held in memory are the texts that cells share, and one sheet in compressed form. Returns the number of rows of each sheet. */
export async function writeWorkbook(path: string, sheets: readonly OfficeSheet[]): Promise<number[]> {
  const zip = new ZipWriter(path);
  const strings = new SharedTexts();
  const counts: number[] = [];
  await addPart(zip, "[Content_Types].xml", [contentTypes(sheets.length)]);
  await addPart(zip, "_rels/.rels", [PACKAGE_RELATIONS]);
  await addPart(zip, "xl/workbook.xml", [workbook(sheets.map(({ name }) => name))]);
  await addPart(zip, "xl/_rels/workbook.xml.rels", [workbookRelations(sheets.length)]);
  await addPart(zip, "xl/styles.xml", [STYLES]);
  for (const [index, sheet] of sheets.entries()) {
    await addPart(
      zip,
      `xl/worksheets/sheet${index + 1}.xml`,
      sheetXml(sheet, strings, (count) => counts.push(count)),
    );
  }
  await addPart(zip, "xl/sharedStrings.xml", strings.xml());
  await zip.finish();
  return counts;
}

/** The zip writer would compress with zlib; parts come to it compressed, so that a seed makes the same file on every machine. */
async function addPart(zip: ZipWriter, name: string, pieces: Iterable<string>): Promise<void> {
  const deflater = new Deflater();
  const compressed: Buffer[] = [];
  let bytes = 0;
  let checksum = 0;
  let pending = "";
  const flush = () => {
    const block = Buffer.from(pending);
    pending = "";
    bytes += block.length;
    checksum = crc32(block, checksum);
    compressed.push(deflater.write(block));
  };
  for (const piece of pieces) {
    pending += piece;
    if (pending.length >= BLOCK_CHARACTERS) flush();
  }
  flush();
  compressed.push(deflater.end());
  const entry = Object.assign(new Entry(), {
    fileName: name,
    compressionMethod: DEFLATED,
    crc32: checksum,
    uncompressedSize: bytes,
    compressedSize: compressed.reduce((sum, block) => sum + block.length, 0),
  });
  await zip.copy(entry, Readable.from(compressed, { objectMode: true }));
}

function* sheetXml(sheet: OfficeSheet, strings: SharedTexts, tellCount: (rows: number) => void): Generator<string> {
  const { columns } = sheet;
  const width = columns.length;
  const names = columns.map((_, index) => columnName(index + 1));
  const merges: string[] = [`A1:${names[width - 1]}1`, `A2:${names[width - 1]}2`];
  const cell = (column: number, row: number, value: CellValue, number: number): string => {
    const at = `<c r="${names[column]}${row}" s="${number}"`;
    if (value === null || value === "") return `${at}/>`;
    return typeof value === "number" ? `${at}><v>${value}</v></c>` : `${at} t="s"><v>${strings.indexOf(value)}</v></c>`;
  };
  const row = (number: number, cells: string, height?: number): string =>
    `<row r="${number}"${height === undefined ? "" : ` ht="${height}" customHeight="1"`}>${cells}</row>`;

  yield `${HEAD}<worksheet xmlns="${MAIN}"><cols>`;
  yield columns
    .map(({ width: characters }, i) => `<col min="${i + 1}" max="${i + 1}" width="${characters}" customWidth="1"/>`)
    .join("");
  yield `</cols><sheetData>${row(1, cell(0, 1, sheet.title, style.title), 30)}${row(2, cell(0, 2, sheet.heading, style.note), 20)}`;

  const grouped = columns.some(({ group }) => group !== undefined);
  const top = columns.map(({ header, group }, i) =>
    cell(i, 3, group === undefined ? header : columns[i - 1]?.group === group ? null : group, style.header),
  );
  yield row(3, top.join(""));
  if (grouped) {
    yield row(
      4,
      columns.map(({ header, group }, i) => cell(i, 4, group === undefined ? null : header, style.header)).join(""),
    );
    for (let i = 0; i < width;) {
      const { group } = columns[i]!;
      let end = i + 1;
      while (group !== undefined && columns[end]?.group === group) end++;
      merges.push(group === undefined ? `${names[i]}3:${names[i]}4` : `${names[i]}3:${names[end - 1]}3`);
      i = end;
    }
  }

  let number = grouped ? 5 : 4;
  let count = 0;
  let batch = "";
  for (const values of sheet.rows()) {
    let cells = "";
    for (let i = 0; i < width; i++)
      cells += cell(i, number, values[i]!, typeof values[i] === "number" ? style.number : style.text);
    batch += row(number, cells);
    number++;
    count++;
    if (count % BATCH_ROWS === 0) {
      yield batch;
      batch = "";
    }
  }
  const nameColumn = Math.max(
    1,
    columns.findIndex(({ header }) => header === "姓名"),
  );
  const total = columns.map((_, i) =>
    cell(i, number, i === 0 ? "合计" : i === nameColumn ? `${count}人` : null, style.text),
  );
  yield `${batch}${row(number, total.join(""))}${row(number + 1, cell(0, number + 1, sheet.signature, style.note), 20)}</sheetData>`;
  merges.push(`A${number + 1}:${names[width - 1]}${number + 1}`);
  yield `<mergeCells count="${merges.length}">${merges.map((ref) => `<mergeCell ref="${ref}"/>`).join("")}</mergeCells></worksheet>`;
  tellCount(count);
}

class SharedTexts {
  readonly #indexes = new Map<string, number>();
  #uses = 0;

  indexOf(text: string): number {
    this.#uses++;
    let index = this.#indexes.get(text);
    if (index === undefined) this.#indexes.set(text, (index = this.#indexes.size));
    return index;
  }

  *xml(): Generator<string> {
    yield `${HEAD}<sst xmlns="${MAIN}" count="${this.#uses}" uniqueCount="${this.#indexes.size}">`;
    let batch = "";
    for (const text of this.#indexes.keys()) {
      batch += `<si><t>${encodeXml(text)}</t></si>`;
      if (batch.length > 1 << 16) {
        yield batch;
        batch = "";
      }
    }
    yield `${batch}</sst>`;
  }
}
