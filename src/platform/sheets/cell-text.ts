import type { Cell } from "./cells.ts";

/** What a person sees in a cell, as trimmed text; empty for an empty cell. Dates as ISO. */
export function cellText(cell: Cell): string {
  if (cell === null) return "";
  if (typeof cell === "string") return cell.trim();
  if (typeof cell === "number") return numberText(cell);
  if (typeof cell === "boolean") return cell ? "是" : "否";
  switch (cell.kind) {
    case "date":
      return cell.precision === "month"
        ? cell.text.slice(0, 7)
        : cell.precision === "year"
          ? cell.text.slice(0, 4)
          : cell.text;
    case "number":
      return cell.text ?? numberText(cell.value);
    case "error":
      return cell.text;
    case "formula":
      return cellText(cell.value);
  }
}

/** Digits without exponent: an identity number stored as a number shows what is left of it. */
function numberText(value: number): string {
  return Number.isSafeInteger(value)
    ? String(value)
    : Math.abs(value) >= 1e15
      ? BigInt(Math.trunc(value)).toString()
      : String(value);
}

/** What a formula that could not be worked out shows, #N/A; null for every other cell. */
export function errorText(cell: Cell): string | null {
  if (cell === null || typeof cell !== "object") return null;
  if (cell.kind === "error") return cell.text;
  return cell.kind === "formula" ? errorText(cell.value) : null;
}

/** Whether the cell's content is a number rather than text, which an identity number must never be. */
export function isNumeric(cell: Cell): boolean {
  if (typeof cell === "number") return true;
  if (cell === null || typeof cell !== "object") return false;
  return cell.kind === "number" || (cell.kind === "formula" && isNumeric(cell.value));
}

// A zero byte is what PostgreSQL refuses in text; the others end a value in its COPY format.
// oxlint-disable-next-line no-control-regex
const UNSAFE = /[\t\n\r\\\u0000]/g;
// oxlint-disable-next-line no-control-regex
const NEEDS_TIDY = /[\t\n\r\\\u0000\u3000\u00a0]|^\s|\s$| {2}/;
const FULL_WIDTH = /[\uff01-\uff5e\u3000]/;

/** Free text, tidied without a word: outer and double spaces, line breaks, no-break spaces. */
export function tidy(text: string): string {
  if (!NEEDS_TIDY.test(text)) return text;
  return text
    .replaceAll(UNSAFE, " ")
    .replaceAll(/[\s\u3000\u00a0]+/g, " ")
    .trim();
}

/** 「无」「/」「—」 in a column for an employer, a place, an amount or a number to call: the sender had nothing to write there. */
const NOTHING = /^(?:无|暂无|没有|[/\\、-]+|[—–－／]+)$/;

export function saysNothing(text: string): boolean {
  return text.length <= 4 && NOTHING.test(text);
}

export function hasFullWidth(text: string): boolean {
  return FULL_WIDTH.test(text);
}

const YES = new Set(["是", "有", "1", "y", "yes", "true", "√"]);
const NO = new Set(["否", "无", "0", "n", "no", "false", "没有", "×"]);

/** 是 or 否 as offices write it; null for every other word. */
export function readYesNo(text: string): boolean | null {
  if (YES.has(text)) return true;
  if (NO.has(text)) return false;
  const word = text.normalize("NFKC").replaceAll(/\s/g, "").toLowerCase();
  return YES.has(word) ? true : NO.has(word) ? false : null;
}
