import { id, suppliedBy, type FactDictionary } from "./dictionary.ts";

/** What checks ask of offices, classes, lenders and workshops rather than of one person's claim. */

const office = suppliedBy("人社部门");
const provider = suppliedBy("培训机构");
const lender = suppliedBy("创业担保贷款经办机构");
const agriculture = suppliedBy("农业农村（乡村振兴）部门");
const text = (column: string) => ({ column, type: "text" }) as const;

/** One row per person enrolled in a class. */
export const TRAINING_ATTENDANCE: FactDictionary = {
  name: "培训考勤",
  label: "培训的考勤与班期",
  key: [id("enrolment_id")],
  subjects: { 劳动者: id("person_id"), 培训机构: id("provider_id") },
  jurisdictions: { 培训地: "培训.所在县" },
  fields: [
    office.text("培训.所在县", "county", "培训所在县", null),
    provider.text("培训.班级", "class_name", "培训班", null),
    provider.date("培训.开始日期", "started_on", "开班日期", null),
    provider.count("培训.班期天数", "class_days", "班期的天数", null),
    provider.count("培训.出勤天数", "days_attended", "记录的出勤天数", null),
    office.count("培训.同期重叠班数", "overlapping", "同一时间另外参加的培训班数", null),
  ],
};

/** One row per loan that was granted. */
export const GRANTED_LOANS: FactDictionary = {
  name: "已发放担保贷款",
  label: "已发放的创业担保贷款",
  key: [id("loan_id")],
  subjects: { 借款人: id("borrower_id") },
  jurisdictions: { 创业地: "借款人.所在县" },
  fields: [
    lender.text("借款人.所在县", "county", "创业地所在县", null),
    lender.code("借款人.类型", "borrower_kind", "借款人类型", null, ["个人", "合伙", "小微企业", "其他企业"]),
    lender.money("贷款.发放金额", "granted", "发放金额", null),
    lender.date("贷款.发放日期", "granted_on", "发放日期", null),
    lender.yes("贷款.要求反担保", "counter_guarantee", "要求了反担保", null),
  ],
};

/** One row per prefecture that works here and month of the year that is over. */
export const RECRUITMENT_MONTHS: FactDictionary = {
  name: "月度招聘",
  label: "各市每月的招聘活动",
  key: [text("prefecture"), text("month")],
  subjects: {},
  jurisdictions: { 举办地: "市.代码" },
  fields: [
    office.text("市.代码", "prefecture", "市州", null),
    office.date("招聘.月份", "month", "月份（当月1日）", null),
    office.count("招聘.专场场次", "special_events", "专场招聘的场次", null),
    office.count("招聘.无招聘天数", "idle_days", "当月没有招聘活动的天数", null),
  ],
};

/** One row per province and year in which it recognised bases. */
export const BASE_YEARS: FactDictionary = {
  name: "年度省级基地",
  label: "各省每年认定的省级就业帮扶基地",
  key: [text("province"), text("year_from")],
  subjects: {},
  jurisdictions: { 认定地: "省.代码" },
  fields: [
    office.text("省.代码", "province", "省", null),
    office.date("认定.年初", "year_from", "认定年度的1月1日", null),
    office.count("认定.家数", "recognised", "当年认定的家数", null),
  ],
};

/** One row per county, kind of table and month that is to be handed over, from the first that the county has handed over. */
export const HANDOVERS: FactDictionary = {
  name: "台账移交",
  label: "台账、花名册的移交",
  key: [text("county"), text("kind"), text("month")],
  subjects: {},
  jurisdictions: { 移交地: "县.代码" },
  fields: [
    office.text("县.代码", "county", "移交的县", null),
    office.code("移交.台账", "kind", "移交的是哪一种", null, ["务工情况台账", "公益性岗位花名册"]),
    office.date("移交.月份", "month", "台账月份（当月1日）", null),
    agriculture.end("移交.收到日期", "received_on", "收到日期", null),
  ],
};

/** One row per prefecture and standard that a document leaves to it. */
export const PREFECTURE_STANDARDS: FactDictionary = {
  name: "市州标准",
  label: "由市州确定的补贴标准",
  key: [text("prefecture"), text("standard")],
  subjects: {},
  jurisdictions: { 所在市州: "市.代码" },
  fields: [
    office.text("市.代码", "prefecture", "市州", null),
    office.code("标准.名称", "standard", "补贴标准", null, ["一次性创业补贴标准", "乡村公益性岗位补贴标准"]),
    office.yes("标准.已设定", "is_set", "已经设定并在有效期内", null),
    office.yes("标准.执行中改动", "changed", "撤下已经生效的标准，另设溯及以前的标准", null),
  ],
};

/** One row per county with workshops this year or last. */
export const COUNTY_WORKSHOPS: FactDictionary = {
  name: "县车间规模",
  label: "各县车间的数量和吸纳规模",
  key: [text("county")],
  subjects: {},
  jurisdictions: { 车间所在地: "县.代码" },
  fields: [
    office.text("县.代码", "county", "县", null),
    office.count("车间.数量", "workshops", "现有认定有效的车间数", null),
    office.count("车间.去年同日数量", "workshops_before", "去年同日认定有效的车间数", null),
    office.count("车间.吸纳人数", "workers", "现在车间就业的人数", null),
    office.count("车间.去年同日吸纳人数", "workers_before", "去年同日在车间就业的人数", null),
  ],
};

/** One row per workshop that became a 乡村就业工厂. */
export const WORKSHOP_UPGRADES: FactDictionary = {
  name: "车间升级",
  label: "帮扶车间转型升级为乡村就业工厂",
  key: [id("workshop_id")],
  subjects: { 车间: id("workshop_id") },
  jurisdictions: { 车间所在地: "车间.所在县" },
  fields: [
    office.text("车间.所在县", "county", "车间所在县", null),
    office.text("车间.名称", "workshop_name", "车间名称", null),
    office.date("车间.升级日期", "upgraded_on", "升级日期", null),
    office.count("车间.规模人数", "capacity", "车间规模（可吸纳人数）", null),
    office.count("车间.吸纳人数", "absorbed", "认定时吸纳人数", null),
    office.count("车间.稳定就业人数", "retained", "认定时稳定就业人数", null),
  ],
};
