import type { Client } from "pg";
import { afterAll, beforeAll, expect, test } from "vitest";
import { allPersonTables } from "#duplicates";
import { duplicatesOptions, modules } from "../../src/app.ts";
import { testRuntime, type TestRuntime } from "../../src/platform/testing/index.ts";

let runtime: TestRuntime;
let owner: Client;

beforeAll(async () => {
  runtime = await testRuntime(modules);
  owner = await runtime.owner();
});
afterAll(() => runtime?.close());

const declared = () => allPersonTables(duplicatesOptions).map(({ table, column }) => `${table}.${column}`);

test("every column of the database that names a person is declared by its domain", async () => {
  const { rows } = await owner.query<{ name: string }>(
    `SELECT format('%I.%I.%I', n.nspname, t.relname, a.attname) AS name
     FROM pg_attribute a JOIN pg_class t ON t.oid = a.attrelid JOIN pg_namespace n ON n.oid = t.relnamespace
     WHERE t.relkind IN ('r', 'p') AND NOT a.attisdropped AND n.nspname NOT LIKE 'pg\\_%' AND n.nspname NOT IN ('information_schema', 'graphile_worker')
       AND (a.attname IN ('person_id', 'survivor_id', 'loser_id') OR a.attname LIKE '%\\_person_id' OR EXISTS (
         SELECT FROM pg_constraint c WHERE c.contype = 'f' AND c.conrelid = t.oid AND c.confrelid = 'registry.person'::regclass AND a.attnum = ANY (c.conkey)))
       AND (n.nspname, t.relname) <> ('registry', 'person') ORDER BY 1`,
  );
  const known = new Set(declared());
  expect(rows.map(({ name }) => name).filter((name) => !known.has(name))).toEqual([]);
});

test("what is declared is there, key and all", async () => {
  for (const { table, column, key } of allPersonTables(duplicatesOptions)) {
    const { rows } = await owner.query<{ name: string }>(
      "SELECT attname AS name FROM pg_attribute WHERE attrelid = $1::regclass AND attnum > 0 AND NOT attisdropped",
      [table],
    );
    const columns = rows.map(({ name }) => name);
    expect([table, [column, ...key].filter((one) => !columns.includes(one))]).toEqual([table, []]);
  }
});

test("the worker may change whatever follows a person", async () => {
  const forbidden = [];
  for (const { table, on } of allPersonTables(duplicatesOptions)) {
    if (on === "history") continue;
    const { rows } = await owner.query<{ may: boolean }>(
      "SELECT bool_and(has_table_privilege('wengang_worker', $1, p)) AS may FROM unnest($2::text[]) p",
      [table, on === "move" ? ["SELECT", "INSERT", "UPDATE", "DELETE"] : ["SELECT", "INSERT", "DELETE"]],
    );
    if (!rows[0]!.may) forbidden.push(table);
  }
  expect(forbidden).toEqual([]);
});
