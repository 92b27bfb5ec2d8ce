import { readFact } from "../facts/source.ts";
import { planOf } from "../interpret/plan.ts";
import { decide, type Question } from "../runtime/decide.ts";
import type { MeasurePlan } from "../runtime/plan.ts";
import { addDays, addMonths, daysBetween } from "../values/dates.ts";
import { type Example, fieldsRead } from "./examples.ts";

/** How many examples of each outcome are searched for edges. */
const SEARCHED = 2;

/**
 * More examples, found beside the given ones: along each number and date that the rule reads, the two neighbouring values between which
 * the answer turns. They stand exactly at the rule's boundaries, which nobody needs to know beforehand.
 */
export function edgesOf(examples: readonly Example[]): readonly Example[] {
  const plans = new Map([...new Set(examples.map(({ rule }) => rule))].map((rule) => [rule, planOf(rule)] as const));
  const byOutcome = Map.groupBy(examples, ({ rule, question }) => decide(plans.get(rule)!, question).outcome);
  const searched = [...byOutcome.values()].flatMap((of) => of.slice(0, SEARCHED));
  return searched.flatMap((example) => {
    const plan = plans.get(example.rule)!;
    return fieldsRead(example.rule).flatMap(({ name, type }) => {
      const now = readFact({ kind: type }, example.question.facts[name]);
      const line = lineOf(now);
      if (!line) return [];
      const at = (steps: number): Question => ({
        ...example.question,
        facts: { ...example.question.facts, [name]: line.at(steps) },
      });
      const given = examples.flatMap(({ question }) => {
        const other = readFact({ kind: type }, question.facts[name]);
        return other === null ? [] : [line.stepsTo(other)];
      });
      const probes = [...new Set([0, ...given, ...line.far])].filter((steps) => line.at(steps) !== null);
      return turnsOf(
        (steps) => kindOfAnswer(plan, at(steps)),
        probes.toSorted((a, b) => a - b),
      ).flatMap((turn) => [turn - 1, turn, turn + 1].map((steps) => ({ rule: example.rule, question: at(steps) })));
    });
  });
}

/** Where along the steps the answer is another than one step before. */
function turnsOf(answer: (steps: number) => string, probes: readonly number[]): readonly number[] {
  return probes.slice(1).flatMap((high, index) => {
    let [before, after] = [probes[index]!, high];
    if (answer(before) === answer(after)) return [];
    const first = answer(before);
    while (after - before > 1) {
      const middle = before + Math.floor((after - before) / 2);
      if (answer(middle) === first) before = middle;
      else after = middle;
    }
    return [after];
  });
}

/** The answer without what changes from day to day or with every fen. */
function kindOfAnswer(plan: MeasurePlan, question: Question): string {
  const { outcome, unknown, funds, review } = decide(plan, question);
  return JSON.stringify([outcome, unknown, funds, review]);
}

interface Line {
  readonly at: (steps: number) => number | string | null;
  readonly stepsTo: (value: unknown) => number;
  readonly far: readonly number[];
}

/** A number's or a day's neighbours, by steps; null for what has none. */
function lineOf(now: unknown): Line | null {
  if (typeof now === "number")
    return {
      at: (steps) => (now + steps < 0 ? null : now + steps),
      stepsTo: (value) => (value as number) - now,
      far: [-now, now, now * 9, 100, 1_000_000_000 - now],
    };
  if (typeof now !== "string" || addMonths(now, 0) === null || !/^\d{4}-\d\d-\d\d$/.test(now)) return null;
  const years = [-60, -30, -10, -3, -1, 1, 3, 10, 30, 60].flatMap((count) => addMonths(now, 12 * count) ?? []);
  return {
    at: (steps) => addDays(now, steps),
    stepsTo: (value) => daysBetween(now, value as string),
    far: years.map((day) => daysBetween(now, day)),
  };
}
