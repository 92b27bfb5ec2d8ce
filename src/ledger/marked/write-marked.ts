import { sql } from "kysely";
import { createReadStream } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ActionContext, DownloadBody } from "../../platform/module.ts";
import { refuse } from "../../platform/problem.ts";
import {
  XLSX,
  annotateWorkbook,
  cellText,
  isProblem,
  openSheets,
  writeWorkbook,
  type MarkedRow,
  type SheetSource,
} from "../../platform/sheets/index.ts";
import { ledgerFieldLabels, type FaultSeverity, type LedgerField, type SheetMapping } from "../contract.ts";
import { readTable } from "../stage/read-rows.ts";
import type { BatchRow } from "../store.ts";

/** Up to here the sender's own workbook comes back with marks; above it a workbook of the faulty rows alone. */
export const SAME_WORKBOOK_ROWS = 50_000;
export const SHEET_COLUMN = "原工作表";
export const ROW_COLUMN = "原行号";

interface Mark {
  sheet: number;
  row_no: number;
  field: LedgerField;
  column_no: number;
  severity: FaultSeverity;
  message: string;
}

/** The table with its errors in the cells, to be mended and uploaded back into the same batch. */
export async function markedWorkbook(context: ActionContext, batch: BatchRow): Promise<DownloadBody> {
  const marks = await marksOf(context, batch);
  const folder = await mkdtemp(join(tmpdir(), "wengang-marked-"));
  const out = join(folder, "marked.xlsx");
  const local = await context.services.files.asLocalFile(batch.file_key);
  try {
    const same = batch.format === "xlsx" && batch.counts.rows <= SAME_WORKBOOK_ROWS;
    if (same) {
      const cells = marks.map((mark) => ({
        sheet: mark.sheet,
        row: mark.row_no,
        column: columnOf(batch.mapping ?? [], mark),
        message: mark.message,
        severity: severityOf(mark.severity),
      }));
      const written = await annotateWorkbook(local.path, out, cells);
      if (isProblem(written)) refuse(written);
    } else {
      const source = await openSheets(local.path, { fileName: batch.file_name });
      if (isProblem(source)) refuse(source);
      await using opened = source;
      await writeFaultyRows(opened, batch.mapping ?? [], marks, out);
    }
    const body = createReadStream(out);
    body.on("close", () => void rm(folder, { recursive: true, force: true }));
    const stem = batch.file_name.replace(/\.[^.]+$/, "");
    return { fileName: `${stem}${same ? "-标错" : "-待修行"}.xlsx`, mediaType: XLSX, body };
  } catch (cause) {
    await rm(folder, { recursive: true, force: true });
    throw cause;
  } finally {
    await local.release();
  }
}

/** What only the whole file or the registry shows is a fault of a field, wherever that stands: its column is the mapping's. */
function columnOf(mapping: readonly SheetMapping[], mark: Mark): number {
  if (mark.column_no > 0) return mark.column_no;
  const columns = mapping.find((sheet) => sheet.sheet === mark.sheet)?.columns ?? [];
  return columns.find((column) => column.field === mark.field)?.column ?? 1;
}

function severityOf(severity: FaultSeverity): "error" | "warning" {
  return severity === "waiting" ? "error" : "warning";
}

/** Repaired cells need no mark: nobody has to do anything about them. */
async function marksOf(context: ActionContext, batch: BatchRow): Promise<Mark[]> {
  const result =
    await sql<Mark>`SELECT sheet, row_no, field, column_no, severity, message FROM ledger.fault WHERE batch_id = ${batch.batch_id} AND severity <> 'repaired' ORDER BY sheet, row_no, column_no`.execute(
      context.tx,
    );
  return result.rows;
}

/** The rows that wait, with the columns as understood, the errors as comments, and where each stood in the original. */
async function writeFaultyRows(
  source: SheetSource,
  mapping: readonly SheetMapping[],
  marks: readonly Mark[],
  out: string,
): Promise<void> {
  const byRow = Map.groupBy(
    marks.filter((mark) => mark.severity === "waiting"),
    (mark) => `${mark.sheet}:${mark.row_no}`,
  );
  const fields = [
    ...new Set(
      mapping
        .filter((sheet) => sheet.used)
        .flatMap((sheet) => sheet.columns.flatMap((column) => (column.field ? [column.field] : []))),
    ),
  ];
  const names = new Map(mapping.map((sheet) => [sheet.sheet, sheet.name]));
  const leading = 2;
  await writeWorkbook(out, {
    sheets: [
      {
        name: "待修行",
        titleLine: "请在本表中修改标色的单元格后上传；前两列用于找回原来的行，请勿改动",
        columns: [SHEET_COLUMN, ROW_COLUMN, ...fields.map((field) => ledgerFieldLabels[field])].map((header) => ({
          header,
          kind: "text" as const,
          width: 16,
        })),
        rows: faultyRows(),
      },
    ],
  });

  async function* faultyRows(): AsyncGenerator<MarkedRow> {
    for await (const batch of readTable(source, { mapping, keepExtra: false })) {
      for (const row of batch) {
        const own = byRow.get(`${row.sheet}:${row.rowNo}`);
        if (!own) continue;
        yield {
          cells: [
            names.get(row.sheet) ?? "",
            String(row.rowNo),
            ...fields.map((field) => cellText(row.cells[field] ?? null)),
          ],
          marks: own.map((mark) => ({
            column: Math.max(leading + 1, leading + 1 + fields.indexOf(mark.field)),
            severity: "error" as const,
            message: mark.message,
          })),
        };
      }
    }
  }
}
