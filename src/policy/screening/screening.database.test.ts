import { sql } from "kysely";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { registryModule } from "#registry";
import { runnerOf } from "../../platform/db/database.ts";
import { testRuntime, type TestRuntime } from "../../platform/testing/index.ts";
import { registersTables } from "../../registers/fixtures.ts";
import { addCounty } from "../../registry/fixtures.ts";
import { DICTIONARIES } from "../facts/index.ts";
import { noClaims } from "../fixtures.ts";
import { sharedSource } from "../facts/shared-rows.ts";
import { policyModule } from "../module.ts";
import { CurrentRulebook } from "../versions/rulebook.ts";
import { decideRows } from "./run.ts";
import { screenEverything } from "./tasks.ts";

const sources = DICTIONARIES.map(sharedSource);
const claims = noClaims(sources);
let runtime: TestRuntime;
const rulebook = new CurrentRulebook(sources);

beforeAll(async () => {
  runtime = await testRuntime([registryModule, registersTables, policyModule({ sources, claims })]);
  const owner = await runtime.owner();
  await addCounty(owner, { county: "433124", persons: 200, asOf: "2025-06-18" });
});
afterAll(() => runtime.close());

describe("the shipped rulebook", () => {
  it("is in the database and fits the facts", async () => {
    const book = await rulebook.get(runtime.database.worker);
    expect(book.library.problems).toEqual([]);
    expect(book.measures.length).toBeGreaterThan(70);
    expect(book.measures.flatMap(({ problems }) => problems)).toEqual([]);
  });

  it("runs as SQL, every measure of it", async () => {
    const book = await rulebook.get(runtime.database.worker);
    for (const measure of book.measures) {
      const counts = await runtime.database.worker
        .transaction()
        .execute((tx) => decideRows(runnerOf(tx), measure, claims, { scope: { kind: "whole" }, asOf: "2025-06-18" }));
      expect(counts, measure.version.path).toEqual([]);
    }
  });

  it("screens everything", async () => {
    await screenEverything({ rulebook, claims }, { services: runtime, progress: async () => {} }, "asked");
    const kept = await sql<{ n: string }>`SELECT count(*) AS n FROM policy.screening`.execute(runtime.database.worker);
    expect(Number(kept.rows[0]!.n)).toBeGreaterThan(70);
  });
});
