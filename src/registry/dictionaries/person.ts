import { defineDictionary, type IdOf } from "./dictionary.ts";

export const sex = defineDictionary({
  title: "性别",
  standard: "GB/T 2261.1-2003",
  entries: [
    { id: "unknown", code: "0", label: "未知的性别", synonyms: ["未知"] },
    { id: "male", code: "1", label: "男", synonyms: ["男性", "M"] },
    { id: "female", code: "2", label: "女", synonyms: ["女性", "F"] },
    { id: "unstated", code: "9", label: "未说明的性别", synonyms: ["未说明"] },
  ],
});
export type Sex = IdOf<typeof sex>;

export const maritalStatus = defineDictionary({
  title: "婚姻状况",
  standard: "GB/T 2261.2-2003",
  entries: [
    { id: "single", code: "10", label: "未婚", synonyms: ["单身"] },
    { id: "married", code: "20", label: "已婚", synonyms: ["有配偶"] },
    { id: "first-marriage", code: "21", label: "初婚" },
    { id: "remarried", code: "22", label: "再婚" },
    { id: "remarried-same-spouse", code: "23", label: "复婚" },
    { id: "widowed", code: "30", label: "丧偶" },
    { id: "divorced", code: "40", label: "离婚", synonyms: ["离异"] },
    { id: "unstated", code: "90", label: "未说明的婚姻状况", synonyms: ["未说明"] },
  ],
});
export type MaritalStatus = IdOf<typeof maritalStatus>;

/** 文盲 has no code of its own since 2006, but the assistance registers report it apart. 「初中及以下」 names no one value and is not read. */
export const education = defineDictionary({
  title: "学历",
  standard: "GB/T 4658-2006",
  entries: [
    { id: "postgraduate", code: "10", label: "研究生", synonyms: ["研究生教育", "研究生及以上", "研究生以上"] },
    { id: "doctorate", code: "11", label: "博士研究生", synonyms: ["博士", "博士研究生毕业"] },
    { id: "masters", code: "14", label: "硕士研究生", synonyms: ["硕士", "硕士研究生毕业"] },
    {
      id: "bachelor",
      code: "20",
      label: "大学本科",
      synonyms: ["本科", "大学", "大学本科教育", "大学本科毕业", "全日制本科"],
    },
    {
      id: "junior-college",
      code: "30",
      label: "大学专科",
      synonyms: [
        "大专",
        "专科",
        "高职",
        "高等职业",
        "大学专科教育",
        "大学专科毕业",
        "专科毕业",
        "高职高专",
        "高职(大专)",
      ],
    },
    {
      id: "secondary-vocational",
      code: "40",
      label: "中等职业教育",
      synonyms: ["中职", "中等职业", "中专/中技", "中专(中技)", "中专中技", "中专或技校", "中专(职高、技校)"],
    },
    { id: "secondary-specialised", code: "41", label: "中等专科", synonyms: ["中专", "中等专科毕业", "中师"] },
    { id: "vocational-high", code: "44", label: "职业高中", synonyms: ["职高", "职业高中毕业"] },
    {
      id: "technical-school",
      code: "47",
      label: "技工学校",
      synonyms: ["技校", "中技", "技工", "技工学校毕业", "技工院校"],
    },
    {
      id: "senior-high",
      code: "60",
      label: "普通高级中学",
      synonyms: ["高中", "普通高中", "高级中学", "普通高级中学教育", "高中毕业"],
    },
    { id: "junior-high", code: "70", label: "初级中学", synonyms: ["初中", "初级中学教育", "初中毕业"] },
    { id: "primary", code: "80", label: "小学", synonyms: ["小学教育", "小学毕业"] },
    { id: "other", code: "90", label: "其他教育", synonyms: ["其他", "学前教育"] },
    {
      id: "illiterate",
      code: null,
      label: "文盲或半文盲",
      synonyms: ["文盲", "半文盲", "文盲半文盲", "文盲、半文盲", "文盲/半文盲", "未上学", "不识字"],
    },
  ],
});
export type Education = IdOf<typeof education>;

/** 大病 has no code of its own, but the assistance registers report it apart. */
export const health = defineDictionary({
  title: "健康状况",
  standard: "GB/T 2261.3-2003",
  entries: [
    { id: "healthy", code: "10", label: "健康", synonyms: ["健康或良好", "良好", "正常"] },
    { id: "frail", code: "20", label: "一般或较弱", synonyms: ["一般", "较弱", "体弱"] },
    {
      id: "chronic-illness",
      code: "30",
      label: "有慢性病",
      synonyms: ["慢性病", "长期慢性病", "患有慢性病", "患长期慢性病"],
    },
    { id: "disabled", code: "60", label: "残疾", synonyms: ["残疾人", "有残疾"] },
    {
      id: "serious-illness",
      code: null,
      label: "患有大病",
      synonyms: ["大病", "重病", "患大病", "重大疾病", "患有重大疾病"],
    },
  ],
});
export type Health = IdOf<typeof health>;

export const labourCapacity = defineDictionary({
  title: "劳动能力",
  standard: "防止返贫监测信息指标；HN10-12 弱劳力、半劳力",
  entries: [
    {
      id: "ordinary",
      code: null,
      label: "普通劳动力",
      synonyms: ["普通劳力", "全劳力", "全劳动力", "有劳动能力", "正常劳动力", "一般劳动力"],
    },
    { id: "skilled", code: null, label: "技能劳动力", synonyms: ["技能劳力", "技术劳动力"] },
    { id: "weak", code: null, label: "弱劳动力", synonyms: ["弱劳力"] },
    { id: "half", code: null, label: "半劳动力", synonyms: ["半劳力", "部分丧失劳动能力", "部分丧失劳动力"] },
    {
      id: "weak-or-half",
      code: null,
      label: "弱劳动力或半劳动力",
      synonyms: [
        "弱(半)劳力",
        "弱劳力半劳力",
        "弱劳力、半劳力",
        "弱半劳力",
        "弱(半)劳动力",
        "弱劳力或半劳力",
        "半(弱)劳动力",
        "半(弱)劳力",
      ],
    },
    { id: "lost", code: null, label: "丧失劳动力", synonyms: ["丧失劳动能力", "完全丧失劳动能力"] },
    { id: "none", code: null, label: "无劳动力", synonyms: ["无劳力", "无劳动能力", "无"] },
  ],
});
export type LabourCapacity = IdOf<typeof labourCapacity>;
