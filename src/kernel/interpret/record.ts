import type { Facts } from "../facts/source.ts";
import type { PreparedDuty, PreparedIndicator } from "../rule/prepared.ts";
import { RuleEnvironment, type Settings } from "../runtime/environment.ts";
import { divisionPrefix } from "../runtime/functions.ts";
import { reaches } from "../runtime/judge.ts";
import type { Unknown } from "../values/unknown.ts";
import { compute, factPlans, parameterPlans } from "./plan.ts";

/** One row before a rule without conditions: where its names stand, and whether the rule has to do with it (0.3, AMB-09). */
export function environmentOf(
  rule: PreparedDuty | PreparedIndicator,
  facts: Facts,
  settings: Settings,
): { readonly environment: RuleEnvironment; readonly applies: boolean | Unknown } {
  const { definition, regionFact, source } = rule;
  const plan = {
    regionFact,
    facts: factPlans(source),
    eventDate: compute(rule.eventDate),
    parameters: parameterPlans(rule.parameters, definition.region),
  };
  const environment = new RuleEnvironment(plan, facts, settings);
  const { from, to } = definition.inForce;
  const applies = reaches(environment, {
    regionFact,
    prefix: divisionPrefix(definition.region),
    from,
    ...(to ? { to } : {}),
  });
  return { environment, applies };
}
