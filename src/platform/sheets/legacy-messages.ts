import type { Problem } from "../problem.ts";
import type { CellRange, SheetRow } from "./cells.ts";
import type { SheetInfo } from "./source.ts";

/** What passes between the reader and the worker thread that holds a whole workbook. */
export interface LegacyWorkbook {
  readonly path: string;
  readonly format: "xls" | "ods" | "html";
}

export interface LegacyRequest {
  readonly sheet: number;
  /** 0-based row to go on from. */
  readonly from: number;
  readonly count: number;
}

export type LegacyReply =
  | { readonly kind: "opened"; readonly sheets: readonly SheetInfo[]; readonly merges: readonly CellRange[][] }
  | {
      readonly kind: "rows";
      readonly rows: SheetRow[];
      readonly emptyRows: number;
      /** 0-based row to ask for next, -1 at the end of the sheet. */
      readonly next: number;
      readonly progress: number;
    }
  | { readonly kind: "refused"; readonly problem: Problem };
