/**
 * Exact arithmetic on integers to ±(2⁵³−1) without big integers: rules run on phones whose browser has none. Every result is exact
 * or null, and null means that it lies beyond that range. `integers.test.ts` holds all of it against big integers.
 */
import { MAX_INTEGER } from "./types.ts";

/**
 * An integer as it came out of one addition or multiplication of such integers; null if it was too large. What was too large before
 * it was rounded is so afterwards, and what was not has not been rounded. Zero has no sign.
 */
export const exact = (value: number): number | null => (Math.abs(value) <= MAX_INTEGER ? value + 0 : null);

const HALF = 2 ** 26;

/** Adds any number of integers, however large the sums between. */
export function sum(items: readonly number[]): number | null {
  let [high, low] = [0, 0];
  for (const item of items) {
    const rest = item % HALF;
    high += (item - rest) / HALF;
    low += rest;
  }
  return exact(high * HALF + low);
}

/** `a × b ÷ divisor` for a, b below the divisor, as quotient and rest: long multiplication, bit by bit where the product is too large. */
function multiplyAndDivide(a: number, b: number, divisor: number): readonly [quotient: number, rest: number] {
  const product = a * b;
  if (product <= MAX_INTEGER) return [Math.floor(product / divisor), product % divisor];
  let [quotient, rest] = [0, 0];
  const add = (more: number) => {
    const over = rest >= divisor - more;
    rest = over ? rest - (divisor - more) : rest + more;
    return over ? 1 : 0;
  };
  for (let bit = 2 ** 52; bit >= 1; bit /= 2) {
    quotient = quotient * 2 + add(rest);
    if (Math.floor(b / bit) % 2 === 1) quotient += add(a);
  }
  return [quotient, rest];
}

/** `value × factor ÷ divisor` (divisor > 0), rounded half away from zero (AMB-46); rounded once, at the end. */
export function scaleRounded(value: number, factor: number, divisor: number): number | null {
  const [a, b] = [Math.abs(value), Math.abs(factor)];
  const [aRest, bRest] = [a % divisor, b % divisor];
  const [quotient, rest] = multiplyAndDivide(aRest, bRest, divisor);
  const whole = sum([quotient, rest >= divisor - rest ? 1 : 0]);
  const [left, right] = [exact(((a - aRest) / divisor) * b), exact(aRest * ((b - bRest) / divisor))];
  const size = left === null || right === null || whole === null ? null : sum([left, right, whole]);
  if (size === null) return null;
  return exact(value < 0 !== factor < 0 ? -size : size);
}

/** `value ÷ divisor` (divisor > 0), rounded down. */
export function divideDown(value: number, divisor: number): number {
  const rest = value % divisor;
  return (value - rest) / divisor - (rest < 0 ? 1 : 0) + 0;
}

/** Sign of `a ÷ b − c ÷ d` (b, d > 0), by comparing quotients and then, turned over, what is left: nothing is ever multiplied. */
export function compareFractions(a: number, b: number, c: number, d: number): -1 | 0 | 1 {
  if (a < 0 || c < 0) {
    if (a < 0 && c < 0) return compareFractions(-c, d, -a, b);
    return a < 0 ? -1 : 1;
  }
  const [aRest, cRest] = [a % b, c % d];
  const [left, right] = [(a - aRest) / b, (c - cRest) / d];
  if (left !== right) return left < right ? -1 : 1;
  if (aRest === 0 || cRest === 0) return aRest === cRest ? 0 : aRest === 0 ? -1 : 1;
  return compareFractions(d, cRest, b, aRest);
}
