import type { Cell, SheetRow, SheetSource } from "../../platform/sheets/index.ts";
import { cellText } from "../check/cell-text.ts";
import { isColumnNumbers, isFooterLine } from "../columns/layout.ts";
import { normaliseHeader } from "../columns/synonyms.ts";
import type { LedgerField, SheetMapping } from "../contract.ts";

/** One row of the table itself: titles, headers, sums, signatures and blank lines are left out. */
export interface TableRow {
  readonly sheet: number;
  readonly rowNo: number;
  readonly cells: Partial<Record<LedgerField, Cell>>;
  /** Unmapped columns by header, for kind "other". */
  readonly extra: Readonly<Record<string, string>> | undefined;
  readonly columnOf: Readonly<Partial<Record<LedgerField, number>>>;
}

export interface ReadTableOptions {
  readonly mapping: readonly SheetMapping[];
  /** Collect unmapped columns. */
  readonly keepExtra: boolean;
  onProgress?(sheet: number, fraction: number): void;
}

/** Rows of all used sheets in batches, in file order. Memory does not grow with their number. */
export async function* readTable(source: SheetSource, options: ReadTableOptions): AsyncGenerator<TableRow[]> {
  for (const sheet of options.mapping) {
    if (!sheet.used) continue;
    const fields = sheet.columns.flatMap((column) => (column.field ? [{ field: column.field, at: column.column - 1 }] : []));
    const columnOf = Object.fromEntries(fields.map(({ field, at }) => [field, at + 1])) as TableRow["columnOf"];
    const extras = options.keepExtra ? sheet.columns.filter((column) => column.field === null && column.header !== "" && column.header !== "序号") : [];
    const nameAt = (columnOf.name ?? 0) - 1;
    const identityAt = (columnOf.identity ?? 0) - 1;
    const nameHeader = normaliseHeader(sheet.columns[nameAt]?.header ?? "");
    for await (const batch of source.rows(sheet.sheet, { onProgress: (fraction) => options.onProgress?.(sheet.sheet, fraction) })) {
      const rows: TableRow[] = [];
      for (const row of batch) {
        if (row.number < sheet.firstDataRow || isNoTableRow(row, nameAt, identityAt, nameHeader)) continue;
        const cells: Partial<Record<LedgerField, Cell>> = {};
        for (const { field, at } of fields) cells[field] = row.cells[at] ?? null;
        const extra = extras.length > 0 ? Object.fromEntries(extras.map((column) => [column.header, cellText(row.cells[column.column - 1] ?? null)])) : undefined;
        rows.push({ sheet: sheet.sheet, rowNo: row.number, cells, extra, columnOf });
      }
      yield rows;
    }
  }
}

function isNoTableRow(row: SheetRow, nameAt: number, identityAt: number, nameHeader: string): boolean {
  const name = row.cells[nameAt] ?? null;
  const identity = row.cells[identityAt] ?? null;
  if (identity !== null && cellText(identity) !== "") {
    // The header again, as on printed pages, or the line of column numbers.
    return (typeof name === "string" && normaliseHeader(name) === nameHeader) || isColumnNumbers(row);
  }
  return isFooterLine(row.cells) || isEmptyFormLine(row);
}

/** A line that holds a running number only: forms come with more lines than people. */
function isEmptyFormLine(row: SheetRow): boolean {
  const filled = row.cells.filter((cell) => cellText(cell) !== "");
  return filled.length <= 1 && filled.every((cell) => /^\d{1,7}$/.test(cellText(cell)));
}
