import { defineDictionary, type IdOf } from "./dictionary.ts";

/**
 * Categories of persons that the texts give rights to. Many per person, each with dates. 边缘易致贫人口 is kept apart from 农村低收入
 * 人口 although one text equates them, because benefits name one without the other.
 */
export const personCategory = defineDictionary({
  title: "人员类别",
  standard: "湖南省2021年、济宁市2023年、甘肃省2025年各文件所列对象",
  entries: [
    {
      id: "lifted-from-poverty",
      code: null,
      label: "脱贫人口",
      synonyms: [
        "建档立卡脱贫人口",
        "脱贫户",
        "建档立卡贫困人口",
        "建档立卡户",
        "建档立卡",
        "贫困人口",
        "脱贫人员",
        "脱贫劳动力",
        "脱贫家庭成员",
        "脱贫户成员",
        "脱贫户家庭成员",
      ],
    },
    {
      id: "lifted-with-policy",
      code: null,
      label: "脱贫享受政策人口",
      synonyms: ["脱贫享受政策户", "享受政策人口", "继续享受政策"],
    },
    {
      id: "monitored",
      code: null,
      label: "监测对象",
      synonyms: [
        "监测帮扶对象",
        "防止返贫监测对象",
        "防止返贫致贫监测对象",
        "防返贫监测对象",
        "监测户",
        "三类监测对象",
        "三类户",
        "监测人口",
      ],
    },
    {
      id: "marginal-poverty-prone",
      code: null,
      label: "边缘易致贫人口",
      synonyms: ["边缘易致贫", "边缘户", "边缘人口"],
    },
    { id: "rural-low-income", code: null, label: "农村低收入人口", synonyms: ["低收入人口", "低收入户", "农村低收入"] },
    {
      id: "at-risk-of-poverty",
      code: null,
      label: "可能返贫致贫人口",
      synonyms: ["返贫致贫风险人口", "可能返贫致贫人员"],
    },
    {
      id: "relocated",
      code: null,
      label: "易地扶贫搬迁劳动力",
      synonyms: [
        "易地搬迁",
        "易地扶贫搬迁",
        "易地搬迁人口",
        "搬迁户",
        "易地扶贫搬迁人口",
        "易地搬迁群众",
        "易迁户",
        "易地搬迁劳动力",
      ],
    },
    { id: "disabled-rural", code: null, label: "农村残疾人", synonyms: ["残疾", "残疾人", "农村残疾"] },
    {
      id: "older-rural",
      code: null,
      label: "农村大龄人员",
      synonyms: ["大龄人员", "农村大龄", "农村大龄人员(45-65周岁)"],
    },
    { id: "older-migrant", code: null, label: "大龄农民工" },
    { id: "over-age-worker", code: null, label: "超龄劳动力", synonyms: ["超龄劳动者", "超龄人员"] },
    { id: "new-workforce", code: null, label: "新成长劳动力", synonyms: ["农村新成长劳动力"] },
    {
      id: "left-school-unplaced",
      code: null,
      label: "两后生",
      synonyms: ["“两后生”", "“两后生”毕业生", "两后生毕业生", "初高中毕业未继续升学"],
    },
    {
      id: "rain-dew-graduate",
      code: null,
      label: "雨露计划毕业生",
      synonyms: ["雨露计划", "雨露计划+", "雨露计划学生"],
    },
    {
      id: "graduate",
      code: null,
      label: "高校毕业生",
      synonyms: ["高校毕业", "大学毕业生", "应届高校毕业生", "应届毕业生"],
    },
    {
      id: "graduate-unplaced",
      code: null,
      label: "离校未就业高校毕业生",
      synonyms: ["离校未就业毕业生", "离校未就业"],
    },
    {
      id: "graduate-in-difficulty",
      code: null,
      label: "困难高校毕业生",
      synonyms: ["困难毕业生", "困难家庭高校毕业生"],
    },
    { id: "long-unemployed-youth", code: null, label: "长期失业青年" },
    { id: "unemployed-youth", code: null, label: "失业青年" },
    { id: "veteran", code: null, label: "退役军人", synonyms: ["退伍军人", "复员军人", "退役士兵"] },
    { id: "retired-fisher", code: null, label: "退捕渔民", synonyms: ["渔民", "禁捕退捕渔民", "长江退捕渔民", "退捕"] },
    { id: "hard-to-employ", code: null, label: "就业困难人员", synonyms: ["就业困难", "就业困难群体", "困难人员"] },
    { id: "zero-employment-family", code: null, label: "零就业家庭成员", synonyms: ["零就业家庭", "零就业"] },
    {
      id: "migrant-worker",
      code: null,
      label: "农民工",
      synonyms: ["进城务工人员", "农村转移劳动力", "农村劳动力", "农村转移就业劳动力"],
    },
    { id: "young-migrant-worker", code: null, label: "新生代农民工" },
    {
      id: "returned-entrepreneur",
      code: null,
      label: "返乡入乡创业人员",
      synonyms: ["返乡创业人员", "返乡下乡创业人员", "返乡创业农民工", "入乡创业人员"],
    },
    { id: "village-craftsperson", code: null, label: "乡村工匠" },
    { id: "lead-goose-trainee", code: null, label: "头雁学员", synonyms: ["头雁", "“头雁”学员", "乡村产业振兴带头人"] },
    { id: "high-quality-farmer", code: null, label: "高素质农民" },
    { id: "new-professional-farmer", code: null, label: "新型职业农民" },
    { id: "practical-talent-leader", code: null, label: "农村实用人才带头人", synonyms: ["农村实用人才"] },
    { id: "selected-graduate-in-village", code: null, label: "到村任职选调生", synonyms: ["选调生"] },
    {
      id: "agricultural-technician",
      code: null,
      label: "基层农技人员",
      synonyms: ["农技人员", "特岗农技人员", "农技特岗", "基层农技人员(特岗)"],
    },
    { id: "village-governance-backbone", code: null, label: "乡村治理骨干" },
    {
      id: "new-farm-operator-head",
      code: null,
      label: "新型经营主体负责人",
      synonyms: ["新型农业经营主体负责人", "新型农业经营主体带头人"],
    },
    { id: "flexibly-employed", code: null, label: "灵活就业人员" },
    { id: "new-form-worker", code: null, label: "新就业形态劳动者", synonyms: ["新就业形态人员", "新业态劳动者"] },
  ],
});
export type PersonCategory = IdOf<typeof personCategory>;

/** The three kinds of 监测对象; the register gives each its own risk and its own date of removal. */
export const monitoringKind = defineDictionary({
  title: "监测对象类别",
  standard: "防止返贫监测信息指标",
  entries: [
    { id: "unstable", code: null, label: "脱贫不稳定户", synonyms: ["脱贫不稳定", "脱贫不稳定人口", "不稳定户"] },
    { id: "marginal", code: null, label: "边缘易致贫户", synonyms: ["边缘易致贫", "边缘易致贫人口", "边缘户"] },
    {
      id: "sudden-hardship",
      code: null,
      label: "突发严重困难户",
      synonyms: ["突发严重困难", "突发困难户", "突发严重困难人口", "严重困难户"],
    },
  ],
});
export type MonitoringKind = IdOf<typeof monitoringKind>;

export const householdType = defineDictionary({
  title: "家庭类型",
  standard: "HN03-6.6、JN23-05、HN10-14",
  entries: [
    {
      id: "lifted-from-poverty",
      code: null,
      label: "脱贫户",
      synonyms: ["建档立卡户", "脱贫家庭", "建档立卡贫困户", "贫困户"],
    },
    { id: "monitored", code: null, label: "监测户", synonyms: ["监测对象", "防返贫监测户", "监测帮扶户"] },
    { id: "low-income", code: null, label: "低收入户", synonyms: ["农村低收入户", "低收入家庭"] },
    { id: "zero-employment", code: null, label: "零就业家庭", synonyms: ["零就业户"] },
    { id: "relocated", code: null, label: "搬迁户", synonyms: ["易地搬迁户", "易地扶贫搬迁户", "易迁户"] },
  ],
});
export type HouseholdType = IdOf<typeof householdType>;
