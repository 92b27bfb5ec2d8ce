import {
  codeAtLevel,
  levelOfCode,
  parseDivisionCode,
  type Division,
  type DivisionCode,
  type DivisionLevel,
} from "./division.ts";
import { NAME_DISTANCE, type NameIndex } from "./name-index.ts";
import { normaliseDivisionText } from "./names.ts";
import { nearestPerDivision, nearestToContext, readPaths, widestOf, type Path } from "./paths.ts";

export type WorkplaceMatch =
  | {
      kind: "exact" | "alias";
      code: DivisionCode;
      /** How exactly the place is known: the level of `code`. */
      precision: "province" | "prefecture" | "county";
      /** What followed: town, street, firm. */
      rest: string;
    }
  | { kind: "ambiguous"; candidates: readonly Division[]; suggestion: DivisionCode | null }
  | { kind: "unknown" };

export interface WorkplaceResolver {
  resolve(text: string | number): WorkplaceMatch;
}

/** 县内 and the like mean the writer's own region, no more exactly than the word says. */
const HERE: Readonly<Record<string, DivisionLevel>> = {
  县内: "county",
  县域内: "county",
  县区内: "county",
  本县: "county",
  本县内: "county",
  本区: "county",
  本地: "county",
  当地: "county",
  本乡镇: "county",
  本乡: "county",
  本镇: "county",
  本村: "county",
  乡内: "county",
  镇内: "county",
  村内: "county",
  市内: "prefecture",
  州内: "prefecture",
  本市: "prefecture",
  本州: "prefecture",
  省内: "province",
  本省: "province",
};

const BEFORE_THE_NAME = /^(?:中国|中华人民共和国)?(?:现?在|到|赴|去|前往|往)?/u;
/** No ledger names a day for a place of work, and no aliases are looked up. */
const ANY_DAY = "9999-12-31";

/** `index` holds provinces, prefectures and counties only. */
export function workplaceResolver(index: NameIndex, context: DivisionCode | null): WorkplaceResolver {
  return { resolve: (text) => answer(normaliseDivisionText(String(text))) };

  function answer(written: string): WorkplaceMatch {
    const level = HERE[written];
    const here = level === undefined || context === null ? null : codeAtLevel(context, level);
    if (here !== null) return found(here, "exact", "");
    const byCode = fromCode(written);
    if (byCode !== null) return byCode;
    const text = written.replace(BEFORE_THE_NAME, "");
    const paths = readPaths(index, text, ANY_DAY, () => true).filter((path) => isTrustworthy(path, text));
    const furthest = Math.max(...paths.map((path) => path.end));
    const nearest = nearestPerDivision(
      paths.filter((path) => path.end === furthest),
      (path) => path.distance,
    );
    if (nearest.length === 0) return { kind: "unknown" };
    const best = nearest.filter((path) => path.distance === nearest[0]!.distance);
    // 河南 is the province, not 河南蒙古族自治县 in 青海.
    const chosen = best.find((path) => path.division.level === "province") ?? widestOf(best);
    if (chosen === null) {
      const candidates = best.map((path) => path.division);
      return { kind: "ambiguous", candidates, suggestion: nearestToContext(candidates, context ?? "") };
    }
    return found(chosen.division.code, chosen.otherEnding ? "alias" : "exact", text.slice(chosen.end));
  }

  /** A county's name without 县 or 区 at the head of a longer text is as likely part of another name (通道维修厂). */
  function isTrustworthy(path: Path, text: string): boolean {
    const inFull = path.distance < NAME_DISTANCE.withoutEnding || path.otherEnding;
    return path.end === text.length || inFull || path.names > 1 || path.division.level !== "county";
  }

  function fromCode(text: string): WorkplaceMatch | null {
    const parsed = parseDivisionCode(text);
    if (parsed === null) return null;
    const county = parsed.slice(0, 6);
    const code = [county, county.replace(/00$/u, ""), county.replace(/0000$/u, "")].find((c) => index.divisions.has(c));
    return code === undefined ? { kind: "unknown" } : found(code, "exact", "");
  }

  function found(code: DivisionCode, kind: "exact" | "alias", rest: string): WorkplaceMatch {
    // 东莞市 and three like it have no counties: 441900 stands for the whole of 4419.
    const narrowest = index.divisions.has(`${code}00`) ? `${code}00` : code;
    return { kind, code: narrowest, precision: levelOfCode(narrowest) as "province" | "prefecture" | "county", rest };
  }
}
