import {
  readTableRows,
  type LineLook,
  type SheetSource,
  type TableRow as PlatformTableRow,
} from "../../platform/sheets/index.ts";
import type { LedgerField, SheetMapping } from "../contract.ts";

export type TableRow = PlatformTableRow<LedgerField>;

export interface ReadTableOptions {
  readonly mapping: readonly SheetMapping[];
  /** Collect unmapped columns, for kind "other". */
  readonly keepExtra: boolean;
  /** Texts of lines above the table that lie before the part of the file that is read. */
  readonly above?: readonly string[];
  readonly look?: LineLook | undefined;
  onProgress?(sheet: number, fraction: number): void;
}

const NUMBER_LIKE = /\d{14}/;

/** Rows of all used sheets in batches, in file order: lines that name somebody. */
export function readTable(
  source: SheetSource,
  { keepExtra, ...options }: ReadTableOptions,
): AsyncGenerator<TableRow[]> {
  return readTableRows<LedgerField>(source, {
    ...options,
    certain: { field: "identity", like: NUMBER_LIKE },
    leading: "name",
    ...(keepExtra ? { isExtra } : {}),
  });
}

/** Columns whose content is kept as it stands: those without a meaning of ours, and those whose meaning has no place elsewhere. */
function isExtra({ field, header }: { field: LedgerField | null; header: string }): boolean {
  return (
    header !== "" &&
    header !== "序号" &&
    (field === null || ["remark", "prefecture", "county", "town", "village"].includes(field))
  );
}
