import type { Level, Period } from "../format/types.ts";
import { AS_OF, type PreparedIndicator } from "../rule/prepared.ts";
import { DIGITS } from "../interpret/indicator.ts";
import { divisionPrefix } from "../runtime/functions.ts";
import type { StatementOptions } from "./columns.ts";
import { expressionSql } from "./expression.ts";
import { openRecord } from "./record.ts";
import { all, literal } from "./text.ts";

export interface IndicatorStatementOptions extends StatementOptions {
  readonly level: Level;
}

/**
 * An indicator as one grouped SELECT over its fact source: `area`, `period`, `value`, `of` (NULL where it is no share), `unknown`,
 * `attained`. Same meaning as `figuresOf`.
 */
export function indicatorStatement(rule: PreparedIndicator, options: IndicatorStatementOptions): string {
  const { definition, counts, sums, of } = rule;
  const record = openRecord(rule, [counts, ...(sums ? [sums] : []), ...(of ? [of] : [])], options);
  const { columns, stages, region, day, applies } = record;
  const counted = stages.define("counted", expressionSql(counts, columns));
  const among = of ? stages.define("among", expressionSql(of, columns)) : "true";
  const adds = sums
    ? stages.define("adds", `CASE WHEN ${counted} THEN ${expressionSql(sums, columns)} ELSE 0 END`)
    : "1";
  const digits = DIGITS[options.level];
  const known = all([
    `${applies} IS NOT NULL`,
    `${counted} IS NOT NULL`,
    ...(sums ? [`(NOT ${counted} OR ${adds} IS NOT NULL)`] : []),
    ...(of ? [`${among} IS NOT NULL`] : []),
  ]);
  const { ctes, last } = stages.ctes();
  const target = attained(rule, digits);
  return `WITH ${ctes.join(",\n")},
placed AS (SELECT rpad(left(${region}, ${digits}), 6, '0') AS area, ${periodSql(definition.period, day)} AS period,
  ${known} AS known, ${counted} AND ${among} AS counts, ${among} AS among, ${adds} AS adds
FROM ${last} WHERE ${applies} IS NOT FALSE AND (${day} > ${columns.special(AS_OF)}) IS NOT TRUE),
figures AS (SELECT area, period, COALESCE(sum(adds) FILTER (WHERE known AND counts), 0) AS value,
  ${of ? "count(*) FILTER (WHERE known AND among)" : "NULL::bigint"} AS of, count(*) FILTER (WHERE NOT known) AS unknown
FROM placed GROUP BY area, period)
SELECT area, period, value, of, unknown, ${target} AS attained FROM figures ORDER BY area COLLATE "C", period COLLATE "C"`;
}

/** Only the rule's own region has the target, where areas of its level are told apart. */
function attained({ definition, of }: PreparedIndicator, digits: number): string {
  const { target, region } = definition;
  if (!target || divisionPrefix(region).length !== digits) return "NULL::boolean";
  const comparator = target.comparator === "≈" ? ">=" : target.comparator;
  const holds = of
    ? `CASE WHEN of > 0 THEN value::numeric * 100 ${comparator} ${target.value}::numeric * of END`
    : `value ${comparator} ${target.value}`;
  return `CASE WHEN area = ${literal(region)} THEN ${holds} END`;
}

function periodSql(period: Period, day: string): string {
  const year = `lpad(date_part('year', ${day})::text, 4, '0')`;
  switch (period) {
    case "年":
      return year;
    case "季":
      return `${year} || '-Q' || date_part('quarter', ${day})::text`;
    case "月":
      return `${year} || '-' || lpad(date_part('month', ${day})::text, 2, '0')`;
    case "当前":
      return `CASE WHEN ${day} IS NOT NULL THEN '' END`;
  }
}
