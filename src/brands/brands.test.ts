import type { Client } from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { registryModule } from "#registry";
import { testRuntime, type TestRuntime } from "../platform/testing/index.ts";
import { columnsGiven, columnsPromised, outcomesOf, rowsOf } from "../policy/fixtures.ts";
import { checkDefinitions } from "#registers";
import { registersTables } from "../registers/fixtures.ts";
import { addCounty, insert } from "../registry/fixtures.ts";
import { brandsFacts, brandsModule, brandsRegisters, synthesizeBrands } from "./index.ts";

const AS_OF = "2025-06-18";
const COUNTY = "620525";
const [brands, evaluations] = brandsFacts as [(typeof brandsFacts)[number], (typeof brandsFacts)[number]];
let runtime: TestRuntime;
let owner: Client;
let made = 0;

beforeAll(async () => {
  runtime = await testRuntime([registryModule, registersTables, brandsModule]);
  owner = await runtime.owner();
});
afterAll(() => runtime.close());

const kept = { region: COUNTY, recorded_on: AS_OF };

async function addBrand(recognitions: readonly (readonly [string, string, string?])[]): Promise<string> {
  const code = `T${(made += 1)}`;
  await insert(owner, "brands.brand", { code, name: "测试品牌", county: COUNTY, ...kept });
  const { rows } = await owner.query<{ id: string }>("SELECT brand_id AS id FROM brands.brand WHERE code = $1", [code]);
  const brandId = rows[0]!.id;
  for (const [level, recognisedOn, removedOn] of recognitions) {
    const recognition = { brand_id: brandId, level, recognised_on: recognisedOn, removed_on: removedOn ?? null };
    await insert(owner, "brands.recognition", { ...recognition, ...kept });
  }
  return brandId;
}

describe.each(brandsFacts.map((source) => [source.name, source] as const))("facts of %s", (_, source) => {
  it("are the dictionary's columns and types", async () => {
    expect(await columnsGiven(owner, source)).toEqual(columnsPromised(source));
  });
});

it("has registers that fit their tables", async () => {
  await checkDefinitions(runtime, brandsRegisters);
});

describe("a brand's level", () => {
  it.each([
    ["of none", [], "未认定", null],
    [
      "the highest",
      [
        ["县级", "2020-01-01"],
        ["省级", "2025-05-20"],
        ["市级", "2025-06-01"],
      ],
      "省级",
      "2025-05-20",
    ],
    [
      "one that is still to come",
      [
        ["市级", "2022-01-01"],
        ["省级", "2025-12-01"],
      ],
      "省级",
      "2025-12-01",
    ],
    [
      "not one lost on the day",
      [
        ["市级", "2020-01-01"],
        ["省级", "2021-01-01", AS_OF],
      ],
      "市级",
      "2020-01-01",
    ],
    ["one lost the day after", [["省级", "2021-01-01", "2025-06-19"]], "省级", "2021-01-01"],
  ] as const)("is %s", async (_, recognitions, level, recognisedOn) => {
    const brandId = await addBrand(recognitions);
    const rows = await rowsOf(owner, brands, AS_OF, `s.region LIKE '${COUNTY}%'`);
    const row = rows.find((one) => one["brand_id"] === brandId);
    expect(row).toMatchObject({ level, recognised_on: recognisedOn, region: COUNTY, claimant_code: null });
  });

  it("is that of the day of the evaluation, and one row each evaluation", async () => {
    const brandId = await addBrand([["省级", "2021-01-01", "2024-12-31"]]);
    for (const day of ["2024-11-30", "2025-05-30"])
      await insert(owner, "brands.evaluation", { brand_id: brandId, evaluated_on: day, grade: "优秀", ...kept });
    const rows = await rowsOf(owner, evaluations, AS_OF, `s.region LIKE '${COUNTY}%'`);
    expect(rows.map(({ evaluated_on, level }) => [evaluated_on, level])).toEqual([
      ["2024-11-30", "省级"],
      ["2025-05-30", "未认定"],
    ]);
  });

  it("is in nobody's scope as a person, and in no other office's", async () => {
    for (const source of brandsFacts)
      for (const scope of ["s.person_id IN (1)", "s.region LIKE '4331%'"])
        expect(await rowsOf(owner, source, AS_OF, scope)).toEqual([]);
  });
});

describe("synthetic rows", () => {
  const region = "622927";

  it("are decided in every way by every measure that reads them, and the same at the second run", async () => {
    await addCounty(owner, { county: region, persons: 10, asOf: AS_OF });
    for (let run = 0; run < 2; run++)
      await runtime.database.worker.transaction().execute((tx) => synthesizeBrands(tx, { region, asOf: AS_OF }));
    const inRegion = { asOf: AS_OF, scope: `s.region LIKE '${region}%'` };
    const ofBrands = await outcomesOf(owner, brands, inRegion);
    const ofEvaluations = await outcomesOf(owner, evaluations, inRegion);
    expect(ofBrands["brand-recognition-award/620000"]).toEqual({
      ELIGIBLE: 1,
      NOT_ELIGIBLE: 4,
      NOT_YET: 1,
      UNKNOWN: 1,
    });
    expect(ofEvaluations["brand-evaluation-award/620000"]).toEqual({
      ELIGIBLE: 1,
      NOT_ELIGIBLE: 3,
      NOT_YET: 1,
      UNKNOWN: 1,
    });
    for (const counts of [...Object.values(ofBrands), ...Object.values(ofEvaluations)])
      expect(Object.keys(counts)).toEqual(expect.arrayContaining(["ELIGIBLE", "NOT_ELIGIBLE"]));
  });
});
