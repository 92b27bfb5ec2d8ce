import { namesIn } from "../feel/ast.ts";
import { readFact, type FactField, type Facts } from "../facts/source.ts";
import type { Basis } from "../format/types.ts";
import { expressionsOf } from "../rule/hints.ts";
import type { PreparedCondition, PreparedMeasure } from "../rule/prepared.ts";
import { decide, type Decision, type JudgedCondition, type Question } from "../runtime/decide.ts";
import { waitingFor } from "../runtime/waiting.ts";
import { REASONS } from "../values/unknown.ts";
import type { Value } from "../values/types.ts";
import { planOf } from "./plan.ts";

export interface ExplainedFact {
  readonly name: string;
  readonly label: string;
  /** Null when missing. */
  readonly value: Value | null;
  readonly supplier: string;
  readonly question?: string;
}

export type ExplainedCondition = JudgedCondition & {
  readonly says: string;
  /** The sentence of the text that it comes from; the measure's own where the condition has none. */
  readonly basis: Basis | null;
  /** Facts it reads, met or not: what the answer rests on. */
  readonly facts: readonly ExplainedFact[];
};

export interface Explanation {
  readonly measure: { readonly id: string; readonly region: string; readonly title: string };
  readonly decision: Decision;
  readonly conditions: readonly ExplainedCondition[];
  readonly payee: string;
  /** The division whose purse pays: the value of the jurisdiction's field. */
  readonly payerRegion: string | null;
  readonly amountSays: string | null;
  /** Of a measure that decides something else than money: what. */
  readonly decides: string | null;
  readonly missing: readonly ExplainedFact[];
  /** In words, why something cannot be computed at all. */
  readonly reasons: readonly string[];
  /** What the citizen is told when the text is no longer in force on the event date, else null. */
  readonly ended: string | null;
}

/** One measure for one subject, with every reason: for the officer's page, the citizen's and the auditor's alike. */
export function explainMeasure(rule: PreparedMeasure, question: Question): Explanation {
  const { definition } = rule;
  const decision = decide(planOf(rule), question);
  const fact = (name: string) => explainFact(rule, name, question.facts);
  const byId = new Map(rule.conditions.map((condition) => [condition.id, condition]));
  const limits = new Map(rule.limits.map((limit) => [limit.id, limit]));
  const conditions = decision.conditions.map((judged): ExplainedCondition => {
    const condition = byId.get(judged.id);
    const limit = limits.get(judged.id);
    return {
      ...judged,
      says: condition?.says ?? limit?.says ?? "计算补贴金额",
      basis: condition?.basis ?? limit?.basis ?? definition.basis[0] ?? null,
      facts: condition ? factsOf(condition).flatMap(fact) : [],
    };
  });
  const region = fact(rule.regionFact)[0]?.value;
  const { to, ended } = definition.inForce;
  const isOver = to !== undefined && (decision.eventDate ?? question.asOf) > to;
  return {
    measure: { id: definition.id, region: definition.region, title: definition.title },
    decision,
    conditions,
    payee: definition.payee,
    payerRegion: typeof region === "string" ? region : null,
    amountSays: definition.amount?.says ?? null,
    decides: definition.decides ?? null,
    missing: decision.missingFacts.flatMap(fact),
    reasons: decision.reasons.map((reason) => REASONS[reason]),
    ended: isOver ? (ended ?? `该政策执行期限截至 ${to}。`) : null,
  };
}

/** What to ask next: the missing fact on which most conditions wait, of those that have a question; null when nothing is left to ask. */
export function nextQuestion(rule: PreparedMeasure, decision: Decision): FactField | null {
  const askable = [...waitingFor(decision)].flatMap(([name, conditions]) =>
    rule.source.fields.filter((field) => field.name === name && field.question).map((field) => ({ field, conditions })),
  );
  return askable.toSorted((a, b) => b.conditions - a.conditions)[0]?.field ?? null;
}

export function explainFact(
  rule: Pick<PreparedMeasure, "source">,
  name: string,
  facts: Facts,
): readonly ExplainedFact[] {
  const field = rule.source.fields.find((one) => one.name === name);
  if (!field) return [];
  const value = readFact({ kind: field.type, ...(field.of ? { of: field.of } : {}) }, facts[name]);
  const { label, supplier, question } = field;
  return [{ name, label, value, supplier, ...(question ? { question } : {}) }];
}

/** Names of the facts that a condition reads. */
export const factsOf = (condition: PreparedCondition): readonly string[] => [
  ...new Set(expressionsOf(condition).flatMap((expression) => namesIn(expression, "fact"))),
];
