/**
 * Reading and writing spreadsheets, beside the libraries that could have done it. Every pair runs in one process, one
 * after the other, on the same file: read the ratio, not the figure.
 *
 *   node bench/sheets.ts [--size county|prefecture] [--json]
 *
 * The ratio compares processor time, which a busy machine disturbs less than the clock. Peak memory is the highest resident size seen during a step, less what was resident before it.
 */
import { createReadStream, mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { parse } from "csv-parse";
import ExcelJS from "exceljs";
import { SaxesParser } from "saxes";
import {
  annotateWorkbook,
  type CellMark,
  detectCsvDialect,
  isProblem,
  openSheets,
  planCsvRanges,
  readCsvChunks,
  type WriteColumn,
  writeCsv,
  writeWorkbook,
} from "../src/platform/sheets/index.ts";
import { CsvSplitter } from "../src/platform/sheets/csv-splitter.ts";
import { ZipArchive } from "../src/platform/sheets/zip.ts";

const sizes = { county: 20_000, prefecture: 200_000 } as const;
const { values } = parseArgs({ options: { size: { type: "string", default: "county" }, json: { type: "boolean" } } });
const size = values.size as keyof typeof sizes;
if (!(size in sizes)) throw new Error(`--size must be one of ${Object.keys(sizes).join(", ")}`);
const rows = sizes[size];
const COLUMNS = 25;

interface Measure {
  readonly step: string;
  readonly rows: number;
  readonly seconds: number;
  readonly rowsPerSecond: number;
  /** Of all threads: inflating and deflating run beside the reader. */
  readonly cpuSeconds: number;
  readonly peakMegabytes: number;
  /** Times as fast as the peer it is compared with. */
  readonly ratio?: number;
}
const measures: Measure[] = [];

async function measure(step: string, count: number, work: () => Promise<unknown>, peer?: string): Promise<void> {
  global.gc?.();
  const base = process.memoryUsage.rss();
  let peak = base;
  const watch = setInterval(() => (peak = Math.max(peak, process.memoryUsage.rss())), 20);
  const cpuBefore = process.cpuUsage();
  const started = performance.now();
  await work();
  const seconds = (performance.now() - started) / 1000;
  const cpu = process.cpuUsage(cpuBefore);
  const cpuSeconds = (cpu.user + cpu.system) / 1e6;
  clearInterval(watch);
  const other = measures.find((done) => done.step === peer);
  measures.push({
    step,
    rows: count,
    seconds: Number(seconds.toFixed(2)),
    rowsPerSecond: Math.round(count / seconds),
    cpuSeconds: Number(cpuSeconds.toFixed(3)),
    peakMegabytes: Math.round((Math.max(peak, process.memoryUsage.rss()) - base) / 1e6),
    ...(other ? { ratio: Number(((other.cpuSeconds * count) / (cpuSeconds * other.rows)).toFixed(1)) } : {}),
  });
}

/** A ledger row of 25 columns; names and numbers are made up. */
function ledgerRow(i: number): (string | number | null)[] {
  return [
    String(433_124_199_001_010_000n + BigInt(i)),
    `人员${i % 5000}`,
    i % 2 ? "男" : "女",
    "汉族",
    `138${String(i).padStart(8, "0")}`,
    `湖南省湘西州吉首市某某乡某某村${i % 200}组`,
    i % 3 ? "省外务工" : "省内务工",
    "2024-03-01",
    i % 5 ? null : "2024-11-30",
    350_000 + (i % 1000) * 100,
    `某某电子有限公司${i % 300}`,
    "广东省东莞市",
    "是",
    "否",
    i % 12,
    i % 7,
    "脱贫户",
    null,
    "已签订",
    "2023-12-15",
    `编号${i}`,
    "正常",
    null,
    "备注",
    i,
  ];
}
const columns: WriteColumn[] = ledgerRow(0).map((_, index) => ({
  header: `列${index + 1}`,
  kind:
    index === 7 || index === 8 || index === 19
      ? "date"
      : index === 9
        ? "money"
        : index === 14 || index === 15 || index === 24
          ? "int"
          : "text",
}));
function* ledgerRows(): Generator<(string | number | null)[]> {
  for (let i = 0; i < rows; i++) yield ledgerRow(i);
}

async function writeWithExcelJs(path: string, shared: boolean): Promise<void> {
  const workbook = new ExcelJS.stream.xlsx.WorkbookWriter({
    filename: path,
    useSharedStrings: shared,
    useStyles: true,
  });
  const sheet = workbook.addWorksheet("台账");
  sheet.columns = columns.map(({ header, kind }) => ({
    header,
    ...(kind === "date" ? { style: { numFmt: "yyyy-mm-dd" } } : {}),
  }));
  for (const row of ledgerRows()) {
    sheet
      .addRow(
        row.map((value, i) => (columns[i]!.kind === "date" && typeof value === "string" ? new Date(value) : value)),
      )
      .commit();
  }
  sheet.commit();
  await workbook.commit();
}

async function readWithOurs(path: string, sheetIndex = 0): Promise<void> {
  const source = await openSheets(path);
  if (isProblem(source)) throw new Error(source.message);
  let count = 0;
  for await (const batch of source.rows(sheetIndex)) count += batch.length;
  await source.close();
  if (count !== rows + 1) throw new Error(`${count} rows read`);
}

async function readWithExcelJs(path: string): Promise<void> {
  let count = 0;
  for await (const sheet of new ExcelJS.stream.xlsx.WorkbookReader(path, {
    sharedStrings: "cache",
    styles: "cache",
    hyperlinks: "ignore",
    worksheets: "emit",
  })) {
    for await (const row of sheet) count += Array.isArray(row.values) ? 1 : 0;
  }
  if (count !== rows + 1) throw new Error(`${count} rows read`);
}

/** saxes over the same sheet and nothing done with what it finds: the floor of a reader built on it. */
async function tokenizeWithSaxes(path: string): Promise<void> {
  const archive = await ZipArchive.open(path);
  const parser = new SaxesParser();
  const decoder = new TextDecoder();
  for await (const chunk of archive.read("xl/worksheets/sheet1.xml"))
    parser.write(decoder.decode(chunk, { stream: true }));
  parser.close();
  archive.close();
}

async function readCsvWithOurs(path: string): Promise<void> {
  const dialect = await detectCsvDialect(path);
  let count = 0;
  for await (const { records } of readCsvChunks(path, dialect)) count += records.length;
  if (count !== rows + 1) throw new Error(`${count} records read`);
}

async function readCsvWithPeer(path: string): Promise<void> {
  let count = 0;
  for await (const record of createReadStream(path).pipe(parse({ bom: true })))
    count += (record as string[]).length === COLUMNS ? 1 : 0;
  if (count !== rows + 1) throw new Error(`${count} records read`);
}

const folder = mkdtempSync(join(tmpdir(), "wengang-bench-"));
try {
  const at = (name: string) => join(folder, name);
  await measure("write xlsx: exceljs", rows, () => writeWithExcelJs(at("shared.xlsx"), true));
  await measure(
    "write xlsx: ours",
    rows,
    () => writeWorkbook(at("inline.xlsx"), { sheets: [{ name: "台账", columns, rows: ledgerRows() }] }),
    "write xlsx: exceljs",
  );
  for (const kind of ["shared", "inline"]) {
    await measure(`read xlsx, ${kind} strings: exceljs`, rows, () => readWithExcelJs(at(`${kind}.xlsx`)));
    await measure(
      `tokenize xlsx, ${kind} strings: saxes alone`,
      rows,
      () => tokenizeWithSaxes(at(`${kind}.xlsx`)),
      `read xlsx, ${kind} strings: exceljs`,
    );
    await measure(
      `read xlsx, ${kind} strings: ours`,
      rows,
      () => readWithOurs(at(`${kind}.xlsx`)),
      `read xlsx, ${kind} strings: exceljs`,
    );
  }
  const marks: CellMark[] = Array.from({ length: rows / 4 }, (_, i) => ({
    sheet: 0,
    row: 2 + i * 4,
    column: 1 + (i % COLUMNS),
    severity: "error",
    message: "身份证号校验位不符，请核对户口簿。",
  }));
  await measure("annotate xlsx, every fourth row: ours", rows, () =>
    annotateWorkbook(at("shared.xlsx"), at("marked.xlsx"), marks),
  );

  const header = columns.map((column) => column.header);
  for (const encoding of ["utf-8", "gb18030"] as const) {
    const path = at(`${encoding}.csv`);
    await measure(`write csv, ${encoding}: ours`, rows, () => writeCsv(path, ledgerRows(), { encoding, header }));
  }
  await measure("read csv, utf-8: csv-parse", rows, () => readCsvWithPeer(at("utf-8.csv")));
  await measure("read csv, utf-8: ours", rows, () => readCsvWithOurs(at("utf-8.csv")), "read csv, utf-8: csv-parse");
  await measure(
    "read csv, gb18030: ours",
    rows,
    () => readCsvWithOurs(at("gb18030.csv")),
    "read csv, utf-8: csv-parse",
  );
  const dialect = await detectCsvDialect(at("utf-8.csv"));
  await measure("plan ranges of csv: ours", rows, () => planCsvRanges(at("utf-8.csv"), dialect, 4));
  const block = Array.from({ length: 1000 }, (_, i) => ledgerRow(i).slice(0, 20).join(",")).join("\n") + "\n";
  await measure("split 20 columns in memory: String.split", rows, async () => {
    for (let done = 0; done < rows; done += 1000) for (const line of block.split("\n")) line.split(",");
  });
  await measure(
    "split 20 columns in memory: ours",
    rows,
    async () => {
      const splitter = new CsvSplitter(",", "\n");
      for (let done = 0; done < rows; done += 1000) splitter.push(block);
    },
    "split 20 columns in memory: String.split",
  );
  report(statSync(at("shared.xlsx")).size);
} finally {
  rmSync(folder, { recursive: true, force: true });
}

function report(fileBytes: number): void {
  if (values.json) {
    process.stdout.write(`${JSON.stringify({ size, rows, columns: COLUMNS, fileBytes, measures }, null, 2)}\n`);
    return;
  }
  const line = (cells: readonly string[]) =>
    `${cells[0]!.padEnd(50)}${cells
      .slice(1)
      .map((cell) => cell.padStart(12))
      .join("")}\n`;
  process.stdout.write(`${rows} rows × ${COLUMNS} columns\n`);
  process.stdout.write(line(["", "seconds", "rows/s", "cpu s", "peak MB", "ratio"]));
  for (const { step, seconds, rowsPerSecond, cpuSeconds, peakMegabytes, ratio } of measures) {
    process.stdout.write(
      line([
        step,
        seconds.toFixed(2),
        String(rowsPerSecond),
        cpuSeconds.toFixed(2),
        String(peakMegabytes),
        ratio === undefined ? "" : `× ${ratio}`,
      ]),
    );
  }
}
