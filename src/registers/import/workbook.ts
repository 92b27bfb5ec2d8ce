import { PassThrough } from "node:stream";
import { buffer } from "node:stream/consumers";
import { writeWorkbook, type WriteSheet } from "../../platform/sheets/index.ts";

export const XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

/** A workbook of a few rows, whole. */
export async function workbookBody(sheets: readonly WriteSheet[]): Promise<Buffer> {
  const target = new PassThrough();
  const [body] = await Promise.all([buffer(target), writeWorkbook(target, { sheets })]);
  return body;
}
