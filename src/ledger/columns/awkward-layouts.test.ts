import { auditModule } from "#audit";
import { identityModule } from "#identity";
import { registryModule } from "#registry";
import type { Worksheet } from "exceljs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { testRuntime, type TestRuntime } from "../../platform/testing/index.ts";
import { getMapping, type BatchSummary } from "../contract.ts";
import { addOffice, bookOf, csvOf, idle, man, Office, WORK_HEADER, workLedger, working } from "../fixtures.ts";
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

const SEEN = [
  "row_no",
  "name",
  "home_region",
  "work_region",
  "employer_name",
  "start_date",
  "end_date",
  "monthly_wage_fen",
];
const PLACE = "433124110226";

/** How `working(n)` is understood. */
function seen(rowNo: number, n: number, more: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    row_no: String(rowNo),
    name: man(n).name,
    home_region: PLACE,
    work_region: "330782",
    employer_name: "义乌丰禾服饰厂",
    start_date: "2024-03-01",
    end_date: null,
    monthly_wage_fen: "380000",
    ...more,
  };
}

async function expectRead(
  batch: BatchSummary,
  rows: readonly Record<string, unknown>[],
  faults: readonly string[] = [],
): Promise<void> {
  expect([batch.state, batch.problem]).toEqual(["compared", null]);
  expect(await office.faults(batch.batchId)).toEqual(faults);
  expect(await office.staged(batch.batchId, ...SEEN)).toEqual(rows);
  // Nobody of these is known yet, so that whoever is understood must appear as new.
  expect(await office.reasons(batch.batchId)).toEqual(Object.fromEntries(rows.map((row) => [row["name"], "N2"])));
}

const fill =
  (...rows: readonly (readonly unknown[])[]) =>
  (sheet: Worksheet) =>
    rows.forEach((row) => sheet.addRow([...row]));

describe("a table as offices lay it out", () => {
  test("below title lines and a line that says who fills it in", async () => {
    const content = csvOf([
      ["花垣县2025年5月脱贫劳动力务工情况台账"],
      [],
      ["填报单位：花垣县农业农村局（盖章）", "", "", "", "", "填报时间：2025年5月20日"],
      WORK_HEADER,
      working(1),
      working(2),
    ]);
    await expectRead(await office.take(content), [seen(5, 1), seen(6, 2)]);
  });

  test("with a header of two merged rows: the place over 省 市 县, the time over 开始 结束", async () => {
    const content = await bookOf((sheet) => {
      sheet.addRow(["2025年5月务工台账"]);
      sheet.addRow(["序号", "基本情况", "", "", "", "", "务工地点", "", "", "务工单位", "务工时间", "", "月工资"]);
      sheet.addRow(["", "乡镇", "村", "姓名", "性别", "身份证号", "省", "市", "县", "", "开始", "结束", ""]);
      for (const range of ["A1:M1", "A2:A3", "B2:F2", "G2:I2", "J2:J3", "K2:L2", "M2:M3"]) sheet.mergeCells(range);
      const { name, identity } = man(3);
      sheet.addRow([
        1,
        "双龙镇",
        "十八洞村",
        name,
        "男",
        identity,
        "浙江省",
        "金华市",
        "义乌市",
        "义乌丰禾服饰厂",
        "2024-03-01",
        "2025-04-30",
        3800,
      ]);
    });
    await expectRead(await office.take(content, { name: "a.xlsx" }), [seen(4, 3, { end_date: "2025-04-30" })]);
  });

  test("with the first rows merged over two, and 起 止 below 务工起止时间", async () => {
    const content = await bookOf((sheet) => {
      sheet.addRow([
        "姓名",
        "身份证号码",
        "户籍地",
        "",
        "务工所在地",
        "",
        "",
        "务工单位",
        "务工起止时间",
        "",
        "务工月收入（元）",
      ]);
      sheet.addRow(["", "", "乡（镇）", "行政村", "省（自治区）", "市（州）", "县（市、区）", "", "起", "止", ""]);
      for (const range of ["A1:A2", "B1:B2", "C1:D1", "E1:G1", "H1:H2", "I1:J1", "K1:K2"]) sheet.mergeCells(range);
      const { name, identity } = man(4);
      sheet.addRow([
        name,
        identity,
        "双龙镇",
        "十八洞村",
        "浙江",
        "金华",
        "义乌",
        "义乌丰禾服饰厂",
        "2024-03-01",
        "",
        3800,
      ]);
    });
    await expectRead(await office.take(content, { name: "a.xlsx" }), [seen(3, 4)]);
  });

  test("with sums and signatures at the end and in the middle", async () => {
    const sum = ["合计", "", "", "2人", "", "2", "", "2", "", "", "", "", "7600"];
    const content = csvOf([
      WORK_HEADER,
      working(5),
      sum,
      working(6),
      ["小计", "", "", "", "", "", "", "", "", "", "", "", "3800"],
      ["填表人：向某某", "", "", "审核人：龙某某", "", "联系电话：0743-7221234", "", "单位（盖章）"],
      ["单位盖章"],
      ["注：务工地点填写到县"],
      ["第1页 共2页"],
    ]);
    await expectRead(await office.take(content), [seen(2, 5), seen(4, 6)]);
  });

  test("with title and header printed again on every page", async () => {
    const title = ["花垣县2025年5月务工情况台账"];
    const content = csvOf([title, WORK_HEADER, working(7), ["第1页"], title, WORK_HEADER, working(8), ["第2页"]]);
    await expectRead(await office.take(content), [seen(3, 7), seen(7, 8)]);
  });

  test("with a merged header of two rows printed again on every page", async () => {
    const page = (sheet: Worksheet, n: number) => {
      const top = sheet.rowCount;
      sheet.addRow(["姓名", "身份证号", "乡镇", "行政村", "务工地点", "", "务工单位", "开始时间", "工资"]);
      sheet.addRow(["", "", "", "", "省", "县", "", "", ""]);
      for (const column of ["A", "B", "C", "D", "G", "H", "I"])
        sheet.mergeCells(`${column}${top + 1}:${column}${top + 2}`);
      sheet.mergeCells(`E${top + 1}:F${top + 1}`);
      sheet.addRow([
        man(n).name,
        man(n).identity,
        "双龙镇",
        "十八洞村",
        "浙江省",
        "义乌市",
        "义乌丰禾服饰厂",
        "2024-03-01",
        3800,
      ]);
    };
    const content = await bookOf((sheet) => [9, 10, 11].forEach((n) => page(sheet, n)));
    await expectRead(await office.take(content, { name: "a.xlsx" }), [seen(3, 9), seen(6, 10), seen(9, 11)]);
  });

  test("with a line of column numbers below the header", async () => {
    const content = csvOf([WORK_HEADER, WORK_HEADER.map((_, index) => String(index + 1)), working(12)]);
    await expectRead(await office.take(content), [seen(3, 12)]);
    const chinese = csvOf([
      WORK_HEADER,
      ["甲", "乙", ...WORK_HEADER.slice(2).map((_, index) => String(index + 1))],
      working(12),
    ]);
    await expectRead(await office.take(chinese), [seen(3, 12)]);
  });

  test("with blank lines, and lines that hold a running number only", async () => {
    const content = csvOf([WORK_HEADER, [], working(13), ["", "", " "], ["3"], working(14), ["5"], ["6"]]);
    await expectRead(await office.take(content), [seen(3, 13), seen(6, 14)]);
  });

  test("with its columns in another order and some that we do not know", async () => {
    const header = [
      "备注",
      "月工资(元)",
      "网格员",
      "务工单位",
      "身份证号",
      "姓名",
      "开始务工时间",
      "血型",
      "行政村",
      "务工地点",
      "乡镇",
    ];
    const { name, identity } = man(15);
    const content = csvOf([
      header,
      ["", "3800", "石网格", "义乌丰禾服饰厂", identity, name, "2024-03-01", "O", "十八洞村", "浙江省义乌市", "双龙镇"],
    ]);
    const batch = await office.take(content);
    await expectRead(batch, [seen(2, 15)]);
    const { sheets } = await office.act(getMapping, { batchId: batch.batchId });
    expect(sheets[0]!.columns.map((column) => column.field)).toEqual([
      "remark",
      "monthlyWage",
      null,
      "employer",
      "identity",
      "name",
      "startDate",
      null,
      "village",
      "workPlace",
      "town",
    ]);
  });

  test("with a header that stands twice: the first column counts", async () => {
    const content = csvOf([
      [...WORK_HEADER, "联系电话", "备注", "备注"],
      [...working(16), "13900000000", "甲", "乙"],
    ]);
    const batch = await office.take(content);
    await expectRead(batch, [seen(2, 16)]);
    expect(await office.staged(batch.batchId, "phone_mask")).toEqual([{ phone_mask: "139****0016" }]);
  });

  test("with headers in other words, with units, stars and notes in brackets", async () => {
    const header = [
      "＊所在乡镇",
      "*所在村",
      "人员姓名*",
      "公民身份号码（必填）",
      "务工地点（省市县）",
      "就业单位",
      "外出务工时间（年月）",
      "返乡时间",
      "月均收入（元／月）",
      "就业状态",
    ];
    const { name, identity } = man(17);
    const content = csvOf([
      header,
      ["双龙镇", "十八洞村", name, identity, "浙江省义乌市", "义乌丰禾服饰厂", "2024-03-01", "", "3800", "已就业"],
    ]);
    await expectRead(await office.take(content), [seen(2, 17)]);
  });

  test("with line breaks and spaces in its headers", async () => {
    const header = WORK_HEADER.map((text) =>
      text.length > 3 ? `${text.slice(0, 2)}\n${text.slice(2)}` : [...text].join("　"),
    );
    await expectRead(await office.take(csvOf([header, working(18)])), [seen(2, 18)]);
  });

  test("that says 户主 and 配偶 besides the person himself", async () => {
    const header = [
      "户主姓名",
      "户主身份证号",
      "与户主关系",
      "姓名",
      "身份证号",
      "行政村",
      "配偶姓名",
      "务工单位",
      "务工地点",
      "开始务工时间",
      "月工资",
    ];
    const { name, identity } = man(19);
    const content = csvOf([
      header,
      [
        man(20).name,
        man(20).identity,
        "之子",
        name,
        identity,
        "十八洞村",
        "龙小娟",
        "义乌丰禾服饰厂",
        "浙江省义乌市",
        "2024-03-01",
        "3800",
      ],
    ]);
    const batch = await office.take(content);
    await expectRead(batch, [seen(2, 19)]);
    expect(await office.staged(batch.batchId, "head_name", "relation_to_head")).toEqual([
      { head_name: man(20).name, relation_to_head: "之子" },
    ]);
  });
});

describe("a workbook of several sheets", () => {
  test("one for each village, a hidden and an empty one between them", async () => {
    const content = await bookOf(
      (sheet) => {
        sheet.name = "十八洞村";
        fill(["双龙镇十八洞村务工台账"], WORK_HEADER, working(21))(sheet);
      },
      (sheet) => {
        sheet.name = "旧表";
        sheet.state = "hidden";
        fill(WORK_HEADER, working(22))(sheet);
      },
      (sheet) => {
        sheet.name = "空表";
      },
      (sheet) => {
        sheet.name = "双龙村";
        fill(WORK_HEADER, working(23, { 行政村: "双龙村" }))(sheet);
      },
    );
    const batch = await office.take(content, { name: "a.xlsx" });
    await expectRead(batch, [seen(3, 21), seen(2, 23, { home_region: "433124110218" })]);
    const { sheets } = await office.act(getMapping, { batchId: batch.batchId });
    expect(sheets.map((sheet) => [sheet.name, sheet.used])).toEqual([
      ["十八洞村", true],
      ["旧表", false],
      ["空表", false],
      ["双龙村", true],
    ]);
  });

  test("of which one holds another table, and one only notes", async () => {
    const content = await bookOf(
      fill(["填表说明"], ["一、本表由乡镇填写"], ["二、每月20日前上报"]),
      fill(["乡镇", "应报", "已报"], ["双龙镇", 120, 118], ["花垣镇", 300, 300]),
      fill(WORK_HEADER, working(24)),
    );
    await expectRead(await office.take(content, { name: "a.xlsx" }), [seen(2, 24)]);
  });

  test("with the columns in another order on the second sheet", async () => {
    const order = [3, 5, 1, 2, 8, 9, 10, 12];
    const pick = (row: readonly string[]) => order.map((index) => row[index]!);
    const content = await bookOf(fill(WORK_HEADER, working(25)), fill(pick(WORK_HEADER), pick(working(26))));
    await expectRead(await office.take(content, { name: "a.xlsx" }), [seen(2, 25), seen(2, 26)]);
  });

  test("with the same person on two of them: said once when equal, held back when not", async () => {
    const content = await bookOf(
      fill(WORK_HEADER, working(27), working(28)),
      fill(WORK_HEADER, working(27), working(28, { 务工单位: "东莞锦达电子公司" })),
    );
    await expectRead(
      await office.take(content, { name: "a.xlsx" }),
      [seen(2, 27)],
      ["2 identity duplicate-same", "3 identity duplicate-differs!", "3 identity duplicate-differs!"],
    );
  });
});

describe("a table that cannot be taken says why", () => {
  test("another kind of table: columns that it needs are missing", async () => {
    const batch = await office.take(workLedger(working(29)), { kind: "payroll" });
    expect([batch.state, batch.problem]).toEqual(["mapping", null]);
    const { sheets } = await office.act(getMapping, { batchId: batch.batchId });
    expect(sheets[0]!.missing).toEqual(["amount"]);
  });

  test("no table at all", async () => {
    const batch = await office.take(
      csvOf([
        ["乡镇", "应报", "已报"],
        ["双龙镇", "120", "118"],
      ]),
    );
    expect([batch.state, batch.problem?.code]).toEqual(["refused", "ledger.no-table"]);
    expect(batch.problem!.message).toMatch(/没有找到“务工情况台账”的表头/);
  });

  test("a table without a row", async () => {
    const batch = await office.take(csvOf([["2025年5月台账"], WORK_HEADER, ["合计"], ["填表人："]]));
    expect([batch.state, batch.problem?.code]).toEqual(["mapping", "ledger.empty-table"]);
    expect(batch.problem!.message).toMatch(/没有任何数据行/);
  });

  test("nobody at work: the sums alone are no rows", async () => {
    await expectRead(await office.take(workLedger(idle(30), ["合计", "", "", "", "", "1"])), [
      {
        row_no: "2",
        name: man(30).name,
        home_region: PLACE,
        work_region: null,
        employer_name: null,
        start_date: null,
        end_date: null,
        monthly_wage_fen: null,
      },
    ]);
  });
});
