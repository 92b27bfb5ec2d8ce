import fc from "fast-check";
import { sql } from "kysely";
import type { Client } from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { withSight, noSight, type Tx } from "../platform/db/database.ts";
import { testRuntime, type TestRuntime } from "../platform/testing/index.ts";
import { listComparisons } from "./comparisons/contract.ts";
import { listStoredComparisons, lockOpenComparisons } from "./comparisons/store.ts";
import { employerKey } from "./employers/names.ts";
import { listStoredEmployers, unlinkedNames, workersOf } from "./employers/store.ts";
import { addEmployment, addPerson, ask, callerIn, insert, recordingGate, type AddedPerson } from "./fixtures.ts";
import { getHousehold } from "./households/contract.ts";
import { householdById, membersOf } from "./households/store.ts";
import { registryModule } from "./module.ts";
import { asUuid, identityHash } from "./numbers.ts";
import { listStoredCards } from "./persons/cards-store.ts";
import { find, listCards, listPersons, unmask } from "./persons/contract.ts";
import { regionsWithPersons } from "./persons/counts-store.ts";
import { findByIdentityHash, findByName, findByPhoneTail } from "./persons/find-store.ts";
import { listPersonRows, type PersonFilter } from "./persons/list-store.ts";
import { editPerson, getPerson, listPersonChanges } from "./persons/page-contract.ts";
import { personPageOf } from "./persons/page.ts";

const TODAY = "2025-06-18";
/** Two villages of one county, another county of the prefecture, another province. */
const VILLAGES = ["433124110226", "433124110227", "433123101201", "622927101201"] as const;
const SCOPES = [
  "",
  "43",
  "4331",
  "433124",
  "433124110",
  "433124110226",
  "433123",
  "62",
  "622927",
  "3708",
  null,
] as const;
const anyFilter: PersonFilter = {
  name: undefined,
  region: undefined,
  categories: [],
  workStates: [],
  labourCapacities: [],
  jobWilling: undefined,
  trainingWilling: undefined,
  ageFrom: undefined,
  ageTo: undefined,
  sort: "region",
  descending: false,
};
const FIRST_PAGE = { page: 1, size: 200 };

let runtime: TestRuntime;
let owner: Client;
const people: AddedPerson[] = [];
const gate = recordingGate();

beforeAll(async () => {
  runtime = await testRuntime([registryModule], { businessDate: TODAY });
  owner = await runtime.owner();
  for (const [index, homeRegion] of VILLAGES.entries()) {
    const householdId = String(7000 + index);
    await insert(owner, "registry.household", {
      household_id: householdId,
      household_no: `户${index}`,
      home_region: homeRegion,
      recorded_on: TODAY,
      source: 2,
    });
    const person = await addPerson(owner, runtime, {
      name: `龙建平${index}`,
      homeRegion,
      householdId,
      phone: `1380000440${index}`.slice(0, 11),
    });
    people.push(person);
    await owner.query("UPDATE registry.person SET work_state = 'to-verify' WHERE person_id = $1", [person.personId]);
    const own = { person_id: person.personId, home_region: homeRegion, recorded_on: TODAY, source: 3 };
    // Everybody works in the county of the first: sight by work must not become sight of the rest.
    await addEmployment(owner, person, { workRegion: "433124", employerName: `花垣测试厂${index}` });
    const employer = { employer_key: employerKey("测试厂"), employer_name: "测试厂" };
    await insert(owner, "registry.person_category", {
      ...own,
      category: "lifted-from-poverty",
      valid_from: "2018-12-20",
    });
    await insert(owner, "registry.contract", { ...own, ...employer, start_date: "2025-03-01" });
    await insert(owner, "registry.insurance_month", { ...own, ...employer, month: "2025-04-01", kind: "养老" });
    await insert(owner, "registry.wage_month", { ...own, ...employer, month: "2025-04-01", amount_fen: 380000 });
    await insert(owner, "registry.other_record", { ...own, title: "两后生", month: "2025-04-01", content: "{}" });
    await insert(owner, "registry.person_access", {
      person_id: person.personId,
      region: "433124",
      ground: "work",
      valid_from: "2025-02-26",
      home_region: homeRegion,
    });
    await insert(owner, "registry.change", {
      person_id: person.personId,
      entity: "person",
      entity_key: "{}",
      act: "update",
      before: "{}",
      after: "{}",
      source: 3,
      home_region: homeRegion,
    });
    await insert(owner, "registry.comparison", {
      person_id: person.personId,
      home_region: homeRegion,
      reason: "X2",
      entity: "person",
      field: "skills",
      held_value: "缝纫",
      held_source: 3,
      claimed_value: "焊工",
      claimed_source: 8,
      due_on: "2025-06-01",
    });
    await insert(owner, "registry.employer", {
      name: `本地单位${index}`,
      name_key: employerKey(`花垣测试厂${index}`),
      region: homeRegion.slice(0, 6),
      recorded_on: TODAY,
      source: 1,
    });
    await owner.query(
      "INSERT INTO registry.employer_alias (name_key, name, employer_id) SELECT name_key, name, employer_id FROM registry.employer WHERE name = $1",
      [`本地单位${index}`],
    );
  }
});
afterAll(() => runtime.close());

const inside = (scope: string | null, region: string) => scope !== null && region.startsWith(scope);

describe("row security alone", () => {
  it("keeps every table of the registry that holds people behind its policies", async () => {
    const { rows } = await owner.query<{ name: string; secured: boolean }>(
      `SELECT c.relname AS name, c.relrowsecurity AND c.relforcerowsecurity AS secured FROM pg_class c
       WHERE c.relnamespace = 'registry'::regnamespace AND c.relkind IN ('r', 'p')
         AND EXISTS (SELECT 1 FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attname IN ('person_id', 'home_region'))`,
    );
    expect(rows.length).toBeGreaterThan(10);
    expect(rows.filter((row) => !row.secured)).toEqual([]);
  });

  it.each(SCOPES)("shows a caller of %s no person's row from elsewhere, whatever the query", async (region) => {
    const { rows: tables } = await owner.query<{ name: string }>(
      // What officers cannot read at all (former rows, for figures as of a closing) shows them nothing.
      "SELECT table_name AS name FROM information_schema.columns WHERE table_schema = 'registry' AND column_name = 'home_region' AND table_name <> 'employment' AND table_name NOT LIKE '%\\_former'",
    );
    await withSight(runtime.database.app, { ...noSight, region }, async (tx) => {
      for (const { name } of tables) {
        const { rows } = await sql<{
          home: string;
        }>`SELECT home_region AS home FROM ${sql.table(`registry.${name}`)}`.execute(tx);
        expect(rows.map((row) => row.home).toSorted(), name).toEqual(
          VILLAGES.filter((village) => inside(region, village)).toSorted(),
        );
      }
    });
  });

  it("shows employment at home and at the place of work, and lets only home write it", async () => {
    await withSight(runtime.database.app, { ...noSight, region: "433124" }, async (tx) => {
      const { rows } = await sql<{ n: number }>`SELECT count(*)::int AS n FROM registry.employment`.execute(tx);
      expect(rows[0]!.n).toBe(VILLAGES.length);
      const touched = await sql`UPDATE registry.employment SET end_reason = 'x'`.execute(tx);
      expect(Number(touched.numAffectedRows)).toBe(2);
      await sql`UPDATE registry.employment SET end_reason = NULL`.execute(tx);
    });
    await withSight(runtime.database.app, { ...noSight, region: "622927" }, async (tx) => {
      const { rows } = await sql<{ n: number }>`SELECT count(*)::int AS n FROM registry.employment`.execute(tx);
      expect(rows[0]!.n).toBe(1);
    });
  });

  it("gives nothing to a transaction without sight, and history cannot be rewritten", async () => {
    const client = await runtime.database.pools.app.connect();
    try {
      const { rows } = await client.query("SELECT count(*)::int AS n FROM registry.person");
      expect(rows[0].n).toBe(0);
      for (const statement of [
        "UPDATE registry.change SET reason = ''",
        "DELETE FROM registry.change",
        "DELETE FROM registry.person",
        "TRUNCATE registry.person CASCADE",
      ]) {
        await expect(client.query(statement)).rejects.toThrow(/permission denied/);
      }
    } finally {
      client.release();
    }
  });

  it("refuses to write a row for another county", async () => {
    const write = withSight(runtime.database.app, { ...noSight, region: "433123" }, (tx) =>
      sql`INSERT INTO registry.person_category (person_id, category, valid_from, home_region, recorded_on, source)
        VALUES (${people[0]!.personId}, 'veteran', '2025-01-01', ${people[0]!.homeRegion}, ${TODAY}, 1)`.execute(tx),
    );
    await expect(write).rejects.toThrow(/row-level security/);
  });

  it("shows employers of other counties of the hosted areas to nobody there, and those outside to everybody", async () => {
    await insert(owner, "registry.employer", {
      name: "东莞单位",
      name_key: "91",
      region: "441900",
      recorded_on: TODAY,
      source: 1,
    });
    await insert(owner, "registry.employer", {
      name: "青岛单位",
      name_key: "92",
      region: "370202",
      recorded_on: TODAY,
      source: 1,
    });
    const seen = await withSight(runtime.database.app, { ...noSight, region: "433124" }, async (tx) => {
      const { rows } = await sql<{ name: string }>`SELECT name FROM registry.employer ORDER BY name`.execute(tx);
      return rows.map((row) => row.name);
    });
    expect(seen.toSorted()).toEqual(["东莞单位", "本地单位0", "本地单位1", "青岛单位"].toSorted());
  });
});

describe("the store functions alone, where row security lets everything through", () => {
  const unbound = <T>(work: (tx: Tx) => Promise<T>) =>
    withSight(runtime.database.app, { ...noSight, region: "" }, work);

  it("sees all rows there, which is what makes this a test", async () => {
    const { rows } = await unbound((tx) =>
      sql<{ n: number }>`SELECT count(*)::int AS n FROM registry.person`.execute(tx),
    );
    expect(rows[0]!.n).toBe(VILLAGES.length);
  });

  it.each(SCOPES)("answers a scope of %s with its own rows only", async (scope) => {
    const expected = people
      .filter((person) => inside(scope, person.homeRegion))
      .map((person) => person.personId)
      .toSorted();
    await unbound(async (tx) => {
      const listed = await listPersonRows(tx, scope, anyFilter, TODAY, FIRST_PAGE);
      // Everybody here is to be verified.
      const toVerify: PersonFilter = { ...anyFilter, workStates: ["to-verify"] };
      expect(await listPersonRows(tx, scope, toVerify, TODAY, FIRST_PAGE)).toEqual(listed);
      expect(listed.rows.map((row) => row.personId).toSorted()).toEqual(expected);
      expect(listed.total).toBe(expected.length);
      expect((await findByName(tx, scope, "龙建平", null, 50)).map((row) => row.person_id).toSorted()).toEqual(
        expected,
      );
      const hashes = people.map((person) => asUuid(identityHash(runtime.keys, "resident-id", person.identity)));
      expect((await findByIdentityHash(tx, scope, hashes)).map((row) => row.person_id).toSorted()).toEqual(expected);
      for (const person of people) {
        const tail = await findByPhoneTail(tx, scope, person.phone!.slice(-4), 10);
        expect(tail.map((row) => row.person_id)).toEqual(inside(scope, person.homeRegion) ? [person.personId] : []);
      }
      expect(await regionsWithPersons(tx, scope)).toEqual(
        [
          ...new Set(
            people.filter((person) => inside(scope, person.homeRegion)).map((person) => person.homeRegion.slice(0, 6)),
          ),
        ].toSorted(),
      );
      const tasks = await listStoredComparisons(tx, scope, {}, TODAY, FIRST_PAGE);
      expect(tasks.rows.map((row) => row.person_id).toSorted()).toEqual(expected);
      expect(
        await lockOpenComparisons(
          tx,
          scope,
          tasks.rows.map((row) => row.comparison_id),
        ),
      ).toHaveLength(expected.length);
      for (const [index, person] of people.entries()) {
        const seen = inside(scope, person.homeRegion);
        expect((await householdById(tx, scope, String(7000 + index))) !== undefined).toBe(seen);
        expect(
          await membersOf(tx, scope, String(7000 + index))
            .select("p.person_id")
            .execute(),
        ).toHaveLength(seen ? 1 : 0);
        const page = personPageOf(tx, scope, person.personId, TODAY, runtime);
        if (seen) expect((await page).person.name).toBe(person.name);
        else await expect(page).rejects.toThrow("没有找到此人");
      }
      const employers = await listStoredEmployers(tx, scope, { text: "本地单位" }, "name", FIRST_PAGE);
      expect(employers.rows.every((row) => row.region === null || inside(scope, row.region))).toBe(true);
      const cards = await listStoredCards(tx, scope, { ground: "work" }, TODAY, FIRST_PAGE);
      expect(cards.rows.every((row) => inside(scope, row.region))).toBe(true);
    });
  });

  it("counts and names workers only where the work or the home is in scope", async () => {
    await unbound(async (tx) => {
      const [gansu] = (await listStoredEmployers(tx, "62", { text: "本地单位3" }, "name", FIRST_PAGE)).rows;
      expect(gansu?.workers).toBe(1);
      expect((await workersOf(tx, "433123", gansu!.employer_id, FIRST_PAGE)).total).toBe(0);
      expect((await unlinkedNames(tx, null, undefined, FIRST_PAGE)).total).toBe(0);
    });
  });
});

describe("the routes, with both walls", () => {
  it("never lets the search box find somebody outside, by name, number, phone or its tail", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...SCOPES),
        fc.constantFrom(...people.keys()),
        fc.constantFrom("name", "identity", "phone", "tail"),
        async (region, index, by) => {
          const person = people[index]!;
          const text = {
            name: person.name,
            identity: person.identity,
            phone: person.phone!,
            tail: person.phone!.slice(-4),
          }[by];
          const answer = await ask(runtime, gate, callerIn(region), find, { text });
          expect(answer.persons.map((hit) => hit.personId)).toEqual(
            inside(region, person.homeRegion) ? [person.personId] : [],
          );
          expect(answer.regions.every((hit) => inside(region, hit.code))).toBe(true);
        },
      ),
      { numRuns: 60 },
    );
  });

  it("answers everything about a person outside as if nobody were there", async () => {
    const stranger = people[3]!;
    const caller = callerIn("433124");
    const { personId } = stranger;
    await expect(ask(runtime, gate, caller, getPerson, { personId })).rejects.toThrow("没有找到此人");
    await expect(ask(runtime, gate, caller, listPersonChanges, { personId })).rejects.toThrow("没有找到此人");
    await expect(
      ask(runtime, gate, caller, unmask, { personId, field: "identity", purpose: "核对身份" }),
    ).rejects.toThrow("没有找到此人");
    await expect(
      ask(runtime, gate, caller, editPerson, {
        personId,
        version: 1,
        cells: [{ field: "skills", value: "焊工" }],
        note: "走访",
      }),
    ).rejects.toThrow("没有找到此人");
    await expect(ask(runtime, gate, caller, getHousehold, { householdId: "7003" })).rejects.toThrow("没有找到该家庭");
  });

  it("refuses a filter beside the scope and ignores one around it", async () => {
    await expect(ask(runtime, gate, callerIn("433124"), listPersons, { region: "62" })).rejects.toThrow(
      "不在您的管辖范围内",
    );
    expect((await ask(runtime, gate, callerIn("433124"), listPersons, { region: "43" })).total).toBe(2);
    expect((await ask(runtime, gate, callerIn("433124"), listPersons, { region: "433124110226" })).total).toBe(1);
    expect((await ask(runtime, gate, callerIn(null), listPersons, {})).total).toBe(0);
    expect((await ask(runtime, gate, callerIn("433124"), listComparisons, {})).total).toBe(2);
  });

  it("shows people of other places who work here as a minimal card", async () => {
    const cards = await ask(runtime, gate, callerIn("433124"), listCards, { ground: "work" });
    expect(cards.rows.map((card) => `${card.name} ${card.homeCounty.code}`).toSorted()).toEqual([
      "龙建平2 433123",
      "龙建平3 622927",
    ]);
    expect(cards.rows.every((card) => /\*{6,}/.test(card.identityMask))).toBe(true);
    expect(JSON.stringify(cards)).not.toContain(people[3]!.identity);
    expect(Object.keys(cards.rows[0]!)).not.toContain("phoneMask");
    expect((await ask(runtime, gate, callerIn("433124110"), listCards, { ground: "work" })).total).toBe(0);
    expect((await ask(runtime, gate, callerIn("433124"), listCards, { ground: "insurance" })).total).toBe(0);
  });
});
