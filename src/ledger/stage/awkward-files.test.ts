import { auditModule } from "#audit";
import { identityModule } from "#identity";
import { registryModule } from "#registry";
import { utils, write } from "@e965/xlsx";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { encodeGb18030 } from "../../platform/sheets/index.ts";
import { testRuntime, type TestRuntime } from "../../platform/testing/index.ts";
import { addOffice, bookOf, csvOf, man, Office, WORK_HEADER, workLedger, working } from "../fixtures.ts";
import { ledgerModule } from "../module.ts";
import { CopyWriter } from "../../platform/db/copy-writer.ts";

const modules = [registryModule, auditModule, identityModule, ledgerModule];
let runtime: TestRuntime;
let office: Office;

beforeAll(async () => {
  runtime = await testRuntime(modules);
  await addOffice(runtime);
  office = new Office(runtime, modules);
});
afterAll(() => runtime?.close());

const table = workLedger(
  working(1, { 姓名: "石𠮷麟" }),
  working(2, { 务工单位: "义乌市丰禾服饰（集团）有限公司,二厂" }),
);
const understood = [
  { name: "石𠮷麟", start_date: "2024-03-01", employer_name: "义乌丰禾服饰厂", monthly_wage_fen: "380000" },
  {
    name: man(2).name,
    start_date: "2024-03-01",
    employer_name: "义乌市丰禾服饰(集团)有限公司,二厂",
    monthly_wage_fen: "380000",
  },
];
const utf16 = (text: string) => Buffer.from(`\ufeff${text}`, "utf16le");

describe("the same table, however it was saved", () => {
  const rows = table
    .split("\n")
    .map(
      (_, index) =>
        [WORK_HEADER, working(1, { 姓名: "石𠮷麟" }), working(2, { 务工单位: "义乌市丰禾服饰（集团）有限公司,二厂" })][
          index
        ]!,
    );
  test.each<[string, string, () => string | Uint8Array | Promise<Uint8Array>]>([
    ["UTF-8", "a.csv", () => table],
    ["UTF-8 with a mark", "a.csv", () => `\ufeff${table}`],
    [
      "UTF-8 with line ends of Windows and an empty last line",
      "a.csv",
      () => `${table.replaceAll("\n", "\r\n")}\r\n\r\n`,
    ],
    ["GB18030", "a.csv", () => encodeGb18030(table)],
    ["UTF-16", "a.csv", () => utf16(table)],
    ["separated by tabs", "a.txt", () => csvOf(rows, "\t")],
    ["separated by tabs in UTF-16, as Excel's Unicode text", "a.txt", () => utf16(csvOf(rows, "\t"))],
    ["separated by semicolons", "a.csv", () => csvOf(rows, ";")],
    ["XLSX", "a.xlsx", () => bookOf((sheet) => rows.forEach((row) => sheet.addRow([...row])))],
    ["XLSX named .xls", "a.xls", () => bookOf((sheet) => rows.forEach((row) => sheet.addRow([...row])))],
    ["XLS", "a.xls", () => legacy(rows, "biff8")],
    ["XLS named .xlsx", "a.xlsx", () => legacy(rows, "biff8")],
    ["ODS", "a.ods", () => legacy(rows, "ods")],
    ["XLSX with macros", "a.xlsm", () => legacy(rows, "xlsm")],
  ])("%s", async (_title, name, content) => {
    const batch = await office.take(await content(), { name });
    expect([batch.state, batch.problem]).toEqual(["compared", null]);
    expect(await office.faults(batch.batchId)).toEqual([]);
    expect(await office.staged(batch.batchId, "name", "start_date", "employer_name", "monthly_wage_fen")).toEqual(
      understood,
    );
    expect(batch.counts).toMatchObject({ rows: 2, valid: 2, differences: { new: 2 } });
  });

  function legacy(rowsOfSheet: readonly (readonly string[])[], bookType: "biff8" | "ods" | "xlsm"): Uint8Array {
    const book = utils.book_new();
    utils.book_append_sheet(book, utils.aoa_to_sheet(rowsOfSheet.map((row) => [...row])), "台账");
    if (bookType === "xlsm") book.vbaraw = new Uint8Array(512);
    return new Uint8Array(
      write(book, { type: "buffer", bookType, ...(bookType === "xlsm" ? { bookVBA: true } : {}) }) as Buffer,
    );
  }
});

describe("what is no table ends in words", () => {
  const xlsx = () =>
    bookOf((sheet) =>
      [WORK_HEADER, ...Array.from({ length: 40 }, (_, n) => working(n + 1))].forEach((row) => sheet.addRow([...row])),
    );
  test.each<[string, string, () => string | Uint8Array | Promise<Uint8Array>, string]>([
    [
      "a JPEG named .xlsx",
      "台账.xlsx",
      () =>
        Buffer.concat([Buffer.from([0xff, 0xd8, 0xff, 0xe0, 0x00, 0x10]), Buffer.from("JFIF"), Buffer.alloc(4000, 7)]),
      "sheet.not-spreadsheet",
    ],
    ["a truncated workbook", "台账.xlsx", async () => (await xlsx()).slice(0, 3000), "sheet.truncated"],
    [
      "a workbook with a hole in it",
      "台账.xlsx",
      async () => (await xlsx()).map((byte, index) => (index > 1500 && index < 1700 ? 0 : byte)),
      "sheet.damaged",
    ],
    ["an empty file", "台账.csv", () => "", "sheet.empty"],
    ["a PDF", "台账.pdf", () => `%PDF-1.7\n${"x".repeat(2000)}`, "sheet.not-spreadsheet"],
    ["a Word document saved as a web page", "台账.doc", () => "<html><body><p>台账</p></body></html>", "sheet.damaged"],
    [
      "an encrypted workbook",
      "台账.xlsx",
      () => Buffer.concat([Buffer.from([0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1]), Buffer.alloc(3000)]),
      "sheet.truncated",
    ],
    ["a text in UTF-16 the other way round", "台账.csv", () => utf16(table).swap16(), "sheet.unreadable"],
    ["zeros", "台账.xlsx", () => new Uint8Array(5000), "sheet.unreadable"],
  ])("%s", async (_title, name, content, code) => {
    const batch = await office.take(await content(), { name });
    expect([batch.state, batch.problem?.code]).toEqual(["refused", code]);
    expect(batch.problem!.message).toMatch(/^[一-龥].*。$/);
    expect(batch.problem!.message).not.toMatch(/Error|undefined|null|[a-z]{12}/);
  });

  test("a table given up in the middle leaves its connection as it was", async () => {
    const client = await runtime.database.pools.worker.connect();
    try {
      await client.query("CREATE TEMP TABLE halfway (n int, text text)");
      for (const flushed of [false, true]) {
        const writer = new CopyWriter(client, "halfway", ["n", "text"]);
        for (let n = 0; n < 20_000; n++) writer.add([String(n), "x".repeat(60)]);
        if (flushed) await writer.flush();
        await writer.abort();
        expect((await client.query("SELECT count(*)::int AS n FROM halfway")).rows).toEqual([{ n: 0 }]);
      }
      const wrong = new CopyWriter(client, "halfway", ["n", "text"]);
      wrong.add(["eins", "x"]);
      await expect(wrong.finish()).rejects.toThrow("invalid input syntax");
      await wrong.abort();
      expect((await client.query("SELECT 1 AS n")).rows).toEqual([{ n: 1 }]);
    } finally {
      client.release();
    }
  });

  test("and leaves nothing of itself in the registry", async () => {
    expect(await office.rows("SELECT count(*)::int AS n FROM registry.person")).toEqual([{ n: 0 }]);
    expect(
      await office.rows("SELECT count(*)::int AS n FROM ledger.batch WHERE state NOT IN ('compared', 'refused')"),
    ).toEqual([{ n: 0 }]);
  });
});
