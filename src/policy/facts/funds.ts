import { id, suppliedBy, type FactDictionary } from "./dictionary.ts";

const office = suppliedBy("人社部门");
const finance = suppliedBy("财政部门");
const rural = suppliedBy("农业农村（乡村振兴）部门");

/** One row per claim of any subsidy: how it was handled. */
export const SUBSIDY_CLAIMS: FactDictionary = {
  name: "补贴申领",
  label: "就业补贴的申领办理",
  key: [id("claim_id")],
  subjects: { 申领人: id("claimant_id") },
  jurisdictions: { 受理地: "申领.受理县" },
  fields: [
    office.text("申领.受理县", "county", "受理地所在县", null),
    office.date("申领.受理日期", "accepted_on", "受理日期", null),
    office.yes("政策.已公布清单", "listed", "已列入公布的政策清单", null),
    office.yes("政策.有网上渠道", "online", "公布了网上申领渠道", null),
    office.yes("政策.有解读", "explained", "有“看得懂、算得清”的解读", null),
    office.yes("申领.实名", "real_name", "申领人已实名核验", null),
    office.code("申领.办理方式", "mode", "办理方式", null, ["本人申请", "主动识别", "打包办", "告知承诺"]),
  ],
};

/** One row per expenditure of an employment fund. */
export const FUND_EXPENDITURES: FactDictionary = {
  name: "就业资金支出",
  label: "就业资金的支出",
  key: [id("expenditure_id")],
  subjects: { 资金账户: id("account_id") },
  jurisdictions: { 列支地: "支出.列支县" },
  fields: [
    finance.text("支出.列支县", "county", "列支地所在县", null),
    finance.date("支出.日期", "spent_on", "支出日期", null),
    finance.code("资金.来源", "fund", "资金来源", null, [
      "中央就业补助资金",
      "省本级就业资金",
      "部分工业企业结构调整专项奖补资金",
      "失业保险基金",
      "职业技能提升行动专账资金",
      "其他资金",
    ]),
    finance.yes("资金.直达管理", "direct", "纳入财政直达资金管理", null),
    office.yes("支出.用于外贸稳就业", "foreign_trade", "用于支持外贸领域稳就业", null),
    office.yes("支出.网上操作", "online", "在网上操作", null),
    office.yes("支出.全程留痕", "traced", "审核、拨付全程留痕", null),
  ],
};

/** One row per transfer payment and county that may share in it. */
export const FUND_ALLOCATIONS: FactDictionary = {
  name: "转移支付分配",
  label: "相关转移支付资金的分配",
  key: [id("allocation_id"), { column: "county", type: "text" }],
  subjects: { 资金: id("allocation_id") },
  jurisdictions: { 受补县: "县.代码" },
  fields: [
    finance.text("县.代码", "county", "受补助的县", null),
    finance.date("分配.日期", "allocated_on", "分配日期", null),
    rural.yes("县.乡村振兴重点帮扶县", "key_county", "是乡村振兴重点帮扶县", null),
    rural.count("县.脱贫人口数", "lifted_persons", "脱贫人口数", null),
    rural.count("县.农村低收入人口数", "low_income_persons", "农村低收入人口数", null),
  ],
};
