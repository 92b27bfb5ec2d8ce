import fc from "fast-check";
import { evaluate as feelin } from "feelin";
import { describe, expect, it } from "vitest";
import { useOwnerConnection } from "../../platform/testing/owner-connection.ts";
import type { Facts } from "../facts/source.ts";
import type { Expression } from "../feel/ast.ts";
import { checkFeel } from "../feel/check.ts";
import { evaluate } from "../interpret/evaluate.ts";
import { factPlans } from "../interpret/plan.ts";
import { RuleEnvironment } from "../runtime/environment.ts";
import { blame } from "../sql/blame.ts";
import { RuleColumns } from "../sql/columns.ts";
import { expressionSql } from "../sql/expression.ts";
import { any, literal } from "../sql/text.ts";
import { Unknown } from "../values/unknown.ts";
import { expressionsOf, NAMES, rowsOf, SOURCE } from "./expressions.ts";
import { factsSql } from "./relations.ts";

const database = useOwnerConnection();

const KINDS = ["boolean", "integer", "date", "text"] as const;
const SAMPLES = Number(process.env["KERNEL_EXPRESSIONS"] ?? "120");
const event: Expression = { op: "literal", type: { kind: "date" }, value: "2025-01-01", from: 0, to: 0 };
const COUNTINGS = ["first-day-counts", "civil-code"] as const;
type Counting = (typeof COUNTINGS)[number];

function parsed(source: string, kind: string): Expression {
  const { expression, problems } = checkFeel(source, NAMES, [kind as "boolean"]);
  if (!expression) throw new Error(`${source}: ${JSON.stringify(problems)}`);
  return expression;
}

function interpret(expression: Expression, facts: Facts, monthCounting: Counting) {
  const plan = { regionFact: "区划", facts: factPlans(SOURCE), eventDate: () => "2025-01-01", parameters: {} };
  const value = evaluate(expression, new RuleEnvironment(plan, facts, { asOf: "2025-06-18", monthCounting }));
  if (!(value instanceof Unknown)) return { value: JSON.stringify(value).replaceAll('"', ""), facts: [], reasons: [] };
  return { value: null, facts: value.facts.toSorted(), reasons: value.reasons.toSorted() };
}

async function inSql(expressions: readonly Expression[], rows: readonly Facts[], monthCounting: Counting) {
  const columns = new RuleColumns(
    { source: SOURCE, regionFact: "区划", eventDate: event, parameters: [] },
    expressions,
    {
      placeholders: {
        rows: factsSql(
          SOURCE,
          rows.map((facts) => ({ facts, subjects: {}, claims: [] })),
        ),
      },
      asOf: "DATE '2025-06-18'",
      monthCounting,
    },
  );
  const results = [];
  for (const expression of expressions) {
    const sql = expressionSql(expression, columns);
    const list = (kind: string) => {
      const found = blame(expression, columns).filter((one) => one.kind === kind);
      const named = [...Map.groupBy(found, ({ name }) => name)].map(
        ([name, of]) => `CASE WHEN ${any(of.map(({ guard }) => guard))} THEN ${literal(name)} END`,
      );
      return named.length === 0 ? "'{}'::text[]" : `array_remove(ARRAY[${named.join(",")}]::text[], NULL)`;
    };
    const text =
      expression.type.kind === "boolean"
        ? `CASE ${sql} WHEN true THEN 'true' WHEN false THEN 'false' END`
        : `(${sql})::text`;
    const statement = `WITH facts AS (SELECT s.id, ${columns.factSelects().join(", ")} FROM ${columns.sourceSql()} OFFSET 0)
      SELECT v AS value, CASE WHEN v IS NULL THEN facts ELSE '{}' END AS facts, CASE WHEN v IS NULL THEN reasons ELSE '{}' END AS reasons
      FROM (SELECT id, ${text} AS v, ${list("fact")} AS facts, ${list("reason")} AS reasons FROM facts) t ORDER BY id`;
    const { rows: answers } = await database.query<{ value: string | null; facts: string[]; reasons: string[] }>(
      statement,
    );
    results.push(
      answers.map(({ value, facts, reasons }) => ({ value, facts: facts.toSorted(), reasons: reasons.toSorted() })),
    );
  }
  return results;
}

describe("any expression of the subset", () => {
  it.each(KINDS.flatMap((kind) => COUNTINGS.map((counting) => [kind, counting] as const)))(
    "of kind %s is the same in PostgreSQL, with %s",
    async (kind, counting) => {
      const sources = fc.sample(expressionsOf(kind, 3, false), { numRuns: SAMPLES, seed: 11 });
      const rows = fc.sample(rowsOf(false), { numRuns: 60, seed: 12 }) as Facts[];
      const expressions = sources.map((source) => parsed(source, kind));
      const found = await inSql(expressions, rows, counting);
      for (const [index, expression] of expressions.entries())
        for (const [row, facts] of rows.entries())
          expect({ source: sources[index], given: facts, ...found[index]![row] }).toEqual({
            source: sources[index],
            given: facts,
            ...interpret(expression, facts, counting),
          });
    },
  );

  it("is what another implementation of FEEL makes of it, where every fact is known", () => {
    const sources = fc.sample(
      fc.oneof(expressionsOf("boolean", 3, true), expressionsOf("integer", 3, true), expressionsOf("text", 2, true)),
      { numRuns: 600, seed: 13 },
    );
    const rows = fc.sample(rowsOf(true), { numRuns: 12, seed: 14 }) as Facts[];
    let compared = 0;
    for (const source of sources) {
      const { expression } = checkFeel(source, NAMES, ["boolean", "integer", "text"]);
      for (const facts of rows) {
        const { value, reasons } = interpret(expression!, facts, "first-day-counts");
        // An empty sum or an overflow: we refuse to compute on, the standard goes on with null.
        if (reasons.length > 0) continue;
        const context = { ...facts, 物: { 数: facts["物.数"] } };
        expect({ source, facts, value }).toEqual({ source, facts, value: String(feelin(source, context).value) });
        compared += 1;
      }
    }
    expect(compared).toBeGreaterThan(0.8 * sources.length * rows.length);
  });
});
