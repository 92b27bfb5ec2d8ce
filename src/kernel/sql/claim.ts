import type { PreparedMeasure } from "../rule/prepared.ts";
import { measureStatement, type MeasureStatementOptions } from "./measure.ts";

/**
 * A measure whose rows are parts (months, persons of a batch), gathered to the claims they belong to: `claim`, `outcome` (with
 * `PARTLY_ELIGIBLE`), `amount`, `parts`, `eligible_parts`. Same meaning as `joinParts`. The source must say what a claim is.
 */
export function claimStatement(rule: PreparedMeasure, options: MeasureStatementOptions): string {
  if (!rule.source.claim) throw new Error(`fact source ${rule.source.name} has no claims`);
  const eligible = "outcome IN ('ELIGIBLE', 'ELIGIBLE_UP_TO_CAP')";
  const order = ["PARAM_MISSING", "NOT_YET", "REVIEW", "UNKNOWN"];
  const best = order.map((outcome) => `WHEN bool_or(outcome = '${outcome}') THEN '${outcome}'`).join(" ");
  return `SELECT claim,
  CASE WHEN bool_and(${eligible}) THEN CASE WHEN bool_or(outcome = 'ELIGIBLE_UP_TO_CAP') THEN 'ELIGIBLE_UP_TO_CAP' ELSE 'ELIGIBLE' END
    WHEN bool_or(${eligible}) THEN 'PARTLY_ELIGIBLE' ${best} ELSE 'NOT_ELIGIBLE' END AS outcome,
  sum(amount) AS amount, count(*) AS parts, count(*) FILTER (WHERE ${eligible}) AS eligible_parts
FROM (${measureStatement(rule, options)}) part GROUP BY claim`;
}
