import type { Client } from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { FactSource } from "#kernel";
import { registryModule } from "#registry";
import { columnsGiven, columnsPromised, outcomesOf, rowsOf } from "../policy/fixtures.ts";
import { testRuntime, type TestRuntime } from "../platform/testing/index.ts";
import { checkDefinitions } from "#registers";
import { registersTables } from "../registers/fixtures.ts";
import { addCounty, addPerson, insert, type AddedPerson } from "../registry/fixtures.ts";
import { synthesizeTraining, trainingFacts, trainingModule, trainingRegisters } from "./index.ts";

const [enrolments] = trainingFacts as [FactSource];
const HOME = "433124110226";
const kept = { region: "433124", recorded_on: "2025-06-18" };
let runtime: TestRuntime;
let owner: Client;

beforeAll(async () => {
  runtime = await testRuntime([registryModule, registersTables, trainingModule]);
  owner = await runtime.owner();
  await insert(owner, "training.provider", { code: "P", name: "测试学校", county: "433124", ...kept });
});
afterAll(() => runtime.close());

let numbered = 0;

async function enrolled(person: AddedPerson, ofClass: object = {}, ofPerson: object = {}): Promise<void> {
  numbered++;
  const { rows } = await owner.query<{ provider_id: string }>(
    "SELECT provider_id FROM training.provider WHERE code = 'P'",
  );
  await insert(owner, "training.training_class", {
    code: `C${numbered}`,
    name: "电工班",
    provider_id: rows[0]!.provider_id,
    county: "433124",
    training_kind: "就业技能培训",
    started_on: "2025-05-10",
    ended_on: "2025-05-24",
    meets_standard: true,
    ...kept,
    ...ofClass,
  });
  const { rows: classes } = await owner.query<{ class_id: string }>(
    "SELECT class_id FROM training.training_class WHERE code = $1",
    [`C${numbered}`],
  );
  await insert(owner, "training.enrolment", {
    class_id: classes[0]!.class_id,
    person_id: person.personId,
    ...kept,
    ...ofPerson,
  });
}

const somebody = () => addPerson(owner, runtime, { homeRegion: HOME });
const of = (person: AddedPerson) => `s.person_id = ${person.personId}`;

describe("培训报名", () => {
  it("gives the dictionary's columns and no others", async () => {
    expect(await columnsGiven(owner, enrolments)).toEqual(columnsPromised(enrolments));
  });

  it.each([
    ["2025-05-23", true],
    ["2025-05-24", null],
    ["2025-05-25", null],
  ])("asks on %s for the examination only once the class is over", async (asOf, meets) => {
    const person = await somebody();
    await enrolled(person);
    expect(await rowsOf(owner, enrolments, asOf, of(person))).toMatchObject([{ meets_standard: meets }]);
  });

  it.each([
    [true, true, true],
    [true, false, false],
    [false, null, false],
    [true, null, null],
    [null, true, null],
  ])("meets the standard when both halves do: class %s, trainee %s", async (meets_standard, passed, met) => {
    const person = await somebody();
    await enrolled(person, { meets_standard }, { passed });
    expect(await rowsOf(owner, enrolments, "2025-06-18", of(person))).toMatchObject([{ meets_standard: met }]);
  });

  it.each([
    ["2025-05-09", false],
    ["2025-05-10", true],
    ["2025-05-11", true],
  ])("asks for categories of the class's first day (listed to %s)", async (to, is) => {
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
    await enrolled(person);
    expect(await rowsOf(owner, enrolments, "2025-06-18", of(person))).toMatchObject([{ lifted_from_poverty: is }]);
  });

  it("belongs to the county of the class, wherever the trainee is at home", async () => {
    const person = await somebody();
    await enrolled(person, { county: "433127" });
    const inCounty = (county: string) => `${of(person)} AND s.region LIKE '${county}%'`;
    expect(await rowsOf(owner, enrolments, "2025-06-18", inCounty("433127"))).toHaveLength(1);
    expect(await rowsOf(owner, enrolments, "2025-06-18", inCounty("433124"))).toEqual([]);
  });
});

describe("the registers", () => {
  it("fit their tables", async () => {
    await checkDefinitions(runtime, trainingRegisters);
  });
});

it("synthetic classes bring every outcome, and a second run adds nothing", async () => {
  const [region, asOf] = ["433125", "2025-06-18"];
  const county = { county: region, persons: 5000, asOf };
  await addCounty(owner, county);
  const fill = () => runtime.database.worker.transaction().execute((tx) => synthesizeTraining(tx, { region, asOf }));
  await fill();
  const count = async () => (await rowsOf(owner, enrolments, asOf)).length;
  const before = await count();
  await fill();
  expect(await count()).toBe(before);
  const settings = { 培训补贴标准: [{ from: "2020-01-01", region: "430000", value: 2_000_00 }] };
  const scope = `s.region LIKE '${region}%'`;
  const found = await outcomesOf(owner, enrolments, { asOf, scope, settings });
  for (const measure of ["training-uplift/430000", "training-living-allowance/430000"])
    for (const outcome of ["ELIGIBLE", "NOT_ELIGIBLE", "NOT_YET", "UNKNOWN"])
      expect(found[measure], measure).toHaveProperty(outcome);
  expect((await outcomesOf(owner, enrolments, { asOf, scope }))["training-uplift/430000"]).toHaveProperty(
    "PARAM_MISSING",
  );
});
