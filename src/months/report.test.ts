import ExcelJS from "exceljs";
import yauzl from "yauzl";
import { text } from "node:stream/consumers";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { modules } from "../app.ts";
import type { DownloadBody } from "../platform/module.ts";
import { testRuntime, type TestRuntime } from "../platform/testing/index.ts";
import { downloadReport, getCalendar, listReminders, type ReportFormat } from "./contract.ts";
import { HUAYUAN, idle, monthsOffice, working, workLedger, type MonthsOffice } from "./fixtures.ts";
import { remindAll } from "./remind.ts";

let runtime: TestRuntime;
let office: MonthsOffice;

beforeAll(async () => {
  // The tables of May were due on the 20th; it is the 26th.
  runtime = await testRuntime(modules, { businessDate: "2025-06-26" });
  office = await monthsOffice(runtime, modules);
  await office.adopt(workLedger(...[0, 1, 2].map((n) => working(n)), idle(3)), { month: "2025-04" });
  await office.makeLifted();
  for (const month of ["2025-04", "2025-05"]) {
    const missing = (await office.month(HUAYUAN, month, "clerk")).open!.below.map(({ code }) => code);
    if (month === "2025-05")
      await office.adopt(workLedger(working(3, { 开始务工时间: "2025-05-03" })), { month, complete: "false" });
    await office.close(HUAYUAN, month, "clerk", { missing, note: "乡镇由县统一核对" });
  }
});
afterAll(() => runtime?.close());

async function take(format: ReportFormat): Promise<Buffer> {
  const { body } = (await office.run(
    downloadReport,
    { region: HUAYUAN, month: "2025-05", format },
    "clerk",
  )) as DownloadBody;
  return body as Buffer;
}

describe("the monthly report as a file", () => {
  test("a workbook with the bridge, the regions, the quality of the data and who came, masked", async () => {
    const book = new ExcelJS.Workbook();
    await book.xlsx.load((await take("xlsx")).buffer as ArrayBuffer);
    expect(book.worksheets.map((sheet) => sheet.name)).toEqual([
      "四项重点指标",
      "分地区",
      "数据质量",
      "本月新增名单",
      "说明",
    ]);
    const values = (name: string) =>
      book
        .getWorksheet(name)!
        .getSheetValues()
        .flatMap((row) => (Array.isArray(row) ? [row.slice(1)] : []));
    expect(values("四项重点指标")[2]).toEqual(["脱贫人口务工规模", "人", 3, 0, 1, 0, 4, 4, expect.any(Number), 0]);
    const [, , entered] = values("本月新增名单");
    expect(entered).toEqual([
      "脱贫人口务工规模",
      expect.stringMatching(/^.\*/u),
      expect.stringMatching(/^433124\*+\w{4}$/),
      "双龙镇 十八洞村",
    ]);
    expect(JSON.stringify(values("说明"))).toContain("向经办");
  });

  test("a Word document with the office's heading, lines for signatures and page numbers", async () => {
    const xml = await partsOf(await take("docx"));
    const body = xml["word/document.xml"]!;
    for (const words of [
      "花垣县2025年5月脱贫人口务工就业月报",
      "填报单位：人社局433124",
      "制表人：向经办",
      "审核人：",
      "未确认的下级",
    ])
      expect(body).toContain(words);
    expect(body).not.toContain(working(3)[3]);
    expect(Object.values(xml).join("")).toContain("NUMPAGES");
  });

  test("a PDF that carries its own Chinese font", async () => {
    const pdf = (await take("pdf")).toString("latin1");
    expect(pdf.startsWith("%PDF-")).toBe(true);
    expect(pdf).toMatch(/\/FontName \/\w+\+NotoSerifSC/);
    expect(pdf).toContain("/FontFile");
  });
});

async function partsOf(zip: Buffer): Promise<Record<string, string>> {
  const parts: Record<string, string> = {};
  const file = await yauzl.fromBufferPromise(zip);
  for await (const entry of file.eachEntry())
    parts[entry.fileName] = await text(await file.openReadStreamPromise(entry));
  return parts;
}

describe("what is late", () => {
  test("is called for once at each step, from the own office up to the province, and the log says what has come since", async () => {
    const sent = await remindAll(runtime);
    expect(sent).toBeGreaterThan(0);
    expect(await remindAll(runtime)).toBe(0);
    const own = await office.act(listReminders, {}, "clerk");
    expect(own.map(({ step, sentOn, open }) => ({ step, sentOn, open }))).toContainEqual({
      step: "late",
      sentOn: "2025-06-21",
      open: true,
    });
    const city = await office.act(listReminders, {}, "city");
    expect(city.some((one) => one.step === "chase" && one.owing.code === HUAYUAN)).toBe(true);
    const leader = await office.act(listReminders, {}, "leader");
    expect(leader.map((one) => [one.step, one.sentOn])).toContainEqual(["lead", "2025-06-25"]);
    const { duties } = await office.act(getCalendar, { month: "2025-05" }, "city");
    const ledgers = duties.find((duty) => duty.key === "monthly-ledgers")!;
    expect(ledgers).toMatchObject({ dueOn: "2025-06-20", source: "〔2021〕10号（十三）" });
    expect(ledgers.owed.map((one) => [one.region.name, one.words])).toEqual([["花垣县", "逾期 6 天"]]);
    expect(duties.find((duty) => duty.key === "monthly-report")!.owed[0]).toMatchObject({
      doneOn: "2025-06-26",
      words: "迟报 1 天",
    });
  });
});
