import type { HeldField, HeldTable, Holdings } from "../platform/privacy/index.ts";
import { erasure, rules, withdrawals } from "./erasure.ts";
import { isRegistryEntity, registryFields } from "./fields.ts";

const cleared = "'（已清除）'";
const OFFICES = "户籍地、常住地、就业地、参保地的经办人员，按职责；号码默认脱敏";
const HOME = "户籍地经办人员，按职责";
const WORKER = "仅后台处理";

const personId: HeldField = { label: "人员编号", derived: true, end: "anonymise" };
const home: HeldField = { label: "户籍地", end: "anonymise" };
const employer: HeldField = { label: "单位名称", blank: cleared };
const employerKey: HeldField = { label: "单位名称的摘要", derived: true, end: "anonymise" };
const KEEPING = ["employment_id", "valid_from_precision", "start_precision", "end_precision", "previous_end"];
const basis = ["duty-of-office", "employment-help"] as const;

const person: HeldTable = {
  table: "registry.person",
  title: "人员基本信息",
  purpose: "识别本人，掌握就业状况，提供就业服务和援助",
  basis: [...basis, "work-ledger"],
  period: "person",
  seenBy: OFFICES,
  end: "erase",
  fields: {
    person_id: personId,
    name: { label: "姓名", blank: cleared },
    sex: { label: "性别" },
    birth_date: { label: "出生日期", seenBy: `${OFFICES}；不满十四周岁的按敏感个人信息保护` },
    ethnicity: { label: "民族" },
    education: { label: "文化程度" },
    marital_status: { label: "婚姻状况" },
    identity_kind: { label: "证件类型" },
    identity_mask: { label: "证件号码（脱敏）", sensitive: "identity", mask: "identity", blank: "''" },
    home_region: home,
    residence_region: { label: "常住地" },
    household_id: { label: "所属家庭" },
    relation_to_head: { label: "与户主关系" },
    labour_capacity: { label: "劳动能力", sensitive: "health", consent: "health", basis: [...basis, "own-consent"] },
    health: { label: "健康状况", sensitive: "health", consent: "health", basis: [...basis, "own-consent"] },
    job_willing: { label: "就业意愿" },
    training_willing: { label: "培训意愿" },
    desired_region: { label: "意向地区" },
    desired_job: { label: "意向岗位" },
    skills: { label: "技能" },
    address: { label: "住址" },
    phone_mask: { label: "联系电话（脱敏）", mask: "phone" },
    phone_hash: { label: "联系电话的摘要", derived: true },
    phone_tail: { label: "联系电话后四位" },
    bank_mask: { label: "银行账号（脱敏）", sensitive: "account", mask: "bank" },
    bank_hash: { label: "银行账号的摘要", sensitive: "account", derived: true },
    work_state: { label: "务工状态" },
    life_state: { label: "在册状态", end: "anonymise" },
    secret: {
      label: "证件号码、联系电话、银行账号（加密）",
      sensitive: "identity",
      sealed: true,
      seenBy: "需要联系本人或核对证件的经办人员，写明用途后逐次查看，留痕",
    },
  },
};

/** Facts that other offices report month by month. */
const reported = (
  table: string,
  title: string,
  event: string,
  fields: HeldTable["fields"],
  seenBy = HOME,
): HeldTable => ({
  table,
  title,
  purpose: "核对就业和参保情况，审核补贴",
  basis: ["duty-of-office", "subsidies"],
  period: "reported",
  seenBy,
  end: "erase",
  fields: { person_id: personId, home_region: home, ...fields },
  keeps: { person: "person_id", event },
});

const tables: readonly HeldTable[] = [
  person,
  {
    table: "registry.person_key",
    title: "证件号码索引",
    purpose: "凭证件号码找到同一个人，不重复建档",
    basis,
    period: "person",
    seenBy: WORKER,
    end: "erase",
    bookkeeping: ["key_version"],
    fields: {
      person_id: personId,
      key_hash: { label: "证件号码的摘要", sensitive: "identity", derived: true },
      kind: { label: "证件类型" },
      home_region: home,
    },
  },
  {
    table: "registry.person_access",
    title: "其他查看地",
    purpose: "让常住、就业、参保所在地的经办部门能提供服务",
    basis,
    period: "person",
    seenBy: "所列地区经办人员，只见姓名、部分证件号码",
    end: "erase",
    fields: {
      person_id: personId,
      region: { label: "可查看的地区" },
      ground: { label: "事由" },
      valid_from: { label: "自" },
      valid_to: { label: "至" },
      home_region: home,
    },
  },
  {
    table: "registry.person_to_verify",
    title: "待核实人员",
    purpose: "提示村（社区）上门核实务工状况",
    basis,
    period: "person",
    seenBy: HOME,
    end: "erase",
    fields: { person_id: personId, home_region: home },
  },
  {
    table: "registry.household",
    title: "家庭",
    purpose: "按户开展就业援助和防返贫监测",
    basis: [...basis, "work-ledger"],
    period: "person",
    seenBy: HOME,
    end: "erase",
    fields: {
      household_id: { label: "家庭编号", derived: true },
      household_no: { label: "户编号" },
      head_name: { label: "户主" },
      home_region: home,
      kind: { label: "家庭类型", sensitive: "hardship" },
      per_capita_income_fen: { label: "人均纯收入", sensitive: "hardship" },
      relocation_site: { label: "安置点" },
    },
  },
  {
    table: "registry.person_category",
    title: "身份类别",
    purpose: "确定就业援助和补贴的对象",
    basis: [...basis, "subsidies"],
    period: "category",
    seenBy: HOME,
    end: "anonymise",
    keeps: { person: "person_id", event: "t.valid_to" },
    bookkeeping: KEEPING,
    fields: {
      person_id: personId,
      category: { label: "类别（含脱贫、监测、残疾等）", sensitive: "disability", end: "anonymise" },
      valid_from: { label: "识别时间" },
      valid_to: { label: "退出时间" },
      detail: { label: "类别说明（风险、残疾等级）", sensitive: "disability", consent: "disability", end: "erase" },
      home_region: home,
    },
  },
  {
    table: "registry.employment",
    title: "务工经历",
    purpose: "掌握稳定就业情况，审核补贴，统计务工规模",
    basis: [...basis, "work-ledger", "subsidies"],
    period: "spell",
    seenBy: "户籍地和就业地经办人员",
    end: "anonymise",
    keeps: { person: "person_id", event: "t.end_date" },
    bookkeeping: KEEPING,
    fields: {
      person_id: personId,
      employer_key: employerKey,
      employer_name: { ...employer, end: "erase" },
      work_region: { label: "务工地点" },
      start_date: { label: "务工起期" },
      end_date: { label: "务工止期" },
      end_reason: { label: "结束原因", end: "erase" },
      form: { label: "就业形式" },
      channel: { label: "务工渠道", end: "erase" },
      industry: { label: "行业", end: "erase" },
      occupation: { label: "工种", end: "erase" },
      monthly_wage_fen: { label: "月工资", end: "erase" },
      home_region: home,
    },
  },
  reported("registry.contract", "劳动合同备案", "t.end_date", {
    employer_key: employerKey,
    employer_name: employer,
    start_date: { label: "起始日期" },
    end_date: { label: "终止日期" },
    kind: { label: "合同类型" },
    signed_on: { label: "签订日期" },
    monthly_wage_fen: { label: "合同工资" },
  }),
  reported("registry.insurance_month", "参保缴费", "(t.month + interval '1 month' - interval '1 day')::date", {
    month: { label: "所属月份" },
    kind: { label: "险种" },
    employer_key: employerKey,
    employer_name: employer,
    insured_region: { label: "参保地" },
    base_fen: { label: "缴费基数" },
    employer_part_fen: { label: "单位缴费" },
    person_part_fen: { label: "个人缴费" },
    status: { label: "缴费状态" },
  }),
  reported("registry.wage_month", "工资发放", "(t.month + interval '1 month' - interval '1 day')::date", {
    month: { label: "所属月份" },
    employer_key: employerKey,
    employer_name: employer,
    amount_fen: { label: "实发工资" },
    paid_on: { label: "发放日期" },
    method: { label: "发放方式" },
  }),
  reported("registry.other_record", "其他台账", "(t.month + interval '1 month' - interval '1 day')::date", {
    title: { label: "台账名称" },
    month: { label: "所属月份" },
    content: { label: "台账内容" },
  }),
  {
    table: "registry.change",
    title: "变更历史",
    purpose: "查清每项信息何时、由谁、凭什么改动",
    basis: ["duty-of-office", "security"],
    period: "person",
    seenBy: HOME,
    end: "anonymise",
    bookkeeping: ["change_id", "entity", "act", "at"],
    fields: {
      person_id: personId,
      entity_key: { label: "所指的记录" },
      before: { label: "改动前各项", sensitive: "identity" },
      after: { label: "改动后各项", sensitive: "identity" },
      reason: { label: "改动说明" },
      home_region: home,
    },
  },
  {
    table: "registry.comparison",
    title: "比对任务",
    purpose: "两个来源说法不一时由经办人核实",
    basis: ["duty-of-office"],
    period: "task",
    seenBy: HOME,
    end: "erase",
    keeps: {
      person: "person_id",
      event: "CASE WHEN t.state <> 'open' THEN (t.decided_at AT TIME ZONE 'Asia/Shanghai')::date END",
    },
    bookkeeping: [
      "comparison_id",
      "entity",
      "entity_key",
      "field",
      "held_source",
      "claimed_source",
      "owner_id",
      "owner_name",
      "owner_office",
      "owned_since",
      "raised_at",
    ],
    fields: {
      person_id: personId,
      home_region: home,
      reason: { label: "不一致的种类" },
      held_value: { label: "现有的值" },
      claimed_value: { label: "另一来源的值" },
      claimed_secret: { label: "另一来源的号码（加密）", sensitive: "identity" },
      decision_note: { label: "处理说明" },
    },
  },
  ...(
    [
      [
        "person_former",
        "人员",
        {
          name: { label: "姓名" },
          identity_mask: { label: "证件号码（脱敏）", sensitive: "identity", mask: "identity" },
          home_region: home,
          life_state: { label: "在册状态" },
        },
      ],
      [
        "person_category_former",
        "身份类别",
        {
          category: { label: "类别", sensitive: "disability" },
          valid_from: { label: "识别时间" },
          valid_to: { label: "退出时间" },
        },
      ],
      [
        "employment_former",
        "务工经历",
        {
          employer_key: employerKey,
          employer_name: { label: "单位名称" },
          work_region: { label: "务工地点" },
          start_date: { label: "务工起期" },
          end_date: { label: "务工止期" },
          form: { label: "就业形式" },
        },
      ],
    ] as const satisfies readonly (readonly [string, string, HeldTable["fields"]])[]
  ).map(([name, title, fields]): HeldTable => ({
    table: `registry.${name}`,
    title: `${title}的从前状态`,
    purpose: "已关账月份的数字任何时候都能重新算出",
    basis: ["duty-of-office", "work-ledger"],
    period: "person",
    seenBy: WORKER,
    end: "anonymise",
    bookkeeping: KEEPING,
    fields: { person_id: personId, ...fields },
  })),
];

/** A column is called here what it is called on the person's page; a number's mask says of itself that it is one. */
function asShown(table: HeldTable): HeldTable {
  const entity = table.table.slice("registry.".length);
  if (!isRegistryEntity(entity)) return table;
  const called = (column: string) => registryFields[entity][column]?.label;
  return {
    ...table,
    fields: Object.fromEntries(
      Object.entries(table.fields).map(([column, field]) => [
        column,
        { ...field, label: called(column) ?? field.label },
      ]),
    ),
  };
}

/** The column that shows a number of a person masked: phone → phone_mask. Null for what is shown as it is. */
export function maskColumnOf(field: string): string | null {
  const columns = registryFields.person[field]?.columns ?? [];
  return columns.find((column) => person.fields[column]?.mask !== undefined) ?? null;
}

/** What the registry holds of people, and how it lets go of it. */
export const registryHoldings: Holdings = {
  title: "人员与家庭",
  tables: tables.map(asShown),
  aside: { "registry.employer_alias": "单位名称的写法，不含个人" },
  rules,
  erasure,
  withdrawals,
  holds: [{ label: "比对任务未办结", persons: "SELECT person_id FROM registry.comparison WHERE state = 'open'" }],
};
