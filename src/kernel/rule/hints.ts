import { namesIn, parts, type Expression } from "../feel/ast.ts";
import type { FactField } from "../facts/source.ts";
import type { Scalar } from "../values/types.ts";
import { AS_OF, EVENT_DATE, TEST_DATE, type PreparedCondition, type PreparedMeasure } from "./prepared.ts";

/** What the search for a way (差什么) needs to know of a rule beyond how to decide it. */
export interface Hints {
  /** By id of a condition, limit or `amount-tier`: the changeable facts it depends on, and expressions whose values they may take. */
  readonly conditions: Readonly<
    Record<string, { readonly reads: readonly string[]; readonly near: readonly Expression[] }>
  >;
  readonly changeable: readonly FactField[];
  /** True when the answer may turn by the mere passing of days. */
  readonly moves: boolean;
  /** Literal integers and dates of the conditions; ages and terms that time will reach. */
  readonly numbers: readonly number[];
  readonly dates: readonly string[];
}

/** Every expression of a condition. */
export function expressionsOf({ when, core }: PreparedCondition): readonly Expression[] {
  const own =
    core.kind === "time" ? [core.reached, core.until] : [core.kind === "plain" ? core.test : undefined, core.review];
  return [when, ...own].filter((expression) => expression !== undefined);
}

export function hintsOf(rule: PreparedMeasure): Hints {
  const asked = [
    ...rule.conditions.map((condition) => [condition.id, expressionsOf(condition)] as const),
    ...rule.limits.map(({ id, most }) => [id, most ? [most] : []] as const),
    ["amount-tier", rule.amount?.tiers.flatMap(({ when }) => (when ? [when] : [])) ?? []] as const,
  ];
  const fields = new Map(rule.source.fields.map((field) => [field.name, field]));
  const conditions = asked.flatMap(([id, expressions]) => {
    const reads = [...new Set(expressions.flatMap((expression) => dependsOn(expression, rule)))].filter(
      (name) => (fields.get(name)?.changes ?? "fixed") !== "fixed",
    );
    if (reads.length === 0) return [];
    const near = [...new Map(expressions.flatMap(inside).map((part) => [JSON.stringify(shape(part)), part])).values()];
    return [[id, { reads, near }] as const];
  });
  const all = asked.flatMap(([, expressions]) => expressions);
  const dates = [rule.eventDate, ...(rule.testDate ? [rule.testDate] : [])];
  const literals = all.flatMap(inside).flatMap((part) => (part.op === "literal" ? [part] : []));
  const values = rule.parameters.flatMap((parameter) => parameter.values.map(({ value }) => value));
  const numbers = [...literals.map(({ value }) => value), ...values].filter((value) => typeof value === "number");
  const moves = [...all, ...dates].some((expression) => namesIn(expression, "special").includes(AS_OF));
  return {
    conditions: Object.fromEntries(conditions),
    changeable: [...new Set(conditions.flatMap(([, { reads }]) => reads))].map((name) => fields.get(name)!),
    moves,
    // Nobody waits for more months than these; larger numbers are money.
    numbers: moves ? [...new Set(numbers)].filter((value) => value > 0 && value <= 600) : [],
    dates: moves
      ? [...new Set(literals.flatMap(({ type, value }) => (type.kind === "date" ? [String(value)] : [])))]
      : [],
  };
}

/** Facts that an expression reads, itself or by way of a date or a parameter. */
function dependsOn(expression: Expression, rule: PreparedMeasure): readonly string[] {
  const special = namesIn(expression, "special");
  const parameters = rule.parameters.filter(({ name }) => namesIn(expression, "parameter").includes(name));
  const byWay = [
    ...(special.includes(EVENT_DATE) || parameters.length > 0 ? [rule.eventDate] : []),
    ...(special.includes(TEST_DATE) && rule.testDate ? [rule.testDate] : []),
    ...parameters.flatMap(({ by }) => (by ? [by] : [])),
  ];
  return [
    ...namesIn(expression, "fact"),
    ...byWay.flatMap((other) => namesIn(other, "fact")),
    ...(parameters.length > 0 ? [rule.regionFact] : []),
  ];
}

/** An expression and all parts of it whose value is one fact's, outside quantifiers. */
function inside(expression: Expression): readonly Expression[] {
  const own = expression.type.kind === "boolean" || expression.type.kind === "list" ? [] : [expression];
  return expression.op === "some" || expression.op === "every" ? [] : [...own, ...parts(expression).flatMap(inside)];
}

/** An expression without its place in the text. */
const shape = (expression: Expression): unknown =>
  JSON.parse(JSON.stringify(expression, (key, value: unknown) => (key === "from" || key === "to" ? undefined : value)));

/** The values that a person may choose among, where the dictionary says which. */
export const valuesOf = (field: FactField): readonly Scalar[] | undefined =>
  (field.candidates as readonly Scalar[] | undefined) ??
  (field.codes ? Object.keys(field.codes) : field.type === "boolean" ? [true, false] : undefined);
