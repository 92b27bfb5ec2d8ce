import { divisionPrefix, planOf, runtime, type Facts, type PreparedMeasure, type Value } from "#kernel";
import { Temporal } from "temporal-polyfill";
import type { MeasureCase, MeasureCases } from "../measures/cases.ts";
import { handedOver, isPersonFact, whenOf } from "../facts/shared-rows.ts";

/** Facts of one sample row, by columns, and whom it may be about. */
export interface Variant {
  /** The case it comes from. */
  readonly name: string;
  readonly facts: Readonly<Record<string, Value | readonly Value[]>>;
  /** What the registry must know of the person; null: what nobody may have said of him. */
  readonly person: Readonly<Record<string, Value | null>>;
  /** Day on which the person's categories are those. */
  readonly on: string | null;
  /** Columns with the county itself or divisions in it. */
  readonly places: readonly string[];
  /** Part of a measure's sample rows that are to be like this one. */
  readonly share: number;
}

/** Half of the rows are payable, so that a list shows what it is for. */
const SHARES = { eligible: 0.5, notYet: 0.15, refused: 0.2, unknown: 0.15 } as const;
type Kind = keyof typeof SHARES;
/** As many cases of each outcome are shown. */
const MOST = { eligible: 8, notYet: 2, refused: 8, unknown: 3 } as const satisfies Record<Kind, number>;

/** Of persons, what a sample can choose by: yes, no or not said. Births and divisions differ from one to the next. */
const isChosenBy = (value: unknown) => value === null || typeof value === "boolean";

/** Months by which the dates of an eligible case are moved on until its time has not come. */
const FURTHEST = 14;

/**
 * Sample rows for a measure from its cases: payable, not yet, refused and unknown as they can be on the day. Dates move with the day, by months, where the document is still in force then.
 */
export function variantsOf(rule: PreparedMeasure, cases: MeasureCases, asOf: string): readonly Variant[] {
  const found: Record<Kind, Omit<Variant, "share">[]> = { eligible: [], notYet: [], refused: [], unknown: [] };
  const seen = new Set<string>();
  const keep = (kind: Kind, mark: string, variant: Omit<Variant, "share">) => {
    const known = `${kind} ${mark}`;
    if (seen.has(known)) return;
    seen.add(known);
    found[kind].push(variant);
  };
  const decide = decider(rule, asOf);
  // A text that begins later is asked on the day of its cases (README): what is to be awaited then must lie beyond it.
  const decideThen = decider(rule, [asOf, cases["as-of"]].toSorted().at(-1)!);
  const isOver = (rule.definition.inForce.to ?? "9999-12-31") < asOf;
  for (const one of cases.cases) {
    const given = factsOf(rule, cases, one);
    const wanted = kindOf(one.outcome);
    if (!given || !wanted) continue;
    const months = monthsBetween(one["as-of"] ?? cases["as-of"], asOf);
    const same = [moved(rule, given, months), given].find((facts) => {
      const { kind, failed } = decide(facts);
      return kind === wanted && failed === String(one.failed.toSorted());
    });
    if (same)
      keep(
        wanted,
        wanted === "eligible" ? one.name : [...one.failed, ...one.unknown].join(),
        variantOf(rule, one, same),
      );
    if (wanted !== "eligible" || isOver || found.notYet.length > 0) continue;
    const later = Array.from({ length: FURTHEST }, (_, index) => moved(rule, given, months + 1 + index));
    const notYet = later.find((facts) => decideThen(facts).kind === "notYet");
    if (notYet) keep("notYet", one.name, variantOf(rule, one, notYet));
  }
  return (Object.keys(SHARES) as Kind[]).flatMap((kind) => {
    const shown = found[kind].slice(0, MOST[kind]);
    return shown.map((variant) => ({ ...variant, share: SHARES[kind] / shown.length }));
  });
}

function kindOf(outcome: string): Kind | null {
  switch (outcome) {
    case "ELIGIBLE":
    case "ELIGIBLE_UP_TO_CAP":
      return "eligible";
    case "NOT_YET":
      return "notYet";
    case "NOT_ELIGIBLE":
      return "refused";
    case "UNKNOWN":
      return "unknown";
    default:
      return null;
  }
}

/** How a rule decides some facts on the day. */
function decider(rule: PreparedMeasure, asOf: string) {
  const plan = planOf(rule);
  return (facts: Facts) => {
    const { outcome, failed } = runtime.decide(plan, { facts, asOf, subjects: someone(rule) });
    return { kind: kindOf(outcome), failed: String(failed.toSorted()) };
  };
}

/** Limits count somebody; who it is plays no part before there are claims. */
const someone = ({ source }: PreparedMeasure) =>
  Object.fromEntries(Object.keys(source.subjects).map((name) => [name, "1"]));

/** The facts of a case that facts alone decide, in the rule's own division, and that persons can be found for. */
function factsOf(
  { source, regionFact, definition }: PreparedMeasure,
  cases: MeasureCases,
  one: MeasureCase,
): Facts | null {
  if (one.claims.length > 0 || one.settings) return null;
  const changed = [...Object.keys(one.with), ...one.without];
  const fieldOf = (name: string) => source.fields.find((field) => field.name === name);
  const unfit = changed.some((name) => {
    const field = fieldOf(name);
    return !field || (isPersonFact(field.column) && isAbout(source) && !isChosenBy(one.with[name] ?? null));
  });
  const facts = Object.fromEntries(
    Object.entries({ ...cases.facts, ...one.with }).filter(([name]) => !one.without.includes(name)),
  ) as Facts;
  const place = facts[regionFact];
  if (unfit || typeof place !== "string" || !place.startsWith(divisionPrefix(definition.region))) return null;
  return facts;
}

const isAbout = (source: PreparedMeasure["source"]) => handedOver(source).length < source.fields.length;

function moved({ source }: PreparedMeasure, facts: Facts, months: number): Facts {
  if (months === 0) return facts;
  const ofOffice = new Set(handedOver(source).map(({ name }) => name));
  const dates = new Set(
    source.fields.filter(({ type, name }) => type === "date" && ofOffice.has(name)).map(({ name }) => name),
  );
  return Object.fromEntries(
    Object.entries(facts).map(([name, value]) => [
      name,
      dates.has(name) && typeof value === "string" ? Temporal.PlainDate.from(value).add({ months }).toString() : value,
    ]),
  );
}

function monthsBetween(from: string, to: string): number {
  return Temporal.PlainDate.from(from).until(to, { largestUnit: "months" }).months;
}

function variantOf(
  { source, regionFact }: PreparedMeasure,
  { name }: MeasureCase,
  facts: Facts,
): Omit<Variant, "share"> {
  const given = handedOver(source);
  const county = facts[regionFact] as string;
  const values = given.flatMap((field) => {
    const value = facts[field.name] ?? null;
    return value === null ? [] : [[field.column, value] as const];
  });
  const ofPerson = source.fields.filter(
    (field) => !given.includes(field) && isChosenBy(facts[field.name] ?? null) && field.type === "boolean",
  );
  const day = whenOf(source);
  return {
    name,
    facts: Object.fromEntries(values) as Variant["facts"],
    person: Object.fromEntries(ofPerson.map((field) => [field.column, facts[field.name] ?? null])) as Variant["person"],
    on: day ? ((facts[day.name] ?? null) as string | null) : null,
    places: values.flatMap(([column, value]) =>
      typeof value === "string" && value.startsWith(county) ? [column] : [],
    ),
  };
}
