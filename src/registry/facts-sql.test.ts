import type { Client } from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { testRuntime, type TestRuntime } from "../platform/testing/index.ts";
import { continuousSpellsSql, personFactsSql, type PersonFact } from "./facts-sql.ts";
import { addEmployment, addPerson, insert, type AddedPerson } from "./fixtures.ts";
import { registryModule } from "./module.ts";

const HOME = "433124110226";
let runtime: TestRuntime;
let owner: Client;

beforeAll(async () => {
  runtime = await testRuntime([registryModule]);
  owner = await runtime.owner();
});
afterAll(() => runtime.close());

async function factsOf(person: AddedPerson, on: string | null, fields: readonly PersonFact[]) {
  const columns = personFactsSql({ person: "p", on: "given.day", fields });
  const { rows } = await owner.query<Record<string, unknown>>(
    `SELECT ${columns} FROM registry.person p, (SELECT $2::date AS day) given WHERE p.person_id = $1`,
    [person.personId, on],
  );
  return rows[0]!;
}

const inCategory = (person: AddedPerson, category: string, from: string, to: string | null, detail?: string) =>
  insert(owner, "registry.person_category", {
    person_id: person.personId,
    category,
    valid_from: from,
    valid_to: to,
    detail: detail ?? null,
    home_region: person.homeRegion,
    recorded_on: "2025-05-20",
    source: 2,
  });

describe("categories on a day", () => {
  it.each([
    ["2020-12-30", false],
    ["2020-12-31", true],
    ["2024-06-30", true],
    ["2024-07-01", false],
    [null, null],
  ])("on %s is %s", async (day, expected) => {
    const person = await addPerson(owner, runtime, { homeRegion: HOME });
    await inCategory(person, "lifted-from-poverty", "2020-12-31", "2024-06-30");
    expect(await factsOf(person, day, ["lifted_from_poverty"])).toEqual({ lifted_from_poverty: expected });
  });

  it("are unknown of a person whom no list names, and known of one whom another list names", async () => {
    const person = await addPerson(owner, runtime, { homeRegion: HOME });
    const fields: PersonFact[] = ["lifted_from_poverty", "monitored", "marginal", "disabled", "rural_low_income"];
    expect(Object.values(await factsOf(person, "2025-01-01", fields))).toEqual([null, null, null, null, null]);
    await inCategory(person, "disabled-rural", "2015-01-01", null);
    expect(Object.values(await factsOf(person, "2025-01-01", fields))).toEqual([false, false, false, true, false]);
  });

  it("finds 边缘易致贫户 under either name, and takes no other monitored person for one", async () => {
    const [marginal, unstable] = [
      await addPerson(owner, runtime, { homeRegion: HOME }),
      await addPerson(owner, runtime, { homeRegion: HOME }),
    ];
    await inCategory(marginal, "monitored", "2022-03-01", null, "边缘易致贫户");
    await inCategory(unstable, "monitored", "2022-03-01", null, "脱贫不稳定户");
    const fields: PersonFact[] = ["monitored", "marginal"];
    expect(await factsOf(marginal, "2025-01-01", fields)).toEqual({ monitored: true, marginal: true });
    expect(await factsOf(unstable, "2025-01-01", fields)).toEqual({ monitored: true, marginal: false });
  });
});

describe("what is said of the person", () => {
  it("comes as the dictionary's words", async () => {
    const columns = { sex: 2, residence_region: "4331", labour_capacity: "weak", job_willing: false };
    const person = await addPerson(owner, runtime, { homeRegion: HOME, birthDate: "1990-03-05", columns });
    const facts = await factsOf(person, null, [
      "home_county",
      "home_township",
      "residence_county",
      "birth_date",
      "sex",
      "able_to_work",
      "willing_to_work",
    ]);
    expect(facts).toEqual({
      home_county: "433124",
      home_township: "433124110",
      residence_county: null,
      birth_date: "1990-03-05",
      sex: "女",
      able_to_work: true,
      willing_to_work: false,
    });
  });

  it("is missing where the registry has nothing", async () => {
    const person = await addPerson(owner, runtime, { homeRegion: "43", columns: { sex: 9, birth_date: null } });
    const facts = await factsOf(person, null, ["home_county", "birth_date", "sex", "able_to_work", "willing_to_work"]);
    expect(Object.values(facts)).toEqual([null, null, null, null, null]);
  });
});

describe("spells without gaps", () => {
  async function spellsOf(person: AddedPerson, maxGapDays = 0) {
    const spells = `SELECT person_id, employment_id, start_date, end_date, work_region FROM registry.employment WHERE person_id = $1`;
    const { rows } = await owner.query<{ started_on: string; ended_on: string | null; work_region: string | null }>(
      `SELECT started_on, ended_on, work_region FROM (${continuousSpellsSql({ spells, by: ["person_id"], maxGapDays })}) s ORDER BY 1`,
      [person.personId],
    );
    return rows.map(({ started_on, ended_on, work_region }) => [started_on, ended_on, work_region]);
  }

  it("joins what follows on the next day and no later", async () => {
    const person = await addPerson(owner, runtime, { homeRegion: HOME });
    await addEmployment(owner, person, { startDate: "2024-01-10", endDate: "2024-03-31" });
    await addEmployment(owner, person, { startDate: "2024-04-01", endDate: "2024-05-31", previousEnd: "2024-03-31" });
    await addEmployment(owner, person, { startDate: "2024-06-02", previousEnd: "2024-05-31" });
    expect(await spellsOf(person)).toEqual([
      ["2024-01-10", "2024-05-31", "441900"],
      ["2024-06-02", null, "441900"],
    ]);
    expect(await spellsOf(person, 1)).toEqual([["2024-01-10", null, "441900"]]);
  });

  it("joins spells that lie within one another under two spellings of the employer", async () => {
    const person = await addPerson(owner, runtime, { homeRegion: HOME });
    await addEmployment(owner, person, { employerName: "甲厂", startDate: "2024-01-01", endDate: "2024-12-31" });
    await addEmployment(owner, person, { employerName: "甲工厂", startDate: "2024-02-01", endDate: "2024-03-31" });
    await addEmployment(owner, person, {
      employerName: "甲厂",
      startDate: "2025-01-01",
      previousEnd: "2024-12-31",
      workRegion: "440306",
    });
    // It went on, but in another county: where the work lies is for a person to say.
    expect(await spellsOf(person)).toEqual([["2024-01-01", null, null]]);
  });
});
