import { auditModule } from "#audit";
import { identityModule } from "#identity";
import { registryModule } from "#registry";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { testRuntime, type TestRuntime } from "../../platform/testing/index.ts";
import { ledgerKinds, type LedgerKind } from "../contract.ts";
import { addOffice, csvOf, idle, idOf, man, Office, snapshot, WORK_HEADER, workLedger, working } from "../fixtures.ts";
import { ledgerModule } from "../module.ts";

const modules = [registryModule, auditModule, identityModule, ledgerModule];
let runtime: TestRuntime;
let office: Office;

/** Known to every kind of table: the persons whom insurance, wages and contracts speak of. */
const known = [1, 2, 3, 4];

beforeAll(async () => {
  runtime = await testRuntime(modules);
  await addOffice(runtime);
  office = new Office(runtime, modules);
  await office.adopt(workLedger(...known.map((n) => working(n))), { month: "2025-04" });
});
afterAll(() => runtime?.close());

const person = (n: number) => [man(n).name, man(n).identity];
const STRANGER = ["龙小娟", idOf("43312419900304002")];

interface KindCase {
  readonly kind: LedgerKind;
  readonly title?: string;
  readonly first: readonly (readonly string[])[];
  /** Reasons of the first table, by name; a person may stand in several lines. */
  readonly reasons: readonly string[];
  /** What is in the registry afterwards. */
  readonly query: string;
  readonly rows: readonly Record<string, unknown>[];
  readonly next: readonly (readonly string[])[];
  readonly nextReasons: readonly string[];
  readonly nextRows: readonly Record<string, unknown>[];
}

const cases: readonly KindCase[] = [
  {
    kind: "work-ledger",
    first: [WORK_HEADER, ...known.map((n) => working(n)), idle(5), working(6, { 开始务工时间: "2025年4月" })],
    reasons: [`${man(5).name} N2`, `${man(6).name} N2`],
    query:
      "SELECT p.name, p.work_state, e.start_date::text, e.start_precision, e.work_region, e.monthly_wage_fen FROM registry.person p LEFT JOIN registry.employment e USING (person_id) WHERE p.person_id IN (SELECT person_id FROM registry.person ORDER BY created_batch DESC, name LIMIT 2) ORDER BY name",
    rows: [
      {
        name: man(5).name,
        work_state: "idle",
        start_date: null,
        start_precision: null,
        work_region: null,
        monthly_wage_fen: null,
      },
      {
        name: man(6).name,
        work_state: "working",
        start_date: "2025-04-01",
        start_precision: "month",
        work_region: "330782",
        monthly_wage_fen: "380000",
      },
    ],
    next: [
      WORK_HEADER,
      ...known.map((n) => working(n)),
      idle(5),
      working(6, { 开始务工时间: "2025-04-09", "月工资(元)": "4000" }),
    ],
    nextReasons: [`${man(6).name} C5`],
    nextRows: [
      {
        name: man(5).name,
        work_state: "idle",
        start_date: null,
        start_precision: null,
        work_region: null,
        monthly_wage_fen: null,
      },
      {
        name: man(6).name,
        work_state: "working",
        start_date: "2025-04-09",
        start_precision: "day",
        work_region: "330782",
        monthly_wage_fen: "400000",
      },
    ],
  },
  {
    kind: "post-roster",
    first: [
      ["姓名", "身份证号", "行政村", "公岗名称", "开发单位", "上岗时间", "离岗时间", "岗位补贴（元/月）", "银行账号"],
      [...person(1), "十八洞村", "护林员", "花垣县林业局", "2025-01-01", "", "1000", "6217001820000000000"],
      [...person(7), "双龙村", "保洁员", "双龙村村民委员会", "2025年3月", "2025-12-31", "800", ""],
    ],
    reasons: [`${man(1).name} N1`, `${man(7).name} N2`],
    query:
      "SELECT p.name, p.work_state, p.bank_mask, e.employer_name, e.form, e.occupation, e.start_date::text, e.end_date::text, e.monthly_wage_fen FROM registry.person p JOIN registry.employment e USING (person_id) WHERE e.form = 'welfare-post' ORDER BY name",
    rows: [
      {
        name: man(7).name,
        work_state: "working",
        bank_mask: null,
        employer_name: "双龙村村民委员会",
        form: "welfare-post",
        occupation: "保洁员",
        start_date: "2025-03-01",
        end_date: "2025-12-31",
        monthly_wage_fen: "80000",
      },
      {
        name: man(1).name,
        work_state: "working",
        bank_mask: "***************0000",
        employer_name: "花垣县林业局",
        form: "welfare-post",
        occupation: "护林员",
        start_date: "2025-01-01",
        end_date: null,
        monthly_wage_fen: "100000",
      },
    ],
    next: [
      ["姓名", "身份证号", "行政村", "公岗名称", "开发单位", "上岗时间", "离岗时间", "岗位补贴（元/月）", "银行账号"],
      // The post has ended; the job in Yiwu has not.
      [...person(1), "十八洞村", "护林员", "花垣县林业局", "2025-01-01", "2025-05-31", "1000", "6217001820000000000"],
      [...person(7), "双龙村", "保洁员", "双龙村村民委员会", "2025年3月", "2025-12-31", "900", ""],
    ],
    nextReasons: [`${man(1).name} C5`, `${man(7).name} C3`],
    nextRows: [
      {
        name: man(7).name,
        work_state: "working",
        bank_mask: null,
        employer_name: "双龙村村民委员会",
        form: "welfare-post",
        occupation: "保洁员",
        start_date: "2025-03-01",
        end_date: "2025-12-31",
        monthly_wage_fen: "90000",
      },
      {
        name: man(1).name,
        work_state: "working",
        bank_mask: "***************0000",
        employer_name: "花垣县林业局",
        form: "welfare-post",
        occupation: "护林员",
        start_date: "2025-01-01",
        end_date: "2025-05-31",
        monthly_wage_fen: "100000",
      },
    ],
  },
  {
    kind: "assisted-list",
    first: [
      [
        "户编号",
        "户主姓名",
        "姓名",
        "身份证号",
        "与户主关系",
        "乡镇",
        "行政村",
        "户类型",
        "识别时间",
        "退出时间",
        "劳动能力",
        "健康状况",
        "文化程度",
        "人均纯收入（元）",
      ],
      [
        "H001",
        "隆老",
        ...person(1),
        "之子",
        "双龙镇",
        "十八洞村",
        "脱贫户",
        "2014年1月",
        "",
        "普通劳动力",
        "健康",
        "初中",
        "12,000",
      ],
      [
        "H001",
        "隆老",
        ...person(8),
        "户主",
        "双龙镇",
        "十八洞村",
        "监测对象",
        "",
        "",
        "弱劳动力",
        "长期慢性病",
        "小学",
        "12,000",
      ],
      [
        "H002",
        "石二",
        ...person(9),
        "户主",
        "双龙镇",
        "双龙村",
        "边缘户",
        "2020-07-01",
        "2024年12月",
        "无劳动力",
        "残疾",
        "文盲",
        "8000.5",
      ],
    ],
    reasons: [`${man(1).name} C7`, `${man(8).name} N2`, `${man(9).name} N2`],
    query: `SELECT p.name, h.household_no, p.relation_to_head, p.labour_capacity, g.category, g.valid_from::text, g.valid_from_precision, g.valid_to::text, h.per_capita_income_fen
      FROM registry.person p JOIN registry.person_category g USING (person_id) LEFT JOIN registry.household h USING (household_id) WHERE household_no IS NOT NULL ORDER BY p.name, g.valid_from`,
    rows: [
      {
        name: man(9).name,
        household_no: "H002",
        relation_to_head: "户主",
        labour_capacity: "none",
        category: "marginal-poverty-prone",
        valid_from: "2020-07-01",
        valid_from_precision: "day",
        valid_to: "2024-12-31",
        per_capita_income_fen: "800050",
      },
      {
        name: man(1).name,
        household_no: "H001",
        relation_to_head: "之子",
        labour_capacity: "ordinary",
        category: "lifted-from-poverty",
        valid_from: "2014-01-01",
        valid_from_precision: "month",
        valid_to: null,
        per_capita_income_fen: "1200000",
      },
      {
        name: man(8).name,
        household_no: "H001",
        relation_to_head: "户主",
        labour_capacity: "weak",
        category: "monitored",
        valid_from: "2025-05-01",
        valid_from_precision: "month",
        valid_to: null,
        per_capita_income_fen: "1200000",
      },
    ],
    next: [
      [
        "户编号",
        "户主姓名",
        "姓名",
        "身份证号",
        "与户主关系",
        "乡镇",
        "行政村",
        "户类型",
        "识别时间",
        "退出时间",
        "劳动能力",
        "健康状况",
        "文化程度",
        "人均纯收入（元）",
      ],
      [
        "H001",
        "隆老",
        ...person(1),
        "之子",
        "双龙镇",
        "十八洞村",
        "脱贫户",
        "2014年1月",
        "",
        "普通劳动力",
        "健康",
        "初中",
        "12,000",
      ],
      [
        "H001",
        "隆老",
        ...person(8),
        "户主",
        "双龙镇",
        "十八洞村",
        "监测对象",
        "",
        "2025年5月",
        "弱劳动力",
        "长期慢性病",
        "小学",
        "12,000",
      ],
      [
        "H002",
        "石二",
        ...person(9),
        "户主",
        "双龙镇",
        "双龙村",
        "边缘户",
        "2020-07-01",
        "2024年12月",
        "无劳动力",
        "残疾",
        "文盲",
        "8000.5",
      ],
    ],
    nextReasons: [`${man(8).name} C7`],
    nextRows: [
      {
        name: man(9).name,
        household_no: "H002",
        relation_to_head: "户主",
        labour_capacity: "none",
        category: "marginal-poverty-prone",
        valid_from: "2020-07-01",
        valid_from_precision: "day",
        valid_to: "2024-12-31",
        per_capita_income_fen: "800050",
      },
      {
        name: man(1).name,
        household_no: "H001",
        relation_to_head: "之子",
        labour_capacity: "ordinary",
        category: "lifted-from-poverty",
        valid_from: "2014-01-01",
        valid_from_precision: "month",
        valid_to: null,
        per_capita_income_fen: "1200000",
      },
      {
        name: man(8).name,
        household_no: "H001",
        relation_to_head: "户主",
        labour_capacity: "weak",
        category: "monitored",
        valid_from: "2025-05-01",
        valid_from_precision: "month",
        valid_to: "2025-05-31",
        per_capita_income_fen: "1200000",
      },
    ],
  },
  {
    kind: "social-insurance",
    first: [
      [
        "参保人姓名",
        "社会保障号码",
        "参保单位名称",
        "统一社会信用代码",
        "险种",
        "费款所属期",
        "缴费基数",
        "单位缴费额",
        "个人缴费额",
        "缴费状态",
      ],
      [...person(1), "义乌丰禾服饰厂", "", "企业职工基本养老保险", "202504", "4200", "672", "336", "已缴"],
      [...person(1), "义乌丰禾服饰厂", "", "失业保险", "202504", "4200", "29.40", "12.60", "已缴"],
      [...person(2), "义乌丰禾服饰厂", "", "养老保险", "2025年4月", "4200", "672", "336", "缓缴"],
      ...[["养老保险"], ["失业保险"]].map(([insurance]) => [
        ...STRANGER,
        "义乌丰禾服饰厂",
        "",
        insurance!,
        "202504",
        "4200",
        "672",
        "336",
        "已缴",
      ]),
    ],
    reasons: [`${man(1).name} N3`, `${man(1).name} N3`, `${man(2).name} N3`],
    query:
      "SELECT p.name, i.month::text, i.kind, i.base_fen, i.employer_part_fen, i.person_part_fen, i.status FROM registry.insurance_month i JOIN registry.person p USING (person_id) ORDER BY p.name, i.kind",
    rows: [
      {
        name: man(1).name,
        month: "2025-04-01",
        kind: "pension",
        base_fen: "420000",
        employer_part_fen: "67200",
        person_part_fen: "33600",
        status: "paid",
      },
      {
        name: man(1).name,
        month: "2025-04-01",
        kind: "unemployment",
        base_fen: "420000",
        employer_part_fen: "2940",
        person_part_fen: "1260",
        status: "paid",
      },
      {
        name: man(2).name,
        month: "2025-04-01",
        kind: "pension",
        base_fen: "420000",
        employer_part_fen: "67200",
        person_part_fen: "33600",
        status: "deferred",
      },
    ],
    next: [
      [
        "参保人姓名",
        "社会保障号码",
        "参保单位名称",
        "统一社会信用代码",
        "险种",
        "费款所属期",
        "缴费基数",
        "单位缴费额",
        "个人缴费额",
        "缴费状态",
      ],
      [...person(1), "义乌丰禾服饰厂", "", "企业职工基本养老保险", "202504", "4200", "672", "336", "已缴"],
      [...person(2), "义乌丰禾服饰厂", "", "养老保险", "2025年4月", "4200", "672", "336", "已缴"],
    ],
    nextReasons: [`${man(2).name} C3`],
    nextRows: [
      {
        name: man(1).name,
        month: "2025-04-01",
        kind: "pension",
        base_fen: "420000",
        employer_part_fen: "67200",
        person_part_fen: "33600",
        status: "paid",
      },
      {
        name: man(1).name,
        month: "2025-04-01",
        kind: "unemployment",
        base_fen: "420000",
        employer_part_fen: "2940",
        person_part_fen: "1260",
        status: "paid",
      },
      {
        name: man(2).name,
        month: "2025-04-01",
        kind: "pension",
        base_fen: "420000",
        employer_part_fen: "67200",
        person_part_fen: "33600",
        status: "paid",
      },
    ],
  },
  {
    kind: "payroll",
    first: [
      ["姓名", "身份证号码", "单位名称", "工资月份", "实发工资", "发放日期", "发放方式"],
      [...person(1), "义乌丰禾服饰厂", "2025-04", "4,012.33", "2025-05-10", "银行代发"],
      [...person(1), "义乌丰禾服饰厂", "2025-05", "4,100", "2025-06-10", "银行代发"],
      [...STRANGER, "义乌丰禾服饰厂", "2025-05", "4,100", "2025-06-10", "现金"],
    ],
    reasons: [`${man(1).name} N3`, `${man(1).name} N3`],
    query:
      "SELECT p.name, w.month::text, w.employer_name, w.amount_fen, w.paid_on::text, w.method FROM registry.wage_month w JOIN registry.person p USING (person_id) ORDER BY w.month",
    rows: [
      {
        name: man(1).name,
        month: "2025-04-01",
        employer_name: "义乌丰禾服饰厂",
        amount_fen: "401233",
        paid_on: "2025-05-10",
        method: "银行代发",
      },
      {
        name: man(1).name,
        month: "2025-05-01",
        employer_name: "义乌丰禾服饰厂",
        amount_fen: "410000",
        paid_on: "2025-06-10",
        method: "银行代发",
      },
    ],
    next: [
      ["姓名", "身份证号码", "单位名称", "工资月份", "实发工资", "发放日期", "发放方式"],
      [...person(1), "义乌丰禾服饰厂", "2025-04", "4,012.33", "2025-05-10", "银行代发"],
      [...person(1), "义乌丰禾服饰厂", "2025-05", "4,150", "2025-06-12", "银行代发"],
    ],
    nextReasons: [`${man(1).name} C3`],
    nextRows: [
      {
        name: man(1).name,
        month: "2025-04-01",
        employer_name: "义乌丰禾服饰厂",
        amount_fen: "401233",
        paid_on: "2025-05-10",
        method: "银行代发",
      },
      {
        name: man(1).name,
        month: "2025-05-01",
        employer_name: "义乌丰禾服饰厂",
        amount_fen: "415000",
        paid_on: "2025-06-12",
        method: "银行代发",
      },
    ],
  },
  {
    kind: "contract-filing",
    first: [
      ["乙方姓名", "身份证号", "甲方名称", "合同类型", "合同起始日期", "合同终止日期", "签订日期", "约定月工资"],
      [...person(1), "义乌丰禾服饰厂", "固定期限", "2024-03-01", "2026年2月", "2024-02-28", "3800"],
      [...person(2), "义乌丰禾服饰厂", "无固定期限", "2024-03-15", "无固定期限", "2024-03-01", ""],
      [...person(3), "义乌丰禾服饰厂", "以完成一定工作任务为期限", "2025-02-20", "2025年2月", "", ""],
      [...STRANGER, "义乌丰禾服饰厂", "固定期限", "2024-03-01", "2026-02-28", "2024-02-28", "3800"],
    ],
    reasons: [`${man(1).name} N3`, `${man(2).name} N3`, `${man(3).name} N3`],
    query:
      "SELECT p.name, c.kind, c.start_date::text, c.end_date::text, c.signed_on::text, c.monthly_wage_fen FROM registry.contract c JOIN registry.person p USING (person_id) ORDER BY c.start_date",
    rows: [
      {
        name: man(1).name,
        kind: "固定期限",
        start_date: "2024-03-01",
        end_date: "2026-02-28",
        signed_on: "2024-02-28",
        monthly_wage_fen: "380000",
      },
      {
        name: man(2).name,
        kind: "无固定期限",
        start_date: "2024-03-15",
        end_date: null,
        signed_on: "2024-03-01",
        monthly_wage_fen: null,
      },
      {
        name: man(3).name,
        kind: "以完成一定工作任务为期限",
        start_date: "2025-02-20",
        end_date: "2025-02-28",
        signed_on: null,
        monthly_wage_fen: null,
      },
    ],
    next: [
      ["乙方姓名", "身份证号", "甲方名称", "合同类型", "合同起始日期", "合同终止日期", "签订日期", "约定月工资"],
      [...person(1), "义乌丰禾服饰厂", "固定期限", "2024-03-01", "2025-12-31", "2024-02-28", "3800"],
      [...person(2), "义乌丰禾服饰厂", "无固定期限", "2024-03-15", "无固定期限", "2024-03-01", ""],
      [...person(3), "义乌丰禾服饰厂", "以完成一定工作任务为期限", "2025-02-20", "2025年2月", "", ""],
    ],
    nextReasons: [`${man(1).name} C3`],
    nextRows: [
      {
        name: man(1).name,
        kind: "固定期限",
        start_date: "2024-03-01",
        end_date: "2025-12-31",
        signed_on: "2024-02-28",
        monthly_wage_fen: "380000",
      },
      {
        name: man(2).name,
        kind: "无固定期限",
        start_date: "2024-03-15",
        end_date: null,
        signed_on: "2024-03-01",
        monthly_wage_fen: null,
      },
      {
        name: man(3).name,
        kind: "以完成一定工作任务为期限",
        start_date: "2025-02-20",
        end_date: "2025-02-28",
        signed_on: null,
        monthly_wage_fen: null,
      },
    ],
  },
  {
    kind: "other",
    title: "“雨露计划”资助名单",
    first: [
      ["序号", "姓名", "身份证号", "就读学校", "资助\\金额", "家长身份证号", "备注", "行政村"],
      ["1", ...person(1), "吉首职业技术学院\n二年级", "1500", man(9).identity, "已发\t第一批", "十八洞村"],
      ["2", ...STRANGER, "吉首大学", "2000", "", "", ""],
    ],
    reasons: [`${man(1).name} N3`],
    query:
      "SELECT p.name, o.title, o.month::text, o.content FROM registry.other_record o JOIN registry.person p USING (person_id)",
    rows: [
      {
        name: man(1).name,
        title: "“雨露计划”资助名单",
        month: "2025-05-01",
        content: {
          就读学校: "吉首职业技术学院\n二年级",
          "资助\\金额": "1500",
          家长身份证号: man(9).identity.replace(/^(.{6}).{8}/, "$1********"),
          备注: "已发\t第一批",
          行政村: "十八洞村",
        },
      },
    ],
    next: [
      ["序号", "姓名", "身份证号", "就读学校", "资助\\金额", "家长身份证号", "备注", "行政村"],
      ["1", ...person(1), "吉首职业技术学院\n三年级", "1500", man(9).identity, "已发\t第一批", "十八洞村"],
    ],
    nextReasons: [`${man(1).name} C3`],
    nextRows: [
      {
        name: man(1).name,
        title: "“雨露计划”资助名单",
        month: "2025-05-01",
        content: {
          就读学校: "吉首职业技术学院\n三年级",
          "资助\\金额": "1500",
          家长身份证号: man(9).identity.replace(/^(.{6}).{8}/, "$1********"),
          备注: "已发\t第一批",
          行政村: "十八洞村",
        },
      },
    ],
  },
];

describe("every kind of table: received, compared, applied, changed, repeated, undone", () => {
  test("no kind is left out", () => expect(cases.map(({ kind }) => kind)).toEqual([...ledgerKinds]));

  test.each(cases)("$kind", async ({ kind, title = "", first, reasons, query, rows, next, nextReasons, nextRows }) => {
    const said = async (batchId: string) =>
      (await office.differences(batchId)).map((row) => `${row.name} ${row.reason}`).toSorted();
    const byName = (list: readonly Record<string, unknown>[]) =>
      list.toSorted((a, b) => JSON.stringify(a).localeCompare(JSON.stringify(b)));
    const before = await snapshot(runtime);
    const one = await office.adopt(csvOf(first), { kind, title });
    expect(await said(one.batchId)).toEqual(reasons.toSorted());
    expect(byName(await office.rows(query))).toEqual(byName(rows));
    const between = await snapshot(runtime);

    const same = await office.take(csvOf(first), { kind, title });
    expect([same.state, same.counts.differences]).toEqual(["compared", {}]);
    expect(same.counts.unchanged).toBe(same.counts.valid);
    await office.apply(same.batchId);
    // Nothing in it, but saying so again is an act of its own: only lines may name it.
    expect(await snapshot(runtime)).toBe(between);

    const two = await office.adopt(csvOf(next), { kind, title, month: title === "" ? "2025-06" : "2025-05" });
    expect(await said(two.batchId)).toEqual(nextReasons.toSorted());
    expect(byName(await office.rows(query))).toEqual(byName(nextRows));

    expect(await office.undo(two.batchId)).toMatchObject({ state: "undone", problem: null });
    expect(await snapshot(runtime)).toBe(between);
    expect(await office.undo(one.batchId)).toMatchObject({ state: "undone", problem: null });
    expect(await snapshot(runtime)).toBe(before);
  });
});
