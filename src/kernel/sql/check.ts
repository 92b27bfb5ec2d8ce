import type { Expression } from "../feel/ast.ts";
import { factsOfCheck } from "../rule/check-facts.ts";
import type { PreparedCheck } from "../rule/prepared.ts";
import { TEXT } from "../values/types.ts";
import { blame, guarded } from "./blame.ts";
import type { StatementOptions } from "./columns.ts";
import { expressionSql } from "./expression.ts";
import { blamed, openRecord } from "./record.ts";
import { snapshot } from "./snapshot.ts";
import { literal } from "./text.ts";

export interface CheckStatementOptions extends StatementOptions {
  /** Adds the column `facts`: what the check read of the row and names in its message, by FEEL name. */
  readonly withFacts?: boolean;
}

/**
 * A check as one SELECT over its fact source: `k0…`, `outcome` (see `CheckOutcome`), `event_date`, `missing_facts`,
 * `missing_parameters`, and `facts` (jsonb) if asked for. Same meaning as `judgeCheck`.
 */
export function checkStatement(rule: PreparedCheck, options: CheckStatementOptions): string {
  const { definition, finding, unless } = rule;
  const named = options.withFacts ? factsOfCheck(rule) : [];
  const record = openRecord(rule, [finding, ...(unless ? [unless] : []), ...named.map(nameOf)], options);
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
  ${day} AS event_date, ${blamed(blames, "fact")} AS missing_facts, ${blamed(blames, "parameter")} AS missing_parameters${options.withFacts ? `, ${snapshot(columns)} AS facts` : ""}
FROM ${last}`;
}

/** A fact that is shown and not computed with: its column is read all the same. */
const nameOf = (name: string): Expression => ({ op: "name", kind: "fact", name, type: TEXT, from: 0, to: 0 });
