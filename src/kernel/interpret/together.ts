import { isContested } from "../rule/limits.ts";
import type { PreparedMeasure } from "../rule/prepared.ts";
import { decide, type Decision, type MeasureOutcome, type Question } from "../runtime/decide.ts";
import { RuleEnvironment } from "../runtime/environment.ts";
import { leftOf } from "../runtime/limits.ts";
import { planOf } from "./plan.ts";

/**
 * Decides rows that compete for what limits leave, in the given order where their event dates are the same (the order of the
 * source's key): the counterpart of `settleAmongRows` in SQL.
 */
export function decideTogether(rule: PreparedMeasure, questions: readonly Question[]): readonly Decision[] {
  const plan = planOf(rule);
  const decisions = questions.map((question) => decide(plan, question));
  for (const [index, limit] of plan.limits.entries()) {
    if (!isContested(rule.limits[index]!, rule)) continue;
    const rows = decisions
      .map((decision, at) => ({ decision, at }))
      .filter(({ decision }) => isEligible(decision))
      .toSorted((a, b) => (a.decision.eventDate ?? "").localeCompare(b.decision.eventDate ?? "") || a.at - b.at);
    const bucket = { 自然年: 4, 自然月: 7, 一生: 0, 滚动12个月: 0 }[limit.within];
    const groups = Map.groupBy(rows, ({ decision, at }) =>
      JSON.stringify([
        ...limit.per.map((name) => questions[at]!.subjects?.[name]),
        (decision.eventDate ?? "").slice(0, bucket),
      ]),
    );
    for (const group of groups.values())
      for (const [place, { decision, at }] of group.entries()) {
        const question = questions[at]!;
        const left = leftOf(limit, new RuleEnvironment(plan, question.facts, question), question);
        if (place >= (left as number)) decisions[at] = takenBy(limit.id, decision);
      }
  }
  return decisions;
}

const isEligible = ({ outcome }: Decision) => outcome === "ELIGIBLE" || outcome === "ELIGIBLE_UP_TO_CAP";

function takenBy(id: string, decision: Decision): Decision {
  return {
    ...decision,
    outcome: "NOT_ELIGIBLE",
    amount: null,
    conditions: decision.conditions.map((one) => (one.id === id ? { id, state: "failed" } : one)),
    failed: [...decision.failed, id],
  };
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
