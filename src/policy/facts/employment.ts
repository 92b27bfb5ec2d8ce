import { id, suppliedBy, type FactDictionary } from "./dictionary.ts";
import { personFields } from "./persons.ts";

const office = suppliedBy("人社部门");
const insurance = suppliedBy("社保经办机构");
const employer = suppliedBy("用人单位");
const person = personFields("劳动者", "就业开始时");
const whole = personFields("劳动者", "当日");

/** One row per person: who is meant by 帮扶对象. */
export const ASSISTED_PERSONS: FactDictionary = {
  name: "帮扶对象",
  label: "就业帮扶对象",
  situation: "想知道自己是不是就业帮扶对象",
  audience: ["worker", "seeker"],
  key: [id("person_id")],
  subjects: { 劳动者: id("person_id") },
  jurisdictions: { 户籍地: "劳动者.户籍县" },
  fields: [whole.able, whole.willing, whole.liftedFromPoverty, whole.marginal, whole.homeCounty, whole.born, whole.sex],
};

const contributions = [
  insurance.date("缴费.月份", "month", "缴费月份（当月1日）", "哪个月的缴费？"),
  insurance.money("缴费.养老保险", "pension_paid", "当月缴纳的养老保险费", "当月缴了多少养老保险费？"),
  insurance.money("缴费.医疗保险", "medical_paid", "当月缴纳的医疗保险费", "当月缴了多少医疗保险费？"),
  insurance.money("缴费.失业保险", "unemployment_paid", "当月缴纳的失业保险费", "当月缴了多少失业保险费？"),
] as const;

/** One row per person and month that an enterprise claims; 就业 is the spell with it. */
export const ENTERPRISE_MONTHS: FactDictionary = {
  name: "企业吸纳月",
  label: "企业吸纳就业人员的缴费月",
  situation: "在企业上班，企业交社会保险",
  audience: ["worker", "employer"],
  key: [id("employment_id"), { column: "month", type: "text" }],
  subjects: { 劳动者: id("person_id"), 用人单位: id("employer_id") },
  claim: id("employment_id"),
  jurisdictions: { 用人单位所在地: "单位.所在县" },
  fields: [
    office.code("单位.类型", "employer_kind", "用人单位类型", "用人单位是哪一类？", [
      "企业",
      "合作社",
      "个体工商户",
      "机关事业单位",
      "其他",
    ]),
    office.text("单位.所在县", "employer_county", "用人单位所在县", "用人单位在哪个县（市、区）？"),
    office.yes("单位.返乡入乡创业", "founded_by_returnee", "由返乡入乡创业人员创办", "是返乡入乡创业人员创办的吗？"),
    office.meetsCited(),
    office.yes(
      "申请.符合返乡创业补贴条件",
      "meets_returnee_rules",
      "符合返乡入乡创业社会保险补贴规定的条件（由审核部门认定）",
      null,
    ),
    person.liftedFromPoverty,
    person.born,
    person.sex,
    employer.yes("合同.依法签订", "contract_lawful", "依法签订了劳动合同", "依法签订劳动合同了吗？"),
    employer.yes("合同.无固定期限", "contract_open_ended", "无固定期限劳动合同", "是无固定期限合同吗？"),
    employer.date("合同.开始日期", "contract_from", "合同开始日期", "合同从哪一天开始？"),
    employer.date("合同.结束日期", "contract_to", "合同结束日期", "合同到哪一天结束？"),
    employer.date("就业.开始日期", "started_on", "实际在岗开始日期", "哪一天开始上岗？"),
    employer.end("就业.结束日期", "ended_on", "实际在岗结束日期", "哪一天离岗？还在岗就不填"),
    ...contributions,
  ],
};

/** One row per person and month in flexible employment. */
export const FLEXIBLE_MONTHS: FactDictionary = {
  name: "灵活就业月",
  label: "灵活就业人员的缴费月",
  situation: "灵活就业，自己交社会保险",
  audience: ["worker"],
  key: [id("person_id"), { column: "month", type: "text" }],
  subjects: { 劳动者: id("person_id") },
  claim: id("person_id"),
  jurisdictions: { 就业地: "灵活就业.所在县" },
  fields: [
    person.liftedFromPoverty,
    person.rural,
    office.meetsCited(),
    person.born,
    person.sex,
    office.text("灵活就业.所在县", "county", "灵活就业所在县", "在哪个县（市、区）灵活就业？"),
    office.date("灵活就业.开始日期", "started_on", "灵活就业开始日期", "哪一天开始灵活就业？"),
    office.code("灵活就业.形式", "form", "灵活就业形式", "灵活就业是哪种形式？", [
      "临时性",
      "非全日制",
      "季节性",
      "弹性工作",
      "其他形式",
    ]),
    office.yes("灵活就业.当月有记录", "recorded", "当月有灵活就业记录", "当月有灵活就业登记吗？"),
    ...contributions,
  ],
};

/** One row per month of training on the job, counted from its first day: 开始日期 to 满月日(开始日期, 1). 用工 is the uninterrupted spell. */
export const WORK_TRAINING_MONTHS: FactDictionary = {
  name: "以工代训月",
  label: "以工代训的月份",
  situation: "边干边学（以工代训）",
  audience: ["worker", "employer"],
  key: [id("employment_id"), { column: "month_from", type: "text" }],
  subjects: { 劳动者: id("person_id"), 用工: id("employment_id"), 用人单位: id("employer_id") },
  claim: id("employment_id"),
  jurisdictions: { 用人单位所在地: "单位.所在县" },
  fields: [
    office.code("单位.类型", "employer_kind", "生产经营主体类型", "是哪一类生产经营主体？", [
      "企业",
      "农村专业合作社",
      "就业帮扶车间",
      "其他生产经营主体",
      "机关事业单位",
    ]),
    office.text("单位.所在县", "employer_county", "用人单位所在县", "用人单位在哪个县（市、区）？"),
    person.liftedFromPoverty,
    person.born,
    person.sex,
    employer.date("用工.开始日期", "started_on", "用工开始日期", "哪一天开始用工？"),
    employer.end("用工.结束日期", "ended_on", "用工结束日期", "哪一天结束用工？还在岗就不填"),
    employer.date("代训月.开始日期", "month_from", "代训月的第一天", "代训月从哪一天起？"),
    employer.yes("代训月.开展代训", "trained", "当月开展了以工代训", "当月开展以工代训了吗？"),
    office.yes("代训月.人社审核通过", "reviewed", "经人社部门审核", null),
    office.meetsCited(),
  ],
};
