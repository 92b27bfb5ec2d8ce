/** The same question put to all three engines, and their answers in one shape, so that a difference is one line of a test's report. */
import { runInNewContext } from "node:vm";
import type { FactSource } from "../facts/source.ts";
import { planOf } from "../interpret/plan.ts";
import { measureScript } from "../phone/emit.ts";
import * as runtime from "../phone/runtime.ts";
import type { PreparedMeasure } from "../rule/prepared.ts";
import { decide, type Decision, type Question } from "../runtime/decide.ts";
import type { MeasurePlan } from "../runtime/plan.ts";
import { measureStatement } from "../sql/measure.ts";
import { claimsRelation, factsSql, type Draw } from "./relations.ts";

export interface Database {
  query(sql: string): Promise<{ readonly rows: readonly Record<string, unknown>[] }>;
}

export interface Answer {
  readonly outcome: string;
  readonly amount: number | null;
  readonly months: number | null;
  readonly fund: string;
  readonly event: string | null;
  readonly later: string | null;
  /** In any order, each name once. */
  readonly lists: Readonly<Record<List, readonly string[]>>;
}

const LISTS = ["failed", "unknown", "missing_facts", "missing_parameters", "reasons", "review"] as const;
type List = (typeof LISTS)[number];

function listsOf(read: (list: List) => readonly string[]): Answer["lists"] {
  const sorted = (list: List) => [...new Set(read(list))].toSorted();
  return {
    failed: sorted("failed"),
    unknown: sorted("unknown"),
    missing_facts: sorted("missing_facts"),
    missing_parameters: sorted("missing_parameters"),
    reasons: sorted("reasons"),
    review: sorted("review"),
  };
}

export function answerOf(decision: Decision): Answer {
  return {
    outcome: decision.outcome,
    amount: decision.amount,
    months: decision.months,
    fund: decision.fund,
    event: decision.eventDate,
    later: decision.notYet,
    lists: listsOf(
      (list) =>
        ({
          failed: decision.failed,
          unknown: decision.unknown,
          missing_facts: decision.missingFacts,
          missing_parameters: decision.missingParameters,
          reasons: decision.reasons,
          review: decision.review,
        })[list],
    ),
  };
}

export function interpreted(rule: PreparedMeasure, questions: readonly Question[]): readonly Answer[] {
  const plan = planOf(rule);
  return questions.map((question) => answerOf(decide(plan, question)));
}

/** A context of its own: the script can reach nothing but the runtime it is handed. */
export const scripted = (rule: PreparedMeasure): MeasurePlan =>
  (runInNewContext(measureScript(rule), {}) as (k: typeof runtime) => MeasurePlan)(runtime);

export function onPhone(rule: PreparedMeasure, questions: readonly Question[]): readonly Answer[] {
  const plan = scripted(rule);
  return questions.map((question) => answerOf(decide(plan, question)));
}

/** Rows of the draws as the rule's source; `{ settleAmongRows }` lets them compete. */
export const statementOver = (
  rule: PreparedMeasure,
  draws: readonly Draw[],
  asOf: string,
  options: { readonly settleAmongRows?: boolean; readonly withFacts?: boolean } = {},
): string => {
  const source = sourceOver(rule.source);
  return measureStatement(
    { ...rule, source },
    {
      placeholders: { rows: factsSql(source, draws) },
      asOf: `DATE '${asOf}'`,
      claims: claimsRelation(source, draws),
      ...options,
    },
  );
};

/** The source with rows of the test's making: the key is the position, four rows are one claim. */
const sourceOver = (source: FactSource): FactSource => ({
  ...source,
  sql: "SELECT * FROM ({{rows}}) r",
  key: [{ column: "id", type: "bigint" }],
  ...(source.claim ? { claim: { column: "claim_of_rows", type: "text" } } : {}),
});

export async function screened(
  database: Database,
  rule: PreparedMeasure,
  draws: readonly Draw[],
  asOf: string,
  options: { readonly settleAmongRows?: boolean } = {},
): Promise<readonly Answer[]> {
  const { rows } = await database.query(
    `SELECT outcome, amount, months, fund, event_date::text AS event, not_yet::text AS later, ${LISTS.join(", ")}
     FROM (${statementOver(rule, draws, asOf, options)}) q ORDER BY k0`,
  );
  const number = (value: unknown) => (value === null ? null : Number(value));
  return rows.map((row) => ({
    outcome: row["outcome"] as string,
    amount: number(row["amount"]),
    months: number(row["months"]),
    fund: row["fund"] as string,
    event: row["event"] as string | null,
    later: row["later"] as string | null,
    lists: listsOf((list) => row[list] as string[]),
  }));
}
