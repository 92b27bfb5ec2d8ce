import { cellText } from "./cell-text.ts";
import type { Cell, SheetRow } from "./cells.ts";
import type { LineLook, SheetSource } from "./source.ts";
import { isColumnNumbers, isFooterLine, normaliseHeader } from "./table-layout.ts";

/** One row of the table itself: titles, headers, sums, signatures and blank lines are left out. */
export interface TableRow<F extends string> {
  readonly sheet: number;
  readonly rowNo: number;
  readonly cells: Partial<Record<F, Cell>>;
  /** Columns without a place of their own, by header. */
  readonly extra: Readonly<Record<string, string>> | undefined;
  readonly columnOf: Readonly<Partial<Record<F, number>>>;
  /** What `look` said of the line. */
  readonly mark: string | undefined;
}

/** Where a sheet's table stands and what its columns mean. */
export interface TableMapping<F extends string> {
  readonly sheet: number;
  readonly used: boolean;
  readonly firstDataRow: number;
  readonly columns: readonly { readonly column: number; readonly header: string; readonly field: F | null }[];
}

export interface ReadTableOptions<F extends string> {
  readonly mapping: readonly TableMapping<F>[];
  /** A line with that in this field is a row, whatever else it holds: a number of a person. */
  readonly certain?: { readonly field: F; readonly like: RegExp };
  /** A line that repeats the header of this field in its column is a header again; the first known column by default. */
  readonly leading?: F;
  /** Columns to be collected besides the fields. */
  readonly isExtra?: (column: TableMapping<F>["columns"][number]) => boolean;
  /** Texts of lines above the table that lie before the part of the file that is read. */
  readonly above?: readonly string[];
  readonly look?: LineLook | undefined;
  onProgress?(sheet: number, fraction: number): void;
}

/** Rows of all used sheets in batches, in file order. Memory does not grow with their number. */
export async function* readTableRows<F extends string>(
  source: SheetSource,
  options: ReadTableOptions<F>,
): AsyncGenerator<TableRow<F>[]> {
  for (const sheet of options.mapping) {
    if (!sheet.used) continue;
    const fields = sheet.columns.flatMap((column) =>
      column.field ? [{ field: column.field, at: column.column - 1 }] : [],
    );
    const columnOf = Object.fromEntries(fields.map(({ field, at }) => [field, at + 1])) as TableRow<F>["columnOf"];
    const extras = options.isExtra ? sheet.columns.filter(options.isExtra) : [];
    const lines = new LineSorter(sheet, columnOf, options);
    for await (const batch of source.rows(sheet.sheet, {
      look: options.look,
      onProgress: (fraction) => options.onProgress?.(sheet.sheet, fraction),
    })) {
      const rows: TableRow<F>[] = [];
      for (const row of batch) {
        if (!lines.isTableRow(row)) continue;
        const cells: Partial<Record<F, Cell>> = {};
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

/** Tells the rows of a table from everything else that stands in its sheet. */
class LineSorter<F extends string> {
  readonly #firstDataRow: number;
  readonly #certainAt: number;
  readonly #like: RegExp | undefined;
  readonly #leadingAt: number;
  readonly #leadingHeader: string;
  /** Title and header lines, which a table made for printing repeats on every page. */
  readonly #above: Set<string>;

  constructor(sheet: TableMapping<F>, columnOf: TableRow<F>["columnOf"], options: ReadTableOptions<F>) {
    const { certain, leading } = options;
    this.#firstDataRow = sheet.firstDataRow;
    this.#certainAt = certain ? (columnOf[certain.field] ?? 0) - 1 : -1;
    this.#like = certain?.like;
    const first = leading ? columnOf[leading] : sheet.columns.find((column) => column.field !== null)?.column;
    this.#leadingAt = (first ?? 0) - 1;
    this.#leadingHeader = normaliseHeader(sheet.columns[this.#leadingAt]?.header ?? "");
    this.#above = new Set(options.above);
  }

  isTableRow(row: SheetRow): boolean {
    if (row.number < this.#firstDataRow) {
      this.#above.add(lineText(row));
      return false;
    }
    const certain = row.cells[this.#certainAt] ?? null;
    // Most lines of people are decided here.
    if (this.#like && certain !== null && this.#like.test(cellText(certain))) return true;
    const leading = row.cells[this.#leadingAt] ?? null;
    if (typeof leading === "string" && normaliseHeader(leading) === this.#leadingHeader) return false;
    return !(isFooterLine(row.cells) || isEmptyFormLine(row) || isColumnNumbers(row) || this.#above.has(lineText(row)));
  }
}

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

/** Rows in which a header is looked for. */
const HEAD_ROWS = 60;

/** The first rows of a sheet, for finding its header. */
export async function headRows(source: SheetSource, sheet: number): Promise<SheetRow[]> {
  const rows: SheetRow[] = [];
  for await (const batch of source.rows(sheet, { batchRows: HEAD_ROWS })) {
    rows.push(...batch);
    if (rows.length >= HEAD_ROWS) break;
  }
  return rows;
}
