import { id, suppliedBy, type FactDictionary } from "./dictionary.ts";
import { personFields } from "./persons.ts";

/** What checks ask of welfare posts: what was done and paid, whatever the rules would have had. */

const office = suppliedBy("人社部门");
const employer = suppliedBy("用人单位");
const registry = suppliedBy("登记库");
const person = personFields("劳动者", "上岗时");

const post = [
  office.text("岗位.所在县", "county", "岗位所在县", null),
  office.text("岗位.名称", "post_name", "岗位名称", null),
  office.code("岗位.方案", "scheme", "按哪个方案开发", null, ["乡村公益性岗位", "城乡公益性岗位"]),
] as const;
const jurisdictions = { 岗位所在地: "岗位.所在县" };
const onPost = [
  employer.date("在岗.开始日期", "started_on", "上岗日期", null),
  employer.end("在岗.结束日期", "ended_on", "离岗日期", null),
] as const;

/** One row per placement and month that was reported. */
export const POST_PAYMENTS: FactDictionary = {
  name: "公益性岗位月报",
  label: "公益性岗位的在岗与发放月报",
  key: [id("placement_month_id")],
  subjects: { 劳动者: id("person_id"), 岗位: id("post_id"), 在岗: id("placement_id") },
  jurisdictions,
  fields: [
    ...post,
    office.yes("岗位.低于标准有书面例外", "exception", "低于最低工资50%有书面批准", null),
    employer.date("岗位月.月份", "month", "月份（当月1日）", null),
    employer.count("岗位月.在岗天数", "days_on_post", "当月在岗天数", null),
    employer.money("岗位月.已发补贴", "allowance", "当月已发岗位补贴", null),
    employer.date("岗位月.发放日期", "paid_on", "岗位补贴发放日期", null),
    employer.yes("岗位月.按期考核", "appraised", "按期考核履职情况", null),
    employer.money("岗位月.灵活就业收入", "flexible_income", "近12个月的灵活就业收入", null),
    ...onPost,
    employer.yes("合同.覆盖当月", "contract_covers", "有合同或协议覆盖当月", null),
    registry.date("劳动者.去世或迁出登记日期", "gone_on", "登记为去世或迁出的日期", null),
  ],
};

/** One row per placement. */
export const POST_HOLDERS: FactDictionary = {
  name: "公益性岗位在岗",
  label: "公益性岗位在岗人员",
  key: [id("placement_id")],
  subjects: { 劳动者: id("person_id"), 岗位: id("post_id") },
  jurisdictions,
  fields: [
    ...post,
    office.yes("岗位.非全日制", "part_time", "非全日制岗位", null),
    ...onPost,
    employer.yes("在岗.现在岗", "still_on", "现在仍在岗", null),
    office.yes("在岗.符合当地安置条件", "meets_conditions", "符合当地现行安置条件", null),
    employer.yes("保险.覆盖在岗期", "insured", "意外伤害保险覆盖至今（离岗的至离岗日）", null),
    office.count("在岗.同时在岗岗位数", "other_posts", "同一时间另外在岗的公益性岗位数", null),
    registry.yes("在岗.同时灵活就业", "moonlights", "在岗期间另有灵活就业记录", null),
    person.liftedFromPoverty,
    person.monitored,
    person.lowIncome,
    person.disabled,
    person.born,
    office.yes("劳动者.就业困难人员", "hard_to_place", "上岗时是就业困难人员", null),
    office.yes("劳动者.市场渠道难以就业", "hard_to_employ", "通过市场渠道难以就业", null),
  ],
};

/** One row per signing of a contract for a placement. */
export const POST_SIGNINGS: FactDictionary = {
  name: "公益性岗位签订",
  label: "公益性岗位的合同与协议签订",
  key: [id("signing_id")],
  subjects: { 劳动者: id("person_id"), 在岗: id("placement_id") },
  jurisdictions,
  fields: [
    ...post,
    employer.code("合同.类型", "contract_kind", "合同类型", null, ["劳动合同", "劳务协议", "未签订"]),
    employer.date("合同.开始日期", "contract_from", "合同开始日期", null),
    employer.end("合同.结束日期", "contract_to", "合同结束日期", null),
  ],
};

/** One row per post that had anybody in the twelve months up to the day. */
export const POST_ROTATIONS: FactDictionary = {
  name: "公益性岗位轮换",
  label: "公益性岗位近一年的轮换",
  key: [id("post_id")],
  subjects: { 岗位: id("post_id") },
  jurisdictions,
  fields: [
    ...post,
    office.count("岗位.定员", "quota", "岗位定员", null),
    office.count("岗位.近一年在岗人数", "holders", "近12个月先后在岗人数", null),
    office.count("岗位.近一年离岗人数", "leavers", "近12个月离岗人数", null),
    office.count("岗位.离岗者最长在岗天数", "longest_days", "离岗者中在岗最长的天数", null),
    office.count("岗位.同村人数", "same_village", "其中户籍在同一个村的人数", null),
    office.count("岗位.离岗未写原因人数", "unexplained", "离岗没有写明原因的人数", null),
  ],
};
