import type { FactField } from "#kernel/contract";
import { suppliedBy } from "./dictionary.ts";

const { yes, text } = suppliedBy("农业农村（乡村振兴）部门");
const police = suppliedBy("公安部门");
const office = suppliedBy("人社部门");

/**
 * What measures ask of a person, under the names of one source (劳动者, 学员, 创业者). Categories are those of the day the rule tests
 * (AMB-07), which the source knows: `on` says it in words.
 */
const fieldsOf = (who: string, on: string) => ({
  liftedFromPoverty: yes(
    `${who}.脱贫人口`,
    "lifted_from_poverty",
    `${on}是脱贫人口`,
    "您是脱贫人口（原建档立卡贫困人口）吗？",
  ),
  monitored: yes(`${who}.监测对象`, "monitored", `${on}是防止返贫监测帮扶对象`, "您是防止返贫监测帮扶对象吗？"),
  marginal: yes(
    `${who}.边缘易致贫人口`,
    "marginal",
    `${on}是农村低收入人口（边缘易致贫人口）`,
    "您家是边缘易致贫户吗？",
  ),
  homeCounty: police.text(`${who}.户籍县`, "home_county", "户籍所在县", "您的户籍在哪个县（市、区）？"),
  homeTownship: police.text(`${who}.户籍乡镇`, "home_township", "户籍所在乡镇", "您的户籍在哪个乡镇（街道）？"),
  residenceCounty: text(`${who}.常住县`, "residence_county", "常住地所在县", "您常住在哪个县（市、区）？"),
  residenceTownship: text(`${who}.常住乡镇`, "residence_township", "常住地所在乡镇", "您常住在哪个乡镇（街道）？"),
  born: police.date(`${who}.出生日期`, "birth_date", "出生日期", "您的出生日期是哪一天？"),
  sex: police.code(`${who}.性别`, "sex", "性别", "您的性别是？", ["男", "女"]),
  able: yes(`${who}.有就业能力`, "able_to_work", "有就业能力", "您有劳动能力吗？"),
  willing: yes(`${who}.有就业意愿`, "willing_to_work", "有就业创业意愿", "您有就业或创业的意愿吗？", {
    changes: "by-person",
  }),
  rural: yes(`${who}.农村劳动力`, "rural_worker", "是农村劳动力", "您是农村劳动力吗？"),
  returnee: office.yes(
    `${who}.返乡下乡创业`,
    "returnee",
    "是农民工等返乡下乡（入乡）创业人员",
    "您是返乡下乡创业的农民工等人员吗？",
  ),
  disabled: suppliedBy("残联").yes(`${who}.残疾人`, "disabled", `${on}是农村残疾人`, "您持有残疾人证吗？"),
  lowIncome: suppliedBy("民政部门").yes(
    `${who}.农村低收入人口`,
    "rural_low_income",
    `${on}是农村低收入人口`,
    "您家是农村低收入人口吗？",
  ),
});

/** Whatever the day and the source, a citizen is asked for each of them once: each is a topic. */
export const personFields = (who: string, on: string) => asTopics(fieldsOf(who, on));

function asTopics<T extends Readonly<Record<string, FactField>>>(fields: T): T {
  const named = Object.entries(fields).map(([key, field]) => [key, { ...field, topic: `person.${key}` }] as const);
  return Object.fromEntries(named) as unknown as T;
}
