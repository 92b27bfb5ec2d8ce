import { isDate } from "#kernel";
import type { PageRequest } from "../../platform/http/public-pages.ts";
import { AUDIENCES, type Audience } from "../facts/audience.ts";
import type { SourceText } from "../texts/text.ts";
import { allPlaces, ruledPlaceOf, type Place } from "./places.ts";

/** What the address of a page chooses. A word in it that means nothing is as if it were not there. */
export interface Filters {
  /** Null until a place has been chosen that some document binds. */
  readonly place: Place | null;
  /** The division whose documents hold there. */
  readonly ruled: Place | null;
  readonly audience: Audience | null;
  readonly date: string;
}

export function filtersOf({ query, services }: PageRequest, texts: readonly SourceText[]): Filters {
  const ruled = query["place"] ? ruledPlaceOf(query["place"], texts) : undefined;
  const place = (ruled && allPlaces().get(query["place"]!)) ?? null;
  return {
    place,
    ruled: place ? ruled! : null,
    audience: AUDIENCES.find((one) => one === query["who"]) ?? null,
    date: query["date"] && isDate(query["date"]) ? query["date"] : services.businessDate(place?.code ?? null),
  };
}

/** The address of a page with these choices. */
export function addressWith(path: string, choices: Readonly<Record<string, string | null | undefined>>): string {
  const chosen = Object.entries(choices).flatMap(([name, value]) => (value ? [[name, value] as [string, string]] : []));
  return chosen.length === 0 ? path : `${path}?${new URLSearchParams(chosen)}`;
}
