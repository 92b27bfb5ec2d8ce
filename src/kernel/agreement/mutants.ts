/** Rules with one comparison turned: what the draws must be able to tell from the rule itself. */
import { planOf } from "../interpret/plan.ts";
import type { PreparedMeasure } from "../rule/prepared.ts";
import { decide, type Question } from "../runtime/decide.ts";

const TURNED: Readonly<Record<string, string>> = {
  "<": "<=",
  "<=": "<",
  ">": ">=",
  ">=": ">",
  "=": "!=",
  "!=": "=",
  比例不低于: "比例不高于",
  比例不高于: "比例不低于",
};
/** Not part of a decision: the dictionary, the text as written, and what only binds who sets a value. */
const ASIDE = new Set(["source", "definition", "bounds", "type"]);

type Turn = (at: string) => boolean;

/** Copies a rule, turning the comparisons for which `turn` says so; reports each one's place. */
function copy(part: unknown, place: string, turn: Turn): unknown {
  if (Array.isArray(part)) return part.map((item, index) => copy(item, `${place}[${index}]`, turn));
  if (typeof part !== "object" || part === null) return part;
  const copied = Object.fromEntries(
    Object.entries(part).map(([key, value]) => [key, ASIDE.has(key) ? value : copy(value, `${place}.${key}`, turn)]),
  );
  for (const key of ["operator", "function"]) {
    const turned = TURNED[String(copied[key])];
    if (turned !== undefined && turn(`${place} ${String(copied[key])}`)) copied[key] = turned;
  }
  for (const key of ["lowIncluded", "highIncluded"])
    if (typeof copied[key] === "boolean" && turn(`${place} ${key}`)) copied[key] = !copied[key];
  return copied;
}

export function mutantsOf(
  rule: PreparedMeasure,
): readonly { readonly place: string; readonly rule: PreparedMeasure }[] {
  const places: string[] = [];
  copy(rule, rule.definition.id, (place) => (places.push(place), false));
  return places.map((place) => ({
    place,
    rule: copy(rule, rule.definition.id, (at) => at === place) as PreparedMeasure,
  }));
}

/**
 * Places of comparisons that can be turned without any of the questions being answered otherwise. The rules are one measure's, with one
 * comparison at each place.
 */
export function turnedComparisons(
  asked: readonly { readonly rule: PreparedMeasure; readonly question: Question }[],
): readonly string[] {
  const byRule = [...Map.groupBy(asked, ({ rule }) => rule)].map(([rule, of]) => {
    const answer = answering(rule);
    const known = new Map<Question, string>();
    const answerTo = (question: Question) => {
      const found = known.get(question) ?? answer(question);
      known.set(question, found);
      return found;
    };
    const mutants = new Map(mutantsOf(rule).map((mutant) => [mutant.place, mutant.rule]));
    return { questions: of.map(({ question }) => question), answerTo, mutants };
  });
  const places = new Set(byRule.flatMap(({ mutants }) => [...mutants.keys()]));
  return [...places].filter((place) =>
    byRule.every(({ questions, answerTo, mutants }) => {
      const mutant = mutants.get(place);
      const answer = mutant && answering(mutant);
      return !answer || questions.every((question) => answer(question) === answerTo(question));
    }),
  );
}

function answering(rule: PreparedMeasure): (question: Question) => string {
  const plan = planOf(rule);
  return (question) => {
    const { outcome, amount, failed, unknown, eventDate, funds } = decide(plan, question);
    return JSON.stringify([outcome, amount, failed, unknown, eventDate, funds]);
  };
}
