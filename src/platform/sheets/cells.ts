/**
 * A cell in its cheapest form. The common ones are plain values, so a row of 25 cells costs one array: a string is a text
 * cell, a number a number cell with an ordinary format, null an empty cell. What needs more carries a `kind`.
 */
export type PlainCell = string | number | boolean | null;
export type Cell = PlainCell | DateCell | NumberCell | ErrorCell | FormulaCell;

/** What the cell's format lets the reader see: "2024年3月" is known to the month only, whatever day the serial holds. */
export type DatePrecision = "year" | "month" | "day" | "moment" | "time";

export interface DateCell {
  readonly kind: "date";
  /** Days in the 1900 system, whatever system the workbook uses. */
  readonly serial: number;
  /** ISO: 2024-03-01, 2024-03-01T08:30:00, or 08:30:00 for a bare time. 1900-02-29 exists in Excel only: serial 60. */
  readonly text: string;
  readonly precision: DatePrecision;
}

/**
 * A number whose format changes what a person sees: `text` (the column is formatted as text, yet a number is stored),
 * `scientific`, `percent`, `padded` (0000: leading zeros are shown only), `date` (date format, but no date has this serial).
 */
export interface NumberCell {
  readonly kind: "number";
  readonly value: number;
  readonly format: "text" | "scientific" | "percent" | "padded" | "date";
  /** What the format shows, where that is more than the number: the zeros of `padded`. */
  readonly text?: string;
}

export interface ErrorCell {
  readonly kind: "error";
  /** As Excel shows it: #N/A, #REF! … */
  readonly text: string;
}

/** The formula itself is never read nor run; `value` is what the sending program saved, null if it saved none. */
export interface FormulaCell {
  readonly kind: "formula";
  readonly value: PlainCell | DateCell | NumberCell | ErrorCell;
}

export interface SheetRow {
  /** 1-based, as the sheet shows it; gaps are kept. */
  readonly number: number;
  /** From column A; may be shorter than its neighbours, never ends with null. */
  readonly cells: Cell[];
  readonly hidden?: true;
  /** What `ReadRowsOptions.look` said of the line. */
  readonly mark?: string | undefined;
}

/** 1-based and inclusive. */
export interface CellRange {
  readonly top: number;
  readonly left: number;
  readonly bottom: number;
  readonly right: number;
}

export const SHEET_ROW_LIMIT = 1_048_576;
export const SHEET_COLUMN_LIMIT = 16_384;
export const CELL_TEXT_LIMIT = 32_767;

/** 1 → A, 27 → AA. */
export function columnName(column: number): string {
  let name = "";
  for (let rest = column; rest > 0; rest = Math.floor((rest - 1) / 26)) {
    name = String.fromCharCode(65 + ((rest - 1) % 26)) + name;
  }
  return name;
}

export function cellName(row: number, column: number): string {
  return `${columnName(column)}${row}`;
}

/** "B2:D5" or "B2" → range; null where it is none. */
export function parseRange(text: string): CellRange | null {
  const match = /^\$?([A-Za-z]{1,3})\$?(\d{1,7})(?::\$?([A-Za-z]{1,3})\$?(\d{1,7}))?$/.exec(text.trim());
  if (!match) return null;
  const left = columnNumber(match[1]!);
  const top = Number(match[2]);
  return {
    top,
    left,
    bottom: match[4] === undefined ? top : Number(match[4]),
    right: match[3] === undefined ? left : columnNumber(match[3]),
  };
}

function columnNumber(name: string): number {
  let number = 0;
  for (const letter of name.toUpperCase()) number = number * 26 + letter.charCodeAt(0) - 64;
  return number;
}

/**
 * Texts read from a file are slices of a block of it, and one kept slice keeps its block alive: a set of all ID numbers
 * would hold the whole file. Whoever keeps texts beyond the batch copies them with this.
 */
export function ownText(text: string): string {
  return text.length < 13 ? text : Buffer.from(text, "utf16le").toString("utf16le");
}
