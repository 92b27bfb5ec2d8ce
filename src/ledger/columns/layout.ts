import {
  findTableLayout,
  normaliseHeader,
  type CellRange,
  type HeaderWords,
  type SheetRow,
  type TableLayout,
} from "../../platform/sheets/index.ts";
import type { LedgerField } from "../contract.ts";
import type { LedgerKindDefinition } from "../kinds/kind.ts";
import { headerPatterns, headerSynonyms, OTHER_PLACE } from "./synonyms.ts";

export type SheetLayout = TableLayout<LedgerField>;

const alone = new Set(Object.values(headerSynonyms).flat());
const together = Object.values(headerPatterns);

function headerWords(definition: LedgerKindDefinition): HeaderWords<LedgerField> {
  return {
    fields: Object.keys(definition.fields) as LedgerField[],
    synonyms: headerSynonyms,
    patterns: headerPatterns,
    alone,
    together,
    apart: OTHER_PLACE,
  };
}

/** Where the table begins and what its columns mean; null when the sheet holds no table of this kind. */
export function findLayout(
  rows: readonly SheetRow[],
  merges: readonly CellRange[],
  definition: LedgerKindDefinition,
): SheetLayout | null {
  return findTableLayout(rows, merges, headerWords(definition));
}

/** Tells one form of table from another, so that a mapping confirmed once is used again. */
export function layoutSignature(layouts: readonly (SheetLayout | null)[]): string {
  const first = layouts.find((layout) => layout !== null);
  return first ? first.columns.map((column) => normaliseHeader(column.header)).join("|") : "";
}
