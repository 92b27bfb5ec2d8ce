import { auditModule } from "#audit";
import { identityModule } from "#identity";
import { registryModule } from "#registry";
import type ExcelJS from "exceljs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { testRuntime, type TestRuntime } from "../../platform/testing/index.ts";
import { getBatch, listFaultCounts } from "../contract.ts";
import {
  addOffice,
  bookOf,
  bytesOf,
  csvOf,
  idOf,
  man,
  Office,
  WORK_HEADER,
  workLedger,
  working,
  type WorkRow,
} from "../fixtures.ts";
import { ledgerModule } from "../module.ts";

const modules = [registryModule, auditModule, identityModule, ledgerModule];
let runtime: TestRuntime;
let office: Office;

beforeAll(async () => {
  runtime = await testRuntime(modules);
  await addOffice(runtime);
  office = new Office(runtime, modules);
});
afterAll(() => runtime?.close());

/** A title and a header, then six rows, of which three wait for something and one was mended by rule. */
const faulty: readonly WorkRow[] = [
  {},
  { 联系电话: "138" },
  { 行政村: "十八垌村" },
  { 开始务工时间: "2024-02-30", "月工资(元)": "很多" },
  { 联系电话: "138 1234 2207" },
  { 务工地点: "工地上" },
];
const rows = () => faulty.map((row, n) => working(n + 1, row));
const FAULTS = [
  "4 phone phone-invalid!",
  "5 village village-unknown! → 双龙镇十八洞村",
  "6 monthlyWage wage-unreadable!",
  "6 startDate date-impossible! → 2024-02-29",
  "7 phone stray-spaces",
  "8 workPlace work-place-unknown?",
];

async function workbook(): Promise<Uint8Array> {
  return bookOf((sheet) => {
    sheet.name = "双龙镇";
    sheet.addRow(["2025年5月务工台账"]);
    sheet.mergeCells("A1:M1");
    for (const row of [WORK_HEADER, ...rows()]) sheet.addRow([...row]);
  });
}

const noteOf = (cell: ExcelJS.Cell) =>
  typeof cell.note === "string" ? cell.note : (cell.note?.texts ?? []).map((part) => part.text).join("");
function notes(sheet: ExcelJS.Worksheet): string[] {
  const found: string[] = [];
  sheet.eachRow((row) =>
    row.eachCell({ includeEmpty: true }, (cell) => cell.note && found.push(`${cell.address} ${noteOf(cell)}`)),
  );
  return found;
}

describe("the sender's own workbook", () => {
  test("comes back marked, is mended in Excel, and is taken back whole", async () => {
    const batch = await office.take(await workbook(), { name: "5月台账.xlsx" });
    expect(await office.faults(batch.batchId)).toEqual(FAULTS);
    const { name, book } = await office.marked(batch.batchId);
    expect(name).toBe("5月台账-标错.xlsx");
    const sheet = book.getWorksheet("双龙镇")!;
    expect(notes(sheet)).toEqual([
      "G4 联系电话：位数不对（手机 11 位，固话带区号）。请核对。",
      "C5 行政村：“十八垌村”在区划中查无此处。请选择村。",
      expect.stringMatching(/^K6 开始时间：“2024-02-30”这一天不存在。请改为当月末日。/),
      expect.stringMatching(/^M6 月工资（元）：“很多”不是金额。请填数字（元）。/),
      expect.stringMatching(/^I8 务工地点：“工地上”无法识别到县，本格未采用。请补省市县。/),
    ]);
    expect(sheet.getCell("A1").value).toBe("2025年5月务工台账");
    sheet.getCell("G4").value = "13812342208";
    sheet.getCell("C5").value = "十八洞村";
    // Cells marked alike share their style; only this one becomes a date.
    sheet.getCell("K6").value = new Date(Date.UTC(2024, 1, 29));
    sheet.getCell("K6").style = { ...sheet.getCell("K6").style, numFmt: "yyyy-mm-dd" };
    sheet.getCell("M6").value = 4200;
    const mended = await office.mend(batch.batchId, "5月台账-标错.xlsx", await bytesOf(book));
    expect([mended.state, mended.problem, mended.round]).toEqual(["compared", null, 2]);
    expect(await office.faults(batch.batchId)).toEqual(["7 phone stray-spaces", "8 workPlace work-place-unknown?"]);
    expect(await office.staged(batch.batchId, "row_no", "phone_mask", "start_date", "monthly_wage_fen")).toEqual([
      { row_no: "3", phone_mask: "139****0001", start_date: "2024-03-01", monthly_wage_fen: "380000" },
      { row_no: "4", phone_mask: "138****2208", start_date: "2024-03-01", monthly_wage_fen: "380000" },
      { row_no: "5", phone_mask: "139****0003", start_date: "2024-03-01", monthly_wage_fen: "380000" },
      { row_no: "6", phone_mask: "139****0004", start_date: "2024-02-29", monthly_wage_fen: "420000" },
      { row_no: "7", phone_mask: "138****2207", start_date: "2024-03-01", monthly_wage_fen: "380000" },
      { row_no: "8", phone_mask: "139****0006", start_date: "2024-03-01", monthly_wage_fen: "380000" },
    ]);
  });

  test("marks rows of one person at his number, each naming the others in the order of the file", async () => {
    const book = await bookOf((sheet) => {
      sheet.addRow([...WORK_HEADER]);
      for (let n = 1; n <= 8; n++) sheet.addRow(working(n));
      for (const wage of ["4100", "4200"]) sheet.addRow(working(1, { "月工资(元)": wage }));
      sheet.addRow(working(9));
      sheet.addRow(working(9));
    });
    const batch = await office.take(book, { name: "重复.xlsx", month: "2025-04" });
    const { book: marked } = await office.marked(batch.batchId);
    const message = "身份证号：同一人出现在第 2、10、11 行且内容不同。请只保留一行。";
    expect(notes(marked.worksheets[0]!)).toEqual([`F2 ${message}`, `F10 ${message}`, `F11 ${message}`]);
    expect(await office.faults(batch.batchId)).toContain("12 identity duplicate-same");
  });

  test("is refused when its columns or its first rows are no longer where they were", async () => {
    const batch = await office.take(await workbook(), { name: "a.xlsx" });
    const load = async () => {
      const { book } = await office.marked(batch.batchId);
      return { book, sheet: book.getWorksheet("双龙镇")! };
    };
    const one = await load();
    one.sheet.spliceColumns(2, 1);
    await expect(office.mend(batch.batchId, "a.xlsx", await bytesOf(one.book))).rejects.toThrow(
      /不是从本批次下载的|原文件/,
    );
    const two = await load();
    two.sheet.unMergeCells("A1:M1");
    two.sheet.spliceRows(1, 1);
    await expect(office.mend(batch.batchId, "a.xlsx", await bytesOf(two.book))).rejects.toThrow(/原文件/);
    const three = await load();
    three.sheet.name = "花垣镇";
    three.book.addWorksheet("说明");
    await expect(office.mend(batch.batchId, "a.xlsx", await bytesOf(three.book))).rejects.toThrow(/原文件/);
    await expect(office.mend(batch.batchId, "b.csv", "乡镇,应报\n双龙镇,12" as unknown as Uint8Array)).rejects.toThrow(
      /原文件/,
    );
    // Nothing of that has harmed the batch.
    expect(await office.faults(batch.batchId)).toEqual(FAULTS);
  });

  test.each([
    ["a text file that Excel has saved as a workbook", "a.csv", "a.xlsx"],
    ["a workbook that was saved as a text file", "a.xlsx", "a.csv"],
  ])("is taken back in another form: %s", async (_title, sent, back) => {
    const wrong = [working(21, { 联系电话: "138" }), working(22)];
    const mended = [working(21), working(22, { 联系电话: "139" })];
    const contentOf = (name: string, people: readonly string[][]) =>
      name.endsWith(".csv")
        ? Buffer.from(workLedger(...people))
        : bookOf((sheet) => [WORK_HEADER, ...people].forEach((row) => sheet.addRow([...row])));
    const batch = await office.take(await contentOf(sent, wrong), { name: sent });
    expect(await office.faults(batch.batchId)).toEqual(["2 phone phone-invalid!"]);
    const after = await office.mend(batch.batchId, back, await contentOf(back, mended));
    expect(after).toMatchObject({ state: "compared", problem: null, round: 2 });
    expect(await office.faults(batch.batchId)).toEqual(["3 phone phone-invalid!"]);
    expect(after.counts).toMatchObject({ rows: 2, valid: 1, waiting: 1 });
    // What goes out to be mended next is made of the file that came back.
    expect((await office.marked(batch.batchId)).book.worksheets[0]!.rowCount).toBe(3);
  });

  test("is taken back with rows added and taken out below the header", async () => {
    const batch = await office.take(await workbook(), { name: "a.xlsx" });
    const { book } = await office.marked(batch.batchId);
    const sheet = book.getWorksheet("双龙镇")!;
    // The library's own way to take rows out leaves some of them behind.
    const left = [sheet.getRow(7), sheet.getRow(8)].map((row) => row.values as ExcelJS.CellValue[]);
    [...left, working(9), [], []].forEach((values, index) => (sheet.getRow(4 + index).values = values));
    const mended = await office.mend(batch.batchId, "a.xlsx", await bytesOf(book));
    expect(await office.faults(batch.batchId)).toEqual(["4 phone stray-spaces", "5 workPlace work-place-unknown?"]);
    expect(mended.counts).toMatchObject({ rows: 4, valid: 4, waiting: 0 });
  });
});

describe("a workbook of the faulty rows, for what is no XLSX", () => {
  test("holds them with their place in the file, and mends those cells only", async () => {
    const batch = await office.take(csvOf([["2025年5月务工台账"], WORK_HEADER, ...rows()]), { name: "5月台账.csv" });
    expect(await office.faults(batch.batchId)).toEqual(FAULTS);
    const { name, book } = await office.marked(batch.batchId);
    expect(name).toBe("5月台账-待修行.xlsx");
    const sheet = book.worksheets[0]!;
    const texts = (row: number) => (sheet.getRow(row).values as unknown[]).slice(1).map((value) => value ?? "");
    expect(texts(2).slice(0, 4)).toEqual(["原工作表", "原行号", "乡镇", "行政村"]);
    expect([3, 4, 5].map((row) => texts(row)[1])).toEqual(["4", "5", "6"]);
    expect(sheet.rowCount).toBe(5);
    expect(notes(sheet).map((note) => note.slice(0, 7))).toEqual([
      "H3 联系电话",
      "D4 行政村：",
      "L5 开始时间",
      "N5 月工资（",
    ]);
    const column = (label: string) => texts(2).indexOf(label) + 1;
    sheet.getRow(3).getCell(column("联系电话")).value = 13_812_342_208;
    sheet.getRow(4).getCell(column("行政村")).value = "十八洞村";
    sheet.getRow(5).getCell(column("开始时间")).value = "2024年2月";
    sheet.getRow(5).getCell(column("月工资（元）")).value = 4200;
    const mended = await office.mend(batch.batchId, "5月台账-待修行.xlsx", await bytesOf(book));
    expect([mended.state, mended.problem, mended.round]).toEqual(["compared", null, 2]);
    expect(await office.faults(batch.batchId)).toEqual(["7 phone stray-spaces", "8 workPlace work-place-unknown?"]);
    expect(mended.counts).toMatchObject({ rows: 6, valid: 6, waiting: 0 });
    expect(
      await office.staged(batch.batchId, "row_no", "phone_mask", "start_date", "start_precision", "monthly_wage_fen"),
    ).toMatchObject([
      {},
      { row_no: "4", phone_mask: "138****2208" },
      {},
      { row_no: "6", start_date: "2024-02-01", start_precision: "month", monthly_wage_fen: "420000" },
      {},
      {},
    ]);
    // A second round, half done, keeps what the first has mended.
    const again = await office.mend(batch.batchId, "5月台账-待修行.xlsx", await bytesOf(book));
    expect(again).toMatchObject({ round: 3, counts: { valid: 6 } });
  });

  test("an old workbook of Excel 97 comes back in the same way", async () => {
    const { utils, write } = await import("@e965/xlsx");
    const book = utils.book_new();
    utils.book_append_sheet(
      book,
      utils.aoa_to_sheet([WORK_HEADER, working(1, { 联系电话: "138" })].map((row) => [...row])),
      "台账",
    );
    const batch = await office.take(new Uint8Array(write(book, { type: "buffer", bookType: "biff8" }) as Buffer), {
      name: "旧表.xls",
    });
    const marked = await office.marked(batch.batchId);
    expect(marked.name).toBe("旧表-待修行.xlsx");
    const cell = marked.book.worksheets[0]!.getRow(3).getCell(
      (marked.book.worksheets[0]!.getRow(2).values as string[]).indexOf("联系电话"),
    );
    expect(cell.value).toBe("138");
    cell.value = "13812342208";
    expect(await office.mend(batch.batchId, marked.name, await bytesOf(marked.book))).toMatchObject({
      state: "compared",
      counts: { valid: 1, waiting: 0 },
    });
  });
});

describe("mended on screen", () => {
  test("one cell, and all suggestions of a kind", async () => {
    const batch = await office.take(
      workLedger(
        ...[
          ["十八垌村", "2024-02-30"],
          ["十八垌村", "2024-03-01"],
          ["十八洞村", "2025-04-31"],
        ].map(([village, start], n) => working(n + 11, { 行政村: village!, 开始务工时间: start! })),
      ),
    );
    expect(await office.act(listFaultCounts, { batchId: batch.batchId })).toEqual(
      expect.arrayContaining([
        { code: "date-impossible", severity: "waiting", rows: 2, suggested: 2 },
        { code: "village-unknown", severity: "waiting", rows: 2, suggested: 2 },
      ]),
    );
    const once = await office.repair(batch.batchId, { acceptSuggestionsOf: "date-impossible" });
    expect(once.counts).toMatchObject({ valid: 1, waiting: 2 });
    expect(await office.faults(batch.batchId)).toEqual([
      "2 village village-unknown! → 双龙镇十八洞村",
      "3 village village-unknown! → 双龙镇十八洞村",
    ]);
    await office.repair(batch.batchId, { acceptSuggestionsOf: "village-unknown" });
    expect(await office.faults(batch.batchId)).toEqual([]);
    expect(await office.staged(batch.batchId, "home_region", "start_date")).toEqual([
      { home_region: "433124110226", start_date: "2024-02-29" },
      { home_region: "433124110226", start_date: "2024-03-01" },
      { home_region: "433124110226", start_date: "2025-04-30" },
    ]);
    const typed = await office.repair(batch.batchId, {
      cells: [
        { sheet: 0, rowNo: 2, field: "monthlyWage", value: "4,500元" },
        { sheet: 0, rowNo: 3, field: "phone", value: "" },
      ],
    });
    expect(typed.counts).toMatchObject({ valid: 3, waiting: 0 });
    expect(await office.staged(batch.batchId, "monthly_wage_fen", "phone_mask")).toMatchObject([
      { monthly_wage_fen: "450000" },
      { phone_mask: null },
      {},
    ]);
    const applied = await office.apply(batch.batchId);
    expect(applied.state).toBe("applied");
  });

  test("a damaged number, from the one person of that name, place and birth", async () => {
    const { name, identity } = man(21);
    await office.adopt(workLedger(working(21)), { month: "2025-04", complete: "false" });
    const rounded = `${identity.slice(0, 15)}000`;
    const batch = await office.take(
      workLedger(
        working(21, { 身份证号: rounded, "月工资(元)": "5000" }),
        working(22, { 身份证号: `${man(22).identity.slice(0, 15)}000` }),
      ),
      { complete: "false" },
    );
    expect(await office.faults(batch.batchId)).toEqual([
      `2 identity identity-number-format! → ${identity.slice(0, 6)}********${identity.slice(-4)}`,
      "3 identity identity-number-format!",
    ]);
    expect(batch.counts).toMatchObject({ valid: 0, waiting: 2 });
    await office.repair(batch.batchId, { acceptSuggestionsOf: "identity-number-format" });
    expect(await office.reasons(batch.batchId)).toEqual({ [name]: "C3" });
  });

  test("one row by its own suggestion, which the screen knows only masked", async () => {
    const rounded = (n: number) => working(n, { 身份证号: `${man(n).identity.slice(0, 15)}000`, "月工资(元)": "5100" });
    await office.adopt(workLedger(working(24), working(25)), { month: "2025-04", complete: "false" });
    const batch = await office.take(workLedger(rounded(24), rounded(25)), { complete: "false" });
    const masked = (n: number) => `${man(n).identity.slice(0, 6)}********${man(n).identity.slice(-4)}`;
    expect(await office.faults(batch.batchId)).toEqual([
      `2 identity identity-number-format! → ${masked(24)}`,
      `3 identity identity-number-format! → ${masked(25)}`,
    ]);
    const third = { sheet: 0, rowNo: 3, field: "identity", code: "identity-number-format" } as const;
    const mended = await office.repair(batch.batchId, { suggested: [third] });
    expect(mended.counts).toMatchObject({ valid: 1, waiting: 1 });
    expect(await office.faults(batch.batchId)).toEqual([`2 identity identity-number-format! → ${masked(24)}`]);
    expect(await office.reasons(batch.batchId)).toEqual({ [man(25).name]: "C3" });
    // The fault is gone, and its suggestion with it: nothing is mended that nobody saw.
    await expect(office.repair(batch.batchId, { suggested: [third] })).rejects.toThrow("建议已经变了");
    expect(await office.act(getBatch, { batchId: batch.batchId })).toMatchObject({ state: "compared" });
  });

  test("two who could be meant: no suggestion", async () => {
    const [a, b] = [idOf("43312419700101001"), idOf("43312419700101003")];
    await office.adopt(workLedger(...[a, b].map((identity) => working(31, { 姓名: "麻双胞", 身份证号: identity }))), {
      month: "2025-04",
      complete: "false",
    });
    const batch = await office.take(workLedger(working(31, { 姓名: "麻双胞", 身份证号: `${a.slice(0, 15)}000` })), {
      complete: "false",
    });
    expect(await office.faults(batch.batchId)).toEqual(["2 identity identity-number-format!"]);
  });

  test("a row that waits is no vanished person, whichever way it can still be told", async () => {
    const all = [41, 42, 43, 44];
    const given = { coverage: "433124102" } as const;
    const there = (n: number, row: WorkRow = {}) => working(n, { 乡镇: "龙潭镇", 行政村: "豆旺村", ...row });
    await office.adopt(workLedger(...all.map((n) => there(n))), { ...given, month: "2025-04" });
    const batch = await office.take(
      workLedger(
        there(41, { 联系电话: "138" }),
        there(42, { 身份证号: "" }),
        there(43, { 身份证号: `${man(43).identity.slice(0, 15)}000`, 乡镇: "", 行政村: "不知何处" }),
      ),
      { ...given, month: "2025-05" },
    );
    expect(await office.reasons(batch.batchId)).toEqual({ [man(44).name]: "V1" });
  });
});
