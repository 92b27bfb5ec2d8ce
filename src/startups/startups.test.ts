import type { Client } from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { FactSource } from "#kernel";
import { registryModule } from "#registry";
import { columnsGiven, columnsPromised, outcomesOf, rowsOf } from "../policy/fixtures.ts";
import { testRuntime, type TestRuntime } from "../platform/testing/index.ts";
import { checkDefinitions } from "#registers";
import { registersTables } from "../registers/fixtures.ts";
import { addCounty, addEveryForm, addPerson, insert, type AddedPerson } from "../registry/fixtures.ts";
import { startupsFacts, startupsModule, startupsRegisters, synthesizeStartups } from "./index.ts";

const [entities, selections, parkMonths, loans] = startupsFacts as [FactSource, FactSource, FactSource, FactSource];
const HOME = "433124110226";
const kept = { region: "433124", recorded_on: "2025-06-18" };
let runtime: TestRuntime;
let owner: Client;

beforeAll(async () => {
  runtime = await testRuntime([registryModule, registersTables, startupsModule]);
  owner = await runtime.owner();
});
afterAll(() => runtime.close());

let numbered = 0;

async function founded(person: AddedPerson, given: object = {}): Promise<string> {
  numbered++;
  const columns = {
    code: `E${numbered}`,
    name: "测试小店",
    person_id: person.personId,
    county: "433124",
    entity_kind: "个体工商户",
    registered_on: "2025-01-10",
    first_founded: true,
    ...kept,
    ...given,
  };
  await insert(owner, "startups.entity", columns);
  return idOf("entity", "entity_id", columns.code);
}

async function rented(entity: string, given: object = {}, months: readonly object[] = []): Promise<void> {
  numbered++;
  await insert(owner, "startups.park", {
    code: `K${numbered}`,
    name: "测试园",
    county: "433124",
    for_returnees: true,
    ...kept,
  });
  const park_id = await idOf("park", "park_id", `K${numbered}`);
  const code = `T${numbered}`;
  await insert(owner, "startups.tenancy", {
    code,
    park_id,
    entity_id: entity,
    moved_in_on: "2025-02-20",
    ...kept,
    ...given,
  });
  const tenancy_id = await idOf("tenancy", "tenancy_id", code);
  for (const month of months) await insert(owner, "startups.tenancy_month", { tenancy_id, ...kept, ...month });
}

async function idOf(table: string, column: string, code: string): Promise<string> {
  const { rows } = await owner.query(`SELECT ${column} AS id FROM startups.${table} WHERE code = $1`, [code]);
  return (rows[0] as { id: string }).id;
}

const somebody = () => addPerson(owner, runtime, { homeRegion: HOME });
const of = (person: AddedPerson) => `s.person_id = ${person.personId}`;

describe.each(startupsFacts.map((source) => [source.name, source] as const))("%s", (_, source) => {
  it("gives the dictionary's columns and no others", async () => {
    expect(await columnsGiven(owner, source)).toEqual(columnsPromised(source));
  });
});

describe("创业实体", () => {
  it("is not the first of a founder who has an earlier one in another county, whatever was checked", async () => {
    const person = await somebody();
    await founded(person, { county: "430121", region: "430121", registered_on: "2019-05-01", closed_on: "2020-01-01" });
    await founded(person);
    const rows = await rowsOf(owner, entities, "2025-06-18", `${of(person)} AND s.region LIKE '433124%'`);
    expect(rows).toMatchObject([{ first_founded: false }]);
  });

  it.each([true, false, null])("is the first as checked (%s) where no earlier one is known", async (first_founded) => {
    const person = await somebody();
    await founded(person, { first_founded });
    expect(await rowsOf(owner, entities, "2025-06-18", of(person))).toMatchObject([{ first_founded }]);
  });

  it.each([
    ["2025-01-09", false],
    ["2025-01-10", true],
    ["2025-01-11", true],
  ])("asks for categories of the day of registration (listed to %s)", async (to, is) => {
    const person = await somebody();
    await insert(owner, "registry.person_category", {
      person_id: person.personId,
      category: "lifted-from-poverty",
      valid_from: "2016-12-31",
      valid_to: to,
      home_region: HOME,
      recorded_on: "2025-05-20",
      source: 2,
    });
    await founded(person);
    expect(await rowsOf(owner, entities, "2025-06-18", of(person))).toMatchObject([{ lifted_from_poverty: is }]);
  });
});

describe("创业园租户月", () => {
  it("runs from the first reported month to the business date's, rent unknown where not reported", async () => {
    const person = await somebody();
    await rented(await founded(person), {}, [{ month: "2025-04-01", rent_fen: 100_000, fee_fen: 0 }]);
    const rows = await rowsOf(owner, parkMonths, "2025-06-18", of(person));
    expect(rows.map(({ month, rent }) => [month, rent])).toEqual([
      ["2025-04-01", "100000"],
      ["2025-05-01", null],
      ["2025-06-01", null],
    ]);
  });

  it("ends with the month of moving out", async () => {
    const person = await somebody();
    const months = [{ month: "2025-01-01", rent_fen: 1, fee_fen: 1 }];
    await rented(await founded(person), { moved_out_on: "2025-04-01" }, months);
    const rows = await rowsOf(owner, parkMonths, "2025-06-18", of(person));
    expect(rows.map(({ month }) => month)).toEqual(["2025-02-01", "2025-03-01", "2025-04-01"]);
  });
});

describe("the registers", () => {
  it("fit their tables", async () => {
    await checkDefinitions(runtime, startupsRegisters);
  });

  it("refuse a loan without its borrower", async () => {
    const loan = { code: "L", borrower_kind: "小微企业", county: "433124", requested_on: "2025-01-01", ...kept };
    await expect(insert(owner, "startups.loan_application", loan)).rejects.toThrow(/check constraint/);
  });
});

describe("synthetic businesses bring every outcome", () => {
  const fill = async (region: string, asOf: string) => {
    const county = { county: region, persons: 3000, asOf };
    await addCounty(owner, county);
    await addEveryForm(owner, county);
    await runtime.database.worker.transaction().execute((tx) => synthesizeStartups(tx, { region, asOf }));
    return `s.region LIKE '${region}%'`;
  };

  it("in Hunan", async () => {
    const asOf = "2025-06-18";
    const scope = await fill("433125", asOf);
    const settings = {
      创业补贴标准: [{ from: "2020-01-01", region: "433100", value: 5_000_00 }],
      奖补标准: [{ from: "2020-01-01", region: "433100", value: 100_000_00 }],
      场租减免比例: [{ from: "2020-01-01", region: "433100", value: { of: 100, value: 50 } }],
      管理费减免比例: [{ from: "2020-01-01", region: "433100", value: { of: 100, value: 50 } }],
    };
    const timed = ["ELIGIBLE", "NOT_ELIGIBLE", "NOT_YET", "UNKNOWN"];
    for (const [source, measure, outcomes] of [
      [entities, "startup-subsidy/430000", timed],
      [selections, "incubator-award/430000", timed],
      // A month is due from its first day on: no month of the source is not yet.
      [parkMonths, "startup-park-reduction/430000", ["ELIGIBLE", "NOT_ELIGIBLE", "UNKNOWN"]],
    ] as const) {
      const found = (await outcomesOf(owner, source, { asOf, scope, settings }))[measure]!;
      for (const outcome of outcomes) expect(found, measure).toHaveProperty(outcome);
      expect((await outcomesOf(owner, source, { asOf, scope }))[measure], measure).toHaveProperty("PARAM_MISSING");
    }
  });

  it("in Jining", async () => {
    const asOf = "2023-06-18";
    const scope = await fill("370831", asOf);
    const found = await outcomesOf(owner, loans, { asOf, scope });
    for (const outcome of ["ELIGIBLE", "ELIGIBLE_UP_TO_CAP", "NOT_ELIGIBLE", "UNKNOWN"])
      expect(found["startup-loan/370800"]).toHaveProperty(outcome);
    for (const outcome of ["ELIGIBLE", "NOT_ELIGIBLE", "UNKNOWN"])
      expect(found["loan-guarantee-waiver/370800"]).toHaveProperty(outcome);
  });
});
