import type { Facts } from "../facts/source.ts";
import { Unknown, type Reason } from "../values/unknown.ts";
import { RuleEnvironment, type Settings } from "./environment.ts";
import { amountOf, type Amount } from "./amount.ts";
import { judgeLimit, type Claim, type Subjects } from "./limits.ts";
import { compare, strict } from "./operators.ts";
import type { ConditionPlan, MeasurePlan } from "./plan.ts";
import { stateOf, type ConditionState } from "./states.ts";

export type MeasureOutcome =
  | "ELIGIBLE"
  | "ELIGIBLE_UP_TO_CAP"
  | "PARAM_MISSING"
  | "NOT_YET"
  | "REVIEW"
  | "UNKNOWN"
  | "NOT_ELIGIBLE";

export type JudgedCondition = ConditionState & { readonly id: string };

export interface FundOutcome {
  readonly fund: string;
  readonly outcome: MeasureOutcome;
  readonly failed: readonly string[];
}

export interface Decision {
  readonly outcome: MeasureOutcome;
  /** Fen; null unless eligible, and for measures without an amount. */
  readonly amount: number | null;
  /** Months that an eligible claim takes of what limits in months leave; null where nothing is counted in months. */
  readonly months: number | null;
  /**
   * The fund that would pay: the first in order with the best outcome; of funds that all refuse, the one that comes nearest, with the
   * fewest failed conditions. Empty when the text names none.
   */
  readonly fund: string;
  readonly eventDate: string | null;
  /** How it would stand for each fund, in order; they differ only in the conditions that a fund adds. */
  readonly funds: readonly FundOutcome[];
  /** Every condition asked for that fund, then limits, then `amount`. */
  readonly conditions: readonly JudgedCondition[];
  readonly failed: readonly string[];
  readonly unknown: readonly string[];
  /** Names of facts, or of subjects of limits, without which the unknown conditions stay so. */
  readonly missingFacts: readonly string[];
  readonly missingParameters: readonly string[];
  readonly reasons: readonly Reason[];
  /** AMB ids. */
  readonly review: readonly string[];
  /** Earliest day on which all time conditions hold. */
  readonly notYet: string | null;
}

export interface Question extends Settings {
  readonly facts: Facts;
  /** Whom limits count. */
  readonly subjects?: Subjects;
  /** Claims paid or approved, of all counties and payees, without the one that is being decided. */
  readonly claims?: readonly Claim[];
}

export const isEligible = ({ outcome }: Pick<Decision, "outcome">): boolean =>
  outcome === "ELIGIBLE" || outcome === "ELIGIBLE_UP_TO_CAP";

/** Best first; a measure's outcome for one subject is the best over its funds. */
const RANK: readonly MeasureOutcome[] = [
  "ELIGIBLE",
  "ELIGIBLE_UP_TO_CAP",
  "PARAM_MISSING",
  "NOT_YET",
  "REVIEW",
  "UNKNOWN",
  "NOT_ELIGIBLE",
];
/** Up to the cap is as good as eligible: it does not send the claim to the next fund. */
const rank = (outcome: MeasureOutcome) => Math.max(1, RANK.indexOf(outcome));

function isBetter(one: FundOutcome, other: FundOutcome): boolean {
  if (one.outcome === "NOT_ELIGIBLE" && other.outcome === "NOT_ELIGIBLE")
    return one.failed.length < other.failed.length;
  return rank(one.outcome) < rank(other.outcome);
}

/** Decides one measure for one subject. Never throws for what the facts hold. */
export function decide(plan: MeasurePlan, question: Question): Decision {
  const environment = new RuleEnvironment(plan, question.facts, question);
  const judged = plan.conditions.map((condition) => ({
    funds: condition.funds,
    result: { id: condition.id, ...judge(condition, environment, question.asOf) },
  }));
  const limits = plan.limits.map((limit) => ({ id: limit.id, ...judgeLimit(limit, environment, question) }));
  const amount = amountOf(plan.amount, environment);
  const byFund = plan.funds.map((fund) => {
    const asked = judged.filter(({ funds }) => !funds || funds.includes(fund)).map(({ result }) => result);
    return conclude(fund, [...asked, ...limits], amount, environment, plan.monthly ? 1 : null);
  });
  const best = byFund.reduce((first, other) => (isBetter(other, first) ? other : first));
  return { ...best, funds: byFund.map(({ fund, outcome, failed }) => ({ fund, outcome, failed })) };
}

function judge(condition: ConditionPlan, environment: RuleEnvironment, asOf: string): ConditionState {
  const when = condition.when?.(environment) ?? true;
  if (when === false) return { state: "not-asked" };
  const core = judgeCore(condition, environment, asOf);
  if (!(when instanceof Unknown) || core.state === "met") return core;
  const missing = core.state === "unknown" || core.state === "parameter-missing" ? [when, core.missing] : [when];
  return stateOf(Unknown.of(missing));
}

function judgeCore(condition: ConditionPlan, environment: RuleEnvironment, asOf: string): ConditionState {
  const { test, reached, until, openEnded, review, ambiguity = "" } = condition;
  if (reached) {
    const on = reached(environment);
    const open = until === undefined || (openEnded !== undefined && environment.isAbsent(openEnded));
    const lasts = open ? strict([on], () => true) : compare(">=", until(environment), on);
    if (lasts !== true) return stateOf(lasts);
    return (on as string) > asOf ? { state: "not-yet", on: on as string } : { state: "met" };
  }
  const held = test?.(environment);
  if (held !== undefined && held !== false) return stateOf(held);
  if (!review) return { state: "failed" };
  const undecided = review(environment);
  if (undecided instanceof Unknown) return stateOf(undecided);
  if (undecided === true) return { state: "review", ambiguity };
  return { state: held === false ? "failed" : "met" };
}

function conclude(
  fund: string,
  conditions: readonly JudgedCondition[],
  amount: Amount,
  environment: RuleEnvironment,
  monthsOfRow: number | null,
): Omit<Decision, "funds"> {
  const all: JudgedCondition[] = amount.state === "computed" ? [...conditions] : [...conditions, amountState(amount)];
  const of = <S extends ConditionState["state"]>(state: S) =>
    all.filter((condition): condition is JudgedCondition & { state: S } => condition.state === state);
  const [unknown, parameters] = [of("unknown"), of("parameter-missing")];
  const missing = Unknown.of([...unknown, ...parameters].map((condition) => condition.missing));
  const later = of("not-yet").map(({ on }) => on);
  const outcome = ((): MeasureOutcome => {
    if (of("failed").length > 0) return "NOT_ELIGIBLE";
    if (unknown.length > 0) return "UNKNOWN";
    if (of("review").length > 0) return "REVIEW";
    if (later.length > 0) return "NOT_YET";
    if (parameters.length > 0) return "PARAM_MISSING";
    return amount.state === "computed" && amount.capped ? "ELIGIBLE_UP_TO_CAP" : "ELIGIBLE";
  })();
  const eligible = isEligible({ outcome });
  const eventDate = environment.special("事件日");
  return {
    outcome,
    amount: eligible && amount.state === "computed" ? amount.fen : null,
    months: eligible && amount.state === "computed" ? (amount.months ?? monthsOfRow) : null,
    fund,
    eventDate: typeof eventDate === "string" ? eventDate : null,
    conditions: all,
    failed: of("failed").map(({ id }) => id),
    unknown: unknown.map(({ id }) => id),
    missingFacts: missing.facts,
    missingParameters: missing.parameters,
    reasons: missing.reasons,
    review: of("review").map(({ ambiguity }) => ambiguity),
    notYet: later.length > 0 ? later.reduce((last, day) => (day > last ? day : last)) : null,
  };
}

/** That no amount could be computed is reported like a condition. */
function amountState(amount: Exclude<Amount, { state: "computed" }>): JudgedCondition {
  return amount.state === "no-tier"
    ? { id: "amount-tier", state: "failed" }
    : { id: "amount", ...stateOf(amount.missing) };
}
