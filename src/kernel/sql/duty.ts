import { AS_OF, type PreparedDuty } from "../rule/prepared.ts";
import { blame, guarded } from "./blame.ts";
import type { StatementOptions } from "./columns.ts";
import { expressionSql } from "./expression.ts";
import { blamed, openRecord } from "./record.ts";

/**
 * A duty as one SELECT over its fact source: `k0…`, `outcome` (see `DutyOutcome`), `from_date`, `due_date`, `done_on`, `missing_facts`,
 * `missing_parameters`. Same meaning as `judgeDuty`.
 */
export function dutyStatement(rule: PreparedDuty, options: StatementOptions): string {
  const record = openRecord(rule, [rule.owed, rule.due, rule.done], options);
  const { columns, stages, keys, day, applies } = record;
  const asOf = columns.special(AS_OF);
  const owed = stages.define("owed", expressionSql(rule.owed, columns));
  const due = stages.define("due", expressionSql(rule.due, columns));
  const done = stages.define("done", expressionSql(rule.done, columns));
  const isDay = rule.done.type.kind === "date";
  const isOpen = rule.openEnded !== undefined;
  const begun = [applies, owed, `${day} <= ${asOf}`];
  const blames = [
    ...record.blames,
    ...guarded(blame(rule.owed, columns), applies, `${owed} IS NULL`),
    ...guarded(blame(rule.due, columns), ...begun, `${due} IS NULL`),
    ...(isOpen ? [] : guarded(blame(rule.done, columns), ...begun, `${done} IS NULL`)),
  ];
  const isDone = isDay
    ? `WHEN ${done} <= ${asOf} THEN CASE WHEN ${done} <= ${due} THEN 'ON_TIME' ELSE 'OVERDUE' END`
    : `WHEN ${done} THEN 'ON_TIME'`;
  const { ctes, last } = stages.ctes();
  return `WITH ${ctes.join(",\n")}
SELECT ${keys.join(", ")},
  CASE WHEN ${applies} IS NULL THEN 'UNKNOWN' WHEN NOT ${applies} THEN 'NOT_APPLICABLE'
    WHEN ${owed} IS NULL THEN 'UNKNOWN' WHEN NOT ${owed} THEN 'NOT_OWED' WHEN ${day} > ${asOf} THEN 'NOT_YET'
    WHEN ${due} IS NULL${isOpen ? "" : ` OR ${done} IS NULL`} THEN 'UNKNOWN'
    ${isDone} WHEN ${asOf} <= ${due} THEN 'DUE' ELSE 'OVERDUE' END AS outcome,
  ${day} AS from_date, ${due} AS due_date, ${isDay ? `CASE WHEN ${done} <= ${asOf} THEN ${done} END` : "NULL::date"} AS done_on,
  ${blamed(blames, "fact")} AS missing_facts, ${blamed(blames, "parameter")} AS missing_parameters
FROM ${last}`;
}
