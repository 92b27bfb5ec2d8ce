import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { useOwnerConnection } from "../../platform/testing/owner-connection.ts";
import { checkFeel } from "../feel/check.ts";
import { planOf } from "../interpret/plan.ts";
import { decideTogether } from "../interpret/together.ts";
import type { PreparedLimit, PreparedMeasure } from "../rule/prepared.ts";
import { decide } from "../runtime/decide.ts";
import { addDays } from "../values/dates.ts";
import { drawOf } from "./draws.ts";
import { answerOf, screened } from "./engines.ts";
import type { Draw } from "./relations.ts";
import { measure } from "./rules.ts";
import { SITUATIONS } from "./situations.ts";

const database = useOwnerConnection();

const number = (value: string) => checkFeel(value, new Map(), ["integer"]).expression!;
const limit = (more: Partial<PreparedLimit>): PreparedLimit => ({
  id: `limit-${more.counts}-${more.within}`,
  says: "限额",
  key: "GS-workshop",
  per: ["劳动者"],
  within: "一生",
  counts: "times",
  ...(more.counts === "exclusive" ? {} : { most: number("2") }),
  ...more,
});

/** Limits of every kind, alone and together; the workshops of one person differ. */
const KINDS: readonly (readonly [string, readonly PreparedLimit[]])[] = [
  ["two of a calendar year", [limit({ within: "自然年" })]],
  ["one of a calendar month", [limit({ within: "自然月", most: number("1") })]],
  ["two of a life", [limit({})]],
  ["one of twelve rolling months", [limit({ within: "滚动12个月", most: number("1") })]],
  ["two months of a life", [limit({ counts: "months" })]],
  ["one month of a calendar year", [limit({ counts: "months", within: "自然年", most: number("1") })]],
  ["two months of twelve rolling", [limit({ counts: "months", within: "滚动12个月" })]],
  ["one year", [limit({ counts: "years", most: number("1") })]],
  ["nothing twice", [limit({ counts: "exclusive" })]],
  ["nothing twice, the same workshop apart", [limit({ counts: "exclusive", unlessSame: "车间" })]],
  [
    "nothing twice in twelve rolling months, the same workshop apart",
    [limit({ counts: "exclusive", within: "滚动12个月", unlessSame: "车间" })],
  ],
  [
    "three months, and none of another workshop",
    [limit({ counts: "months", most: number("3") }), limit({ counts: "exclusive", unlessSame: "车间" })],
  ],
  [
    "once a year for each workshop, two for the person",
    [limit({ per: ["车间", "劳动者"], within: "自然年", most: number("1") }), limit({ id: "limit-both" })],
  ],
  [
    "limits without a subject in common",
    [
      limit({ within: "自然年", most: number("1") }),
      limit({ id: "limit-workshop", per: ["车间"], key: "GS-place", most: number("4") }),
    ],
  ],
];

/** Rows of one person come in sixes, at two of five workshops, on days up to a year and a half apart. */
function rivalsOf(rule: PreparedMeasure, count: number): readonly Draw[] {
  const { asOf, ...situation } = SITUATIONS["workshop-award"]!;
  const shifts = fc.sample(
    fc.tuple(
      fc.integer({ min: -10, max: 10 }).map((steps) => steps * 25),
      fc.integer({ min: 0, max: 1 }),
    ),
    {
      numRuns: count,
      seed: 21,
    },
  );
  return fc.sample(drawOf(rule.source, { ...situation, asOf }), { numRuns: count, seed: 22 }).map((make, index) => {
    const person = Math.floor(index / 6);
    const draw = make(person);
    const [days, other] = shifts[index]!;
    const start = draw.facts["就业.开始日期"];
    return {
      ...draw,
      facts: {
        ...draw.facts,
        ...(typeof start === "string" && start.startsWith("202") ? { "就业.开始日期": addDays(start, days)! } : {}),
        "就业.结束日期": null,
        "吸纳.年初": "2021-01-01",
      },
      subjects: { ...draw.subjects, ...(draw.subjects["车间"] ? { 车间: `车间-${(person + other) % 5}` } : {}) },
      claims: index % 12 === 0 ? draw.claims : [],
    };
  });
}

describe("rows that compete for what a limit leaves", () => {
  it.each(KINDS)("are settled alike in PostgreSQL and by the interpreter: %s", async (_name, limits) => {
    const rule = measure("workshop-award");
    const asOf = "2027-12-31";
    // Three years of employment, one month each: what binds the shipped award to its year is left out.
    const monthly: PreparedMeasure = {
      ...rule,
      limits,
      definition: { ...rule.definition, grain: "month" },
      conditions: rule.conditions.filter(({ id }) => id !== "in-force" && id !== "within-year"),
    };
    const draws = rivalsOf(monthly, 480);
    const claims = draws.flatMap((draw) => draw.claims);
    const questions = draws.map((draw) => ({ ...draw, claims, asOf }));
    const decisions = decideTogether(monthly, questions);
    const expected = decisions.map(answerOf);
    const found = await screened(database, monthly, draws, asOf, { settleAmongRows: true });
    for (const [index, answer] of expected.entries()) expect({ index, ...found[index] }).toEqual({ index, ...answer });
    const plan = planOf(monthly);
    const changed = questions.filter((question, index) => decide(plan, question).outcome !== decisions[index]!.outcome);
    expect(changed.length).toBeGreaterThan(6);
  });

  it.each(["enterprise-insurance", "export-introduction", "startup-loan", "workshop-award"])(
    "leave to %s what is left, the amount included",
    async (id) => {
      const rule = measure(id);
      const { asOf } = SITUATIONS[id]!;
      const drawn = fc.sample(drawOf(rule.source, SITUATIONS[id]!), { numRuns: 600, seed: 9 });
      const draws = drawn.map((make, index) => make(Math.floor(index / 4)));
      const claims = draws.flatMap((draw) => draw.claims);
      const questions = draws.map((draw) => ({ ...draw, claims, asOf }));
      const expected = decideTogether(rule, questions).map(answerOf);
      const found = await screened(database, rule, draws, asOf, { settleAmongRows: true });
      for (const [index, answer] of expected.entries())
        expect({ facts: draws[index]!.facts, ...found[index] }).toEqual({ facts: draws[index]!.facts, ...answer });
      const plan = planOf(rule);
      const alone = questions.map((question) => answerOf(decide(plan, question)));
      const changed = alone.filter(({ outcome, amount }, index) => {
        const settled = expected[index]!;
        return outcome !== settled.outcome || amount !== settled.amount;
      });
      expect(changed.length).toBeGreaterThan(3);
    },
  );
});
