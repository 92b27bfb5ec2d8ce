import { id, suppliedBy, type FactDictionary } from "./dictionary.ts";
import { personFields } from "./persons.ts";

const office = suppliedBy("人社部门");
const employer = suppliedBy("用人单位");
const person = personFields("劳动者", "上岗时");

const post = [
  office.text("岗位.所在县", "county", "岗位所在县", "岗位在哪个县（市、区）？"),
  office.yes("岗位.已登记", "registered", "岗位已登记", null),
  office.yes("岗位.人社认定", "recognised", "人社部门按规定认定的岗位", null),
  office.text("岗位.用人部门", "owner", "用人部门", null),
] as const;
const month = [
  employer.date("岗位月.月份", "month", "月份（当月1日）", "哪个月？"),
  employer.count("岗位月.在岗天数", "days_on_post", "当月在岗的日历天数", "当月在岗几天（按日历天数）？"),
  employer.date("在岗.开始日期", "started_on", "上岗日期", "哪一天上岗？"),
] as const;
const keys = {
  key: [id("placement_id"), { column: "month", type: "text" }] as const,
  subjects: { 劳动者: id("person_id"), 岗位: id("post_id") },
  claim: id("placement_id"),
  jurisdictions: { 岗位所在地: "岗位.所在县" },
};

/** One row per placement in a village post and month (Hunan). 合同 is the signing that covers the month, or the last before it. */
export const VILLAGE_POST_MONTHS: FactDictionary = {
  name: "乡村公益性岗位月",
  label: "乡村公益性岗位的在岗月份",
  situation: "在乡村公益性岗位上岗",
  audience: ["worker", "seeker"],
  ...keys,
  fields: [
    ...post,
    office.text("岗位.类型", "post_kind", "岗位类型", null),
    ...month,
    office.yes("在岗.符合当地安置条件", "meets_conditions", "符合当地现行安置条件", null),
    office.yes("岗位.低于标准有书面例外", "exception", "低于最低工资50%有书面批准", null),
    employer.code("合同.类型", "contract_kind", "合同类型", "签的是哪种合同？", ["劳动合同", "劳务协议", "未签订"]),
    employer.date("合同.开始日期", "contract_from", "合同开始日期", "合同从哪一天开始？"),
    employer.date("合同.结束日期", "contract_to", "合同结束日期", "合同到哪一天结束？"),
    employer.yes(
      "保单.用人单位购买",
      "insured_by_employer",
      "用人单位购买了意外伤害商业保险",
      "单位给您买意外险了吗？",
    ),
    employer.date("保单.开始日期", "policy_from", "保险开始日期", "保险从哪一天开始？"),
    employer.date("保单.结束日期", "policy_to", "保险结束日期", "保险到哪一天结束？"),
    person.liftedFromPoverty,
    person.monitored,
    person.marginal,
    person.able,
    person.willing,
    person.born,
    person.sex,
  ],
};

/** One row per placement in an urban or rural post and month (Jining). */
export const WELFARE_POST_MONTHS: FactDictionary = {
  name: "城乡公益性岗位月",
  label: "城乡公益性岗位的在岗月份",
  situation: "在城乡公益性岗位上岗",
  audience: ["worker", "seeker"],
  ...keys,
  fields: [
    ...post,
    office.code("岗位.类别", "post_class", "岗位类别", "岗位是哪一类？", [
      "公共管理类",
      "公共服务类",
      "社会事业类",
      "设施维护类",
      "社会治理类",
    ]),
    office.yes("岗位.非全日制", "part_time", "非全日制岗位", "是非全日制岗位吗？"),
    ...month,
    employer.count("岗位月.劳动小时", "hours", "当月劳动小时数", "当月干了几个小时？"),
    employer.yes("在岗.按期考核", "appraised", "按期考核履职情况", null),
    person.liftedFromPoverty,
    person.monitored,
    person.lowIncome,
    person.disabled,
    person.born,
    office.yes("劳动者.农村剩余劳动力", "rural_surplus", "是农村剩余劳动力", "您是农村剩余劳动力吗？"),
    office.yes("劳动者.就业困难人员", "hard_to_place", "上岗时是就业困难人员", "您被认定为就业困难人员吗？"),
    office.yes("劳动者.市场渠道难以就业", "hard_to_employ", "通过市场渠道难以就业", "您通过市场渠道难以就业吗？"),
    office.meetsCited(),
    office.money("劳动者.灵活就业收入", "flexible_income", "近12个月的灵活就业收入", "近12个月灵活就业收入多少？"),
  ],
};
