import { performance } from "node:perf_hooks";
import { sql } from "kysely";
import type { ClaimsRelation, PreparedMeasure } from "#kernel";
import { runnerOf, type Db, type SqlRunner } from "../../platform/db/database.ts";
import type { OutcomeName, SimulationReport } from "../contract.ts";
import { decisionsSql, type ScreeningScope } from "../screening/statement.ts";

interface Amounts {
  readonly rows: number;
  readonly persons: number;
  readonly amountFen: number;
}
type Counted = { rows: string; persons: string; amount: string };

const OURS = "NOT failed @> '{jurisdiction}'";
const PAYABLE = "outcome IN ('ELIGIBLE', 'ELIGIBLE_UP_TO_CAP')";
const SUMS = "count(*) AS rows, count(DISTINCT person_id) AS persons, coalesce(sum(amount), 0) AS amount";
const amounts = ({ rows, persons, amount }: Counted): Amounts => ({
  rows: Number(rows),
  persons: Number(persons),
  amountFen: Number(amount),
});

/** Rolls back whatever was done in it: a simulation leaves nothing behind. */
class Undone extends Error {}

/**
 * A rule over the registry as it is, at any date and over any region, beside another version of it if one is given. Nothing is written: the
 * transaction that holds the working tables is rolled back.
 */
export async function simulate(
  db: Db,
  rule: PreparedMeasure,
  beside: PreparedMeasure | null,
  claims: ClaimsRelation,
  options: { readonly region: string; readonly asOf: string; readonly countyName: (county: string) => string },
): Promise<SimulationReport> {
  const begun = performance.now();
  let report: SimulationReport | undefined;
  await db
    .transaction()
    .execute(async (tx) => {
      const run = runnerOf(tx);
      await sql`SET LOCAL work_mem = '128MB'`.execute(tx);
      // Limits weigh a person's claims in every county; rows are then those of the region.
      const scope: ScreeningScope =
        options.region === "" ? { kind: "whole" } : { kind: "region", region: options.region };
      await decideInto(run, "after", rule, claims, { scope, asOf: options.asOf });
      if (beside) await decideInto(run, "before", beside, claims, { scope, asOf: options.asOf });
      report = {
        ...(await describe(run, "after", rule, options)),
        beside: beside ? await describe(run, "before", beside, options) : null,
        difference: beside ? await difference(run, rule, beside, options) : null,
        seconds: Math.round(performance.now() - begun) / 1000,
      };
      throw new Undone();
    })
    .catch((cause: unknown) => {
      if (!(cause instanceof Undone)) throw cause;
    });
  return report!;
}

async function decideInto(
  run: SqlRunner,
  table: string,
  rule: PreparedMeasure,
  claims: ClaimsRelation,
  options: { readonly scope: ScreeningScope; readonly asOf: string },
): Promise<void> {
  await run.query(`CREATE TEMP TABLE ${table} ON COMMIT DROP AS ${decisionsSql(rule, claims, options)}`);
}

async function describe(
  run: SqlRunner,
  table: "after" | "before",
  rule: PreparedMeasure,
  options: { readonly countyName: (county: string) => string },
): Promise<Omit<SimulationReport, "difference" | "seconds" | "beside">> {
  const outcomes = await run.query<{ outcome: OutcomeName; rows: string; amount: string }>(
    `SELECT outcome, count(*) AS rows, coalesce(sum(amount), 0) AS amount FROM ${table} WHERE ${OURS} GROUP BY outcome ORDER BY count(*) DESC`,
  );
  const byCounty = await run.query<Counted & { county: string }>(
    `SELECT left(region, 6) AS county, ${SUMS} FROM ${table} WHERE ${PAYABLE} AND region IS NOT NULL GROUP BY 1 ORDER BY amount DESC, county`,
  );
  const byFund = await run.query<Counted & { fund: string }>(
    `SELECT coalesce(nullif(fund, ''), '未写明') AS fund, ${SUMS} FROM ${table} WHERE ${PAYABLE} GROUP BY 1 ORDER BY amount DESC`,
  );
  const unknown = await run.query<{ fact: string; rows: string }>(
    `SELECT fact, count(*) AS rows FROM ${table} CROSS JOIN LATERAL unnest(missing_facts) fact WHERE outcome = 'UNKNOWN' GROUP BY fact ORDER BY rows DESC LIMIT 20`,
  );
  const refused = await run.query<{ condition: string; rows: string; alone: string }>(
    `SELECT f AS condition, count(*) AS rows, count(*) FILTER (WHERE cardinality(failed) = 1) AS alone FROM ${table} CROSS JOIN LATERAL unnest(failed) f WHERE ${OURS} GROUP BY f ORDER BY rows DESC`,
  );
  const fields = new Map(rule.source.fields.map((field) => [field.name, field]));
  return {
    rows: outcomes.rows.reduce((sum, { rows }) => sum + Number(rows), 0),
    outcomes: outcomes.rows.map(({ outcome, rows, amount }) => ({
      outcome,
      rows: Number(rows),
      amountFen: Number(amount),
    })),
    byCounty: byCounty.rows.map((row) => ({
      county: row.county,
      countyName: options.countyName(row.county),
      ...amounts(row),
    })),
    byFund: byFund.rows.map((row) => ({ fund: row.fund, ...amounts(row) })),
    unknown: unknown.rows.map(({ fact, rows }) => ({
      fact: fields.get(fact)?.label ?? fact,
      supplier: fields.get(fact)?.supplier ?? "",
      rows: Number(rows),
    })),
    refusedBy: refused.rows.map(({ condition, rows, alone }) => ({
      condition,
      says: saysOf(rule, condition),
      rows: Number(rows),
      alone: Number(alone),
    })),
  };
}

/** The words of a condition or limit; those of the kernel's own have no words in the file. */
export function saysOf(rule: PreparedMeasure, id: string): string {
  return (
    rule.conditions.find((one) => one.id === id)?.says ??
    rule.limits.find((one) => one.id === id)?.says ??
    OWN[id] ??
    id
  );
}
const OWN: Readonly<Record<string, string>> = { amount: "算得出金额", "amount-tier": "符合某一档标准" };

async function difference(
  run: SqlRunner,
  rule: PreparedMeasure,
  beside: PreparedMeasure,
  options: { readonly region: string; readonly countyName: (county: string) => string },
): Promise<NonNullable<SimulationReport["difference"]>> {
  await run.query(`CREATE TEMP TABLE paired ON COMMIT DROP AS
    SELECT coalesce(a.region, b.region) AS region, coalesce(a.person_id, b.person_id) AS person_id,
      coalesce(a.${PAYABLE}, false) AS gets, coalesce(b.${PAYABLE}, false) AS got, coalesce(a.amount, 0) AS new_amount, coalesce(b.amount, 0) AS old_amount,
      a.outcome AS new_outcome, b.outcome AS old_outcome, a.failed AS new_failed, b.failed AS old_failed
    FROM after a FULL JOIN before b USING (row_key) WHERE a.${PAYABLE} OR b.${PAYABLE}`);
  const side = async (where: string, amount: string): Promise<Amounts> => {
    const found = await run.query<Counted>(
      `SELECT count(*) AS rows, count(DISTINCT person_id) AS persons, coalesce(sum(${amount}), 0) AS amount FROM paired WHERE ${where}`,
    );
    return amounts(found.rows[0]!);
  };
  // A row that is refused is won or lost by the conditions that refuse it; one that merely waits, by how it waits.
  const reasons = async (where: string, failed: string, outcome: string, amount: string, of: PreparedMeasure) => {
    const found = await run.query<{ reason: string; rows: string; amount: string }>(
      `SELECT reason, count(*) AS rows, coalesce(sum(${amount}), 0) AS amount
       FROM paired CROSS JOIN LATERAL unnest(CASE WHEN cardinality(${failed}) > 0 THEN ${failed} ELSE ARRAY['=' || coalesce(${outcome}, '')] END) reason
       WHERE ${where} GROUP BY reason ORDER BY rows DESC`,
    );
    return found.rows.map(({ reason, rows, amount: sum }) => ({
      says: reason.startsWith("=") ? (WAITS[reason.slice(1)] ?? "另一版本不涉及") : saysOf(of, reason),
      rows: Number(rows),
      amountFen: Number(sum),
    }));
  };
  const byCounty = await run.query<{ county: string; winners: string; losers: string; change: string }>(
    `SELECT left(region, 6) AS county, count(*) FILTER (WHERE gets AND NOT got) AS winners, count(*) FILTER (WHERE got AND NOT gets) AS losers,
       coalesce(sum(new_amount - old_amount), 0) AS change FROM paired WHERE region IS NOT NULL GROUP BY 1 ORDER BY change DESC, county`,
  );
  return {
    winners: await side("gets AND NOT got", "new_amount"),
    losers: await side("got AND NOT gets", "old_amount"),
    more: await side("gets AND got AND new_amount > old_amount", "new_amount - old_amount"),
    less: await side("gets AND got AND new_amount < old_amount", "old_amount - new_amount"),
    before: await side("got", "old_amount"),
    wonBy: await reasons("gets AND NOT got", "old_failed", "old_outcome", "new_amount", beside),
    lostBy: await reasons("got AND NOT gets", "new_failed", "new_outcome", "old_amount", rule),
    byCounty: byCounty.rows.map(({ county, winners, losers, change }) => ({
      county,
      countyName: options.countyName(county),
      winners: Number(winners),
      losers: Number(losers),
      changeFen: Number(change),
    })),
  };
}

const WAITS: Readonly<Record<string, string>> = {
  NOT_YET: "时间未到",
  UNKNOWN: "信息待核实",
  REVIEW: "需人工研判",
  PARAM_MISSING: "当地标准未定",
};
