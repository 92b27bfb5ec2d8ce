/** Draws that depend on a seed text only: SplitMix32, a finaliser over a counter. Not for secrets. */
export class Lot {
  #state: number;

  constructor(seed: string) {
    let state = 0x811c9dc5;
    for (let i = 0; i < seed.length; i++) state = Math.imul(state ^ seed.charCodeAt(i), 0x01000193);
    this.#state = state;
  }

  /** 0 … n − 1. */
  below(n: number): number {
    this.#state = (this.#state + 0x9e3779b9) | 0;
    let h = this.#state ^ (this.#state >>> 16);
    h = Math.imul(h, 0x21f0aaad);
    h ^= h >>> 15;
    h = Math.imul(h, 0x735a2d97);
    h ^= h >>> 15;
    return Math.floor(((h >>> 0) * n) / 4_294_967_296);
  }

  pick<T>(values: readonly T[]): T {
    return values[this.below(values.length)]!;
  }

  /** `count` different ones of the values, or all when there are fewer. */
  sample<T>(values: readonly T[], count: number): T[] {
    const rest = [...values];
    const taken: T[] = [];
    while (taken.length < count && rest.length > 0) taken.push(rest.splice(this.below(rest.length), 1)[0]!);
    return taken;
  }
}
