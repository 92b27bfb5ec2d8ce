import { auditModule } from "#audit";
import { identityModule } from "#identity";
import { loadSampleAliases, registryModule } from "#registry";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { testRuntime, type TestRuntime } from "../../platform/testing/index.ts";
import { listFaults } from "../contract.ts";
import {
  addOffice,
  bookOf,
  idle,
  idOf,
  man,
  Office,
  WORK_HEADER,
  workLedger,
  working,
  type Given,
} from "../fixtures.ts";
import { ledgerModule } from "../module.ts";

const modules = [registryModule, auditModule, identityModule, ledgerModule];
let runtime: TestRuntime;
let office: Office;

beforeAll(async () => {
  runtime = await testRuntime(modules);
  await addOffice(runtime);
  office = new Office(runtime, modules);
  const owner = await runtime.owner();
  for (const alias of loadSampleAliases()) {
    await owner.query(
      "INSERT INTO registry.region_alias (alias, code, renamed, valid_from, valid_to, note) VALUES ($1, $2, $3, coalesce($4::date, '1900-01-01'), $5, $6) ON CONFLICT DO NOTHING",
      [alias.alias, alias.code, alias.validTo !== null, alias.validFrom, alias.validTo, alias.note],
    );
  }
});
afterAll(() => runtime?.close());

/** One row per case: what its cell says, the faults of the row, and what is staged of it (undefined: held back). */
type Case = readonly [title: string, row: readonly string[], faults: readonly string[], staged?: string | null];

/** Receives the cases as one table; checks row by row its faults, and the staged column of the rows that are not held back. */
async function expectCells(column: string, cases: readonly Case[], given: Given = {}): Promise<void> {
  const batch = await office.take(workLedger(...cases.map(([, row]) => row)), given);
  expect([batch.state, batch.problem]).toEqual(["compared", null]);
  const faults = await office.faults(batch.batchId);
  const staged = new Map(
    (await office.staged(batch.batchId, "row_no", column)).map((row) => [row["row_no"], row[column]]),
  );
  const got = cases.map(([title], index) => [
    title,
    faults.filter((fault) => fault.startsWith(`${index + 2} `)).map((fault) => fault.slice(fault.indexOf(" ") + 1)),
    staged.get(String(index + 2)),
  ]);
  expect(got).toEqual(cases.map(([title, , expected, value]) => [title, expected, value]));
  expect(batch.counts).toMatchObject({
    rows: cases.length,
    valid: cases.filter(([, , , value]) => value !== undefined).length,
  });
}

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
    await expectCells("identity_mask", [
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
    await expectCells("name", [
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
    await expectCells("start_date", [
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
    await expectCells("end_date", [
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

describe("places", () => {
  test("villages", async () => {
    const village = (n: number, title: string, town: string, text: string, faults: string[], staged?: string): Case => [
      title,
      idle(n, { 乡镇: town, 行政村: text }),
      faults.map((fault) => `village ${fault}`),
      staged,
    ];
    await expectCells("home_region", [
      village(121, "with the town before it", "", "双龙镇十八洞村", [], "433124110226"),
      village(122, "as a code", "", "433124110226", [], "433124110226"),
      village(123, "without 村", "双龙镇", "十八洞", [], "433124110226"),
      village(124, "with its committee", "双龙镇", "十八洞村村委会", [], "433124110226"),
      village(125, "with a group", "双龙镇", "十八洞村3组", [], "433124110226"),
      village(126, "with the county before it", "", "花垣县双龙镇十八洞村", [], "433124110226"),
      village(127, "spaces between", "双龙镇", "十 八 洞 村", [], "433124110226"),
      village(128, "renamed", "双龙镇", "石榴冲村", ["village-renamed"], "433124110222"),
      village(129, "merged into another", "双龙镇", "青竹坪村", ["village-renamed"], "433124110226"),
      village(130, "renamed, without the town", "", "石榴冲村", ["village-renamed"], "433124110222"),
      village(131, "divided among two", "龙潭镇", "桃林村", ["village-ambiguous!"]),
      village(132, "two of that name", "", "龙门村", ["village-ambiguous!"]),
      village(133, "two of that name, with the town", "龙潭镇", "龙门村", [], "433124102200"),
      village(134, "unknown, but like one", "双龙镇", "十八垌村", ["village-unknown! → 双龙镇十八洞村"]),
      village(135, "unknown", "双龙镇", "幸福里", ["village-unknown!"]),
      village(136, "of another county", "", "泸溪县浦市镇", ["village-outside!"]),
      village(137, "missing", "", "", ["village-missing!"]),
      village(138, "the town only", "双龙镇", "", [], "433124110"),
      village(139, "the county only", "", "花垣县", ["village-unknown!"]),
    ]);
  });

  test("villages outside what the batch covers", async () => {
    await expectCells(
      "home_region",
      [
        ["inside", idle(141), [], "433124110226"],
        ["of another town", idle(142, { 乡镇: "龙潭镇", 行政村: "龙门村" }), ["village village-outside!"]],
      ],
      { coverage: "433124110" },
    );
  });

  test("of work", async () => {
    const work = (n: number, text: string, faults: string[], staged: string | null): Case => [
      text,
      working(n, { 务工地点: text }),
      faults,
      staged,
    ];
    await expectCells("work_region", [
      work(151, "浙江省义乌市", [], "330782"),
      work(152, "浙江省金华市义乌市", [], "330782"),
      work(153, "义乌", [], "330782"),
      work(154, "广东东莞", [], "441900"),
      work(155, "广东省", [], "44"),
      work(156, "本县", [], "433124"),
      work(157, "北京市朝阳区", [], "110105"),
      work(158, "无", [], null),
      work(159, "工地上", ["workPlace work-place-unknown?"], null),
      work(160, "", [], null),
    ]);
  });
});

describe("names, employers, money, numbers to call", () => {
  test("names", async () => {
    const named = (n: number, title: string, text: string, faults: string[], staged?: string): Case => [
      title,
      idle(n, { 姓名: text }),
      faults.map((fault) => `name ${fault}`),
      staged,
    ];
    await expectCells("name", [
      named(171, "spaces between", "麻　成", ["stray-spaces"], "麻成"),
      named(172, "full-width latin", "麻Ａ", ["full-width"], "麻A"),
      named(173, "a dot between", "阿依·古丽", [], "阿依·古丽"),
      named(174, "another dot", "阿依•古丽", [], "阿依·古丽"),
      named(175, "missing", "", ["name-missing!"]),
      named(176, "too long", "长".repeat(51), ["too-long!"]),
      named(177, "with a backslash of full width", "麻＼成", ["full-width"], "麻 成"),
      named(178, "a rare character", "石𠮷", [], "石𠮷"),
    ]);
  });

  test("employers as free text", async () => {
    const employer = (n: number, text: string, staged: string | null, faults: string[] = []): Case => [
      text,
      working(n, { 务工单位: text }),
      faults,
      staged,
    ];
    await expectCells("employer_name", [
      employer(181, "义乌市丰禾服饰（集团）有限公司", "义乌市丰禾服饰(集团)有限公司"),
      employer(182, " 义乌市 丰禾服饰【二厂】", "义乌市丰禾服饰(二厂)"),
      employer(183, "ＡＢＣ电子", "ABC电子"),
      employer(184, "", "未填写单位"),
      employer(185, "无", "未填写单位"),
      employer(186, "/", "未填写单位"),
      employer(187, "C:\\台账\\新厂", "C:/台账/新厂"),
      employer(188, "丰禾服饰\\", "丰禾服饰/"),
      employer(189, "\\N", "/N"),
      employer(190, "某某老板'); DROP TABLE x;--", "某某老板');DROPTABLEX"),
    ]);
    const batch = await office.take(workLedger(working(191, { 务工单位: "厂".repeat(201) })));
    expect(await office.faults(batch.batchId)).toEqual(["2 employer too-long!"]);
  });

  test("wages", async () => {
    const wage = (n: number, text: string, faults: string[], staged?: string | null): Case => [
      text,
      working(n, { "月工资(元)": text }),
      faults.map((fault) => `monthlyWage ${fault}`),
      staged,
    ];
    await expectCells("monthly_wage_fen", [
      wage(201, "3800", [], "380000"),
      wage(202, "3,800", [], "380000"),
      wage(203, "3800元", [], "380000"),
      wage(204, "￥3,800.50", [], "380050"),
      wage(205, "3800元/月", [], "380000"),
      wage(206, "３８００", ["full-width"], "380000"),
      wage(207, "3800.5000000001", [], "380050"),
      wage(208, "", [], null),
      wage(209, "0", [], "0"),
      wage(210, "无", [], null),
      wage(211, "0.38万", ["wage-unreadable!"]),
      wage(212, "-3800", ["wage-implausible!"]),
      wage(213, "3500-4000", ["wage-unreadable!"]),
      wage(214, "很多", ["wage-unreadable!"]),
      wage(215, "3800000", ["wage-implausible!"]),
      wage(216, "100000", [], "10000000"),
      wage(217, "100000.01", ["wage-implausible!"]),
      wage(218, "2024-03-01", ["wage-unreadable!"]),
    ]);
  });

  test("phones", async () => {
    const phone = (n: number, text: string, faults: string[], staged?: string | null): Case => [
      text,
      idle(n, { 联系电话: text }),
      faults.map((fault) => `phone ${fault}`),
      staged,
    ];
    await expectCells("phone_mask", [
      phone(221, "13812342207", [], "138****2207"),
      phone(222, "138 1234 2208", ["stray-spaces"], "138****2208"),
      phone(223, "138-1234-2209", [], "138****2209"),
      phone(224, "１３８１２３４２２１０", ["full-width"], "138****2210"),
      phone(225, "+86 13812342211", ["stray-spaces"], "138****2211"),
      phone(226, "0743-7221234", [], "0743******34"),
      phone(227, "13812342207/13812342208", ["phone-invalid!"]),
      phone(228, "138****2207", ["phone-invalid!"]),
      phone(229, "1381234220", ["phone-invalid!"]),
      phone(230, "7221234", ["phone-invalid!"]),
      phone(231, "", [], null),
      phone(232, "无", [], null),
    ]);
  });

  test("error values of formulas are empty cells that say so", async () => {
    const content = await bookOf((sheet) => {
      sheet.addRow([...WORK_HEADER]);
      for (const [n, at] of [
        [241, 4],
        [242, 7],
        [243, 10],
        [244, 13],
        [245, 6],
      ] as const)
        sheet.addRow(working(n)).getCell(at).value = { error: "#N/A" };
    });
    const batch = await office.take(content, { name: "a.xlsx" });
    expect(await office.faults(batch.batchId)).toEqual([
      "2 name formula-error?",
      "2 name name-missing!",
      "3 phone formula-error?",
      "4 employer formula-error?",
      "5 monthlyWage formula-error?",
      "6 identity formula-error?",
      "6 identity identity-missing!",
    ]);
    expect(await office.staged(batch.batchId, "row_no", "phone_mask", "employer_name", "monthly_wage_fen")).toEqual([
      { row_no: "3", phone_mask: null, employer_name: "义乌丰禾服饰厂", monthly_wage_fen: "380000" },
      { row_no: "4", phone_mask: "139****0243", employer_name: "未填写单位", monthly_wage_fen: "380000" },
      { row_no: "5", phone_mask: "139****0244", employer_name: "义乌丰禾服饰厂", monthly_wage_fen: null },
    ]);
  });

  test("the same person twice", async () => {
    const batch = await office.take(
      workLedger(
        working(251),
        working(252),
        working(251),
        working(252, { 联系电话: "13900000000" }),
        working(253, { 务工单位: "" }),
        working(253, { 姓名: "" }),
      ),
    );
    expect(await office.faults(batch.batchId)).toEqual([
      "2 identity duplicate-same",
      "3 identity duplicate-differs!",
      "5 identity duplicate-differs!",
      "7 name name-missing!",
    ]);
    const { rows } = await office.act(listFaults, { batchId: batch.batchId, code: "duplicate-differs" });
    expect(rows[0]!.message).toBe("身份证号：同一人出现在第 5、3 行且内容不同。请只保留一行。");
    expect(await office.staged(batch.batchId, "row_no")).toEqual([{ row_no: "4" }, { row_no: "6" }]);
    expect(batch.counts).toMatchObject({ rows: 6, valid: 2, waiting: 3, repaired: 1 });
  });
});
