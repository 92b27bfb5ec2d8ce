import { readDataFile } from "./load.ts";

/**
 * How much of the first six digits of an ID number is known. `prefecture`: the county is in none of the lists since 1980, which have
 * gaps, but other counties of the same prefecture are. GB 11643 keeps the code of the first registration for life, so a code
 * abolished long ago is as good as one in force.
 */
export type IdPrefixPrecision = "county" | "prefecture" | "unknown";

interface KnownPrefixes {
  counties: ReadonlySet<string>;
  prefectures: ReadonlySet<string>;
}

/** Taiwan, and the residence permits of Hong Kong, Macao and Taiwan residents, which name no county. */
const WITHOUT_COUNTIES = ["710000", "810000", "820000", "830000"];

let known: KnownPrefixes | undefined;

export function idPrefixPrecision(code6: string): IdPrefixPrecision {
  known ??= readKnownPrefixes();
  if (known.counties.has(code6)) return "county";
  return known.prefectures.has(code6.slice(0, 4)) && code6.length === 6 ? "prefecture" : "unknown";
}

/** False only when not even the prefecture has ever existed. */
export function idPrefixKnown(code6: string): boolean {
  return idPrefixPrecision(code6) !== "unknown";
}

/** The county an ID number began in, also one abolished since: 430124 → 宁乡县. Null when it is in no list. */
export function idPrefixCountyName(code6: string): string | null {
  return countyNames().get(code6) ?? null;
}

let names: Map<string, string> | undefined;

function countyNames(): Map<string, string> {
  if (names !== undefined) return names;
  names = new Map();
  for (const { code, name } of readDataFile("former-counties")) names.set(code, name);
  for (const { code, name } of readDataFile("national")) if (code.length === 6) names.set(code, name);
  return names;
}

function readKnownPrefixes(): KnownPrefixes {
  const counties = new Set([...countyNames().keys(), ...WITHOUT_COUNTIES]);
  return { counties, prefectures: new Set([...counties].map((code) => code.slice(0, 4))) };
}
