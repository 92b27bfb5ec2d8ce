import { readFileSync } from "node:fs";
import { join } from "node:path";
import { runInNewContext } from "node:vm";
import { describe, expect, it } from "vitest";
import { useOwnerConnection } from "../../platform/testing/owner-connection.ts";
import type { FactField, FactSource, Facts } from "../facts/source.ts";
import { checkFeel, type Names } from "../feel/check.ts";
import { evaluate } from "../interpret/evaluate.ts";
import { factPlans } from "../interpret/plan.ts";
import { expressionScript } from "../phone/emit.ts";
import * as runtime from "../phone/runtime.ts";
import { RuleEnvironment } from "../runtime/environment.ts";
import type { Compute } from "../runtime/plan.ts";
import { RuleColumns } from "../sql/columns.ts";
import { expressionSql } from "../sql/expression.ts";
import { Unknown } from "../values/unknown.ts";
import { PASSED, REFUSED, TERNARY } from "./kit.ts";
import { factsSql } from "./relations.ts";

const database = useOwnerConnection();

const field = (name: string, column: string): FactField => ({
  name,
  column,
  type: "boolean",
  label: name,
  supplier: "",
  changes: "fixed",
});
const source: FactSource = {
  name: "kit",
  label: "kit",
  sql: "SELECT * FROM ({{rows}}) r",
  key: [{ column: "id", type: "bigint" }],
  subjects: {},
  jurisdictions: {},
  fields: [field("A", "a"), field("B", "b")],
};
const names: Names = new Map(["A", "B"].map((name) => [name, { kind: "fact", type: { kind: "boolean" } }] as const));

/** The value in each engine; null for unknown. */
async function valuesOf(feel: string, facts: Facts): Promise<readonly unknown[]> {
  const { expression, problems } = checkFeel(feel, names, ["boolean", "integer"]);
  expect(problems).toEqual([]);
  const plan = { regionFact: "", facts: factPlans(source), eventDate: () => "2025-01-01", parameters: {} };
  const environment = new RuleEnvironment(plan, facts, { asOf: "2025-06-18" });
  const script = runInNewContext(`(k) => ${expressionScript(expression!)}`) as (k: typeof runtime) => Compute;
  const rule = { source, regionFact: "", eventDate: expression!, parameters: [] };
  const rows = factsSql(source, [{ facts, subjects: {}, claims: [] }]);
  const columns = new RuleColumns(rule, [expression!], { placeholders: { rows }, asOf: "CURRENT_DATE" });
  const read = ["s.id", ...columns.factSelects()].join(", ");
  const found = await database.query<{ value: boolean | string | null }>(
    `SELECT ${expressionSql(expression!, columns)} AS value FROM (SELECT ${read} FROM ${columns.sourceSql()}) t`,
  );
  const inSql = found.rows[0]!.value;
  const known = [evaluate(expression!, environment), script(runtime)(environment)];
  return [
    ...known.map((value) => (value instanceof Unknown ? null : value)),
    typeof inSql === "string" ? Number(inSql) : inSql,
  ];
}

describe("the DMN compatibility kit", () => {
  it.each(PASSED)("$id: $feel is $expected in every engine", async ({ feel, expected }) => {
    expect(await valuesOf(feel, {})).toEqual(Array(3).fill(JSON.parse(expected)));
  });

  it.each(TERNARY)("0106-feel-ternary-logic: of $a and $b, and is $and, or is $or in every engine", async (row) => {
    const facts = { A: row.a, B: row.b };
    expect(await valuesOf("A and B", facts)).toEqual(Array(3).fill(row.and));
    expect(await valuesOf("A or B", facts)).toEqual(Array(3).fill(row.or));
  });

  it.each(REFUSED)("$id: $feel is refused as $expected", ({ feel, expected }) => {
    const { problems } = checkFeel(feel, names, ["boolean", "integer"]);
    expect(problems.map(({ code }) => code)).toContain(expected);
  });

  it("is counted on the page about FEEL as it is here", () => {
    const page = readFileSync(join(import.meta.dirname, "../../../docs/feel.md"), "utf8");
    const testOf = ({ id }: { readonly id: string }) => id.split(" ")[0]!;
    const count = (cases: readonly { readonly id: string }[], test: string) =>
      cases.filter((one) => testOf(one) === test).length;
    const tests = [...new Set([...PASSED, ...REFUSED].map(testOf))].toSorted();
    const line = (name: string, passed: number, refused: number) => [name, passed, refused, passed + refused];
    const counted = [
      ...tests.map((test) => line(test, count(PASSED, test), count(REFUSED, test))),
      line("0106-feel-ternary-logic", 2 * TERNARY.length, 0),
      line("total", PASSED.length + 2 * TERNARY.length, REFUSED.length),
    ];
    const written = [...page.matchAll(/^\| (\d{4}-[\w-]+|total) +\| +(\d+) \| +(\d+) \| +(\d+) \|$/gm)].map(
      ([, name, ...numbers]) => [name, ...numbers.map(Number)],
    );
    const byName = (a: readonly unknown[], b: readonly unknown[]) => String(a[0]).localeCompare(String(b[0]));
    expect(written.toSorted(byName)).toEqual(counted.toSorted(byName));
  });
});
