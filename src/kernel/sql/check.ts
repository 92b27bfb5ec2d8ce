import type { PreparedCheck } from "../rule/prepared.ts";
import { blame, guarded, type Blame } from "./blame.ts";
import { RuleColumns, type StatementOptions } from "./columns.ts";
import { expressionSql } from "./expression.ts";
import { keySql, subjectSelects } from "./limits.ts";
import { all, any, dateLiteral, literal } from "./text.ts";
import { divisionPrefix } from "../runtime/functions.ts";

/**
 * A check as one SELECT over its fact source: `k0…`, `outcome` (see `CheckOutcome`), `event_date`, `missing_facts`,
 * `missing_parameters`. Same meaning as `judgeCheck`.
 */
export function checkStatement(rule: PreparedCheck, options: StatementOptions): string {
  const { definition, finding, unless } = rule;
  const columns = new RuleColumns(rule, [finding, ...(unless ? [unless] : [])], options);
  const { from, to } = definition.inForce;
  const region = columns.fact(rule.regionFact);
  const prefix = divisionPrefix(definition.region);
  const applies = all([
    `starts_with(${region}, ${literal(prefix)})`,
    `event_date >= ${dateLiteral(from)}`,
    ...(to ? [`event_date <= ${dateLiteral(to)}`] : []),
  ]);
  const [found, excused] = [expressionSql(finding, columns), unless ? expressionSql(unless, columns) : "false"];
  const blames: readonly Blame[] = [
    { kind: "fact", name: rule.regionFact, guard: `applies IS NULL AND ${region} IS NULL` },
    ...guarded(columns.blameSpecial("事件日"), "applies IS NULL", "event_date IS NULL"),
    ...guarded(blame(finding, columns), "applies", "found IS NULL"),
    ...(unless ? guarded(blame(unless, columns), "applies", "found", "excused IS NULL") : []),
  ];
  const list = (kind: Blame["kind"]) => {
    const named = [
      ...Map.groupBy(
        blames.filter((one) => one.kind === kind),
        ({ name }) => name,
      ),
    ].map(([name, of]) => `CASE WHEN ${any(of.map(({ guard }) => guard))} THEN ${literal(name)} END`);
    return named.length === 0 ? "'{}'::text[]" : `array_remove(ARRAY[${named.join(", ")}]::text[], NULL)`;
  };
  const answer = literal(definition.answers);
  return `WITH facts AS (SELECT ${[
    ...rule.source.key.map((key, index) => `${keySql(key)} AS k${index}`),
    ...subjectSelects(rule.source),
    ...columns.factSelects(),
  ].join(", ")} FROM ${columns.sourceSql()} OFFSET 0),
dated AS (SELECT facts.*, ${columns.dateSelects().join(", ")} FROM facts OFFSET 0),
valued AS (SELECT ${["dated.*", ...columns.parameterSelects(definition.region)].join(", ")} FROM dated OFFSET 0),
judged AS (SELECT valued.*, ${applies} AS applies, ${found} AS found, ${excused} AS excused FROM valued OFFSET 0)
SELECT ${rule.source.key.map((_, index) => `k${index}`).join(", ")},
  CASE WHEN applies IS NULL THEN 'UNKNOWN' WHEN NOT applies THEN 'NOT_APPLICABLE'
    WHEN found IS NULL THEN 'UNKNOWN' WHEN NOT found THEN 'COMPLIANT'
    WHEN excused IS NULL THEN 'UNKNOWN' WHEN excused THEN 'WARNING' ELSE ${answer} END AS outcome,
  event_date, ${list("fact")} AS missing_facts, ${list("parameter")} AS missing_parameters
FROM judged`;
}
