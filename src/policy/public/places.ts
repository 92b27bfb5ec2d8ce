import { divisionPrefix } from "#kernel";
import { loadDivisions, type Division } from "#registry";
import type { SourceText } from "../texts/text.ts";

/** A division down to the county, by the six digits with which rules name it. */
export interface Place {
  readonly code: string;
  readonly name: string;
  readonly fullName: string;
  readonly level: Division["level"];
}

let known: ReadonlyMap<string, Place> | undefined;

/** Every province, prefecture and county of the country, in the order of their codes. */
export function allPlaces(): ReadonlyMap<string, Place> {
  if (known) return known;
  const places = new Map<string, Place>();
  for (const { code, name, fullName, level } of loadDivisions()) {
    // The country down to its counties comes first; below that no rule looks.
    if (level === "town") break;
    const six = code.padEnd(6, "0");
    if (fullName !== "" && !places.has(six)) places.set(six, { code: six, name, fullName, level });
  }
  return (known = places);
}

/** The divisions that the documents bind, each once: where a citizen's way into the pages begins. */
export const ruledPlaces = (texts: readonly SourceText[]): readonly Place[] =>
  [...new Set(texts.map(({ region }) => region))].toSorted().flatMap((region) => allPlaces().get(region) ?? []);

/** The division whose documents hold in a place. */
export const ruledPlaceOf = (place: string, texts: readonly SourceText[]): Place | undefined =>
  ruledPlaces(texts).find(({ code }) => place.startsWith(divisionPrefix(code)));

/** Prefectures of a place with their counties; where there is no level between (a prefecture's own counties), itself. */
export function placesUnder(code: string): readonly { readonly place: Place; readonly counties: readonly Place[] }[] {
  const prefix = divisionPrefix(code);
  const inside = [...allPlaces().values()].filter((place) => place.code.startsWith(prefix));
  return inside
    .filter(({ level }) => level === "prefecture")
    .map((place) => ({
      place,
      counties: inside.filter(
        (county) => county.level === "county" && county.code.startsWith(divisionPrefix(place.code)),
      ),
    }));
}
