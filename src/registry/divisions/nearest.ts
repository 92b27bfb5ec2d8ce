import type { Division, DivisionCode, DivisionLevel } from "./division.ts";
import { endingFitsLevel, normaliseDivisionText, ownParts, splitName } from "./names.ts";

interface Stem {
  code: DivisionCode;
  level: DivisionLevel;
  stem: string;
}

/** Finds the division a slip of the pen was meant for, among the parts of one division. */
export class NearMisses {
  readonly #divisions: ReadonlyMap<DivisionCode, Division>;
  readonly #stemsWithin = new Map<DivisionCode, Stem[]>();

  constructor(divisions: ReadonlyMap<DivisionCode, Division>) {
    this.#divisions = divisions;
  }

  /**
   * The only division within `whole` whose name is nearest to the text: one character added, lost, exchanged or swapped, two in
   * names of five and more. Null when there is none, or two are equally near: a wrong suggestion costs more than none.
   */
  suggest(text: string, whole: DivisionCode): DivisionCode | null {
    const { stem: written, ending } = splitName(text).at(-1)!;
    const allowed = written.length >= 5 ? 2 : 1;
    let best: DivisionCode | null = null;
    let least = allowed + 1;
    for (const { code, stem, level } of this.#stems(whole)) {
      if (!endingFitsLevel(ending, level)) continue;
      if (Math.abs(stem.length - written.length) > allowed) continue;
      const distance = editDistance(written, stem, least);
      if (distance > allowed || distance > least || distance >= written.length) continue;
      best = distance === least ? null : code;
      least = distance;
    }
    return best;
  }

  #stems(whole: DivisionCode): Stem[] {
    const known = this.#stemsWithin.get(whole);
    if (known !== undefined) return known;
    const stems: Stem[] = [];
    for (const division of this.#divisions.values()) {
      if (division.code.length <= whole.length || !division.code.startsWith(whole)) continue;
      const { stem } = ownParts(normaliseDivisionText(division.name), division.level);
      stems.push({ code: division.code, level: division.level, stem });
    }
    this.#stemsWithin.set(whole, stems);
    return stems;
  }
}

/** Characters added, lost, exchanged, and neighbours swapped (each 1). Stops counting above `limit`. */
export function editDistance(a: string, b: string, limit: number): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    let least = i;
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1] ? 0 : 1;
      let cost = Math.min(last[j]! + 1, row[j - 1]! + 1, last[j - 1]! + same);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        cost = Math.min(cost, beforeLast[j - 2]! + 1);
      row.push(cost);
      least = Math.min(least, cost);
    }
    if (least > limit) return limit + 1;
    beforeLast = last;
    last = row;
  }
  return last[b.length]!;
}
