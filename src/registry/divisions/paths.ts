import type { DivisionAlias } from "./aliases.ts";
import { codeAtLevel, isWithin, type Division, type DivisionCode } from "./division.ts";
import { NAME_DISTANCE, type NameIndex } from "./name-index.ts";

/** One reading of a text: 双龙镇 + 十八洞村 read from the left, each within the one before, ending at `end`. */
export interface Path {
  division: Division;
  /** Sum over the names of the path; 0 when all were written in full. */
  distance: number;
  /** The ending of a name was another than the division's (双龙乡 for 双龙镇). */
  otherEnding: boolean;
  alias: DivisionAlias | null;
  /** Where the unread rest of the text begins. */
  end: number;
  /** How many names were read: 1 for 东莞, 2 for 广东东莞. */
  names: number;
}

/** Longer texts are addresses with remarks; nothing beyond this is a division's name. */
const LONGEST_TEXT = 60;

/** Every reading of the text whose first name passes `mayBegin`; a level in between may be left out. */
export function readPaths(
  index: NameIndex,
  text: string,
  on: string,
  mayBegin: (division: Division) => boolean,
): Path[] {
  const paths: Path[] = [];
  if (text.length <= LONGEST_TEXT) extend(null, 0);
  return paths;

  function extend(before: Path | null, start: number): void {
    const last = Math.min(text.length, start + index.longestName);
    for (let end = start + 1; end <= last; end++) {
      for (const named of index.find(text.slice(start, end))) {
        if (before === null ? !mayBegin(named.division) : !isProperPart(named.division, before.division)) continue;
        if (named.alias?.validFrom != null && on < named.alias.validFrom) continue;
        const path: Path = {
          division: named.division,
          distance: (before?.distance ?? 0) + named.distance,
          otherEnding:
            before?.otherEnding === true || (named.alias === null && named.distance >= NAME_DISTANCE.otherEnding),
          alias: before?.alias ?? named.alias,
          end,
          names: (before?.names ?? 0) + 1,
        };
        paths.push(path);
        if (end < text.length) extend(path, end);
      }
    }
  }
}

function isProperPart(part: Division, whole: Division): boolean {
  return part.code.length > whole.code.length && part.code.startsWith(whole.code);
}

/** The nearest path to each division, nearest first. */
export function nearestPerDivision(paths: readonly Path[], cost: (path: Path) => number): Path[] {
  const best = new Map<string, Path>();
  for (const path of paths) {
    const other = best.get(path.division.code);
    if (other === undefined || cost(path) < cost(other)) best.set(path.division.code, path);
  }
  return [...best.values()].toSorted((a, b) => cost(a) - cost(b));
}

/**
 * Several divisions named equally well are one answer when one of them contains the others: 长沙 is 长沙市 and not 长沙县 in it.
 * The wider answer is never wrong, only less exact.
 */
export function widestOf(paths: readonly Path[]): Path | null {
  const widest = paths.reduce((a, b) => (b.division.code.length < a.division.code.length ? b : a));
  return paths.every((path) => path.division.code.startsWith(widest.division.code)) ? widest : null;
}

/** The only candidate that shares the narrowest division with the context. */
export function nearestToContext(candidates: readonly Division[], context: DivisionCode): DivisionCode | null {
  for (const level of ["town", "county", "prefecture", "province"] as const) {
    const around = codeAtLevel(context, level);
    const near = around === null ? [] : candidates.filter((candidate) => isWithin(candidate.code, around));
    if (near.length > 0) return near.length === 1 ? near[0]!.code : null;
  }
  return null;
}
