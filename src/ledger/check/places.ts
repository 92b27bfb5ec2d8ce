import type { DivisionResolver, WorkplaceResolver } from "#registry";
import { lastDay } from "../../platform/dates/index.ts";
import type { LedgerField } from "../contract.ts";
import type { CheckContext } from "./context.ts";

export type HomeReading =
  | { readonly kind: "found"; readonly code: string; readonly renamed: boolean; readonly note: string }
  | { readonly kind: "missing" }
  | { readonly kind: "outside"; readonly name: string }
  | { readonly kind: "ambiguous"; readonly count: number; readonly suggestion: string | null }
  | { readonly kind: "unknown"; readonly suggestion: string | null };

const CACHE_LIMIT = 200_000;

/** The 户籍 village, from county, town and village columns as far as the table has them. Repeated places cost one look-up. */
export class HomeReader {
  readonly #context: CheckContext;
  readonly #on: string;
  readonly #wide: DivisionResolver;
  readonly #within = new Map<string, DivisionResolver>();
  readonly #cache = new Map<string, HomeReading>();

  constructor(context: CheckContext) {
    this.#context = context;
    this.#on = lastDay(context.month);
    this.#wide = this.#resolver(commonPrefix(context.coverage));
  }

  read(parts: { county: string; town: string; village: string }): HomeReading {
    const key = `${parts.county}|${parts.town}|${parts.village}`;
    let reading = this.#cache.get(key);
    if (!reading) {
      reading = this.#resolve(parts);
      if (this.#cache.size >= CACHE_LIMIT) this.#cache.clear();
      this.#cache.set(key, reading);
    }
    return reading;
  }

  #resolver(context: string, level?: "village"): DivisionResolver {
    const key = `${context}|${level ?? ""}`;
    let resolver = this.#within.get(key);
    if (!resolver) {
      resolver = this.#context.divisions.within(context, { on: this.#on, ...(level ? { level } : {}) });
      this.#within.set(key, resolver);
    }
    return resolver;
  }

  /** Narrows by county and town where they are written and known; a wrong town must not hide a right village, hence the second try. */
  #resolve({ county, town, village }: { county: string; town: string; village: string }): HomeReading {
    if (village === "" && town === "") return { kind: "missing" };
    let context = commonPrefix(this.#context.coverage);
    if (county !== "" && context.length < 6) {
      const match = this.#wide.resolve(county);
      if ("code" in match && match.code.length >= context.length) context = match.code;
    }
    if (village === "") return this.#finish(this.#resolver(context).resolve(town));
    if (town !== "") {
      const match = this.#resolver(context).resolve(town);
      if ("code" in match && match.code.length === 9) {
        const inTown = this.#resolver(match.code, "village").resolve(village);
        if ("code" in inTown && !inTown.outside) return this.#finish(inTown);
        const elsewhere = this.#resolver(context, "village").resolve(village);
        if (elsewhere.kind === "renamed" && !elsewhere.outside) return this.#finish(elsewhere);
        return inTown.kind === "unknown"
          ? { kind: "unknown", suggestion: this.#name(inTown.suggestion) }
          : this.#finish(inTown);
      }
    }
    return this.#finish(this.#resolver(context, "village").resolve(village));
  }

  #finish(match: ReturnType<DivisionResolver["resolve"]>): HomeReading {
    if (match.kind === "ambiguous")
      return { kind: "ambiguous", count: match.candidates.length, suggestion: this.#name(match.suggestion) };
    if (match.kind === "unknown") return { kind: "unknown", suggestion: this.#name(match.suggestion) };
    if (!this.#context.coverage.some((region) => match.code.startsWith(region)))
      return { kind: "outside", name: this.#name(match.code) ?? match.code };
    if (match.code.length < 9) return { kind: "unknown", suggestion: null };
    return {
      kind: "found",
      code: match.code,
      renamed: match.kind === "renamed",
      note: match.kind === "renamed" ? match.note : "",
    };
  }

  /** Town and village, so that the suggestion can be put into the village column and is unique there. */
  #name(code: string | null): string | null {
    if (code === null) return null;
    const { divisions } = this.#context.divisions;
    const own = divisions.get(code);
    const town = code.length === 12 ? divisions.get(code.slice(0, 9)) : undefined;
    return own ? `${town?.name ?? ""}${own.name}` : null;
  }
}

export type WorkPlaceReading =
  | { readonly kind: "found"; readonly code: string }
  | { readonly kind: "none" }
  | {
      readonly kind: "unknown";
      readonly field: LedgerField;
      readonly text: string;
      readonly suggestion: string | null;
    };

/** The place of work, anywhere in the country, to the county where it can be told. */
export class WorkPlaceReader {
  readonly #resolver: WorkplaceResolver;
  readonly #cache = new Map<string, WorkPlaceReading>();

  constructor(context: CheckContext) {
    const prefix = commonPrefix(context.coverage);
    this.#resolver = context.divisions.workplaces(
      prefix.length >= 6 ? prefix.slice(0, 6) : prefix === "" ? null : prefix,
    );
  }

  read(province: string, prefecture: string, county: string, place: string): WorkPlaceReading {
    if (province === "" && prefecture === "" && county === "" && place === "") return { kind: "none" };
    const key = `${province}|${prefecture}|${county}|${place}`;
    let reading = this.#cache.get(key);
    if (!reading) {
      reading = this.#resolve(`${province}${prefecture}${county}`, place);
      if (this.#cache.size >= CACHE_LIMIT) this.#cache.clear();
      this.#cache.set(key, reading);
    }
    return reading;
  }

  #resolve(columns: string, place: string): WorkPlaceReading {
    const field: LedgerField = columns === "" ? "workPlace" : "workCounty";
    // Offices repeat the province inside the place; what is more exact wins.
    const tries = [...new Set([`${columns}${place}`, place, columns])].filter((text) => text !== "");
    let best: string | null = null;
    let suggestion: string | null = null;
    for (const text of tries) {
      const match = this.#resolver.resolve(text);
      if (match.kind === "exact" || match.kind === "alias") {
        if (best === null || match.code.length > best.length) best = match.code;
      } else if (match.kind === "ambiguous") suggestion ??= match.suggestion;
    }
    return best !== null ? { kind: "found", code: best } : { kind: "unknown", field, text: tries[0]!, suggestion };
  }
}

/** The longest region that contains all of them: the county of its towns. */
export function commonPrefix(codes: readonly string[]): string {
  let prefix = codes[0] ?? "";
  for (const code of codes) while (!code.startsWith(prefix)) prefix = prefix.slice(0, -1);
  const level = [12, 9, 6, 4, 2].find((length) => prefix.length >= length) ?? 0;
  return prefix.slice(0, level);
}
