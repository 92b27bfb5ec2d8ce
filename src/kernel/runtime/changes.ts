/**
 * 差什么: what would have to change for a measure to come true. Works on a plan and its hints alone, so that a phone can answer it without
 * sending away what was typed.
 */
import { readFact, type Facts } from "../facts/source.ts";
import { addDays, addMonths, daysBetween } from "../values/dates.ts";
import type { Scalar, Value } from "../values/types.ts";
import { Unknown } from "../values/unknown.ts";
import { decide, type Decision, type MeasureOutcome, type Question } from "./decide.ts";
import { RuleEnvironment } from "./environment.ts";
import type { MeasurePlan } from "./plan.ts";

export interface FactChange {
  readonly name: string;
  readonly label: string;
  readonly from: Value | null;
  /** Null: it has not come (an open end), or any value other than those of `otherThan`. */
  readonly to: Value | null;
  readonly otherThan?: readonly Value[];
  readonly by: "by-person" | "by-time";
}

/** What would have to change, and what it would bring. */
export interface Way {
  /** Fewest first; empty when nothing but time is wanting. */
  readonly changes: readonly FactChange[];
  readonly outcome: MeasureOutcome;
  /** Fen, when it is already known. */
  readonly amount: number | null;
  /** The day from which it holds; null for at once. */
  readonly from: string | null;
  /** True where limits leave nothing for this claim, and `from` is the event date from which another of its kind could be met. */
  readonly again: boolean;
}

export interface WayOptions {
  /** How many ways at most. */
  readonly most?: number;
  /** Further values to try for a fact, which only the caller knows: the names of other counties. */
  readonly candidates?: Readonly<Record<string, readonly Scalar[]>>;
}

/** Not the money yet, but nothing left that the person could do. */
const GOOD: readonly MeasureOutcome[] = ["ELIGIBLE", "ELIGIBLE_UP_TO_CAP", "PARAM_MISSING", "NOT_YET"];
const isGood = ({ outcome }: Pick<Decision, "outcome">) => GOOD.includes(outcome);
const MOST_CHANGES = 3;
/** Sets of changes that are tried: beyond it nothing is promised. */
const MOST_TRIED = 3000;
/** Stands for a text that no rule names. */
const OTHER = "〈其他〉";
const YEARS_AHEAD = 30;

/**
 * The smallest sets of changes that make a measure come true, over facts that the dictionary lets a person change or time bring, and over
 * time itself; at most `most` of them. Empty when it is true already, when something is unknown (that is asked first), and when no set
 * of three suffices: then nothing is promised. Numbers and dates are moved no further than they must be.
 */
export function waysOf(
  plan: MeasurePlan,
  question: Question,
  { most = 5, candidates: more = {} }: WayOptions = {},
): readonly Way[] {
  const now = decide(plan, question);
  if (now.outcome !== "NOT_ELIGIBLE" && now.outcome !== "NOT_YET") return [];
  let sets: readonly (readonly FactChange[])[] = [[]];
  let tried = 0;
  for (let size = 0; size <= MOST_CHANGES && tried < MOST_TRIED; size++) {
    const found: Way[] = [];
    const next = new Map<string, readonly FactChange[]>();
    for (const changes of sets) {
      if (++tried > MOST_TRIED) break;
      const changed = { ...question, facts: withChanges(question.facts, changes) };
      const decision = decide(plan, changed);
      const way = wayOf(plan, changed, changes, decision);
      if (way) found.push(refined(plan, question, way));
      else if (decision.outcome === "NOT_ELIGIBLE" && decision.unknown.length === 0)
        for (const change of candidates(plan, changed, decision, changes, more)) {
          const all = [...changes, change].sort((a, b) => (a.name < b.name ? -1 : 1));
          next.set(JSON.stringify(all.map(({ name, to, otherThan }) => [name, to, otherThan])), all);
        }
    }
    if (found.length > 0) return distinct(found).sort(byDay).slice(0, most);
    sets = [...next.values()];
  }
  return [];
}

const byDay = (a: Way, b: Way) => (a.from ?? "").localeCompare(b.from ?? "");
const keyOf = ({ changes, from }: Way) => JSON.stringify([changes, from]);
const distinct = (ways: readonly Way[]) =>
  ways.filter((way, index) => ways.findIndex((other) => keyOf(other) === keyOf(way)) === index);

const withChanges = (facts: Facts, changes: readonly FactChange[]): Facts => ({
  ...facts,
  ...Object.fromEntries(changes.map(({ name, to, otherThan }) => [name, otherThan ? OTHER : to])),
});

/** What these facts bring, at once or in time; null if nothing. */
function wayOf(plan: MeasurePlan, question: Question, changes: readonly FactChange[], decision: Decision): Way | null {
  const { outcome, amount, notYet, failed } = decision;
  if (isGood(decision)) return { changes, outcome, amount, from: notYet, again: false };
  if (outcome !== "NOT_ELIGIBLE" || decision.unknown.length > 0) return null;
  const limits = plan.limits.map(({ id }) => id);
  if (failed.every((id) => limits.includes(id))) return nextTime(plan, question, changes, decision);
  return plan.moves ? later(plan, question, changes) : null;
}

/** The first day on which the matter stands well by itself. */
function later(plan: MeasurePlan, question: Question, changes: readonly FactChange[]): Way | null {
  const on = (asOf: string) => decide(plan, { ...question, asOf });
  let before = question.asOf;
  for (const day of daysAhead(plan, question)) {
    if (isGood(on(day))) {
      const since = before;
      const first = addDays(
        since,
        nearest(daysBetween(since, day), (days) => isGood(on(addDays(since, days)!))),
      )!;
      const { outcome, amount, notYet } = on(first);
      return { changes, outcome, amount, from: notYet ?? first, again: false };
    }
    before = day;
  }
  return null;
}

/** Days on which something may turn: known dates, and those that lie as many years, months or days from them as the rule names. */
function daysAhead(plan: MeasurePlan, { facts, asOf }: Question): readonly string[] {
  const dates = Object.entries(plan.facts).flatMap(([name, type]) => {
    const value = type.kind === "date" ? readFact(type, facts[name]) : null;
    return typeof value === "string" ? [value] : [];
  });
  const turns = Object.values(plan.parameters).flatMap(({ values }) => values.map(({ from }) => from));
  const known = [asOf, `${asOf.slice(0, 8)}01`, `${asOf.slice(0, 4)}-01-01`, ...dates, ...turns, ...plan.dates];
  const shifted = known.flatMap((day) =>
    [1, ...plan.numbers].flatMap((count) => [addMonths(day, count), addMonths(day, 12 * count), addDays(day, count)]),
  );
  const last = addMonths(asOf, 12 * YEARS_AHEAD) ?? asOf;
  const days = [...known, ...shifted]
    .flatMap((day) => (day === null ? [] : [day, addDays(day, 1), addDays(day, -1)]))
    .filter((day) => day !== null)
    .filter((day) => day > asOf && day <= last);
  return [...new Set(days)].sort();
}

/** The earliest event date on which the limits leave something again, everything else being as it is. */
function nextTime(
  plan: MeasurePlan,
  question: Question,
  changes: readonly FactChange[],
  { eventDate }: Decision,
): Way | null {
  if (eventDate === null) return null;
  const { asOf, claims = [] } = question;
  const ends = claims.flatMap(({ date }) => [addMonths(date, 12), addDays(addMonths(date, 12) ?? date, 1)]);
  const starts = Array.from({ length: 36 }, (_, index) => addMonths(`${eventDate.slice(0, 8)}01`, index + 1));
  const years = Array.from({ length: 10 }, (_, index) => addMonths(`${eventDate.slice(0, 4)}-01-01`, 12 * (index + 1)));
  const days = [...ends, ...starts, ...years].filter((day) => day !== null).filter((day) => day > eventDate);
  for (const day of [...new Set(days)].sort()) {
    const shifted = { ...plan, eventDate: () => day };
    const decision = decide(shifted, { ...question, asOf: day > asOf ? day : asOf });
    const { outcome, amount, notYet } = decision;
    if (isGood(decision)) return { changes, outcome, amount, from: notYet ?? day, again: true };
  }
  return null;
}

/** Changes of one more fact that a failed condition reads. */
function candidates(
  plan: MeasurePlan,
  question: Question,
  { failed }: Decision,
  already: readonly FactChange[],
  more: NonNullable<WayOptions["candidates"]>,
): readonly FactChange[] {
  const environment = new RuleEnvironment(plan, question.facts, question);
  const hints = failed.flatMap((id) => plan.hints[id] ?? []);
  const names = [...new Set(hints.flatMap(({ reads }) => reads))].filter(
    (name) => !already.some((change) => change.name === name),
  );
  return names.flatMap((name): readonly FactChange[] => {
    const { label, by, values, openEnded } = plan.changeable[name]!;
    const type = plan.facts[name]!;
    const from = readFact(type, question.facts[name]);
    const own = { name, label, from, by };
    const near = hints
      .filter(({ reads }) => reads.includes(name))
      .flatMap((hint) => hint.near.map((compute) => compute(environment)))
      .filter((value) => !(value instanceof Unknown) && readFact(type, value) !== null) as Scalar[];
    const tried = values ?? [...new Set(near.flatMap((value) => around(type.kind, value, from)))];
    const changes = [...new Set([...(openEnded ? [null] : []), ...tried, ...(more[name] ?? [])])]
      .filter((value) => value !== from)
      .map((to): FactChange => ({ ...own, to }));
    // Which rule holds, and whose values, hangs on the place: another one is another question.
    if (type.kind !== "text" || values || more[name] || name === plan.regionFact) return changes;
    const named = [...new Set([...(from === null ? [] : [from]), ...near])];
    return [...changes, { ...own, to: null, otherThan: named }];
  });
}

/** A value that a rule names, and those beside it; for numbers also some that are far away, from which the nearest is found. */
function around(kind: string, value: Scalar, from: Value | null): readonly Scalar[] {
  if (kind === "date") {
    const day = value as string;
    return [day, addDays(day, 1), addDays(day, -1)].filter((one) => one !== null);
  }
  if (kind !== "integer" && kind !== "fen") return kind === "boolean" ? [true, false] : [value];
  const [near, own] = [value as number, typeof from === "number" ? from : 0];
  return [near, near + 1, near - 1, near + own, own - near, own * 10, 0, 1_000_000_000].filter((one) => one >= 0);
}

/** Moves each number and date of a way back towards what it is now, as far as the outcome stays. */
function refined(plan: MeasurePlan, question: Question, way: Way): Way {
  let best = way;
  for (const [index, { name, from, to }] of way.changes.entries()) {
    const line = plan.facts[name]?.kind === "text" ? null : lineBetween(from, to);
    if (!line) continue;
    const at = (steps: number): Way | null => {
      const changes = best.changes.map((one, place) => (place === index ? { ...one, to: line.at(steps) } : one));
      const changed = { ...question, facts: withChanges(question.facts, changes) };
      return wayOf(plan, changed, changes, decide(plan, changed));
    };
    best = at(nearest(line.steps, (steps) => at(steps)?.outcome === way.outcome)) ?? best;
  }
  return best;
}

/** The numbers, or the days, from one value to another. */
function lineBetween(
  from: Value | null,
  to: Value | null,
): { readonly steps: number; readonly at: (steps: number) => Value | null } | null {
  if (typeof from === "number" && typeof to === "number")
    return { steps: Math.abs(to - from), at: (steps) => from + Math.sign(to - from) * steps };
  if (typeof from !== "string" || typeof to !== "string") return null;
  const days = daysBetween(from, to);
  return { steps: Math.abs(days), at: (steps) => addDays(from, Math.sign(days) * steps) };
}

/** The fewest steps that hold, between none, which do not, and so many, which do. */
function nearest(steps: number, holds: (steps: number) => boolean): number {
  let [no, yes] = [0, steps];
  while (yes - no > 1) {
    const middle = no + Math.floor((yes - no) / 2);
    if (holds(middle)) yes = middle;
    else no = middle;
  }
  return yes;
}
