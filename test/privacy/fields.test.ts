import type { Client } from "pg";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { maskColumnOf, registryEntities, registryFields } from "#registry";
import { modules } from "../../src/app.ts";
import { entryOf } from "../../src/privacy/fields/rows.ts";
import { bookOf } from "../../src/privacy/retention/book.ts";
import { periodIds, periodOf } from "../../src/platform/privacy/index.ts";
import { testRuntime, type TestRuntime } from "../../src/platform/testing/index.ts";

let runtime: TestRuntime;
let owner: Client;
const book = bookOf(modules);

beforeAll(async () => {
  runtime = await testRuntime(modules);
  owner = await runtime.owner();
});
afterAll(() => runtime?.close());

/** What tells that a table holds people: whom it names, what a number becomes, or a row of somebody as JSON. */
const TELLING = `a.attname ~ '(^|_)person_id$|^(survivor|loser)_id$|^(household_id|line_key|login|head_name)$|_mask$|_secret$|^secret$'
  OR a.attname IN ('phone_hash', 'key_hash', 'number_hash', 'old_row', 'new_row', 'before', 'after', 'sample', 'facts', 'phone')
  OR a.atttypid = 'bytea'::regtype AND n.nspname NOT IN ('audit')`;
const OURS = "n.nspname NOT LIKE 'pg\\_%' AND n.nspname NOT IN ('information_schema', 'graphile_worker', 'public')";

async function columnsOf(where: string): Promise<{ table: string; column: string }[]> {
  const { rows } = await owner.query<{ table: string; column: string }>(
    `SELECT format('%I.%I', n.nspname, c.relname) AS table, a.attname AS column FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
       JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
     WHERE ${OURS} AND c.relkind IN ('r', 'p') AND NOT c.relispartition AND (${where}) ORDER BY 1, a.attnum`,
  );
  return rows;
}

describe("the field register", () => {
  test("has every table that holds facts about people", async () => {
    const aside = new Set(book.holdings.flatMap((one) => Object.keys(one.aside ?? {})));
    const known = new Set(book.tables.map(({ table }) => table));
    // What refers to a table of people holds facts of them as well: the months of a placement.
    const { rows } = await owner.query<{ child: string }>(
      `SELECT DISTINCT format('%I.%I', n.nspname, c.relname) AS child FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid JOIN pg_namespace n ON n.oid = c.relnamespace
       WHERE k.contype = 'f' AND k.confrelid::regclass::text = ANY ($1)`,
      [["welfare_posts.placement", "startups.entity", "startups.tenancy"]],
    );
    const telling = [...(await columnsOf(TELLING)).map(({ table }) => table), ...rows.map(({ child }) => child)];
    expect([...new Set(telling)].filter((table) => !known.has(table) && !aside.has(table))).toEqual([]);
  });

  test("has an entry for every column of those tables, and none for a column that is not there", async () => {
    const there = await columnsOf("true");
    const held = new Set(book.tables.map(({ table }) => table));
    const without = there.filter(({ table, column }) => held.has(table) && entryOf(book, table, column) === null);
    expect(without.map(({ table, column }) => `${table}.${column}`)).toEqual([]);
    const columns = new Set(there.map(({ table, column }) => `${table}.${column}`));
    const invented = book.tables.flatMap(({ table, fields }) =>
      Object.keys(fields)
        .map((column) => `${table}.${column}`)
        .filter((name) => !columns.has(name)),
    );
    // Registers that share one table keep their columns inside of JSON.
    expect(invented).toEqual([]);
  });

  test("says the same of a column's words and masks as the registry that shows it", () => {
    for (const entity of registryEntities) {
      const held = book.tables.find(({ table }) => table === `registry.${entity}`)!;
      for (const [name, { label, type, columns = [name] }] of Object.entries(registryFields[entity])) {
        const fields = columns.map((column) => held.fields[column]);
        const masks = fields.filter((field) => field?.mask !== undefined);
        if (type.kind === "secret") {
          // One column shows it, and only masked; every other one is a digest of it, or says of what kind it is.
          expect([name, masks.length, masks[0]!.label.startsWith(label)]).toEqual([name, 1, true]);
          expect(maskColumnOf(name)).toMatch(/_mask$/);
        } else {
          expect([entity, name, fields[0]?.label]).toEqual([entity, name, label]);
          expect([name, masks]).toEqual([name, []]);
        }
      }
    }
  });

  test("gives each length an end: a rule, or the erasure of persons", () => {
    const used = new Set([
      ...book.rules.map(({ period }) => period),
      ...book.sweeps.map(({ period }) => period),
      ...book.tables.flatMap(({ keeps, period }) => (keeps ? [period] : [])),
      "person",
      "consent",
    ]);
    expect(periodIds.filter((id) => !periodOf(id).fixed && !used.has(id))).toEqual([]);
  });

  test("reaches every column that names a person when he is erased", async () => {
    const named = await columnsOf("a.attname ~ '(^|_)person_id$|^(survivor|loser)_id$'");
    const steps = book.steps.map(({ sql }) => sql).join("\n");
    const reached = (table: string) =>
      new RegExp(`(UPDATE|DELETE FROM|INSERT INTO) ${table.replace(".", "\\.")}\\b`).test(steps) ||
      // By the functions that alone may touch history.
      [
        "registry.change",
        "registry.person_former",
        "registry.person_category_former",
        "registry.employment_former",
      ].includes(table);
    expect([...new Set(named.map(({ table }) => table))].filter((table) => !reached(table))).toEqual([]);
  });
});
