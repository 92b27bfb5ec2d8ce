import { dayIn, isoDay, lastDayOf, monthOf, monthOfDay } from "./calendar.ts";
import type { HouseholdClass } from "./household.ts";
import type { Standing } from "./population.ts";
import { purpose } from "./purposes.ts";
import { choice, type Choice } from "./random.ts";

/** What ledgers write for the class of a household; for the three monitored kinds also the detail of category 监测对象. */
export const categoryWords: Record<HouseholdClass, string> = {
  lifted: "脱贫人口",
  unstable: "脱贫不稳定户",
  marginal: "边缘易致贫户",
  "sudden-hardship": "突发严重困难户",
};

/** Ids of the registry's dictionary, and how lists write them. */
const categoryLabels = {
  "lifted-from-poverty": "脱贫人口",
  monitored: "监测对象",
  "marginal-poverty-prone": "边缘易致贫人口",
  relocated: "易地扶贫搬迁劳动力",
  "disabled-rural": "农村残疾人",
  "rain-dew-graduate": "雨露计划毕业生",
  graduate: "高校毕业生",
  veteran: "退役军人",
  "retired-fisher": "退捕渔民",
  "hard-to-employ": "就业困难人员",
} as const;
type CategoryId = keyof typeof categoryLabels;

/** Groups that have a list of their own besides the one of everybody. */
export const groupIds = [
  "marginal-poverty-prone",
  "relocated",
  "disabled-rural",
  "rain-dew-graduate",
  "graduate",
  "veteran",
  "retired-fisher",
  "hard-to-employ",
] as const satisfies readonly CategoryId[];
export type GroupId = (typeof groupIds)[number];

export function groupLabel(group: GroupId): string {
  return categoryLabels[group];
}

/** One dated category of a person (C-02). */
export interface Membership {
  readonly category: CategoryId;
  readonly word: string;
  readonly from: string;
  readonly fromPrecision: "day" | "month" | "year";
  readonly to: string | null;
  readonly detail: string | null;
}

const DISABILITIES: Choice<string> = choice([
  ["肢体残疾", 58],
  ["听力残疾", 13],
  ["视力残疾", 11],
  ["智力残疾", 9],
  ["精神残疾", 6],
  ["多重残疾", 3],
]);
const GRADES: Choice<string> = choice([
  ["一级", 8],
  ["二级", 20],
  ["三级", 32],
  ["四级", 40],
]);
/** Prefectures on the Yangtze and Lake Dongting, where fishing ended in 2020. */
const FISHING_PREFECTURES: ReadonlySet<string> = new Set(["4306", "4307", "4309"]);

export function membershipsOf({ person, household, day }: Standing): Membership[] {
  const { random, birthMonth } = person;
  const memberships: Membership[] = [];
  const add = (
    category: CategoryId,
    from: string,
    fromPrecision: Membership["fromPrecision"],
    rest: { to?: string | null; detail?: string } = {},
  ) => {
    if (from <= isoDay(day))
      memberships.push({
        category,
        word: categoryLabels[category],
        from,
        fromPrecision,
        to: rest.to ?? null,
        detail: rest.detail ?? null,
      });
  };
  if (household.class === "lifted" || household.class === "unstable")
    add("lifted-from-poverty", `${household.liftedYear}-12-31`, "day");
  if (household.class !== "lifted") {
    const cleared = household.clearedIn !== null && household.clearedIn <= monthOfDay(day);
    const to = cleared ? isoDay(lastDayOf(household.clearedIn - 1)) : null;
    add("monitored", isoDay(dayIn(household.monitoredFrom, 1)), "month", {
      to,
      detail: categoryWords[household.class],
    });
  }
  if (household.class === "marginal") add("marginal-poverty-prone", isoDay(dayIn(household.monitoredFrom, 1)), "month");
  if (household.relocatedIn !== null) add("relocated", `${household.relocatedIn}-01-01`, "year");
  if (person.health.id === "disabled") {
    const detail = random.pick(DISABILITIES, purpose.disability) + random.pick(GRADES, purpose.disabilityGrade);
    add("disabled-rural", `${2012 + random.below(8, purpose.disabilityGrade, 1)}-01-01`, "year", {
      detail,
    });
  }
  const studied = monthOf(
    Math.floor(birthMonth / 12) +
      (person.education.id === "bachelor" ? 22 : person.education.id === "junior-college" ? 21 : 18),
    7,
  );
  const vocational =
    person.education.id === "secondary-specialised" ||
    person.education.id === "technical-school" ||
    person.education.id === "junior-college";
  if (vocational && studied >= monthOf(2016, 7) && random.chance(0.6, purpose.rainDew))
    add("rain-dew-graduate", isoDay(dayIn(studied, 1)), "month");
  if ((person.education.id === "bachelor" || person.education.id === "junior-college") && studied >= monthOf(2018, 7)) {
    add("graduate", isoDay(dayIn(studied, 1)), "month", {
      to: null,
      detail: `${Math.floor(studied / 12)}届`,
    });
  }
  if (
    person.sex === "male" &&
    birthMonth > monthOf(1960, 1) &&
    birthMonth < monthOf(2001, 1) &&
    random.chance(0.014, purpose.veteran)
  ) {
    add("veteran", `${Math.floor(birthMonth / 12) + 20}-12-01`, "month");
  }
  if (FISHING_PREFECTURES.has(household.origin.county.prefectureCode) && random.chance(0.006, purpose.fisher))
    add("retired-fisher", "2020-01-01", "day");
  if ((person.labour.id === "weak" || person.labour.id === "half") && random.chance(0.12, purpose.hardToEmploy)) {
    add("hard-to-employ", `${2019 + random.below(4, purpose.hardToEmploy, 1)}-03-01`, "month");
  }
  return memberships;
}

/** Yuan a head and year; the households under watch have less. */
export function perCapitaIncome({ household, day }: Standing): number {
  const year = Math.floor(day / 10_000);
  const base = household.class === "lifted" ? 11_500 : 7_600;
  return Math.round((base + household.random.below(7000, purpose.income)) * 1.07 ** (year - 2023));
}

export function riskOf({ household }: Standing): string {
  return household.class === "lifted" ? "" : household.risk;
}
