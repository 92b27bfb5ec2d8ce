import { monthOfDay, type DayNumber } from "./calendar.ts";
import { hasEnded } from "./career.ts";
import { householdsFrom, type Household } from "./household.ts";
import { firstListed } from "./listing.ts";
import { memberAt, type Population, type Standing } from "./population.ts";

export type DifferenceKind = "new" | "changed" | "vanished" | "returned" | "moved";

/** What a ledger of the later day must be found to say about a person, against a registry that stands as on the earlier day. */
export interface Difference {
  readonly kind: DifferenceKind;
  readonly identityNumber: string;
  readonly name: string;
  /** Code of the village in the later ledger; of the earlier one for the vanished. */
  readonly village: string;
  /** Fields of the work ledger that read differently; empty for whole rows that came or went. */
  readonly fields: readonly string[];
}

/** Facts of the work ledger that can change, by the name of the ledger's field. */
const facts: Readonly<Record<string, (standing: Standing) => unknown>> = {
  village: ({ village }) => village.code,
  category: ({ category }) => category,
  phone: ({ phone }) => phone,
  working: ({ working }) => working,
  employer: ({ spell }) => spell?.employer.name,
  workPlace: ({ spell }) => spell?.place.code,
  industry: ({ spell }) => spell?.industry.word,
  occupation: ({ spell }) => spell?.occupation,
  form: ({ spell }) => spell?.form.id,
  channel: ({ spell }) => spell?.channel.id,
  startDate: ({ spell }) => spell?.start,
  endDate: ({ spell, day }) => (spell !== null && hasEnded(spell, day) ? spell.end : null),
  monthlyWage: ({ wage }) => wage,
  jobWilling: ({ jobWilling }) => jobWilling,
  trainingWilling: ({ trainingWilling }) => trainingWilling,
};
const factEntries = Object.entries(facts);

/** Every difference between the work ledgers of two days, by the village of origin. Persons who do not differ are left out. */
export function* differences(population: Population, before: DayNumber, after: DayNumber): Generator<Difference> {
  for (const county of population.counties) {
    for (const village of county.villages) {
      for (const household of householdsFrom(village)) {
        for (let position = 0; position < household.size; position++)
          yield* ofPlace(population, household, position, before, after);
      }
    }
  }
}

function* ofPlace(
  population: Population,
  household: Household,
  position: number,
  before: DayNumber,
  after: DayNumber,
): Generator<Difference> {
  const was = listed(population.standing(household, position, before));
  const is = listed(population.standing(household, position, after));
  if (was !== null && is !== null && was.person.identityNumber === is.person.identityNumber) {
    const fields = factEntries.filter(([, fact]) => fact(was) !== fact(is)).map(([field]) => field);
    if (fields.length > 0) yield difference(fields.includes("village") ? "moved" : "changed", is, fields);
    return;
  }
  if (was !== null) yield difference("vanished", was, []);
  if (is !== null) {
    const { generation } = memberAt(household, position, monthOfDay(after))!;
    const known = firstListed(generation, is.person.birthMonth) <= monthOfDay(before);
    yield difference(known ? "returned" : "new", is, []);
  }
}

function listed(standing: Standing | null): Standing | null {
  return standing?.listing === "listed" ? standing : null;
}

function difference(kind: DifferenceKind, { person, village }: Standing, fields: readonly string[]): Difference {
  return { kind, identityNumber: person.identityNumber, name: person.name, village: village.code, fields };
}

export interface DifferenceSummary {
  readonly rowsBefore: number;
  readonly rowsAfter: number;
  readonly kinds: Record<DifferenceKind, number>;
  readonly fields: Record<string, number>;
  readonly villages: Record<string, Partial<Record<DifferenceKind, number>>>;
}

/** Counts of `differences`, as the answer key of a comparison. */
export function summariseDifferences(population: Population, before: DayNumber, after: DayNumber): DifferenceSummary {
  const kinds: DifferenceSummary["kinds"] = { new: 0, changed: 0, vanished: 0, returned: 0, moved: 0 };
  const fields: Record<string, number> = {};
  const villages: DifferenceSummary["villages"] = {};
  for (const found of differences(population, before, after)) {
    kinds[found.kind]++;
    for (const field of found.fields) fields[field] = (fields[field] ?? 0) + 1;
    const village = (villages[found.village] ??= {});
    village[found.kind] = (village[found.kind] ?? 0) + 1;
  }
  const rowsBefore = countRows(population, before);
  return { rowsBefore, rowsAfter: rowsBefore - kinds.vanished + kinds.new + kinds.returned, kinds, fields, villages };
}

function countRows(population: Population, day: DayNumber): number {
  let rows = 0;
  for (const county of population.counties)
    for (const village of county.villages) rows += population.listedIn(village, day).length;
  return rows;
}
