import fc from "fast-check";
import { sql } from "kysely";
import { afterAll, beforeAll, expect, test } from "vitest";
import { modules } from "../../src/app.ts";
import { verifyClosing } from "../../src/months/count.ts";
import { HUAYUAN, monthsOffice, working, workLedger } from "../../src/months/fixtures.ts";
import { erasePersons } from "../../src/privacy/retention/persons.ts";
import { runRetention } from "../../src/privacy/retention/run.ts";
import { testRuntime, type TestRuntime } from "../../src/platform/testing/index.ts";
import { agree, book, onDay } from "./world.ts";

let runtime: TestRuntime;
let office: Awaited<ReturnType<typeof monthsOffice>>;

beforeAll(async () => {
  runtime = await testRuntime(modules);
  office = await monthsOffice(runtime, modules);
});
afterAll(() => runtime?.close());

const PEOPLE = 12;
const closings: string[] = [];
const erased: string[] = [];

const figures = (closingId: string) =>
  office.rows(
    `SELECT region, indicator, total, lifted, monitored, low_income, entered, gone FROM months.figure WHERE closing_id = ${closingId} ORDER BY 1, 2`,
  );

async function close(month: string): Promise<void> {
  const missing = (await office.month(HUAYUAN, month, "clerk")).open?.below.map(({ code }) => code) ?? [];
  closings.push((await office.close(HUAYUAN, month, "clerk", { missing, note: "按县统一汇总" })).closingId);
}

/** Of those that are still somebody, the nth. */
async function nth(n: number): Promise<string | undefined> {
  const found = await office.rows<{ person_id: string }>(
    "SELECT person_id FROM registry.person WHERE name <> '（已清除）' ORDER BY person_id",
  );
  return found[n % Math.max(1, found.length)]?.person_id;
}

async function erase(n: number): Promise<void> {
  const personId = await nth(n);
  if (!personId) return;
  await runtime.database.worker
    .transaction()
    .execute((tx) => erasePersons(runtime, tx, book, [personId], "2025-06-18"));
  erased.push(personId);
}

/** What offices do to rows between a closing and an erasure, so that there are earlier states to be kept. */
const edits = [
  (id: string) =>
    sql`UPDATE registry.employment SET end_date = '2025-05-20', end_precision = 'day' WHERE person_id = ${id} AND end_date IS NULL AND start_date <= '2025-05-20'`,
  (id: string) =>
    sql`UPDATE registry.person SET life_state = CASE life_state WHEN 'active' THEN 'deceased' ELSE 'active' END WHERE person_id = ${id}`,
  (id: string) =>
    sql`UPDATE registry.person SET home_region = CASE WHEN home_region LIKE '433124110%' THEN '433124109201' ELSE '433124110226' END WHERE person_id = ${id}`,
  (id: string) =>
    sql`UPDATE registry.person_category SET valid_to = '2025-05-01' WHERE person_id = ${id} AND valid_to IS NULL`,
];

test("whoever is erased, before or after whatever edit: every closed month is counted again to the unit", async () => {
  await agree(runtime, "spell", 1);
  for (const month of ["2025-03", "2025-04"]) {
    await office.adopt(
      workLedger(
        ...Array.from({ length: PEOPLE }, (_, n) => working(n, month === "2025-03" ? {} : { 务工单位: `义乌${n}厂` })),
      ),
      { month },
    );
    await office.makeLifted();
    // A placement that only the register's history tells of, once it is changed.
    const first = await nth(0);
    await sql`INSERT INTO welfare_posts.welfare_post (code, name, county, scheme, region, recorded_on) VALUES (${`G-${month}`}, '保洁', '433124', '乡村公益性岗位', '433124', '2025-01-01')`.execute(
      runtime.database.worker,
    );
    await sql`INSERT INTO welfare_posts.placement (code, post_id, person_id, started_on, region, recorded_on) SELECT ${`Z-${month}`}, post_id, ${first!}, '2025-01-01', '433124', '2025-01-01' FROM welfare_posts.welfare_post WHERE code = ${`G-${month}`}`.execute(
      runtime.database.worker,
    );
    await close(month);
    await sql`INSERT INTO registers.change (register, row_id, region, act, before, after, business_date)
      SELECT 'placements', placement_id, region, 'remove', to_jsonb(p), NULL, '2025-06-01' FROM welfare_posts.placement p WHERE code = ${`Z-${month}`}`.execute(
      runtime.database.worker,
    );
    await sql`DELETE FROM welfare_posts.placement WHERE code = ${`Z-${month}`}`.execute(runtime.database.worker);
  }
  const before = await Promise.all(closings.map(figures));
  expect(before.flat().length).toBeGreaterThan(2);
  const step = fc.oneof(
    { weight: 2, arbitrary: fc.record({ erase: fc.nat({ max: 100 }) }) },
    { weight: 3, arbitrary: fc.record({ edit: fc.nat({ max: edits.length - 1 }), pick: fc.nat({ max: 100 }) }) },
    { weight: 1, arbitrary: fc.constant({ retention: true }) },
  );
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 3, maxLength: 6 }), async (steps) => {
      for (const one of steps) {
        if ("erase" in one) await erase(one.erase);
        else if ("retention" in one) await runRetention(onDay(runtime, "2026-06-18"), book, "asked");
        else {
          const personId = await nth(one.pick);
          if (personId) await edits[one.edit]!(personId).execute(runtime.database.worker);
        }
      }
      for (const closingId of closings) expect(await verifyClosing(runtime, closingId)).toEqual([]);
    }),
    { numRuns: 5, seed: 20_251_122, endOnFailure: true },
  );
  expect(await Promise.all(closings.map(figures))).toEqual(before);
  expect(erased.length).toBeGreaterThan(3);
  // And nobody of them is to be found by the number that was his.
  for (const personId of erased) {
    const kept = await office.rows(
      `SELECT 1 FROM registry.person_former WHERE person_id = ${personId} UNION ALL SELECT 1 FROM registry.employment_former WHERE person_id = ${personId}
       UNION ALL SELECT 1 FROM registry.person_category_former WHERE person_id = ${personId} UNION ALL SELECT 1 FROM registry.change WHERE person_id = ${personId}
       UNION ALL SELECT 1 FROM ledger.difference WHERE person_id = ${personId} UNION ALL SELECT 1 FROM registers.change WHERE before ->> 'person_id' = '${personId}'`,
    );
    expect(kept).toEqual([]);
  }
}, 600_000);
