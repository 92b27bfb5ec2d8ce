import { id, suppliedBy, type FactDictionary } from "./dictionary.ts";

/** What checks ask of money on its way: of payments, of funds, of what inspections found, and of what nobody has been given. */

const office = suppliedBy("人社部门");
const finance = suppliedBy("财政部门");
const text = (column: string) => ({ column, type: "text" }) as const;

/** One row per payment that a bank has or had in hand. */
export const CLAIM_PAYMENTS: FactDictionary = {
  name: "补贴发放",
  label: "补贴件的发放",
  key: [id("payment_id")],
  subjects: { 补贴件: id("claim_id") },
  jurisdictions: { 列支地: "补贴件.列支县" },
  fields: [
    finance.text("补贴件.列支县", "county", "列支地所在县", null),
    office.text("补贴件.编号", "number", "补贴件编号", null),
    office.text("补贴件.项目", "title", "补贴项目", null),
    finance.money("补贴件.发放金额", "amount", "发放金额", null),
    finance.date("补贴件.列入批次日期", "batched_on", "列入发放批次的日期", null),
    office.end("补贴件.复核日期", "decided_on", "复核决定的日期", null),
    office.end("补贴件.公示截止日期", "published_to", "公示最后一天，没有公示的为空", null),
    office.count("补贴件.未决异议数", "open_objections", "列入批次时没有答复的异议数", null),
  ],
};

/** One row per line of money that a document has passed down. */
export const FUND_LINES: FactDictionary = {
  name: "资金额度",
  label: "下达的资金额度",
  key: [id("fund_line_id")],
  subjects: { 资金额度: id("fund_line_id") },
  jurisdictions: { 使用地: "资金.使用地区" },
  fields: [
    finance.text("资金.使用地区", "place", "使用资金的地区", null),
    finance.text("资金.名称", "fund", "资金渠道", null),
    finance.text("资金.下达文件", "document", "下达文件", null),
    finance.date("资金.起始日期", "valid_from", "可以使用的第一天", null),
    finance.money("资金.额度", "budget", "下达额度", null),
    finance.money("资金.占用和支出", "used", "占用和支出的合计", null),
    finance.money("资金.结余", "left_over", "没有占用也没有支出的余额", null),
    finance.count("资金.支出进度", "spent_share", "支出占额度的千分比", null),
    finance.count("资金.时间进度", "time_share", "已过天数占使用期的千分比", null),
    finance.count("资金.允许落后", "behind", "本地“办理设定”中允许支出落后时间的百分点", null),
    finance.count("资金.闲置天数", "idle_days", "最近一次占用或支出以来的天数", null),
    finance.count("资金.允许闲置天数", "idle_limit", "本地“办理设定”中允许闲置的天数", null),
  ],
};

/** One row per problem that an audit or inspection has found. */
export const INSPECTION_ITEMS: FactDictionary = {
  name: "检查问题",
  label: "审计、检查发现的问题",
  key: [id("item_id")],
  subjects: { 检查问题: id("item_id") },
  jurisdictions: { 整改地: "检查问题.所在地区" },
  fields: [
    office.text("检查问题.所在地区", "place", "整改的地区", null),
    office.text("检查问题.编号", "number", "问题编号", null),
    office.text("检查问题.来源", "source", "由哪类检查发现", null),
    office.text("检查问题.责任单位", "responsible", "责任单位", null),
    office.date("检查问题.发现日期", "found_on", "发现日期", null),
    office.date("检查问题.整改期限", "due_on", "整改的最后一天", null),
    office.end("检查问题.整改日期", "rectified_on", "整改完成的日期", null),
  ],
};

/** One row per county and benefit that screening found somebody entitled to for whom nobody has made a claim. */
export const UNREACHED: FactDictionary = {
  name: "可享未办",
  label: "筛查符合条件、没有受理的补贴",
  key: [text("county"), text("rule_id")],
  subjects: {},
  jurisdictions: { 列支地: "可享未办.县" },
  fields: [
    office.text("可享未办.县", "county", "列支地所在县", null),
    office.text("可享未办.项目", "title", "补贴项目", null),
    office.count("可享未办.件数", "waiting", "没有受理的件数", null),
    office.money("可享未办.金额", "amount", "没有受理的金额", null),
    office.date("可享未办.最早日期", "since", "其中最早符合条件的日期", null),
  ],
};
