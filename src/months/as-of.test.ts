import fc from "fast-check";
import { sql } from "kysely";
import { afterAll, beforeAll, expect, test } from "vitest";
import { employerKey } from "#registry";
import { modules } from "../app.ts";
import { lastDay } from "../platform/dates/index.ts";
import { testRuntime, type TestRuntime } from "../platform/testing/index.ts";
import { verifyClosing } from "./count.ts";
import { HUAYUAN, idle, monthsOffice, working, workLedger } from "./fixtures.ts";
import { reopenMonth, returnMonth } from "./months-contract.ts";

let runtime: TestRuntime;
let office: Awaited<ReturnType<typeof monthsOffice>>;

beforeAll(async () => {
  runtime = await testRuntime(modules);
  office = await monthsOffice(runtime, modules);
});
afterAll(() => runtime?.close());

const months = ["2025-03", "2025-04", "2025-05"] as const;
const PEOPLE = 14;

type Step =
  | { readonly do: "ledger"; readonly month: string; readonly states: readonly number[] }
  | { readonly do: "undo"; readonly pick: number }
  | { readonly do: "close"; readonly month: string }
  | { readonly do: "reopen"; readonly month: string }
  | { readonly do: "write"; readonly statement: number; readonly pick: number; readonly day: number };

const month = fc.constantFrom(...months);
const pick = fc.nat({ max: 1000 });
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant("ledger" as const),
      month,
      states: fc.array(fc.nat({ max: 5 }), { minLength: PEOPLE, maxLength: PEOPLE }),
    }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant("undo" as const), pick }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constant("close" as const), month }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("reopen" as const), month }) },
  {
    weight: 8,
    arbitrary: fc.record({
      do: fc.constant("write" as const),
      statement: fc.nat({ max: 13 }),
      pick,
      day: fc.integer({ min: 1, max: 28 }),
    }),
  },
);

/** What offices and later merges do to rows, at its barest. `pick` chooses the row, `day` a date within the months. */
const statements: readonly ((pick: number, day: number) => string)[] = [
  (n, d) =>
    `UPDATE registry.employment SET end_date = greatest(start_date, DATE '2025-04-01' + ${d}), end_precision = 'day' WHERE ${nth("employment", n)} AND end_date IS NULL`,
  (
    n,
  ) => `UPDATE registry.employment SET end_date = NULL, end_precision = NULL WHERE ${nth("employment", n)} AND NOT EXISTS (SELECT FROM registry.employment o WHERE o.person_id = employment.person_id AND o.employer_key = employment.employer_key AND o.end_date IS NULL)
    AND NOT EXISTS (SELECT FROM registry.employment o WHERE o.person_id = employment.person_id AND o.previous_end = employment.end_date)`,
  (n) =>
    `UPDATE registry.employment SET form = CASE WHEN form = 'welfare-post' THEN NULL ELSE 'welfare-post' END WHERE ${nth("employment", n)}`,
  (n, d) =>
    `UPDATE registry.person_category SET valid_to = CASE WHEN valid_to IS NULL THEN DATE '2025-04-01' + ${d} END WHERE ${nth("person_category", n)}`,
  (n) => `DELETE FROM registry.person_category WHERE ${nth("person_category", n)}`,
  (n) =>
    `INSERT INTO registry.person_category (person_id, category, valid_from, home_region, recorded_on, source) SELECT person_id, 'rural-low-income', '2020-01-01', home_region, recorded_on, 1 FROM registry.person WHERE ${nth("person", n)} ON CONFLICT DO NOTHING`,
  (n) =>
    `UPDATE registry.person SET home_region = CASE WHEN home_region LIKE '433124110%' THEN '433124109201' ELSE '433124110226' END WHERE ${nth("person", n)}`,
  (n) =>
    `UPDATE registry.person SET home_region = CASE WHEN home_region LIKE '433123%' THEN '433124110226' ELSE '433123101201' END WHERE ${nth("person", n)}`,
  (n) =>
    `UPDATE registry.person SET life_state = CASE life_state WHEN 'active' THEN 'deceased' ELSE 'active' END WHERE ${nth("person", n)}`,
  // A merge: rows of one person become another's; colliding ones go.
  (
    n,
  ) => `WITH two AS (SELECT person_id AS loser, (SELECT min(person_id) FROM registry.person) AS survivor FROM registry.person WHERE ${nth("person", n)}),
    moved AS (UPDATE registry.person_category c SET person_id = t.survivor FROM two t WHERE c.person_id = t.loser AND t.loser <> t.survivor
      AND NOT EXISTS (SELECT FROM registry.person_category s WHERE s.person_id = t.survivor AND s.category = c.category) RETURNING 1)
    UPDATE registry.person p SET life_state = 'moved' FROM two t WHERE p.person_id = t.loser AND t.loser <> t.survivor`,
  (n) =>
    `DELETE FROM registry.employment WHERE ${nth("employment", n)} AND NOT EXISTS (SELECT FROM registry.employment o WHERE o.person_id = employment.person_id AND o.previous_end = employment.end_date)`,
  (n) =>
    `UPDATE registry.employer_alias SET employer_id = (SELECT employer_id FROM registry.employer ORDER BY employer_id OFFSET ${n % 2} LIMIT 1)`,
  (_n) => `DELETE FROM registry.employer_alias`,
  (_n) =>
    `INSERT INTO registry.employer_alias (name_key, name, employer_id) SELECT ${employerKey("义乌丰禾服饰厂")}, '义乌丰禾服饰厂', min(employer_id) FROM registry.employer ON CONFLICT DO NOTHING`,
];

/** SQL: one row of a table, chosen by number whatever ids it has. */
const nth = (table: string, n: number) =>
  `${table}.ctid = (SELECT ctid FROM registry.${table} ORDER BY ${table === "person_category" ? "person_id, category, valid_from" : table === "employment" ? "person_id, employment_id" : "person_id"} OFFSET ${n} % greatest(1, (SELECT count(*) FROM registry.${table})) LIMIT 1)`;

/** The same numbers by other means, at the time itself: plain counts over the tables as they stand. */
async function plainCount(county: string, of: string): Promise<Record<string, number>> {
  const day = `DATE '${lastDay(of)}'`;
  const is = (category: string) =>
    `EXISTS (SELECT FROM registry.person_category c WHERE c.person_id = p.person_id AND c.category IN (${category}) AND c.valid_from <= ${day} AND coalesce(c.valid_to, 'infinity') >= ${day})`;
  const works = `EXISTS (SELECT FROM registry.employment e WHERE e.person_id = p.person_id AND ${day} BETWEEN e.start_date AND coalesce(e.end_date, 'infinity'))`;
  const post = `(EXISTS (SELECT FROM registry.employment e WHERE e.person_id = p.person_id AND e.form = 'welfare-post' AND ${day} BETWEEN e.start_date AND coalesce(e.end_date, 'infinity'))
    OR EXISTS (SELECT FROM welfare_posts.placement w WHERE w.person_id = p.person_id AND ${day} BETWEEN w.started_on AND coalesce(w.ended_on, 'infinity')))`;
  const assisted = `(${is("'lifted-from-poverty', 'lifted-with-policy'")} OR ${is("'monitored'")})`;
  const open = `c.kind <> '就业帮扶基地' AND left(c.county, 6) = '${county}' AND coalesce(c.opened_on, '-infinity') <= ${day} AND coalesce(c.closed_on, 'infinity') > ${day}
    AND EXISTS (SELECT FROM carriers.recognition r WHERE r.carrier_id = c.carrier_id AND ${day} BETWEEN r.recognised_on AND coalesce(r.recognised_to, 'infinity'))`;
  const [row] = await office.rows<Record<string, number>>(`SELECT
    (SELECT count(*)::int FROM registry.person p WHERE p.home_region LIKE '${county}%' AND life_state = 'active' AND ${works} AND ${assisted}) AS workers,
    (SELECT count(*)::int FROM registry.person p WHERE p.home_region LIKE '${county}%' AND life_state = 'active' AND ${post}) AS posts,
    (SELECT count(*)::int FROM carriers.carrier c WHERE ${open}) AS workshops,
    (SELECT count(DISTINCT p.person_id)::int FROM carriers.carrier c JOIN registry.employer_alias n ON n.employer_id = c.employer_id JOIN registry.employment e ON e.employer_key = n.name_key JOIN registry.person p ON p.person_id = e.person_id
      WHERE ${open} AND ${day} BETWEEN e.start_date AND coalesce(e.end_date, 'infinity') AND p.life_state = 'active' AND ${assisted}) AS absorbed`);
  return row!;
}

async function stored(closingId: string): Promise<Record<string, number>> {
  const rows = await office.rows<{ indicator: string; n: number }>(
    `SELECT indicator, sum(total)::int AS n FROM months.figure WHERE closing_id = ${closingId} GROUP BY 1`,
  );
  return {
    workers: 0,
    posts: 0,
    workshops: 0,
    absorbed: 0,
    ...Object.fromEntries(rows.map((row) => [row.indicator, row.n])),
  };
}

async function addWorkshops(): Promise<void> {
  const { worker } = runtime.database;
  await sql`INSERT INTO registry.employer (name, name_key, region, recorded_on, source) SELECT n, ('x' || left(md5(n), 12))::bit(48)::bigint, '433124', '2025-01-01', 1 FROM unnest(ARRAY['花垣一厂', '花垣二厂']) n`.execute(
    worker,
  );
  await sql`INSERT INTO carriers.carrier (code, kind, name, employer_id, county, township, region, recorded_on)
    SELECT 'C' || employer_id, '帮扶车间', name, employer_id, '433124', CASE WHEN employer_id % 2 = 0 THEN '433124110' END, '433124', '2025-01-01' FROM registry.employer`.execute(
    worker,
  );
  await sql`INSERT INTO carriers.recognition (carrier_id, level, recognised_on, region, recorded_on) SELECT carrier_id, '县级', '2024-01-01', '433124', '2025-01-01' FROM carriers.carrier`.execute(
    worker,
  );
}

async function perform(one: Step): Promise<void> {
  if (one.do === "ledger") {
    const rows = one.states.flatMap((state, n) => {
      const place = state % 2 === 0 ? {} : { 乡镇: "花垣镇", 行政村: "" };
      if (state === 5) return [];
      if (state === 4) return [idle(n, place)];
      if (state === 3) return [working(n, { ...place, 结束务工时间: "2025-04-15", 是否务工: "否" })];
      return [working(n, { ...place, 开始务工时间: `2025-0${state + 2}-10` })];
    });
    await office.adopt(workLedger(...rows), { month: one.month }).then(() => performed.ledger++, ignoreRefusal);
  } else if (one.do === "undo") {
    const batches = await office.rows<{ batch_id: string }>(
      "SELECT batch_id FROM ledger.batch WHERE state = 'applied' AND counter_of IS NULL ORDER BY batch_id",
    );
    const batch = batches[one.pick % Math.max(1, batches.length)];
    if (batch) await office.undo(batch.batch_id).then(() => performed.undo++, ignoreRefusal);
  } else if (one.do === "close") {
    await closeCounty(one.month).catch(ignoreRefusal);
  } else if (one.do === "reopen") {
    const [row] = await office.rows<{ state: string }>(
      `SELECT state FROM months.month WHERE region = '${HUAYUAN}' AND month = '${one.month}-01'`,
    );
    if (row?.state === "acknowledged")
      await office.act(reopenMonth, { region: HUAYUAN, month: one.month, reason: "更正数据" }, "city");
    if (row?.state === "submitted")
      await office.act(returnMonth, { region: HUAYUAN, month: one.month, reason: "数据有误" }, "city");
  } else {
    await sql
      .raw(statements[one.statement]!(one.pick, one.day))
      .execute(runtime.database.worker)
      .catch((cause: { code?: string }) => {
        // What the registry's own constraints forbid is not done.
        if (!cause.code?.startsWith("23")) throw cause as Error;
      });
  }
}

const performed = { ledger: 0, undo: 0 };
const closings: { id: string; of: string; figures: Record<string, number> }[] = [];

async function closeCounty(of: string): Promise<void> {
  const missing = (await office.month(HUAYUAN, of, "clerk")).open?.below.map(({ code }) => code) ?? [];
  const expected = await plainCount(HUAYUAN, of);
  const { closingId } = await office.close(HUAYUAN, of, "clerk", { missing, note: "按县统一汇总" });
  expect(await stored(closingId)).toEqual(expected);
  closings.push({ id: closingId, of, figures: expected });
}

function ignoreRefusal(cause: unknown): void {
  const named =
    (cause as { name?: string; message?: string }).name === "Refusal" ||
    /^(compared|refused|mapping|applied)/.test((cause as Error).message);
  if (!named) throw cause as Error;
}

test("whatever is edited, undone, applied late or merged afterwards, every closed month comes out the same to the unit", async () => {
  await office.adopt(workLedger(...Array.from({ length: PEOPLE }, (_, n) => working(n))), { month: "2025-02" });
  await office.makeLifted();
  await addWorkshops();
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 10, maxLength: 16 }), async (steps) => {
      for (const one of steps) await perform(one);
      for (const { id, figures } of closings) {
        expect(await stored(id)).toEqual(figures);
        expect(await verifyClosing(runtime, id)).toEqual([]);
      }
    }),
    // The world goes on from run to run, so that a counter-example is not shrunk: the last one alone would not show it.
    { numRuns: Number(process.env["WENGANG_MONTH_RUNS"] ?? 5), seed: 20_250_618, endOnFailure: true },
  );
  // The proof is worth something only if much has happened since: the same months, counted by what is known now, are others.
  expect(closings.length).toBeGreaterThan(3);
  expect(performed.ledger).toBeGreaterThan(3);
  expect(performed.undo).toBeGreaterThan(1);
  const now = await Promise.all(
    closings.map(async ({ id, of }) => ({ id, figures: await plainCount(HUAYUAN, of), of })),
  );
  expect(
    now.filter(({ figures }, index) => JSON.stringify(figures) !== JSON.stringify(closings[index]!.figures)).length,
  ).toBeGreaterThan(2);
}, 600_000);
