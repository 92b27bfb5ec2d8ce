import { education, ethnicity, maritalStatus, numberOf, sex, type Dictionary } from "#registry/contract";
import { dayIn, isoDay, lastDayOf, monthOfDay, type DayNumber, type MonthNumber } from "./calendar.ts";
import { hasEnded, type Spell } from "./career.ts";
import type { Employer } from "./employers.ts";
import { membershipsOf, perCapitaIncome } from "./groups.ts";
import { bankAccount } from "./numbers.ts";
import type { Population, Standing } from "./population.ts";
import { purpose } from "./purposes.ts";
import { choice, type Choice } from "./random.ts";
import { contractsOf, contributionsOf, insuredKinds, wagePaymentOf } from "./registers.ts";

/**
 * Rows of schema `registry` as they stand on a day, in the columns' own values (dictionary ids, standard numbers, fen, ISO
 * days), but with the numbers of persons in clear: whoever loads them makes ids, hashes, masks and envelopes with the
 * installation's keys. `identityNumber` ties a row to its person, `householdNo` to its household.
 */
export interface PersonRow {
  readonly identityNumber: string;
  readonly name: string;
  readonly sex: number;
  readonly birthDate: string;
  readonly ethnicity: number | null;
  readonly education: number | null;
  readonly maritalStatus: number | null;
  readonly homeRegion: string;
  readonly residenceRegion: string;
  readonly householdNo: string;
  readonly relationToHead: string;
  readonly labourCapacity: string;
  readonly health: string;
  readonly jobWilling: boolean;
  readonly trainingWilling: boolean;
  readonly desiredRegion: string | null;
  readonly skills: string | null;
  readonly address: string;
  readonly phone: string | null;
  readonly bankAccount: string;
  readonly workState: "working" | "idle" | "to-verify";
  readonly recordedOn: string;
}

export interface HouseholdRow {
  readonly householdNo: string;
  readonly headName: string;
  readonly homeRegion: string;
  readonly kind: "lifted-from-poverty" | "monitored";
  readonly perCapitaIncomeFen: number;
  readonly relocationSite: string | null;
}

export interface CategoryRow {
  readonly category: string;
  readonly validFrom: string;
  readonly validFromPrecision: "day" | "month" | "year";
  readonly validTo: string | null;
  readonly detail: string | null;
}

export interface EmploymentRow {
  readonly employerName: string;
  readonly workRegion: string;
  readonly startDate: string;
  readonly startPrecision: "day" | "month";
  readonly endDate: string | null;
  readonly endPrecision: "day" | "month" | null;
  readonly endReason: string | null;
  /** End of the spell before at the same employer: what the table's chain needs. */
  readonly previousEnd: string | null;
  readonly form: string;
  readonly channel: string;
  readonly industry: string;
  readonly occupation: string;
  readonly monthlyWageFen: number;
}

export interface ContractRow {
  readonly employerName: string;
  readonly startDate: string;
  readonly endDate: string;
  readonly kind: string;
  readonly signedOn: string;
  readonly monthlyWageFen: number;
}

export interface InsuranceMonthRow {
  readonly month: string;
  readonly kind: "pension" | "unemployment" | "work-injury" | "medical";
  readonly employerName: string;
  readonly insuredRegion: string;
  readonly baseFen: number;
  readonly employerPartFen: number;
  readonly personPartFen: number;
  readonly status: "paid" | "deferred" | "owed";
}

export interface WageMonthRow {
  readonly month: string;
  readonly employerName: string;
  readonly amountFen: number;
  readonly paidOn: string;
  readonly method: string;
}

export interface AccessRow {
  readonly region: string;
  readonly ground: "residence" | "work" | "insurance";
  readonly validFrom: string;
}

export interface EmployerRow {
  readonly creditCode: string | null;
  readonly name: string;
  readonly region: string;
  readonly kind: Employer["kind"];
  readonly size: Employer["size"];
  readonly industry: string;
  readonly status: Employer["status"];
}

/** A person with all rows that belong to it: made in one go, because a life costs more to compute than to write. */
export interface PersonRecord {
  readonly person: PersonRow;
  /** Given once per household, with its first person. */
  readonly household: HouseholdRow | null;
  readonly categories: readonly CategoryRow[];
  readonly employments: readonly EmploymentRow[];
  readonly contracts: readonly ContractRow[];
  readonly insuranceMonths: readonly InsuranceMonthRow[];
  readonly wageMonths: readonly WageMonthRow[];
  readonly access: readonly AccessRow[];
}

export interface RegistryOptions {
  /** How many months of contributions and wages, counted back from the last whole month. */
  readonly registerMonths: number;
}

const KIND_IDS = {
  企业职工基本养老保险: "pension",
  失业保险: "unemployment",
  工伤保险: "work-injury",
  医疗保险: "medical",
} as const;
const DESIRED: Choice<string | null> = choice([
  [null, 70],
  ["省外", 12],
  ["省内县外", 7],
  ["县内", 11],
]);

/** Everybody whom a registry kept up to the day knows: those on the list, and those missing from it only for a while (state to-verify). */
export function* personRecords(
  population: Population,
  day: DayNumber,
  { registerMonths }: RegistryOptions,
): Generator<PersonRecord> {
  const seen = { household: "" };
  for (const standing of population.known(day)) {
    const number = standing.household.number;
    yield personRecord(population, standing, day, registerMonths, number !== seen.household);
    seen.household = number;
  }
}

export function* employerRows(population: Population): Generator<EmployerRow> {
  for (const { creditCode, name, region, kind, size, industry, status } of population.employers.all(
    population.counties,
  )) {
    yield { creditCode, name, region, kind, size, industry: industry.id, status };
  }
}

/** The last month that is over on the day. */
export function lastWholeMonth(day: DayNumber): MonthNumber {
  const month = monthOfDay(day);
  return lastDayOf(month) === day ? month : month - 1;
}

function personRecord(
  population: Population,
  standing: Standing,
  day: DayNumber,
  registerMonths: number,
  withHousehold: boolean,
): PersonRecord {
  const { person, household } = standing;
  // Of somebody missing for a while the registry knows what was last reported.
  const spells = [...population.spellsUntil(standing.day, standing)];
  const current = standing.working ? spells.at(-1)! : null;
  const insuranceMonths: InsuranceMonthRow[] = [];
  const wageMonths: WageMonthRow[] = [];
  const lastMonth = lastWholeMonth(day);
  for (let month = lastMonth - registerMonths + 1; month <= lastMonth; month++) {
    for (const spell of spells) {
      for (const { kind, status, baseFen, employerPartFen, personPartFen } of contributionsOf(spell, person, month)) {
        insuranceMonths.push({
          month: isoDay(dayIn(month, 1)),
          kind: KIND_IDS[kind],
          employerName: spell.employer.name,
          insuredRegion: spell.place.code,
          baseFen,
          employerPartFen,
          personPartFen,
          status,
        });
      }
      const wage = wagePaymentOf(spell, person, month);
      if (wage !== null)
        wageMonths.push({
          month: isoDay(dayIn(month, 1)),
          employerName: spell.employer.name,
          amountFen: wage.amountFen,
          paidOn: isoDay(wage.paidOn),
          method: wage.method,
        });
    }
  }
  return {
    person: personRow(standing, current, day),
    household: withHousehold ? householdRow(standing) : null,
    categories: membershipsOf(standing).map(({ category, from, fromPrecision, to, detail }) => ({
      category,
      validFrom: from,
      validFromPrecision: fromPrecision,
      validTo: to,
      detail,
    })),
    employments: employmentRows(spells, standing),
    contracts: spells.flatMap((spell) =>
      [...contractsOf(spell, person, standing.day)].map((term) => ({
        employerName: spell.employer.name,
        startDate: isoDay(term.start),
        endDate: isoDay(term.end),
        kind: term.kind,
        signedOn: isoDay(term.signedOn),
        monthlyWageFen: term.monthlyWage * 100,
      })),
    ),
    insuranceMonths,
    wageMonths,
    access:
      current === null || current.place.code === household.origin.county.code ? [] : accessRows(standing, current),
  };
}

function personRow(standing: Standing, current: Spell | null, day: DayNumber): PersonRow {
  const { person, household, village } = standing;
  const married =
    person.relation === "配偶" || person.relation === "之儿媳" || (person.relation === "户主" && household.size > 2);
  return {
    identityNumber: person.identityNumber,
    name: person.name,
    sex: stored(sex, person.sex)!,
    birthDate: isoDay(person.birth),
    ethnicity: stored(ethnicity, household.ethnicity.id),
    education: stored(education, person.education.id),
    maritalStatus: stored(maritalStatus, married ? "married" : "single"),
    homeRegion: village.code,
    residenceRegion: livesAway(standing, current) ? current!.place.code : village.code,
    householdNo: household.number,
    relationToHead: person.relation,
    labourCapacity: person.labour.id,
    health: person.health.id,
    jobWilling: standing.jobWilling,
    trainingWilling: standing.trainingWilling,
    desiredRegion: standing.jobWilling ? person.random.pick(DESIRED, purpose.desired) : null,
    skills: standing.skill || null,
    address: `${village.county.name}${village.town}${village.name}`,
    phone: standing.phone || null,
    bankAccount: bankAccount(person.random),
    workState: standing.listing === "away" ? "to-verify" : standing.working ? "working" : "idle",
    recordedOn: isoDay(day),
  };
}

function householdRow(standing: Standing): HouseholdRow {
  const { household, village } = standing;
  return {
    householdNo: household.number,
    headName: household.headName,
    homeRegion: village.code,
    kind: household.class === "lifted" ? "lifted-from-poverty" : "monitored",
    perCapitaIncomeFen: perCapitaIncome(standing) * 100,
    relocationSite: household.relocatedIn === null ? null : `${village.town}集中安置点`,
  };
}

/** Wages as first agreed for spells that are over, as paid now for the current one: what the ledgers of those months said last. */
function employmentRows(spells: readonly Spell[], standing: Standing): EmploymentRow[] {
  const lastEnds = new Map<string, string>();
  return spells.map((spell) => {
    const ended = hasEnded(spell, standing.day);
    const endDate = ended ? isoDay(spell.end) : null;
    const precision = spell.monthOnly ? "month" : "day";
    const previousEnd = lastEnds.get(spell.employer.name) ?? null;
    if (endDate !== null) lastEnds.set(spell.employer.name, endDate);
    return {
      employerName: spell.employer.name,
      workRegion: spell.place.code,
      startDate: isoDay(spell.start),
      startPrecision: precision,
      endDate,
      endPrecision: ended ? precision : null,
      endReason: ended ? spell.endReason : null,
      previousEnd,
      form: spell.form.id,
      channel: spell.channel.id,
      industry: spell.industry.id,
      occupation: spell.occupation,
      monthlyWageFen: (spell === spells.at(-1) ? standing.wage! : spell.firstWage) * 100,
    };
  });
}

function livesAway({ person, household }: Standing, current: Spell | null): boolean {
  return (
    current !== null &&
    current.place.code !== household.origin.county.code &&
    person.random.chance(0.6, purpose.residence)
  );
}

function accessRows(standing: Standing, current: Spell): AccessRow[] {
  const validFrom = isoDay(current.start);
  const region = current.place.code;
  const rows: AccessRow[] = [{ region, ground: "work", validFrom }];
  if (livesAway(standing, current)) rows.push({ region, ground: "residence", validFrom });
  if (insuredKinds(current, standing.person).length > 0) rows.push({ region, ground: "insurance", validFrom });
  return rows;
}

const storedNumbers = new Map<Dictionary<string>, Map<string, number | null>>();

/** The number that a number column holds for a dictionary's id. Throws for an id that the dictionary does not have. */
function stored(dictionary: Dictionary<string>, id: string): number | null {
  let numbers = storedNumbers.get(dictionary);
  if (numbers === undefined)
    storedNumbers.set(
      dictionary,
      (numbers = new Map(dictionary.ids.map((known) => [known, numberOf(dictionary, known)]))),
    );
  const number = numbers.get(id);
  if (number === undefined) throw new Error(`${dictionary.title} has no ${id}`);
  return number;
}
