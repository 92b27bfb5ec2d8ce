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
  situation: "开店、办企业",
  audience: ["founder"],
  key: [id("entity_id")],
  subjects: { 劳动者: id("person_id"), 实体: id("entity_id") },
  jurisdictions: { 创业地: "实体.所在县" },
  fields: [
    founder.liftedFromPoverty,
    founder.returnee,
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
  situation: "孵化基地入选省级评选",
  audience: ["operator"],
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
  situation: "在返乡创业园租场地",
  audience: ["founder"],
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

/** One row per application for support of a business, under any heading a text names. */
export const STARTUP_APPLICATIONS: FactDictionary = {
  name: "创业扶持申请",
  label: "创业扶持申请",
  situation: "申请创业扶持",
  audience: ["founder"],
  key: [id("application_id")],
  subjects: { 劳动者: id("person_id"), 实体: id("entity_id") },
  jurisdictions: { 创业地: "实体.所在县" },
  fields: [
    founder.returnee,
    market.text("实体.所在县", "county", "登记所在县", "在哪个县（市、区）登记？"),
    market.code("实体.类型", "entity_kind", "实体类型", "办的是哪一类？", [
      "小微企业",
      "其他企业",
      "个体工商户",
      "农民专业合作社",
      "家庭农场",
      "其他市场主体",
      "不是市场主体",
    ]),
    office.code("申请.项目", "heading", "申领的项目", "申领哪一项？", [
      "一次性创业补贴",
      "创业岗位开发补贴",
      "创业补助",
      "税收优惠",
    ]),
    office.date("申请.受理日期", "accepted_on", "受理日期", "哪一天受理？"),
    office.count("申请.人数", "places", "申领所涉的岗位数或吸纳人数", "为几个岗位（几个人）申领？"),
    office.meetsCited(),
  ],
};

const borrower = [
  lender.text("借款人.所在县", "county", "创业地所在县", "在哪个县（市、区）创业？"),
  lender.code("借款人.类型", "borrower_kind", "借款人类型", "由谁借款？", ["个人", "合伙", "小微企业", "其他企业"]),
  office.yes("借款人.返乡创业", "returnee", "是返乡创业人员", "您是返乡创业人员吗？"),
  office.yes("借款人.脱贫人口", "lifted_from_poverty", "申请时是脱贫人口", "您是脱贫人口（原建档立卡贫困人口）吗？"),
  office.yes("借款人.当地能人创业", "local_founder", "是就地创业的当地能人", null),
  office.count("借款人.吸纳脱贫人口数", "assisted_employees", "吸纳就业的脱贫人口人数", "吸纳了几名脱贫人口就业？"),
  lender.count("借款人.合伙人数", "partners", "合伙人数", "几个人合伙？"),
  lender.yes("借款人.符合贷款条件", "qualifies", "符合创业担保贷款条件", null),
] as const;

/** One row per application for a guaranteed start-up loan. */
export const LOAN_APPLICATIONS: FactDictionary = {
  name: "创业担保贷款申请",
  label: "创业担保贷款申请",
  situation: "申请创业担保贷款",
  audience: ["founder"],
  key: [id("loan_id")],
  subjects: { 借款人: id("borrower_id") },
  jurisdictions: { 创业地: "借款人.所在县" },
  fields: [
    ...borrower,
    lender.money("贷款.申请金额", "requested", "申请金额", "想借多少？", { changes: "by-person" }),
    lender.date("贷款.申请日期", "requested_on", "申请日期", "哪一天申请？"),
  ],
};

/** One row per granted guaranteed loan and period whose interest is claimed; both days of a period belong to it. */
export const LOAN_INTEREST_PERIODS: FactDictionary = {
  name: "贷款贴息期",
  label: "创业担保贷款的贴息期",
  situation: "创业担保贷款付利息",
  audience: ["founder"],
  key: [id("loan_id"), { column: "period_from", type: "text" }],
  subjects: { 借款人: id("borrower_id") },
  jurisdictions: { 创业地: "借款人.所在县" },
  fields: [
    ...borrower,
    lender.date("贷款.发放日期", "granted_on", "贷款发放日期", "贷款哪一天发放？"),
    lender.date("贷款.到期日期", "due_on", "贷款到期日期", "贷款哪一天到期？"),
    lender.money("贴息期.本金余额", "balance", "贴息期内的本金余额", "本金还剩多少？"),
    lender.money("贴息期.利息", "interest", "贴息期内的利息", "这一期的利息是多少？"),
    lender.date("贴息期.开始日期", "period_from", "贴息期第一天", "贴息期从哪一天起？"),
    lender.date("贴息期.结束日期", "period_to", "贴息期最后一天", "贴息期到哪一天止？"),
    office.meetsCited(),
  ],
};
