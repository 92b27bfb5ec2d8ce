import { sql } from "kysely";
import type { Client } from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { registryModule } from "#registry";
import { testRuntime, type TestRuntime } from "../../platform/testing/index.ts";
import { registersTables } from "../../registers/fixtures.ts";
import { addPerson } from "../../registry/fixtures.ts";
import { noClaims } from "../fixtures.ts";
import { DICTIONARIES } from "../facts/index.ts";
import { sharedSource } from "../facts/shared-rows.ts";
import { policyModule } from "../module.ts";
import { CurrentRulebook } from "../versions/rulebook.ts";
import { screenBatch, screenEverything } from "./tasks.ts";

const HOME = "433124110226";
const sources = DICTIONARIES.map(sharedSource);
const claims = {
  ...noClaims(sources),
  sql: `SELECT f.facts->>'key' AS benefit_key, (f.facts->>'day')::date AS event_date, NULL::integer AS months,
    ${Object.entries(noClaims(sources).subjects)
      .map(([name, column]) => (name === "劳动者" ? `f.person_id AS ${column}` : `NULL::bigint AS ${column}`))
      .join(", ")}
    FROM policy.fact_row f WHERE f.source = 'paid'`,
};
const services = { rulebook: new CurrentRulebook(sources), claims };
let runtime: TestRuntime;
let owner: Client;
let personId: string;

/** An introduction that is payable: as the measure's own example has it. */
async function introduce(code: string, region: string, startedOn: string): Promise<void> {
  const facts = {
    agency_kind: "人力资源服务机构",
    agency_qualified: true,
    agency_code: "A1",
    introduced_by: "A1",
    organised: true,
    purchased: true,
    work_county: "440306",
    started_on: startedOn,
  };
  await owner.query(
    "INSERT INTO policy.fact_row (source, code, person_id, facts, region, recorded_on) VALUES ('劳务介绍', $1, $2, $3, $4, '2025-06-18')",
    [code, personId, JSON.stringify(facts), region],
  );
}

async function touch(batchId: string): Promise<void> {
  await owner.query(
    "INSERT INTO registry.change (person_id, entity, entity_key, act, before, after, batch_id, source, reason, home_region) VALUES ($1, 'person', '{}', 'update', '{}', '{}', $2, 1, '', $3)",
    [personId, batchId, HOME],
  );
  await screenBatch(services, { services: runtime, progress: async () => {} }, batchId);
}

interface Kept {
  row_key: string;
  region: string;
  outcome: string;
  amount_fen: string | null;
}
async function kept(): Promise<Kept[]> {
  const rows =
    await sql<Kept>`SELECT r.row_key, r.region, r.outcome, r.amount_fen FROM policy.result r JOIN policy.version v USING (version_id)
    WHERE v.rule_id = 'export-introduction' ORDER BY r.region`.execute(runtime.database.worker);
  return rows.rows;
}

beforeAll(async () => {
  runtime = await testRuntime([registryModule, registersTables, policyModule({ sources, claims })]);
  owner = await runtime.owner();
  const person = await addPerson(owner, runtime, { homeRegion: HOME, birthDate: "1990-03-05" });
  personId = person.personId;
  await owner.query(
    "INSERT INTO registry.person_category (person_id, category, valid_from, home_region, recorded_on, source) VALUES ($1, 'lifted-from-poverty', '2015-01-01', $2, '2025-06-18', 1)",
    [personId, HOME],
  );
});
afterAll(() => runtime.close());

describe("a person whom a batch touched", () => {
  it("is screened by the rules that concern persons", async () => {
    await introduce("J1", "433124", "2024-06-01");
    expect(await kept()).toEqual([]);
    await touch("501");
    expect(await kept()).toEqual([
      { row_key: expect.stringMatching(/^\d+$/) as string, region: "433124", outcome: "ELIGIBLE", amount_fen: "30000" },
    ]);
  });

  it("has one payable introduction a year, whichever county keeps the other", async () => {
    await introduce("J2", "433127", "2024-06-02");
    await touch("502");
    expect((await kept()).map(({ region, outcome }) => [region, outcome])).toEqual([["433124", "ELIGIBLE"]]);
  });

  it("has none when one was paid in that year, and is counted as refused by the limit", async () => {
    await owner.query(
      "INSERT INTO policy.fact_row (source, code, person_id, facts, region, recorded_on) VALUES ('paid', 'P1', $1, $2, '430100', '2025-06-18')",
      [personId, JSON.stringify({ key: "HN-introduction", day: "2024-02-01" })],
    );
    await touch("503");
    expect(await kept()).toEqual([]);
    await screenEverything(services, { services: runtime, progress: async () => {} }, "nightly");
    const tally = await sql<{
      failed: Record<string, number>;
    }>`SELECT t.failed FROM policy.tally t JOIN policy.version v USING (version_id)
      WHERE v.rule_id = 'export-introduction' AND t.outcome = 'NOT_ELIGIBLE' AND t.county = '433124'`.execute(
      runtime.database.worker,
    );
    expect(tally.rows[0]?.failed).toEqual({ "limit-HN-introduction": 1 });
  });
});
