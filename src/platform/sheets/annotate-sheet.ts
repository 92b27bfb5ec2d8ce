import { Refusal } from "../problem.ts";
import type { StylePatch } from "./annotate-styles.ts";
import { cellName } from "./cells.ts";
import { sheetProblems } from "./problems.ts";
import type { MarkSeverity } from "./write-cells.ts";
import { columnOf } from "./xlsx-rows.ts";
import { XmlReader } from "./xml.ts";

/** Row → column → how the cell is to be marked. */
type SheetMarks = ReadonlyMap<number, ReadonlyMap<number, MarkSeverity>>;

/** Elements that stand after `legacyDrawing` in a worksheet; their order is part of the format. */
const afterDrawing = new Set([
  "legacyDrawingHF",
  "drawingHF",
  "picture",
  "oleObjects",
  "controls",
  "AlternateContent",
  "webPublishItems",
  "tableParts",
  "extLst",
]);

const relationships = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";

/**
 * Rewrites one sheet as it streams past: marked cells get another style number, missing ones are put in where they belong,
 * and every other character is written on as it came.
 */
export class SheetRewriter {
  /** The relationship of the drawing the sheet's comments have had until now. */
  drawingId: string | null = null;
  readonly #xml: XmlReader;
  readonly #marks: SheetMarks;
  readonly #styles: StylePatch;
  readonly #newDrawingId: string | null;
  readonly #rowsToCome: number[];
  readonly #clears: boolean;
  #prefix = "";
  #out = "";
  #row = 0;
  #column = 0;
  #inSheetData = false;
  #inRow = false;
  #rowMarks: ReadonlyMap<number, MarkSeverity> | null = null;
  #columnsToCome: number[] = [];
  #drawingDone = false;

  /** `newDrawingId` is put in if the sheet has comments to show and no drawing yet. */
  constructor(part: string, marks: SheetMarks, styles: StylePatch, newDrawingId: string | null) {
    this.#xml = new XmlReader(part);
    this.#marks = marks;
    this.#styles = styles;
    this.#newDrawingId = newDrawingId;
    this.#rowsToCome = [...marks.keys()].sort((a, b) => b - a);
    this.#clears = styles.hasOldMarks;
  }

  push(chunk: Buffer | null): string {
    this.#xml.feed(chunk);
    this.#out = "";
    for (let token = this.#xml.next(); token !== "more"; token = this.#xml.next()) {
      if (token === "open") this.#open();
      else if (token === "close") this.#close();
      else this.#out += this.#xml.raw();
    }
    return this.#out;
  }

  #open(): void {
    const xml = this.#xml;
    const name = xml.name;
    if (this.#inRow) {
      if (name === "c" && xml.depth <= 4) this.#cell();
      else this.#out += xml.raw();
    } else if (this.#inSheetData && name === "row") {
      this.#openRow();
    } else if (name === "sheetData" && this.#topLevel()) {
      this.#openSheetData();
    } else {
      if (name === "worksheet" && xml.depth === 1) this.#readRoot(xml.raw());
      if (name === "legacyDrawing" && this.#topLevel()) {
        this.drawingId = xml.attribute("id") ?? null;
        this.#drawingDone = true;
      } else if (afterDrawing.has(name) && this.#topLevel()) this.#addDrawing();
      this.#out += xml.raw();
    }
  }

  #close(): void {
    const name = this.#xml.name;
    if (this.#inRow && name === "row") {
      this.#fillRow(Number.POSITIVE_INFINITY);
      this.#inRow = false;
    } else if (this.#inSheetData && !this.#inRow && name === "sheetData") {
      this.#fillRows(Number.POSITIVE_INFINITY);
      this.#inSheetData = false;
    } else if (name === "worksheet" && this.#xml.depth === 0) {
      this.#addDrawing();
    }
    this.#out += this.#xml.raw();
  }

  /** A child of the root: an open tag has already been counted, one without content has not. */
  #topLevel(): boolean {
    return this.#xml.depth === (this.#xml.selfClosing ? 1 : 2);
  }

  #readRoot(raw: string): void {
    // The strict dialect has other namespaces throughout; what is added here would not be understood in it.
    if (raw.includes("purl.oclc.org")) throw new Refusal(sheetProblems.cannotAnnotate());
    this.#prefix = /^<((?:[\w.-]+:)?)/.exec(raw)![1]!;
  }

  #openSheetData(): void {
    const xml = this.#xml;
    if (!xml.selfClosing) {
      this.#out += xml.raw();
      this.#inSheetData = true;
      return;
    }
    this.#out += unclosed(xml.raw());
    this.#fillRows(Number.POSITIVE_INFINITY);
    this.#out += `</${this.#prefix}sheetData>`;
  }

  #openRow(): void {
    const xml = this.#xml;
    const reference = xml.attribute("r");
    this.#row = reference === undefined ? this.#row + 1 : Number(reference);
    this.#fillRows(this.#row);
    this.#column = 0;
    this.#rowMarks = this.#marks.get(this.#row) ?? null;
    if (!this.#rowMarks) {
      this.#out += xml.raw();
      this.#columnsToCome = [];
      this.#inRow = !xml.selfClosing;
      return;
    }
    this.#rowsToCome.pop();
    this.#columnsToCome = descending(this.#rowMarks.keys());
    // The hint which columns a row spans would be wrong once cells are put in; it may be left out.
    const raw = xml.raw().replace(/\sspans\s*=\s*("[^"]*"|'[^']*')/, "");
    if (!xml.selfClosing) {
      this.#out += raw;
      this.#inRow = true;
      return;
    }
    this.#out += unclosed(raw);
    this.#fillRow(Number.POSITIVE_INFINITY);
    this.#out += `</${this.#prefix}row>`;
  }

  #cell(): void {
    const xml = this.#xml;
    const reference = xml.attribute("r");
    this.#column = reference === undefined ? this.#column + 1 : columnOf(reference);
    const severity = this.#rowMarks?.get(this.#column) ?? null;
    if (this.#columnsToCome.length > 0) {
      this.#fillRow(this.#column);
      if (this.#columnsToCome.at(-1) === this.#column) this.#columnsToCome.pop();
    }
    if (severity === null && !this.#clears) {
      this.#out += xml.raw();
      return;
    }
    const style = Number(xml.attribute("s") ?? 0);
    const wanted = this.#styles.styleFor(style, severity);
    this.#out += wanted === style ? xml.raw() : withStyle(xml.raw(), wanted);
  }

  /** Puts in the marked cells of this row that the file does not have, up to but not including `column`. */
  #fillRow(column: number): void {
    while (this.#columnsToCome.length > 0 && this.#columnsToCome.at(-1)! < column) {
      const missing = this.#columnsToCome.pop()!;
      const style = this.#styles.styleFor(0, this.#rowMarks!.get(missing)!);
      this.#out += `<${this.#prefix}c r="${cellName(this.#row, missing)}" s="${style}"/>`;
    }
  }

  #fillRows(before: number): void {
    while (this.#rowsToCome.length > 0 && this.#rowsToCome.at(-1)! < before) {
      const row = this.#rowsToCome.pop()!;
      const current = this.#row;
      this.#row = row;
      this.#rowMarks = this.#marks.get(row)!;
      this.#columnsToCome = descending(this.#rowMarks.keys());
      this.#out += `<${this.#prefix}row r="${row}">`;
      this.#fillRow(Number.POSITIVE_INFINITY);
      this.#out += `</${this.#prefix}row>`;
      this.#row = current;
    }
  }

  #addDrawing(): void {
    if (this.#drawingDone) return;
    this.#drawingDone = true;
    if (this.#newDrawingId === null) return;
    this.#out += `<${this.#prefix}legacyDrawing xmlns:r="${relationships}" r:id="${this.#newDrawingId}"/>`;
  }
}

function descending(numbers: Iterable<number>): number[] {
  return [...numbers].sort((a, b) => b - a);
}

function unclosed(raw: string): string {
  return `${raw.slice(0, raw.lastIndexOf("/")).trimEnd()}>`;
}

function withStyle(raw: string, style: number): string {
  const replaced = raw.replace(/(\ss\s*=\s*)("[^"]*"|'[^']*')/, `$1"${style}"`);
  return replaced === raw ? raw.replace(/^<[\w.:-]+/, (tag) => `${tag} s="${style}"`) : replaced;
}
