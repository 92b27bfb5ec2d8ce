import type { Client } from "pg";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { identityModule } from "#identity";
import { CurrentRulebook, policyModule, sharedSource, TRAINING_ATTENDANCE, type LoadedCheck } from "#policy";
import { registryModule } from "#registry";
import { testRuntime, type TestRuntime } from "../../platform/testing/index.ts";
import { noClaims } from "../../policy/fixtures.ts";
import { registersTables } from "../../registers/fixtures.ts";
import { addPerson } from "../../registry/fixtures.ts";
import { oversightModule } from "../module.ts";
import { runCheck } from "./reconcile.ts";

const HOME = "433124110226";
const sources = [sharedSource(TRAINING_ATTENDANCE)];
let runtime: TestRuntime;
let owner: Client;
let check: LoadedCheck;
let personId: string;

/** A class of ten days, attended so many. */
async function attend(code: string, days: number, person = personId, county = "433124"): Promise<void> {
  const facts = {
    class_name: "电工班",
    started_on: "2025-03-01",
    class_days: 10,
    days_attended: days,
    overlapping: 0,
    county,
  };
  await owner.query(
    `INSERT INTO policy.fact_row (source, code, person_id, facts, region, recorded_on) VALUES ('培训考勤', $1, $2, $3, $4, '2025-06-18')
     ON CONFLICT (source, code) DO UPDATE SET facts = EXCLUDED.facts`,
    [code, person, JSON.stringify(facts), county],
  );
}

const ask = (asOf = "2025-06-18") => runCheck(runtime.database.worker, check, { scope: { kind: "whole" }, asOf });

interface Kept {
  state: string;
  holds: boolean;
  rows: number;
  closing: string | null;
  due_on: string;
}
const kept = async () =>
  (
    await owner.query<Kept>(
      "SELECT state, holds, rows, closing, due_on::text FROM oversight.finding ORDER BY finding_id",
    )
  ).rows;
const acts = async () =>
  (await owner.query<{ act: string }>("SELECT act FROM oversight.finding_event ORDER BY event_id")).rows.map(
    ({ act }) => act,
  );

beforeAll(async () => {
  const claims = noClaims(sources);
  runtime = await testRuntime([
    registryModule,
    identityModule,
    registersTables,
    policyModule({ sources, claims }),
    oversightModule({ sources }),
  ]);
  owner = await runtime.owner();
  personId = (await addPerson(owner, runtime, { homeRegion: HOME, birthDate: "1990-03-05" })).personId;
  const { checks } = await new CurrentRulebook(sources).get(runtime.database.worker);
  check = checks.find(({ definition }) => definition.id === "training-attendance")!;
});
afterAll(() => runtime.close());
beforeEach(async () => {
  await owner.query("DELETE FROM oversight.finding_event; DELETE FROM oversight.finding; DELETE FROM policy.fact_row");
});

describe("a finding", () => {
  it("is opened once however often it is found, with a term in working days", async () => {
    await attend("K1", 11);
    await ask();
    await ask();
    await ask("2025-06-19");
    expect(await kept()).toEqual([{ state: "found", holds: true, rows: 1, closing: null, due_on: "2025-07-02" }]);
    expect(await acts()).toEqual(["found"]);
  });

  it("is one for a person, however many rows it stands for", async () => {
    await attend("K1", 11);
    await attend("K2", 12);
    await ask();
    expect(await kept()).toMatchObject([{ state: "found", rows: 2 }]);
  });

  it("closes itself, and says so, when it no longer holds; and comes back when it does again", async () => {
    await attend("K1", 11);
    await ask();
    await attend("K1", 10);
    await ask("2025-06-19");
    expect(await kept()).toMatchObject([{ state: "closed", holds: false, closing: "cleared" }]);
    await attend("K1", 13);
    await ask("2025-06-20");
    expect(await kept()).toMatchObject([{ state: "found", holds: true, closing: null }]);
    expect(await acts()).toEqual(["found", "clear", "reappear"]);
  });

  it("stays decided where a person has decided, though it is found again; the page tells that it still holds", async () => {
    await attend("K1", 11);
    await ask();
    await owner.query("UPDATE oversight.finding SET state = 'decided', decision = 'unfounded'");
    await ask("2025-06-20");
    expect(await kept()).toMatchObject([{ state: "decided", holds: true }]);
    await attend("K1", 10);
    await ask("2025-06-21");
    expect(await kept()).toMatchObject([{ state: "decided", holds: false }]);
  });

  it("of whom a batch did not touch is left alone", async () => {
    const other = await addPerson(owner, runtime, { homeRegion: HOME, birthDate: "1991-03-05" });
    await attend("K1", 11);
    await attend("K2", 11, other.personId);
    await ask();
    await attend("K1", 10);
    await attend("K2", 10, other.personId);
    await runCheck(runtime.database.worker, check, {
      scope: { kind: "persons", table: `(SELECT ${personId}::bigint AS person_id) one` },
      asOf: "2025-06-19",
    });
    expect((await kept()).map(({ state }) => state).toSorted()).toEqual(["closed", "found"]);
  });
});
