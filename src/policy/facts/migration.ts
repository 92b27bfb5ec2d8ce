import { id, suppliedBy, type FactDictionary } from "./dictionary.ts";
import { personFields } from "./persons.ts";

const office = suppliedBy("人社部门");
const monitoring = suppliedBy("农业农村（乡村振兴）部门");
const person = personFields("劳动者", "外出务工开始时");

/**
 * One row per person and stay away for work, planned or recorded. 预付 means that the office pays before there is a record
 * (定额预付); what it has paid so is taken off afterwards.
 */
export const WORK_AWAY: FactDictionary = {
  name: "外出务工",
  label: "外出务工的交通补助",
  situation: "跨省、跨县外出务工",
  audience: ["worker"],
  key: [id("employment_id")],
  subjects: { 劳动者: id("person_id"), 务工: id("employment_id") },
  jurisdictions: { 户籍地: "劳动者.户籍县" },
  fields: [
    person.liftedFromPoverty,
    person.monitored,
    person.homeCounty,
    office.code(
      "务工.去向",
      "destination",
      "务工去向",
      "在省外、省内外县还是县内务工？",
      ["省外", "省内县外", "县内"],
      {
        changes: "by-person",
      },
    ),
    office.date("务工.开始日期", "started_on", "外出务工开始日期", "哪一天外出务工？"),
    monitoring.yes("务工.有记录", "recorded", "信息系统有外出务工记录", null),
    office.date("补助.核定日期", "found_on", "数据比对核定的日期，不需本人申请", null),
    office.yes("补助.预付", "prepaid_mode", "定额预付", null),
    office.money("补助.已预付", "prepaid", "同一次务工已经预付的金额", null),
    office.meetsCited(),
  ],
};
