import type { Client } from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { testRuntime, type TestRuntime } from "../../platform/testing/index.ts";
import { employerKey } from "../employers/names.ts";
import { addEmployment, addPerson, ask, callerIn, insert, recordingGate, type AddedPerson } from "../fixtures.ts";
import { getHousehold } from "../households/contract.ts";
import { registryModule } from "../module.ts";
import { find, listPersons } from "./contract.ts";
import { getPerson } from "./page-contract.ts";

const VILLAGE = "433124110226";
let runtime: TestRuntime;
let owner: Client;
let old: AddedPerson;
let young: AddedPerson;
const gate = recordingGate();
const clerk = callerIn("433124");

beforeAll(async () => {
  runtime = await testRuntime([registryModule], { businessDate: "2025-06-18" });
  owner = await runtime.owner();
  await insert(owner, "registry.household", {
    household_id: "9223372036854775000",
    household_no: "433124001",
    head_name: "石测甲",
    home_region: VILLAGE,
    recorded_on: "2025-05-20",
    source: 2,
    kind: "lifted-from-poverty",
  });
  old = await addPerson(owner, runtime, {
    name: "石测甲",
    homeRegion: VILLAGE,
    birthDate: "1965-06-18",
    householdId: "9223372036854775000",
    phone: "13800001234",
    columns: { work_state: "working", labour_capacity: "ordinary", job_willing: true, relation_to_head: "户主" },
  });
  young = await addPerson(owner, runtime, {
    name: "石测乙",
    homeRegion: "433124110227",
    birthDate: "2009-06-19",
    phone: "13900001234",
    householdId: "9223372036854775000",
    columns: { work_state: "idle", labour_capacity: "none", job_willing: false },
  });
  await addPerson(owner, runtime, {
    name: "阿测丙",
    homeRegion: "433124",
    phone: null,
    columns: { life_state: "deceased" },
  });
  const row = { home_region: VILLAGE, recorded_on: "2025-05-20", source: 2 };
  await insert(owner, "registry.person_category", {
    ...row,
    person_id: old.personId,
    category: "lifted-from-poverty",
    valid_from: "2018-12-20",
  });
  await insert(owner, "registry.person_category", {
    ...row,
    person_id: old.personId,
    category: "monitored",
    valid_from: "2022-01-01",
    valid_to: "2024-01-31",
  });
  await addEmployment(owner, old, { employerName: "东莞锦达电子有限公司", columns: { monthly_wage_fen: 520000 } });
  const wage = { ...row, person_id: old.personId, employer_name: "东莞锦达电子有限公司", source: 6 };
  await insert(owner, "registry.wage_month", {
    ...wage,
    employer_key: employerKey("东莞锦达电子有限公司"),
    month: "2025-04-01",
    amount_fen: 518000,
    paid_on: "2025-05-10",
  });
  await insert(owner, "registry.wage_month", {
    ...wage,
    employer_key: employerKey("东莞锦达电子有限公司"),
    month: "2025-03-01",
    amount_fen: 510000,
  });
});
afterAll(() => runtime.close());

describe("the list of persons", () => {
  const names = async (filter: Parameters<typeof ask<typeof listPersons>>[4]) =>
    (await ask(runtime, gate, clerk, listPersons, filter)).rows.map((row) => row.name);

  it.each([
    [{}, ["石测甲", "石测乙"]],
    [{ name: "测乙" }, ["石测乙"]],
    [{ region: VILLAGE }, ["石测甲"]],
    [{ categories: "lifted-from-poverty" }, ["石测甲"]],
    [{ categories: "monitored" }, []],
    [{ categories: "monitored,lifted-from-poverty" }, ["石测甲"]],
    [{ workStates: "idle,to-verify" }, ["石测乙"]],
    [{ labourCapacities: "ordinary,skilled" }, ["石测甲"]],
    [{ jobWilling: "yes" }, ["石测甲"]],
    [{ trainingWilling: "unset" }, ["石测甲", "石测乙"]],
    [{ ageFrom: "60" }, ["石测甲"]],
    [{ ageTo: "15" }, ["石测乙"]],
    [{ ageFrom: "16", ageTo: "59" }, []],
    [{ sort: "age" }, ["石测乙", "石测甲"]],
    [{ sort: "age", descending: "true" }, ["石测甲", "石测乙"]],
    [{ sort: "name" }, ["石测甲", "石测乙"]],
    [{ size: 1, page: 2 }, ["石测乙"]],
  ] as const)("with %j shows %j", async (filter, expected) => {
    expect(await names(filter)).toEqual(expected);
  });

  it("shows masks, categories of the day and the current workplace", async () => {
    const { rows } = await ask(runtime, gate, clerk, listPersons, { region: VILLAGE });
    expect(rows[0]).toMatchObject({
      age: 60,
      phoneMask: "138****1234",
      categories: ["lifted-from-poverty"],
      employerName: "东莞锦达电子有限公司",
      workRegion: { code: "441900" },
      home: { name: "双龙镇 十八洞村" },
    });
    expect(rows[0]!.identityMask).toMatch(/^433124\*{8}\d{3}[\dX]$/);
    expect(JSON.stringify(rows)).not.toContain(old.identity);
  });

  it("finds by name, by village, by both, by number with its flaws, by phone and its tail", async () => {
    const search = (text: string) => ask(runtime, gate, clerk, find, { text });
    expect((await search("石测")).persons.map((hit) => hit.name)).toEqual(["石测甲", "石测乙"]);
    expect((await search("十八洞")).regions.map((hit) => hit.code)).toContain(VILLAGE);
    expect((await search("石测 十八洞")).persons.map((hit) => hit.name)).toEqual(["石测甲"]);
    expect((await search("十八洞 石测甲")).persons.map((hit) => hit.name)).toEqual(["石测甲"]);
    const spaced = `${old.identity.slice(0, 6)} ${old.identity.slice(6, 14)} ${old.identity.slice(14).toLowerCase()}`;
    expect(await search(spaced)).toMatchObject({ readAs: "identity", persons: [{ personId: old.personId }] });
    expect(await search("139-0000-1234")).toMatchObject({ readAs: "phone", persons: [{ personId: young.personId }] });
    expect((await search("1234")).persons).toHaveLength(2);
    gate.entries.length = 0;
    await search(old.identity.slice(0, 17));
    expect(JSON.stringify(gate.entries)).not.toContain(old.identity.slice(6, 14));
  });
});

describe("pages", () => {
  it("shows the household with its head first, whatever the size of its id", async () => {
    const page = await ask(runtime, gate, clerk, getHousehold, { householdId: "9223372036854775000" });
    expect(page.members.map((member) => member.name)).toEqual(["石测甲", "石测乙"]);
  });

  it("says of each value where it comes from and what others said", async () => {
    const page = await ask(runtime, gate, clerk, getPerson, { personId: old.personId });
    expect(page.household).toMatchObject({ members: 2, labourers: 1 });
    expect(page.values.find((value) => value.field === "monthly_wage_fen")).toMatchObject({
      value: "5,200.00 元",
      sourceLabel: "务工情况台账",
      outcome: "near",
      outcomeText: "差 20.00 元，未超阈值",
      others: [{ value: "5,180.00 元", sourceLabel: "工资表", on: "2025-05-10" }],
    });
    expect(page.values.find((value) => value.field === "name")).toMatchObject({
      outcome: "only",
      outcomeText: "唯一来源",
    });
    expect(page.timeline.filter((item) => item.lane === "wage")).toMatchObject([
      { from: "2025-03-01", to: "2025-04-30" },
    ]);
    expect(page.idleDays).toBeNull();
  });
});
