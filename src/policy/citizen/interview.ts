/**
 * What to ask a citizen next, and what his answers mean to the rules. Pure: the same on a phone, in a test and on a server. An answer
 * may be that he does not know; then the fact stays missing and is not asked again.
 */
import { runtime, type Claim, type Decision, type Facts, type MeasurePlan, type Question } from "#kernel/contract";
import type { Audience } from "../facts/audience.ts";
import type { AskedFact, AskedLimit, CalculatorBenefit, CalculatorRules } from "./model.ts";

export interface Setup {
  /** 观察日. */
  readonly asOf: string;
  /** County, six digits. */
  readonly place: string;
  readonly audience: Audience;
  /** Keys of the benefits that are counted. */
  readonly chosen: readonly string[];
}

/** `value: null` is an answer to a date that may not have come. */
export type Answer =
  | { readonly known: true; readonly value: string | number | boolean | null }
  | { readonly known: false };
/** By `factKey` or `limitKey`. */
export type Answers = ReadonlyMap<string, Answer>;

/** Facts of one topic, and the same fact of several benefits over one source, are one answer. */
export const factKey = (benefit: CalculatorBenefit, fact: AskedFact): string =>
  fact.topic ?? `${benefit.subject}/${fact.name}`;
export const limitKey = ({ key, counts, within }: AskedLimit): string => `limit/${key}/${counts}/${within}`;

/** The name under which a plan misses the answer to a limit. */
const subjectOf = (id: string) => `享受记录/${id}`;

/** What is asked on one screen. */
export type Asked =
  | {
      readonly kind: "fact";
      readonly key: string;
      readonly fact: AskedFact;
      readonly benefit: CalculatorBenefit;
      readonly condition: string;
    }
  | { readonly kind: "limit"; readonly key: string; readonly limit: AskedLimit; readonly benefit: CalculatorBenefit };

/** The county where the benefit is applied for is the place chosen at the beginning, unless it is a fact about a person. */
const isPlace = (benefit: CalculatorBenefit, fact: AskedFact) =>
  fact.name === benefit.plan.regionFact && fact.topic === undefined;

export function factsOf(benefit: CalculatorBenefit, { place }: Setup, answers: Answers): Facts {
  return Object.fromEntries(
    benefit.facts.flatMap((fact) => {
      if (isPlace(benefit, fact)) return [[fact.name, place]];
      const answer = answers.get(factKey(benefit, fact));
      return answer?.known ? [[fact.name, answer.value]] : [];
    }),
  );
}

/**
 * The plan as far as a citizen can speak to it: without what only an office knows, and with each limit counting a subject of its own,
 * so that what is known of one says nothing of another.
 */
export const planOf = ({ plan, office }: CalculatorBenefit): MeasurePlan => ({
  ...plan,
  conditions: plan.conditions.filter(({ id }) => !office.some((one) => one.id === id)),
  limits: plan.limits.map(({ unlessSame: _, ...limit }) => ({ ...limit, per: [subjectOf(limit.id)] })),
});

export function questionOf(benefit: CalculatorBenefit, setup: Setup, answers: Answers): Question {
  const had = benefit.limits.flatMap((limit) => {
    const answer = answers.get(limitKey(limit));
    return answer?.known ? [{ limit, count: Number(answer.value) }] : [];
  });
  const bare: Question = {
    asOf: setup.asOf,
    facts: factsOf(benefit, setup, answers),
    subjects: Object.fromEntries(had.map(({ limit }) => [subjectOf(limit.id), "1"])),
  };
  const day = runtime.decide(planOf(benefit), bare).eventDate ?? setup.asOf;
  return { ...bare, claims: had.flatMap(({ limit, count }) => claimsOf(limit, count, day)) };
}

/** Claims that use up as much of a limit as the citizen says that he has had. */
function claimsOf({ id, key, counts }: AskedLimit, count: number, day: string): readonly Claim[] {
  const claim = (date: string, months?: number): Claim => ({
    key,
    date,
    subjects: { [subjectOf(id)]: "1" },
    ...(months === undefined ? {} : { months }),
  });
  if (counts === "months") return count > 0 ? [claim(day, count)] : [];
  const before = (years: number) => `${String(Number(day.slice(0, 4)) - years).padStart(4, "0")}-01-01`;
  return Array.from({ length: count }, (_, index) => claim(counts === "years" ? before(index + 1) : day));
}

export const chosenBenefits = (rules: CalculatorRules, { chosen }: Setup): readonly CalculatorBenefit[] =>
  rules.benefits.filter(({ key }) => chosen.includes(key));

export interface Interview {
  /** Null when no answer could change an outcome any more. */
  readonly next: Asked | null;
  /** How many more there may be, this one included; fewer when an answer settles several. */
  readonly left: number;
  /** Benefits whose outcome is settled. */
  readonly settled: number;
}

/** Asks first what decides most benefits, then what decides most of their conditions. */
export function interview(rules: CalculatorRules, setup: Setup, answers: Answers): Interview {
  const pending = new Map<string, { readonly asked: Asked; benefits: number; conditions: number }>();
  let settled = 0;
  for (const benefit of chosenBenefits(rules, setup)) {
    const decision = runtime.decide(planOf(benefit), questionOf(benefit, setup, answers));
    const open = [...runtime.waitingFor(decision)].flatMap(([name, conditions]) => {
      const asked = askedBy(benefit, decision, name);
      return asked && !answers.has(asked.key) ? [{ asked, conditions }] : [];
    });
    if (open.length === 0) settled++;
    // Where something that he does not know stands in the way already, more answers can only refuse: that is asked last.
    const weight = decision.missingFacts.some((name) => isDeclined(benefit, decision, name, answers)) ? 0 : 1;
    for (const { asked, conditions } of open) {
      const known = pending.get(asked.key);
      if (known) {
        known.benefits += weight;
        known.conditions += conditions;
      } else pending.set(asked.key, { asked, benefits: weight, conditions });
    }
  }
  let next: { readonly asked: Asked; readonly benefits: number; readonly conditions: number } | null = null;
  for (const one of pending.values())
    if (
      next === null ||
      one.benefits > next.benefits ||
      (one.benefits === next.benefits && one.conditions > next.conditions)
    )
      next = one;
  return { next: next?.asked ?? null, left: pending.size, settled };
}

function isDeclined(benefit: CalculatorBenefit, decision: Decision, name: string, answers: Answers): boolean {
  const asked = askedBy(benefit, decision, name);
  return asked !== null && answers.get(asked.key)?.known === false;
}

/** The question for what a decision misses under a name; null where only an office could answer. */
function askedBy(benefit: CalculatorBenefit, { conditions }: Decision, name: string): Asked | null {
  const limit = benefit.limits.find(({ id }) => subjectOf(id) === name);
  if (limit) return { kind: "limit", key: limitKey(limit), limit, benefit };
  const fact = benefit.facts.find((one) => one.name === name);
  if (!fact?.question) return null;
  const waiting = conditions.filter((one) => "missing" in one && one.missing.facts.includes(name)).map(({ id }) => id);
  // The text's own sentence says why better than the conditions that every benefit has.
  const own = waiting.find((id) => id !== "jurisdiction" && id !== "in-force") ?? waiting[0];
  return { kind: "fact", key: factKey(benefit, fact), fact, benefit, condition: own ?? "" };
}
