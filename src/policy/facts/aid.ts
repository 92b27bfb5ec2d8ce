import { id, suppliedBy, type FactDictionary } from "./dictionary.ts";

const office = suppliedBy("人社部门");
const insurance = suppliedBy("社保经办机构");
const agriculture = suppliedBy("农业农村部门");
const civilAffairs = suppliedBy("民政部门");

/** One row per fisher who gave up fishing and month of insurance. */
export const FISHER_MONTHS: FactDictionary = {
  name: "退捕渔民社保月",
  label: "退捕渔民的参保和待遇月份",
  situation: "是退捕渔民，参加社会保险",
  audience: ["worker", "seeker"],
  key: [id("person_id"), { column: "month", type: "text" }],
  subjects: { 劳动者: id("person_id") },
  claim: id("person_id"),
  jurisdictions: { 户籍地: "劳动者.户籍县" },
  fields: [
    agriculture.text("劳动者.户籍县", "home_county", "户籍所在县", "您的户籍在哪个县（市、区）？"),
    agriculture.yes("劳动者.退捕渔民", "former_fisher", "是退捕渔民", "您是退捕渔民吗？"),
    insurance.date("社保.月份", "month", "月份（当月1日）", "哪个月？"),
    insurance.yes("参保.当月已参保", "insured", "当月已参加养老保险", "当月参加养老保险了吗？"),
    insurance.money("参保.缴费金额", "paid", "当月缴纳的养老保险费", "当月缴了多少养老保险费？"),
    insurance.date("待遇.起始日期", "pension_from", "开始领取养老保险待遇的日期", "从哪一天起可以领养老金？"),
    insurance.end("待遇.终止日期", "pension_to", "停止领取的日期", "停止领取了吗？还在领就不填"),
    insurance.money("待遇.应发金额", "pension_due", "当月应发的养老保险待遇", "当月应领多少？"),
    office.meetsCited(),
  ],
};

/** One row per application for a benefit or relief in unemployment. */
export const UNEMPLOYMENT_AIDS: FactDictionary = {
  name: "失业援助申请",
  label: "失业保险待遇和社会救助的申请",
  situation: "失业了，申请失业保险待遇或救助",
  audience: ["seeker"],
  key: [id("application_id")],
  subjects: { 劳动者: id("person_id") },
  jurisdictions: { 受理地: "申请.所在县" },
  fields: [
    office.text("申请.所在县", "county", "受理地所在县", "在哪个县（市、区）申请？"),
    office.date("申请.受理日期", "accepted_on", "受理日期", "哪一天受理？"),
    office.code("申请.种类", "aid_kind", "待遇或救助的种类", "申请哪一种？", [
      "失业保险金",
      "失业补助金",
      "其他失业保险待遇",
      "最低生活保障",
      "临时救助",
    ]),
    office.yes("劳动者.失业", "unemployed", "已登记失业", "您办了失业登记吗？"),
    office.yes("劳动者.就业困难人员", "hard_to_place", "认定为就业困难人员", "您被认定为就业困难人员吗？"),
    civilAffairs.yes("申请.符合救助条件", "meets_relief", "符合最低生活保障或临时救助条件", null),
    office.meetsCited(),
  ],
};
