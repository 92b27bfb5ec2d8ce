import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { useOwnerConnection } from "../../platform/testing/owner-connection.ts";
import type { FactSource } from "../facts/source.ts";
import { LEVELS } from "../format/types.ts";
import { judgeDuty } from "../interpret/duty.ts";
import { figuresOf } from "../interpret/indicator.ts";
import { dutyStatement } from "../sql/duty.ts";
import { indicatorStatement } from "../sql/indicator.ts";
import { drawOf } from "./draws.ts";
import { factsSql } from "./relations.ts";
import { duty, indicator } from "./rules.ts";
import { SITUATIONS } from "./situations.ts";

const database = useOwnerConnection();

const drawsFor = (source: FactSource, situation: string) =>
  fc.sample(drawOf(source, SITUATIONS[situation]!), { numRuns: 1200, seed: 17 }).map((make, index) => make(index));
const over = (source: FactSource) => ({ ...source, sql: "SELECT * FROM ({{rows}}) r" });

describe("a duty", () => {
  it.each([
    [
      "loan-acceptance",
      "startup-loan",
      ["2023-05-15", "2023-06-12", "2023-12-31"],
      "NOT_APPLICABLE NOT_OWED NOT_YET DUE ON_TIME OVERDUE UNKNOWN",
    ],
    [
      "monthly-record",
      "welfare-post-allowance",
      ["2025-04-20", "2025-06-18"],
      "NOT_APPLICABLE NOT_OWED NOT_YET DUE ON_TIME OVERDUE UNKNOWN",
    ],
    [
      "end-recorded",
      "workshop-award",
      ["2025-03-31", "2025-09-30"],
      "NOT_APPLICABLE NOT_OWED NOT_YET DUE ON_TIME OVERDUE UNKNOWN",
    ],
  ])("%s stands alike in PostgreSQL and by the interpreter", async (id, situation, days, outcomes) => {
    const rule = duty(id);
    const draws = drawsFor(rule.source, situation);
    const seen = new Set<string>();
    for (const asOf of days) {
      const sql = dutyStatement(
        { ...rule, source: over(rule.source) },
        { placeholders: { rows: factsSql(rule.source, draws) }, asOf: `DATE '${asOf}'` },
      );
      const { rows } = await database.query<Record<string, string | string[]>>(
        `SELECT outcome, from_date::text, due_date::text, done_on::text, missing_facts, missing_parameters FROM (${sql}) q ORDER BY k0`,
      );
      for (const [index, { facts }] of draws.entries()) {
        const found = judgeDuty(rule, facts, { asOf });
        seen.add(found.outcome);
        expect({ facts, ...rows[index], missing_facts: [...rows[index]!["missing_facts"]!].toSorted() }).toEqual({
          facts,
          outcome: found.outcome,
          from_date: found.from,
          due_date: found.due,
          done_on: found.doneOn,
          missing_facts: found.missingFacts.toSorted(),
          missing_parameters: found.missingParameters,
        });
      }
    }
    expect(seen).toEqual(new Set(outcomes.split(" ")));
  });

  it("is overdue from the day after its last, and on time on that day", () => {
    const rule = duty("loan-acceptance");
    const facts = { ...SITUATIONS["startup-loan"]!.base, "贷款.申请日期": "2023-06-01", "贷款.受理日期": "2023-06-20" };
    const on = (asOf: string, done = "2023-06-20") => judgeDuty(rule, { ...facts, "贷款.受理日期": done }, { asOf });
    expect(on("2023-06-11")).toMatchObject({ outcome: "DUE", due: "2023-06-11", doneOn: null });
    expect(on("2023-06-12")).toMatchObject({ outcome: "OVERDUE", doneOn: null });
    expect(on("2023-06-20")).toMatchObject({ outcome: "OVERDUE", doneOn: "2023-06-20" });
    expect(on("2023-06-20", "2023-06-11")).toMatchObject({ outcome: "ON_TIME", doneOn: "2023-06-11" });
    expect(on("2023-05-31")).toMatchObject({ outcome: "NOT_YET", from: "2023-06-01" });
  });
});

describe("an indicator", () => {
  it.each([
    ["workers", "workshop-award", "2025-09-30"],
    ["loans", "startup-loan", "2023-12-31"],
    ["attendance", "welfare-post-allowance", "2025-06-18"],
    ["posts-now", "welfare-post-allowance", "2025-06-18"],
  ])("%s gives the same figures in PostgreSQL and by the interpreter, at every level", async (id, situation, asOf) => {
    const rule = indicator(id);
    const draws = drawsFor(rule.source, situation);
    for (const level of LEVELS) {
      const sql = indicatorStatement(
        { ...rule, source: over(rule.source) },
        { placeholders: { rows: factsSql(rule.source, draws) }, asOf: `DATE '${asOf}'`, level },
      );
      const { rows } = await database.query<Record<string, string | null>>(sql);
      const found = rows.map(({ value, of, unknown, ...rest }) => ({
        ...rest,
        value: Number(value),
        of: of === null ? null : Number(of),
        unknown: Number(unknown),
      }));
      const expected = figuresOf(
        rule,
        draws.map(({ facts }) => facts),
        { asOf, level },
      );
      expect(found).toEqual(expected);
      expect(expected.some(({ unknown }) => unknown > 0)).toBe(true);
      expect(expected.some(({ value }) => value > 0)).toBe(true);
    }
  });

  it("has its target only for the region it is set for, and never counts what is unknown", () => {
    const rule = indicator("workers");
    const { base } = SITUATIONS["workshop-award"]!;
    const rows = Array.from({ length: 120 }, (_, index) => ({
      ...base,
      "劳动者.脱贫人口": index < 101 ? true : undefined,
      "就业.开始日期": "2025-02-01",
    }));
    const settings = { asOf: "2025-09-30", level: "省" as const };
    expect(figuresOf(rule, rows, settings)).toEqual([
      { area: "620000", period: "2025", value: 101, of: null, unknown: 19, attained: true },
    ]);
    expect(figuresOf(rule, rows.slice(2), settings)[0]).toMatchObject({ value: 99, attained: false });
    expect(figuresOf(rule, rows, { ...settings, level: "县" })[0]).toMatchObject({ area: "621122", attained: null });
  });
});
