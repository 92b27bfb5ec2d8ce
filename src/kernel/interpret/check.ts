import type { Facts } from "../facts/source.ts";
import { namesIn } from "../feel/ast.ts";
import type { Basis } from "../format/types.ts";
import { PLACEHOLDER } from "../rule/check-facts.ts";
import type { PreparedCheck } from "../rule/prepared.ts";
import { RuleEnvironment, type Settings } from "../runtime/environment.ts";
import { divisionPrefix } from "../runtime/functions.ts";
import { judge, type CheckPlan, type CheckResult } from "../runtime/judge.ts";
import { Unknown } from "../values/unknown.ts";
import { evaluate } from "./evaluate.ts";
import { explainFact, type ExplainedFact } from "./explain.ts";
import { compute, factPlans, parameterPlans } from "./plan.ts";

/** The plan of a check whose expressions walk their syntax trees. */
export function checkPlanOf(rule: PreparedCheck): CheckPlan {
  const { definition, finding, unless } = rule;
  const { from, to } = definition.inForce;
  return {
    regionFact: rule.regionFact,
    prefix: divisionPrefix(definition.region),
    from,
    ...(to ? { to } : {}),
    facts: factPlans(rule.source),
    eventDate: compute(rule.eventDate),
    parameters: parameterPlans(rule.parameters, definition.region),
    finding: compute(finding),
    ...(unless ? { unless: compute(unless) } : {}),
    answers: definition.answers,
  };
}

/** Judges one record by one check. */
export const judgeCheck = (rule: PreparedCheck, facts: Facts, settings: Settings): CheckResult =>
  judge(checkPlanOf(rule), facts, settings);

export interface ExplainedCheckCondition {
  readonly id: string;
  readonly says: string;
  readonly basis: Basis | null;
  /** `met`: this part of the finding is there. */
  readonly state: "met" | "failed" | "unknown";
  readonly facts: readonly ExplainedFact[];
}

export interface CheckExplanation {
  readonly result: CheckResult;
  /** All must be met for there to be a finding. */
  readonly conditions: readonly ExplainedCheckCondition[];
  /** The recorded reason that makes it a warning, where the check knows one. */
  readonly unless: ExplainedCheckCondition | null;
  /** What is wrong with this record, with its values: `message`, or what the check says. */
  readonly message: string;
}

/** One check on one record, with every reason. `show` writes a fact's value as an officer reads it. */
export function explainCheck(
  rule: PreparedCheck,
  facts: Facts,
  settings: Settings,
  show: (fact: ExplainedFact) => string,
): CheckExplanation {
  const plan = checkPlanOf(rule);
  const environment = new RuleEnvironment(plan, facts, settings);
  const explained = (condition: Omit<PreparedCheck["conditions"][number], "says"> & { says: string }) => {
    const value = evaluate(condition.test, environment);
    return {
      id: condition.id,
      says: condition.says,
      basis: condition.basis ?? rule.definition.basis[0] ?? null,
      state: value instanceof Unknown ? ("unknown" as const) : value === true ? ("met" as const) : ("failed" as const),
      facts: [...new Set(namesIn(condition.test, "fact"))].flatMap((name) => explainFact(rule, name, facts)),
    };
  };
  return {
    result: judge(plan, facts, settings),
    conditions: rule.conditions.map(explained),
    unless: rule.unless ? explained({ id: "unless", says: "有记录的正当理由", test: rule.unless }) : null,
    message: messageOf(rule, facts, show),
  };
}

/** The check's message with the record's values in place of the names in braces. */
export function messageOf(rule: PreparedCheck, facts: Facts, show: (fact: ExplainedFact) => string): string {
  const { message, says } = rule.definition;
  return (message ?? says).replaceAll(PLACEHOLDER, (whole, name: string) => {
    const [fact] = explainFact(rule, name, facts);
    return fact ? (fact.value === null ? "（未填）" : show(fact)) : whole;
  });
}
