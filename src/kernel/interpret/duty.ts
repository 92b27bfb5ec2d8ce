import type { Facts } from "../facts/source.ts";
import { EVENT_DATE, type PreparedDuty } from "../rule/prepared.ts";
import type { Settings } from "../runtime/environment.ts";
import type { Outcome } from "../runtime/operators.ts";
import { Unknown } from "../values/unknown.ts";
import { evaluate } from "./evaluate.ts";
import { environmentOf } from "./record.ts";

/**
 * `DUE` before the deadline, `OVERDUE` after it, whether it is still wanting or was done too late (`doneOn` tells); `NOT_YET`: begins to be
 * owed on a later day. Where `done` is only yes or no, what is done is taken to have been done in time.
 */
export type DutyOutcome = "NOT_APPLICABLE" | "NOT_OWED" | "NOT_YET" | "DUE" | "ON_TIME" | "OVERDUE" | "UNKNOWN";

export interface DutyResult {
  readonly outcome: DutyOutcome;
  /** The day from which it is owed, its last day, and the day on which it was done; null while not known, or not so far. */
  readonly from: string | null;
  readonly due: string | null;
  readonly doneOn: string | null;
  readonly missingFacts: readonly string[];
  readonly missingParameters: readonly string[];
}

/** How one duty stands for one record on 观察日. */
export function judgeDuty(rule: PreparedDuty, facts: Facts, settings: Settings): DutyResult {
  const { environment, applies } = environmentOf(rule, facts, settings);
  const from = environment.special(EVENT_DATE);
  const [owed, due] = [evaluate(rule.owed, environment), evaluate(rule.due, environment)];
  const isOpen = rule.openEnded !== undefined && environment.isAbsent(rule.openEnded);
  const done = isOpen ? false : evaluate(rule.done, environment);
  const { asOf } = settings;
  const outcome = ((): DutyOutcome | Unknown => {
    if (applies instanceof Unknown) return applies;
    if (!applies) return "NOT_APPLICABLE";
    if (owed instanceof Unknown) return owed;
    if (owed === false) return "NOT_OWED";
    if ((from as string) > asOf) return "NOT_YET";
    if (due instanceof Unknown || done instanceof Unknown)
      return Unknown.of([due, done].filter((value) => value instanceof Unknown));
    // What is recorded for a later day has not been done so far.
    if (done === true) return "ON_TIME";
    if (typeof done === "string" && done <= asOf) return done <= (due as string) ? "ON_TIME" : "OVERDUE";
    return asOf <= (due as string) ? "DUE" : "OVERDUE";
  })();
  const missing = outcome instanceof Unknown ? outcome : null;
  const isDone = typeof done === "string" && done <= asOf;
  return {
    outcome: outcome instanceof Unknown ? "UNKNOWN" : outcome,
    from: day(from),
    due: day(due),
    doneOn: isDone ? done : null,
    missingFacts: missing?.facts ?? [],
    missingParameters: missing?.parameters ?? [],
  };
}

const day = (value: Outcome): string | null => (typeof value === "string" ? value : null);
