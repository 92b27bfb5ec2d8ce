import { detached } from "../../platform/detached.ts";
import type { DivisionAlias } from "./aliases.ts";
import {
  codeAtLevel,
  isNarrower,
  isWithin,
  parseDivisionCode,
  type Division,
  type DivisionCode,
  type DivisionLevel,
} from "./division.ts";
import { NAME_DISTANCE, NameIndex } from "./name-index.ts";
import { normaliseDivisionText } from "./names.ts";
import { NearMisses } from "./nearest.ts";
import { nearestPerDivision, nearestToContext, readPaths, widestOf, type Path } from "./paths.ts";
import { workplaceResolver, type WorkplaceMatch, type WorkplaceResolver } from "./workplaces.ts";

export type DivisionMatch =
  | {
      /** `exact`: the division's own name, ending and committee added or left out; `alias`: another name for it, or 乡 for 镇. */
      kind: "exact" | "alias";
      code: DivisionCode;
      /** Neither in the context nor around it. */
      outside: boolean;
      /** What followed the name: a group or house number. */
      rest: string;
    }
  | {
      /** The name had lapsed by the day asked about; `code` is the division as it is now. */
      kind: "renamed";
      code: DivisionCode;
      outside: boolean;
      rest: string;
      note: string;
      /** Last day of the old name. */
      validTo: string;
    }
  | { kind: "ambiguous"; candidates: readonly Division[]; suggestion: DivisionCode | null }
  | {
      kind: "unknown";
      /** How far the text could be read: 双龙镇 of 双龙镇某某村. */
      reached: DivisionCode | null;
      suggestion: DivisionCode | null;
    };

export interface ResolverOptions {
  /** The day the text speaks of, by which earlier names are judged. */
  on: string;
  /** What the column holds; decides between 花垣县 and 花垣镇 when only 花垣 is written. */
  level?: DivisionLevel;
}

export interface DivisionResolver {
  /** Accepts names, paths of names, and codes of 2 to 12 digits, also from number cells. Repeated texts cost one map look-up. */
  resolve(text: string | number): DivisionMatch;
}

export interface DivisionMatcher {
  readonly divisions: ReadonlyMap<DivisionCode, Division>;
  /** A resolver for texts written by the office of `context` (a county or town, or "" for none). Ask once per context and keep it. */
  within(context: DivisionCode, options: ResolverOptions): DivisionResolver;
  /** For places of work: anywhere in the country, down to the county. `context` is the writer's own county, for 县内 and 本地. */
  workplaces(context: DivisionCode | null): WorkplaceResolver;
}

/** Distances added for what lies outside the context, large against any distance of names. */
const OUTSIDE_TOWN_BUT_IN_COUNTY = 100;
const OUTSIDE = 200;
/** Resolvers and answers kept; beyond it the cache starts anew, so that memory does not grow with the number of rows. */
const CACHED_RESOLVERS = 1_000;
const CACHED_ANSWERS = 50_000;
const MOST_CANDIDATES = 10;

/** Group and house numbers after the village: 3组, 第三村民小组, 五社12号. */
const AFTER_THE_NAME = /^第?[0-9一二三四五六七八九十百]{1,4}(?:村民小组|小组|组|社|队|号|排|户|栋|幢|单元)/u;

/** Building takes half a second for the shipped divisions, their loading included; the matcher is immutable and may be shared. */
export function divisionMatcher(divisions: Iterable<Division>, aliases: Iterable<DivisionAlias>): DivisionMatcher {
  const all = [...divisions];
  const index = new NameIndex(all, aliases);
  const upToCounty = new NameIndex(
    all.filter((division) => !isNarrower(division.level, "county")),
    [],
  );
  const nearMisses = new NearMisses(index.divisions);
  const resolvers = new Map<string, DivisionResolver>();
  const workplaceResolvers = new Map<string, WorkplaceResolver>();

  return {
    divisions: index.divisions,
    within(context, options) {
      const key = `${context}|${options.on}|${options.level ?? ""}`;
      return remember(resolvers, CACHED_RESOLVERS, key, () => resolverWithin(index, nearMisses, context, options));
    },
    workplaces(context) {
      return remember(workplaceResolvers, CACHED_RESOLVERS, context ?? "", () => {
        const resolver = workplaceResolver(upToCounty, context);
        const answers = new Map<string | number, WorkplaceMatch>();
        return { resolve: (text) => remember(answers, CACHED_ANSWERS, text, (own) => resolver.resolve(own)) };
      });
    },
  };
}

function resolverWithin(
  index: NameIndex,
  nearMisses: NearMisses,
  context: DivisionCode,
  options: ResolverOptions,
): DivisionResolver {
  const county = codeAtLevel(context, "county") ?? context;
  const answers = new Map<string | number, DivisionMatch>();
  return { resolve: (text) => remember(answers, CACHED_ANSWERS, text, (own) => answer(String(own))) };

  function answer(written: string): DivisionMatch {
    const text = normaliseDivisionText(written);
    const byCode = divisionByCode(index.divisions, text);
    if (byCode !== undefined) return byCode;
    const paths = readPaths(index, text, options.on, mayBegin);
    const named = complete(paths, text);
    if (named !== null) return named;
    // 十八洞村(原竹子寨) is read again without the remark; names that contain brackets were found above.
    const withoutRemark = text.replace(/\([^)]*\)?/gu, "");
    if (withoutRemark !== text && withoutRemark !== "") return answer(withoutRemark);
    return unknown(paths, text);
  }

  function divisionByCode(divisions: ReadonlyMap<DivisionCode, Division>, text: string): DivisionMatch | undefined {
    const parsed = parseDivisionCode(text);
    if (parsed === null) return undefined;
    const code = [parsed, parsed.replace(/00$/u, ""), parsed.replace(/0000$/u, "")].find((c) => divisions.has(c));
    if (code === undefined) return { kind: "unknown", reached: null, suggestion: null };
    return { kind: "exact", code, outside: isOutside(code), rest: "" };
  }

  function mayBegin(division: Division): boolean {
    // Without a context, county is "" and everything is within it.
    return !isNarrower(division.level, "county") || isWithin(division.code, county);
  }

  function complete(paths: readonly Path[], text: string): DivisionMatch | null {
    const whole = paths.filter((path) => path.end === text.length);
    const read = whole.length > 0 ? whole : paths.filter((path) => AFTER_THE_NAME.test(text.slice(path.end)));
    const nearest = nearestPerDivision(read, cost);
    if (nearest.length === 0) return null;
    const least = cost(nearest[0]!);
    const atLevel = nearest.filter(
      (path) => path.division.level === options.level && cost(path) <= least + NAME_DISTANCE.withoutEnding,
    );
    const candidates = atLevel.length > 0 ? atLevel : nearest;
    const best = candidates.filter((path) => cost(path) === cost(candidates[0]!));
    const chosen = best.length === 1 ? best[0]! : atLevel.length > 0 ? null : widestOf(best);
    if (chosen === null) return ambiguous(best.map((path) => path.division));
    return matchOf(chosen, text.slice(chosen.end));
  }

  function cost(path: Path): number {
    if (!isOutside(path.division.code)) return path.distance;
    return path.distance + (isWithin(path.division.code, county) ? OUTSIDE_TOWN_BUT_IN_COUNTY : OUTSIDE);
  }

  function isOutside(code: DivisionCode): boolean {
    return !isWithin(code, context) && !isWithin(context, code);
  }

  function matchOf(path: Path, rest: string): DivisionMatch {
    const found = { code: path.division.code, outside: isOutside(path.division.code), rest };
    const lapsed = path.alias?.validTo ?? null;
    if (path.alias !== null && lapsed !== null && options.on > lapsed) {
      return { kind: "renamed", ...found, note: path.alias.note, validTo: lapsed };
    }
    return { kind: path.alias !== null || path.otherEnding ? "alias" : "exact", ...found };
  }

  function ambiguous(candidates: readonly Division[]): DivisionMatch {
    return {
      kind: "ambiguous",
      candidates: candidates.slice(0, MOST_CANDIDATES),
      suggestion: nearestToContext(candidates, context),
    };
  }

  function isFurther(path: Path, other: Path): boolean {
    return path.end > other.end || (path.end === other.end && cost(path) < cost(other));
  }

  function unknown(paths: readonly Path[], text: string): DivisionMatch {
    // A name that is only like the beginning of the text (新 of 新寨子村) must not narrow the search.
    const reached = paths
      .filter((path) => path.distance < NAME_DISTANCE.withoutEnding)
      .reduce<Path | null>((best, path) => (best === null || isFurther(path, best) ? path : best), null);
    const whole = reached?.division.code ?? county;
    const rest = reached === null ? text : text.slice(reached.end);
    return {
      kind: "unknown",
      reached: reached?.division.code ?? null,
      suggestion: codeAtLevel(whole, "county") === null ? null : nearMisses.suggest(rest, whole),
    };
  }
}

/** What was made of a key before. `make` is given a key that may be kept. */
function remember<K extends string | number, V>(cache: Map<K, V>, most: number, key: K, make: (key: K) => V): V {
  const known = cache.get(key);
  if (known !== undefined) return known;
  const own = typeof key === "string" ? (detached(key) as K) : key;
  const made = make(own);
  if (cache.size >= most) cache.clear();
  cache.set(own, made);
  return made;
}
