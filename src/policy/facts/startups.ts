import { id, suppliedBy, type FactDictionary } from "./dictionary.ts";
import { personFields } from "./persons.ts";

const office = suppliedBy("人社部门");
const market = suppliedBy("市场监管部门");
const park = suppliedBy("创业园");
const lender = suppliedBy("创业担保贷款经办机构");
const founder = personFields("劳动者", "登记注册时");

/** One row per entity and its founder. */
export const STARTUPS: FactDictionary = {
  name: "创业实体",
  label: "创办的企业或个体工商户",
  key: [id("entity_id")],
  subjects: { 劳动者: id("person_id"), 实体: id("entity_id") },
  jurisdictions: { 创业地: "实体.所在县" },
  fields: [
    founder.liftedFromPoverty,
    office.yes("劳动者.返乡下乡创业", "returnee", "是农民工等返乡下乡创业人员", "您是返乡下乡创业的农民工等人员吗？"),
    founder.born,
    founder.sex,
    market.yes("实体.首次创办", "first_founded", "本人首次创办，含已注销的", "这是您第一次办企业或个体工商户吗？"),
    market.code("实体.类型", "entity_kind", "实体类型", "办的是哪一类？", ["小微企业", "个体工商户", "其他企业"]),
    market.text("实体.所在县", "county", "登记所在县", "在哪个县（市、区）登记？"),
    market.date("实体.登记日期", "registered_on", "工商登记注册日期", "哪一天登记注册？"),
    market.end("实体.停业日期", "closed_on", "停业或注销日期", "哪一天停业？仍在经营就不填"),
    office.yes("实体.正常运营", "operating", "登记以来正常运营，至今仍在运营", "一直正常经营到现在吗？", {
      changes: "by-person",
    }),
  ],
};

/** One row per incubation base and yearly selection. */
export const INCUBATOR_SELECTIONS: FactDictionary = {
  name: "创业孵化基地评选",
  label: "省级创业孵化基地择优评选",
  key: [id("selection_id")],
  subjects: { 基地: id("base_id") },
  jurisdictions: { 基地所在地: "基地.所在县" },
  fields: [
    office.text("基地.所在县", "county", "基地所在县", "基地在哪个县（市、区）？"),
    office.date("基地.省级认定日期", "recognised_on", "认定为省级创业孵化基地的日期", "哪一天认定为省级基地？"),
    office.date("评选.公布日期", "selected_on", "评选结果公布日期", "评选结果哪一天公布？"),
    office.yes("评选.入选", "selected", "在当年择优评选中入选", "当年评选入选了吗？"),
    office.yes("评选.带动就业效果好", "brings_jobs", "创业带动就业效果好", null),
    office.yes("评选.辐射示范作用强", "sets_example", "辐射示范作用强", null),
    office.yes("评选.孵化成功率高", "succeeds", "孵化成功率高", null),
    office.yes("评选.发展前景良好", "has_prospects", "发展前景良好", null),
  ],
};

/** One row per tenant of a park and month. */
export const PARK_MONTHS: FactDictionary = {
  name: "创业园租户月",
  label: "返乡创业园租户的月份",
  key: [id("tenancy_id"), { column: "month", type: "text" }],
  subjects: { 租户: id("entity_id") },
  claim: id("tenancy_id"),
  jurisdictions: { 园区所在地: "园区.所在县" },
  fields: [
    park.text("园区.所在县", "county", "园区所在县", "园区在哪个县（市、区）？"),
    park.yes("园区.是返乡创业园", "for_returnees", "是农民工返乡创业园", null),
    office.yes("租户.返乡创业", "returnee", "租户是返乡创业人员", "您是返乡创业人员吗？"),
    park.date("租户月.月份", "month", "月份（当月1日）", "哪个月？"),
    park.date("租户.入驻日期", "moved_in_on", "入驻日期", "哪一天入驻？"),
    park.end("租户.退出日期", "moved_out_on", "退出日期", "哪一天退出？仍在园就不填"),
    park.money("租户月.标准场租", "rent", "当月标准场租", "当月标准场租是多少？"),
    park.money("租户月.标准管理费", "fee", "当月标准管理费", "当月标准管理费是多少？"),
  ],
};

/** One row per application for a guaranteed start-up loan. */
export const LOAN_APPLICATIONS: FactDictionary = {
  name: "创业担保贷款申请",
  label: "创业担保贷款申请",
  key: [id("loan_id")],
  subjects: { 借款人: id("borrower_id") },
  jurisdictions: { 创业地: "借款人.所在县" },
  fields: [
    lender.text("借款人.所在县", "county", "创业地所在县", "在哪个县（市、区）创业？"),
    lender.code("借款人.类型", "borrower_kind", "借款人类型", "由谁借款？", ["个人", "合伙", "小微企业"]),
    office.yes("借款人.返乡创业", "returnee", "是返乡创业人员", "您是返乡创业人员吗？"),
    lender.count("借款人.合伙人数", "partners", "合伙人数", "几个人合伙？"),
    lender.yes("借款人.符合贷款条件", "qualifies", "符合创业担保贷款条件", null),
    lender.money("贷款.申请金额", "requested", "申请金额", "想借多少？", { changes: "by-person" }),
    lender.date("贷款.申请日期", "requested_on", "申请日期", "哪一天申请？"),
  ],
};
