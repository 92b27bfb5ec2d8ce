import type { Cell } from "../../platform/sheets/index.ts";

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
