import { id, suppliedBy, type FactDictionary } from "./dictionary.ts";

const office = suppliedBy("人社部门");
const insurance = suppliedBy("社保经办机构");

/** One row per certificate for which an insured employee claims. */
export const SKILL_CLAIMS: FactDictionary = {
  name: "技能提升补贴申请",
  label: "失业保险技能提升补贴申请",
  situation: "拿到技能证书，参加失业保险",
  audience: ["worker"],
  key: [id("application_id")],
  subjects: { 劳动者: id("person_id") },
  jurisdictions: { 参保地: "参保.所在县" },
  fields: [
    insurance.text("参保.所在县", "insured_county", "失业保险参保地所在县", "在哪个县（市、区）参加失业保险？"),
    insurance.count("参保.失业保险月数", "insured_months", "失业保险实际缴费月数", "失业保险缴了几个月？"),
    office.yes("劳动者.企业在职职工", "employed", "受理时是企业在职职工", "申请时您是企业在职职工吗？"),
    office.code("证书.类型", "certificate_kind", "证书类型", "取得的是哪一类证书？", [
      "技能人员职业资格证书",
      "职业技能等级证书",
      "专项职业能力证书",
      "其他证书",
    ]),
    office.code("证书.等级", "certificate_level", "证书等级", "证书是哪一级？", [
      "初级",
      "中级",
      "高级",
      "技师",
      "高级技师",
    ]),
    office.date("申请.受理日期", "accepted_on", "受理日期", "哪一天受理？"),
    office.meetsCited(),
  ],
};
