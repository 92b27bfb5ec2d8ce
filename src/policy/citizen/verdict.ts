/** What the answers come to: one verdict for each benefit, with reasons, and what would have to change. Pure. */
import { runtime, type Decision, type MeasurePlan, type Question, type Way } from "#kernel/contract";
import { planOf, questionOf, type Answers, type Setup } from "./interview.ts";
import type { AskedFact, CalculatorBenefit } from "./model.ts";

export const VERDICTS = ["can", "likely", "later", "unset", "review", "unclear", "cannot"] as const;
/**
 * `likely`: everything that he can say fits, an office has yet to confirm the rest. `unset`: all fits, and nobody has set the amount.
 * `unclear`: something that he did not know decides.
 */
export type VerdictKind = (typeof VERDICTS)[number];

export interface Reason {
  readonly says: string;
  readonly state: "met" | "failed" | "later" | "office" | "unclear" | "unset" | "review";
  readonly id: string;
  /** Of `office` and `unclear`: who can say. */
  readonly suppliers: readonly string[];
}

export interface Verdict {
  readonly benefit: CalculatorBenefit;
  readonly kind: VerdictKind;
  /** Fen, of what can be had now or later; null where it is unknown or no money. */
  readonly amount: number | null;
  readonly capped: boolean;
  /** Of `later`: from this day. */
  readonly on: string | null;
  readonly reasons: readonly Reason[];
  /** Parameters that nobody has set, as words: who is to set them. */
  readonly awaited: readonly string[];
  /** Facts that he did not know, or was not asked any more, and on which it hangs. */
  readonly unclear: readonly AskedFact[];
  readonly ways: readonly Way[];
}

const MOST_WAYS = 3;

export function verdictOf(benefit: CalculatorBenefit, setup: Setup, answers: Answers): Verdict {
  const question = questionOf(benefit, setup, answers);
  const whole = planOf(benefit);
  const first = runtime.decide(whole, question);
  const open = new Set(first.conditions.filter((one) => waitsForOffice(benefit, one)).map(({ id }) => id));
  // How it stands if the offices confirm what only they know.
  const confirmed: MeasurePlan = { ...whole, conditions: whole.conditions.filter(({ id }) => !open.has(id)) };
  const decision = runtime.decide(confirmed, question);
  const reasons = [...reasonsOf(benefit, first, open), ...officeReasons(benefit, decision.fund)];
  const kind = kindOf(
    decision,
    reasons.some(({ state }) => state === "office"),
  );
  return {
    benefit,
    kind,
    amount: amountOf(confirmed, question, decision),
    capped: decision.outcome === "ELIGIBLE_UP_TO_CAP",
    on: decision.notYet,
    reasons,
    awaited: [...new Set(decision.missingParameters.flatMap((name) => benefit.awaited[name] ?? []))],
    unclear: decision.missingFacts.flatMap(
      (name) => benefit.facts.find((fact) => fact.name === name && fact.question !== undefined) ?? [],
    ),
    ways: kind === "cannot" ? waysFor(confirmed, question, decision) : [],
  };
}

function kindOf({ outcome }: Decision, awaitsOffice: boolean): VerdictKind {
  switch (outcome) {
    case "ELIGIBLE":
    case "ELIGIBLE_UP_TO_CAP":
      return awaitsOffice ? "likely" : "can";
    case "NOT_YET":
      return "later";
    case "PARAM_MISSING":
      return "unset";
    case "REVIEW":
      return "review";
    case "UNKNOWN":
      return "unclear";
    case "NOT_ELIGIBLE":
      return "cannot";
  }
}

/** True where every fact that a condition still waits for has no question. What the amount waits for stays: without it there is none. */
function waitsForOffice({ facts }: CalculatorBenefit, condition: Decision["conditions"][number]): boolean {
  if (condition.state !== "unknown" || condition.id === "amount") return false;
  const { missing } = condition;
  const isForOffice = (name: string) => facts.some((fact) => fact.name === name && fact.question === undefined);
  return missing.parameters.length + missing.reasons.length === 0 && missing.facts.every(isForOffice);
}

/** Of what can be had only later: as it will be on that day. */
function amountOf(plan: MeasurePlan, question: Question, { outcome, amount, notYet }: Decision): number | null {
  return outcome === "NOT_YET" && notYet ? runtime.decide(plan, { ...question, asOf: notYet }).amount : amount;
}

const officeReasons = ({ plan, office }: CalculatorBenefit, fund: string): readonly Reason[] =>
  office.flatMap(({ id, suppliers }) => {
    const condition = plan.conditions.find((one) => one.id === id);
    if (!condition || (condition.funds && !condition.funds.includes(fund))) return [];
    return [{ id, says: condition.says, state: "office" as const, suppliers }];
  });

function reasonsOf(
  { facts, limits, plan }: CalculatorBenefit,
  { conditions }: Decision,
  office: ReadonlySet<string>,
): readonly Reason[] {
  return conditions.flatMap((condition): readonly Reason[] => {
    const { id, state } = condition;
    const says = [...plan.conditions, ...limits].find((one) => one.id === id)?.says ?? "金额能够算出";
    if (state === "not-asked") return [];
    const missing = "missing" in condition ? condition.missing.facts : [];
    const suppliers = [...new Set(facts.filter(({ name }) => missing.includes(name)).map(({ supplier }) => supplier))];
    const reason = (shown: Reason["state"]): readonly Reason[] => [{ id, says, state: shown, suppliers }];
    switch (state) {
      case "met":
      case "failed":
      case "review":
        return reason(state);
      case "not-yet":
        return reason("later");
      case "parameter-missing":
        return reason("unset");
      case "unknown":
        return reason(office.has(id) ? "office" : "unclear");
    }
  });
}

/** What he did not know is left aside, and stays said beside it. */
function waysFor(plan: MeasurePlan, question: Question, { unknown }: Decision): readonly Way[] {
  const isKnown = ({ id }: { readonly id: string }) => !unknown.includes(id);
  const known = { ...plan, conditions: plan.conditions.filter(isKnown), limits: plan.limits.filter(isKnown) };
  return runtime.waysOf(known, question, { most: MOST_WAYS });
}
