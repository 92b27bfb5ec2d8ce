import type { Decision } from "./decide.ts";

/**
 * How many conditions wait for each missing fact, in the order in which the rule names them: what to ask first. Empty when the
 * outcome no longer depends on an answer, so that nobody is asked in vain.
 */
export function waitingFor(decision: Decision): ReadonlyMap<string, number> {
  if (decision.outcome !== "UNKNOWN") return new Map();
  const waiting = (name: string) =>
    decision.conditions.filter((one) => "missing" in one && one.missing.facts.includes(name)).length;
  return new Map(decision.missingFacts.map((name) => [name, waiting(name)]));
}
