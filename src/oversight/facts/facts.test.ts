import type { Client } from "pg";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { modules } from "../../app.ts";
import { testRuntime, type TestRuntime } from "../../platform/testing/index.ts";
import { columnsGiven, columnsPromised, rowsOf } from "../../policy/fixtures.ts";
import { addEmployment, addPerson, insert } from "../../registry/fixtures.ts";
import { oversightFacts } from "./index.ts";

const AS_OF = "2025-06-18";
const STANDARD = "village-post-allowance/430000:岗位补贴标准";
let runtime: TestRuntime;
let owner: Client;

beforeAll(async () => {
  runtime = await testRuntime(modules, { businessDate: AS_OF });
  owner = await runtime.owner();
  await owner.query("CREATE TEMP TABLE test_help (person_id bigint, given_on date)");
});
afterAll(() => runtime?.close());

const facts = oversightFacts([
  { label: "测试帮扶", rows: "SELECT person_id, given_on, NULL::text AS detail FROM test_help" },
]);
const source = (name: string) => facts.find((one) => one.name === name)!;

it.each(facts.map((one) => [one.name, one] as const))(
  "%s has the columns that its dictionary promises",
  async (_, one) => {
    expect(await columnsGiven(owner, one)).toMatchObject(columnsPromised(one));
  },
);

describe("市州标准", () => {
  beforeEach(() => owner.query("DELETE FROM policy.setting"));

  const set = (given: Record<string, unknown>) =>
    insert(owner, "policy.setting", {
      parameter: STANDARD,
      region: "433100",
      valid_from: "2024-01-01",
      document: "测试文件",
      set_by_name: "测试",
      ...given,
    });
  const standard = async () =>
    (await rowsOf(owner, source("市州标准"), AS_OF)).find(
      (row) => row["prefecture"] === "4331" && row["standard"] === "乡村公益性岗位补贴标准",
    );
  const taken = { value: "80000", set_at: "2024-01-05", removed_at: "2025-03-01", removed_by_name: "测试" };

  it("is unchanged where a new one holds from its own day on", async () => {
    await set({ value: "80000", set_at: "2023-12-20", valid_to: "2025-04-30" });
    await set({ value: "90000", set_at: "2025-03-20", valid_from: "2025-05-01" });
    expect(await standard()).toMatchObject({ is_set: true, changed: false });
  });

  it("is changed where one in force was taken down and another put in its place for days before", async () => {
    await set(taken);
    await set({ value: "90000", set_at: "2025-03-02" });
    expect(await standard()).toMatchObject({ is_set: true, changed: true });
  });

  it.each([
    ["never came into force", { ...taken, valid_from: "2025-04-01" }, { value: "90000", set_at: "2025-03-02" }],
    ["was replaced for the days to come", taken, { value: "90000", set_at: "2025-03-02", valid_from: "2025-04-01" }],
    ["was written anew as it was", taken, { value: "80000", set_at: "2025-03-02" }],
  ])("is unchanged where one %s", async (_, before, after) => {
    await set(before);
    await set(after);
    expect(await standard()).toMatchObject({ changed: false });
  });
});

it("务工记录 says whether the person's needs are known", async () => {
  const known = await addPerson(owner, runtime, {
    homeRegion: "622927101201",
    columns: { job_willing: false, training_willing: true },
  });
  const half = await addPerson(owner, runtime, { homeRegion: "622927101201", columns: { job_willing: true } });
  for (const person of [known, half])
    await addEmployment(owner, person, { employerName: "测试厂", startDate: "2025-01-01", endDate: null });
  const rows = await rowsOf(owner, source("务工记录"), AS_OF);
  const needs = (id: string) => rows.find((row) => String(row["person_id"]) === id)?.["needs_known"];
  expect([needs(known.personId), needs(half.personId)]).toEqual([true, false]);
});

describe("监测对象帮扶", () => {
  const stages = async (personId: string) =>
    (await rowsOf(owner, source("监测对象帮扶"), AS_OF)).find((row) => String(row["person_id"]) === personId);
  const monitored = async (columns: Record<string, string | boolean | null> = {}) => {
    const person = await addPerson(owner, runtime, { homeRegion: "622927101201", columns });
    await insert(owner, "registry.person_category", {
      person_id: person.personId,
      category: "monitored",
      valid_from: "2025-05-01",
      home_region: "622927101201",
      source: 1,
      recorded_on: AS_OF,
    });
    return person;
  };

  it("says the first help and the first work since the person was found", async () => {
    const person = await monitored();
    for (const day of ["2025-04-20", "2025-06-02", "2025-05-20"])
      await insert(owner, "test_help", { person_id: person.personId, given_on: day });
    await addEmployment(owner, person, { employerName: "测试厂", startDate: "2025-01-01", endDate: "2025-04-30" });
    await addEmployment(owner, person, { employerName: "另一厂", startDate: "2025-06-10", endDate: null });
    expect(await stages(person.personId)).toMatchObject({
      found_on: "2025-05-01",
      helped_on: "2025-05-20",
      worked_on: "2025-06-10",
      unable: false,
    });
  });

  it("says that nothing happened, and who cannot work", async () => {
    const person = await monitored({ labour_capacity: "lost" });
    expect(await stages(person.personId)).toMatchObject({ helped_on: null, worked_on: null, unable: true });
  });
});

it("疑似一人两档 says of each county's own record what became of the pair", async () => {
  const [here, there] = [
    await addPerson(owner, runtime, { homeRegion: "433124110226", columns: {} }),
    await addPerson(owner, runtime, { homeRegion: "622927101201", columns: {} }),
  ];
  const pair = async (key: string, given: Record<string, unknown>) => {
    const { rows } = await owner.query<{ pair_id: string }>(
      `INSERT INTO duplicates.pair (pair_key, kind, score, reasons, band, across, state, facts, raised_on, due_on)
       VALUES ($1, 'duplicate', 92, '{}', $2, true, $3, $1, '2025-05-20', '2025-06-10') RETURNING pair_id`,
      [key, given["band"] ?? "likely", given["state"] ?? "open"],
    );
    for (const one of [here, there])
      await insert(owner, "duplicates.side", {
        pair_id: rows[0]!.pair_id,
        person_id: one.personId,
        other_county: "000000",
      });
  };
  await pair("00000000-0000-0000-0000-000000000001", {});
  await pair("00000000-0000-0000-0000-000000000002", { state: "different", band: "possible" });
  await pair("00000000-0000-0000-0000-000000000003", { state: "withdrawn" });
  const rows = await rowsOf(owner, source("疑似一人两档"), AS_OF);
  expect(
    rows
      .filter((row) => String(row["person_id"]) === here.personId)
      .map((row) => [row["home_county"], row["likely"], row["settled"], row["due_on"]]),
  ).toEqual([
    ["433124", true, false, "2025-06-10"],
    ["433124", false, true, "2025-06-10"],
  ]);
});
