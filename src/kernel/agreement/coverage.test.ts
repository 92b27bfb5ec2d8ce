import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { planOf } from "../interpret/plan.ts";
import type { PreparedMeasure } from "../rule/prepared.ts";
import { decide, type Decision } from "../runtime/decide.ts";
import { drawOf } from "./draws.ts";
import { mutantsOf, turnedComparisons } from "./mutants.ts";
import { measure, MEASURES } from "./rules.ts";
import { SITUATIONS } from "./situations.ts";

const OUTCOMES: Readonly<Record<string, readonly Decision["outcome"][]>> = {
  "enterprise-insurance": ["ELIGIBLE", "ELIGIBLE_UP_TO_CAP", "NOT_ELIGIBLE", "UNKNOWN", "NOT_YET", "PARAM_MISSING"],
  "export-introduction": ["ELIGIBLE", "NOT_ELIGIBLE", "UNKNOWN", "NOT_YET"],
  "startup-loan": ["ELIGIBLE", "ELIGIBLE_UP_TO_CAP", "NOT_ELIGIBLE", "UNKNOWN"],
  "training-uplift": ["ELIGIBLE", "NOT_ELIGIBLE", "UNKNOWN", "NOT_YET", "PARAM_MISSING"],
  "welfare-post-allowance": ["ELIGIBLE", "NOT_ELIGIBLE", "UNKNOWN", "NOT_YET", "PARAM_MISSING"],
  "workshop-award": ["ELIGIBLE", "NOT_ELIGIBLE", "UNKNOWN", "NOT_YET", "REVIEW"],
};

/** Comparisons that make no difference, and why. */
const SAME: Readonly<Record<string, string>> = {
  "welfare-post-allowance.conditions[1].core.test.tests[0] lowIncluded":
    "the event date is always the last of a month, the window begins on a 26th",
};

function drawsFor(rule: PreparedMeasure, count: number) {
  const situation = SITUATIONS[rule.definition.id]!;
  return fc
    .sample(drawOf(rule.source, situation), { numRuns: count, seed: 7 })
    .map((make, index) => ({ ...make(index), asOf: situation.asOf }));
}

describe("the draws", () => {
  it.each(MEASURES)("bring up every outcome of %s in at least 5 %", (id) => {
    const rule = measure(id);
    const decisions = drawsFor(rule, 2000).map((question) => decide(planOf(rule), question));
    for (const outcome of OUTCOMES[id]!) {
      const share = decisions.filter((decision) => decision.outcome === outcome).length / decisions.length;
      expect(share, outcome).toBeGreaterThanOrEqual(0.05);
    }
    expect(new Set(decisions.map(({ outcome }) => outcome))).toEqual(new Set(OUTCOMES[id]));
  });

  it.each(MEASURES)("let each condition and limit of %s be the only one that fails", (id) => {
    const rule = measure(id);
    const alone = new Set(
      drawsFor(rule, 3000)
        .map((question) => decide(planOf(rule), question))
        .filter(({ unknown }) => unknown.length === 0)
        .flatMap(({ funds }) => funds.flatMap(({ failed }) => (failed.length === 1 ? failed : []))),
    );
    // A condition that can only ask for judgement never fails.
    const able = rule.conditions.filter(({ core }) => core.kind !== "review" && !(core.kind === "time" && !core.until));
    expect(
      [...able.map((one) => one.id), ...rule.limits.map((one) => one.id)].filter((one) => !alone.has(one)),
    ).toEqual([]);
  });

  it.each(MEASURES)("tell %s from itself with any one comparison turned", (id) => {
    const rule = measure(id);
    const asked = drawsFor(rule, 3000).map((question) => ({ rule, question }));
    expect(mutantsOf(rule).length).toBeGreaterThan(2);
    expect(turnedComparisons(asked).filter((place) => !(place in SAME))).toEqual([]);
  });
});
