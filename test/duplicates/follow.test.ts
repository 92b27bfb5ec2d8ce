import type { Client } from "pg";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { modules } from "../../src/app.ts";
import { emit } from "../../src/platform/tasks/queue.ts";
import { drainQueue } from "../../src/platform/tasks/worker.ts";
import { testRuntime, type TestRuntime } from "../../src/platform/testing/index.ts";
import { insert } from "../../src/registry/fixtures.ts";
import { addLife, merge, unmerge, type Life } from "./world.ts";

const LIFE: Life = { spells: [], categories: [0], months: [], classes: [], benefits: [] };
const MEASURE = "policies/measures/transport-allowance/430000.yaml";
const CHECK = "policies/checks/introduction-twice/430000.yaml";
let runtime: TestRuntime;
let owner: Client;
let made = 0;

beforeAll(async () => {
  runtime = await testRuntime(modules, { businessDate: "2025-06-18" });
  owner = await runtime.owner();
  for (const [name, forCase, value] of [
    ["当地安排", null, true],
    ["交通补助标准", "省外", 30_000],
  ] as const)
    await insert(owner, "policy.setting", {
      parameter: `transport-allowance/430000:${name}`,
      region: "430000",
      for_case: forCase,
      value: JSON.stringify(value),
      valid_from: "2020-01-01",
      document: "测试文件",
      set_by_name: "测试",
    });
});
afterAll(() => runtime?.close());
beforeEach(() => owner.query("TRUNCATE oversight.finding, policy.fact_row CASCADE"));

const work = () => drainQueue(runtime, modules);
const person = async (benefits: readonly number[] = []) =>
  (await addLife(owner, runtime, { ...LIFE, benefits })).personId;

/** A stay away for work in 2024 for which the allowance of the year is due. */
const workAway = (personId: string) =>
  insert(owner, "policy.fact_row", {
    source: "外出务工",
    code: `外出${(made += 1)}`,
    person_id: personId,
    facts: JSON.stringify({ destination: "省外", started_on: "2024-08-01", meets_cited: true }),
    region: "433124",
    recorded_on: "2025-06-18",
  });

const introduced = (personId: string) =>
  insert(owner, "subsidies.past_benefit", {
    code: `介绍付款${(made += 1)}`,
    benefit: "劳务输出就业创业服务补助",
    person_id: personId,
    event_date: `2024-05-${String((made % 28) + 1).padStart(2, "0")}`,
    amount_fen: 30_000,
    region: "433124",
    recorded_on: "2025-05-20",
  });

/** As when something of them had changed: screened and checked by what the rulebook and oversight have subscribed to. */
async function ask(...personIds: string[]): Promise<void> {
  await emit(runtime.database.worker, "duplicates.merged", { personIds });
  await work();
}

const resultsOf = async (personId: string) =>
  (
    await owner.query<{ outcome: string }>(
      "SELECT outcome FROM policy.result r JOIN policy.version v USING (version_id) WHERE v.path = $1 AND r.person_id = $2",
      [MEASURE, personId],
    )
  ).rows.map(({ outcome }) => outcome);

interface Case {
  id: string;
  person: string;
  key: string;
  state: string;
  holds: boolean;
  decision: string | null;
}
const cases = async () =>
  (
    await owner.query<Case>(
      `SELECT finding_id AS id, person_id::text AS person, subject_key AS key, state, holds, decision FROM oversight.finding WHERE rule_path = $1 ORDER BY finding_id`,
      [CHECK],
    )
  ).rows;

describe("what was screened of two records that are made one", () => {
  it("counts what was paid to either, leaves nothing of the record that is gone, and is as before when they are parted", async () => {
    const [a, b] = [await person(), await person([1])];
    await workAway(a);
    await ask(a, b);
    expect(await resultsOf(a)).toEqual(["ELIGIBLE"]);
    const id = await merge(runtime, owner, a, b);
    await work();
    expect([await resultsOf(a), await resultsOf(b)]).toEqual([[], []]);
    await unmerge(runtime, id);
    await work();
    expect([await resultsOf(a), await resultsOf(b)]).toEqual([["ELIGIBLE"], []]);
  });

  it("goes with the facts to whoever has them", async () => {
    const [a, b] = [await person(), await person()];
    await workAway(b);
    await ask(a, b);
    const id = await merge(runtime, owner, a, b);
    await work();
    expect([await resultsOf(a), await resultsOf(b)]).toEqual([["ELIGIBLE"], []]);
    await unmerge(runtime, id);
    await work();
    expect([await resultsOf(a), await resultsOf(b)]).toEqual([[], ["ELIGIBLE"]]);
  });
});

describe("a case of a record that is made one with another", () => {
  it("follows it with its history and goes back with it", async () => {
    const [a, b] = [await person(), await person()];
    await introduced(b);
    await introduced(b);
    await ask(b);
    const [found] = await cases();
    expect(found).toMatchObject({ person: b, state: "found", holds: true });
    await owner.query(
      "UPDATE oversight.finding SET state = 'assigned', officer_name = '石建华' WHERE finding_id = $1",
      [found!.id],
    );
    const id = await merge(runtime, owner, a, b);
    await work();
    expect(await cases()).toEqual([{ ...found, person: a, state: "assigned" }]);
    await unmerge(runtime, id);
    await work();
    expect(await cases()).toEqual([{ ...found, person: b, state: "assigned" }]);
    const events = await owner.query("SELECT act FROM oversight.finding_event WHERE finding_id = $1", [found!.id]);
    expect(events.rows).toEqual([{ act: "found" }]);
  });

  it("is opened by what the two have together, and closes when they are parted", async () => {
    const [a, b] = [await person(), await person()];
    await introduced(a);
    await introduced(b);
    await ask(a, b);
    expect(await cases()).toEqual([]);
    const id = await merge(runtime, owner, a, b);
    await work();
    expect(await cases()).toMatchObject([{ person: a, state: "found", holds: true }]);
    await unmerge(runtime, id);
    await work();
    expect(await cases()).toMatchObject([{ person: a, state: "closed", holds: false }]);
  });

  it("stays beside the survivor's own of the same check, with what was decided on it", async () => {
    const [a, b] = [await person(), await person()];
    for (const one of [a, a, b, b]) await introduced(one);
    await ask(a, b);
    const before = await cases();
    const [own, other] = [before.find((one) => one.person === a)!, before.find((one) => one.person === b)!];
    await owner.query(
      "UPDATE oversight.finding SET state = 'decided', decision = 'confirmed', decided_by_name = '石建华' WHERE finding_id = $1",
      [other.id],
    );
    const id = await merge(runtime, owner, a, b);
    await work();
    const together = await cases();
    expect(together.find((one) => one.id === own.id)).toEqual(own);
    expect(together.find((one) => one.id === other.id)).toEqual({
      ...other,
      person: a,
      key: `${other.key}~${other.id}`,
      state: "decided",
      decision: "confirmed",
      holds: false,
    });
    await unmerge(runtime, id);
    await work();
    expect(await cases()).toEqual(
      before.map((one) => (one.id === other.id ? { ...one, state: "decided", decision: "confirmed" } : one)),
    );
  });
});
