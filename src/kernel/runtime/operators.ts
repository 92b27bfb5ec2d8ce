/**
 * The three-valued operators, as values: the interpreter applies them while walking an expression, the phone's rules call them by
 * name. `and`, `or`, `not` are Kleene's; everything else is strict: one unknown operand, and the result is unknown and asks for
 * what all its unknown operands ask for.
 */
import { exact } from "../values/integers.ts";
import type { Rate, Scalar, Value } from "../values/types.ts";
import { Unknown } from "../values/unknown.ts";

export type Outcome = Value | Unknown;

export function strict(args: readonly Outcome[], compute: (...known: Value[]) => Outcome): Outcome {
  const unknowns = args.filter((arg) => arg instanceof Unknown);
  return unknowns.length > 0 ? Unknown.of(unknowns) : compute(...(args as Value[]));
}

/** `blocked` is the truth value that settles the matter whatever the rest is: false for `and`, true for `or`. */
function kleene(items: readonly Outcome[], blocked: boolean): boolean | Unknown {
  if (items.includes(blocked)) return blocked;
  const unknowns = items.filter((item) => item instanceof Unknown);
  return unknowns.length > 0 ? Unknown.of(unknowns) : !blocked;
}

export const and = (...items: readonly Outcome[]): boolean | Unknown => kleene(items, false);
export const or = (...items: readonly Outcome[]): boolean | Unknown => kleene(items, true);
export const not = (item: Outcome): Outcome => strict([item], (value) => value === false);
export const known = (item: Outcome): boolean => !(item instanceof Unknown);

/** Strict in the condition; the branch that is not taken has no say. */
export function choose(condition: Outcome, then: () => Outcome, otherwise: () => Outcome): Outcome {
  if (condition instanceof Unknown) return condition;
  return condition === true ? then() : otherwise();
}

/** An exact integer as a rule's integer, or an overflow. */
export const integer = (value: number | null): Outcome => value ?? Unknown.because("overflow");

export const add = (a: Outcome, b: Outcome): Outcome =>
  strict([a, b], (x, y) => integer(exact((x as number) + (y as number))));
export const subtract = (a: Outcome, b: Outcome): Outcome =>
  strict([a, b], (x, y) => integer(exact((x as number) - (y as number))));
export const multiply = (a: Outcome, b: Outcome): Outcome =>
  strict([a, b], (x, y) => integer(exact((x as number) * (y as number))));
export const negate = (a: Outcome): Outcome => strict([a], (x) => 0 - (x as number));

/** Numbers by size, dates as text, which sort alike. Text is never ordered (the type checker refuses it). */
const COMPARE = {
  "=": (a: Value, b: Value) => a === b,
  "!=": (a: Value, b: Value) => a !== b,
  "<": (a: Value, b: Value) => a < b,
  "<=": (a: Value, b: Value) => a <= b,
  ">": (a: Value, b: Value) => a > b,
  ">=": (a: Value, b: Value) => a >= b,
} as const;
export type Comparator = keyof typeof COMPARE;

export const compare = (operator: Comparator, a: Outcome, b: Outcome): Outcome =>
  strict([a, b], (x, y) => COMPARE[operator](x, y));

/** `x in (…)`: each test is a list of operands and a predicate over `x` and them. Strict over all operands of all tests. */
export type InTest =
  | readonly ["=" | "<" | "<=" | ">" | ">=", Outcome]
  | readonly ["member", Outcome]
  | readonly ["range", Outcome, Outcome, lowIncluded: boolean, highIncluded: boolean];

export function isIn(value: Outcome, tests: readonly InTest[]): Outcome {
  const operands = tests.flatMap((test) => (test[0] === "range" ? [test[1], test[2]] : [test[1]]));
  return strict([value, ...operands], (x) =>
    tests.some((test) => {
      if (test[0] === "member") return (test[1] as readonly Scalar[]).includes(x as Scalar);
      if (test[0] !== "range") return COMPARE[test[0]](x, test[1] as Value);
      return COMPARE[test[3] ? ">=" : ">"](x, test[1] as Value) && COMPARE[test[4] ? "<=" : "<"](x, test[2] as Value);
    }),
  );
}

export const some = (items: Outcome, satisfies: (item: Scalar) => Outcome): Outcome =>
  strict([items], (list) => or(...(list as readonly Scalar[]).map(satisfies)));
export const every = (items: Outcome, satisfies: (item: Scalar) => Outcome): Outcome =>
  strict([items], (list) => and(...(list as readonly Scalar[]).map(satisfies)));
export const list = (...items: readonly Outcome[]): Outcome => strict(items, (...known) => known as readonly Scalar[]);

export const rateOf = (value: Value): Rate => (typeof value === "number" ? { value, of: 100 } : (value as Rate));
