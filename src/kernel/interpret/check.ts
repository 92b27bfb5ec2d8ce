import type { Facts } from "../facts/source.ts";
import type { PreparedCheck } from "../rule/prepared.ts";
import { RuleEnvironment, type Settings } from "../runtime/environment.ts";
import { divisionPrefix } from "../runtime/functions.ts";
import { and, compare, strict, type Outcome } from "../runtime/operators.ts";
import { Unknown } from "../values/unknown.ts";
import { evaluate } from "./evaluate.ts";
import { compute, factPlans, parameterPlans } from "./plan.ts";

/** `NOT_APPLICABLE`: another jurisdiction or another time (0.3). A suspicion (`SUSPECTED`) is for a person to decide. */
export type CheckOutcome = "COMPLIANT" | "WARNING" | "VIOLATION" | "SUSPECTED" | "UNKNOWN" | "NOT_APPLICABLE";

export interface CheckResult {
  readonly outcome: CheckOutcome;
  readonly eventDate: string | null;
  readonly missingFacts: readonly string[];
  readonly missingParameters: readonly string[];
}

/** Judges one record by one check. */
export function judgeCheck(rule: PreparedCheck, facts: Facts, settings: Settings): CheckResult {
  const { definition, regionFact, source, finding, unless } = rule;
  const plan = {
    regionFact,
    facts: factPlans(source),
    eventDate: compute(rule.eventDate),
    parameters: parameterPlans(rule.parameters, definition.region),
  };
  const environment = new RuleEnvironment(plan, facts, settings);
  const event = environment.special("事件日");
  const { from, to } = definition.inForce;
  const applies = and(
    strict([environment.fact(regionFact)], (region) =>
      (region as string).startsWith(divisionPrefix(definition.region)),
    ),
    compare(">=", event, from),
    ...(to ? [compare("<=", event, to)] : []),
  );
  const answer = (outcome: CheckOutcome | Unknown): CheckResult => ({
    outcome: outcome instanceof Unknown ? "UNKNOWN" : outcome,
    eventDate: typeof event === "string" ? event : null,
    missingFacts: outcome instanceof Unknown ? outcome.facts : [],
    missingParameters: outcome instanceof Unknown ? outcome.parameters : [],
  });
  if (applies instanceof Unknown) return answer(applies);
  if (!applies) return answer("NOT_APPLICABLE");
  const found: Outcome = evaluate(finding, environment);
  if (found instanceof Unknown) return answer(found);
  if (found === false) return answer("COMPLIANT");
  const excused = unless ? evaluate(unless, environment) : false;
  if (excused instanceof Unknown) return answer(excused);
  return answer(excused === true ? "WARNING" : definition.answers);
}
