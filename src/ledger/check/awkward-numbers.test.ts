import { auditModule } from "#audit";
import { identityModule } from "#identity";
import { registryModule } from "#registry";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { testRuntime, type TestRuntime } from "../../platform/testing/index.ts";
import { listFaults } from "../contract.ts";
import { addOffice, bookOf, idle, idOf, man, Office, WORK_HEADER, workLedger, working } from "../fixtures.ts";
import { ledgerModule } from "../module.ts";
import { expectCells, type Case } from "./fixtures.ts";

const modules = [registryModule, auditModule, identityModule, ledgerModule];
let runtime: TestRuntime;
let office: Office;

beforeAll(async () => {
  runtime = await testRuntime(modules);
  await addOffice(runtime);
  office = new Office(runtime, modules);
});
afterAll(() => runtime?.close());

describe("identity numbers", () => {
  const body = "43312419850310001";
  const good = idOf(body);
  const withX = [..."0123456789"]
    .map((digit) => idOf(`4331241985031${digit}111`))
    .find((number) => number.endsWith("X"))!;
  test("mended by rule", async () => {
    const read = (title: string, text: string, number: string, fault: string): Case => [
      title,
      working(1, { 身份证号: text }),
      fault === "" ? [] : [`identity ${fault}`],
      `${number.slice(0, 6)}********${number.slice(-4)}`,
    ];
    const others = [3, 5, 7, 11, 13, 15, 17, 19, 21].map((sequence) =>
      idOf(`43312419850310${String(sequence).padStart(3, "0")}`),
    );
    await expectCells(office, "identity_mask", [
      read("as it should be", good, good, ""),
      read("lower-case x", withX.toLowerCase(), withX, "lower-case-x"),
      read(
        "full-width",
        [...others[0]!].map((c) => String.fromCharCode(c.charCodeAt(0) + 0xfee0)).join(""),
        others[0]!,
        "full-width",
      ),
      read(
        "spaces inside",
        `${others[1]!.slice(0, 6)} ${others[1]!.slice(6, 14)} ${others[1]!.slice(14)}`,
        others[1]!,
        "stray-spaces",
      ),
      read("apostrophe before", `'${others[2]!}`, others[2]!, "stray-spaces"),
      read("ideographic space behind", `${others[3]!}　`, others[3]!, "stray-spaces"),
      read("dashes", others[4]!.replace(/^(.{6})(.{8})/, "$1-$2-"), others[4]!, "stray-spaces"),
      read("fifteen digits", "433124850310023", idOf("43312419850310023"), "identity-fifteen"),
    ]);
  });

  test("not to be trusted", async () => {
    const swapped = `${good.slice(0, 9)}${good[10]}${good[9]}${good.slice(11)}`;
    await expectCells(office, "name", [
      ["missing", working(1, { 身份证号: "" }), ["identity identity-missing!"]],
      ["scientific text", working(1, { 身份证号: "4.33124E+17" }), ["identity identity-number-format!"]],
      ["trailing zeros", working(1, { 身份证号: "433124198503100000" }), ["identity identity-number-format!"]],
      ["two digits too many", working(1, { 身份证号: "43312419850310001099" }), ["identity identity-length!"]],
      ["ten digits", working(1, { 身份证号: "4331241985" }), ["identity identity-length!"]],
      [
        "wrong check digit",
        working(1, { 身份证号: good.slice(0, 17) + (good.endsWith("1") ? "2" : "1") }),
        ["identity identity-check!"],
      ],
      ["30 February inside", working(1, { 身份证号: idOf("43312419850230001") }), ["identity identity-birth!"]],
      [
        "letter O for zero",
        working(1, { 身份证号: good.replace(/0/, "O") }),
        [`identity identity-characters! → ${good.slice(0, 6)}********${good.slice(-4)}`],
      ],
      [
        "masked",
        working(1, { 身份证号: `${good.slice(0, 6)}********${good.slice(-4)}` }),
        ["identity identity-characters!"],
      ],
      ["words", working(1, { 身份证号: "办理中" }), ["identity identity-characters!"]],
      ["another column's value", working(1, { 身份证号: "双龙镇十八洞村" }), ["identity identity-characters!"]],
      [
        "two digits changed places",
        working(1, { 身份证号: swapped }),
        [expect.stringMatching(/^identity identity-(birth|check)!/) as unknown as string],
      ],
    ]);
  });

  test("that end in three zeros: rounded by chance to a valid one, or real", async () => {
    // All of women, as the last digit but one is even. Found by trying days until the check character is 0.
    const days = [
      "01",
      "02",
      "03",
      "04",
      "05",
      "06",
      "07",
      "08",
      "09",
      "10",
      "11",
      "12",
      "13",
      "14",
      "15",
      "16",
      "17",
      "18",
      "19",
      "20",
    ];
    const [real, chance] = ["1971", "1972"].map((year) =>
      days.map((day) => idOf(`433124${year}01${day}200`)).find((number) => number.endsWith("0"))!,
    ) as [string, string];
    const woman = (n: number, number: string, name: string, more = {}) =>
      idle(n, { 姓名: name, 性别: "女", 身份证号: number, ...more });
    await expectCells(office, "name", [
      ["nobody like her is known", woman(41, real, "麻秀英"), ["identity identity-number-format?"], "麻秀英"],
      ["a man cannot have it", idle(42, { 身份证号: chance }), ["identity identity-number-format!"]],
    ]);
    // Known by that very number, or by another one that begins like it.
    const whole = idOf(`${chance.slice(0, 14)}224`);
    const known = await office.adopt(workLedger(woman(43, real, "麻秀英"), woman(44, whole, "龙秀英")), {
      complete: "false",
      month: "2025-04",
    });
    expect(await office.faults(known.batchId)).toEqual(["2 identity identity-number-format?"]);
    const batch = await office.take(
      workLedger(woman(43, real, "麻秀英", { 联系电话: "13900000000" }), woman(44, chance, "龙秀英")),
      { coverage: "433124110" },
    );
    expect(await office.faults(batch.batchId)).toEqual([
      `3 identity identity-number-format! → ${whole.slice(0, 6)}********${whole.slice(-4)}`,
    ]);
    expect(await office.reasons(batch.batchId)).toEqual({ 麻秀英: "C4" });
  });

  test("as number cells", async () => {
    const number = (n: number, value: unknown, format?: string) => ({ row: working(n), value, format });
    const cells = [
      number(31, 433_124_198_503_100_000),
      number(32, 433_124_850_310_003),
      number(33, 433_124_198_503_100_000, "0.00E+00"),
      number(34, 433_124_198_503_100_000, "@"),
      number(35, idOf("43312419850310035")),
    ];
    const content = await bookOf((sheet) => {
      sheet.addRow([...WORK_HEADER]);
      for (const { row, value, format } of cells) {
        const added = sheet.addRow([...row]);
        added.getCell(6).value = value as string;
        if (format) added.getCell(6).numFmt = format;
      }
    });
    const batch = await office.take(content, { name: "a.xlsx" });
    expect(await office.faults(batch.batchId)).toEqual([
      "2 identity identity-number-format!",
      "3 identity identity-fifteen",
      "4 identity identity-number-format!",
      "5 identity identity-number-format!",
    ]);
    expect(await office.staged(batch.batchId, "row_no")).toEqual([{ row_no: "3" }, { row_no: "6" }]);
    const { rows } = await office.act(listFaults, { batchId: batch.batchId, code: "identity-number-format" });
    expect(rows[0]!.message).toBe("身份证号：以数字格式保存，第 16 位起已丢失。请补后三位。");
    expect(rows[0]!.value).toEqual(expect.stringMatching(/^433124\*{8}00\d\d$/));
  });

  test("against the row's own sex and birth date", async () => {
    const content = await bookOf((sheet) => {
      sheet.addRow(["姓名", "性别", "出生日期", "身份证号", "行政村"]);
      const { name, identity } = man(41);
      const birth = `${identity.slice(6, 10)}-${identity.slice(10, 12)}-${identity.slice(12, 14)}`;
      for (const cells of [
        ["男", birth],
        ["男", birth.slice(0, 7)],
        ["男", new Date(`${birth}T00:00:00Z`)],
        ["女", birth],
        ["男", "1985-01-02"],
        ["雄", birth],
        ["男", "不详"],
      ])
        sheet.addRow([name, ...cells, identity, "十八洞村"]);
    });
    const batch = await office.take(content, { name: "a.xlsx" });
    expect((await office.faults(batch.batchId)).filter((fault) => !fault.includes("duplicate"))).toEqual([
      "5 sex sex-contradicts! → 男",
      "6 birthDate birth-contradicts! → 1985-06-04",
      "7 sex code-unknown?",
      "8 birthDate date-unreadable! → 1985-06-04",
    ]);
  });
});

describe("dates", () => {
  test("as text", async () => {
    const start = (title: string, text: string, faults: string[], staged?: string): Case => [
      title,
      working(caseNumber++, { 开始务工时间: text }),
      faults.map((fault) => `startDate ${fault}`),
      staged,
    ];
    let caseNumber = 50;
    await expectCells(office, "start_date", [
      start("ISO", "2024-03-01", [], "2024-03-01"),
      start("month in Chinese", "2024年3月", [], "2024-03-01"),
      start("day in Chinese", "2024年3月5日", [], "2024-03-05"),
      start("with 号", "2024年3月5号", [], "2024-03-05"),
      start("month with a point", "2024.3", [], "2024-03-01"),
      start("day with points", "2024.3.5", [], "2024-03-05"),
      start("eight digits", "20240305", [], "2024-03-05"),
      start("six digits", "202403", [], "2024-03-01"),
      start("slashes and a time", "2024/3/5 0:00:00", [], "2024-03-05"),
      start("serial", "45356", ["excel-date"], "2024-03-05"),
      start("serial with a fraction", "45356.5", ["excel-date"], "2024-03-05"),
      start("full-width", "２０２４－３－５", ["full-width"], "2024-03-05"),
      start("spaces inside", "2024 年 3 月", [], "2024-03-01"),
      start("30 February", "2024-02-30", ["date-impossible! → 2024-02-29"]),
      start("31 April in Chinese", "2025年4月31日", ["date-impossible! → 2025-04-30"]),
      start("month 13", "2024-13-01", ["date-unreadable!"]),
      start("year only", "2024年", ["date-unreadable!"]),
      start("year only, bare", "2024", ["date-unreadable!"]),
      start("no year", "3月5日", ["date-unreadable!"]),
      start("words", "去年春节后", ["date-unreadable!"]),
      start("before anybody's time", "1924-03-01", ["date-out-of-range!"]),
      start("far ahead", "2034-03-01", ["date-out-of-range!"]),
      start("missing", "", ["start-missing!"]),
    ]);
  });

  test("as cells of dates and numbers, and as formulas", async () => {
    const day = new Date(Date.UTC(2024, 2, 5));
    const cases: [unknown, string | null, string, string?, string?][] = [
      [day, "yyyy-mm-dd", "", "2024-03-05", "day"],
      [day, 'yyyy"年"m"月"', "", "2024-03-01", "month"],
      [day, "yyyy/m", "", "2024-03-01", "month"],
      [45_356, null, "excel-date", "2024-03-05", "day"],
      [20_240_305, null, "", "2024-03-05", "day"],
      [2024.3, null, "", "2024-03-01", "month"],
      [2024.1, null, "date-unreadable!"],
      [2024.12, null, "", "2024-12-01", "month"],
      [{ formula: "DATE(2024,3,5)", result: day }, "yyyy-mm-dd", "", "2024-03-05", "day"],
      [{ formula: 'TEXT(A1,"yyyy-mm")', result: "2024-03" }, null, "", "2024-03-01", "month"],
      [{ formula: "VLOOKUP(A1,B:C,2)", result: { error: "#N/A" } }, null, "start-missing!"],
      [{ error: "#N/A" }, null, "start-missing!"],
    ];
    const content = await bookOf((sheet) => {
      sheet.addRow([...WORK_HEADER]);
      cases.forEach(([value, format], index) => {
        const row = sheet.addRow(working(80 + index));
        row.getCell(11).value = value as string;
        if (format) row.getCell(11).numFmt = format;
      });
    });
    const batch = await office.take(content, { name: "a.xlsx" });
    const faults = (await office.faults(batch.batchId)).filter((fault) => !fault.endsWith("?"));
    expect(faults).toEqual(
      cases.flatMap(([, , fault], index) => (fault === "" ? [] : [`${index + 2} startDate ${fault}`])),
    );
    expect(await office.staged(batch.batchId, "start_date", "start_precision")).toEqual(
      cases.flatMap(([, , , start, precision]) => (start ? [{ start_date: start, start_precision: precision }] : [])),
    );
  });

  test("ends", async () => {
    const end = (
      n: number,
      title: string,
      row: Parameters<typeof working>[1],
      faults: string[],
      staged?: string | null,
    ): Case => [title, working(n, row), faults, staged];
    await expectCells(office, "end_date", [
      end(101, "none", {}, [], null),
      end(102, "still there", { 结束务工时间: "至今" }, [], null),
      end(103, "a dash", { 结束务工时间: "—" }, [], null),
      end(104, "a day", { 结束务工时间: "2025-04-30", 是否务工: "否" }, [], "2025-04-30"),
      end(105, "a month means its last day", { 结束务工时间: "2025年2月", 是否务工: "否" }, [], "2025-02-28"),
      end(
        106,
        "the month of the start",
        { 开始务工时间: "2025-02-10", 结束务工时间: "2025年2月", 是否务工: "否" },
        [],
        "2025-02-28",
      ),
      end(107, "the day of the start", { 结束务工时间: "2024-03-01", 是否务工: "否" }, [], "2024-03-01"),
      end(108, "the day before the start", { 结束务工时间: "2024-02-29", 是否务工: "否" }, [
        "endDate end-before-start!",
      ]),
      end(109, "ended without an end", { 是否务工: "否" }, ["endDate end-missing!"]),
      end(110, "an end that does not exist", { 结束务工时间: "2025-02-30", 是否务工: "否" }, [
        "endDate date-impossible! → 2025-02-28",
      ]),
      end(
        111,
        "未务工, with nothing of work",
        { 是否务工: "否", 务工地点: "无", 务工单位: "无", 开始务工时间: "无", "月工资(元)": "/" },
        [],
        null,
      ),
    ]);
  });
});
