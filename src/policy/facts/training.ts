import { id, suppliedBy, type FactDictionary } from "./dictionary.ts";
import { personFields } from "./persons.ts";

const office = suppliedBy("人社部门");
const provider = suppliedBy("培训机构");
const trainee = personFields("劳动者", "开班时");

/** One row per person enrolled in one class. */
export const TRAINING_ENROLMENTS: FactDictionary = {
  name: "培训报名",
  label: "职业培训报名",
  situation: "参加职业培训",
  audience: ["worker", "seeker", "provider"],
  key: [id("enrolment_id")],
  subjects: { 劳动者: id("person_id"), 培训机构: id("provider_id") },
  jurisdictions: { 培训地: "培训.所在县" },
  fields: [
    office.text("培训.所在县", "county", "培训所在县", "在哪个县（市、区）培训？"),
    office.code("培训.类型", "training_kind", "培训类型", "参加的是哪一类培训？", [
      "就业技能培训",
      "岗位技能提升培训",
      "创业培训",
      "金蓝领培训",
      "其他培训",
    ]),
    office.text("培训.工种", "occupation", "培训工种", "学的是哪个工种？"),
    office.code("培训.付款方式", "payment_mode", "付款方式", null, ["整建制购买", "直补机构", "补个人"]),
    office.yes("培训.符合补贴标准条件", "meets_standard", "符合职业培训补贴的课时、考核和取证条件", null),
    office.date("培训.开始日期", "started_on", "开班日期", "哪一天开班？"),
    office.date("培训.结束日期", "ended_on", "结业日期", "哪一天结业？"),
    office.yes("培训.集中开展", "held_together", "集中开展的培训", null),
    provider.count("培训.出勤天数", "days_attended", "有考勤记录的出勤天数", "实际出勤几天？"),
    office.code("培训.考核等级", "level_reached", "考核达到的职业资格（技能等级）", "考核达到哪一级？", [
      "未达到等级",
      "初级工",
      "中级工",
      "高级工",
      "技师",
      "高级技师",
    ]),
    trainee.liftedFromPoverty,
    trainee.rural,
    trainee.returnee,
    office.yes("劳动者.当地能人创业", "local_founder", "是就地创业的当地能人", null),
    trainee.born,
    trainee.sex,
  ],
};
