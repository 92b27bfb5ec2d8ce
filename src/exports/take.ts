import { randomUUID } from "node:crypto";
import { PassThrough } from "node:stream";
import { Temporal } from "temporal-polyfill";
import type { Route } from "../platform/contract.ts";
import type { ActionContext, DownloadBody } from "../platform/module.ts";
import { refuse, type Problem } from "../platform/problem.ts";
import { formatYuan } from "../platform/money.ts";
import { writeCsv, writeWorkbook, XLSX, type WriteColumn, type WriteValue } from "../platform/sheets/index.ts";
import {
  EXPORT_DAILY_PERSONS,
  EXPORT_DIRECT_PERSONS,
  EXPORT_DIRECT_ROWS,
  EXPORT_MOST_ROWS,
  exportNumber,
} from "./contract.ts";
import { contentsOf, type ExportableInput, type ExportList } from "./list.ts";
import { markOfRow } from "./marks.ts";
import { exportProblems } from "./problems.ts";
import { addExport, addMarks, lockOfficer, noteTaken, personsTakenToday } from "./store.ts";

export const exportSubject = (exportId: string) => `exports.export:${exportId}`;

/** Gives the list out at once, or refuses where it is too long, too much for one day, or shows whole numbers. */
export async function takeDirectly(
  context: ActionContext,
  route: Route,
  input: ExportableInput,
  list: ExportList,
): Promise<DownloadBody> {
  const { purpose } = input;
  context.audit({ purpose, ...(list.subject ? { subject: list.subject } : {}) });
  const problem = tooLarge(list) ?? (await whyNotDirectly(context, list));
  if (problem) refuse(problem);
  const exportId = await addExport(context, { route: route.path, input, purpose, list, state: "direct" });
  return giveOut(context, exportId, purpose, list);
}

export function tooLarge(list: ExportList): Problem | null {
  return list.total > EXPORT_MOST_ROWS ? exportProblems.tooLarge(list.total) : null;
}

async function whyNotDirectly(context: ActionContext, list: ExportList): Promise<Problem | null> {
  const { total } = list;
  if (contentsOf(context.services, list).unmasked) return exportProblems.unmasked(total);
  if (!list.persons) return total > EXPORT_DIRECT_ROWS ? exportProblems.manyRows(total) : null;
  if (total > EXPORT_DIRECT_PERSONS) return exportProblems.manyPersons(total);
  // Two requests at once must not both fit into what is left of the day.
  await lockOfficer(context.tx, context.caller.officerId!);
  const taken = await personsTakenToday(context.tx, context.caller.officerId!);
  return taken + total > EXPORT_DAILY_PERSONS ? exportProblems.dailyQuota(total, taken) : null;
}

const MARKS_AT_ONCE = 2_000;
const FILE_LIMIT_BYTES = 2 ** 31;

/** Writes the workbook with its watermark, keeps the marks of its rows, and hands it over. */
export async function giveOut(
  context: ActionContext,
  exportId: string,
  purpose: string,
  list: ExportList,
): Promise<DownloadBody> {
  const { caller, businessDate, services, tx } = context;
  const number = exportNumber(businessDate, exportId);
  const taken = Temporal.Now.zonedDateTimeISO("Asia/Shanghai").toPlainDateTime().toString({ smallestUnit: "minute" });
  const who = `${caller.organisation} ${caller.name}`;
  const traced = list.tracedBy.map((header) => list.columns.findIndex((column) => column.header === header));
  let written = 0;
  async function* marked(): AsyncGenerator<readonly WriteValue[]> {
    let marks: string[] = [];
    for await (const row of list.rows()) {
      written++;
      const mark = markOfRow(
        services.keys,
        traced.map((at) => row[at]),
      );
      if (mark !== null) marks.push(mark);
      if (marks.length === MARKS_AT_ONCE) {
        await addMarks(tx, exportId, marks);
        marks = [];
      }
      yield row;
    }
    await addMarks(tx, exportId, marks);
  }
  const { title, columns, format = "xlsx" } = list;
  const titleLine = `${title}　${who} ${businessDate} 导出，编号 ${number}，用途：${purpose}。内部资料，不得外传`;
  // Seen on every printed page, wherever the heading is cut off.
  const footer = `${who}　${taken.replace("T", " ")}　编号 ${number}　内部资料，不得外传`;
  const key = `export/${randomUUID()}`;
  const through = new PassThrough();
  const [stored] = await Promise.all([
    services.files.put(key, through, FILE_LIMIT_BYTES),
    format === "csv"
      ? writeCsv(through, plainRows(titleLine, columns, marked()))
      : writeWorkbook(through, { sheets: [{ name: title, titleLine, footer, columns, rows: marked() }] }),
  ]);
  await noteTaken(tx, exportId, written, stored.sha256);
  context.audit({ count: written, exportNumber: number });
  const body = await services.files.read(key);
  body.on("close", () => void services.files.remove(key).catch(() => {}));
  return {
    fileName: `${title}-${number}.${format}`,
    mediaType: format === "csv" ? "text/csv; charset=utf-8" : XLSX,
    body,
  };
}

/** For other programs: the same heading, money in yuan. */
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
