import type { PreparedCheck } from "../rule/prepared.ts";
import { blame, guarded } from "./blame.ts";
import type { StatementOptions } from "./columns.ts";
import { expressionSql } from "./expression.ts";
import { blamed, openRecord } from "./record.ts";
import { literal } from "./text.ts";

/**
 * A check as one SELECT over its fact source: `k0…`, `outcome` (see `CheckOutcome`), `event_date`, `missing_facts`,
 * `missing_parameters`. Same meaning as `judgeCheck`.
 */
export function checkStatement(rule: PreparedCheck, options: StatementOptions): string {
  const { definition, finding, unless } = rule;
  const record = openRecord(rule, [finding, ...(unless ? [unless] : [])], options);
  const { columns, stages, keys, day, applies } = record;
  const found = stages.define("found", expressionSql(finding, columns));
  const excused = unless ? stages.define("excused", expressionSql(unless, columns)) : "false";
  const blames = [
    ...record.blames,
    ...guarded(blame(finding, columns), applies, `${found} IS NULL`),
    ...(unless ? guarded(blame(unless, columns), applies, found, `${excused} IS NULL`) : []),
  ];
  const { ctes, last } = stages.ctes();
  return `WITH ${ctes.join(",\n")}
SELECT ${keys.join(", ")},
  CASE WHEN ${applies} IS NULL THEN 'UNKNOWN' WHEN NOT ${applies} THEN 'NOT_APPLICABLE'
    WHEN ${found} IS NULL THEN 'UNKNOWN' WHEN NOT ${found} THEN 'COMPLIANT'
    WHEN ${excused} IS NULL THEN 'UNKNOWN' WHEN ${excused} THEN 'WARNING' ELSE ${literal(definition.answers)} END AS outcome,
  ${day} AS event_date, ${blamed(blames, "fact")} AS missing_facts, ${blamed(blames, "parameter")} AS missing_parameters
FROM ${last}`;
}
