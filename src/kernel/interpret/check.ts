import type { Facts } from "../facts/source.ts";
import { EVENT_DATE, type PreparedCheck } from "../rule/prepared.ts";
import type { Settings } from "../runtime/environment.ts";
import { Unknown } from "../values/unknown.ts";
import { evaluate } from "./evaluate.ts";
import { environmentOf } from "./record.ts";

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
  const { definition, finding, unless } = rule;
  const { environment, applies } = environmentOf(rule, facts, settings);
  const event = environment.special(EVENT_DATE);
  const answer = (outcome: CheckOutcome | Unknown): CheckResult => ({
    outcome: outcome instanceof Unknown ? "UNKNOWN" : outcome,
    eventDate: typeof event === "string" ? event : null,
    missingFacts: outcome instanceof Unknown ? outcome.facts : [],
    missingParameters: outcome instanceof Unknown ? outcome.parameters : [],
  });
  if (applies instanceof Unknown) return answer(applies);
  if (!applies) return answer("NOT_APPLICABLE");
  const found = evaluate(finding, environment);
  if (found instanceof Unknown) return answer(found);
  if (found === false) return answer("COMPLIANT");
  const excused = unless ? evaluate(unless, environment) : false;
  if (excused instanceof Unknown) return answer(excused);
  return answer(excused === true ? "WARNING" : definition.answers);
}
