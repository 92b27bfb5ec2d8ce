import type { Expression } from "../feel/ast.ts";
import { AS_OF, type PreparedCondition } from "../rule/prepared.ts";
import type { Judged } from "./amount.ts";
import { blame, guarded, type Blame } from "./blame.ts";
import type { RuleColumns } from "./columns.ts";
import { expressionSql } from "./expression.ts";
import type { Stages } from "./stages.ts";
import { all } from "./text.ts";

interface CoreSql {
  readonly sql: string;
  readonly review?: { readonly sql: string; readonly ambiguity: string };
  readonly later?: string;
  readonly blame: readonly Blame[];
}

/** Adds the columns of one condition. */
export function defineCondition(
  condition: PreparedCondition,
  index: number,
  columns: RuleColumns,
  stages: Stages,
): Judged {
  const { id, funds } = condition;
  const { sql, review, later, blame: because } = conditionSql(condition, columns);
  const column = stages.define(`c${index}`, sql);
  return {
    id,
    ...(funds ? { funds } : {}),
    column,
    ...(review
      ? {
          review: {
            column: stages.define(`c${index}_review`, `(${review.sql}) IS TRUE`),
            ambiguity: review.ambiguity,
          },
        }
      : {}),
    ...(later ? { later: stages.define(`c${index}_later`, later) } : {}),
    blame: because,
  };
}

function conditionSql({ when, core }: PreparedCondition, columns: RuleColumns): CoreSql {
  const inner = coreSql(core, columns);
  if (!when) return inner;
  const asked = expressionSql(when, columns);
  // A condition that is met is met whether it was asked or not; one that is not cannot be said to be unless it was.
  const plainlyMet = all([
    `(${inner.sql})`,
    ...(inner.review ? [`(${inner.review.sql}) IS NOT TRUE`] : []),
    ...(inner.later ? [`(${inner.later}) IS NULL`] : []),
  ]);
  return {
    sql: `CASE ${asked} WHEN true THEN ${inner.sql} WHEN false THEN true ELSE CASE WHEN ${plainlyMet} THEN true END END`,
    ...(inner.review ? { review: { ...inner.review, sql: `${asked} AND ${inner.review.sql}` } } : {}),
    ...(inner.later ? { later: `CASE WHEN ${asked} THEN ${inner.later} END` } : {}),
    blame: [
      ...guarded(blame(when, columns), `(${asked}) IS NULL`),
      ...guarded(inner.blame, `(${asked}) IS NOT FALSE`, `(${inner.sql}) IS NULL`),
    ],
  };
}

function coreSql(core: PreparedCondition["core"], columns: RuleColumns): CoreSql {
  const sql = (expression: Expression) => expressionSql(expression, columns);
  switch (core.kind) {
    case "plain": {
      const test = sql(core.test);
      const because = guarded(blame(core.test, columns), `(${test}) IS NULL`);
      if (!core.review) return { sql: test, blame: because };
      const review = sql(core.review);
      return {
        sql: `CASE ${test} WHEN true THEN true WHEN false THEN ${review} END`,
        review: { sql: `(NOT ${test} AND ${review})`, ambiguity: core.ambiguity ?? "" },
        blame: [...because, ...guarded(blame(core.review, columns), `(${test}) IS FALSE`, `(${review}) IS NULL`)],
      };
    }
    case "review": {
      const review = sql(core.review);
      return {
        sql: `CASE WHEN (${review}) IS NOT NULL THEN true END`,
        review: { sql: review, ambiguity: core.ambiguity },
        blame: guarded(blame(core.review, columns), `(${review}) IS NULL`),
      };
    }
    case "time": {
      const [reached, until] = [sql(core.reached), core.until && sql(core.until)];
      const lasts =
        until === undefined
          ? "true"
          : core.openEnded
            ? `COALESCE(${until} >= ${reached}, true)`
            : `${until} >= ${reached}`;
      const asOf = columns.special(AS_OF);
      const missing = guarded(blame(core.reached, columns), `(${reached}) IS NULL`);
      const open =
        core.openEnded === undefined && core.until ? guarded(blame(core.until, columns), `(${until}) IS NULL`) : [];
      return {
        sql: `CASE WHEN (${reached}) IS NOT NULL THEN ${lasts} END`,
        later: `CASE WHEN ${lasts} AND ${reached} > ${asOf} THEN ${reached} END`,
        blame: [...missing, ...open],
      };
    }
  }
}
