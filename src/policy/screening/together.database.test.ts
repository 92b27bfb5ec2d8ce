import { sql } from "kysely";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { registryModule } from "#registry";
import { runnerOf } from "../../platform/db/database.ts";
import { testRuntime, type TestRuntime } from "../../platform/testing/index.ts";
import { addCounty } from "../../registry/fixtures.ts";
import { registersTables } from "../../registers/fixtures.ts";
import { DICTIONARIES } from "../facts/index.ts";
import { sharedSource } from "../facts/shared-rows.ts";
import { noClaims } from "../fixtures.ts";
import { policyModule } from "../module.ts";
import { fillSamples } from "../samples/fill.ts";
import { CurrentRulebook } from "../versions/rulebook.ts";
import { ACTIONABLE, decideRows } from "./run.ts";
import type { ScreeningScope } from "./statement.ts";
import { asOfFor, screenBatch, screenEverything } from "./tasks.ts";

const COUNTY = "433124";
const sources = DICTIONARIES.map(sharedSource);
const none = noClaims(sources);
/** Something was paid to every third person for every benefit that limits count. */
const claims = {
  ...none,
  sql: `SELECT k.benefit_key, (DATE '2025-01-31' - (p.person_id % 400)::int) AS event_date, 1 AS months,
    ${Object.entries(none.subjects)
      .map(([name, column]) => (name === "劳动者" ? `p.person_id AS ${column}` : `NULL::bigint AS ${column}`))
      .join(", ")}
    FROM registry.person p CROSS JOIN (VALUES ('HN-introduction'), ('HN-transport'), ('social-insurance'), ('startup-once')) k(benefit_key) WHERE p.person_id % 3 = 0`,
};
const services = { rulebook: new CurrentRulebook(sources), claims };
let runtime: TestRuntime;

beforeAll(async () => {
  runtime = await testRuntime([registryModule, registersTables, policyModule({ sources, claims })]);
  const owner = await runtime.owner();
  await addCounty(owner, { county: COUNTY, persons: 240, asOf: "2025-06-18" });
  await fillSamples(runtime, services.rulebook);
});
afterAll(() => runtime.close());

const KEPT = "row_key, person_id::text, outcome, amount_fen::text, not_yet::text, unknown, missing_facts";
type Kept = Record<string, unknown>;

/** What one measure says by itself, of the source's own rows. */
async function alone(scope: ScreeningScope): Promise<Map<string, Kept[]>> {
  const { measures } = await services.rulebook.get(runtime.database.worker);
  const found = new Map<string, Kept[]>();
  for (const measure of measures) {
    const rows = await runtime.database.worker.transaction().execute(async (tx) => {
      const run = runnerOf(tx);
      await decideRows(run, measure, claims, { scope, asOf: asOfFor(runtime, measure) });
      const kept = await run.query<Kept>(
        `SELECT ${KEPT.replace("amount_fen", "amount")} FROM decided
         WHERE outcome IN (${ACTIONABLE.map((outcome) => `'${outcome}'`).join(", ")}) AND region IS NOT NULL ORDER BY row_key, outcome`,
      );
      return kept.rows.map(({ amount, ...row }) => ({ ...row, amount_fen: amount }));
    });
    if (measure.definition.amount) found.set(measure.version.path, rows);
  }
  return found;
}

async function together(): Promise<Map<string, Kept[]>> {
  const { measures } = await services.rulebook.get(runtime.database.worker);
  const found = new Map<string, Kept[]>();
  for (const { version, definition } of measures) {
    const kept =
      await sql<Kept>`SELECT ${sql.raw(KEPT)} FROM policy.result WHERE version_id = ${version.version_id} ORDER BY row_key, outcome`.execute(
        runtime.database.worker,
      );
    if (definition.amount) found.set(version.path, kept.rows);
  }
  return found;
}

/** The rows of keys that stand once: of several under one key any may be kept. */
const unique = (rows: readonly Kept[]) =>
  [...Map.groupBy(rows, ({ row_key }) => row_key).values()].filter((of) => of.length === 1).flat();

describe("measures over what was gathered once", () => {
  it("say what each says alone", async () => {
    const expected = await alone({ kind: "whole" });
    await screenEverything(services, { services: runtime, progress: async () => {} }, "asked");
    const found = await together();
    expect([...expected.values()].flat().length).toBeGreaterThan(1000);
    for (const [path, rows] of expected) {
      const own = new Set(unique(rows).map(({ row_key }) => row_key));
      expect(
        found.get(path)!.filter(({ row_key }) => own.has(row_key)),
        path,
      ).toEqual(unique(rows));
    }
  });

  it("leave everything as it was when a batch touched persons whose facts are the same", async () => {
    const before = await together();
    await sql`INSERT INTO registry.change (person_id, entity, entity_key, act, before, after, batch_id, source, reason, home_region)
      SELECT person_id, 'person', '{}', 'update', '{}', '{}', 601, 1, '', home_region FROM registry.person WHERE person_id % 2 = 0`.execute(
      runtime.database.worker,
    );
    await sql`DELETE FROM policy.result WHERE person_id % 4 = 0`.execute(runtime.database.worker);
    await screenBatch(services, { services: runtime, progress: async () => {} }, "601");
    const after = await together();
    for (const [path, rows] of before) {
      const keys = (of: readonly Kept[]) => unique(of).map(({ row_key }) => row_key);
      expect(keys(after.get(path)!), path).toEqual(keys(rows));
    }
  });
});
