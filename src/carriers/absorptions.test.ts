import type { Client } from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { registryModule } from "#registry";
import { outcomesOf, rowsOf } from "../policy/fixtures.ts";
import { testRuntime, type TestRuntime } from "../platform/testing/index.ts";
import { registersTables } from "../registers/fixtures.ts";
import { addCounty, addEmployer, addEmployment, addPerson, insert, type AddedPerson } from "../registry/fixtures.ts";
import { workshopAbsorptions } from "./absorptions.ts";
import { carriersModule, synthesizeCarriers } from "./index.ts";

const COUNTY = "622927";
const AS_OF = "2025-06-18";
let runtime: TestRuntime;
let owner: Client;
let made = 0;

beforeAll(async () => {
  runtime = await testRuntime([registryModule, registersTables, carriersModule]);
  owner = await runtime.owner();
});
afterAll(() => runtime.close());

const kept = { region: COUNTY, recorded_on: AS_OF };

async function workshop(employer: string, county = COUNTY): Promise<string> {
  const code = `W${(made += 1)}`;
  await insert(owner, "carriers.carrier", {
    code,
    kind: "帮扶车间",
    name: "测试车间",
    employer_id: employer,
    county,
    ...kept,
  });
  const { rows } = await owner.query<{ carrier_id: string }>(
    "SELECT carrier_id FROM carriers.carrier WHERE code = $1",
    [code],
  );
  return rows[0]!.carrier_id;
}
const recognised = (carrier_id: string, recognised_on: string, recognised_to: string | null, level = "县级") =>
  insert(owner, "carriers.recognition", { carrier_id, level, recognised_on, recognised_to, ...kept });
const firm = (name: string) => addEmployer(owner, name, { region: COUNTY, kind: "workshop" });
const somebody = () => addPerson(owner, runtime, { homeRegion: `${COUNTY}100201` });
const works = (
  person: AddedPerson,
  employerName: string,
  startDate: string,
  endDate: string | null,
  more: object = {},
) => addEmployment(owner, person, { employerName, workRegion: COUNTY, startDate, endDate, ...more });
const rowsOfPerson = (person: AddedPerson, scope = "true") =>
  rowsOf(owner, workshopAbsorptions, AS_OF, `s.person_id = ${person.personId} AND ${scope}`);

describe("车间吸纳", () => {
  it("is a row for each year of a spell without gaps, up to the business date's", async () => {
    await workshop(await firm("甲车间"));
    const person = await somebody();
    const first = await works(person, "甲车间", "2023-11-05", "2024-03-31");
    await works(person, "甲车间", "2024-04-01", null, { previousEnd: "2024-03-31" });
    const rows = await rowsOfPerson(person);
    expect(
      rows.map(({ year_from, employment_id, started_on, ended_on }) => [
        year_from,
        employment_id,
        started_on,
        ended_on,
      ]),
    ).toEqual([
      ["2023-01-01", first, "2023-11-05", null],
      ["2024-01-01", first, "2023-11-05", null],
      ["2025-01-01", first, "2023-11-05", null],
    ]);
  });

  it("begins anew after a day between", async () => {
    await workshop(await firm("乙车间"));
    const person = await somebody();
    await works(person, "乙车间", "2024-09-01", "2024-12-30");
    await works(person, "乙车间", "2025-01-01", "2025-05-31", { previousEnd: "2024-12-30" });
    const rows = await rowsOfPerson(person);
    expect(rows.map(({ year_from, started_on, ended_on }) => [year_from, started_on, ended_on])).toEqual([
      ["2024-01-01", "2024-09-01", "2024-12-30"],
      ["2025-01-01", "2025-01-01", "2025-05-31"],
    ]);
  });

  it("takes recognitions that follow one another for one, and of others the one begun when six months are full", async () => {
    const carrier = await workshop(await firm("丙车间"));
    await recognised(carrier, "2022-03-01", "2023-12-31");
    await recognised(carrier, "2024-01-01", "2024-12-31", "市级");
    await recognised(carrier, "2025-03-01", null);
    const person = await somebody();
    await works(person, "丙车间", "2023-02-01", null);
    const rows = await rowsOfPerson(person);
    expect(
      rows.map(({ year_from, recognised_on, recognised_to }) => [year_from, recognised_on, recognised_to]),
    ).toEqual([
      ["2023-01-01", "2022-03-01", "2024-12-31"],
      ["2024-01-01", "2022-03-01", "2024-12-31"],
      ["2025-01-01", "2025-03-01", null],
    ]);
  });

  it("names a recognition to come, and none where there is none", async () => {
    const carrier = await workshop(await firm("丁车间"));
    const person = await somebody();
    await works(person, "丁车间", "2024-02-01", "2024-11-30");
    expect(await rowsOfPerson(person)).toMatchObject([{ recognised_on: null }]);
    await recognised(carrier, "2025-03-01", null);
    expect(await rowsOfPerson(person)).toMatchObject([{ recognised_on: "2025-03-01" }]);
  });

  it("counts once for an employer with two workshops: the one in the county of the work", async () => {
    const employer = await firm("戊公司");
    await workshop(employer, "622901");
    const here = await workshop(employer);
    const person = await somebody();
    await works(person, "戊公司", "2025-01-02", null);
    expect(await rowsOfPerson(person)).toMatchObject([{ workshop_id: here, workshop_county: COUNTY }]);
    expect(await rowsOfPerson(person, "s.region LIKE '622901%'")).toEqual([]);
  });

  it("of a synthetic county brings eligible rows from 30 June on, when a year's first six months are full (AMB-16)", async () => {
    const county = { county: "622926", persons: 900, asOf: AS_OF };
    await addCounty(owner, county);
    await runtime.database.worker
      .transaction()
      .execute((tx) => synthesizeCarriers(tx, { region: county.county, asOf: AS_OF }));
    const scope = "s.region LIKE '622926%'";
    const on = async (asOf: string) =>
      (await outcomesOf(owner, workshopAbsorptions, { asOf, scope }))["workshop-award/620000"]!;
    for (const outcome of ["NOT_ELIGIBLE", "NOT_YET", "UNKNOWN"])
      expect(await on("2025-06-29")).toHaveProperty(outcome);
    expect(await on("2025-06-29")).not.toHaveProperty("ELIGIBLE");
    for (const outcome of ["ELIGIBLE", "NOT_ELIGIBLE", "NOT_YET", "UNKNOWN"])
      expect(await on("2025-06-30")).toHaveProperty(outcome);
  });
});
