import { auditModule } from "#audit";
import { identityModule } from "#identity";
import { loadSampleAliases, registryModule } from "#registry";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { testRuntime, type TestRuntime } from "../../platform/testing/index.ts";
import { listFaults } from "../contract.ts";
import { addOffice, bookOf, idle, Office, WORK_HEADER, workLedger, working } from "../fixtures.ts";
import { ledgerModule } from "../module.ts";
import { expectCells, type Case } from "./fixtures.ts";

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

describe("places", () => {
  test("villages", async () => {
    const village = (n: number, title: string, town: string, text: string, faults: string[], staged?: string): Case => [
      title,
      idle(n, { 乡镇: town, 行政村: text }),
      faults.map((fault) => `village ${fault}`),
      staged,
    ];
    await expectCells(office, "home_region", [
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
      office,
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
    await expectCells(office, "work_region", [
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
    await expectCells(office, "name", [
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
    await expectCells(office, "employer_name", [
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
    await expectCells(office, "monthly_wage_fen", [
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
    await expectCells(office, "phone_mask", [
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
    expect(rows[0]!.message).toBe("身份证号：同一人出现在第 3、5 行且内容不同。请只保留一行。");
    expect(await office.staged(batch.batchId, "row_no")).toEqual([{ row_no: "4" }, { row_no: "6" }]);
    expect(batch.counts).toMatchObject({ rows: 6, valid: 2, waiting: 3, repaired: 1 });
  });
});
