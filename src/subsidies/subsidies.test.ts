import { join } from "node:path";
import type { Client } from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { FactSource } from "#kernel";
import { measuresOf, policyModule, readLibrary, rulebookFiles } from "#policy";
import { employerKey, registryModule } from "#registry";
import { auditModule } from "#audit";
import { identityModule } from "#identity";
import { columnsGiven, columnsPromised, outcomesOf, rowsOf } from "../policy/fixtures.ts";
import { testRuntime, type TestRuntime } from "../platform/testing/index.ts";
import { checkDefinitions } from "#registers";
import { registersTables } from "../registers/fixtures.ts";
import {
  addCounty,
  addEmployer,
  addEmployment,
  addEveryForm,
  addPerson,
  insert,
  type AddedPerson,
} from "../registry/fixtures.ts";
import {
  BENEFIT_KEYS,
  claims,
  subsidiesFacts,
  subsidiesModule,
  subsidiesRegisters,
  synthesizeSubsidies,
} from "./index.ts";

const [assisted, enterprise, flexible, workTraining] = subsidiesFacts as [
  FactSource,
  FactSource,
  FactSource,
  FactSource,
];
const HOME = "433124110226";
const ASOF = "2025-06-18";
const FIRM = "花垣测试有限公司";
const kept = { region: "433124", recorded_on: ASOF };
let runtime: TestRuntime;
let owner: Client;
let firm: string;

beforeAll(async () => {
  runtime = await testRuntime([
    registryModule,
    registersTables,
    auditModule,
    identityModule,
    policyModule({ sources: subsidiesFacts, claims }),
    subsidiesModule({ sources: subsidiesFacts, payees: [], findMandate: () => Promise.resolve(null) }),
  ]);
  owner = await runtime.owner();
  firm = await addEmployer(owner, FIRM, { region: "433124", kind: "enterprise" });
});
afterAll(() => runtime.close());

const somebody = (columns: Record<string, string | null> = {}) =>
  addPerson(owner, runtime, { homeRegion: HOME, columns });
const of = (person: AddedPerson) => `s.person_id = ${person.personId}`;
const spell = (person: AddedPerson, startDate: string, endDate: string | null, more: object = {}) =>
  addEmployment(owner, person, { employerName: FIRM, workRegion: "433124", startDate, endDate, ...more });
const insured = (person: AddedPerson, month: string, kind: string, more: object = {}) =>
  insert(owner, "registry.insurance_month", {
    person_id: person.personId,
    month,
    kind,
    employer_key: employerKey(FIRM),
    employer_name: FIRM,
    employer_part_fen: 64_000,
    person_part_fen: 32_000,
    home_region: HOME,
    recorded_on: ASOF,
    source: 5,
    ...more,
  });
const listed = (person: AddedPerson, from: string, to: string | null) =>
  insert(owner, "registry.person_category", {
    person_id: person.personId,
    category: "lifted-from-poverty",
    valid_from: from,
    valid_to: to,
    home_region: HOME,
    recorded_on: ASOF,
    source: 2,
  });

describe.each(subsidiesFacts.map((source) => [source.name, source] as const))("%s", (_, source) => {
  it("gives the dictionary's columns and no others", async () => {
    expect(await columnsGiven(owner, source)).toEqual(columnsPromised(source));
  });
});

describe("帮扶对象", () => {
  it.each([
    ["2024-06-29", false],
    ["2024-06-30", true],
    ["2025-06-18", true],
    ["2025-06-19", false],
  ])("are asked for their category on the business date (%s)", async (asOf, is) => {
    const person = await somebody({ labour_capacity: "weak" });
    await listed(person, "2024-06-30", ASOF);
    expect(await rowsOf(owner, assisted, asOf, of(person))).toMatchObject([
      { lifted_from_poverty: is, able_to_work: true },
    ]);
  });

  it("are those of the scope who are on the list still", async () => {
    const [here, gone] = [await somebody(), await somebody({ life_state: "moved" })];
    const inCounty = (county: string) =>
      `s.region LIKE '${county}%' AND s.person_id IN (${here.personId}, ${gone.personId})`;
    const rows = await rowsOf(owner, assisted, ASOF, inCounty("433124"));
    expect(rows.map(({ person_id }) => person_id)).toEqual([here.personId]);
    expect(await rowsOf(owner, assisted, ASOF, inCounty("433125"))).toEqual([]);
  });
});

describe("企业吸纳月", () => {
  it("takes spells that follow without a day between for one, and a day between for two (AMB-05)", async () => {
    const person = await somebody();
    const first = await spell(person, "2024-01-10", "2024-06-30");
    await spell(person, "2024-07-01", "2024-12-31", { previousEnd: "2024-06-30" });
    const second = await spell(person, "2025-01-02", null, { previousEnd: "2024-12-31" });
    for (const month of ["2024-01-01", "2024-12-01", "2025-01-01", "2025-05-01"])
      await insured(person, month, "pension");
    const rows = await rowsOf(owner, enterprise, ASOF, of(person));
    expect(
      rows.map(({ month, employment_id, started_on, ended_on }) => [month, employment_id, started_on, ended_on]),
    ).toEqual([
      ["2024-01-01", first, "2024-01-10", "2024-12-31"],
      ["2024-12-01", first, "2024-01-10", "2024-12-31"],
      ["2025-01-01", second, "2025-01-02", null],
      ["2025-05-01", second, "2025-01-02", null],
    ]);
  });

  it("finds the employer under every name that was linked to it, and none that was not", async () => {
    const person = await somebody();
    const other = "花垣测试公司二厂";
    await owner.query("INSERT INTO registry.employer_alias (name_key, name, employer_id) VALUES ($1, $2, $3)", [
      employerKey(other),
      other,
      firm,
    ]);
    await spell(person, "2024-01-10", "2024-06-30");
    await spell(person, "2024-07-01", null, { employerName: other });
    await spell(person, "2024-07-01", null, { employerName: "没有关联的厂" });
    await insured(person, "2024-08-01", "pension");
    expect(await rowsOf(owner, enterprise, ASOF, of(person))).toMatchObject([
      {
        month: "2024-08-01",
        employer_id: firm,
        started_on: "2024-01-10",
        employer_kind: "企业",
        employer_county: "433124",
      },
    ]);
  });

  it("knows kinds of the agency that sent the month, and nothing of the other's", async () => {
    const person = await somebody();
    await spell(person, "2024-01-10", null);
    await insured(person, "2024-03-01", "pension");
    await insured(person, "2024-04-01", "pension", { status: "owed" });
    await insured(person, "2024-04-01", "medical", { employer_part_fen: 20_000 });
    const rows = await rowsOf(owner, enterprise, ASOF, of(person));
    expect(rows.map((row) => [row["pension_paid"], row["unemployment_paid"], row["medical_paid"]])).toEqual([
      ["64000", "0", null],
      ["0", "0", "20000"],
    ]);
  });

  it("has the contract that covers the month, or the last before it; unknown where none was filed", async () => {
    const person = await somebody();
    await spell(person, "2023-01-10", null);
    for (const month of ["2023-01-01", "2024-01-01", "2025-05-01"]) await insured(person, month, "pension");
    const contract = {
      person_id: person.personId,
      employer_key: employerKey(FIRM),
      employer_name: FIRM,
      home_region: HOME,
    };
    const source = { recorded_on: ASOF, source: 7 };
    await insert(owner, "registry.contract", {
      ...contract,
      ...source,
      start_date: "2023-02-01",
      end_date: "2024-01-31",
      kind: "固定期限",
    });
    await insert(owner, "registry.contract", { ...contract, ...source, start_date: "2024-02-01", kind: "无固定期限" });
    const rows = await rowsOf(owner, enterprise, ASOF, of(person));
    expect(rows.map((row) => [row["contract_lawful"], row["contract_from"], row["contract_open_ended"]])).toEqual([
      [null, null, null],
      [true, "2023-02-01", false],
      [true, "2024-02-01", true],
    ]);
  });

  it("belongs to the county of the employer, and shows no month to come", async () => {
    const person = await somebody();
    await spell(person, "2024-01-10", null);
    await insured(person, "2025-06-01", "pension");
    await insured(person, "2025-07-01", "pension");
    const inCounty = (county: string) => `${of(person)} AND s.region LIKE '${county}%'`;
    expect(await rowsOf(owner, enterprise, ASOF, inCounty("433124"))).toMatchObject([{ month: "2025-06-01" }]);
    expect(await rowsOf(owner, enterprise, ASOF, inCounty("433125"))).toEqual([]);
  });
});

describe("灵活就业月", () => {
  const own = { form: "flexible" };
  const paysOwn = (person: AddedPerson, month: string, kind: string, fen = 50_000) =>
    insured(person, month, kind, { employer_part_fen: null, person_part_fen: fen });

  it("counts what a person pays alone, in the county worked in during the month, whatever the scope", async () => {
    const person = await somebody();
    await spell(person, "2025-01-15", null, { employerName: "零工", columns: own });
    await spell(person, "2025-03-20", "2025-04-10", { employerName: "外地零工", workRegion: "430121", columns: own });
    for (const month of ["2024-12-01", "2025-01-01", "2025-04-01", "2025-05-01"])
      await paysOwn(person, month, "pension");
    await insured(person, "2025-05-01", "unemployment");
    const rows = async (scope: string) =>
      (await rowsOf(owner, flexible, ASOF, `${of(person)} AND ${scope}`)).map((row) => [
        row["month"],
        row["county"],
        row["started_on"],
        row["pension_paid"],
        row["recorded"],
      ]);
    const all = [
      ["2025-01-01", "433124", "2025-01-15", "50000", true],
      ["2025-04-01", "430121", "2025-03-20", "50000", true],
      ["2025-05-01", "433124", "2025-01-15", "50000", true],
    ];
    expect(await rows("true")).toEqual(all);
    expect(await rows("s.region LIKE '433124%'")).toEqual(all.filter(([, county]) => county === "433124"));
    expect(await rows("s.region LIKE '430121%'")).toEqual(all.filter(([, county]) => county === "430121"));
  });

  it("has no record of flexible employment in a month after it ended", async () => {
    const person = await somebody();
    await spell(person, "2025-01-15", "2025-03-31", { employerName: "零工", columns: own });
    await paysOwn(person, "2025-03-01", "pension");
    await paysOwn(person, "2025-04-01", "pension");
    const rows = await rowsOf(owner, flexible, ASOF, of(person));
    expect(rows.map(({ recorded }) => recorded)).toEqual([true, false]);
  });
});

describe("以工代训月", () => {
  const month = (person: AddedPerson, month_from: string) =>
    insert(owner, "subsidies.work_training", {
      person_id: person.personId,
      employer_id: firm,
      month_from,
      trained: true,
      ...kept,
    });

  it("belongs to the spell that it falls into, else to the last before it, else to the first after it", async () => {
    const person = await somebody();
    const first = await spell(person, "2021-08-10", "2021-09-30");
    const second = await spell(person, "2021-11-01", null, { previousEnd: "2021-09-30" });
    for (const day of ["2021-08-01", "2021-08-10", "2021-10-10", "2021-12-01"]) await month(person, day);
    const rows = (await rowsOf(owner, workTraining, ASOF, of(person))).toSorted((a, b) =>
      String(a["month_from"]).localeCompare(String(b["month_from"])),
    );
    expect(rows.map(({ month_from, employment_id }) => [month_from, employment_id])).toEqual([
      ["2021-08-01", first],
      ["2021-08-10", first],
      ["2021-10-10", first],
      ["2021-12-01", second],
    ]);
  });

  it("keeps a row of its own where no employment is known", async () => {
    const [one, other] = [await somebody(), await somebody()];
    await month(one, "2021-08-01");
    await month(other, "2021-08-01");
    const rows = await rowsOf(owner, workTraining, ASOF, `s.person_id IN (${one.personId}, ${other.personId})`);
    expect(new Set(rows.map(({ employment_id }) => employment_id)).size).toBe(2);
    expect(rows).toMatchObject([{ started_on: null }, { started_on: null }]);
  });
});

describe("past benefits as claims", () => {
  const paid = (code: string, person: AddedPerson, columns: object) =>
    insert(owner, "subsidies.past_benefit", { code, person_id: person.personId, amount_fen: 1, ...kept, ...columns });
  const claimsOf = async (person: AddedPerson) =>
    (
      await owner.query(
        `SELECT benefit_key, event_date, months, employment_id FROM (${claims.sql}) c WHERE person_id = $1 ORDER BY event_date`,
        [person.personId],
      )
    ).rows;

  it("count each of their months, and once what was not paid by the month", async () => {
    const person = await somebody();
    await paid("1", person, {
      benefit: "社会保险补贴",
      event_date: "2024-12-31",
      month_from: "2023-12-01",
      month_to: "2024-02-01",
    });
    await paid("2", person, { benefit: "一次性创业补贴", event_date: "2024-08-05" });
    expect(await claimsOf(person)).toEqual([
      { benefit_key: "social-insurance", event_date: "2023-12-31", months: 1, employment_id: null },
      { benefit_key: "social-insurance", event_date: "2024-01-31", months: 1, employment_id: null },
      { benefit_key: "social-insurance", event_date: "2024-02-29", months: 1, employment_id: null },
      { benefit_key: "startup-once", event_date: "2024-08-05", months: null, employment_id: null },
    ]);
  });

  it("know the spell that training on the job was paid for as the fact source does", async () => {
    const person = await somebody();
    await spell(person, "2021-08-10", "2021-12-31");
    await insert(owner, "subsidies.work_training", {
      person_id: person.personId,
      employer_id: firm,
      month_from: "2021-09-10",
      ...kept,
    });
    await paid("3", person, {
      benefit: "以工代训职业培训补贴",
      employer_id: firm,
      event_date: "2021-09-09",
      month_from: "2021-08-01",
      month_to: "2021-08-01",
    });
    const [row] = await rowsOf(owner, workTraining, ASOF, of(person));
    expect(await claimsOf(person)).toMatchObject([{ employment_id: row!["employment_id"] }]);
  });

  it("have a word for every benefit that a measure limits, and a column for everybody it counts", () => {
    const measures = measuresOf(readLibrary(rulebookFiles(join(import.meta.dirname, "../../policies"))));
    const limits = measures.flatMap((measure) => measure.limits);
    const keys: readonly string[] = Object.values(BENEFIT_KEYS);
    expect(limits.map(({ key }) => key).filter((key) => !keys.includes(key))).toEqual([]);
    const counted = limits.flatMap(({ per, unlessSame }) => [...per, ...(unlessSame ? [unlessSame] : [])]);
    expect(counted.filter((subject) => !(subject in claims.subjects))).toEqual([]);
  });
});

describe("the registers", () => {
  it("fit their tables", async () => {
    await checkDefinitions(runtime, subsidiesRegisters, ["brands", "carriers"]);
  });
});

describe("a synthetic county", () => {
  it("brings every outcome that its dates allow, with and without what was paid before", async () => {
    const county = { county: "433125", persons: 1500, asOf: ASOF };
    await addCounty(owner, county);
    await addEveryForm(owner, county);
    const fill = () =>
      runtime.database.worker.transaction().execute((tx) => synthesizeSubsidies(tx, { region: "433125", asOf: ASOF }));
    await fill();
    const settings = {
      险种: [{ from: "2020-01-01", region: "430000", value: "养老、失业" }],
      月缴费上限: [{ from: "2020-01-01", region: "430000", value: 1_200_00 }],
      补贴比例: [{ from: "2020-01-01", region: "430000", value: { of: 3, value: 2 } }],
      专账可列支: [{ from: "2020-01-01", region: "430000", value: true }],
    };
    const scope = "s.region LIKE '433125%'";
    for (const [source, measure, outcomes] of [
      [assisted, "assisted-person/430000", ["ELIGIBLE", "NOT_ELIGIBLE", "UNKNOWN"]],
      [enterprise, "enterprise-social-insurance/430000", ["ELIGIBLE", "NOT_ELIGIBLE", "NOT_YET", "UNKNOWN"]],
      [flexible, "flexible-social-insurance/430000", ["ELIGIBLE", "NOT_ELIGIBLE", "NOT_YET", "UNKNOWN"]],
      [workTraining, "work-based-training/430000", ["ELIGIBLE", "NOT_ELIGIBLE", "UNKNOWN"]],
    ] as const) {
      const given = { asOf: ASOF, scope, settings };
      const [alone, limited] = [
        (await outcomesOf(owner, source, given))[measure]!,
        (await outcomesOf(owner, source, { ...given, claims }))[measure]!,
      ];
      for (const outcome of outcomes) expect(limited, measure).toHaveProperty(outcome);
      if (measure !== "assisted-person/430000")
        expect(limited.NOT_ELIGIBLE, measure).toBeGreaterThan(alone.NOT_ELIGIBLE!);
    }
    const before = await owner.query("SELECT count(*) FROM subsidies.past_benefit");
    await fill();
    expect((await owner.query("SELECT count(*) FROM subsidies.past_benefit")).rows).toEqual(before.rows);
  });
});
