import { monthOf, type MonthNumber } from "./calendar.ts";
import { ethnicitiesOf, type Ethnicity } from "./ethnicities.ts";
import { givenName, surname } from "./names.ts";
import { purpose } from "./purposes.ts";
import { choice, type Choice, type RandomSource } from "./random.ts";
import type { County, Village } from "./territory.ts";

/** How a household came onto the lists (C-02): lifted out of poverty, or one of the three kinds of monitored households. */
export type HouseholdClass = "lifted" | "unstable" | "marginal" | "sudden-hardship";

export interface Household {
  readonly origin: Village;
  /** Slot of the first member in the county; with it the household is known. */
  readonly firstSlot: number;
  readonly size: number;
  readonly random: RandomSource;
  readonly number: string;
  readonly ethnicity: Ethnicity;
  readonly surname: string;
  readonly headSex: "male" | "female";
  readonly headName: string;
  /** Age of the head at the beginning of 2024. */
  readonly headAge: number;
  readonly class: HouseholdClass;
  readonly liftedYear: number;
  readonly monitoredFrom: MonthNumber;
  /** Month in which the risk is declared gone; null: not in sight. Only households lifted before and monitored since. */
  readonly clearedIn: MonthNumber | null;
  readonly relocatedIn: number | null;
  /** Members under 16 or over 70, who stand on no list of labour. */
  readonly dependants: number;
  readonly risk: string;
}

/** Sizes of the households that fill twelve places one after another. Twelve, so that the household of any place is found without counting from the first. */
const PATTERNS: readonly (readonly number[])[] = [
  [1, 2, 3, 4, 2],
  [3, 3, 2, 4],
  [1, 5, 2, 4],
  [2, 2, 3, 3, 2],
  [1, 1, 4, 6],
  [4, 3, 5],
  [2, 1, 3, 2, 4],
  [3, 4, 2, 3],
];
const PATTERN_LENGTH = 12;

/** First slots of the village's households with their sizes, in order. */
function cutIntoHouseholds(village: Village): { firstSlot: number; size: number }[] {
  const random = village.county.random.derive(purpose.village).derive(village.index);
  const households: { firstSlot: number; size: number }[] = [];
  for (let start = 0; start < village.slots; start += PATTERN_LENGTH) {
    let at = start;
    for (const size of PATTERNS[random.below(PATTERNS.length, purpose.householdPattern, start)]!) {
      if (at < village.slots)
        households.push({ firstSlot: village.firstSlot + at, size: Math.min(size, village.slots - at) });
      at += size;
    }
  }
  return households;
}

const CLASSES: Choice<HouseholdClass> = choice([
  ["lifted", 905],
  ["unstable", 40],
  ["marginal", 33],
  ["sudden-hardship", 22],
]);
const RISKS: Choice<string> = choice([
  ["因病", 48],
  ["因残", 22],
  ["缺劳动力", 12],
  ["因学", 8],
  ["因灾", 6],
  ["因意外事故", 4],
]);
const RELOCATED_SHARE = 0.11;
/** One household in this many moves to the next village in a given month. */
const MONTHS_PER_MOVE = 640;
const MOVES_BEGIN = monthOf(2016, 1);

/** The households whose origin is the village, wherever they live now. */
export function householdsFrom(village: Village): Household[] {
  return cutIntoHouseholds(village).map(({ firstSlot, size }) =>
    describeHousehold(village, firstSlot, size, householdRandom(village.county, firstSlot)),
  );
}

/** The households that live in the village in a month: first those of old, then those who moved in from the village before it. */
export function householdsIn(village: Village, month: MonthNumber): Household[] {
  const { villages } = village.county;
  const before = villages[(village.index + villages.length - 1) % villages.length]!;
  const households: Household[] = [];
  for (const source of before === village ? [village] : [village, before]) {
    for (const { firstSlot, size } of cutIntoHouseholds(source)) {
      const random = householdRandom(village.county, firstSlot);
      const moved = before !== village && month >= moveMonth(random);
      if (moved === (source !== village)) households.push(describeHousehold(source, firstSlot, size, random));
    }
  }
  return households;
}

export function villageAt(household: Household, month: MonthNumber): Village {
  const { origin } = household;
  const { villages } = origin.county;
  return month < moveMonth(household.random) ? origin : villages[(origin.index + 1) % villages.length]!;
}

function householdRandom(county: County, firstSlot: number): RandomSource {
  return county.random.derive(purpose.slot).derive(firstSlot);
}

/** The month in which the household moves to the next village of the county. */
function moveMonth(random: RandomSource): MonthNumber {
  return MOVES_BEGIN + random.below(MONTHS_PER_MOVE, purpose.moveMonth);
}

/** Of the person in the household's place `position`; the head is always generation 0. */
export function memberRandom(household: RandomSource, position: number, generation: number): RandomSource {
  return placeRandom(household, position).derive(generation);
}

export function placeRandom(household: RandomSource, position: number): RandomSource {
  return household.derive(position + 1);
}

function describeHousehold(origin: Village, firstSlot: number, size: number, random: RandomSource): Household {
  const { county } = origin;
  const ethnicity = random.pick(ethnicitiesOf(county.code), purpose.ethnicity);
  const kind = random.pick(CLASSES, purpose.householdClass);
  // Those who were never poor enter the lists as monitored; the others are watched since some later month.
  const monitoredFrom =
    kind === "unstable"
      ? monthOf(2020, 6) + random.below(54, purpose.monitoredFrom)
      : monthOf(2018, 3) + random.below(20, purpose.monitoredFrom);
  const clears = kind === "unstable" && random.chance(0.5, purpose.clearedAfter, 1);
  const family = surname(random, ethnicity.id);
  const headSex = random.chance(0.84, purpose.headSex) ? "male" : "female";
  return {
    origin,
    firstSlot,
    size,
    random,
    number: county.code + String(firstSlot + 1).padStart(6, "0"),
    ethnicity,
    surname: family,
    headSex,
    headName: family + givenName(memberRandom(random, 0, 0), headSex),
    headAge: headAge(random, size),
    class: kind,
    liftedYear: 2014 + random.below(7, purpose.liftedYear),
    monitoredFrom,
    clearedIn: clears ? monitoredFrom + 12 + random.below(40, purpose.clearedAfter) : null,
    relocatedIn: random.chance(RELOCATED_SHARE, purpose.relocated)
      ? 2017 + random.below(3, purpose.relocatedYear)
      : null,
    dependants: random.below(4, purpose.dependants),
    risk: random.pick(RISKS, purpose.risk),
  };
}

/** Parents of grown children are middle-aged; who lives alone may be of any age. */
function headAge(random: RandomSource, size: number): number {
  const u = random.below(1000, purpose.headAge) / 1000;
  const v = random.below(1000, purpose.headAge, 1) / 1000;
  if (size === 1) return 19 + Math.floor(u * 49);
  if (size === 2) return 27 + Math.floor(((u + v) / 2) * 42);
  if (size <= 4) return 40 + Math.floor(((u + v) / 2) * 26);
  return 45 + Math.floor(((u + v) / 2) * 15);
}
