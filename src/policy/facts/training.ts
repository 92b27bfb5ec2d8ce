import { id, suppliedBy, type FactDictionary } from "./dictionary.ts";
import { personFields } from "./persons.ts";

const office = suppliedBy("人社部门");
const insurance = suppliedBy("社保经办机构");
const provider = suppliedBy("培训机构");
const trainee = personFields("劳动者", "开班时");

/** One row per person enrolled in one class. */
export const TRAINING_ENROLMENTS: FactDictionary = {
  name: "培训报名",
  label: "职业培训报名",
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

/** One row per certificate for which an insured employee claims. */
export const SKILL_CLAIMS: FactDictionary = {
  name: "技能提升补贴申请",
  label: "失业保险技能提升补贴申请",
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
