import type { Expression } from "../feel/ast.ts";
import { EVENT_DATE, type PreparedCheck, type PreparedDuty, type PreparedIndicator } from "../rule/prepared.ts";
import { divisionPrefix } from "../runtime/functions.ts";
import { guarded, type Blame } from "./blame.ts";
import { RuleColumns, type StatementOptions } from "./columns.ts";
import { keySql } from "./limits.ts";
import { Stages } from "./stages.ts";
import { all, any, dateLiteral, literal, namesWhere } from "./text.ts";

/** What a statement of a rule without conditions begins with: facts, date, values, and whether the rule has to do with the row. */
export function openRecord(
  rule: PreparedCheck | PreparedDuty | PreparedIndicator,
  expressions: readonly Expression[],
  options: StatementOptions,
) {
  const { definition, source } = rule;
  const columns = new RuleColumns(rule, expressions, options);
  const keys = source.key.map((_, index) => `k${index}`);
  const selects = [...source.key.map((key, index) => `${keySql(key)} AS k${index}`), ...columns.factSelects()];
  const stages = new Stages(`SELECT ${selects.join(", ")} FROM ${columns.sourceSql()}`, [
    ...keys,
    ...columns.readFacts().map(([, column]) => column),
  ]);
  columns.defineNames(stages, definition.region);
  const { from, to } = definition.inForce;
  const [region, day] = [columns.fact(rule.regionFact), columns.special(EVENT_DATE)];
  const applies = stages.define(
    "applies",
    all([
      `starts_with(${region}, ${literal(divisionPrefix(definition.region))})`,
      `${day} >= ${dateLiteral(from)}`,
      ...(to ? [`${day} <= ${dateLiteral(to)}`] : []),
    ]),
  );
  const blames: readonly Blame[] = [
    { kind: "fact", name: rule.regionFact, guard: `${applies} IS NULL AND ${region} IS NULL` },
    ...guarded(columns.blameSpecial(EVENT_DATE), `${applies} IS NULL`, `${day} IS NULL`),
  ];
  return { columns, stages, keys, region, day, applies, blames };
}

/** Names of one kind, where they are to blame. */
export function blamed(blames: readonly Blame[], kind: Blame["kind"]): string {
  const named = Map.groupBy(
    blames.filter((one) => one.kind === kind),
    ({ name }) => name,
  );
  return namesWhere([...named].map(([name, of]) => ({ name, when: any(of.map(({ guard }) => guard)) })));
}
