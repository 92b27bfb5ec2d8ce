import { id, suppliedBy, type FactDictionary } from "./dictionary.ts";
import { personFields } from "./persons.ts";

const office = suppliedBy("人社部门");
const reform = suppliedBy("发展改革部门");
const person = personFields("劳动者", "吸纳时");

/** One row per base and year of provincial recognition. 就业帮扶基地 includes what was called 就业扶贫基地. */
export const BASE_RECOGNITIONS: FactDictionary = {
  name: "就业帮扶基地认定",
  label: "省级就业帮扶基地认定",
  situation: "认定为省级就业帮扶基地",
  audience: ["employer", "operator"],
  key: [id("recognition_id")],
  subjects: { 基地: id("base_id") },
  jurisdictions: { 基地所在地: "基地.所在县" },
  fields: [
    office.text("基地.所在县", "county", "基地所在县", "基地在哪个县（市、区）？"),
    office.yes("基地.自愿申报", "applied", "用人单位自愿申报", "用人单位自愿申报了吗？"),
    office.yes("基地.管理规范", "well_managed", "管理规范", null),
    office.yes("基地.社会责任感较强", "responsible", "社会责任感较强", null),
    office.yes("基地.岗位适合", "suitable", "岗位适合", null),
    office.yes("基地.定向吸纳脱贫人口", "directed", "定向吸纳脱贫人口就业", "定向吸纳脱贫人口就业吗？"),
    office.yes("基地.吸纳多", "absorbs_many", "吸纳脱贫人口就业多", null),
    office.yes("基地.稳岗好", "retains_well", "稳岗效果好", null),
    office.date("基地.省级认定日期", "recognised_on", "认定为省级就业帮扶基地的日期", "哪一天认定为省级基地？"),
    office.count("基地.当年省级认定数", "recognised_that_year", "当年认定的省级基地数", null),
  ],
};

const workshop = [
  office.text("车间.所在县", "workshop_county", "车间所在县", "车间在哪个县（市、区）？"),
  office.date("车间.认定日期", "recognised_on", "车间认定日期", "车间哪一天认定的？"),
  office.end("车间.认定失效日期", "recognised_to", "认定有效的最后一天", "认定到哪一天为止？仍有效就不填"),
] as const;

/** One row per person, workshop and year; 就业 is one spell without gaps in that workshop (AMB-05). */
export const WORKSHOP_ABSORPTIONS: FactDictionary = {
  name: "车间吸纳",
  label: "乡村就业工厂（帮扶车间）吸纳就业",
  situation: "在乡村就业工厂、帮扶车间干活",
  audience: ["worker", "employer"],
  key: [id("employment_id"), { column: "year_from", type: "text" }],
  subjects: { 劳动者: id("person_id"), 车间: id("workshop_id") },
  jurisdictions: { 车间所在地: "车间.所在县" },
  fields: [
    ...workshop,
    office.text("车间.所在乡镇", "workshop_township", "车间所在乡镇", "车间在哪个乡镇（街道）？"),
    person.homeCounty,
    person.homeTownship,
    person.residenceCounty,
    person.residenceTownship,
    person.liftedFromPoverty,
    person.monitored,
    office.date("吸纳.年初", "year_from", "奖补年度的1月1日", "算哪一年的奖补？"),
    office.date("就业.开始日期", "started_on", "进入车间的日期", "哪一天进车间？"),
    office.end("就业.结束日期", "ended_on", "离开车间的日期", "哪一天离开？还在就不填"),
  ],
};

/** One row per project and stage at which its labour pay is held against the text: approval (planned), each month, acceptance. */
export const RELIEF_PROJECT_STAGES: FactDictionary = {
  name: "以工代赈项目阶段",
  label: "以工代赈项目的核查阶段",
  situation: "实施以工代赈项目",
  audience: ["operator"],
  key: [id("project_id"), { column: "stage", type: "text" }, { column: "checked_on", type: "text" }],
  subjects: { 项目: id("project_id") },
  jurisdictions: { 项目所在地: "项目.所在县" },
  fields: [
    reform.text("项目.所在县", "county", "项目所在县", "项目在哪个县（市、区）？"),
    reform.code("项目.类型", "project_kind", "项目类型", "项目是哪一类？", [
      "中央预算内投资",
      "衔接资金任务",
      "推广以工代赈方式",
      "政府投资重点工程",
      "不属于以工代赈",
    ]),
    reform.code("阶段.名称", "stage", "核查阶段", null, ["批复", "月度", "验收"]),
    reform.date("阶段.日期", "checked_on", "核查日期", "哪一天核查？"),
    reform.money("项目.劳务报酬", "labour_pay", "该阶段的全部劳务报酬（批复时为计划数）", "劳务报酬是多少？"),
    reform.money("项目.当地劳务报酬", "local_labour_pay", "其中发给当地农村务工人员的", "发给当地农村务工人员多少？"),
    reform.money("项目.中央资金", "central_funds", "投入的中央财政资金", "中央资金多少？"),
    reform.money("项目.省级资金", "provincial_funds", "投入的省级财政资金", "省级资金多少？"),
    reform.money("项目.市县资金", "local_funds", "投入的市县财政资金", "市县资金多少？"),
    reform.count("项目.当地务工人数", "local_workers", "组织参与的当地农村劳动力人数", "组织了多少当地农村劳动力？"),
    reform.count("项目.低收入务工人数", "assisted_workers", "务工的脱贫人口等农村低收入人数", "有几名脱贫人口等务工？"),
    reform.yes("项目.及时足额发放", "paid_in_full", "劳务报酬及时足额发放", "劳务报酬及时足额发了吗？"),
  ],
};

/** One row per workshop and selection of workshops that a locality gives special support. */
export const WORKSHOP_SELECTIONS: FactDictionary = {
  name: "车间遴选",
  label: "优质乡村就业工厂（帮扶车间）遴选",
  situation: "乡村就业工厂、帮扶车间参加遴选",
  audience: ["employer"],
  key: [id("selection_id")],
  subjects: { 车间: id("workshop_id") },
  jurisdictions: { 车间所在地: "车间.所在县" },
  fields: [
    ...workshop,
    office.date("遴选.公布日期", "selected_on", "遴选结果公布日期", "遴选结果哪一天公布？"),
    office.yes("遴选.入选", "selected", "在当地遴选中入选", "入选了吗？"),
    office.yes("遴选.品牌优", "has_brand", "地域特色品牌优", null),
    office.yes("遴选.产业基础好", "has_industry", "产业发展基础好", null),
    office.yes("遴选.带动就业强", "brings_jobs", "带动就业能力强", null),
  ],
};

/** One row per base for training the highly skilled, or master's studio, and application for support in setting it up. */
export const SKILL_BASES: FactDictionary = {
  name: "高技能人才基地设立",
  label: "高技能人才培训基地、技能大师工作室设立",
  situation: "设立高技能人才培训基地、大师工作室",
  audience: ["operator", "provider"],
  key: [id("application_id")],
  subjects: { 基地: id("base_id") },
  jurisdictions: { 基地所在地: "基地.所在县" },
  fields: [
    office.text("基地.所在县", "county", "基地所在县", "基地在哪个县（市、区）？"),
    office.yes("基地.在乡村振兴重点地区", "in_key_area", "设在乡村振兴重点地区", "设在乡村振兴重点地区吗？"),
    office.code("基地.类型", "base_kind", "基地类型", "是哪一类？", [
      "高技能人才培训基地",
      "技能大师工作室",
      "其他基地",
    ]),
    office.date("基地.设立日期", "established_on", "批准设立日期", "哪一天批准设立？"),
    office.meetsCited(),
  ],
};
