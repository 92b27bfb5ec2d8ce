import type { Facts } from "../facts/source.ts";
import type { IndicatorDefinition, Level, Period } from "../format/types.ts";
import { EVENT_DATE, type PreparedIndicator } from "../rule/prepared.ts";
import type { Settings } from "../runtime/environment.ts";
import { divisionPrefix } from "../runtime/functions.ts";
import { Unknown } from "../values/unknown.ts";
import { evaluate } from "./evaluate.ts";
import { environmentOf } from "./record.ts";

export interface IndicatorSettings extends Settings {
  /** Areas that are told apart: each county, each prefecture, or the province as one. */
  readonly level: Level;
}

/** One figure: for one area and one period. */
export interface IndicatorFigure {
  /** Six digits; null for rows whose place nobody has supplied. */
  readonly area: string | null;
  /** `2025`, `2025-Q2`, `2025-06`, or empty for 当前; null for rows whose day is missing. */
  readonly period: string | null;
  /** Rows that count, or the sum over them. */
  readonly value: number;
  /** Rows of which `value` is a share; null where the indicator is no share. */
  readonly of: number | null;
  /** Rows of which it is not known whether or how much they count: never in `value`. */
  readonly unknown: number;
  /** Whether the target is met so far; null for areas that it is not set for, and without one. */
  readonly attained: boolean | null;
}

export const DIGITS: Record<Level, number> = { 省: 2, 市: 4, 县: 6 };

/** An indicator over the rows of its source, by area and period, in their order; rows of a later day than 观察日 are left out. */
export function figuresOf(
  rule: PreparedIndicator,
  rows: readonly Facts[],
  settings: IndicatorSettings,
): readonly IndicatorFigure[] {
  const placed = rows.flatMap((facts) => placeOf(rule, facts, settings));
  const groups = [...Map.groupBy(placed, ({ area, period }) => JSON.stringify([area, period])).values()];
  // The target is set for the rule's own region, where areas of its level are told apart.
  const isTargeted = divisionPrefix(rule.definition.region).length === DIGITS[settings.level];
  return groups.map((of) => figureOf(rule, of, isTargeted)).toSorted((a, b) => (order(a) < order(b) ? -1 : 1));
}

/** What has no place or no day comes last. */
const order = ({ area, period }: IndicatorFigure) => `${area ?? "~"} ${period ?? "~"}`;

interface Placed {
  readonly area: string | null;
  readonly period: string | null;
  /** What it adds; null for unknown. */
  readonly value: number | null;
  readonly isOf: boolean;
}

function placeOf(rule: PreparedIndicator, facts: Facts, settings: IndicatorSettings): readonly Placed[] {
  const { environment, applies } = environmentOf(rule, facts, settings);
  const [region, day] = [environment.fact(rule.regionFact), environment.special(EVENT_DATE)];
  if (applies === false || (typeof day === "string" && day > settings.asOf)) return [];
  const counts = evaluate(rule.counts, environment);
  const adds = counts === true && rule.sums ? evaluate(rule.sums, environment) : Number(counts === true);
  const of = rule.of ? evaluate(rule.of, environment) : true;
  const isKnown = ![applies, counts, adds, of].some((value) => value instanceof Unknown);
  const digits = DIGITS[settings.level];
  return [
    {
      area: typeof region === "string" ? region.slice(0, digits).padEnd(6, "0") : null,
      period: typeof day === "string" ? periodOf(rule.definition.period, day) : null,
      value: isKnown ? (of === true ? (adds as number) : 0) : null,
      isOf: isKnown && of === true,
    },
  ];
}

function figureOf(
  { definition, of: share }: PreparedIndicator,
  placed: readonly Placed[],
  isTargeted: boolean,
): IndicatorFigure {
  const { area, period } = placed[0]!;
  const known = placed.flatMap(({ value }) => (value === null ? [] : [BigInt(value)]));
  const value = Number(known.reduce((sum, each) => sum + each, 0n));
  const of = share ? placed.filter(({ isOf }) => isOf).length : null;
  return {
    area,
    period,
    value,
    of,
    unknown: placed.length - known.length,
    attained: isTargeted && area === definition.region ? isAttained(definition.target, value, of) : null,
  };
}

/** `≈` (左右) is met from its number on (AMB-30); a share is compared crosswise, in percent. */
function isAttained(target: IndicatorDefinition["target"], value: number, of: number | null): boolean | null {
  if (!target || of === 0) return null;
  const [is, wanted] = of === null ? [value, target.value] : [value * 100, target.value * of];
  switch (target.comparator) {
    case ">=":
    case "≈":
      return is >= wanted;
    case ">":
      return is > wanted;
    case "<=":
      return is <= wanted;
    case "<":
      return is < wanted;
    case "=":
      return is === wanted;
  }
}

function periodOf(period: Period, day: string): string {
  switch (period) {
    case "年":
      return day.slice(0, 4);
    case "季":
      return `${day.slice(0, 4)}-Q${Math.ceil(Number(day.slice(5, 7)) / 3)}`;
    case "月":
      return day.slice(0, 7);
    case "当前":
      return "";
  }
}
