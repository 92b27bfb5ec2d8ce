import { id, suppliedBy, type FactDictionary } from "./dictionary.ts";
import { personFields } from "./persons.ts";

const office = suppliedBy("人社部门");
const registry = suppliedBy("登记库");
const employer = suppliedBy("用人单位");
const insurance = suppliedBy("社保经办机构");
const bank = suppliedBy("代发银行");
const person = personFields("劳动者", "当日");
const jurisdictions = { 户籍地: "劳动者.户籍县" };
const text = { column: "employer_key", type: "bigint" } as const;

/** One row per spell of employment as the registry has it. */
export const SPELLS: FactDictionary = {
  name: "务工记录",
  label: "登记库里的务工就业记录",
  key: [id("person_id"), id("employment_id")],
  subjects: { 劳动者: id("person_id"), 用工: id("employment_id") },
  jurisdictions,
  fields: [
    person.homeCounty,
    person.born,
    registry.code("劳动者.务工状态", "work_state", "现在的务工状态", null, ["在务工", "未务工", "待核实"]),
    registry.yes("劳动者.帮扶需求已登记", "needs_known", "登记了就业意愿和培训意愿", null),
    registry.text("用工.单位", "employer_name", "用人单位", null),
    registry.date("用工.开始日期", "start_date", "务工开始日期", null),
    registry.end("用工.结束日期", "end_date", "务工结束日期", null),
    registry.text("用工.就业形式", "form", "就业形式", null),
    registry.text("用工.务工渠道", "channel", "务工渠道", null),
    registry.count("用工.全职重叠天数", "overlap_days", "与另一单位全职就业重叠的天数", null),
    insurance.count("用工.近三月他单位参保月数", "insured_elsewhere", "近3个月由其他单位参保的月数", null),
  ],
};

/** One row per person, employer and month for which a wage is on record. */
export const WAGE_MONTHS: FactDictionary = {
  name: "工资月",
  label: "登记库里的工资月份",
  key: [id("person_id"), { column: "month", type: "text" }, text],
  subjects: { 劳动者: id("person_id"), 单位: text },
  jurisdictions,
  fields: [
    person.homeCounty,
    person.liftedFromPoverty,
    employer.text("工资.单位", "employer_name", "用人单位", null),
    employer.date("工资.月份", "month", "工资月份（当月1日）", null),
    employer.date("工资.发放日期", "paid_on", "工资发放日期", null),
    employer.yes("合同.覆盖当月", "contract_covers", "有劳动合同覆盖当月", null),
    insurance.yes("参保.当月已参保", "insured", "当月在该单位参加社会保险", null),
  ],
};

/** One row per registered employer because of whose workers benefits were paid. */
export const EMPLOYER_ENDINGS: FactDictionary = {
  name: "单位满期离职",
  label: "受补贴单位的满期离职",
  key: [id("employer_id")],
  subjects: { 用人单位: id("employer_id") },
  jurisdictions: { 用人单位所在地: "单位.所在县" },
  fields: [
    registry.text("单位.所在县", "county", "用人单位所在县", null),
    registry.text("单位.名称", "employer_name", "用人单位名称", null),
    office.count("单位.受补贴人数", "claimed", "因其享受补贴的人数", null),
    office.count("单位.满六个月即离职人数", "left_at_six", "满6个月后7日内离职的人数", null),
  ],
};

/** One row per county and industry in which anybody's work ended in the thirty days up to the day. */
export const COUNTY_JOB_LOSS: FactDictionary = {
  name: "县行业失业",
  label: "各县各行业近30日的失业",
  key: [
    { column: "county", type: "text" },
    { column: "industry", type: "text" },
  ],
  subjects: {},
  jurisdictions: { 户籍地: "县.代码" },
  fields: [
    registry.text("县.代码", "county", "户籍县", null),
    registry.text("行业.名称", "industry", "行业", null),
    registry.count("县.近30日新增失业人数", "lost", "近30日结束务工、没有新工作的人数", null),
  ],
};

/** One row per person whose bank account others have as well. */
export const BANK_ACCOUNTS: FactDictionary = {
  name: "共用银行账户",
  label: "与他人共用的银行账户",
  key: [id("person_id")],
  subjects: { 劳动者: id("person_id") },
  jurisdictions,
  fields: [
    person.homeCounty,
    bank.count("账户.共用人数", "sharers", "同一银行账户的人数（含本人）", null),
    bank.count("账户.户外共用人数", "outside", "其中不在同一家庭户的人数", null),
  ],
};

/** One row per introduction. */
export const INTRODUCTION_RIVALS: FactDictionary = {
  name: "劳务介绍核查",
  label: "劳务介绍的申领与资质",
  key: [id("introduction_id")],
  subjects: { 劳动者: id("person_id"), 介绍机构: id("agency_id") },
  jurisdictions: { 输出地: "劳动者.户籍县" },
  fields: [
    person.homeCounty,
    office.text("介绍机构.名称", "agency_name", "介绍机构", null),
    office.date("介绍.介绍日期", "introduced_on", "介绍日期", null),
    office.count("介绍.同一就业申领机构数", "rivals", "为同一人同一单位同一次就业申领的机构数", null),
    office.yes("介绍机构.资质有效", "agency_qualified", "介绍当日许可或备案有效", null),
    office.code("介绍机构.类型", "agency_kind", "介绍方类型", null, [
      "人力资源服务机构",
      "农村劳务经纪人",
      "其他市场主体",
      "公共就业服务机构",
    ]),
  ],
};
