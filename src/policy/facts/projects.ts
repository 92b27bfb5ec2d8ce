import { id, suppliedBy, type FactDictionary } from "./dictionary.ts";

const agriculture = suppliedBy("农业农村（乡村振兴）部门");
const commerce = suppliedBy("商务部门");
const platform = suppliedBy("平台企业");

/** One row per project proposed for the locality's library of projects (巩固拓展脱贫攻坚成果同乡村振兴有效衔接项目库). */
export const LIBRARY_PROJECTS: FactDictionary = {
  name: "有效衔接项目",
  label: "有效衔接项目库的项目",
  situation: "实施有效衔接项目",
  audience: ["operator"],
  key: [id("project_id")],
  subjects: { 项目: id("project_id") },
  jurisdictions: { 项目所在地: "项目.所在县" },
  fields: [
    agriculture.text("项目.所在县", "county", "项目所在县", "项目在哪个县（市、区）？"),
    agriculture.code("项目.领域", "field", "项目领域", "项目属于哪个领域？", [
      "乡村传统技艺",
      "乡村民宿",
      "电商直播",
      "快递物流",
      "其他新产业新业态",
      "其他产业",
    ]),
    agriculture.date("项目.申报日期", "proposed_on", "申报日期", "哪一天申报？"),
    agriculture.yes("项目.乡村工匠创办", "by_craftsperson", "由乡村工匠创办", "是乡村工匠创办的吗？"),
    agriculture.yes("项目.特色产业", "featured", "属于特色产业", "是特色产业吗？"),
    agriculture.yes("项目.符合入库条件", "qualifies", "符合项目库的入库条件", null),
    agriculture.date("项目.入库日期", "listed_on", "纳入项目库的日期", "哪一天入库？"),
    agriculture.yes("项目.择优入选", "selected", "择优入选予以支持", null),
  ],
};

/** One row per platform, kind of fee and change of it. Fees in per cent are written as what is taken of each 100 yuan. */
export const PLATFORM_FEES: FactDictionary = {
  name: "平台费用调整",
  label: "互联网平台费用标准的调整",
  situation: "互联网平台调整费用",
  audience: ["employer", "worker"],
  key: [id("change_id")],
  subjects: { 平台: id("platform_id") },
  jurisdictions: { 平台所在地: "平台.所在县" },
  fields: [
    commerce.text("平台.所在县", "county", "平台企业所在县", "平台企业在哪个县（市、区）？"),
    commerce.yes("平台.是互联网平台企业", "is_platform", "是互联网平台企业", null),
    platform.text("费用.类别", "fee_kind", "费用类别，如平台服务费、信息中介费、加盟管理费", "调整的是哪一种费用？"),
    platform.money("费用.原标准", "fee_before", "调整前的标准（按比例收的写每百元收多少）", "原来收多少？"),
    platform.money("费用.现标准", "fee_after", "调整后的标准（按比例收的写每百元收多少）", "现在收多少？"),
    platform.date("费用.调整日期", "changed_on", "调整日期", "从哪一天起调整？"),
  ],
};
