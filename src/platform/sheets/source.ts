import type { CellRange, SheetRow } from "./cells.ts";
import type { CsvDialect } from "./csv-dialect.ts";
import type { CsvRange } from "./csv-blocks.ts";
import type { SheetNotice, ZipLimits } from "./zip.ts";

export type SheetFormat = "xlsx" | "xls" | "ods" | "csv" | "html";

export interface SheetInfo {
  readonly index: number;
  readonly name: string;
  readonly hidden: boolean;
}

/**
 * Looks at the bytes of a line, from `start` to before `end`, before it is read. A text goes with the row as its `mark`; null
 * passes the row over. `row` is its number. Lines with quotes are not shown.
 */
export type LineLook = (bytes: Buffer, start: number, end: number, row: number) => string | null | undefined;

export interface ReadRowsOptions {
  /** CSV only (UTF-16 excepted). Batches then come block by block of the file, and may be empty. */
  readonly look?: LineLook | undefined;
  /** Rows per batch, 1,000 by default. */
  readonly batchRows?: number;
  /** Stop after this many rows without any value one after another; by default the whole sheet is walked. */
  readonly emptyRowLimit?: number;
  /** Told now and then how far the sheet is read, from 0 to 1. */
  readonly onProgress?: (fraction: number) => void;
}

/** What the walk over a sheet found besides its rows: the return value of the generator. */
export interface SheetEnd {
  /** Rows delivered. */
  readonly rows: number;
  /** Number of the last row with a value; 0 in an empty sheet. */
  readonly lastRow: number;
  /** Rows between the delivered ones that hold no value. */
  readonly blankRows: number;
  /** Rows after `lastRow` that the file carries although they hold nothing. */
  readonly trailingEmptyRows: number;
  readonly notices: readonly SheetNotice[];
}

/**
 * A spreadsheet opened for reading, of whatever format. Rows come in batches and memory does not grow with their number.
 * A refusal in the middle of a sheet is thrown as `Refusal`. Call `close` when done; `await using` does.
 */
export interface SheetSource extends AsyncDisposable {
  readonly format: SheetFormat;
  readonly notices: readonly SheetNotice[];
  readonly sheets: readonly SheetInfo[];
  /** How the file is written, of CSV. */
  readonly dialect?: CsvDialect;
  rows(sheetIndex: number, options?: ReadRowsOptions): AsyncGenerator<SheetRow[], SheetEnd, undefined>;
  /** Merged cells, known before the rows are read (a two-row heading needs them); empty for CSV. */
  mergedRanges(sheetIndex: number): Promise<readonly CellRange[]>;
  close(): Promise<void>;
}

export interface OpenSheetsOptions {
  /** The name the sender gave the file; decides between formats that look alike and names the sheet of a CSV file. */
  readonly fileName?: string;
  readonly zipLimits?: Partial<ZipLimits>;
  /** Only this part of a CSV file, as `planCsvRanges` gave it; row numbers stay those of the file. */
  readonly range?: CsvRange | undefined;
  /** How a CSV file is written, where that is known: else the whole file is looked through for it. */
  readonly dialect?: CsvDialect | undefined;
  /** Memory for the texts of a workbook before they move to a temporary file; 64 MiB by default. */
  readonly sharedStringBytes?: number;
  /** Bounds on formats that must be read whole (xls, ods, html). */
  readonly legacy?: Partial<LegacyLimits>;
}

export interface LegacyLimits {
  readonly fileBytes: number;
  /** Inflated size, for ods. */
  readonly inflatedBytes: number;
  readonly heapMegabytes: number;
  readonly seconds: number;
}

/** Cuts a stream of rows into batches and keeps the sums that every format reports at the end. */
export class RowBatcher {
  readonly batchRows: number;
  readonly notices: SheetNotice[] = [];
  trailingEmptyRows = 0;
  #batch: SheetRow[] = [];
  #rows = 0;
  #lastRow = 0;

  constructor(options: ReadRowsOptions) {
    this.batchRows = Math.max(1, options.batchRows ?? 1000);
  }

  get lastRow(): number {
    return this.#lastRow;
  }

  get full(): boolean {
    return this.#batch.length >= this.batchRows;
  }

  get pending(): boolean {
    return this.#batch.length > 0;
  }

  push(row: SheetRow): void {
    this.#batch.push(row);
    this.#rows++;
    this.#lastRow = row.number;
    this.trailingEmptyRows = 0;
  }

  take(): SheetRow[] {
    if (this.#batch.length <= this.batchRows) {
      const whole = this.#batch;
      this.#batch = [];
      return whole;
    }
    return this.#batch.splice(0, this.batchRows);
  }

  end(): SheetEnd {
    return {
      rows: this.#rows,
      lastRow: this.#lastRow,
      blankRows: this.#lastRow - this.#rows,
      trailingEmptyRows: this.trailingEmptyRows,
      notices: this.notices,
    };
  }
}
