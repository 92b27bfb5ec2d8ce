import { auditModule } from "#audit";
import { identityModule } from "#identity";
import { registryModule } from "#registry";
import { afterAll, beforeAll, expect, test } from "vitest";
import { testRuntime, type TestRuntime } from "../../platform/testing/index.ts";
import { ledgerKinds } from "../contract.ts";
import { addOffice, man, Office, workLedger, working } from "../fixtures.ts";
import { ledgerModule } from "../module.ts";
import { expectWholeCourse, person, STRANGER, type KindCase } from "./fixtures.ts";
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

test("these are the tables that tell of people who are known", () => {
  expect(cases.map(({ kind }) => kind)).toEqual(ledgerKinds.filter((kind) => !kindDefinitions[kind].home));
});

test.each(cases)("$kind", (one) => expectWholeCourse(office, one));
