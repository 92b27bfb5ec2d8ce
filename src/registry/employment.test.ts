import fc from "fast-check";
import type { Client } from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { testRuntime, type TestRuntime } from "../platform/testing/index.ts";
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

const anybody = () => addPerson(owner, runtime, { homeRegion: HOME });
const spell = (
  person: AddedPerson,
  startDate: string,
  endDate: string | null,
  previousEnd: string | null = null,
  employerName = "测试厂",
) => addEmployment(owner, person, { startDate, endDate, previousEnd, employerName });

describe("the chain of spells at one employer", () => {
  it("takes spells one after the other, and the same time at another employer", async () => {
    const person = await anybody();
    await spell(person, "2023-01-01", "2023-06-30");
    await spell(person, "2023-07-01", "2023-12-31", "2023-06-30");
    await spell(person, "2024-03-01", null, "2023-12-31");
    await spell(person, "2023-05-01", null, null, "另一厂");
  });

  it.each([
    ["begins before the one before it ends", "2023-06-15", null, "2023-06-30", /employment_after_previous/],
    ["ends before it begins", "2023-08-01", "2023-07-01", "2023-06-30", /employment_ends_after_start/],
    ["claims to be the first although there is one", "2023-08-01", null, null, /employment_one_successor/],
    ["follows an end that no spell has", "2023-08-01", null, "2023-07-15", /employment_chain/],
    ["ends on the day another ends", "2023-03-01", "2023-06-30", null, /employment_one_(successor|end)/],
  ])("refuses a spell that %s", async (_, startDate, endDate, previousEnd, constraint) => {
    const person = await anybody();
    await spell(person, "2023-01-01", "2023-06-30");
    await expect(spell(person, startDate, endDate, previousEnd)).rejects.toThrow(constraint);
  });

  it("moves the successor's link along when an end is corrected", async () => {
    const person = await anybody();
    const first = await spell(person, "2023-01-01", "2023-06-30");
    const second = await spell(person, "2023-09-01", null, "2023-06-30");
    await owner.query(
      "UPDATE registry.employment SET end_date = '2023-07-31' WHERE person_id = $1 AND employment_id = $2",
      [person.personId, first],
    );
    const { rows } = await owner.query(
      "SELECT previous_end FROM registry.employment WHERE person_id = $1 AND employment_id = $2",
      [person.personId, second],
    );
    expect(rows).toEqual([{ previous_end: "2023-07-31" }]);
  });

  it("never holds two overlapping spells at one employer, whatever is tried", async () => {
    const day = fc
      .integer({ min: 0, max: 400 })
      .map((days) => new Date(Date.UTC(2023, 0, 1 + days)).toISOString().slice(0, 10));
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.record({ startDate: day, endDate: fc.option(day), previousEnd: fc.option(day) }), { maxLength: 8 }),
        async (tries) => {
          const person = await anybody();
          const ends: (string | null)[] = [null];
          for (const attempt of tries) {
            // Half of the links point at a real end, so that chains do grow.
            const previousEnd = attempt.previousEnd === null ? ends.at(-1)! : attempt.previousEnd;
            await spell(person, attempt.startDate, attempt.endDate, previousEnd).then(
              () => ends.push(attempt.endDate),
              (cause: unknown) => expect(String(cause)).toMatch(/employment_/),
            );
          }
          const { rows } = await owner.query<{ n: number }>(
            `SELECT count(*)::int AS n FROM registry.employment a JOIN registry.employment b USING (person_id, employer_key)
           WHERE a.person_id = $1 AND a.employment_id < b.employment_id
             AND a.start_date <= coalesce(b.end_date, 'infinity') AND b.start_date <= coalesce(a.end_date, 'infinity')`,
            [person.personId],
          );
          expect(rows[0]!.n).toBe(0);
        },
      ),
      { numRuns: 40 },
    );
  });
});

describe("other constraints", () => {
  it("keeps one open interval per category, amounts not negative, months on their first day", async () => {
    const person = await anybody();
    const row = { person_id: person.personId, home_region: HOME, recorded_on: "2025-05-20", source: 2 };
    const employer = { employer_key: "1", employer_name: "测试厂" };
    await insert(owner, "registry.person_category", { ...row, category: "veteran", valid_from: "2020-01-01" });
    await expect(
      insert(owner, "registry.person_category", { ...row, category: "veteran", valid_from: "2021-01-01" }),
    ).rejects.toThrow(/person_category_open/);
    await expect(
      insert(owner, "registry.person_category", {
        ...row,
        category: "graduate",
        valid_from: "2021-01-01",
        valid_to: "2020-12-31",
      }),
    ).rejects.toThrow(/check/);
    await expect(
      insert(owner, "registry.wage_month", { ...row, ...employer, month: "2025-05-02", amount_fen: 1 }),
    ).rejects.toThrow(/month_check/);
    await expect(
      insert(owner, "registry.wage_month", { ...row, ...employer, month: "2025-05-01", amount_fen: -1 }),
    ).rejects.toThrow(/amount_fen_check/);
    await expect(
      insert(owner, "registry.person_key", {
        key_hash: "00000000-0000-0000-0000-000000000000",
        person_id: "1",
        kind: "resident-id",
        home_region: HOME,
      }),
    ).rejects.toThrow(/foreign key/);
  });
});
