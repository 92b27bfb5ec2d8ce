import { runInNewContext } from "node:vm";
import type { Client } from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { connectOwner } from "../../platform/db/database.ts";
import { startTestServer } from "../../platform/testing/index.ts";
import { checkFeel } from "../feel/check.ts";
import { evaluate } from "../interpret/evaluate.ts";
import { expressionScript } from "../phone/emit.ts";
import * as runtime from "../phone/runtime.ts";
import { RuleEnvironment } from "../runtime/environment.ts";
import type { Compute } from "../runtime/plan.ts";
import { RuleColumns } from "../sql/columns.ts";
import { expressionSql } from "../sql/expression.ts";
import { SOURCE } from "./expressions.ts";
import { PASSED, REFUSED } from "./kit.ts";

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

const plan = { regionFact: "区划", facts: {}, eventDate: () => "2025-01-01", parameters: {} };
const environment = new RuleEnvironment(plan, {}, { asOf: "2025-06-18" });

describe("the DMN compatibility kit", () => {
  it.each(PASSED)("$id: $feel is $expected in every engine", async ({ feel, expected }) => {
    const { expression, problems } = checkFeel(feel, new Map(), ["boolean"]);
    expect(problems).toEqual([]);
    const columns = new RuleColumns(
      { source: SOURCE, regionFact: "区划", eventDate: expression!, parameters: [] },
      [],
      { placeholders: {}, asOf: "CURRENT_DATE" },
    );
    const { rows } = await database.query<{ value: boolean }>(`SELECT ${expressionSql(expression!, columns)} AS value`);
    const script = runInNewContext(`(k) => ${expressionScript(expression!)}`) as (k: typeof runtime) => Compute;
    expect([evaluate(expression!, environment), script(runtime)(environment), rows[0]!.value]).toEqual(
      Array(3).fill(expected === "true"),
    );
  });

  it.each(REFUSED)("$id: $feel is refused as $expected", ({ feel, expected }) => {
    const { problems } = checkFeel(feel, new Map(), ["boolean"]);
    expect(problems.map(({ code }) => code)).toContain(expected);
  });
});
