import fc from "fast-check";
import type { Client } from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { modules } from "../../src/app.ts";
import { testRuntime, type TestRuntime } from "../../src/platform/testing/index.ts";
import { openPersonSecret } from "../../src/registry/numbers.ts";
import { addClasses, addLife, everything, HOME, merge, tables, unmerge, type Life } from "./world.ts";

let runtime: TestRuntime;
let owner: Client;

beforeAll(async () => {
  runtime = await testRuntime(modules, { businessDate: "2025-06-18" });
  owner = await runtime.owner();
  await addClasses(owner);
});
afterAll(() => runtime?.close());

const nat = (max: number) => fc.nat({ max });
const life: fc.Arbitrary<Life> = fc.record({
  spells: fc.array(fc.record({ employer: nat(3), month: nat(5), open: fc.boolean() }), { maxLength: 4 }),
  categories: fc.array(nat(2), { maxLength: 3 }),
  months: fc.array(nat(5), { maxLength: 3 }),
  classes: fc.array(nat(2), { maxLength: 3 }),
  benefits: fc.array(nat(2), { maxLength: 2 }),
});
const empty: Life = { spells: [], categories: [], months: [], classes: [], benefits: [] };

/** Rows in tables and rows that maps of present merges hold aside: none is lost and none is there twice. */
async function countAll(): Promise<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const { table, on } of tables) {
    if (on !== "move" || table === "registry.comparison") continue;
    const { rows } = await owner.query<{ n: number }>(
      `SELECT (SELECT count(*) FROM ${table})::int + (SELECT count(*) FROM duplicates.merge_row r JOIN duplicates.merge m USING (merge_id)
         WHERE m.state = 'done' AND r.way = 'merge' AND r.act = 'aside' AND r.table_name = $1)::int AS n`,
      [table],
    );
    counts[table] = rows[0]!.n;
  }
  return counts;
}

describe("merging and parting", () => {
  it("leaves every row byte by byte as it was when nothing came between", async () => {
    await fc.assert(
      fc.asyncProperty(life, life, fc.boolean(), async (one, other, takes) => {
        const [a, b] = [await addLife(owner, runtime, one), await addLife(owner, runtime, other)];
        const before = await everything(owner);
        const id = await merge(
          runtime,
          owner,
          a.personId,
          b.personId,
          takes ? { phone: "loser", identity: "loser" } : {},
        );
        const { rows } = await owner.query("SELECT 1 FROM registry.person WHERE person_id = $1", [b.personId]);
        expect(rows).toEqual([]);
        await unmerge(runtime, id);
        await owner.query("DELETE FROM registry.comparison");
        expect(await everything(owner)).toEqual(before);
      }),
      { numRuns: 12 },
    );
  });

  it("loses no row and doubles none, whatever is merged and parted in whatever order", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(life, { minLength: 3, maxLength: 4 }),
        fc.array(fc.tuple(nat(3), nat(3), fc.boolean()), { minLength: 2, maxLength: 6 }),
        async (lives, acts) => {
          const persons = [];
          for (const one of lives) persons.push((await addLife(owner, runtime, one)).personId);
          const before = await countAll();
          const present = new Set(persons);
          const done: { id: string; into: string; from: string }[] = [];
          for (const [i, j, parts] of acts) {
            const [into, from] = [persons[i % persons.length]!, persons[j % persons.length]!];
            const last = done.at(-1);
            if (parts && last) {
              await unmerge(runtime, last.id);
              present.add(last.from);
              done.pop();
            } else if (into !== from && present.has(into) && present.has(from)) {
              done.push({ id: await merge(runtime, owner, into, from), into, from });
              present.delete(from);
            }
            expect(await countAll()).toEqual(before);
          }
          for (const { id } of done.toReversed()) await unmerge(runtime, id);
          expect(await countAll()).toEqual(before);
        },
      ),
      { numRuns: 8 },
    );
  });

  it("keeps history so that a day before the merge is told as it was", async () => {
    const [a, b] = [
      await addLife(owner, runtime, { ...empty, spells: [{ employer: 1, month: 1, open: false }], months: [1] }),
      await addLife(owner, runtime, { ...empty, spells: [{ employer: 2, month: 3, open: true }], months: [1, 2] }),
    ];
    const state = async () =>
      (
        await owner.query(
          "SELECT * FROM (SELECT 'employment' AS entity, person_id::text, to_jsonb(e) - 'previous_end' AS row FROM registry.employment e WHERE person_id = ANY ($1) UNION ALL SELECT 'wage_month', person_id::text, to_jsonb(w) FROM registry.wage_month w WHERE person_id = ANY ($1) UNION ALL SELECT 'person', person_id::text, to_jsonb(p) FROM registry.person p WHERE person_id = ANY ($1)) x ORDER BY 1, 2, 3::text",
          [[a.personId, b.personId]],
        )
      ).rows;
    const mark = (
      await owner.query<{ m: string }>("SELECT coalesce(max(change_id), 0)::text AS m FROM registry.change")
    ).rows[0]!.m;
    const before = await state();
    await merge(runtime, owner, a.personId, b.personId);
    expect(await state()).not.toEqual(before);
    // Walking back: the earliest change after the day tells what each row was then.
    const { rows } = await owner.query<{
      entity: string;
      person_id: string;
      key: string;
      act: string;
      before: Record<string, unknown>;
    }>(
      `SELECT DISTINCT ON (person_id, entity, entity_key) entity, person_id::text, entity_key::text AS key, act, before FROM registry.change WHERE change_id > $1 ORDER BY person_id, entity, entity_key, change_id`,
      [mark],
    );
    const gone = rows.filter(({ act, person_id }) => act === "delete" && person_id === b.personId);
    expect(gone.map(({ entity }) => entity).toSorted()).toEqual(["employment", "person", "wage_month", "wage_month"]);
    const restored = await owner.query(
      `SELECT h.entity, h.person_id::text, CASE h.entity WHEN 'employment' THEN to_jsonb(jsonb_populate_record(NULL::registry.employment, h.before)) - 'previous_end'
         WHEN 'wage_month' THEN to_jsonb(jsonb_populate_record(NULL::registry.wage_month, h.before)) ELSE to_jsonb(jsonb_populate_record(NULL::registry.person, h.before)) END AS row
       FROM registry.change h WHERE h.change_id > $1 AND h.act = 'delete' AND h.person_id = $2 ORDER BY 1, 2, 3::text`,
      [mark, b.personId],
    );
    expect(restored.rows).toEqual(before.filter((row: { person_id: string }) => row.person_id === b.personId));
  });

  it("counts two payments together and asks about the one paid twice", async () => {
    const [a, b] = [
      await addLife(owner, runtime, { ...empty, benefits: [1] }),
      await addLife(owner, runtime, { ...empty, benefits: [1, 2] }),
    ];
    await merge(runtime, owner, a.personId, b.personId);
    const paid = await owner.query("SELECT 1 FROM subsidies.past_benefit WHERE person_id = $1", [a.personId]);
    expect(paid.rowCount).toBe(3);
    const tasks = await owner.query(
      "SELECT field, held_value, claimed_value FROM registry.comparison WHERE person_id = $1",
      [a.personId],
    );
    expect(tasks.rows).toHaveLength(1);
    expect(tasks.rows[0].field).toBe("合并后核对：已享受补贴");
    expect(tasks.rows[0].held_value).toContain("一次性交通补助");
  });

  it("takes cells by choice, with their numbers in a new envelope, and adds the number as a key", async () => {
    const [a, b] = [await addLife(owner, runtime, empty), await addLife(owner, runtime, empty)];
    await merge(runtime, owner, a.personId, b.personId, { phone: "loser", identity: "survivor" });
    const { rows } = await owner.query("SELECT secret, cell_sources FROM registry.person WHERE person_id = $1", [
      a.personId,
    ]);
    expect(openPersonSecret(runtime.keys, rows[0].secret)).toMatchObject({ phone: b.phone, identity: a.identity });
    const keys = await owner.query("SELECT 1 FROM registry.person_key WHERE person_id = $1", [a.personId]);
    expect(keys.rowCount).toBe(2);
  });

  it("gives back what was reported since under the number that goes back, and leaves the rest", async () => {
    const [a, b] = [await addLife(owner, runtime, empty), await addLife(owner, runtime, empty)];
    const id = await merge(runtime, owner, a.personId, b.personId);
    // A table of the next month speaks under the other's number and brings a month of wages; an officer adds one by hand.
    const other = (
      await owner.query<{ k: string }>(
        "SELECT old_row ->> 'key_hash' AS k FROM duplicates.merge_row WHERE merge_id = $1 AND table_name = 'registry.person_key' AND act = 'moved'",
        [id],
      )
    ).rows[0]!.k;
    await owner.query("UPDATE ledger.line SET batch_id = 777 WHERE line_key = $1", [other]);
    for (const [month, batch] of [
      ["2025-05-01", 777],
      ["2025-04-01", null],
    ] as const)
      await owner.query(
        `INSERT INTO registry.wage_month (person_id, month, employer_key, employer_name, amount_fen, home_region, recorded_on, source, batch_id, created_batch) VALUES ($1, $2, 9, '测试单位9', 5, $3, '2025-06-01', 6, $4, $4)`,
        [a.personId, month, HOME, batch],
      );
    await unmerge(runtime, id);
    const { rows } = await owner.query(
      "SELECT person_id::text AS p, month FROM registry.wage_month WHERE employer_key = 9 ORDER BY month",
    );
    expect(rows).toEqual([
      { p: a.personId, month: "2025-04-01" },
      { p: b.personId, month: "2025-05-01" },
    ]);
    const line = await owner.query("SELECT person_id::text AS p FROM ledger.line WHERE line_key = $1", [other]);
    expect(line.rows).toEqual([{ p: b.personId }]);
  });
});
