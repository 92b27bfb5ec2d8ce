import fc from "fast-check";
import type { Client } from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { connectOwner } from "../../platform/db/database.ts";
import { startTestServer } from "../../platform/testing/index.ts";
import { judgeCheck } from "../interpret/check.ts";
import { planOf } from "../interpret/plan.ts";
import { decideTogether, joinParts } from "../interpret/together.ts";
import type { PreparedMeasure } from "../rule/prepared.ts";
import { decide } from "../runtime/decide.ts";
import { checkStatement } from "../sql/check.ts";
import { claimStatement } from "../sql/claim.ts";
import { measureStatement } from "../sql/measure.ts";
import { drawOf } from "./draws.ts";
import { claimsRelation, factsSql, type Draw } from "./relations.ts";
import { check, CHECKS, measure, MEASURES } from "./rules.ts";
import { SITUATIONS } from "./situations.ts";

const DRAWS = Number(process.env["KERNEL_DRAWS"] ?? "1500");
let database: Client;
let release: () => Promise<void>;

beforeAll(async () => {
  const server = await startTestServer();
  database = await connectOwner(server.address);
  release = () => server.release();
});
afterAll(async () => {
  await database.end();
  await release();
});

interface Answer {
  readonly outcome: string;
  readonly amount: number | null;
  readonly fund: string;
  readonly event: string | null;
  readonly later: string | null;
  readonly lists: readonly (readonly string[])[];
}

const LISTS = ["failed", "unknown", "missing_facts", "missing_parameters", "reasons", "review"] as const;

function interpreted(rule: PreparedMeasure, draws: readonly Draw[], asOf: string): readonly Answer[] {
  const plan = planOf(rule);
  return draws.map((draw) => {
    const found = decide(plan, { ...draw, asOf });
    return {
      outcome: found.outcome,
      amount: found.amount,
      fund: found.fund,
      event: found.eventDate,
      later: found.notYet,
      lists: [
        found.failed,
        found.unknown,
        found.missingFacts,
        found.missingParameters,
        found.reasons,
        found.review,
      ].map((list) => [...new Set(list)].toSorted()),
    };
  });
}

async function screened(
  rule: PreparedMeasure,
  draws: readonly Draw[],
  asOf: string,
  settleAmongRows = false,
): Promise<readonly Answer[]> {
  const source = { ...rule.source, sql: "SELECT * FROM ({{rows}}) r" };
  const sql = measureStatement(
    { ...rule, source },
    {
      placeholders: { rows: factsSql(rule.source, draws) },
      asOf: `DATE '${asOf}'`,
      claims: claimsRelation(Object.keys(rule.source.subjects), draws),
      settleAmongRows,
    },
  );
  const { rows } = await database.query<Record<string, string & string[]>>(
    `SELECT outcome, amount, fund, event_date::text AS event, not_yet::text AS later, ${LISTS.join(", ")} FROM (${sql}) q ORDER BY k0`,
  );
  return rows.map((row) => ({
    outcome: row["outcome"]!,
    amount: row["amount"] === null ? null : Number(row["amount"]),
    fund: row["fund"]!,
    event: row["event"]!,
    later: row["later"]!,
    lists: LISTS.map((list) => [...new Set(row[list] as string[])].toSorted()),
  }));
}

describe("PostgreSQL and the interpreter", () => {
  it.each(MEASURES)("agree on %s, and every outcome comes up", async (id) => {
    const rule = measure(id);
    const situation = SITUATIONS[id]!;
    const draws = fc
      .sample(drawOf(rule.source, situation), { numRuns: DRAWS, seed: 20_210_726 })
      .map((make, index) => make(index));
    const expected = interpreted(rule, draws, situation.asOf);
    const found = await screened(rule, draws, situation.asOf);
    for (const [index, answer] of expected.entries())
      expect({ ...found[index], facts: draws[index] }).toEqual({ ...answer, facts: draws[index] });
    for (const outcome of new Set(expected.map((answer) => answer.outcome)))
      expect(expected.filter((answer) => answer.outcome === outcome).length / draws.length, outcome).toBeGreaterThan(
        0.05,
      );
  });

  it.each(CHECKS)("agree on the check %s", async (id) => {
    const rule = check(id);
    const { asOf } = SITUATIONS[id]!;
    const draws = fc
      .sample(drawOf(rule.source, SITUATIONS[id]!), { numRuns: DRAWS, seed: 5 })
      .map((make, index) => make(index));
    const expected = draws.map(({ facts }) => {
      const { missingFacts, missingParameters, ...answer } = judgeCheck(rule, facts, { asOf });
      return { ...answer, missing: [...missingFacts, ...missingParameters].toSorted() };
    });
    const source = { ...rule.source, sql: "SELECT * FROM ({{rows}}) r" };
    const placeholders = { rows: factsSql(rule.source, draws) };
    const sql = checkStatement({ ...rule, source }, { placeholders, asOf: `DATE '${asOf}'` });
    const { rows } = await database.query<{ outcome: string; event: string; missing: string[] }>(
      `SELECT outcome, event_date::text AS event, missing_facts || missing_parameters AS missing FROM (${sql}) q ORDER BY k0`,
    );
    const found = rows.map(({ outcome, event, missing }) => ({
      outcome,
      eventDate: event,
      missing: missing.toSorted(),
    }));
    expect(found).toEqual(expected);
    for (const outcome of ["COMPLIANT", "WARNING", "VIOLATION", "UNKNOWN", "NOT_APPLICABLE"])
      expect(expected.filter((answer) => answer.outcome === outcome).length / draws.length, outcome).toBeGreaterThan(
        0.05,
      );
  });

  it.each(["export-introduction", "workshop-award"])(
    "let rows of %s compete alike for what a limit leaves",
    async (id) => {
      const rule = measure(id);
      const { asOf } = SITUATIONS[id]!;
      const drawn = fc.sample(drawOf(rule.source, SITUATIONS[id]!), { numRuns: 450, seed: 9 });
      // Three rows in a row belong to the same persons.
      const draws = drawn.map((make, index) => make(Math.floor(index / 3)));
      const claims = draws.flatMap((draw) => draw.claims);
      const decisions = decideTogether(
        rule,
        draws.map((draw) => ({ ...draw, claims, asOf })),
      );
      const expected = decisions.map(({ outcome, amount, failed }) => ({ outcome, amount, failed: failed.toSorted() }));
      const found = await screened(rule, draws, asOf, true);
      expect(found.map(({ outcome, amount, lists: [failed] }) => ({ outcome, amount, failed }))).toEqual(expected);
      const alone = draws.map((draw) => decide(planOf(rule), { ...draw, claims, asOf }));
      expect(decisions.filter((decision, index) => decision.outcome !== alone[index]!.outcome).length).toBeGreaterThan(
        3,
      );
    },
  );

  it("gather months to claims alike", async () => {
    const rule = measure("welfare-post-allowance");
    const { asOf } = SITUATIONS["welfare-post-allowance"]!;
    const draws = fc
      .sample(drawOf(rule.source, SITUATIONS["welfare-post-allowance"]!), { numRuns: 600, seed: 3 })
      .map((make, index) => make(index));
    const plan = planOf(rule);
    const decisions = draws.map((draw) => decide(plan, { ...draw, asOf }));
    const expected = [...Map.groupBy(decisions.entries(), ([index]) => Math.floor(index / 4)).values()].map((of) => {
      const { outcome, amount } = joinParts(of.map(([, decision]) => decision));
      return { outcome, amount };
    });
    const source = { ...rule.source, sql: "SELECT * FROM ({{rows}}) r" };
    const sql = claimStatement(
      { ...rule, source },
      {
        placeholders: { rows: factsSql(rule.source, draws) },
        asOf: `DATE '${asOf}'`,
        claims: claimsRelation(Object.keys(rule.source.subjects), draws),
      },
    );
    const { rows } = await database.query<{ outcome: string; amount: string | null }>(
      `SELECT * FROM (${sql}) q ORDER BY claim::int`,
    );
    expect(rows.map(({ outcome, amount }) => ({ outcome, amount: amount === null ? null : Number(amount) }))).toEqual(
      expected,
    );
    expect(new Set(rows.map(({ outcome }) => outcome))).toContain("PARTLY_ELIGIBLE");
  });
});
