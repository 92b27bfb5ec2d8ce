import { id, suppliedBy, type FactDictionary } from "./dictionary.ts";

const office = suppliedBy("人社部门");
const insurance = suppliedBy("社保经办机构");

/** One row per enterprise, heading and application or, where nobody need apply (免申即享), finding by comparison of data. */
export const RETENTION_APPLICATIONS: FactDictionary = {
  name: "企业稳岗申请",
  label: "企业援企稳岗申请（含免申即享）",
  situation: "企业申请稳岗返还、缓缴",
  audience: ["employer"],
  key: [id("application_id")],
  subjects: { 用人单位: id("employer_id") },
  jurisdictions: { 用人单位所在地: "单位.所在县" },
  fields: [
    office.code("单位.类型", "employer_kind", "用人单位类型", "用人单位是哪一类？", [
      "企业",
      "就业帮扶车间",
      "就业帮扶基地",
      "合作社",
      "个体工商户",
      "机关事业单位",
      "其他",
    ]),
    office.text("单位.所在县", "employer_county", "用人单位所在县", "用人单位在哪个县（市、区）？"),
    insurance.yes("单位.参加失业保险", "insured", "参加失业保险", "单位参加失业保险了吗？"),
    office.count("单位.脱贫人口数", "assisted_employees", "在职的脱贫人口人数", "现有几名脱贫人口职工？"),
    office.code("申请.项目", "heading", "申领的项目", "申领哪一项？", [
      "社会保险费缓缴",
      "失业保险稳岗返还",
      "稳岗留工补贴",
      "失业保险培训补贴",
      "就业帮扶载体稳岗补贴",
    ]),
    office.date("申请.受理日期", "accepted_on", "受理日期；免申即享的为比对核定日期", "哪一天受理？"),
    office.count("申请.人数", "workers", "申领所涉的职工人数", "为多少名职工申领？"),
    insurance.money("申请.缴费基数", "contributions", "所涉期间单位应缴或实缴的费额", "所涉期间单位缴费多少？"),
    office.meetsCited(),
  ],
};
