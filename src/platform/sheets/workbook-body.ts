import { PassThrough } from "node:stream";
import { buffer } from "node:stream/consumers";
import { writeWorkbook, type WriteSheet } from "./write-workbook.ts";

export const XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

/** A workbook to be sent: the rows are taken as they come and only the packed bytes are held. */
export async function workbookBody(sheets: readonly WriteSheet[]): Promise<Buffer> {
  const target = new PassThrough();
  const [body] = await Promise.all([buffer(target), writeWorkbook(target, { sheets })]);
  return body;
}
