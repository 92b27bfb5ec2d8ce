/** What the named functions compute, on known values. A `Reason` in place of a value makes the result unknown. */
import {
  addDays,
  addMonths,
  ageOn,
  dayOf,
  daysBetween,
  endOfMonth,
  monthOf,
  monthsCompleteOn,
  wholeMonths,
  yearOf,
  type MonthCounting,
} from "../values/dates.ts";
import type { Scalar, Value } from "../values/types.ts";
import { compareFractions, divideDown, exact, scaleRounded, sum } from "../values/integers.ts";
import { Unknown, type Reason } from "../values/unknown.ts";
import { integer, rateOf, strict, type Outcome } from "./operators.ts";

export interface CountingOptions {
  /** AMB-02. */
  readonly monthCounting: MonthCounting;
}

type Implementation = (args: readonly Value[], options: CountingOptions) => Outcome;

const date = (value: string | null): Outcome => value ?? Unknown.because("date-range");
const number = (value: number | null, reason: Reason): Outcome => value ?? Unknown.because(reason);

/** Half away from zero (AMB-46), and only once: see `values/integers.ts`. */
const scaled = (value: number, factor: number, divisor: number): Outcome =>
  divisor <= 0 ? Unknown.because("zero-base") : integer(scaleRounded(value, factor, divisor));

/** `part / whole` against a rate (AMB-21): never rounded before it is compared. */
function againstRate(args: readonly Value[], holds: (difference: number) => boolean): Outcome {
  const [part, whole] = args as readonly [number, number];
  const { value, of } = rateOf(args[2]!);
  if (whole <= 0 || of <= 0) return Unknown.because("zero-base");
  return holds(compareFractions(part, whole, value, of));
}

function extreme(args: readonly Value[], better: (a: Scalar, b: Scalar) => boolean): Outcome {
  const items = (args.length === 1 && Array.isArray(args[0]) ? args[0] : args) as readonly Scalar[];
  if (items.length === 0) return Unknown.because("empty-list");
  return items.reduce((best, item) => (better(item, best) ? item : best));
}

/** First `length` characters of a division's code, filled up: `433124` → `430000` for 2. */
const division = (code: Value, length: number): string =>
  `${[...(code as string)].slice(0, length).join("")}${"0".repeat(6 - length)}`;

/** The part of a division's code that its subordinates share: `433100` → `4331`, `430000` → `43`; `000000`, everywhere → ``. */
export function divisionPrefix(code: string): string {
  const pairs = /^(\d{2})(\d{2})?(\d{2})?/.exec(code);
  if (!pairs || code.length !== 6) return code;
  if (pairs[3] !== "00") return code;
  return pairs[2] !== "00" ? code.slice(0, 4) : pairs[1] !== "00" ? code.slice(0, 2) : "";
}

export const IMPLEMENTATIONS: Readonly<Record<string, Implementation>> = {
  满月日: ([start, months], { monthCounting }) =>
    date(monthsCompleteOn(start as string, months as number, monthCounting)),
  整月数: ([from, to], { monthCounting }) => wholeMonths(from as string, to as string, monthCounting),
  周岁: ([birth, day]) => number(ageOn(birth as string, day as string), "date-order"),
  年: ([day]) => yearOf(day as string),
  月: ([day]) => monthOf(day as string),
  日: ([day]) => dayOf(day as string),
  月初: ([day]) => `${(day as string).slice(0, 8)}01`,
  月末: ([day]) => endOfMonth(day as string),
  加月: ([day, months]) => date(addMonths(day as string, months as number)),
  加日: ([day, days]) => date(addDays(day as string, days as number)),
  日数: ([from, to]) => Math.max(0, daysBetween(from as string, to as string) + 1),
  元: ([yuan]) => integer(exact((yuan as number) * 100)),
  四舍五入到分: ([numerator, denominator]) => scaled(numerator as number, 1, denominator as number),
  向下取整比例: ([numerator, denominator]) =>
    (denominator as number) <= 0
      ? Unknown.because("zero-base")
      : divideDown(numerator as number, denominator as number),
  按比例: ([base, rate]) => {
    const { value, of } = rateOf(rate!);
    return scaled(base as number, value, of);
  },
  上浮: ([base, rate]) => {
    const { value, of } = rateOf(rate!);
    return scaled(base as number, of + value, of);
  },
  比例不低于: (args) => againstRate(args, (difference) => difference >= 0),
  比例不高于: (args) => againstRate(args, (difference) => difference <= 0),
  min: (args) => extreme(args, (a, b) => a < b),
  max: (args) => extreme(args, (a, b) => a > b),
  count: ([items]) => (items as readonly Scalar[]).length,
  sum: ([items]) => {
    const numbers = items as readonly number[];
    if (numbers.length === 0) return Unknown.because("empty-list");
    return integer(sum(numbers));
  },
  "list contains": ([items, item]) => (items as readonly Scalar[]).includes(item as Scalar),
  contains: ([text, part]) => (text as string).includes(part as string),
  "starts with": ([text, part]) => (text as string).startsWith(part as string),
  "ends with": ([text, part]) => (text as string).endsWith(part as string),
  区划属于: ([code, region]) => (code as string).startsWith(divisionPrefix(region as string)),
  省级区划: ([code]) => division(code!, 2),
  市级区划: ([code]) => division(code!, 4),
};

export function call(name: string, args: readonly Outcome[], options: CountingOptions): Outcome {
  return strict(args, (...values) => IMPLEMENTATIONS[name]!(values, options));
}
