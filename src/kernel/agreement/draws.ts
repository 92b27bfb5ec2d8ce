/**
 * Facts for the agreement tests: from a case that is eligible, a few facts are moved to a value on or beside a boundary, taken away, or
 * drawn wild. Scenarios see to it that each outcome a rule can have comes up often enough.
 */
import fc from "fast-check";
import type { FactField, FactSource, Facts } from "../facts/source.ts";
import type { Claim } from "../runtime/limits.ts";
import { addDays } from "../values/dates.ts";
import { MAX_INTEGER, type Value } from "../values/types.ts";
import type { Draw } from "./relations.ts";

export interface Situation {
  readonly base: Facts;
  /** Other values of single facts that matter to the rule. */
  readonly near: Readonly<Record<string, readonly (Value | null)[]>>;
  /** Sets of facts that lead to one outcome. */
  readonly scenarios: readonly Facts[];
  readonly claims: readonly Omit<Claim, "subjects">[];
  readonly asOf: string;
}

export const around = (day: string): readonly string[] => [addDays(day, -1)!, day, addDays(day, 1)!];
const WILD_DATES = ["0001-01-01", "0001-01-31", "2000-02-29", "2024-02-29", "9999-12-31", "9999-07-01"];
const WILD_TEXT = ["", "430000", "4331", "43", "433124", "é😀", "a'b\\c"];

/** Any value of a field's type, or none. */
export function wild(field: FactField): fc.Arbitrary<Value | null> {
  const scalar = (kind: string): fc.Arbitrary<Value> => {
    if (kind === "boolean") return fc.boolean();
    if (kind === "text") return fc.constantFrom(...Object.keys(field.codes ?? {}), ...WILD_TEXT);
    if (kind === "date") {
      const recent = fc.integer({ min: -2000, max: 900 }).map((days) => addDays("2025-01-01", days)!);
      return fc.oneof({ weight: 3, arbitrary: recent }, fc.constantFrom(...WILD_DATES));
    }
    const edges = [0, 1, -1, MAX_INTEGER, -MAX_INTEGER, MAX_INTEGER - 1];
    return fc.oneof(fc.constantFrom(...edges), fc.integer({ min: -10, max: 500_000 }));
  };
  const of = field.type === "list" ? fc.array(scalar(field.of ?? "text"), { maxLength: 3 }) : scalar(field.type);
  return fc.option(of as fc.Arbitrary<Value>, { freq: 6 });
}

/** Draws one case; its subjects carry the number it will have among the others. */
export function drawOf(source: FactSource, situation: Situation): fc.Arbitrary<(index: number) => Draw> {
  const moved = fc
    .constantFrom(...Object.keys(situation.near))
    .chain((name) => fc.constantFrom(null, ...situation.near[name]!).map((value): Facts => ({ [name]: value })));
  const wilds = fc
    .constantFrom(...source.fields)
    .chain((field) => wild(field).map((value): Facts => ({ [field.name]: value })));
  const changes = fc.oneof(
    { weight: 3, arbitrary: fc.constant([]) },
    { weight: 4, arbitrary: fc.array(moved, { minLength: 1, maxLength: 1 }) },
    { weight: 2, arbitrary: fc.array(fc.oneof(moved, wilds), { minLength: 1, maxLength: 4 }) },
    { weight: 1, arbitrary: fc.array(wilds, { minLength: 5, maxLength: 15 }) },
  );
  const scenario = fc.constantFrom<Facts>({}, {}, ...situation.scenarios);
  const claims = fc.oneof({ weight: 4, arbitrary: fc.constant([]) }, fc.subarray([...situation.claims]));
  const gone = fc.oneof({ weight: 12, arbitrary: fc.constant(false) }, fc.constant(true));
  return fc.tuple(scenario, changes, claims, gone).map(([given, moves, drawn, noSubject]) => (index: number): Draw => {
    const own = (name: string) => `${name}-${index}`;
    const subjects = Object.fromEntries(
      Object.keys(source.subjects).map((name, at) => [name, noSubject && at === 0 ? null : own(name)]),
    );
    return {
      facts: Object.assign({}, situation.base, given, ...moves) as Facts,
      subjects,
      claims: drawn.map((claim, at) => ({
        ...claim,
        subjects: Object.fromEntries(
          Object.keys(source.subjects).map((name, position) => [
            name,
            position > 0 && at % 2 === 1 ? "another" : own(name),
          ]),
        ),
      })),
    };
  });
}
