/**
 * Draws from worked examples, such as the cases that a rulebook ships with each measure: an outcome is chosen first, then an example that
 * has it, then few or many of its facts are moved to values that some example or the rule names, to their neighbours, taken away, or drawn
 * wild. So every outcome that an example has comes up often, however narrow it is, and every boundary that the examples know is met.
 */
import fc from "fast-check";
import { namesIn, parts, type Expression } from "../feel/ast.ts";
import type { FactField, Facts } from "../facts/source.ts";
import { planOf } from "../interpret/plan.ts";
import type { PreparedMeasure } from "../rule/prepared.ts";
import { decide, type Question } from "../runtime/decide.ts";
import type { Subjects } from "../runtime/limits.ts";
import { addDays } from "../values/dates.ts";
import type { Value } from "../values/types.ts";
import { wild } from "./draws.ts";
import type { Draw } from "./relations.ts";

export interface Example {
  /** With the settings of its localities. */
  readonly rule: PreparedMeasure;
  readonly question: Question;
}

/** One drawn question, with the rule it is put to: rules of one measure differ in what localities have set. */
export interface DrawnExample extends Example {
  readonly draw: Draw;
}

/** Draws so many, always the same for one seed. Subjects are numbers of each draw's own, so that none sees another's claims. */
export function drawExamples(examples: readonly Example[], count: number, seed: number): readonly DrawnExample[] {
  const { rule } = examples[0]!;
  const read = fieldsRead(rule);
  const near = nearValues(rule, examples);
  const byOutcome = [
    ...Map.groupBy(examples, (example) => decide(planOf(example.rule), example.question).outcome).values(),
  ];
  const moved = fc
    .constantFrom(...read)
    .chain(({ name }) => fc.constantFrom(null, ...(near.get(name) ?? [])).map((value): Facts => ({ [name]: value })));
  const wilds = fc.constantFrom(...read).chain((field) => wild(field).map((value): Facts => ({ [field.name]: value })));
  const moves = fc.oneof(
    { weight: 9, arbitrary: fc.constant<Facts[]>([]) },
    { weight: 6, arbitrary: fc.array(moved, { minLength: 1, maxLength: 1 }) },
    { weight: 3, arbitrary: fc.array(fc.oneof(moved, wilds), { minLength: 1, maxLength: 4 }) },
    { weight: 1, arbitrary: fc.array(wilds, { minLength: 5, maxLength: 15 }) },
  );
  const example = fc.constantFrom(...byOutcome).chain((of) => fc.constantFrom(...of));
  const gone = fc.oneof({ weight: 20, arbitrary: fc.constant(false) }, fc.constant(true));
  return fc
    .sample(fc.tuple(example, moves, gone), { numRuns: count, seed })
    .map(([{ rule: own, question }, changes, noSubject], index) => {
      const draw = {
        facts: Object.assign({}, question.facts, ...changes) as Facts,
        ...withOwnSubjects(own, question, index, noSubject),
      };
      return { rule: own, draw, question: { ...question, ...draw } };
    });
}

/** The same subjects under numbers that no other draw has; who is another in the example stays another. */
function withOwnSubjects(
  { source }: PreparedMeasure,
  { subjects = {}, claims = [] }: Question,
  index: number,
  noSubject: boolean,
): Pick<Draw, "subjects" | "claims"> {
  const names = Object.keys(source.subjects);
  const numbers = new Map<string, string>();
  const own = (name: string, of: Subjects) => {
    const given = of[name];
    if (given === null || given === undefined) return null;
    const key = `${name} ${given}`;
    const number = numbers.get(key) ?? String(index * 1000 + numbers.size + 1);
    numbers.set(key, number);
    return number;
  };
  const renamed = (of: Subjects) => Object.fromEntries(names.map((name) => [name, own(name, of)]));
  const mine = renamed(subjects);
  const [first] = names;
  return {
    subjects: noSubject && first ? { ...mine, [first]: null } : mine,
    claims: claims.map((claim) => ({ ...claim, subjects: renamed(claim.subjects) })),
  };
}

/** The facts that a rule reads. */
export function fieldsRead(rule: PreparedMeasure): readonly FactField[] {
  const names = new Set([rule.regionFact, ...expressionsIn(rule).flatMap((expression) => namesIn(expression, "fact"))]);
  return rule.source.fields.filter(({ name }) => names.has(name));
}

/** Every expression anywhere in a prepared rule. */
function expressionsIn(part: unknown): readonly Expression[] {
  if (typeof part !== "object" || part === null) return [];
  if ("op" in part) return [part as Expression];
  return Object.entries(part).flatMap(([key, value]) =>
    key === "source" || key === "definition" ? [] : expressionsIn(value),
  );
}

/** Values that the examples give a fact, that the rule compares it with, and those beside them. */
function nearValues(rule: PreparedMeasure, examples: readonly Example[]): ReadonlyMap<string, readonly Value[]> {
  const parameters = examples.flatMap(({ rule: own }) =>
    own.parameters.flatMap(({ kind, values }) => values.map(({ value }) => ({ kind: kind as string, value }))),
  );
  const written = [...expressionsIn(rule).flatMap(literalsIn), ...parameters];
  return new Map(
    fieldsRead(rule).map(({ name, type, codes }) => {
      const given = examples.flatMap(({ question }) => question.facts[name] ?? []) as Value[];
      const named = written.flatMap(({ kind, value }) => (kind === type ? [value as Value] : []));
      const all = type === "list" ? lists(examples, name) : [...given, ...named, ...Object.keys(codes ?? {})];
      return [name, [...new Set(type === "boolean" ? [true, false] : all.flatMap(neighbours))]] as const;
    }),
  );
}

const lists = (examples: readonly Example[], name: string): readonly Value[] => {
  const given = examples.map(({ question }) => question.facts[name]).filter((value) => Array.isArray(value));
  return [...given, []] as readonly Value[];
};

const literalsIn = (expression: Expression): readonly { readonly kind: string; readonly value: Value }[] =>
  expression.op === "literal"
    ? [{ kind: expression.type.kind, value: expression.value }]
    : parts(expression).flatMap(literalsIn);

function neighbours(value: Value): readonly Value[] {
  if (typeof value === "number") return [value - 1, value, value + 1];
  if (typeof value !== "string" || !/^\d{4}-\d\d-\d\d$/.test(value)) return [value];
  return [addDays(value, -1), value, addDays(value, 1)].filter((day) => day !== null);
}
