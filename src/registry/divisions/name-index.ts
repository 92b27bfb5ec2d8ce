import { levelOfCode, type Division, type DivisionCode, type DivisionLevel } from "./division.ts";
import { isFiller } from "./load.ts";
import { endingFitsLevel, normaliseDivisionText, otherNames, ownParts, splitName, type Ending } from "./names.ts";
import type { DivisionAlias } from "./aliases.ts";

/** How far a written name is from the division's own; the numbers add up along a path. */
export const NAME_DISTANCE = {
  same: 0,
  /** 十八洞村村委会 for 十八洞村, 湘西州 for its full name. Only tells 东关社区 from 东关居委会 where one town has both. */
  sameEnding: 1,
  /** 花垣 for 花垣县. */
  withoutEnding: 10,
  /** 双龙乡 for 双龙镇, 宁乡县 for 宁乡市. */
  otherEnding: 20,
  alias: 20,
} as const;

interface Entry {
  division: Division;
  level: DivisionLevel;
  ending: Ending;
  /** The whole written name, ending included. */
  name: string;
  alias: DivisionAlias | null;
}

export interface NamedDivision {
  division: Division;
  distance: number;
  /** Set when an earlier or colloquial name was met. */
  alias: DivisionAlias | null;
}

/** Divisions by the stem of their names. Built once; reading does not change it. */
export class NameIndex {
  readonly divisions: ReadonlyMap<DivisionCode, Division>;
  readonly #entries = new Map<string, Entry[]>();
  #longestName = 0;

  constructor(divisions: Iterable<Division>, aliases: Iterable<DivisionAlias>) {
    const byCode = new Map<DivisionCode, Division>();
    for (const division of divisions) {
      byCode.set(division.code, division);
      if (isFiller(division)) continue;
      const name = normaliseDivisionText(division.name);
      this.#add(name, division, null);
      for (const other of otherNames(name, division.level)) this.#add(other, division, null);
    }
    for (const alias of aliases) {
      const division = byCode.get(alias.code);
      if (division === undefined) throw new Error(`alias ${alias.alias}: no division has the code ${alias.code}`);
      this.#add(normaliseDivisionText(alias.alias), division, alias);
    }
    this.divisions = byCode;
  }

  /** No written name is longer, endings of committees included. */
  get longestName(): number {
    return this.#longestName + 6;
  }

  /** Every division that the text may name, alone and in full. */
  find(text: string): NamedDivision[] {
    const found: NamedDivision[] = [];
    for (const { stem, ending } of splitName(text)) {
      for (const entry of this.#entries.get(stem) ?? []) {
        const distance = distanceTo(entry, text, ending);
        if (distance === null) continue;
        found.push({
          division: entry.division,
          distance: distance + (entry.alias === null ? 0 : NAME_DISTANCE.alias),
          alias: entry.alias,
        });
      }
    }
    return found;
  }

  #add(name: string, division: Division, alias: DivisionAlias | null): void {
    const level = levelOfCode(division.code)!;
    const { stem, ending } = ownParts(name, level);
    const entry: Entry = { division, level, ending, name, alias };
    this.#longestName = Math.max(this.#longestName, name.length);
    const entries = this.#entries.get(stem);
    if (entries === undefined) this.#entries.set(stem, [entry]);
    else entries.push(entry);
  }
}

function distanceTo(entry: Entry, text: string, ending: Ending): number | null {
  if (text === entry.name) return NAME_DISTANCE.same;
  if (ending === "") return NAME_DISTANCE.withoutEnding;
  if (!endingFitsLevel(ending, entry.level)) return null;
  return ending === entry.ending ? NAME_DISTANCE.sameEnding : NAME_DISTANCE.otherEnding;
}
