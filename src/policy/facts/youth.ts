import { id, suppliedBy, type FactDictionary } from "./dictionary.ts";

const office = suppliedBy("人社部门");
const education = suppliedBy("教育部门");

/** One row per young person and internship. */
export const INTERNSHIPS: FactDictionary = {
  name: "就业见习",
  label: "青年就业见习",
  situation: "青年就业见习",
  audience: ["student", "seeker", "employer"],
  key: [id("internship_id")],
  subjects: { 劳动者: id("person_id"), 见习单位: id("employer_id") },
  jurisdictions: { 见习地: "单位.所在县" },
  fields: [
    office.text("单位.所在县", "employer_county", "见习单位所在县", "见习单位在哪个县（市、区）？"),
    office.yes("单位.是见习单位", "recognised", "见习开始时是就业见习单位", "单位是就业见习单位吗？"),
    office.yes("劳动者.失业青年", "unemployed_youth", "见习开始时是失业青年", "开始见习时您没有工作吗？"),
    office.yes("劳动者.有见习意愿", "willing", "有见习意愿", "您愿意参加就业见习吗？"),
    office.date("见习.开始日期", "started_on", "见习开始日期", "见习从哪一天开始？"),
    office.end("见习.结束日期", "ended_on", "见习结束日期", "见习到哪一天结束？还在见习就不填"),
    office.meetsCited(),
  ],
};

/** One row per graduate's application. */
export const GRADUATE_CLAIMS: FactDictionary = {
  name: "求职创业补贴申请",
  label: "高校毕业生求职创业补贴申请",
  situation: "高校毕业生求职创业补贴",
  audience: ["student"],
  key: [id("application_id")],
  subjects: { 劳动者: id("person_id") },
  jurisdictions: { 学校所在地: "学校.所在县" },
  fields: [
    education.text("学校.所在县", "county", "学校所在县", "学校在哪个县（市、区）？"),
    education.yes("劳动者.高校毕业生", "graduate", "是高校毕业生", "您是高校毕业生吗？"),
    education.yes("劳动者.困难毕业生", "in_hardship", "是困难毕业生", "您属于困难毕业生吗？"),
    office.date("申请.受理日期", "accepted_on", "受理日期", "哪一天受理？"),
    office.meetsCited(),
  ],
};
