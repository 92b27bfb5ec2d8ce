import type { RegisterDefinition } from "#registers/contract";
import { BENEFITS } from "./contract.ts";

const group = "补贴";

const PAST_BENEFITS: RegisterDefinition = {
  name: "past-benefits",
  title: "已享受补贴",
  about: "每行一次已发放的补贴，含其他县和本系统启用以前发放的，由发放地人社部门报送；限次、限期、不重复享受按它计算。",
  group,
  table: "subsidies.past_benefit",
  id: "past_benefit_id",
  key: ["code"],
  columns: [
    {
      column: "code",
      label: "发放编号",
      type: "text",
      required: true,
      synonyms: ["发放批次号", "支付编号", "业务编号"],
    },
    {
      column: "benefit",
      label: "补贴项目",
      type: "code",
      required: true,
      codes: BENEFITS,
      synonyms: ["补贴名称", "补贴类型", "项目名称"],
      hint: "企业和灵活就业的社会保险补贴都写“社会保险补贴”，期限合并计算",
    },
    { column: "person_id", label: "身份证号", type: "person", synonyms: ["公民身份号码", "享受人身份证号"] },
    { column: "employer_id", label: "用人单位", type: "employer", synonyms: ["单位名称", "统一社会信用代码"] },
    {
      column: "workshop_id",
      label: "车间编号",
      type: "reference",
      register: "carriers",
      synonyms: ["工厂（车间）编号"],
      aside: true,
    },
    {
      column: "brand_id",
      label: "品牌编号",
      type: "reference",
      register: "brands",
      synonyms: ["劳务品牌编号"],
      aside: true,
    },
    {
      column: "event_date",
      label: "享受日期",
      type: "date",
      required: true,
      synonyms: ["符合条件日期", "满月日期", "认定日期"],
      hint: "决定属于哪一年度的那一天，如稳定就业满6个月之日",
    },
    {
      column: "month_from",
      label: "补贴起始月",
      type: "month",
      synonyms: ["补贴开始月份", "享受起始月份"],
      hint: "按月的补贴填写",
    },
    { column: "month_to", label: "补贴截止月", type: "month", synonyms: ["补贴结束月份", "享受截止月份"] },
    { column: "amount_fen", label: "发放金额", type: "fen", synonyms: ["补贴金额", "发放金额（元）"] },
    { column: "paid_on", label: "发放日期", type: "date", synonyms: ["支付日期", "发放时间"] },
    { column: "fund", label: "资金渠道", type: "text", synonyms: ["资金来源"], aside: true },
  ],
};

const WORK_TRAINING: RegisterDefinition = {
  name: "work-training",
  title: "以工代训",
  about: "每行一人一个代训月，由用人单位随花名册报送，人社部门审核。",
  group,
  table: "subsidies.work_training",
  id: "work_training_id",
  key: ["person_id", "employer_id", "month_from"],
  columns: [
    { column: "person_id", label: "身份证号", type: "person", required: true, synonyms: ["公民身份号码"] },
    {
      column: "employer_id",
      label: "用人单位",
      type: "employer",
      required: true,
      synonyms: ["单位名称", "统一社会信用代码"],
    },
    {
      column: "month_from",
      label: "代训月开始日期",
      type: "date",
      required: true,
      synonyms: ["代训开始日期", "代训月份"],
      hint: "这一个月的第一天，不必是1日",
    },
    { column: "trained", label: "开展代训", type: "boolean", synonyms: ["当月开展代训", "是否开展以工代训"] },
    { column: "reviewed", label: "人社审核通过", type: "boolean", synonyms: ["审核结果", "审核通过"] },
    { column: "meets_cited", label: "符合文件条件", type: "boolean", synonyms: ["符合所依据文件的条件"], aside: true },
  ],
};

const INSURANCE_REVIEWS: RegisterDefinition = {
  name: "insurance-reviews",
  title: "社会保险补贴审核",
  about: "每行一次审核认定，由人社部门登记：企业吸纳的写用人单位，灵活就业的不写；同一人以最近一次为准。",
  group,
  table: "subsidies.insurance_review",
  id: "insurance_review_id",
  key: ["code"],
  columns: [
    { column: "code", label: "审核编号", type: "text", required: true, synonyms: ["业务编号", "申请编号"] },
    { column: "person_id", label: "身份证号", type: "person", required: true, synonyms: ["公民身份号码"] },
    { column: "employer_id", label: "用人单位", type: "employer", synonyms: ["单位名称", "统一社会信用代码"] },
    { column: "decided_on", label: "审核日期", type: "date", required: true, synonyms: ["认定日期"] },
    { column: "meets_cited", label: "符合文件条件", type: "boolean", synonyms: ["审核结果", "审核通过"] },
    { column: "rural_worker", label: "农村劳动力", type: "boolean" },
    { column: "founded_by_returnee", label: "单位由返乡入乡创业人员创办", type: "boolean", synonyms: ["返乡创业单位"] },
    { column: "meets_returnee_rules", label: "符合返乡创业补贴条件", type: "boolean" },
  ],
};

/** What offices hand over about subsidies. */
export const subsidiesRegisters: readonly RegisterDefinition[] = [PAST_BENEFITS, WORK_TRAINING, INSURANCE_REVIEWS];
