import type { Cell, LineLook, SheetRow, SheetSource } from "../../platform/sheets/index.ts";
import { cellText } from "../check/cell-text.ts";
import { isColumnNumbers, isFooterLine } from "../columns/layout.ts";
import { normaliseHeader } from "../columns/synonyms.ts";
import type { LedgerField, SheetMapping } from "../contract.ts";

/** One row of the table itself: titles, headers, sums, signatures and blank lines are left out. */
export interface TableRow {
  readonly sheet: number;
  readonly rowNo: number;
  readonly cells: Partial<Record<LedgerField, Cell>>;
  /** Columns without a place of their own, by header, for kind "other". */
  readonly extra: Readonly<Record<string, string>> | undefined;
  readonly columnOf: Readonly<Partial<Record<LedgerField, number>>>;
  /** What `look` said of the line. */
  readonly mark: string | undefined;
}

export interface ReadTableOptions {
  readonly mapping: readonly SheetMapping[];
  /** Collect unmapped columns. */
  readonly keepExtra: boolean;
  /** Texts of lines above the table that lie before the part of the file that is read. */
  readonly above?: readonly string[];
  readonly look?: LineLook | undefined;
  onProgress?(sheet: number, fraction: number): void;
}

/** Rows of all used sheets in batches, in file order. Memory does not grow with their number. */
export async function* readTable(source: SheetSource, options: ReadTableOptions): AsyncGenerator<TableRow[]> {
  for (const sheet of options.mapping) {
    if (!sheet.used) continue;
    const fields = sheet.columns.flatMap((column) =>
      column.field ? [{ field: column.field, at: column.column - 1 }] : [],
    );
    const columnOf = Object.fromEntries(fields.map(({ field, at }) => [field, at + 1])) as TableRow["columnOf"];
    const extras = options.keepExtra ? sheet.columns.filter(isExtra) : [];
    const nameAt = (columnOf.name ?? 0) - 1;
    const identityAt = (columnOf.identity ?? 0) - 1;
    const nameHeader = normaliseHeader(sheet.columns[nameAt]?.header ?? "");
    // Title and header lines, which a table made for printing repeats on every page.
    const above = new Set<string>(options.above);
    for await (const batch of source.rows(sheet.sheet, {
      look: options.look,
      onProgress: (fraction) => options.onProgress?.(sheet.sheet, fraction),
    })) {
      const rows: TableRow[] = [];
      for (const row of batch) {
        if (row.number < sheet.firstDataRow) above.add(lineText(row));
        if (row.number < sheet.firstDataRow || isNoTableRow(row, nameAt, identityAt, nameHeader, above)) continue;
        const cells: Partial<Record<LedgerField, Cell>> = {};
        for (const { field, at } of fields) cells[field] = row.cells[at] ?? null;
        const extra =
          extras.length > 0
            ? Object.fromEntries(
                extras.map((column) => [column.header, cellText(row.cells[column.column - 1] ?? null)]),
              )
            : undefined;
        rows.push({ sheet: sheet.sheet, rowNo: row.number, cells, extra, columnOf, mark: row.mark });
      }
      yield rows;
    }
  }
}

/** Columns whose content is kept as it stands: those without a meaning of ours, and those whose meaning has no place elsewhere. */
function isExtra({ field, header }: SheetMapping["columns"][number]): boolean {
  return (
    header !== "" &&
    header !== "序号" &&
    (field === null || ["remark", "prefecture", "county", "town", "village"].includes(field))
  );
}

function isNoTableRow(
  row: SheetRow,
  nameAt: number,
  identityAt: number,
  nameHeader: string,
  above: ReadonlySet<string>,
): boolean {
  const identity = row.cells[identityAt] ?? null;
  // Whatever else it holds, a line with a number of a person is somebody's line; most lines are decided here.
  if (identity !== null && NUMBER_LIKE.test(cellText(identity))) return false;
  const name = row.cells[nameAt] ?? null;
  if (typeof name === "string" && normaliseHeader(name) === nameHeader) return true;
  return isFooterLine(row.cells) || isEmptyFormLine(row) || isColumnNumbers(row) || above.has(lineText(row));
}

const NUMBER_LIKE = /\d{14}/;

export function lineText(row: SheetRow): string {
  return row.cells
    .map((cell) => cellText(cell))
    .join("\t")
    .trim();
}

/** A line that holds a running number only: forms come with more lines than people. */
function isEmptyFormLine(row: SheetRow): boolean {
  const filled = row.cells.filter((cell) => cellText(cell) !== "");
  return filled.length <= 1 && filled.every((cell) => /^\d{1,7}$/.test(cellText(cell)));
}
