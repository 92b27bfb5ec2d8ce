import { rivalSubjects } from "../rule/limits.ts";
import type { PreparedMeasure } from "../rule/prepared.ts";
import { decide, isEligible, type Decision, type MeasureOutcome, type Question } from "../runtime/decide.ts";
import type { Claim } from "../runtime/limits.ts";
import { planOf } from "./plan.ts";

/**
 * Decides rows that compete for what limits leave: in the order of their event dates, then as given (the order of the source's key),
 * each as if those before it that are eligible had been paid. The counterpart of `settleAmongRows` in SQL.
 */
export function decideTogether(rule: PreparedMeasure, questions: readonly Question[]): readonly Decision[] {
  const plan = planOf(rule);
  const alone = questions.map((question) => decide(plan, question));
  const decisions = [...alone];
  const taken = new Map<string, Claim[]>();
  const keys = [...new Set(plan.limits.map(({ key }) => key))];
  const common = rivalSubjects(rule);
  const dayOf = (at: number) => alone[at]!.eventDate ?? "9999-99-99";
  const order = [...questions.keys()].toSorted((a, b) => dayOf(a).localeCompare(dayOf(b)) || a - b);
  for (const at of order) {
    const question = questions[at]!;
    const { subjects = {}, claims = [] } = question;
    const group = JSON.stringify(common.map((name) => subjects[name]));
    const before = taken.get(group) ?? [];
    const decision = before.length === 0 ? alone[at]! : decide(plan, { ...question, claims: [...claims, ...before] });
    decisions[at] = decision;
    if (keys.length === 0 || !isEligible(decision) || !isEligible(alone[at]!)) continue;
    const { eventDate, months } = decision;
    const own = keys.map((key): Claim => ({ key, subjects, date: eventDate!, ...(months === null ? {} : { months }) }));
    taken.set(group, [...before, ...own]);
  }
  return decisions;
}

export interface JoinedDecision {
  readonly outcome: MeasureOutcome | "PARTLY_ELIGIBLE";
  /** Sum over the parts that are eligible; null when none is, or none has an amount. */
  readonly amount: number | null;
  readonly parts: readonly Decision[];
}

const BEST_FIRST: readonly MeasureOutcome[] = ["PARAM_MISSING", "NOT_YET", "REVIEW", "UNKNOWN", "NOT_ELIGIBLE"];

/**
 * A claim made of months or persons: eligible when all of its parts are, partly when some are, and otherwise what the best of them
 * is, for that part may still come to be paid.
 */
export function joinParts(parts: readonly Decision[]): JoinedDecision {
  const eligible = parts.filter(isEligible);
  const amounts = eligible.map(({ amount }) => amount).filter((amount) => amount !== null);
  const amount = amounts.length === 0 ? null : amounts.reduce((sum, each) => sum + each, 0);
  if (eligible.length === 0)
    return {
      outcome: BEST_FIRST.find((one) => parts.some(({ outcome }) => outcome === one)) ?? "NOT_ELIGIBLE",
      amount,
      parts,
    };
  if (eligible.length < parts.length) return { outcome: "PARTLY_ELIGIBLE", amount, parts };
  const capped = eligible.some(({ outcome }) => outcome === "ELIGIBLE_UP_TO_CAP");
  return { outcome: capped ? "ELIGIBLE_UP_TO_CAP" : "ELIGIBLE", amount, parts };
}
