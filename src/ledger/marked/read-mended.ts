import type { Services, UploadedFile } from "../../platform/module.ts";
import { refuse } from "../../platform/problem.ts";
import { isProblem, openSheets, type SheetSource } from "../../platform/sheets/index.ts";
import { cellText } from "../check/cell-text.ts";
import { findLayout } from "../columns/layout.ts";
import { normaliseHeader } from "../columns/synonyms.ts";
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
 * What an officer sent back: cells of a workbook of faulty rows, or null when it is the whole table again (same header as
 * the batch's own). Anything else is refused, so that a wrong file does not silently become this batch.
 */
export async function mendedCells(services: Services, batch: BatchRow, file: UploadedFile): Promise<MendedCell[] | null> {
  const local = await services.files.asLocalFile(file.key);
  try {
    const source = await openSheets(local.path, { fileName: file.name });
    if (isProblem(source)) refuse(source);
    await using opened = source;
    const cells = await readFaultyRows(opened, batch);
    if (cells) return cells;
    if (await isSameTable(opened, batch)) return null;
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
          header = texts.map((text) => (text === SHEET_COLUMN ? "sheet" : text === ROW_COLUMN ? "row" : (fieldByLabel.get(text) ?? null)));
        } else if (row.number > 5) return null;
        continue;
      }
      const sheet = sheetNumbers.get(texts[header.indexOf("sheet")] ?? "");
      const rowNo = Number(texts[header.indexOf("row")]);
      if (sheet === undefined || !Number.isSafeInteger(rowNo) || rowNo < 1) continue;
      header.forEach((field, index) => {
        if (field !== null && field !== "sheet" && field !== "row") cells.push({ sheet, rowNo, field, value: texts[index] ?? "" });
      });
    }
  }
  return header ? cells : null;
}

async function isSameTable(source: SheetSource, batch: BatchRow): Promise<boolean> {
  const own = (batch.mapping ?? []).find((sheet) => sheet.used);
  if (!own) return false;
  for (const sheet of source.sheets) {
    if (sheet.name !== own.name && source.sheets.length > 1) continue;
    for await (const rows of source.rows(sheet.index, { batchRows: 60 })) {
      const layout = findLayout(rows, await source.mergedRanges(sheet.index), kindDefinitions[batch.kind]);
      const known = new Set(own.columns.map((column) => normaliseHeader(column.header)));
      return layout !== null && layout.columns.filter((column) => column.header !== "").every((column) => known.has(normaliseHeader(column.header)));
    }
  }
  return false;
}
