import { id, suppliedBy, type FactDictionary } from "./dictionary.ts";
import { personFields } from "./persons.ts";

const agriculture = suppliedBy("农业农村（乡村振兴）部门");
const office = suppliedBy("人社部门");
const education = suppliedBy("教育部门");
const student = personFields("学生", "学期开始时");

/** One row per student and term at a vocational school. */
export const STUDENT_TERMS: FactDictionary = {
  name: "职业教育学期",
  label: "职业教育在读学期",
  key: [id("student_id"), { column: "term_from", type: "text" }],
  subjects: { 学生: id("student_id") },
  jurisdictions: { 户籍地: "学生.户籍县" },
  fields: [
    student.homeCounty,
    agriculture.yes("学生.脱贫家庭", "lifted_household", "学期开始时家庭是脱贫家庭", "您家是脱贫家庭吗？"),
    agriculture.yes(
      "学生.农村低收入家庭",
      "low_income_household",
      "农村低收入人口所在家庭",
      "您家是农村低收入家庭吗？",
    ),
    education.yes(
      "学生.两后生",
      "left_school",
      "“两后生”：初、高中毕业后未继续升学",
      "初中或高中毕业后没有继续升学吗？",
    ),
    agriculture.yes("学生.新成长劳动力", "new_worker", "是新成长劳动力", "是初、高中毕业后的新成长劳动力吗？"),
    education.code("学籍.层次", "school_level", "职业教育层次", "读的是哪一层次？", [
      "中等职业教育",
      "高等职业教育",
      "技工院校",
      "非职业教育",
    ]),
    education.yes("学籍.在读", "enrolled", "学期内学籍在读", "这个学期在读吗？"),
    education.yes("学籍.享受奖助学金", "granted", "学期内核定享受奖助学金", null),
    education.date("学期.开始日期", "term_from", "学期开始日期", "学期哪一天开始？"),
    agriculture.meetsCited(),
  ],
};

/** One row per young person and internship. */
export const INTERNSHIPS: FactDictionary = {
  name: "就业见习",
  label: "青年就业见习",
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
