import type { Facts } from "../facts/source.ts";
import { Unknown } from "../values/unknown.ts";
import { RuleEnvironment, type Settings } from "./environment.ts";
import { and, compare, strict } from "./operators.ts";
import type { Compute, FactPlan, ParameterPlan } from "./plan.ts";

/** `NOT_APPLICABLE`: another jurisdiction or another time (0.3). A suspicion (`SUSPECTED`) is for a person to decide. */
export type CheckOutcome = "COMPLIANT" | "WARNING" | "VIOLATION" | "SUSPECTED" | "UNKNOWN" | "NOT_APPLICABLE";

export interface CheckResult {
  readonly outcome: CheckOutcome;
  readonly eventDate: string | null;
  readonly missingFacts: readonly string[];
  readonly missingParameters: readonly string[];
}

/** Where a rule without conditions of payment holds, and from when to when. */
export interface Reach {
  readonly regionFact: string;
  /** Codes of its divisions begin so. */
  readonly prefix: string;
  readonly from: string;
  readonly to?: string;
}

/** A check as its engines see it: the interpreter makes it from the syntax tree, `checkScript` writes it out as JavaScript. */
export interface CheckPlan extends Reach {
  readonly facts: Readonly<Record<string, FactPlan>>;
  readonly eventDate: Compute;
  readonly parameters: Readonly<Record<string, ParameterPlan>>;
  readonly finding: Compute;
  readonly unless?: Compute;
  readonly answers: CheckOutcome;
}

/** Whether a rule has to do with the row at all (0.3, AMB-09). */
export function reaches(environment: RuleEnvironment, { regionFact, prefix, from, to }: Reach): boolean | Unknown {
  const event = environment.special("事件日");
  return and(
    strict([environment.fact(regionFact)], (region) => (region as string).startsWith(prefix)),
    compare(">=", event, from),
    ...(to === undefined ? [] : [compare("<=", event, to)]),
  );
}

/** Judges one record by one check. */
export function judge(plan: CheckPlan, facts: Facts, settings: Settings): CheckResult {
  const environment = new RuleEnvironment(plan, facts, settings);
  const event = environment.special("事件日");
  const answer = (outcome: CheckOutcome | Unknown): CheckResult => ({
    outcome: outcome instanceof Unknown ? "UNKNOWN" : outcome,
    eventDate: typeof event === "string" ? event : null,
    missingFacts: outcome instanceof Unknown ? outcome.facts : [],
    missingParameters: outcome instanceof Unknown ? outcome.parameters : [],
  });
  const applies = reaches(environment, plan);
  if (applies instanceof Unknown) return answer(applies);
  if (!applies) return answer("NOT_APPLICABLE");
  const found = plan.finding(environment);
  if (found instanceof Unknown) return answer(found);
  if (found === false) return answer("COMPLIANT");
  const excused = plan.unless ? plan.unless(environment) : false;
  if (excused instanceof Unknown) return answer(excused);
  return answer(excused === true ? "WARNING" : plan.answers);
}
