import type { Client } from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { registryModule } from "#registry";
import { testRuntime, type TestRuntime } from "../platform/testing/index.ts";
import { columnsGiven, columnsPromised, outcomesOf, rowsOf } from "../policy/fixtures.ts";
import { checkDefinitions } from "#registers";
import { registersTables } from "../registers/fixtures.ts";
import { addCounty, addEmployer, insert } from "../registry/fixtures.ts";
import { carriersFacts, carriersModule, carriersRegisters, synthesizeCarriers } from "./index.ts";

const AS_OF = "2025-06-18";
const [bases, stages] = carriersFacts as [(typeof carriersFacts)[number], (typeof carriersFacts)[number]];
let runtime: TestRuntime;
let owner: Client;
let made = 0;

beforeAll(async () => {
  runtime = await testRuntime([registryModule, registersTables, carriersModule]);
  owner = await runtime.owner();
});
afterAll(() => runtime.close());

async function idOf(table: string, id: string, columns: Readonly<Record<string, unknown>>): Promise<string> {
  const code = `T${(made += 1)}`;
  await insert(owner, table, { code, name: "测试", region: columns["county"], recorded_on: AS_OF, ...columns });
  const { rows } = await owner.query<{ id: string }>(`SELECT ${id} AS id FROM ${table} WHERE code = $1`, [code]);
  return rows[0]!.id;
}

const addBase = (county: string, kind = "就业帮扶基地") => idOf("carriers.carrier", "carrier_id", { county, kind });

const recognise = (carrierId: string, county: string, level: string, recognisedOn: string) =>
  insert(owner, "carriers.recognition", {
    carrier_id: carrierId,
    level,
    recognised_on: recognisedOn,
    region: county,
    recorded_on: AS_OF,
  });

describe.each(carriersFacts.map((source) => [source.name, source] as const))("facts of %s", (_, source) => {
  it("are the dictionary's columns and types", async () => {
    expect(await columnsGiven(owner, source)).toEqual(columnsPromised(source));
  });
});

it("has registers that fit their tables", async () => {
  await checkDefinitions(runtime, carriersRegisters);
});

describe("a base's recognition", () => {
  it("is that of the province, of bases only, counted over province and year whatever the scope", async () => {
    for (const county of ["430102", "430202", "430302"]) {
      const base = await addBase(county);
      await recognise(base, county, "省级", "2023-11-20");
      await recognise(base, county, "县级", "2022-01-05");
    }
    await recognise(await addBase("620102"), "620102", "省级", "2023-11-20");
    await recognise(await addBase("430103"), "430103", "省级", "2024-01-01");
    await recognise(await addBase("430102", "帮扶车间"), "430102", "省级", "2023-11-20");
    const rows = await rowsOf(owner, bases, AS_OF, "s.region LIKE '430102%'");
    expect(rows).toMatchObject([
      { county: "430102", recognised_on: "2023-11-20", recognised_that_year: "3", applied: null, well_managed: null },
    ]);
    expect(await rowsOf(owner, bases, AS_OF, "s.person_id IN (1)")).toEqual([]);
  });
});

describe("a relief project's stage", () => {
  it("has the project's funds and the stage's pay; what nobody has said is missing", async () => {
    const county = "620525";
    const projectId = await idOf("carriers.relief_project", "project_id", { county, central_funds: 100_000_000 });
    const stage = { project_id: projectId, region: county, recorded_on: AS_OF };
    await insert(owner, "carriers.relief_project_stage", { ...stage, stage: "批复", checked_on: "2025-04-30" });
    await insert(owner, "carriers.relief_project_stage", {
      ...stage,
      stage: "月度",
      checked_on: "2025-05-31",
      labour_pay: 30_000_001,
      local_labour_pay: 20_000_000,
      paid_in_full: true,
    });
    const rows = await rowsOf(owner, stages, AS_OF, "s.region LIKE '620525%'");
    const project = { project_kind: null, county, central_funds: "100000000", provincial_funds: null };
    expect(rows).toMatchObject([
      { ...project, stage: "批复", checked_on: "2025-04-30", labour_pay: null, paid_in_full: null },
      { ...project, stage: "月度", checked_on: "2025-05-31", labour_pay: "30000001", local_labour_pay: "20000000" },
    ]);
    expect(await rowsOf(owner, stages, AS_OF, "s.person_id IN (1)")).toEqual([]);
  });
});

describe("synthetic rows", () => {
  const synthesize = (region: string) =>
    runtime.database.worker.transaction().execute((tx) => synthesizeCarriers(tx, { region, asOf: AS_OF }));

  beforeAll(async () => {
    for (const county of ["431321", "622927"]) {
      await addCounty(owner, { county, persons: 100, asOf: AS_OF });
      for (const village of ["丁村", "戊村", "己村", "庚村"])
        await addEmployer(owner, `${county}${village}就业帮扶基地`, { region: county, kind: "workshop" });
      await synthesize(county);
      await synthesize(county);
    }
  });

  it("are decided in every way by every measure that reads them", async () => {
    const settings = {
      当地给予奖补: [{ from: "2021-07-26", region: "431321", value: true }],
      奖补标准: [{ from: "2021-07-26", region: "431321", value: 5_000_000 }],
    };
    const ofBases = await outcomesOf(owner, bases, { asOf: AS_OF, scope: "s.region LIKE '431321%'" });
    for (const counts of Object.values(ofBases))
      expect(Object.keys(counts).toSorted()).toEqual(["NOT_ELIGIBLE", "NOT_YET", "PARAM_MISSING", "UNKNOWN"]);
    const decided = await outcomesOf(owner, bases, { asOf: AS_OF, scope: "s.region LIKE '431321%'", settings });
    for (const counts of Object.values(decided))
      expect(counts).toEqual({ ELIGIBLE: 1, NOT_ELIGIBLE: 2, NOT_YET: 1, UNKNOWN: 1 });
    const ofStages = await outcomesOf(owner, stages, { asOf: AS_OF, scope: "s.region LIKE '622927%'" });
    const ofGansu = Object.entries(ofStages).filter(([measure]) => measure.endsWith("/620000"));
    for (const [, counts] of ofGansu)
      expect(Object.keys(counts).toSorted()).toEqual(["ELIGIBLE", "NOT_ELIGIBLE", "NOT_YET", "UNKNOWN"]);
    expect(Object.keys(ofBases).length * ofGansu.length).toBeGreaterThan(0);
  });

  it("make of every workshop a carrier with its employer, most of them recognised by the county", async () => {
    const { rows } = await owner.query<{ n: number; linked: number; kinds: string[] }>(
      "SELECT count(*)::int AS n, count(employer_id)::int AS linked, array_agg(DISTINCT kind ORDER BY kind) AS kinds FROM carriers.carrier WHERE region = '431321'",
    );
    expect(rows).toEqual([{ n: 6, linked: 6, kinds: ["就业帮扶基地", "帮扶车间"] }]);
  });
});
