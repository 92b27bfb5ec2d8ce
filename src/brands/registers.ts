import type { RegisterColumn, RegisterDefinition } from "#registers/contract";

const GROUP = "劳务品牌";

const BRAND: RegisterColumn = {
  column: "brand_id",
  label: "品牌编号",
  type: "reference",
  register: "brands",
  required: true,
  synonyms: ["劳务品牌编号"],
};
const DOCUMENT: RegisterColumn = {
  column: "document_no",
  label: "文号",
  type: "text",
  synonyms: ["认定文号", "公布文号", "文件号"],
};

const BRANDS: RegisterDefinition = {
  name: "brands",
  title: "劳务品牌",
  about: "各地创建的劳务品牌及其创建承办单位，由人社部门登记。",
  group: GROUP,
  table: "brands.brand",
  id: "brand_id",
  key: ["code"],
  columns: [
    {
      column: "code",
      label: "品牌编号",
      type: "text",
      required: true,
      synonyms: ["编号", "劳务品牌编号"],
      hint: "全省不重复，可在前面加县（市、区）代码",
    },
    { column: "name", label: "品牌名称", type: "text", required: true, synonyms: ["名称", "劳务品牌名称"] },
    {
      column: "county",
      label: "创建地",
      type: "region",
      required: true,
      synonyms: ["所在地", "县（市、区）", "创建地区", "申报地区"],
      hint: "几个县共同创建的填市州",
    },
    { column: "industry", label: "行业", type: "text", synonyms: ["所属行业", "从业领域"] },
    { column: "organiser", label: "创建承办单位", type: "text", synonyms: ["承办单位", "创建单位"] },
    {
      column: "organiser_code",
      label: "创建承办单位代码",
      type: "text",
      synonyms: ["承办单位代码", "承办单位统一社会信用代码"],
      hint: "照认定文件填写统一社会信用代码",
    },
    { column: "workers", label: "从业人数", type: "integer", synonyms: ["带动就业人数", "从业人员"] },
    {
      column: "claimant_code",
      label: "一次性补助申领单位代码",
      type: "text",
      synonyms: ["申领单位代码", "申领单位"],
      hint: "没有申领不填",
      aside: true,
    },
    {
      column: "award_year",
      label: "一次性补助申领年度",
      type: "integer",
      synonyms: ["申领年度", "奖补年度"],
      hint: "四位年份，没有申领不填",
      aside: true,
    },
  ],
};

const RECOGNITIONS: RegisterDefinition = {
  name: "brand-recognitions",
  title: "劳务品牌认定",
  about: "省、市、县对劳务品牌的认定，由认定部门登记。",
  group: GROUP,
  table: "brands.recognition",
  id: "recognition_id",
  key: ["brand_id", "level", "recognised_on"],
  columns: [
    BRAND,
    {
      column: "level",
      label: "认定级别",
      type: "code",
      required: true,
      codes: ["省级", "市级", "县级"],
      synonyms: ["级别", "品牌级别"],
    },
    DOCUMENT,
    {
      column: "recognised_on",
      label: "认定日期",
      type: "date",
      required: true,
      synonyms: ["认定时间", "公布日期"],
    },
    {
      column: "removed_on",
      label: "退出日期",
      type: "date",
      synonyms: ["撤销日期", "移出日期"],
      hint: "仍有效不填；填不再是该级品牌的第一天",
    },
  ],
};

const EVALUATIONS: RegisterDefinition = {
  name: "brand-evaluations",
  title: "劳务品牌评优",
  about: "省级劳务品牌每年评优的结果，由省人社部门登记。",
  group: GROUP,
  table: "brands.evaluation",
  id: "evaluation_id",
  key: ["brand_id", "evaluated_on"],
  columns: [
    BRAND,
    {
      column: "evaluated_on",
      label: "公布日期",
      type: "date",
      required: true,
      synonyms: ["评优结果公布日期", "评优日期", "评选日期"],
    },
    {
      column: "grade",
      label: "等次",
      type: "code",
      codes: ["优秀", "良好", "合格", "不合格"],
      synonyms: ["评优等次", "评优结果"],
    },
    DOCUMENT,
    {
      column: "claimant_code",
      label: "评优补助申领单位代码",
      type: "text",
      synonyms: ["申领单位代码", "申领单位"],
      hint: "没有申领不填",
    },
  ],
};

export const brandsRegisters: readonly RegisterDefinition[] = [BRANDS, RECOGNITIONS, EVALUATIONS];
