import { dayIn, daysInMonth, monthOf, monthOfDay, type DayNumber, type MonthNumber } from "./calendar.ts";
import { body, type Employer, type Employers } from "./employers.ts";
import type { Household } from "./household.ts";
import { oddJobs, ownBusiness, platformWork, type Industry } from "./industries.ts";
import type { Coded, Person } from "./person.ts";
import type { Destinations, Place } from "./places.ts";
import { purpose } from "./purposes.ts";
import { choice, type Choice, type RandomSource } from "./random.ts";
import type { County } from "./territory.ts";

/** One stay at one employer. */
export interface Spell {
  /** Number in the person's life; later spells have greater ones. */
  readonly epoch: number;
  readonly firstMonth: MonthNumber;
  readonly start: DayNumber;
  /** The last month of work, known to the generator before it comes. */
  readonly lastMonth: MonthNumber;
  readonly end: DayNumber;
  /** Offices know start and end to the month only. */
  readonly monthOnly: boolean;
  readonly employer: Employer;
  readonly place: Place;
  readonly form: Coded;
  readonly channel: Coded;
  readonly industry: Industry;
  readonly occupation: string;
  readonly firstWage: number;
  readonly endReason: string;
}

/** Earlier spells are on no list. */
const RECORDS_BEGIN = monthOf(2016, 1);

const FORMS = {
  employer: { id: "employer", word: "单位就业" },
  contract: { id: "contract", word: "合同制就业" },
  flexible: { id: "flexible", word: "灵活就业" },
  "new-form": { id: "new-form", word: "新就业形态" },
  startup: { id: "startup", word: "自主创业" },
  "welfare-post": { id: "welfare-post", word: "公益性岗位" },
  workshop: { id: "workshop", word: "就业帮扶车间" },
  "work-for-relief": { id: "work-for-relief", word: "以工代赈" },
} as const satisfies Record<string, Coded>;
type FormId = keyof typeof FORMS;

/** Shares of all at work (hn-2024-102): 16.42 of 254.2 万 in public posts, 10.5 of 254.2 万 with carriers. */
export const WELFARE_POST_SHARE = 16.42 / 254.2;
export const CARRIER_SHARE = 10.5 / 254.2;
const RELIEF_SHARE = 0.012;
const STARTUP_SHARE = 0.032;
const FLEXIBLE_SHARE = 0.14;
/** A public post is work for life's second half; factors on the share by age, such that the whole keeps the share. */
const POST_BY_AGE: readonly (readonly [number, number])[] = [
  [30, 0.1],
  [40, 0.53],
  [50, 0.96],
  [60, 1.56],
  [99, 1.88],
];

const otherForms: Choice<FormId> = (() => {
  const rest = 1 - WELFARE_POST_SHARE;
  return choice<FormId>([
    ["workshop", CARRIER_SHARE],
    ["work-for-relief", RELIEF_SHARE],
    ["startup", STARTUP_SHARE],
    ["flexible", FLEXIBLE_SHARE * 0.86],
    ["new-form", FLEXIBLE_SHARE * 0.14],
    ["contract", 0.42],
    ["employer", rest - CARRIER_SHARE - RELIEF_SHARE - STARTUP_SHARE - FLEXIBLE_SHARE - 0.42],
  ]);
})();
/** Those who cannot leave the home county by the nature of their work. */
const HOME_SHARE = WELFARE_POST_SHARE + CARRIER_SHARE + RELIEF_SHARE + STARTUP_SHARE;

const CHANNELS: Choice<Coded> = choice([
  [{ id: "own", word: "自主外出" }, 42],
  [{ id: "relatives", word: "亲友介绍" }, 31],
  [{ id: "government", word: "政府组织输出" }, 8],
  [{ id: "cooperation", word: "劳务协作" }, 4],
  [{ id: "agency", word: "人力资源服务机构介绍" }, 4],
  [{ id: "broker", word: "劳务经纪人介绍" }, 3],
  [{ id: "village", word: "村组干部或驻村工作队介绍" }, 4],
  [{ id: "recruitment-event", word: "招聘会" }, 2],
  [{ id: "online", word: "网络招聘" }, 2],
]);
const LOCAL_FORMS: ReadonlySet<FormId> = new Set(["welfare-post", "workshop", "work-for-relief"]);
const OWN_FORMS: ReadonlySet<FormId> = new Set(["startup", "flexible"]);
const LOCAL_CHANNEL: Coded = { id: "local-carrier", word: "就地安置" };
const OWN_CHANNEL: Coded = { id: "own", word: "自主外出" };

const IDLE: Choice<number> = choice([
  [0, 26],
  [1, 26],
  [2, 24],
  [3, 14],
  [5, 10],
]);
const IDLE_MOBILE: Choice<number> = choice([
  [0, 40],
  [1, 35],
  [2, 25],
]);
const END_REASONS: Choice<string> = choice([
  ["返乡", 34],
  ["合同到期", 22],
  ["个人原因离职", 26],
  ["企业减员", 10],
  ["照顾家庭", 8],
]);

/**
 * Working life in epochs of one length per person: a while without work, then one employer to the end of the epoch. So the
 * spell of any month is found at once, spells cannot overlap, and jobs change at an even rate.
 */
export class Careers {
  readonly #employers: Employers;
  readonly #destinations: Destinations;
  readonly #outsideShare: number;
  readonly #ownOccupations = new Map<string, Employer>();
  readonly #homes = new Map<County, Place>();

  constructor(employers: Employers, destinations: Destinations) {
    this.#employers = employers;
    this.#destinations = destinations;
    this.#outsideShare = destinations.outsideShare / (1 - HOME_SHARE);
  }

  /** The spell that the day falls into, or the last one before it; null for somebody who has not worked. */
  spellAt(day: DayNumber, person: Person, household: Household): Spell | null {
    const rhythm = rhythmOf(person);
    if (rhythm === null) return null;
    const month = monthOfDay(day);
    const epoch = Math.floor((month + rhythm.phase) / rhythm.period);
    const current = spanOf(epoch, rhythm, person);
    if (current !== null && current.firstMonth <= month) {
      const spell = this.#describe(current, rhythm, person, household);
      if (spell.start <= day) return spell;
    }
    const before = spanOf(epoch - 1, rhythm, person);
    return before === null ? null : this.#describe(before, rhythm, person, household);
  }

  /** All spells that have begun by the day, oldest first. */
  *spellsUntil(day: DayNumber, person: Person, household: Household): Generator<Spell> {
    const rhythm = rhythmOf(person);
    if (rhythm === null) return;
    const last = Math.floor((monthOfDay(day) + rhythm.phase) / rhythm.period);
    for (let epoch = rhythm.firstEpoch; epoch <= last; epoch++) {
      const span = spanOf(epoch, rhythm, person);
      const spell = span === null ? null : this.#describe(span, rhythm, person, household);
      if (spell !== null && spell.start <= day) yield spell;
    }
  }

  #describe(span: Span, rhythm: Rhythm, person: Person, household: Household): Spell {
    const { random } = person;
    const { epoch } = span;
    // Going back to the last employer takes a break between: without one it would be the same spell.
    const back = epoch > rhythm.firstEpoch && span.idle > 0 && random.chance(0.22, purpose.sameEmployer, epoch);
    const monthOnly = random.chance(0.25, purpose.monthOnly, epoch);
    const lastDay = daysInMonth(span.lastMonth);
    return this.#work(back ? epoch - 1 : epoch, person, household, {
      epoch,
      firstMonth: span.firstMonth,
      lastMonth: span.lastMonth,
      start: dayIn(span.firstMonth, monthOnly ? 1 : 1 + random.below(28, purpose.startDay, epoch)),
      end: dayIn(span.lastMonth, monthOnly ? lastDay : 1 + random.below(lastDay, purpose.endDay, epoch)),
      monthOnly,
    });
  }

  /** `at`: the epoch that decided about the work; an earlier one where the person went back. */
  #work(at: number, person: Person, household: Household, dates: Dates): Spell {
    const { random } = person;
    const formId = isForPublicPost(person) ? "welfare-post" : random.pick(otherForms, purpose.form, at);
    const { county } = household.origin;
    let place = this.#homeOf(county);
    let employer: Employer;
    switch (formId) {
      case "welfare-post":
        employer = this.#employers.villageCommittee(household.origin);
        break;
      case "workshop":
        employer = this.#oneOf(this.#employers.carriers(county), random, at);
        break;
      case "work-for-relief":
        employer = this.#oneOf(this.#employers.reliefProjects(county), random, at);
        break;
      case "startup":
        employer = this.#own(ownBusiness, formId, random, at);
        break;
      case "flexible":
      case "new-form":
        place = this.#placeOf(county, random, at);
        employer = this.#own(formId === "flexible" ? oddJobs : platformWork, formId, random, at);
        break;
      case "contract":
      case "employer": {
        place = this.#placeOf(county, random, at);
        const pool =
          place.code === county.code
            ? this.#employers.ownCounty(county)
            : this.#isOutside(place, county)
              ? this.#employers.outside(place)
              : this.#employers.inside(place);
        employer = this.#oneOf(pool, random, at);
        break;
      }
    }
    const { industry } = employer;
    const occupation = random.pick(industry.occupations, purpose.trade, at);
    const [from, to] = industry.wage;
    const firstWage = Math.round((from + random.below(to - from + 1, purpose.wage, at)) / 50) * 50;
    return {
      // Field by field: spreading `dates` takes longer than all draws together.
      epoch: dates.epoch,
      firstMonth: dates.firstMonth,
      lastMonth: dates.lastMonth,
      start: dates.start,
      end: dates.end,
      monthOnly: dates.monthOnly,
      employer,
      place,
      form: FORMS[formId],
      channel: LOCAL_FORMS.has(formId)
        ? LOCAL_CHANNEL
        : OWN_FORMS.has(formId)
          ? OWN_CHANNEL
          : random.pick(CHANNELS, purpose.channel, dates.epoch),
      industry,
      occupation,
      firstWage,
      endReason: random.pick(END_REASONS, purpose.endReason, dates.epoch),
    };
  }

  #placeOf(county: County, random: RandomSource, at: number): Place {
    if (random.chance(this.#outsideShare, purpose.outside, at))
      return random.pick(this.#destinations.outside, purpose.place, at);
    if (random.chance(this.#destinations.ownCountyShare, purpose.localKind, at)) return this.#homeOf(county);
    const place = random.pick(this.#destinations.inside, purpose.place, at);
    return place.code === county.code ? this.#homeOf(county) : place;
  }

  #isOutside(place: Place, county: County): boolean {
    return !place.code.startsWith(county.code.slice(0, 2));
  }

  #homeOf(county: County): Place {
    let home = this.#homes.get(county);
    if (home === undefined) {
      home = {
        code: county.code,
        province: county.province,
        prefecture: county.prefecture,
        county: county.name,
        share: 1,
      };
      this.#homes.set(county, home);
    }
    return home;
  }

  #oneOf(pool: { readonly count: number; get(index: number): Employer }, random: RandomSource, at: number): Employer {
    return pool.get(random.below(pool.count, purpose.employerAt, at));
  }

  /** Work without an employer, written as offices write it: 装修零工（灵活就业）. */
  #own(industry: Industry, formId: FormId, random: RandomSource, at: number): Employer {
    const occupation = random.pick(industry.occupations, purpose.trade, at);
    const name = `${occupation}（${FORMS[formId].word}）`;
    let own = this.#ownOccupations.get(name);
    if (own === undefined) this.#ownOccupations.set(name, (own = body(name, "", "other", industry)));
    return own;
  }
}

/** Wage of the spell in a month, in yuan: a rise now and then, in whole fifties. */
export function wageAt(month: MonthNumber, spell: Spell, person: Person): number {
  const until = Math.min(month, spell.lastMonth);
  const rises = Math.floor(
    (until - spell.firstMonth + person.random.below(MONTHS_PER_RISE, purpose.wagePhase, spell.epoch)) / MONTHS_PER_RISE,
  );
  return rises === 0 ? spell.firstWage : Math.round((spell.firstWage * (100 + 6 * rises)) / 5000) * 50;
}

const MONTHS_PER_RISE = 96;

/** Whether the spell has ended by the end of the day. */
export function hasEnded(spell: Spell, day: DayNumber): boolean {
  return spell.end <= day;
}

function isForPublicPost(person: Person): boolean {
  const ageIn2024 = 2024 - Math.floor(person.birth / 10_000);
  const factor = POST_BY_AGE.find(([until]) => ageIn2024 < until)![1];
  return person.random.chance(WELFARE_POST_SHARE * factor, purpose.welfarePost);
}

type Dates = Pick<Spell, "epoch" | "firstMonth" | "lastMonth" | "start" | "end" | "monthOnly">;

interface Rhythm {
  readonly mobile: boolean;
  readonly period: number;
  readonly phase: number;
  readonly begins: MonthNumber;
  readonly firstEpoch: number;
}

function rhythmOf(person: Person): Rhythm | null {
  if (person.outOfLabour) return null;
  const { random } = person;
  const mobile = random.chance(0.14, purpose.mobile);
  const period = mobile ? 18 + random.below(14, purpose.period) : 72 + random.below(96, purpose.period);
  const phase = random.below(period, purpose.periodPhase);
  const begins =
    person.birthMonth +
    12 * (person.education.id === "junior-college" ? 21 : person.education.id === "bachelor" ? 22 : 17) +
    random.below(24, purpose.careerDelay);
  return { mobile, period, phase, begins, firstEpoch: Math.floor((Math.max(begins, RECORDS_BEGIN) + phase) / period) };
}

type Span = Pick<Spell, "epoch" | "firstMonth" | "lastMonth"> & { readonly idle: number };

function spanOf(epoch: number, rhythm: Rhythm, person: Person): Span | null {
  if (epoch < rhythm.firstEpoch) return null;
  const begins = epoch * rhythm.period - rhythm.phase;
  const idle = person.random.pick(rhythm.mobile ? IDLE_MOBILE : IDLE, purpose.idle, epoch);
  const firstMonth = Math.max(begins + idle, rhythm.begins);
  const lastMonth = begins + rhythm.period - 1;
  return firstMonth < lastMonth ? { epoch, idle, firstMonth, lastMonth } : null;
}
