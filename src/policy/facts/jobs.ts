import { id, suppliedBy, type FactDictionary } from "./dictionary.ts";
import { personFields } from "./persons.ts";

const office = suppliedBy("人社部门");
const agency = suppliedBy("介绍机构");
const person = personFields("劳动者", "就业开始时");

/** One row per introduction of one person to one employment. 就业 is the spell with the employer introduced to, without gaps (AMB-05). */
export const INTRODUCTIONS: FactDictionary = {
  name: "劳务介绍",
  label: "有组织劳务输出的介绍",
  situation: "经人介绍，有组织地到外地务工",
  audience: ["worker", "seeker", "agency"],
  key: [id("introduction_id")],
  subjects: { 劳动者: id("person_id"), 介绍机构: id("agency_id") },
  jurisdictions: { 输出地: "劳动者.户籍县" },
  fields: [
    office.code("介绍机构.类型", "agency_kind", "介绍方类型", "介绍方是哪一类？", [
      "人力资源服务机构",
      "农村劳务经纪人",
      "其他市场主体",
      "公共就业服务机构",
    ]),
    office.yes("介绍机构.资质有效", "agency_qualified", "就业开始当日介绍方资质有效", "介绍时介绍方有合法资质吗？"),
    office.text("介绍机构.编号", "agency_code", "申领机构编号", null),
    agency.text("介绍.介绍机构", "introduced_by", "介绍记录上的机构编号", null),
    agency.yes("介绍.有组织输出", "organised", "属于有组织劳务输出", "是有组织的劳务输出吗？"),
    office.yes("介绍.有购买服务协议", "purchased", "输出地有政府购买服务协议", "输出地政府购买了这项服务吗？"),
    person.liftedFromPoverty,
    person.homeCounty,
    person.born,
    person.sex,
    office.text("就业.所在县", "work_county", "就业地所在县", "在哪个县（市、区）就业？", { changes: "by-person" }),
    office.date("就业.开始日期", "started_on", "就业开始日期", "哪一天开始就业？"),
    office.end("就业.结束日期", "ended_on", "就业结束日期", "哪一天结束就业？还在岗就不填"),
  ],
};

/** One row per recruitment event. */
export const RECRUITMENT_EVENTS: FactDictionary = {
  name: "招聘活动",
  label: "招聘活动",
  situation: "举办招聘活动",
  audience: ["agency", "operator"],
  key: [id("event_id")],
  subjects: { 活动: id("event_id") },
  jurisdictions: { 举办地: "活动.所在县" },
  fields: [
    office.text("活动.所在县", "county", "举办地所在县", "在哪个县（市、区）举办？"),
    office.date("活动.举办日期", "held_on", "举办日期", "哪一天举办？"),
    office.code("活动.类型", "event_kind", "活动类型", "活动是哪一类？", [
      "线下招聘",
      "线上招聘",
      "专场招聘",
      "校园招聘",
    ]),
    office.yes("活动.有记录", "recorded", "有活动记录", "有活动记录吗？"),
    office.code("活动.举办单位类型", "organiser_kind", "举办单位类型", "由谁举办？", [
      "公共就业服务机构",
      "经营性人力资源服务机构",
      "高校",
      "其他",
    ]),
    office.yes("活动.有购买服务合同", "purchased", "有政府购买服务合同", "有政府购买服务合同吗？"),
    office.meetsCited(),
  ],
};
