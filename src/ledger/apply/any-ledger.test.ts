import { auditModule } from "#audit";
import { identityModule } from "#identity";
import { registryModule } from "#registry";
import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { testRuntime, type TestRuntime } from "../../platform/testing/index.ts";
import { addOffice, idle, man, Office, snapshot, workLedger, working } from "../fixtures.ts";
import { ledgerModule } from "../module.ts";

const modules = [registryModule, auditModule, identityModule, ledgerModule];
let runtime: TestRuntime;
let office: Office;

beforeAll(async () => {
  runtime = await testRuntime(modules);
  await addOffice(runtime);
  office = new Office(runtime, modules);
});
afterAll(() => runtime?.close());

const PEOPLE = 10;
const EMPLOYERS = ["义乌丰禾服饰厂", "东莞锦达电子公司", ""];
/** Days that touch, months that hold them, and some far apart. */
const DATES = [
  "2023-01-01",
  "2023-12-31",
  "2024-01-01",
  "2024-03-14",
  "2024-03-15",
  "2024-03-16",
  "2024年3月",
  "2024-04-01",
  "2025年2月",
  "2025-02-28",
];

const person = fc.integer({ min: 0, max: PEOPLE - 1 });
const village = fc.constantFrom("十八洞村", "双龙村", "毛坪村");
const phone = fc.constantFrom("13900000001", "13900000002", "");
const worker = fc
  .record({
    n: person,
    village,
    phone,
    employer: fc.constantFrom(...EMPLOYERS),
    start: fc.constantFrom(...DATES),
    end: fc.option(fc.constantFrom(...DATES), { nil: "" }),
    place: fc.constantFrom("浙江省", "浙江省义乌市", "广东省东莞市", ""),
    wage: fc.constantFrom("3800", "4200", ""),
  })
  .map(({ n, end, ...row }) =>
    working(n, {
      行政村: row.village,
      联系电话: row.phone,
      务工单位: row.employer,
      开始务工时间: row.start,
      结束务工时间: end,
      是否务工: end === "" ? "是" : "否",
      务工地点: row.place,
      "月工资(元)": row.wage,
    }),
  );
const home = fc
  .record({ n: person, village, phone })
  .map((row) => idle(row.n, { 行政村: row.village, 联系电话: row.phone }));
const ledger = fc.array(fc.oneof({ arbitrary: worker, weight: 4 }, { arbitrary: home, weight: 1 }), {
  minLength: 1,
  maxLength: 14,
});

/** What must never be, whatever was applied: each query finds the people of whom it is. */
const NEVER: Readonly<Record<string, string>> = {
  "spells at one employer overlap":
    "SELECT 1 FROM registry.employment a JOIN registry.employment b ON a.person_id = b.person_id AND a.employer_key = b.employer_key AND a.employment_id < b.employment_id AND a.start_date <= coalesce(b.end_date, 'infinity') AND b.start_date <= coalesce(a.end_date, 'infinity')",
  "the chain is torn":
    "SELECT 1 FROM (SELECT *, lag(end_date) OVER (PARTITION BY person_id, employer_key ORDER BY start_date) AS before FROM registry.employment) e WHERE previous_end IS DISTINCT FROM before",
  "two jobs are open":
    "SELECT person_id FROM registry.employment WHERE end_date IS NULL GROUP BY 1 HAVING count(*) > 1",
  "work and spells disagree":
    "SELECT 1 FROM registry.person p WHERE (work_state = 'working') <> EXISTS (SELECT 1 FROM registry.employment e WHERE e.person_id = p.person_id AND e.end_date IS NULL)",
  "the list of those to be verified is another":
    "(SELECT person_id, home_region FROM registry.person WHERE work_state = 'to-verify' AND life_state = 'active' EXCEPT SELECT person_id, home_region FROM registry.person_to_verify) UNION ALL (SELECT person_id, home_region FROM registry.person_to_verify EXCEPT SELECT person_id, home_region FROM registry.person WHERE work_state = 'to-verify' AND life_state = 'active')",
  "a copy of the home is stale": ["registry.person_key", "registry.employment", "registry.person_access", "ledger.line"]
    .map(
      (table) =>
        `SELECT 1 FROM ${table} t JOIN registry.person p USING (person_id) WHERE t.home_region <> p.home_region`,
    )
    .join(" UNION ALL "),
};

async function expectSound(): Promise<void> {
  const found = await office.rows<{ what: string }>(
    Object.entries(NEVER)
      .map(([what, query]) => `SELECT '${what}' AS what WHERE EXISTS (${query})`)
      .join(" UNION ALL "),
  );
  expect(found).toEqual([]);
}

/** The registry as a table that an office might send: everybody with his open spell, or the last one he had. */
async function asLedger(): Promise<string> {
  const rows = await office.rows<{
    name: string;
    village: string;
    work_state: string;
    employer: string | null;
    start: string;
    end: string | null;
    place: string | null;
    wage: string | null;
  }>(`
    SELECT p.name, p.home_region AS village, p.work_state, e.employer_name AS employer, to_char(e.start_date, CASE e.start_precision WHEN 'month' THEN 'YYYY-MM' ELSE 'YYYY-MM-DD' END) AS start,
      to_char(e.end_date, CASE e.end_precision WHEN 'month' THEN 'YYYY-MM' ELSE 'YYYY-MM-DD' END) AS "end", r.full_name AS place, e.monthly_wage_fen::bigint / 100 AS wage
    FROM registry.person p LEFT JOIN LATERAL (SELECT * FROM registry.employment e WHERE e.person_id = p.person_id ORDER BY e.end_date IS NULL DESC, e.start_date DESC LIMIT 1) e ON true LEFT JOIN registry.region r ON r.code = e.work_region`);
  const numbers = new Map(Array.from({ length: PEOPLE }, (_, n) => [man(n).name, n]));
  return workLedger(
    ...rows.map((row) => {
      const n = numbers.get(row.name)!;
      if (row.employer === null) return idle(n, { 行政村: row.village, 联系电话: "" });
      return working(n, {
        行政村: row.village,
        联系电话: "",
        务工单位: row.employer,
        开始务工时间: row.start,
        结束务工时间: row.end ?? "",
        是否务工: row.end === null ? "是" : "否",
        务工地点: row.place ?? "",
        "月工资(元)": row.wage ?? "",
      });
    }),
  );
}

/** One table after another on the same ten people; each is applied, taken back, and half of them stay. */
test("whatever a table says: it is applied soundly, says nothing new the second time, and is taken back to the byte", async () => {
  let taken = 0;
  let written = 0;
  await fc.assert(
    fc.asyncProperty(ledger, fc.boolean(), async (rows, stays) => {
      const before = await snapshot(runtime);
      const content = workLedger(...rows);
      const batch = await office.adopt(content, { complete: "false" });
      await expectSound();
      if ((await snapshot(runtime)) !== before) written++;
      if (taken++ % 4 === 0) {
        const again = await office.take(content, { complete: "false" });
        expect(
          Object.values(await office.reasons(again.batchId)).filter((reason) => reason !== "X3" && reason !== "X4"),
        ).toEqual([]);
        expect((await office.take(await asLedger(), { complete: "false" })).counts).toMatchObject({
          waiting: 0,
          differences: {},
        });
      }
      if (stays) return;
      expect(await office.undo(batch.batchId)).toMatchObject({ state: "undone", problem: null });
      expect(await snapshot(runtime)).toBe(before);
    }),
    { numRuns: 60, endOnFailure: true },
  );
  // A table in which every row is wrong writes nothing; not all of them are such.
  expect(written).toBeGreaterThan(20);
}, 300_000);
