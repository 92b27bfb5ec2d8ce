import { runInNewContext } from "node:vm";
import { describe, expect, it, test } from "vitest";
import { runtime } from "#kernel/contract";
import { interview, type Answer, type Answers, type Setup } from "../citizen/interview.ts";
import type { CalculatorBenefit, CalculatorRules } from "../citizen/model.ts";
import { verdictOf, type Verdict } from "../citizen/verdict.ts";
import { casesOf } from "../library/library.ts";
import type { MeasureCase, MeasureCases } from "../measures/cases.ts";
import { publicLibrary, shipped } from "./fixtures.ts";
import { benefitKey } from "./library.ts";
import { ruledPlaceOf } from "./places.ts";
import { rulesScript } from "./rules-script.ts";

/** With nothing set by any locality. */
const library = publicLibrary();

/** As a phone loads them: from the text of the module, with nothing in reach but the runtime. */
function loaded(place: string): CalculatorRules {
  const { code } = rulesScript(library, ruledPlaceOf(place, library.texts)!);
  const make = runInNewContext(code.replace(/^export default /, "").replace(/;\n$/, ""), {}) as (
    k: typeof runtime,
  ) => CalculatorRules;
  return make(runtime);
}

interface Conversation {
  readonly asked: readonly string[];
  readonly answers: Answers;
  readonly verdict: Verdict;
}

/** Somebody who answers one benefit's questions as the facts say, and does not know what is not among them. */
function converse(
  rules: CalculatorRules,
  benefit: CalculatorBenefit,
  setup: Setup,
  facts: Readonly<Record<string, unknown>>,
): Conversation {
  const answers = new Map<string, Answer>();
  const asked: string[] = [];
  for (let { next } = interview(rules, setup, answers); next; { next } = interview(rules, setup, answers)) {
    expect(answers.has(next.key), `asked twice: ${next.key}`).toBe(false);
    asked.push(next.key);
    if (next.kind === "limit") answers.set(next.key, { known: true, value: 0 });
    else {
      const value = facts[next.fact.name];
      answers.set(next.key, value === undefined ? { known: false } : { known: true, value: value as string });
    }
  }
  return { asked, answers, verdict: verdictOf(benefit, setup, answers) };
}

const COUNTIES: Readonly<Record<string, string>> = { "430000": "433124", "370800": "370831", "620000": "622927" };

/** What a case's facts say, for those conditions that a citizen can speak of. */
function speaks(benefit: CalculatorBenefit, written: MeasureCases, one: MeasureCase) {
  const facts: Record<string, unknown> = { ...written.facts, ...one.with };
  for (const name of one.without) delete facts[name];
  const place = String(facts[benefit.plan.regionFact]);
  return { facts, place };
}

describe.each(library.benefits.map((benefit) => [benefitKey(benefit), benefit.rule.definition] as const))(
  "%s on a phone",
  (key, definition) => {
    const written = casesOf(shipped, definition)!;
    const rules = loaded(definition.region);
    const benefit = rules.benefits.find((one) => one.key === key)!;
    // Limits and settings of localities are other tests' matter; a place outside the region is not offered.
    const told = written.cases.filter(
      (one) =>
        one.claims.length === 0 &&
        Object.keys(one.settings ?? written.settings).length === 0 &&
        speaks(benefit, written, one).place.startsWith(definition.region.replace(/(00)+$/, "")),
    );

    it.each(told.map((one) => [one.name, one] as const))("%s", (_name, one) => {
      const { facts, place } = speaks(benefit, written, one);
      const setup: Setup = { asOf: one["as-of"] ?? written["as-of"], place, audience: "worker", chosen: [key] };
      const { verdict } = converse(rules, benefit, setup, facts);
      const office = verdict.reasons.filter(({ state }) => state === "office").map(({ id }) => id);
      if (one.failed.some((id) => office.includes(id)) || one.unknown.some((id) => office.includes(id))) {
        // What an office would refuse, or does not know yet, a citizen cannot have been asked.
        expect(verdict.kind).not.toBe("can");
        return;
      }
      switch (one.outcome) {
        case "ELIGIBLE":
        case "ELIGIBLE_UP_TO_CAP":
          expect(verdict.kind).toBe(office.length > 0 ? "likely" : "can");
          if (one.amount !== undefined) expect(verdict.amount).toBe(one.amount);
          return;
        case "NOT_YET":
          expect([verdict.kind, verdict.on]).toEqual(["later", one.on ?? verdict.on]);
          return;
        case "NOT_ELIGIBLE":
          expect(verdict.kind).toBe("cannot");
          expect(verdict.reasons.filter(({ state }) => state === "failed").map(({ id }) => id)).toEqual(one.failed);
          return;
        case "PARAM_MISSING":
          expect(["unset", "unclear"]).toContain(verdict.kind);
          return;
        case "REVIEW":
          expect(verdict.kind).toBe("review");
          return;
        default:
          expect(verdict.kind).toBe("unclear");
      }
    });

    it("asks nobody who is refused by his first answer anything more", () => {
      const setup: Setup = {
        asOf: written["as-of"],
        place: COUNTIES[definition.region]!,
        audience: "worker",
        chosen: [key],
      };
      const { asked } = converse(rules, benefit, setup, { ...written.facts });
      expect(asked.length).toBeGreaterThan(0);
      expect(asked.length).toBeLessThanOrEqual(
        benefit.facts.filter(({ question }) => question).length + benefit.limits.length,
      );
    });
  },
);

describe("one conversation for several benefits", () => {
  const rules = loaded("433124");
  const setup: Setup = {
    asOf: "2025-06-18",
    place: "433124",
    audience: "worker",
    chosen: rules.benefits.map(({ key }) => key),
  };

  test("asks for a person's category once, and first, because most depend on it", () => {
    const first = interview(rules, setup, new Map());
    expect(first.next?.key).toBe("person.liftedFromPoverty");
    const answers = new Map<string, Answer>([["person.liftedFromPoverty", { known: true, value: false }]]);
    const second = interview(rules, setup, answers);
    expect(second.settled).toBeGreaterThan(first.settled);
    expect(second.left).toBeLessThan(first.left);
  });

  test("goes on without an answer that somebody does not know", () => {
    const answers = new Map<string, Answer>([["person.liftedFromPoverty", { known: false }]]);
    expect(interview(rules, setup, answers).next?.key).not.toBe("person.liftedFromPoverty");
  });
});
