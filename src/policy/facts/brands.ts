import { id, suppliedBy, type FactDictionary } from "./dictionary.ts";

const office = suppliedBy("人社部门");

const brand = [
  office.text("品牌.所在地", "region", "品牌创建地区划代码", "品牌在哪里创建？"),
  office.code("品牌.认定级别", "level", "认定级别", "品牌认定为哪一级？", ["省级", "市级", "县级", "未认定"]),
  office.date("品牌.认定日期", "recognised_on", "认定日期", "哪一天认定？"),
  office.text("品牌.创建承办单位", "organiser_code", "认定文件上的创建承办单位", null),
  office.text("申领.单位", "claimant_code", "申领单位", null),
] as const;
const jurisdictions = { 品牌所在地: "品牌.所在地" };

/** One row per brand and award year in which it is claimed. */
export const BRANDS: FactDictionary = {
  name: "劳务品牌认定",
  label: "劳务品牌认定",
  situation: "劳务品牌获得认定",
  audience: ["operator"],
  key: [id("brand_id")],
  subjects: { 品牌: id("brand_id") },
  jurisdictions,
  fields: [...brand, office.count("申领.年度", "award_year", "奖补年度", "申领哪一年的补助？")],
};

/** One row per brand and yearly evaluation. */
export const BRAND_EVALUATIONS: FactDictionary = {
  name: "劳务品牌评优",
  label: "省级劳务品牌评优",
  situation: "省级劳务品牌参加评优",
  audience: ["operator"],
  key: [id("evaluation_id")],
  subjects: { 品牌: id("brand_id") },
  jurisdictions,
  fields: [
    ...brand,
    office.date("评优.公布日期", "evaluated_on", "评优结果公布日期", "评优结果哪一天公布？"),
    office.code("评优.等次", "grade", "评优等次", "评了哪个等次？", ["优秀", "良好", "合格", "不合格"]),
  ],
};
