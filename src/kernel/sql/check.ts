import { EVENT_DATE, type PreparedCheck } from "../rule/prepared.ts";
import { blame, guarded, type Blame } from "./blame.ts";
import { RuleColumns, type StatementOptions } from "./columns.ts";
import { expressionSql } from "./expression.ts";
import { keySql } from "./limits.ts";
import { Stages } from "./stages.ts";
import { all, any, dateLiteral, literal, namesWhere } from "./text.ts";
import { divisionPrefix } from "../runtime/functions.ts";

/**
 * A check as one SELECT over its fact source: `k0…`, `outcome` (see `CheckOutcome`), `event_date`, `missing_facts`,
 * `missing_parameters`. Same meaning as `judgeCheck`.
 */
export function checkStatement(rule: PreparedCheck, options: StatementOptions): string {
  const { definition, finding, unless } = rule;
  const columns = new RuleColumns(rule, [finding, ...(unless ? [unless] : [])], options);
  const keys = rule.source.key.map((_, index) => `k${index}`);
  const selects = [...rule.source.key.map((key, index) => `${keySql(key)} AS k${index}`), ...columns.factSelects()];
  const stages = new Stages(`SELECT ${selects.join(", ")} FROM ${columns.sourceSql()}`, [
    ...keys,
    ...columns.readFacts().map(([, column]) => column),
  ]);
  columns.defineNames(stages, definition.region);
  const { from, to } = definition.inForce;
  const [region, day] = [columns.fact(rule.regionFact), columns.special(EVENT_DATE)];
  const within = [
    `starts_with(${region}, ${literal(divisionPrefix(definition.region))})`,
    `${day} >= ${dateLiteral(from)}`,
    ...(to ? [`${day} <= ${dateLiteral(to)}`] : []),
  ];
  const applies = stages.define("applies", all(within));
  const found = stages.define("found", expressionSql(finding, columns));
  const excused = unless ? stages.define("excused", expressionSql(unless, columns)) : "false";
  const blames: readonly Blame[] = [
    { kind: "fact", name: rule.regionFact, guard: `${applies} IS NULL AND ${region} IS NULL` },
    ...guarded(columns.blameSpecial(EVENT_DATE), `${applies} IS NULL`, `${day} IS NULL`),
    ...guarded(blame(finding, columns), applies, `${found} IS NULL`),
    ...(unless ? guarded(blame(unless, columns), applies, found, `${excused} IS NULL`) : []),
  ];
  const list = (kind: Blame["kind"]) => {
    const named = Map.groupBy(
      blames.filter((one) => one.kind === kind),
      ({ name }) => name,
    );
    return namesWhere([...named].map(([name, of]) => ({ name, when: any(of.map(({ guard }) => guard)) })));
  };
  const { ctes, last } = stages.ctes();
  return `WITH ${ctes.join(",\n")}
SELECT ${keys.join(", ")},
  CASE WHEN ${applies} IS NULL THEN 'UNKNOWN' WHEN NOT ${applies} THEN 'NOT_APPLICABLE'
    WHEN ${found} IS NULL THEN 'UNKNOWN' WHEN NOT ${found} THEN 'COMPLIANT'
    WHEN ${excused} IS NULL THEN 'UNKNOWN' WHEN ${excused} THEN 'WARNING' ELSE ${literal(definition.answers)} END AS outcome,
  ${day} AS event_date, ${list("fact")} AS missing_facts, ${list("parameter")} AS missing_parameters
FROM ${last}`;
}
