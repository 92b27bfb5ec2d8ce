import { within } from "#registry";
import { sql } from "kysely";
import type { ActionContext, DownloadBody } from "../../platform/module.ts";
import { refuse } from "../../platform/problem.ts";
import {
  cellText,
  isProblem,
  openSheets,
  readTableRows,
  type MarkedRow,
  type SheetSource,
  workbookBody,
  XLSX,
} from "../../platform/sheets/index.ts";
import type { Shape } from "../shape.ts";
import { CREDIT_FIELD, NAME_FIELD, type ImportField } from "./layout.ts";
import type { StoredImport } from "./store.ts";

interface Fault {
  readonly sheet: number;
  readonly row_no: number;
  readonly column_name: string;
  readonly message: string;
}

/**
 * The rows that were left out, in a workbook of their own: as they were handed over, what is wrong coloured and said in a
 * comment. Mended, it is imported like any other table.
 */
export async function faultyRows(context: ActionContext, shape: Shape, given: StoredImport): Promise<DownloadBody> {
  const { tx, caller, services } = context;
  const { rows: faults } = await sql<Fault>`SELECT sheet, row_no, column_name, message FROM registers.import_fault f
    WHERE import_id = ${given.import_id} AND ${within("f.region", caller.sight.region)} ORDER BY sheet, row_no`.execute(
    tx,
  );
  const local = await services.files.asLocalFile(given.file_key);
  try {
    const opened = await openSheets(local.path, { fileName: given.file_name });
    if (isProblem(opened)) refuse(opened);
    await using source = opened;
    const fields = fieldsOf(shape, given);
    const body = await workbookBody([
      {
        name: "有错的行",
        titleLine: `${given.file_name} 中没有导入的行：改好标色的单元格后，把本表重新导入`,
        columns: [...fields.map(({ header }) => header), "问题", "原行号"].map((header) => ({
          header,
          kind: "text" as const,
          width: header === "问题" ? 60 : 18,
        })),
        rows: markedRows(source, given, fields, faults),
      },
    ]);
    const stem = given.file_name.replace(/\.[^.]+$/, "");
    return { fileName: `${stem}-有错的行.xlsx`, mediaType: XLSX, body };
  } finally {
    await local.release();
  }
}

interface Field {
  readonly field: ImportField;
  readonly header: string;
}

/** The columns that were understood, in the order of the register, under the headers of the first sheet that has them. */
function fieldsOf(shape: Shape, given: StoredImport): Field[] {
  const headers = new Map(
    given.mapping
      .filter(({ used }) => used)
      .toReversed()
      .flatMap(({ columns }) => columns.flatMap(({ field, header }) => (field ? [[field, header] as const] : []))),
  );
  return [NAME_FIELD, ...shape.columns.map(({ column }) => column), CREDIT_FIELD].flatMap((field) => {
    const header = headers.get(field);
    return header === undefined ? [] : [{ field, header }];
  });
}

async function* markedRows(
  source: SheetSource,
  given: StoredImport,
  fields: readonly Field[],
  faults: readonly Fault[],
): AsyncGenerator<MarkedRow> {
  const byRow = Map.groupBy(faults, (fault) => `${fault.sheet} ${fault.row_no}`);
  for await (const rows of readTableRows<ImportField>(source, { mapping: given.mapping })) {
    for (const row of rows) {
      const own = byRow.get(`${row.sheet} ${row.rowNo}`);
      if (!own) continue;
      yield {
        cells: [
          ...fields.map(({ field }) => cellText(row.cells[field] ?? null)),
          own.map(({ message }) => message).join(" "),
          String(row.rowNo),
        ],
        marks: own.map(({ column_name, message }) => ({
          // A fault of the row as a whole, or of a column that the file does not have, stands on the sentence itself.
          column: fields.findIndex(({ field }) => field === column_name) + 1 || fields.length + 1,
          severity: "error" as const,
          message,
        })),
      };
    }
  }
}
