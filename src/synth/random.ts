/**
 * Counter-based randomness: a number is a pure function of (source, purpose, at), so that any fact of any person in any
 * month is computed on its own, in any order, on any machine. 32-bit integer arithmetic only: no floating-point rounding,
 * no big integers (splitmix64 in BigInt costs a hundred times as much). Not for secrets.
 */
export class RandomSource {
  readonly #a: number;
  readonly #b: number;

  private constructor(a: number, b: number) {
    this.#a = a;
    this.#b = b;
  }

  static fromSeed(seed: string): RandomSource {
    let source = new RandomSource(0x2545f491, 0x9e3779b9 | 0);
    for (let i = 0; i < seed.length; i++) source = source.derive(seed.charCodeAt(i));
    return source;
  }

  /** An independent source for the n-th part of what this source stands for. Two lanes keep the streams of millions apart. */
  derive(n: number): RandomSource {
    return new RandomSource(mix(this.#a ^ mix((n + 0x7f4a7c15) | 0)), mix((this.#b + mix(n ^ 0x1ce4e5b9)) | 0));
  }

  /** 0 … 2³² − 1. `at` separates repeated draws for one purpose: the n-th spell, the n-th telephone number. */
  draw(purpose: number, at = 0): number {
    const counter = (Math.imul(purpose, 0x9e3779b1) + Math.imul(at, 0x85ebca77)) | 0;
    return mix(this.#a ^ mix((this.#b + counter) | 0)) >>> 0;
  }

  /** 0 … n − 1. */
  below(n: number, purpose: number, at = 0): number {
    return Math.floor((this.draw(purpose, at) * n) / 4_294_967_296);
  }

  chance(probability: number, purpose: number, at = 0): boolean {
    return this.draw(purpose, at) < probability * 4_294_967_296;
  }

  pick<T>(choice: Choice<T>, purpose: number, at = 0): T {
    return choice.values[choice.places[this.draw(purpose, at) >>> CHOICE_SHIFT]!]!;
  }
}

/** The finaliser of MurmurHash3: every input bit changes every output bit with probability one half. */
function mix(value: number): number {
  let h = value ^ (value >>> 16);
  h = Math.imul(h, 0x85ebca6b);
  h ^= h >>> 13;
  h = Math.imul(h, 0xc2b2ae35);
  return h ^ (h >>> 16);
}

const CHOICE_BITS = 12;
const CHOICE_SHIFT = 32 - CHOICE_BITS;

/** A distribution spread over 4096 places, so that a draw is one look-up; weights are kept to 1/4096. One byte a place keeps all of them in the processor's cache. */
export interface Choice<T> {
  readonly values: readonly T[];
  readonly places: Uint8Array;
}

export function choice<T>(weighted: readonly (readonly [T, number])[]): Choice<T> {
  const total = weighted.reduce((sum, [, weight]) => sum + weight, 0);
  if (!(total > 0) || weighted.length > 256) throw new RangeError("a choice has 1 to 256 values and a positive weight");
  const places = new Uint8Array(1 << CHOICE_BITS);
  let reached = 0;
  let next = 0;
  for (const [value, [, weight]] of weighted.entries()) {
    reached += weight;
    const until = Math.round((reached / total) * places.length);
    places.fill(value, next, until);
    next = until;
  }
  return { values: weighted.map(([value]) => value), places };
}

/** Every value as likely as another. */
export function evenChoice<T>(values: readonly T[]): Choice<T> {
  return choice(values.map((value) => [value, 1]));
}

/** Shares a total by weights in whole numbers; the largest remainders get what rounding left over. */
export function apportion(total: number, weights: readonly number[]): number[] {
  const sum = weights.reduce((a, b) => a + b, 0);
  const exact = weights.map((weight) => (total * weight) / sum);
  const shares = exact.map(Math.floor);
  const left = total - shares.reduce((a, b) => a + b, 0);
  const byRemainder = exact
    .map((value, i) => [value - shares[i]!, i] as const)
    .toSorted((x, y) => y[0] - x[0] || x[1] - y[1]);
  for (const [, i] of byRemainder.slice(0, left)) shares[i]!++;
  return shares;
}
