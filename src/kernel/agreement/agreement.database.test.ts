import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { useOwnerConnection } from "../../platform/testing/owner-connection.ts";
import { planOf } from "../interpret/plan.ts";
import { joinParts } from "../interpret/together.ts";
import type { Facts } from "../facts/source.ts";
import { decide } from "../runtime/decide.ts";
import { checkedByInterpreter, checkedByScript, checkedBySql } from "./check-engines.ts";
import { claimStatement } from "../sql/claim.ts";
import { drawOf } from "./draws.ts";
import { interpreted, screened, statementOver } from "./engines.ts";
import { claimsRelation, factsSql } from "./relations.ts";
import { check, CHECKS, measure, MEASURES } from "./rules.ts";
import { SITUATIONS } from "./situations.ts";

const DRAWS = Number(process.env["KERNEL_DRAWS"] ?? "1500");
const database = useOwnerConnection();

describe("PostgreSQL and the interpreter", () => {
  it.each(MEASURES)("agree on %s, and every outcome comes up", async (id) => {
    const rule = measure(id);
    const situation = SITUATIONS[id]!;
    const draws = fc
      .sample(drawOf(rule.source, situation), { numRuns: DRAWS, seed: 20_210_726 })
      .map((make, index) => make(index));
    const questions = draws.map((draw) => ({ ...draw, asOf: situation.asOf }));
    const expected = interpreted(rule, questions);
    const found = await screened(database, rule, draws, situation.asOf);
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
    const expected = checkedByInterpreter(rule, draws, asOf);
    expect(checkedByScript(rule, draws, asOf)).toEqual(expected);
    expect(await checkedBySql(database, rule, draws, asOf)).toEqual(expected);
    for (const outcome of ["COMPLIANT", "WARNING", "VIOLATION", "UNKNOWN", "NOT_APPLICABLE"])
      expect(expected.filter((answer) => answer.outcome === outcome).length / draws.length, outcome).toBeGreaterThan(
        0.05,
      );
  });

  it("say what a row was decided on, so that the same can be decided again", async () => {
    const rule = measure("enterprise-insurance");
    const { asOf } = SITUATIONS["enterprise-insurance"]!;
    const draws = fc
      .sample(drawOf(rule.source, SITUATIONS["enterprise-insurance"]!), { numRuns: 400, seed: 8 })
      .map((make, index) => make(index));
    const sql = statementOver(rule, draws, asOf, { withFacts: true });
    const { rows } = await database.query<{ facts: Facts | null; outcome: string }>(
      `SELECT facts, outcome FROM (${sql}) q ORDER BY k0`,
    );
    const kept = draws.flatMap((draw, index) => {
      const { facts } = rows[index]!;
      return facts ? [{ first: { ...draw, asOf }, again: { ...draw, facts, asOf } }] : [];
    });
    expect(
      interpreted(
        rule,
        kept.map(({ again }) => again),
      ),
    ).toEqual(
      interpreted(
        rule,
        kept.map(({ first }) => first),
      ),
    );
    // What is refused is not kept, and nothing is gathered for it.
    expect(rows.filter(({ facts }) => facts === null).every(({ outcome }) => outcome === "NOT_ELIGIBLE")).toBe(true);
    expect(kept.length).toBe(rows.filter(({ outcome }) => outcome !== "NOT_ELIGIBLE").length);
    expect(Object.keys(kept[0]!.again.facts)).toContain("参保.月缴费");
  });

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
        claims: claimsRelation(rule.source, draws),
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
