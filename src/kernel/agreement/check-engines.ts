/** Checks by the three engines side by side: the interpreter, the emitted JavaScript, and PostgreSQL. */
import { runInNewContext } from "node:vm";
import type { Facts } from "../facts/source.ts";
import { judgeCheck } from "../interpret/check.ts";
import * as runtime from "../phone/check-runtime.ts";
import { checkScript } from "../phone/emit-check.ts";
import type { PreparedCheck } from "../rule/prepared.ts";
import type { CheckPlan, CheckResult } from "../runtime/judge.ts";
import { checkStatement } from "../sql/check.ts";
import type { Database } from "./engines.ts";
import { factsSql, type Draw } from "./relations.ts";

export interface CheckAnswer {
  readonly outcome: string;
  readonly eventDate: string | null;
  /** Facts and parameters that are wanting, in order. */
  readonly missing: readonly string[];
}

const answerOf = ({ outcome, eventDate, missingFacts, missingParameters }: CheckResult): CheckAnswer => ({
  outcome,
  eventDate,
  missing: [...missingFacts, ...missingParameters].toSorted(),
});

type Rows = readonly { readonly facts: Facts }[];

export const checkedByInterpreter = (rule: PreparedCheck, rows: Rows, asOf: string): readonly CheckAnswer[] =>
  rows.map(({ facts }) => answerOf(judgeCheck(rule, facts, { asOf })));

/** A context of its own: the script can reach nothing but the runtime it is handed. */
export function checkedByScript(rule: PreparedCheck, rows: Rows, asOf: string): readonly CheckAnswer[] {
  const script = runInNewContext(checkScript(rule), {}) as (k: typeof runtime) => CheckPlan;
  const plan = script(runtime);
  return rows.map(({ facts }) => answerOf(runtime.judge(plan, facts, { asOf })));
}

export async function checkedBySql(
  database: Database,
  rule: PreparedCheck,
  rows: Rows,
  asOf: string,
): Promise<readonly CheckAnswer[]> {
  const draws = rows.map(({ facts }): Draw => ({ facts, subjects: {}, claims: [] }));
  const source = {
    ...rule.source,
    sql: "SELECT * FROM ({{rows}}) r",
    key: [{ column: "id", type: "bigint" }] as const,
  };
  const sql = checkStatement(
    { ...rule, source },
    { placeholders: { rows: factsSql(source, draws) }, asOf: `DATE '${asOf}'`, withFacts: true },
  );
  const found = await database.query(
    `SELECT outcome, event_date::text AS event, missing_facts || missing_parameters AS missing, facts FROM (${sql}) q ORDER BY k0`,
  );
  return found.rows.map(({ outcome, event, missing, facts }) => {
    // What is kept of a finding must give the same answer again.
    const again = judgeCheck(rule, facts as Facts, { asOf });
    if (again.outcome !== outcome)
      throw new Error(
        `${String(outcome)} becomes ${again.outcome} on the facts that were kept: ${JSON.stringify(facts)}`,
      );
    return {
      outcome: outcome as string,
      eventDate: event as string | null,
      missing: (missing as string[]).toSorted(),
    };
  });
}
