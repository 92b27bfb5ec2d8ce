import { PassThrough, type Writable } from "node:stream";
import { buffer } from "node:stream/consumers";
import type { ExportFormat } from "../contract.ts";
import { formatYuan } from "../money.ts";
import { writeCsv } from "./write-csv.ts";
import { writeWorkbook, type WriteColumn, type WriteSheet, type WriteValue } from "./write-workbook.ts";

export const XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
const CSV = "text/csv; charset=utf-8";

/** A workbook to be sent: the rows are taken as they come and only the packed bytes are held. */
export function workbookBody(sheets: readonly WriteSheet[]): Promise<Buffer> {
  return collected((target) => writeWorkbook(target, { sheets }));
}

/** A column whose value is taken from a row of a list. */
export interface ExportColumn<Row> extends WriteColumn {
  /** The column's key on the screen. */
  readonly key: string;
  value(row: Row): WriteValue;
}

/** Who takes a list, when, what for; the number finds it again in the audit log. */
export interface ExportAct {
  readonly organisation: string;
  readonly name: string;
  readonly businessDate: string;
  readonly requestId: string;
  readonly purpose: string;
}

/** A list on its way out: who took it stands above the first row (trust.md), in a CSV as well. */
export async function exportedList<Row>(list: {
  readonly title: string;
  readonly act: ExportAct;
  readonly columns: readonly ExportColumn<Row>[];
  readonly rows: AsyncIterable<Row> | Iterable<Row>;
  readonly format?: ExportFormat;
}): Promise<{ fileName: string; mediaType: string; body: Buffer; exportNumber: string }> {
  const { title, act, columns, format = "xlsx" } = list;
  const exportNumber = exportNumberOf(act.requestId);
  const titleLine = `${title}　${act.organisation} ${act.name} ${act.businessDate} 导出，编号 ${exportNumber}，用途：${act.purpose}。内部资料，不得外传`;
  const rows = valuesOf(list.rows, columns);
  const body =
    format === "csv"
      ? await collected((target) => writeCsv(target, plainRows(titleLine, columns, rows)))
      : await workbookBody([{ name: title, titleLine, columns, rows }]);
  const mediaType = format === "csv" ? CSV : XLSX;
  return { fileName: `${title}-${act.businessDate}-${exportNumber}.${format}`, mediaType, body, exportNumber };
}

export const exportNumberOf = (requestId: string): string => requestId.slice(0, 8).toUpperCase();

async function collected(write: (target: Writable) => Promise<unknown>): Promise<Buffer> {
  const target = new PassThrough();
  const [body] = await Promise.all([buffer(target), write(target)]);
  return body;
}

async function* valuesOf<Row>(
  rows: AsyncIterable<Row> | Iterable<Row>,
  columns: readonly ExportColumn<Row>[],
): AsyncGenerator<readonly WriteValue[]> {
  for await (const row of rows) yield columns.map((column) => column.value(row));
}

async function* plainRows(
  titleLine: string,
  columns: readonly WriteColumn[],
  rows: AsyncIterable<readonly WriteValue[]>,
): AsyncGenerator<readonly WriteValue[]> {
  yield [titleLine];
  yield columns.map(({ header, kind }) => (kind === "money" ? `${header}（元）` : header));
  for await (const row of rows)
    yield row.map((value, index) =>
      columns[index]?.kind === "money" && typeof value === "number" ? formatYuan(value).replaceAll(",", "") : value,
    );
}
