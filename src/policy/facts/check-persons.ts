import { id, suppliedBy, type FactDictionary } from "./dictionary.ts";

/** What checks ask of persons' own records. */

const registry = suppliedBy("登记库");
const office = suppliedBy("人社部门");
const agriculture = suppliedBy("农业农村（乡村振兴）部门");

/** One row per record of a pair that may be of one person. */
export const SUSPECTED_DUPLICATES: FactDictionary = {
  name: "疑似一人两档",
  label: "疑似同一人的两份登记",
  key: [id("pair_id"), id("person_id")],
  subjects: { 劳动者: id("person_id") },
  jurisdictions: { 户籍地: "劳动者.户籍县" },
  fields: [
    registry.text("劳动者.户籍县", "home_county", "户籍所在县", null),
    registry.yes("疑似.很可能", "likely", "分数达到“很可能是同一人”", null),
    registry.count("疑似.分数", "score", "相似分数", null),
    registry.date("疑似.提出日期", "raised_on", "提出日期", null),
    registry.date("疑似.处理期限", "due_on", "应当处理的最后一天", null),
    office.yes("疑似.已处理", "settled", "已经合并、转移或确认不是同一人", null),
  ],
};

/** One row per monitored person on the list, with the days of finding, of the first help since, and of work. */
export const MONITORED_STAGES: FactDictionary = {
  name: "监测对象帮扶",
  label: "监测对象的发现、帮扶、就业",
  key: [id("person_id")],
  subjects: { 劳动者: id("person_id") },
  jurisdictions: { 户籍地: "劳动者.户籍县" },
  fields: [
    registry.text("劳动者.户籍县", "home_county", "户籍所在县", null),
    agriculture.date("监测.发现日期", "found_on", "纳入监测的日期", null),
    office.end("监测.帮扶日期", "helped_on", "此后第一次就业帮扶的日期", null),
    registry.end("监测.就业日期", "worked_on", "此后第一次就业的日期，纳入时已在岗的为就业开始日期", null),
    registry.yes("监测.无劳动能力", "unable", "丧失或没有劳动能力", null),
  ],
};
