import { join } from "node:path";
import { describe, expect, it, test } from "vitest";
import { prepareMeasure, type MeasureDefinition, type PreparedMeasure } from "#kernel";
import { DICTIONARIES } from "../facts/index.ts";
import { withoutRows } from "../facts/dictionary.ts";
import { rulebookFiles } from "../library/files.ts";
import { casesOf, measuresOf, readLibrary } from "../library/library.ts";
import { runCase, settingsOf, type MeasureCase } from "./cases.ts";

const library = readLibrary(rulebookFiles(join(import.meta.dirname, "../../../policies")));
const sources = DICTIONARIES.map(withoutRows);

function prepared(definition: MeasureDefinition, one?: MeasureCase): PreparedMeasure {
  const cases = casesOf(library, definition);
  const settings = cases && one ? settingsOf(cases, one) : {};
  const { rule, problems } = prepareMeasure(definition, sources, settings);
  if (!rule) throw new Error(JSON.stringify(problems, null, 1));
  return rule;
}

const named = measuresOf(library).map((definition) => [definition.file, definition] as const);

test("the rulebook reads without a problem, and every sentence it cites stands in its text", () => {
  expect(library.problems).toEqual([]);
  expect(named.length).toBeGreaterThan(0);
});

describe.each(named)("%s", (_name, definition) => {
  const cases = casesOf(library, definition);
  const written = cases?.cases ?? [];

  it("is sound against the facts it names, and cites a sentence", () => {
    expect(prepareMeasure(definition, sources).problems).toEqual([]);
    expect(definition.basis[0]?.quote).toBeTruthy();
    expect(definition.catalogue.length).toBeGreaterThan(0);
  });

  it.each(written.map((one) => [one.name, one] as const))("%s", (_case, one) => {
    const { decision } = runCase(prepared(definition, one), cases!, one);
    const { outcome, failed, unknown, review } = decision;
    expect({ outcome, failed, unknown, review }).toEqual({
      outcome: one.outcome,
      failed: one.failed,
      unknown: one.unknown,
      review: one.review,
    });
    if (one.amount !== undefined) expect(decision.amount).toBe(one.amount);
    if (one.fund !== undefined) expect(decision.fund).toBe(one.fund);
    if (one.on !== undefined) expect(decision.notYet).toBe(one.on);
    if (outcome === "PARAM_MISSING")
      expect(decision.missingParameters.toSorted()).toEqual(one["missing-parameters"].toSorted());
  });

  it("has cases for eligible, unknown and not yet, and for each condition alone", () => {
    const rule = prepared(definition);
    const decisions = written.map((one) => runCase(prepared(definition, one), cases!, one).decision);
    // A condition of one fund sends the claim to the next fund: it fails alone there, not for the claim.
    const outcomes = decisions.flatMap((decision) => [decision, ...decision.funds]);
    const alone = new Set(outcomes.flatMap(({ failed }) => (failed.length === 1 ? failed : [])));
    const reviewed = new Set(decisions.flatMap(({ outcome, review }) => (outcome === "REVIEW" ? review : [])));
    const unproved = [...rule.conditions, ...rule.limits].filter((condition) => {
      if (!("core" in condition)) return !alone.has(condition.id);
      const { core } = condition;
      if ("ambiguity" in core && core.ambiguity && !reviewed.has(core.ambiguity)) return true;
      // Without an end, time alone stands in the way.
      const canFail = core.kind === "plain" || (core.kind === "time" && core.until !== undefined);
      return canFail && !alone.has(condition.id);
    });
    expect(unproved.map(({ id }) => id)).toEqual([]);
    const found = new Set(outcomes.map(({ outcome }) => outcome));
    const waits = rule.conditions.some(({ core }) => core.kind === "time");
    const isOpen = rule.parameters.some(({ values }) => values.length === 0);
    const wanted = [
      "ELIGIBLE",
      "UNKNOWN",
      ...(waits ? ["NOT_YET"] : []),
      ...(isOpen ? ["PARAM_MISSING"] : []),
    ] as const;
    expect(wanted.filter((outcome) => !found.has(outcome as (typeof outcomes)[number]["outcome"]))).toEqual([]);
  });
});
