import { auditModule } from "#audit";
import { identityModule } from "#identity";
import { registryModule } from "#registry";
import { afterAll, beforeAll, expect, test } from "vitest";
import { testRuntime, type TestRuntime } from "../../platform/testing/index.ts";
import { ledgerKinds } from "../contract.ts";
import { addOffice, idle, man, Office, WORK_HEADER, workLedger, working } from "../fixtures.ts";
import { ledgerModule } from "../module.ts";
import { expectWholeCourse, person, type KindCase } from "./fixtures.ts";
import { kindDefinitions } from "./index.ts";

const modules = [registryModule, auditModule, identityModule, ledgerModule];
let runtime: TestRuntime;
let office: Office;

/** People whom the registry knows before any of these tables. */
const known = [1, 2, 3, 4];

beforeAll(async () => {
  runtime = await testRuntime(modules);
  await addOffice(runtime);
  office = new Office(runtime, modules);
  await office.adopt(workLedger(...known.map((n) => working(n))), { month: "2025-04" });
});
afterAll(() => runtime?.close());

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
];

test("these are the tables that bring people", () => {
  expect(cases.map(({ kind }) => kind)).toEqual(ledgerKinds.filter((kind) => kindDefinitions[kind].home));
});

test.each(cases)("$kind", (one) => expectWholeCourse(office, one));
