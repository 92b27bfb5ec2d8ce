import type { Client } from "pg";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { registryModule } from "#registry";
import { testRuntime, type TestRuntime } from "../platform/testing/index.ts";
import { columnsGiven, columnsPromised, outcomesOf, rowsOf } from "../policy/fixtures.ts";
import { checkDefinitions } from "#registers";
import { registersTables } from "../registers/fixtures.ts";
import { addCounty, addEmployer, addEmployment, addPerson, insert, type AddedPerson } from "../registry/fixtures.ts";
import { jobsFacts, jobsModule, jobsRegisters, synthesizeJobs } from "./index.ts";

const COUNTY = "433124";
const HOME = "433124110226";
const EMPLOYER = "溆禾电子（测试）有限公司";
const AS_OF = "2025-06-18";
const [introductions, recruitmentEvents] = jobsFacts as [(typeof jobsFacts)[number], (typeof jobsFacts)[number]];
let runtime: TestRuntime;
let owner: Client;
let employerId: string;
let agencyId: string;
let made = 0;

beforeAll(async () => {
  runtime = await testRuntime([registryModule, registersTables, jobsModule]);
  owner = await runtime.owner();
  employerId = await addEmployer(owner, EMPLOYER);
});
afterAll(() => runtime.close());

const kept = { region: COUNTY, recorded_on: AS_OF };
const newCode = () => `T${(made += 1)}`;

async function idOf(table: string, id: string, columns: Readonly<Record<string, unknown>>): Promise<string> {
  const code = newCode();
  await insert(owner, table, { code, ...kept, ...columns });
  const { rows } = await owner.query<{ id: string }>(`SELECT ${id} AS id FROM ${table} WHERE code = $1`, [code]);
  return rows[0]!.id;
}

const addAgency = (columns: Readonly<Record<string, unknown>> = {}) =>
  idOf("jobs.agency", "agency_id", {
    name: "测试机构",
    kind: "人力资源服务机构",
    licence_from: "2020-01-01",
    ...columns,
  });

const introduce = (person: AddedPerson, columns: Readonly<Record<string, unknown>> = {}) =>
  idOf("jobs.introduction", "introduction_id", {
    agency_id: agencyId,
    person_id: person.personId,
    employer_id: employerId,
    introduced_on: "2025-01-02",
    started_on: "2025-01-10",
    ...columns,
  });

async function factsOf(introductionId: string): Promise<Record<string, unknown>> {
  const rows = await rowsOf(owner, introductions, AS_OF);
  return rows.find((row) => row["introduction_id"] === introductionId)!;
}

describe.each(jobsFacts.map((source) => [source.name, source] as const))("facts of %s", (_, source) => {
  it("are the dictionary's columns and types", async () => {
    expect(await columnsGiven(owner, source)).toEqual(columnsPromised(source));
  });
});

it("has registers that fit their tables", async () => {
  await checkDefinitions(runtime, jobsRegisters);
});

describe("an introduction", () => {
  let person: AddedPerson;
  beforeEach(async () => {
    agencyId = await addAgency();
    person = await addPerson(owner, runtime, { homeRegion: HOME });
  });
  const spell = (startDate: string, endDate: string | null = null, previousEnd: string | null = null) =>
    addEmployment(owner, person, { employerName: EMPLOYER, startDate, endDate, previousEnd, workRegion: "440306" });

  it("reads the spell with the employer introduced to, joined where nothing lies between", async () => {
    await spell("2025-01-10", "2025-03-31");
    await spell("2025-04-01", "2025-05-31", "2025-03-31");
    await spell("2025-06-02", null, "2025-05-31");
    await addEmployment(owner, person, { employerName: "别的单位", startDate: "2025-01-10" });
    const facts = await factsOf(await introduce(person));
    expect(facts).toMatchObject({ started_on: "2025-01-10", ended_on: "2025-05-31", work_county: "440306" });
  });

  it.each([
    ["the day the agency says, where the registry says an earlier one", "2025-01-01", "2025-01-10", "2025-01-10"],
    ["the registry's day, where the agency says an earlier one", "2025-01-20", "2025-01-10", "2025-01-20"],
    ["the registry's day, where the agency says none", "2025-01-20", null, "2025-01-20"],
  ])("begins on %s", async (_, registered, said, expected) => {
    await spell(registered);
    expect((await factsOf(await introduce(person, { started_on: said })))["started_on"]).toBe(expected);
  });

  it.each([
    ["another time", "2025-03-01", null],
    ["before the introduction only", "2024-03-01", "2024-12-31"],
  ])("of somebody who worked there at %s has no start", async (_, from, to) => {
    await spell(from, to);
    const facts = await factsOf(await introduce(person));
    expect(facts).toMatchObject({ started_on: null, ended_on: null, work_county: null, agency_qualified: null });
  });

  it.each([
    ["the day before the licence", { licence_from: "2025-01-11" }, false],
    ["the first day of the licence", { licence_from: "2025-01-10" }, true],
    ["the last day of the licence", { licence_from: "2020-01-01", licence_to: "2025-01-10" }, true],
    ["the day after the licence", { licence_from: "2020-01-01", licence_to: "2025-01-09" }, false],
    ["the day of revocation", { licence_from: "2020-01-01", revoked_on: "2025-01-10" }, false],
    ["the day before revocation", { licence_from: "2020-01-01", revoked_on: "2025-01-11" }, true],
    ["a day of which no licence is known", { licence_from: null }, null],
  ])("on %s", async (_, licence, expected) => {
    agencyId = await addAgency(licence);
    await spell("2025-01-10");
    expect((await factsOf(await introduce(person)))["agency_qualified"]).toBe(expected);
  });

  it.each([
    ["its county, from that day", { county: COUNTY, valid_from: "2025-01-02" }, true],
    ["its prefecture, until that day", { county: "4331", valid_from: "2024-01-01", valid_to: "2025-01-02" }, true],
    ["its county, from the day after", { county: COUNTY, valid_from: "2025-01-03" }, false],
    ["its county, until the day before", { county: COUNTY, valid_from: "2024-01-01", valid_to: "2025-01-01" }, false],
    ["another county", { county: "433101", valid_from: "2024-01-01" }, false],
  ])("is bought by %s", async (_, agreement, expected) => {
    await idOf("jobs.purchase_agreement", "agreement_id", { agency_id: agencyId, ...agreement });
    expect((await factsOf(await introduce(person)))["purchased"]).toBe(expected);
  });

  it("is in the scope of its office or its person and of nobody else", async () => {
    const id = await introduce(person);
    const isIn = async (scope: string) =>
      (await rowsOf(owner, introductions, AS_OF, scope)).some((row) => row["introduction_id"] === id);
    expect(await isIn("s.region LIKE '433124%'")).toBe(true);
    expect(await isIn("s.region LIKE '433101%'")).toBe(false);
    expect(await isIn(`s.person_id IN (${person.personId})`)).toBe(true);
    expect(await isIn("s.person_id IN (1)")).toBe(false);
  });
});

describe("a recruitment event", () => {
  it("is in the scope of its office, and of no person", async () => {
    const id = await idOf("jobs.recruitment_event", "event_id", { name: "测试招聘会", county: COUNTY });
    const isIn = async (scope: string) =>
      (await rowsOf(owner, recruitmentEvents, AS_OF, scope)).some((row) => row["event_id"] === id);
    expect(await isIn("s.region LIKE '433124%'")).toBe(true);
    expect(await isIn("s.region LIKE '433101%'")).toBe(false);
    expect(await isIn("s.person_id IN (1)")).toBe(false);
  });
});

describe("synthetic rows", () => {
  const region = "431321";
  const inRegion = { asOf: AS_OF, scope: `s.region LIKE '${region}%'` };

  beforeAll(async () => {
    await addCounty(owner, { county: region, persons: 3_000, asOf: AS_OF });
    const { worker } = runtime.database;
    for (let run = 0; run < 2; run++)
      await worker.transaction().execute((tx) => synthesizeJobs(tx, { region, asOf: AS_OF }));
  });

  it("are decided in every way by every measure that reads them", async () => {
    const introduced = await outcomesOf(owner, introductions, inRegion);
    for (const counts of Object.values(introduced))
      expect(Object.keys(counts).toSorted()).toEqual(["ELIGIBLE", "NOT_ELIGIBLE", "NOT_YET", "UNKNOWN"]);
    const settings = { 每场补助: [{ from: "2024-01-01", region: "431321", value: 300_000 }] };
    const held = await outcomesOf(owner, recruitmentEvents, { ...inRegion, settings });
    expect(Object.keys(held["recruitment-event/430000"]!).toSorted()).toEqual([
      "ELIGIBLE",
      "NOT_ELIGIBLE",
      "NOT_YET",
      "UNKNOWN",
    ]);
    const campus = { 每场补贴: [{ from: "2021-01-01", region: "430000", value: 100_000 }] };
    const atColleges = await outcomesOf(owner, recruitmentEvents, { ...inRegion, settings: campus });
    // Its year is over: nothing is not yet.
    expect(Object.keys(atColleges["campus-recruitment-subsidy/430000"]!).toSorted()).toEqual([
      "ELIGIBLE",
      "NOT_ELIGIBLE",
      "UNKNOWN",
    ]);
    expect(Object.keys(introduced)).not.toEqual([]);
  });

  it("are the same at the second run, and each introduction fails or holds by itself", async () => {
    const { rows } = await owner.query<{ n: number; persons: number }>(
      "SELECT count(*)::int AS n, count(DISTINCT (person_id, employer_id))::int AS persons FROM jobs.introduction WHERE region = $1",
      [region],
    );
    expect(rows[0]!.n).toBeGreaterThan(500);
    expect(rows[0]!.persons).toBe(rows[0]!.n);
  });
});
