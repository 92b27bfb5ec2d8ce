import { dayFromCount, monthOfDay, type DayNumber, type MonthNumber } from "./calendar.ts";
import type { Household } from "./household.ts";
import { givenName, surname } from "./names.ts";
import { identityNumber } from "./numbers.ts";
import { purpose } from "./purposes.ts";
import { choice, type Choice, type RandomSource } from "./random.ts";
import type { County } from "./territory.ts";

/** An id of a registry dictionary with the word that offices write for it. */
export interface Coded {
  readonly id: string;
  readonly word: string;
}

/** What does not change about a person in the months that can be generated. */
export interface Person {
  readonly random: RandomSource;
  readonly name: string;
  readonly sex: "male" | "female";
  readonly birth: DayNumber;
  readonly birthMonth: MonthNumber;
  readonly identityNumber: string;
  readonly relation: string;
  readonly education: Coded;
  readonly health: Coded;
  readonly labour: Coded;
  /** Neither works nor seeks work. */
  readonly outOfLabour: boolean;
}

type Part = "head" | "spouse" | "child" | "child-in-law" | "parent";

/** Who the members of a household are, by place. Heads and spouses stay; children and parents come and go (see `listing.ts`). */
function partOf(household: Household, position: number): Part {
  if (position === 0) return "head";
  if (position === 1)
    return household.size > 2 || household.random.chance(0.75, purpose.spouseInTwo) ? "spouse" : "child";
  if (household.size >= 5 && position === 3) return "child-in-law";
  if (household.size === 6 && position === 5 && household.headAge <= 47) return "parent";
  return "child";
}

const RELATIONS = {
  "child-male": "之子",
  "child-female": "之女",
  "child-in-law": "之儿媳",
  "parent-male": "之父",
  "parent-female": "之母",
} as const;

/** 2024-01-01 in days since 1970: ages of households are told for this day. */
const REFERENCE_DAY = 19_723;

const EDUCATION: readonly (readonly [number, Choice<Coded>])[] = [
  [1958, education({ illiterate: 14, primary: 58, "junior-high": 25, "senior-high": 3 })],
  [1968, education({ illiterate: 5, primary: 45, "junior-high": 43, "senior-high": 6, "secondary-specialised": 1 })],
  [
    1980,
    education({
      illiterate: 1,
      primary: 28,
      "junior-high": 59,
      "senior-high": 8,
      "secondary-specialised": 3,
      "junior-college": 1,
    }),
  ],
  [
    1992,
    education({
      primary: 9,
      "junior-high": 61,
      "senior-high": 14,
      "secondary-specialised": 7,
      "technical-school": 3,
      "junior-college": 5,
      bachelor: 1,
    }),
  ],
  [
    9999,
    education({
      primary: 1,
      "junior-high": 37,
      "senior-high": 21,
      "secondary-specialised": 9,
      "technical-school": 5,
      "junior-college": 18,
      bachelor: 9,
    }),
  ],
];

function education(weights: Readonly<Record<string, number>>): Choice<Coded> {
  const words: Readonly<Record<string, string>> = {
    illiterate: "文盲或半文盲",
    primary: "小学",
    "junior-high": "初中",
    "senior-high": "高中",
    "secondary-specialised": "中专",
    "technical-school": "技校",
    "junior-college": "大专",
    bachelor: "本科",
  };
  return choice(Object.entries(weights).map(([id, weight]) => [{ id, word: words[id]! }, weight]));
}

const HEALTHY: Coded = { id: "healthy", word: "健康" };
const HEALTH: Choice<Coded> = choice([
  [HEALTHY, 880],
  [{ id: "chronic-illness", word: "长期慢性病" }, 68],
  [{ id: "disabled", word: "残疾" }, 40],
  [{ id: "serious-illness", word: "患有大病" }, 12],
]);
const ORDINARY: Coded = { id: "ordinary", word: "普通劳动力" };
const STRONG: Choice<Coded> = choice([
  [ORDINARY, 90],
  [{ id: "skilled", word: "技能劳动力" }, 10],
]);
const FRAIL: Choice<Coded> = choice([
  [ORDINARY, 45],
  [{ id: "weak", word: "弱劳动力" }, 30],
  [{ id: "half", word: "半劳动力" }, 22],
  [{ id: "lost", word: "丧失劳动力" }, 3],
]);

export function describePerson(
  household: Household,
  slot: number,
  position: number,
  generation: number,
  random: RandomSource,
): Person {
  const part = partOf(household, position);
  const sex = sexOf(part, household, random);
  const { county } = household.origin;
  const marriedIn =
    (part === "spouse" || part === "child-in-law") &&
    county.neighbourCode !== county.code &&
    random.chance(0.18, purpose.marriedIn);
  const age = ageOf(part, household, random);
  const { birth, sequence } = numberOf(age, slot, generation, county, marriedIn, random);
  const ownName = part === "spouse" || part === "child-in-law" || (part === "parent" && sex === "female");
  const family = ownName ? surname(random, household.ethnicity.id) : household.surname;
  const health = random.pick(HEALTH, purpose.health);
  const year = Math.floor(birth / 10_000);
  const labour = random.pick(health === HEALTHY && year > 1962 ? STRONG : FRAIL, purpose.labour);
  return {
    random,
    name: family + givenName(random, sex),
    sex,
    birth,
    birthMonth: monthOfDay(birth),
    identityNumber: identityNumber(
      marriedIn ? county.neighbourCode : county.code,
      birth,
      sequence * 2 + (sex === "male" ? 1 : 0),
    ),
    relation:
      part === "head"
        ? "户主"
        : part === "spouse"
          ? "配偶"
          : part === "child-in-law"
            ? RELATIONS[part]
            : RELATIONS[`${part}-${sex}`],
    education: random.pick(EDUCATION.find(([until]) => year <= until)![1], purpose.education),
    health,
    labour,
    outOfLabour: labour.id === "lost" || random.chance(0.012, purpose.outOfLabour),
  };
}

function sexOf(part: Part, household: Household, random: RandomSource): Person["sex"] {
  if (part === "head") return household.headSex;
  if (part === "spouse") return household.headSex === "male" ? "female" : "male";
  if (part === "child-in-law") return "female";
  return random.chance(0.53, purpose.sex) ? "male" : "female";
}

function ageOf(part: Part, household: Household, random: RandomSource): number {
  const { headAge } = household;
  switch (part) {
    case "head":
      return headAge;
    case "spouse":
      return Math.max(20, headAge - 4 + random.below(7, purpose.age));
    case "child":
      return Math.max(13, headAge - 19 - random.below(11, purpose.age));
    case "child-in-law":
      return Math.max(20, headAge - 20 - random.below(7, purpose.age));
    case "parent":
      return headAge + 19 + random.below(5, purpose.age);
  }
}

/** Classes of sequence numbers and the cycles of birth days that keep them apart; primes. */
const NATIVE = { classes: 390, firstClass: 0, cycle: 601, step: 89 } as const;
const MARRIED_IN = { classes: 99, firstClass: 390, cycle: 2399, step: 367 } as const;

/**
 * Birth day and sequence, so that no two persons of the province share a number although nobody knows of anybody else:
 * persons of one sequence differ in `round`, which fixes their birth day modulo `cycle`. Brides from the neighbouring
 * county have sequences of their own there, and no other county sends any to it. The generations of a place that fall
 * into the months on offer are two, hence one bit.
 */
function numberOf(
  age: number,
  slot: number,
  generation: number,
  county: County,
  marriedIn: boolean,
  random: RandomSource,
): { birth: DayNumber; sequence: number } {
  const space = marriedIn ? MARRIED_IN : NATIVE;
  const place = slot * 2 + (generation & 1);
  const round = Math.floor(place / space.classes);
  const within = ((place % space.classes) + round * 53) % space.classes;
  const residue = (round * space.step + Number(county.code)) % space.cycle;
  const wished = REFERENCE_DAY - Math.floor(age * 365.25) - random.below(365, purpose.ageDay);
  const offset = (((wished - residue) % space.cycle) + space.cycle) % space.cycle;
  // To the nearer of the two days around the wished one.
  const count = offset * 2 < space.cycle ? wished - offset : wished - offset + space.cycle;
  return { birth: dayFromCount(count), sequence: space.firstClass + within };
}
