import type { Facts } from "../facts/source.ts";
import type { PreparedCheck, PreparedDuty, PreparedIndicator } from "../rule/prepared.ts";
import { EVENT_DATE } from "../rule/prepared.ts";
import { RuleEnvironment, type Settings } from "../runtime/environment.ts";
import { divisionPrefix } from "../runtime/functions.ts";
import { and, compare, strict } from "../runtime/operators.ts";
import type { Unknown } from "../values/unknown.ts";
import { compute, factPlans, parameterPlans } from "./plan.ts";

/** One row before a rule without conditions: where its names stand, and whether the rule has to do with it (0.3, AMB-09). */
export function environmentOf(
  rule: PreparedCheck | PreparedDuty | PreparedIndicator,
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
  const event = environment.special(EVENT_DATE);
  const { from, to } = definition.inForce;
  const applies = and(
    strict([environment.fact(regionFact)], (region) =>
      (region as string).startsWith(divisionPrefix(definition.region)),
    ),
    compare(">=", event, from),
    ...(to ? [compare("<=", event, to)] : []),
  );
  return { environment, applies };
}
