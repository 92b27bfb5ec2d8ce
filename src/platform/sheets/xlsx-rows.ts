import { Refusal } from "../problem.ts";
import {
  type Cell,
  type DateCell,
  type ErrorCell,
  type NumberCell,
  type PlainCell,
  CELL_TEXT_LIMIT,
  SHEET_COLUMN_LIMIT,
  SHEET_ROW_LIMIT,
} from "./cells.ts";
import { type FormatClass, formatNumber, serialOfIso } from "./number-formats.ts";
import { sheetProblems } from "./problems.ts";
import { type SharedStrings, TextCollector } from "./shared-strings.ts";
import type { RowBatcher } from "./source.ts";
import { decodeEscapes } from "./xml-text.ts";
import { type PlainCell as PlainXmlCell, type XmlReader } from "./xml.ts";
import { isTrue } from "./xlsx-workbook.ts";

export interface RowContext {
  readonly formats: readonly FormatClass[];
  readonly date1904: boolean;
  readonly strings: SharedStrings | null;
  readonly emptyRowLimit: number;
}

const GENERAL: FormatClass = { kind: "general" };
const ISO_FORMAT: FormatClass = { kind: "date", precision: "moment" };

/**
 * Turns the tokens of one sheet into rows. Positions are taken from the `r` attributes where they stand and counted on
 * where they do not (WPS and others leave them out); `<dimension>` is never believed.
 */
export class XlsxRowParser {
  /** All rows of the sheet have been seen. */
  finished = false;
  /** The limit of empty rows was reached before that. */
  stopped = false;
  readonly #context: RowContext;
  readonly #out: RowBatcher;
  readonly #inline: TextCollector;
  readonly #plain: PlainXmlCell = { column: 0, style: 0, type: "", value: null };
  #rowNumber = 0;
  #hidden = false;
  #cells: Cell[] = [];
  #column = 0;
  #inRow = false;
  #inCell = false;
  #inInline = false;
  #inValue = false;
  #type = "";
  #style = 0;
  #value = "";
  #hasValue = false;
  #formula = false;
  #emptyRun = 0;

  constructor(context: RowContext, out: RowBatcher) {
    this.#context = context;
    this.#out = out;
    this.#inline = new TextCollector("单元格");
  }

  /** Works off what the tokenizer has. */
  drain(xml: XmlReader): void {
    const plain = this.#plain;
    while (!this.finished && !this.stopped) {
      if (this.#inRow && !this.#inCell && xml.takePlainCell(plain)) {
        this.#takePlain(plain);
        continue;
      }
      const token = xml.next();
      if (token === "more") return;
      if (token === "text") {
        if (this.#inValue) this.#addValue(xml);
        else if (this.#inInline) this.#inline.take(token, xml);
      } else if (token === "open") {
        this.#open(xml);
      } else if (token === "close") {
        this.#close(xml);
      }
    }
  }

  #takePlain(plain: PlainXmlCell): void {
    this.#column = plain.column;
    if (plain.column > SHEET_COLUMN_LIMIT) throw new Refusal(sheetProblems.damaged("列号有误"));
    if (plain.value === null) return;
    this.#type = plain.type;
    this.#style = plain.style;
    this.#value = plain.value;
    const value = this.#convert();
    if (value !== null) this.#put(value);
  }

  #open(xml: XmlReader): void {
    const name = xml.name;
    if (this.#inCell) {
      if (name === "v") {
        this.#hasValue = true;
        this.#inValue = !xml.selfClosing;
      } else if (name === "f") this.#formula = true;
      else if (name === "is" && !xml.selfClosing) {
        this.#inInline = true;
        this.#inline.start();
      } else if (this.#inInline) this.#inline.take("open", xml);
    } else if (this.#inRow) {
      if (name === "c") this.#openCell(xml);
    } else if (name === "row") {
      this.#openRow(xml);
    }
  }

  #close(xml: XmlReader): void {
    const name = xml.name;
    if (this.#inInline) {
      if (name === "is") {
        this.#inInline = false;
        this.#hasValue = true;
        this.#value = this.#inline.finish();
      } else this.#inline.take("close", xml);
    } else if (this.#inCell) {
      if (name === "v") this.#inValue = false;
      else if (name === "c") this.#closeCell();
    } else if (name === "row" && this.#inRow) {
      this.#closeRow();
    } else if (name === "sheetData") {
      this.finished = true;
    }
  }

  #openRow(xml: XmlReader): void {
    const reference = xml.attribute("r");
    const number = reference === undefined ? this.#rowNumber + 1 : Number(reference);
    if (!Number.isInteger(number) || number < 1) throw new Refusal(sheetProblems.damaged("行号有误"));
    if (number <= this.#rowNumber) throw new Refusal(sheetProblems.rowOrder(this.#rowNumber));
    this.#rowNumber = number;
    this.#hidden = isTrue(xml.attribute("hidden"));
    this.#cells = [];
    this.#column = 0;
    if (xml.selfClosing) this.#closeRow();
    else this.#inRow = true;
  }

  #closeRow(): void {
    this.#inRow = false;
    const cells = this.#cells;
    if (cells.length === 0) {
      this.#out.trailingEmptyRows++;
      if (++this.#emptyRun >= this.#context.emptyRowLimit) this.#stopAfterEmptyRows();
      return;
    }
    this.#emptyRun = 0;
    const number = this.#rowNumber;
    if (number > SHEET_ROW_LIMIT) throw new Refusal(sheetProblems.rowBeyondLimit(number));
    this.#out.push(this.#hidden ? { number, cells, hidden: true } : { number, cells });
  }

  #stopAfterEmptyRows(): void {
    this.stopped = true;
    const message = `第 ${this.#out.lastRow + 1} 行起连续 ${this.#emptyRun} 个空行，之后的内容未再读取。如后面还有数据，请删除中间的空行后重新上传。`;
    this.#out.notices.push({ code: "stopped-after-empty-rows", message });
  }

  #openCell(xml: XmlReader): void {
    const reference = xml.attribute("r");
    this.#column = reference === undefined ? this.#column + 1 : columnOf(reference);
    if (this.#column > SHEET_COLUMN_LIMIT || this.#column < 1) throw new Refusal(sheetProblems.damaged("列号有误"));
    if (xml.selfClosing) return;
    this.#type = xml.attribute("t") ?? "";
    const style = xml.attribute("s");
    this.#style = style === undefined ? 0 : Number(style);
    this.#value = "";
    this.#hasValue = false;
    this.#formula = false;
    this.#inCell = true;
  }

  #addValue(xml: XmlReader): void {
    const added = xml.value();
    this.#value = this.#value === "" ? added : this.#value + added;
    if (this.#value.length > CELL_TEXT_LIMIT) {
      throw new Refusal(sheetProblems.longText(`第 ${this.#rowNumber} 行第 ${this.#column} 列`));
    }
  }

  #closeCell(): void {
    this.#inCell = false;
    this.#inValue = false;
    if (!this.#hasValue && !this.#formula) return;
    const value = this.#hasValue ? this.#convert() : null;
    // A formula that shows an empty text is an empty cell to whoever looks at it; one without any saved value is not.
    const computed = this.#formula && !(this.#hasValue && value === null);
    if (value === null && !computed) return;
    this.#put(computed ? { kind: "formula", value } : value);
  }

  #put(cell: Cell): void {
    const cells = this.#cells;
    while (cells.length < this.#column - 1) cells.push(null);
    cells[this.#column - 1] = cell;
  }

  #convert(): PlainCell | DateCell | NumberCell | ErrorCell {
    const value = this.#value;
    switch (this.#type) {
      case "s": {
        const text = this.#context.strings?.get(value === "" ? -1 : Number(value));
        if (text === undefined) {
          throw new Refusal(sheetProblems.damaged(`第 ${this.#rowNumber} 行第 ${this.#column} 列引用了不存在的文字`));
        }
        return text === "" ? null : text;
      }
      case "inlineStr":
        return value === "" ? null : value;
      case "str": {
        const text = decodeEscapes(value);
        return text === "" ? null : text;
      }
      case "b":
        return value === "" ? null : isTrue(value.trim());
      case "e":
        return value === "" ? null : { kind: "error", text: value };
      case "d": {
        const serial = serialOfIso(value.trim());
        return serial === null ? value || null : formatNumber(serial, ISO_FORMAT, false);
      }
      default: {
        const number = value === "" ? Number.NaN : Number(value);
        if (!Number.isFinite(number)) return value.trim() === "" ? null : value;
        const format = this.#context.formats[this.#style] ?? GENERAL;
        return format.kind === "general" ? number : formatNumber(number, format, this.#context.date1904);
      }
    }
  }
}

/** "AB12" → 28; 0 where it is no reference. */
export function columnOf(reference: string): number {
  let column = 0;
  for (let i = 0; i < reference.length && i < 4; i++) {
    const letter = reference.charCodeAt(i) & ~32;
    if (letter < 65 || letter > 90) break;
    column = column * 26 + letter - 64;
  }
  return column;
}
