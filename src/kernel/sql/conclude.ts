import type { PreparedMeasure } from "../rule/prepared.ts";
import type { Judged } from "./amount.ts";
import type { Stages } from "./stages.ts";
import { all, any } from "./text.ts";

/** Outcomes by rank, best first, counted from 1. Up to the cap is as good as eligible. */
export const OUTCOMES = ["ELIGIBLE", "PARAM_MISSING", "NOT_YET", "REVIEW", "UNKNOWN", "NOT_ELIGIBLE"] as const;
export const REFUSED = 6;
export const UNDECIDED = 5;

const isAsked =
  (fund: string) =>
  ({ funds }: Judged): boolean =>
    !funds || funds.includes(fund);

/** Adds the outcome's rank for each fund, and the best of them as `best`. */
export function defineBest(rule: PreparedMeasure, judged: readonly Judged[], stages: Stages, prefix = "") {
  const ranks = rule.funds.map((fund) => rankOf(judged.filter(isAsked(fund))));
  if (ranks.length === 1) return { best: stages.define(`${prefix}best`, ranks[0]!), ranks: [] };
  const columns = ranks.map((sql, index) => stages.define(`${prefix}rank_${index}`, sql));
  return { best: stages.define(`${prefix}best`, `LEAST(${columns.join(", ")})`), ranks: columns };
}

/** Whether all holds is computed once; what is wanting is looked into only where something is. */
function rankOf(here: readonly Judged[]): string {
  const reviews = here.flatMap(({ review }) => (review ? [review.column] : []));
  const later = here.flatMap((one) => (one.later ? [`${one.later} IS NOT NULL`] : []));
  const whens = [
    ...(reviews.length > 0 ? [`WHEN ${any(reviews)} THEN 4`] : []),
    ...(later.length > 0 ? [`WHEN ${any(later)} THEN 3`] : []),
  ];
  const or = (rest: number) => (whens.length === 0 ? `${rest}` : `CASE ${whens.join(" ")} ELSE ${rest} END`);
  const settable = all(here.map(({ column, wants }) => (wants ? `(${column} OR ${wants})` : `${column}`)));
  const unknown = here.some(({ wants }) => wants) ? `CASE WHEN (${settable}) IS NULL THEN 5 ELSE ${or(2)} END` : "5";
  return `CASE (${all(here.map(({ column }) => column))}) WHEN true THEN ${or(1)} WHEN false THEN 6 ELSE ${unknown} END`;
}

/** Adds the fund that the answer is for, by its place: the first with the best outcome, or of all that refuse the one that comes nearest. */
export function defineFund(
  rule: PreparedMeasure,
  judged: readonly Judged[],
  { best, ranks }: ReturnType<typeof defineBest>,
  stages: Stages,
): string {
  if (ranks.length === 0) return "0";
  const pick = (value: string, of: readonly string[]) =>
    `CASE ${value} ${of.map((each, index) => `WHEN ${each} THEN ${index}`).join(" ")} END`;
  // What is asked for every fund fails for every fund.
  const failures = rule.funds.map((fund) => {
    const own = judged.filter((one) => one.funds && isAsked(fund)(one));
    return own.length === 0 ? "0" : `(${own.map(({ column }) => `(${column} IS FALSE)::int`).join(" + ")})`;
  });
  const nearest = pick(`LEAST(${failures.join(", ")})`, failures);
  return stages.define("fund_index", `CASE WHEN ${best} = ${REFUSED} THEN ${nearest} ELSE ${pick(best, ranks)} END`);
}

/** Marks what may be unknown only for want of a locality's value. */
export function withWants(judged: Judged): Judged {
  if (!judged.blame.some(({ kind }) => kind === "parameter")) return judged;
  const others = judged.blame.filter(({ kind }) => kind !== "parameter").map(({ guard }) => guard);
  return { ...judged, wants: `(${judged.column} IS NULL AND (${any(others)}) IS NOT TRUE)` };
}
