import { lastDayOf, monthNumber, monthOfDay, type DayNumber, type MonthNumber } from "./calendar.ts";
import { Careers, hasEnded, wageAt, type Spell } from "./career.ts";
import { Employers } from "./employers.ts";
import {
  householdsIn,
  memberRandom,
  placeRandom,
  villageAt,
  type Household,
  type HouseholdClass,
} from "./household.ts";
import { FIRST_MONTH, generationAt, LAST_MONTH, listingAt, type Generation, type Listing } from "./listing.ts";
import { phoneNumber } from "./numbers.ts";
import { describePerson, type Person } from "./person.ts";
import { destinationsOf } from "./places.ts";
import { purpose } from "./purposes.ts";
import { choice, RandomSource, type Choice } from "./random.ts";
import { layOutTerritory, type County, type DivisionRow, type Village } from "./territory.ts";

export interface PopulationOptions {
  readonly seed: string;
  /** Code of a province, prefecture, county or village. */
  readonly region: string;
  /** Persons on the ledger in a month, near enough: one month differs from the next. */
  readonly persons: number;
  readonly divisions: Iterable<DivisionRow>;
}

/** What is true of one listed person on one day; what every table about persons is made of. */
export interface Standing {
  readonly person: Person;
  readonly household: Household;
  /** Where the household lives on that day. */
  readonly village: Village;
  readonly listing: Listing;
  readonly day: DayNumber;
  /** The current spell, or the last one if there is none. */
  readonly spell: Spell | null;
  readonly working: boolean;
  /** Yuan a month, now or in the end. */
  readonly wage: number | null;
  /** Empty for those who gave none. */
  readonly phone: string;
  readonly category: HouseholdClass;
  readonly jobWilling: boolean;
  readonly trainingWilling: boolean;
  readonly skill: string;
}

/** Of all places for persons, this share is taken and listed in a month. */
const LISTED_SHARE = 0.967;

const MONTHS_PER_PHONE = 330;
const MONTHS_PER_JOB_WISH = 500;
const MONTHS_PER_TRAINING_WISH = 500;
const SKILLS: Choice<string> = choice([
  ["", 820],
  ["电焊", 24],
  ["缝纫", 28],
  ["厨师", 22],
  ["驾驶", 30],
  ["砌筑", 24],
  ["水电安装", 12],
  ["家政服务", 16],
  ["养殖", 14],
  ["挖掘机操作", 10],
]);

/**
 * A made-up territory. Nobody is stored: a person's life is computed from the seed, the county and the place in it, so any
 * month can be told in any order with the same outcome, and memory does not grow with the number of persons.
 */
export class Population {
  readonly region: string;
  readonly counties: readonly County[];
  readonly employers: Employers;
  /** What another thread needs to make the same population. */
  readonly options: PopulationOptions & { readonly divisions: readonly DivisionRow[] };
  readonly #careers: Careers;

  constructor({ seed, region, persons, divisions }: PopulationOptions) {
    const random = RandomSource.fromSeed(seed);
    // Villages of other provinces are none of our business; counties are where people work.
    const rows = [...divisions].flatMap(({ code, name }) =>
      code.length <= 6 || code.startsWith(region.slice(0, 2)) ? [{ code, name }] : [],
    );
    this.options = { seed, region, persons, divisions: rows };
    this.region = region;
    this.counties = layOutTerritory(rows, region, Math.round(persons / LISTED_SHARE), random);
    const destinations = destinationsOf(region.slice(0, 2), rows);
    this.employers = new Employers(random, persons, destinations);
    this.#careers = new Careers(this.employers, destinations);
  }

  /** Those on the list on a day, village by village in the order of the divisions. */
  *listed(day: DayNumber): Generator<Standing> {
    for (const county of this.counties) for (const village of county.villages) yield* this.listedIn(village, day);
  }

  /** Those on the list of one village on a day. */
  listedIn(village: Village, day: DayNumber): Standing[] {
    const listed: Standing[] = [];
    for (const household of householdsIn(village, monthOfDay(day))) {
      for (let position = 0; position < household.size; position++) {
        const standing = this.standing(household, position, day);
        if (standing?.listing === "listed") listed.push(standing);
      }
    }
    return listed;
  }

  /** Those on the list and, as last seen, those missing from it only for a while: whom a registry kept from month to month knows. */
  *known(day: DayNumber): Generator<Standing> {
    for (const county of this.counties) {
      for (const village of county.villages) {
        for (const household of householdsIn(village, monthOfDay(day))) {
          for (let position = 0; position < household.size; position++) {
            const standing = this.standing(household, position, day);
            if (standing?.listing === "listed") yield standing;
            else if (standing?.listing === "away")
              yield { ...this.#lastListed(household, position, day), listing: "away" };
          }
        }
      }
    }
  }

  /** Null when nobody of this place is on the list or missing from it for a while. */
  standing(household: Household, position: number, day: DayNumber): Standing | null {
    const member = memberAt(household, position, monthOfDay(day));
    return member === null || member.listing === "not-yet" || member.listing === "removed"
      ? null
      : this.#standingOf(member, household, position, day);
  }

  *spellsUntil(day: DayNumber, { person, household }: Standing): Generator<Spell> {
    yield* this.#careers.spellsUntil(day, person, household);
  }

  #lastListed(household: Household, position: number, day: DayNumber): Standing {
    for (let month = monthOfDay(day) - 1; ; month--) {
      const standing = this.standing(household, position, lastDayOf(month));
      if (standing === null) throw new Error("an absence begins while the person is listed");
      if (standing.listing === "listed") return standing;
    }
  }

  #standingOf({ person, listing }: Member, household: Household, position: number, day: DayNumber): Standing {
    const { random } = person;
    const month = monthOfDay(day);
    const spell = this.#careers.spellAt(day, person, household);
    return {
      person,
      household,
      village: villageAt(household, month),
      listing,
      day,
      spell,
      working: spell !== null && !hasEnded(spell, day),
      wage: spell === null ? null : wageAt(month, spell, person),
      phone: random.chance(0.03, purpose.phoneNone)
        ? ""
        : phoneNumber(random, epochOf(month, MONTHS_PER_PHONE, random, purpose.phonePhase)),
      category: categoryAt(household, month),
      jobWilling:
        !person.outOfLabour &&
        random.chance(0.94, purpose.jobWill, epochOf(month, MONTHS_PER_JOB_WISH, random, purpose.jobWillPhase)),
      trainingWilling:
        !person.outOfLabour &&
        random.chance(
          0.24,
          purpose.trainingWill,
          epochOf(month, MONTHS_PER_TRAINING_WISH, random, purpose.trainingWillPhase),
        ),
      skill: random.pick(SKILLS, purpose.skill),
    };
  }
}

/** "2025-06" is the whole month, "2025-06-18" the state on that day. Throws outside the months on offer. */
export function dayOf(text: string): DayNumber {
  const day = text.length === 7 ? lastDayOf(monthNumber(text)) : Number(text.replaceAll("-", ""));
  const month = monthOfDay(day);
  if (!(month >= FIRST_MONTH && month <= LAST_MONTH))
    throw new RangeError(`months from 2020-01 to 2029-12 can be generated, not ${text}`);
  return day;
}

interface Member {
  readonly person: Person;
  readonly generation: Generation;
  readonly listing: Listing;
}

/** The person whose turn it is in a place, or null in the gap between two. */
export function memberAt(household: Household, position: number, month: MonthNumber): Member | null {
  const generation = generationAt(month, position, placeRandom(household.random, position));
  if (month >= generation.ends) return null;
  const random = memberRandom(household.random, position, generation.number);
  const person = describePerson(household, household.firstSlot + position, position, generation.number, random);
  return { person, generation, listing: listingAt(month, generation, person.birthMonth, random) };
}

function categoryAt(household: Household, month: MonthNumber): HouseholdClass {
  if (household.class !== "unstable") return household.class;
  const watched = month >= household.monitoredFrom && (household.clearedIn === null || month < household.clearedIn);
  return watched ? "unstable" : "lifted";
}

/** Number of the stretch of months the month falls into; a fact kept by stretches changes once in `length` months. */
function epochOf(month: MonthNumber, length: number, random: RandomSource, phase: number): number {
  return Math.floor((month + random.below(length, phase)) / length);
}
