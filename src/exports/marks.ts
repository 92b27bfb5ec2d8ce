import type { Keys } from "../platform/keys.ts";
import type { WriteValue } from "../platform/sheets/index.ts";

/**
 * Stands for a row that was given out: the first 63 bits of a keyed hash of what identifies it, as a positive bigint in
 * decimal. The same person has the same mark in every export; null for a row without anything to know it by.
 */
export function markOfRow(keys: Keys, cells: readonly WriteValue[]): string | null {
  const text = cells.map((cell) => (cell === null || cell === undefined ? "" : String(cell).trim()));
  if (text.every((cell) => cell === "")) return null;
  return (BigInt(`0x${keys.keyedHash("row", `export|${text.join("|")}`).slice(0, 16)}`) >> 1n).toString();
}

/** The marks of a person in lists that are known by name and number, masked or whole. */
export function marksOfPerson(keys: Keys, name: string, ...numbers: readonly string[]): string[] {
  return numbers.flatMap((number) => markOfRow(keys, [name, number]) ?? []);
}

/** Columns may have been cut off or moved about in what was found: every pair of cells might be what a row is known by. */
const MOST_CELLS = 24;

export function marksOfFoundRow(keys: Keys, found: readonly string[]): string[] {
  const cells = found
    .map((cell) => cell.trim())
    .filter((cell) => cell !== "")
    .slice(0, MOST_CELLS);
  const marks = new Set<string>();
  for (const [at, cell] of cells.entries()) {
    marks.add(markOfRow(keys, [cell])!);
    for (const [other, second] of cells.entries()) if (other !== at) marks.add(markOfRow(keys, [cell, second])!);
  }
  return [...marks];
}
