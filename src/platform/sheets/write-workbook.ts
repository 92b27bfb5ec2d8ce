import { unlink } from "node:fs/promises";
import type { Writable } from "node:stream";
import { columnName, SHEET_ROW_LIMIT } from "./cells.ts";
import {
  type CellNote,
  commentsContentType,
  commentsRelationship,
  commentsXml,
  shapeBlocks,
  vmlContentType,
  vmlRelationship,
  vmlXml,
} from "./comment-parts.ts";
import { cellXml, columnsXml, headingXml, type MarkSeverity, stylesXml, titleXml } from "./write-cells.ts";
import { encodeXml } from "./xml-text.ts";
import { ZipWriter } from "./zip-writer.ts";

/** `money` takes integer fen and shows yuan; `date` takes ISO text, and what is no whole date is written as text. */
export type WriteKind = "text" | "date" | "money" | "int";
export type WriteValue = string | number | bigint | boolean | null | undefined;

export interface WriteColumn {
  readonly header: string;
  /** In characters of western text; a Chinese one takes two. */
  readonly width?: number;
  readonly kind: WriteKind;
  /** The only values Excel accepts in this column: a drop-down list. */
  readonly allowed?: readonly string[];
}

export interface WriteMark {
  /** 1-based. */
  readonly column: number;
  readonly severity: MarkSeverity;
  /** Becomes a comment; left out, the cell is only coloured. */
  readonly message?: string;
}

export interface MarkedRow {
  readonly cells: readonly WriteValue[];
  readonly marks: readonly WriteMark[];
}

export type WriteRow = readonly WriteValue[] | MarkedRow;

export interface WriteSheet {
  readonly name: string;
  readonly columns: readonly WriteColumn[];
  readonly rows: AsyncIterable<WriteRow> | Iterable<WriteRow>;
  /** A line across all columns above the header. */
  readonly titleLine?: string;
  /** Stands at the foot of every printed page. */
  readonly footer?: string;
  /** Rows that stay in sight; by default title and header. */
  readonly frozenRows?: number;
}

export interface WrittenWorkbook {
  readonly rows: number;
  readonly sheets: number;
  readonly comments: number;
}

interface WrittenSheet {
  readonly name: string;
  /** So many rows stand at the top of each printed page. */
  readonly headRows: number;
  readonly hidden: boolean;
  readonly notes: number;
}

const BLOCK_CHARACTERS = 64 * 1024;
const CHOICES = "选项";
/** Wider sheets are printed lengthwise on A4. */
const UPRIGHT_CHARACTERS = 110;

/**
 * Writes an .xlsx as the rows come. Only comments are held, for they lie in parts of their own; rows are not. Texts are
 * always text cells, whatever they begin with: an `=` from a file somebody sent must never become a formula, and an ID
 * number must keep its digits. A sheet that is full goes on in another of the same heading.
 */
export async function writeWorkbook(
  target: string | Writable,
  { sheets }: { readonly sheets: readonly WriteSheet[] },
): Promise<WrittenWorkbook> {
  const zip = new ZipWriter(target);
  try {
    const written = await new WorkbookWriter(zip).write(sheets);
    await zip.finish();
    return written;
  } catch (error) {
    zip.abort();
    if (typeof target === "string") await unlink(target).catch(() => {});
    throw error;
  }
}

class WorkbookWriter {
  readonly #zip: ZipWriter;
  readonly #written: WrittenSheet[] = [];
  readonly #choices: (readonly string[])[] = [];
  #rows = 0;
  #comments = 0;
  #nextBlock = 1;

  constructor(zip: ZipWriter) {
    this.#zip = zip;
  }

  async write(sheets: readonly WriteSheet[]): Promise<WrittenWorkbook> {
    for (const sheet of sheets) {
      const rows =
        Symbol.asyncIterator in sheet.rows ? sheet.rows[Symbol.asyncIterator]() : sheet.rows[Symbol.iterator]();
      try {
        for (let part = 1, more = true; more; part++) {
          more = await this.#writeSheet(sheet, part === 1 ? sheet.name : `${sheet.name}(${part})`, rows);
        }
      } finally {
        await rows.return?.();
      }
    }
    if (this.#choices.length > 0) await this.#writeChoices();
    await this.#writeFrame();
    return { rows: this.#rows, sheets: sheets.length, comments: this.#comments };
  }

  /** Tells whether rows are left over for another sheet. */
  async #writeSheet(
    sheet: WriteSheet,
    name: string,
    rows: AsyncIterator<WriteRow> | Iterator<WriteRow>,
  ): Promise<boolean> {
    const number = this.#written.length + 1;
    const notes: CellNote[] = [];
    const progress = { more: false };
    await this.#zip.add(`xl/worksheets/sheet${number}.xml`, this.#sheetXml(sheet, rows, notes, progress));
    if (notes.length > 0) {
      await this.#zip.add(`xl/comments${number}.xml`, commentsXml(notes));
      await this.#zip.add(`xl/drawings/vmlDrawing${number}.vml`, vmlXml(notes, notes.length, this.#nextBlock));
      await this.#zip.add(`xl/worksheets/_rels/sheet${number}.xml.rels`, [
        relationshipsXml([
          ["rId1", commentsRelationship, `../comments${number}.xml`],
          ["rId2", vmlRelationship, `../drawings/vmlDrawing${number}.vml`],
        ]),
      ]);
      this.#nextBlock += shapeBlocks(notes.length, 0).length;
    }
    const headRows = sheet.titleLine === undefined ? 1 : 2;
    this.#written.push({ name: this.#freeName(name), headRows, hidden: false, notes: notes.length });
    this.#comments += notes.length;
    return progress.more;
  }

  async *#sheetXml(
    sheet: WriteSheet,
    rows: AsyncIterator<WriteRow> | Iterator<WriteRow>,
    notes: CellNote[],
    progress: { more: boolean },
  ): AsyncGenerator<string> {
    const headerRow = sheet.titleLine === undefined ? 1 : 2;
    const frozen = sheet.frozenRows ?? headerRow;
    const pane = `<pane ySplit="${frozen}" topLeftCell="A${frozen + 1}" activePane="bottomLeft" state="frozen"/>`;
    yield `${declaration}<worksheet xmlns="${main}" xmlns:r="${relationshipsNamespace}"><sheetPr><pageSetUpPr fitToPage="1"/></sheetPr><sheetViews><sheetView workbookViewId="0">${frozen > 0 ? pane : ""}</sheetView></sheetViews><sheetFormatPr defaultRowHeight="15"/>${columnsXml(sheet.columns)}<sheetData>`;
    let text = (sheet.titleLine === undefined ? "" : titleXml(sheet.titleLine)) + headingXml(headerRow, sheet.columns);
    let row = headerRow;
    for (let next = await rows.next(); !next.done; next = await rows.next()) {
      row++;
      this.#rows++;
      text += rowXml(row, next.value, sheet.columns, notes);
      if (text.length > BLOCK_CHARACTERS) {
        yield text;
        text = "";
      }
      if (row === SHEET_ROW_LIMIT) {
        progress.more = true;
        break;
      }
    }
    yield `${text}</sheetData>`;
    const last = columnName(Math.max(1, sheet.columns.length));
    if (sheet.titleLine !== undefined && sheet.columns.length > 1) {
      yield `<mergeCells count="1"><mergeCell ref="A1:${last}1"/></mergeCells>`;
    }
    yield this.#validationsXml(sheet.columns, headerRow + 1);
    const wide = sheet.columns.reduce((sum, { width }) => sum + (width ?? 12), 0) > UPRIGHT_CHARACTERS;
    yield `<pageMargins left="0.5" right="0.5" top="0.6" bottom="0.7" header="0.3" footer="0.3"/><pageSetup paperSize="9" orientation="${wide ? "landscape" : "portrait"}" fitToWidth="1" fitToHeight="0"/>`;
    // "&" begins a code there; doubled, it is itself.
    if (sheet.footer !== undefined)
      yield `<headerFooter><oddFooter>${encodeXml(`&L&8${sheet.footer.replaceAll("&", "&&")}&R&8&P/&N`)}</oddFooter></headerFooter>`;
    yield `${notes.length > 0 ? '<legacyDrawing r:id="rId2"/>' : ""}</worksheet>`;
  }

  /** Lists lie in a hidden sheet: written into the rule itself they may have 255 characters and no comma. */
  #validationsXml(columns: readonly WriteColumn[], firstRow: number): string {
    const rules: string[] = [];
    for (const [index, { allowed }] of columns.entries()) {
      if (!allowed || allowed.length === 0) continue;
      let choice = this.#choices.indexOf(allowed);
      if (choice < 0) choice = this.#choices.push(allowed) - 1;
      const list = columnName(choice + 1);
      const column = columnName(index + 1);
      rules.push(
        `<dataValidation type="list" allowBlank="1" showErrorMessage="1" errorTitle="填写有误" error="请从下拉列表中选择。" sqref="${column}${firstRow}:${column}${SHEET_ROW_LIMIT}"><formula1>${CHOICES}!$${list}$1:$${list}$${allowed.length}</formula1></dataValidation>`,
      );
    }
    return rules.length === 0 ? "" : `<dataValidations count="${rules.length}">${rules.join("")}</dataValidations>`;
  }

  async #writeChoices(): Promise<void> {
    const number = this.#written.length + 1;
    const longest = Math.max(...this.#choices.map((list) => list.length));
    let rows = "";
    for (let row = 1; row <= longest; row++) {
      const cells = this.#choices.map((list, column) => cellXml(row, column + 1, list[row - 1], "text", null));
      rows += `<row r="${row}">${cells.join("")}</row>`;
    }
    const xml = `${declaration}<worksheet xmlns="${main}"><sheetData>${rows}</sheetData></worksheet>`;
    await this.#zip.add(`xl/worksheets/sheet${number}.xml`, [xml]);
    this.#written.push({ name: CHOICES, headRows: 0, hidden: true, notes: 0 });
  }

  async #writeFrame(): Promise<void> {
    const sheets = this.#written.map(({ name, hidden }, index) => {
      const state = hidden ? ' state="hidden"' : "";
      return `<sheet name="${encodeXml(name)}" sheetId="${index + 1}"${state} r:id="rId${index + 1}"/>`;
    });
    const workbook = `${declaration}<workbook xmlns="${main}" xmlns:r="${relationshipsNamespace}"><sheets>${sheets.join("")}</sheets>${this.#printTitles()}</workbook>`;
    const relations = this.#written.map((_, index): [string, string, string] => [
      `rId${index + 1}`,
      `${relationshipsNamespace}/worksheet`,
      `worksheets/sheet${index + 1}.xml`,
    ]);
    relations.push([`rId${relations.length + 1}`, `${relationshipsNamespace}/styles`, "styles.xml"]);
    await this.#zip.add("xl/workbook.xml", [workbook]);
    await this.#zip.add("xl/_rels/workbook.xml.rels", [relationshipsXml(relations)]);
    await this.#zip.add("xl/styles.xml", [stylesXml]);
    await this.#zip.add("_rels/.rels", [
      relationshipsXml([["rId1", `${relationshipsNamespace}/officeDocument`, "xl/workbook.xml"]]),
    ]);
    await this.#zip.add("[Content_Types].xml", [this.#contentTypesXml()]);
  }

  /** What a column holds stands on every printed page, not on the first alone. */
  #printTitles(): string {
    const names = this.#written.flatMap(({ name, headRows }, index) =>
      headRows === 0
        ? []
        : [
            `<definedName name="_xlnm.Print_Titles" localSheetId="${index}">${encodeXml(`'${name.replaceAll("'", "''")}'!$1:$${headRows}`)}</definedName>`,
          ],
    );
    return names.length === 0 ? "" : `<definedNames>${names.join("")}</definedNames>`;
  }

  #contentTypesXml(): string {
    const office = "application/vnd.openxmlformats-officedocument.spreadsheetml";
    const override = (part: string, type: string) => `<Override PartName="/xl/${part}" ContentType="${type}"/>`;
    const parts = this.#written.flatMap(({ notes }, index) => [
      override(`worksheets/sheet${index + 1}.xml`, `${office}.worksheet+xml`),
      notes > 0 ? override(`comments${index + 1}.xml`, commentsContentType) : "",
    ]);
    return `${declaration}<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Default Extension="vml" ContentType="${vmlContentType}"/>${override("workbook.xml", `${office}.sheet.main+xml`)}${override("styles.xml", `${office}.styles+xml`)}${parts.join("")}</Types>`;
  }

  /** Excel allows 31 characters, none of []:*?/\, and no two alike. */
  #freeName(wanted: string): string {
    const clean =
      wanted
        .replaceAll(/[[\]:*?/\\]/g, " ")
        .replaceAll(/^'+|'+$/g, "")
        .trim() || "Sheet";
    const taken = new Set([CHOICES, ...this.#written.map(({ name }) => name.toLowerCase())]);
    for (let number = 1; ; number++) {
      const suffix = number === 1 ? "" : `(${number})`;
      const name = clean.slice(0, 31 - suffix.length) + suffix;
      if (!taken.has(name.toLowerCase())) return name;
    }
  }
}

function rowXml(row: number, content: WriteRow, columns: readonly WriteColumn[], notes: CellNote[]): string {
  const marked = "marks" in content;
  const cells = marked ? content.cells : content;
  const marks = marked ? content.marks : [];
  let xml = `<row r="${row}">`;
  const width = Math.max(cells.length, columns.length);
  for (let index = 0; index < width; index++) {
    const here = marks.length === 0 ? marks : marks.filter(({ column }) => column === index + 1);
    const severity = here.length === 0 ? null : here.some((mark) => mark.severity === "error") ? "error" : "warning";
    xml += cellXml(row, index + 1, cells[index], columns[index]?.kind ?? "text", severity);
    const messages = here.flatMap(({ message }) => message ?? []);
    if (messages.length > 0) notes.push({ row, column: index + 1, text: messages.join("\n") });
  }
  return `${xml}</row>`;
}

const declaration = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n';
const main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
const relationshipsNamespace = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";

function relationshipsXml(relations: readonly (readonly [id: string, type: string, target: string])[]): string {
  const elements = relations.map(
    ([id, type, target]) => `<Relationship Id="${id}" Type="${type}" Target="${target}"/>`,
  );
  return `${declaration}<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">${elements.join("")}</Relationships>`;
}
