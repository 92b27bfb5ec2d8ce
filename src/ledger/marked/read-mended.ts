import type { Services, UploadedFile } from "../../platform/module.ts";
import { refuse } from "../../platform/problem.ts";
import {
  cellText,
  headRows,
  isProblem,
  normaliseHeader,
  openSheets,
  type SheetFormat,
  type SheetSource,
} from "../../platform/sheets/index.ts";
import { findLayout } from "../columns/layout.ts";
import { ledgerFieldLabels, ledgerFields, type LedgerField } from "../contract.ts";
import { kindDefinitions } from "../kinds/index.ts";
import { ledgerProblems } from "../problems.ts";
import type { BatchRow } from "../store.ts";
import { ROW_COLUMN, SHEET_COLUMN } from "./write-marked.ts";

export interface MendedCell {
  readonly sheet: number;
  readonly rowNo: number;
  readonly field: LedgerField;
  readonly value: string;
}

const fieldByLabel = new Map(ledgerFields.map((field) => [ledgerFieldLabels[field], field]));

/**
 * What an officer sent back: cells of a workbook of faulty rows, or the whole table again (same header as the batch's own),
 * which may come in another format. Anything else is refused, so that a wrong file does not silently become this batch.
 */
export async function mendedCells(
  services: Services,
  batch: BatchRow,
  file: UploadedFile,
): Promise<{ readonly cells: MendedCell[] } | { readonly whole: SheetFormat }> {
  const local = await services.files.asLocalFile(file.key);
  try {
    const source = await openSheets(local.path, { fileName: file.name });
    if (isProblem(source)) refuse(source);
    await using opened = source;
    const cells = await readFaultyRows(opened, batch);
    if (cells) return { cells };
    if (await isSameTable(opened, batch)) return { whole: opened.format };
    return refuse(ledgerProblems.mendedDoesNotFit());
  } finally {
    await local.release();
  }
}

async function readFaultyRows(source: SheetSource, batch: BatchRow): Promise<MendedCell[] | null> {
  const sheetNumbers = new Map((batch.mapping ?? []).map((sheet) => [sheet.name, sheet.sheet]));
  let header: (LedgerField | "sheet" | "row" | null)[] | null = null;
  const cells: MendedCell[] = [];
  for await (const rows of source.rows(0)) {
    for (const row of rows) {
      const texts = row.cells.map((cell) => cellText(cell));
      if (!header) {
        if (texts.includes(SHEET_COLUMN) && texts.includes(ROW_COLUMN)) {
          header = texts.map((text) =>
            text === SHEET_COLUMN ? "sheet" : text === ROW_COLUMN ? "row" : (fieldByLabel.get(text) ?? null),
          );
        } else if (row.number > 5) return null;
        continue;
      }
      const sheet = sheetNumbers.get(texts[header.indexOf("sheet")] ?? "");
      const rowNo = Number(texts[header.indexOf("row")]);
      if (sheet === undefined || !Number.isSafeInteger(rowNo) || rowNo < 1) continue;
      header.forEach((field, index) => {
        if (field !== null && field !== "sheet" && field !== "row")
          cells.push({ sheet, rowNo, field, value: texts[index] ?? "" });
      });
    }
  }
  return header ? cells : null;
}

/**
 * The same table: each sheet that was read is there, its header in the same lines, its columns where they were. Mended rows
 * are read as the batch's mapping says, so that a column or title taken out would shift everything below or beside it.
 */
async function isSameTable(source: SheetSource, batch: BatchRow): Promise<boolean> {
  const used = (batch.mapping ?? []).filter((sheet) => sheet.used);
  for (const own of used) {
    const sheet = source.sheets.find((one) => one.index === own.sheet);
    if (!sheet || (sheet.name !== own.name && source.sheets.length > 1)) return false;
    const layout = findLayout(
      await headRows(source, own.sheet),
      await source.mergedRanges(own.sheet),
      kindDefinitions[batch.kind],
    );
    if (!layout || layout.headerRows.join() !== own.headerRows.join()) return false;
    const header = (column: number) => normaliseHeader(layout.columns[column - 1]?.header ?? "");
    if (
      !own.columns.every((column) => column.field === null || header(column.column) === normaliseHeader(column.header))
    )
      return false;
  }
  return used.length > 0;
}
