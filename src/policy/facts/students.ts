import { id, suppliedBy, type FactDictionary } from "./dictionary.ts";
import { personFields } from "./persons.ts";

const agriculture = suppliedBy("农业农村（乡村振兴）部门");
const education = suppliedBy("教育部门");
const student = personFields("学生", "学期开始时");

/** One row per student and term at a vocational school. */
export const STUDENT_TERMS: FactDictionary = {
  name: "职业教育学期",
  label: "职业教育在读学期",
  situation: "在读职业院校、技工院校",
  audience: ["student"],
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
    education.date("学期.结束日期", "term_to", "学期结束日期", "学期哪一天结束？"),
    agriculture.meetsCited(),
  ],
};
