import { readFileSync } from "node:fs";
import { parentPort, workerData } from "node:worker_threads";
import { type CellObject, read, set_cptable, type WorkBook, type WorkSheet } from "@e965/xlsx";
import * as codepages from "@e965/xlsx/dist/cpexcel.full.mjs";
import type { Cell, CellRange, DateCell, ErrorCell, NumberCell, PlainCell, SheetRow } from "./cells.ts";
import type { LegacyReply, LegacyRequest, LegacyWorkbook } from "./legacy-messages.ts";
import { classOfFormatCode, type FormatClass, formatNumber } from "./number-formats.ts";
import { sheetProblems } from "./problems.ts";
import { withoutControls } from "./xml-text.ts";

/**
 * Reads the formats that cannot be streamed. It runs in a worker thread because the library holds the whole file as
 * objects and may run long on a damaged one: memory and time are bounded from outside, and only this thread dies.
 */
const port = parentPort!;
const post = (reply: LegacyReply) => port.postMessage(reply);
const formats = new Map<string, FormatClass>();

/** Before Excel 97 text was stored in the code page of the machine that wrote it. */
set_cptable(codepages);

try {
  const workbook = load(workerData as LegacyWorkbook);
  const sheets = workbook.SheetNames.map((name) => workbook.Sheets[name] ?? {});
  if (sheets.length === 0) post({ kind: "refused", problem: sheetProblems.noSheet() });
  else {
    port.on("message", (request: LegacyRequest) => answer(workbook, sheets, request));
    post({
      kind: "opened",
      sheets: workbook.SheetNames.map((name, index) => ({
        index,
        name,
        hidden: (workbook.Workbook?.Sheets?.[index]?.Hidden ?? 0) !== 0,
      })),
      merges: sheets.map(mergesOf),
    });
  }
} catch (error) {
  refuse(error);
}

function load({ path, format }: LegacyWorkbook): WorkBook {
  const bytes = readFileSync(path);
  const options = { dense: true, cellNF: true, cellText: false, cellHTML: false } as const;
  if (format !== "html") return read(bytes, { ...options, type: "buffer" });
  // Raw, or the library reads an ID number in a web page as a number and loses its last digits.
  return read(decodeMarkup(bytes), { ...options, type: "string", raw: true });
}

function decodeMarkup(bytes: Buffer): string {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return new TextDecoder("utf-16le").decode(bytes);
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return new TextDecoder("gb18030").decode(bytes);
  }
}

function refuse(error: unknown): void {
  const message = error instanceof Error ? error.message : String(error);
  const encrypted = /password|encrypt/i.test(message);
  post({ kind: "refused", problem: encrypted ? sheetProblems.encrypted() : sheetProblems.damaged("表格内容无法解析") });
}

function mergesOf(sheet: WorkSheet): CellRange[] {
  return (sheet["!merges"] ?? []).map(({ s, e }) => ({ top: s.r + 1, left: s.c + 1, bottom: e.r + 1, right: e.c + 1 }));
}

function answer(workbook: WorkBook, sheets: WorkSheet[], { sheet: index, from, count }: LegacyRequest): void {
  const sheet = sheets[index]!;
  const data = sheet["!data"] ?? [];
  const date1904 = workbook.Workbook?.WBProps?.date1904 === true;
  const rows: SheetRow[] = [];
  let emptyRows = 0;
  let at = from;
  for (; at < data.length && rows.length < count; at++) {
    const cells = cellsOf(data[at] ?? [], date1904);
    if (cells.length === 0) emptyRows++;
    else rows.push({ number: at + 1, cells });
  }
  const next = at < data.length ? at : -1;
  post({ kind: "rows", rows, emptyRows, next, progress: data.length === 0 ? 1 : at / data.length });
}

function cellsOf(row: readonly (CellObject | undefined)[], date1904: boolean): Cell[] {
  const cells: Cell[] = [];
  for (let column = 0; column < row.length; column++) {
    const cell = row[column];
    const value = cell ? valueOf(cell, date1904) : null;
    const computed = cell?.f !== undefined && !(cell.t === "s" && value === null);
    if (value === null && !computed) continue;
    while (cells.length < column) cells.push(null);
    cells[column] = computed ? { kind: "formula", value } : value;
  }
  return cells;
}

const errorTexts: Record<number, string> = {
  0: "#NULL!",
  7: "#DIV/0!",
  15: "#VALUE!",
  23: "#REF!",
  29: "#NAME?",
  36: "#NUM!",
  42: "#N/A",
  43: "#GETTING_DATA",
};

function valueOf(cell: CellObject, date1904: boolean): PlainCell | DateCell | NumberCell | ErrorCell {
  const { t: type, v: value } = cell;
  if (type === "n" && typeof value === "number" && Number.isFinite(value)) {
    const format = formatOf(cell.z);
    return format.kind === "general" ? value : formatNumber(value, format, date1904);
  }
  if (type === "b") return value === true;
  if (type === "e") return { kind: "error", text: errorTexts[Number(value)] ?? "#ERROR!" };
  if (type === "z" || value === undefined || value === "") return null;
  return withoutControls(String(value)) || null;
}

function formatOf(code: CellObject["z"]): FormatClass {
  const key = String(code ?? "General");
  let known = formats.get(key);
  if (!known) formats.set(key, (known = classOfFormatCode(key)));
  return known;
}
