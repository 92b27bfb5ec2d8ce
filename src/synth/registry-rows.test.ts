import {
  education,
  employmentChannel,
  employmentForm,
  ethnicity,
  health,
  industry,
  labourCapacity,
  monitoringKind,
  personCategory,
} from "#registry/contract";
import { describe, expect, test } from "vitest";
import { population } from "./fixtures.ts";
import { dayOf } from "./population.ts";
import { employerRows, personRecords, type PersonRecord } from "./registry-rows.ts";

const county = population({ persons: 1500 });
const DAY = "2025-06-18";
const records = [...personRecords(county, dayOf(DAY), { registerMonths: 3 })];

/** Enough for what is true of a few in a thousand. */
const many = [...personRecords(population({ persons: 6000 }), dayOf(DAY), { registerMonths: 1 })];

describe("rows for the registry", () => {
  test("use the registry's own words", () => {
    const ids = <Id extends string>(dictionary: { ids: readonly Id[] }) => new Set<string>(dictionary.ids);
    const known = {
      labour: ids(labourCapacity),
      health: ids(health),
      form: ids(employmentForm),
      channel: ids(employmentChannel),
      industry: ids(industry),
      category: ids(personCategory),
    };
    for (const { person, employments, categories } of records) {
      expect(known.labour.has(person.labourCapacity)).toBe(true);
      expect(known.health.has(person.health)).toBe(true);
      expect(person.education).toBeGreaterThan(0);
      for (const row of employments)
        expect([known.form.has(row.form), known.channel.has(row.channel), known.industry.has(row.industry)]).toEqual([
          true,
          true,
          true,
        ]);
      for (const row of categories) {
        expect(known.category.has(row.category)).toBe(true);
        if (row.category === "monitored") expect(monitoringKind.parse(row.detail!)).not.toBeNull();
      }
    }
  });

  test("words of the ledger mean what the registry holds", () => {
    const held = new Map(records.map(({ person }) => [person.identityNumber, person]));
    for (const { person, household, spell } of county.listed(dayOf(DAY))) {
      expect(education.parse(person.education.word)).toBe(person.education.id);
      expect(ethnicity.parse(household.ethnicity.word)).toBe(household.ethnicity.id);
      expect(labourCapacity.parse(person.labour.word)).toBe(person.labour.id);
      expect(health.parse(person.health.word)).toBe(person.health.id);
      if (spell !== null)
        expect([
          employmentForm.parse(spell.form.word),
          employmentChannel.parse(spell.channel.word),
          industry.parse(spell.industry.word),
        ]).toEqual([spell.form.id, spell.channel.id, spell.industry.id]);
      expect(held.has(person.identityNumber)).toBe(true);
    }
  });

  test("keep the constraints of the tables", () => {
    for (const { employments, categories, contracts, insuranceMonths, wageMonths } of records) {
      const open = employments.filter((row) => row.endDate === null);
      expect(open.length).toBeLessThanOrEqual(1);
      const chain = new Set<string>();
      for (const row of employments) {
        if (row.endDate !== null) expect(row.endDate >= row.startDate).toBe(true);
        if (row.previousEnd !== null) {
          expect(row.previousEnd < row.startDate).toBe(true);
          expect(chain.has(`${row.employerName}|${row.previousEnd}`)).toBe(true);
        }
        chain.add(`${row.employerName}|${row.endDate}`);
        expect(row.startDate <= DAY).toBe(true);
        expect(row.endDate === null || row.endDate <= DAY).toBe(true);
        expect(row.monthlyWageFen).toBeGreaterThan(0);
      }
      expect(chain.size).toBe(employments.length);
      expect(new Set(categories.map(({ category, validFrom }) => category + validFrom)).size).toBe(categories.length);
      for (const row of categories) expect(row.validTo === null || row.validTo >= row.validFrom).toBe(true);
      expect(new Set(contracts.map((row) => row.employerName + row.startDate)).size).toBe(contracts.length);
      expect(new Set(insuranceMonths.map((row) => row.month + row.kind + row.employerName)).size).toBe(
        insuranceMonths.length,
      );
      expect(new Set(wageMonths.map((row) => row.month + row.employerName)).size).toBe(wageMonths.length);
      for (const row of [...insuranceMonths, ...wageMonths])
        expect(["2025-03-01", "2025-04-01", "2025-05-01"]).toContain(row.month);
    }
  });

  // Checks look for the odd one out: among an employer's workers there must be some, and few.
  test.each([
    ["contracts", ({ contracts }: PersonRecord) => contracts.map(({ employerName }) => employerName)],
    ["contributions", ({ insuranceMonths }: PersonRecord) => insuranceMonths.map(({ employerName }) => employerName)],
  ] as const)("an employer with %s on file has them of all who work there, but for a few", (_, filed) => {
    const filing = new Set(many.flatMap(filed));
    let [paid, without] = [0, 0];
    for (const record of many)
      for (const { employerName } of record.wageMonths) {
        if (!filing.has(employerName)) continue;
        paid += 1;
        if (!filed(record).includes(employerName)) without += 1;
      }
    expect(paid).toBeGreaterThan(1_000);
    expect(without).toBeGreaterThan(0);
    expect(without / paid).toBeLessThan(0.006);
  });

  test("give each household once and name a household for each person", () => {
    const households = records.flatMap(({ household }) => (household === null ? [] : [household.householdNo]));
    expect(new Set(households).size).toBe(households.length);
    const numbers = new Set(households);
    expect(records.filter(({ person }) => !numbers.has(person.householdNo))).toEqual([]);
  });

  test("know those who are missing for a while, to be verified", () => {
    const waiting = records.filter(({ person }) => person.workState === "to-verify");
    expect(waiting.length).toBeGreaterThan(0);
    expect(waiting.length / records.length).toBeLessThan(0.02);
  });

  test("employers have each their name and code, and everybody's employer is among them or is own work", () => {
    const employers = [...employerRows(county)];
    const codes = employers.flatMap(({ creditCode }) => (creditCode === null ? [] : [creditCode]));
    expect(new Set(codes).size).toBe(codes.length);
    const names = new Set(employers.map(({ name }) => name));
    expect(names.size).toBe(employers.length);
    for (const { employments } of records)
      for (const { employerName } of employments)
        expect(names.has(employerName) || employerName.includes("（")).toBe(true);
  });
});
