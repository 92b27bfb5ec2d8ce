import { factPlans } from "../interpret/plan.ts";
import { orderedValues } from "../rule/parameters.ts";
import { factsOfCheck } from "../rule/check-facts.ts";
import type { PreparedCheck } from "../rule/prepared.ts";
import { divisionPrefix } from "../runtime/functions.ts";
import { compute, json, object, parametersScript } from "./emit.ts";

/** A check as JavaScript: the source of a function that takes the runtime (`check-runtime.ts`) and gives its plan, for `judge`. */
export function checkScript(rule: PreparedCheck): string {
  const { definition, source } = rule;
  const plans = factPlans(source);
  const plan = object({
    regionFact: json(rule.regionFact),
    prefix: json(divisionPrefix(definition.region)),
    from: json(definition.inForce.from),
    to: json(definition.inForce.to),
    facts: json(Object.fromEntries(factsOfCheck(rule).map((name) => [name, plans[name]]))),
    eventDate: compute(rule.eventDate),
    parameters: parametersScript(rule.parameters, (values) => orderedValues(values, definition.region)),
    finding: compute(rule.finding),
    unless: compute(rule.unless),
    answers: json(definition.answers),
  });
  return `(k) => (${plan})`;
}
