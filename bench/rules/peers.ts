/**
 * The same measure in other rule engines, each written as its own documentation would have it. They know neither months nor ages nor
 * claims, so what follows from dates is worked out for them beforehand, outside the time that is measured; and they know no unknown, so
 * that a missing fact is asked for by name.
 */
import { ZenEngine } from "@gorules/zen-engine";
import { evaluate as feelin } from "feelin";
import { Engine, type NestedCondition } from "json-rules-engine";

/** A person's row with what was worked out: days as numbers since 1970, `null` for what is missing. */
export interface PeerFacts extends Readonly<Record<string, string | number | boolean | null>> {
  readonly six: number | null;
  readonly ended: number | null;
  readonly years: number | null;
}

export interface PeerAnswer {
  readonly outcome: string;
  readonly amount: number | null;
}

const day = (text: string) => Date.parse(text) / 86_400_000;
const AS_OF = day("2025-06-18");
const [FROM, TO] = [day("2021-07-26"), day("2025-12-31")];
const KINDS = ["人力资源服务机构", "农村劳务经纪人", "其他市场主体"];
const NEEDED = [
  "home",
  "work",
  "six",
  "kind",
  "qualified",
  "organised",
  "purchased",
  "assisted",
  "years",
  "oldest",
  "introducedBy",
  "agency",
] as const;
const answer = (outcome: string): PeerAnswer => ({ outcome, amount: outcome === "ELIGIBLE" ? 30_000 : null });

export type Peer = (facts: PeerFacts) => Promise<PeerAnswer>;

export function jsonRulesEngine(): Peer {
  const engine = new Engine([], { allowUndefinedFacts: true });
  const is = (fact: string, operator: string, value: unknown): NestedCondition =>
    ({ fact, operator, value }) as NestedCondition;
  const both = (one: string, other: string, operator: string): NestedCondition => ({
    all: [is(one, "notEqual", null), is(other, "notEqual", null), is(one, operator, { fact: other })],
  });
  const failed: NestedCondition[] = [
    { all: [is("province", "notEqual", null), is("province", "notEqual", "43")] },
    is("six", "lessThan", FROM),
    is("six", "greaterThan", TO),
    { all: [is("kind", "notEqual", null), is("kind", "notIn", KINDS)] },
    ...["qualified", "organised", "purchased", "assisted"].map((fact) => is(fact, "equal", false)),
    both("work", "home", "equal"),
    both("ended", "six", "lessThan"),
    is("years", "lessThan", 16),
    both("years", "oldest", "greaterThanInclusive"),
    both("introducedBy", "agency", "notEqual"),
    is("paid", "greaterThan", 0),
  ];
  const rules = [
    { outcome: "NOT_ELIGIBLE", conditions: { any: failed } },
    { outcome: "UNKNOWN", conditions: { any: NEEDED.map((fact) => is(fact, "equal", null)) } },
    { outcome: "NOT_YET", conditions: { all: [is("six", "greaterThan", AS_OF)] } },
    { outcome: "ELIGIBLE", conditions: { all: [] } },
  ];
  for (const [index, { outcome, conditions }] of rules.entries())
    engine.addRule({
      conditions,
      event: { type: outcome },
      priority: rules.length - index,
      // The first rule that holds is the answer.
      onSuccess: () => void engine.stop(),
    });
  return async (facts) => answer((await engine.run(facts)).events[0]!.type);
}

/** The failed conditions in the language that zen and FEEL share; both read null as false in `and`. */
const FAILED = [
  'province != null and province != "43"',
  `six != null and (six < ${FROM} or six > ${TO})`,
  `kind != null and not(kind in [${KINDS.map((kind) => `"${kind}"`).join(", ")}])`,
  ...["qualified", "organised", "purchased", "assisted"].map((fact) => `${fact} != null and ${fact} = false`),
  "work != null and home != null and work = home",
  "ended != null and six != null and ended < six",
  "years != null and years < 16",
  "years != null and oldest != null and years >= oldest",
  "introducedBy != null and agency != null and introducedBy != agency",
  "paid > 0",
].map((one) => `(${one})`);
const GAPS = NEEDED.map((fact) => `${fact} = null`);

export function zen(): Peer {
  const own = (feel: string) => feel.replaceAll(/([^!<>])=/g, "$1==");
  const expression = `${own(FAILED.join(" or "))} ? "NOT_ELIGIBLE" : ${own(GAPS.join(" or "))} ? "UNKNOWN" : six > ${AS_OF} ? "NOT_YET" : "ELIGIBLE"`;
  const decision = new ZenEngine().createDecision({
    nodes: [
      { id: "in", type: "inputNode", name: "in" },
      {
        id: "rule",
        type: "expressionNode",
        name: "rule",
        content: { expressions: [{ id: "o", key: "outcome", value: expression }] },
      },
      { id: "out", type: "outputNode", name: "out" },
    ],
    edges: [
      { id: "a", type: "edge", sourceId: "in", targetId: "rule" },
      { id: "b", type: "edge", sourceId: "rule", targetId: "out" },
    ],
  });
  return async (facts) => answer(((await decision.evaluate(facts)).result as { outcome: string }).outcome);
}

export function feelinAlone(): Peer {
  const expression = `if ${FAILED.join(" or ")} then "NOT_ELIGIBLE" else if ${GAPS.join(" or ")} then "UNKNOWN" else if six > ${AS_OF} then "NOT_YET" else "ELIGIBLE"`;
  return (facts) => Promise.resolve(answer(feelin(expression, facts).value as string));
}
