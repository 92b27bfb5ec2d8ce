import type { Scalar, ValueType } from "../values/types.ts";

/** Where in the text of an expression something stands, as offsets. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

export type CompareOperator = "=" | "!=" | "<" | "<=" | ">" | ">=";
export type ArithmeticOperator = "+" | "-" | "*";

/** One alternative of `x in (…)`. */
export type Test<E> =
  | { readonly kind: "equals"; readonly value: E }
  | { readonly kind: "compares"; readonly operator: Exclude<CompareOperator, "=" | "!=">; readonly value: E }
  | {
      readonly kind: "range";
      readonly low: E;
      readonly high: E;
      readonly lowIncluded: boolean;
      readonly highIncluded: boolean;
    }
  | { readonly kind: "member"; readonly list: E };

/** What is written, before names and types are known. Tests that are ranges or comparisons are already apart from values. */
export type Written = Span &
  (
    | { readonly op: "literal"; readonly type: ValueType; readonly value: Scalar }
    | { readonly op: "list"; readonly items: readonly Written[] }
    | { readonly op: "name"; readonly name: string }
    | { readonly op: "negate"; readonly value: Written }
    | {
        readonly op: "arithmetic";
        readonly operator: ArithmeticOperator;
        readonly left: Written;
        readonly right: Written;
      }
    | { readonly op: "compare"; readonly operator: CompareOperator; readonly left: Written; readonly right: Written }
    | { readonly op: "in"; readonly value: Written; readonly tests: readonly Test<Written>[] }
    | { readonly op: "and" | "or"; readonly items: readonly Written[] }
    | { readonly op: "if"; readonly condition: Written; readonly whenTrue: Written; readonly whenFalse: Written }
    | {
        readonly op: "some" | "every";
        readonly variable: string;
        readonly list: Written;
        readonly satisfies: Written;
      }
    | { readonly op: "call"; readonly name: string; readonly args: readonly Written[] }
  );

/** What a name stands for. `special` are the dates and choices of the evaluation itself, e.g. 观察日. */
export type NameKind = "fact" | "parameter" | "special" | "local";

/** A typed expression: every name resolved, every operator known to be exact. The three engines read nothing else. */
export type Expression = Span & { readonly type: ValueType } & (
    | { readonly op: "literal"; readonly value: Scalar }
    | { readonly op: "list"; readonly items: readonly Expression[] }
    | { readonly op: "name"; readonly kind: NameKind; readonly name: string }
    | { readonly op: "negate"; readonly value: Expression }
    | {
        readonly op: "arithmetic";
        readonly operator: ArithmeticOperator;
        readonly left: Expression;
        readonly right: Expression;
      }
    | {
        readonly op: "compare";
        readonly operator: CompareOperator;
        readonly left: Expression;
        readonly right: Expression;
      }
    | { readonly op: "in"; readonly value: Expression; readonly tests: readonly Test<Expression>[] }
    | { readonly op: "and" | "or"; readonly items: readonly Expression[] }
    | { readonly op: "not"; readonly value: Expression }
    | { readonly op: "known"; readonly value: Expression }
    | {
        readonly op: "if";
        readonly condition: Expression;
        readonly whenTrue: Expression;
        readonly whenFalse: Expression;
      }
    | {
        readonly op: "some" | "every";
        readonly variable: string;
        readonly list: Expression;
        readonly satisfies: Expression;
      }
    | { readonly op: "call"; readonly function: string; readonly args: readonly Expression[] }
  );

/** The expressions directly inside one, in the order of the text. */
export function parts(expression: Expression): readonly Expression[] {
  switch (expression.op) {
    case "literal":
    case "name":
      return [];
    case "list":
    case "and":
    case "or":
      return expression.items;
    case "negate":
    case "not":
    case "known":
      return [expression.value];
    case "arithmetic":
    case "compare":
      return [expression.left, expression.right];
    case "in":
      return [expression.value, ...expression.tests.flatMap(testParts)];
    case "if":
      return [expression.condition, expression.whenTrue, expression.whenFalse];
    case "some":
    case "every":
      return [expression.list, expression.satisfies];
    case "call":
      return expression.args;
  }
}

export function testParts<E>(test: Test<E>): readonly E[] {
  switch (test.kind) {
    case "equals":
    case "compares":
      return [test.value];
    case "range":
      return [test.low, test.high];
    case "member":
      return [test.list];
  }
}

/** Names of one kind that an expression reads, each once, in the order of the text. */
export function namesIn(expression: Expression, kind: NameKind): readonly string[] {
  const own = expression.op === "name" && expression.kind === kind ? [expression.name] : [];
  return [...new Set([...own, ...parts(expression).flatMap((part) => namesIn(part, kind))])];
}
