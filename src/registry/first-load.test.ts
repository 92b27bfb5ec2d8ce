import { afterAll, beforeAll, expect, test } from "vitest";
import type { Client } from "pg";
import { testRuntime, type TestRuntime } from "../platform/testing/index.ts";
import { registryModule } from "./module.ts";

let runtime: TestRuntime;
let owner: Client;

beforeAll(async () => {
  runtime = await testRuntime([registryModule]);
  owner = await runtime.owner();
});
afterAll(() => runtime?.close());

/** Every key, check, index and wall of the registry, by definition. */
async function definitions(client: Pick<Client, "query">): Promise<string[]> {
  const { rows } = await client.query<{ text: string }>(`
    SELECT conrelid::regclass || ' ' || conname || ' ' || pg_get_constraintdef(oid) AS text FROM pg_constraint WHERE connamespace = 'registry'::regnamespace
    UNION ALL SELECT pg_get_indexdef(indexrelid) FROM pg_index JOIN pg_class c ON c.oid = indrelid WHERE c.relnamespace = 'registry'::regnamespace
    UNION ALL SELECT relname || ' ' || relrowsecurity || ' ' || relforcerowsecurity FROM pg_class WHERE relnamespace = 'registry'::regnamespace AND relkind = 'r'
    ORDER BY 1`);
  return rows.map((row) => row.text);
}

const PERSON =
  "INSERT INTO registry.person (person_id, name, identity_mask, home_region, secret, recorded_on, source) VALUES ($1, '测试', '433124********0000', '433124110226', '', '2025-06-18', 3)";

test("an empty registry is loaded without its indexes, and has every one of them when the load is committed", async () => {
  const before = await definitions(owner);
  const client = await runtime.database.pools.worker.connect();
  try {
    await client.query("BEGIN");
    expect((await client.query("SELECT registry.begin_first_load() AS begun")).rows).toEqual([{ begun: true }]);
    expect((await definitions(client)).some((text) => text.includes("CREATE INDEX person_home "))).toBe(false);
    await client.query(PERSON, [1]);
    await client.query("SELECT registry.end_first_load()");
    await client.query("COMMIT");
    expect(await definitions(owner)).toEqual(before);
    expect((await owner.query("SELECT count(*)::int AS n FROM platform.set_aside")).rows).toEqual([{ n: 0 }]);
  } finally {
    client.release();
  }
});

test("a registry that holds anybody keeps its indexes, and loses nobody", async () => {
  const before = await definitions(owner);
  const client = await runtime.database.pools.worker.connect();
  try {
    await client.query("BEGIN");
    expect((await client.query("SELECT registry.begin_first_load() AS begun")).rows).toEqual([{ begun: false }]);
    expect(await definitions(client)).toEqual(before);
    await client.query("COMMIT");
  } finally {
    client.release();
  }
  expect((await owner.query("SELECT person_id FROM registry.person")).rows).toEqual([{ person_id: "1" }]);
});

test("a load that breaks a key is refused as a whole, and everything is as it was", async () => {
  await owner.query("TRUNCATE registry.person CASCADE");
  const before = await definitions(owner);
  const client = await runtime.database.pools.worker.connect();
  try {
    await client.query("BEGIN");
    await client.query("SELECT registry.begin_first_load()");
    await client.query(PERSON, [1]);
    await client.query(PERSON, [1]);
    await expect(client.query("SELECT registry.end_first_load()")).rejects.toThrow("could not create unique index");
    await client.query("ROLLBACK");
    await client.query("BEGIN");
    expect((await client.query("SELECT registry.begin_first_load() AS begun")).rows).toEqual([{ begun: true }]);
    await client.query(
      "INSERT INTO registry.person_key (key_hash, person_id, kind, home_region) VALUES (gen_random_uuid(), 99, 'resident-id', '433124110226')",
    );
    await expect(client.query("SELECT registry.end_first_load()")).rejects.toThrow("person_key_person_id_fkey");
    await client.query("ROLLBACK");
  } finally {
    client.release();
  }
  expect(await definitions(owner)).toEqual(before);
});

test("nobody but the worker may begin one, and nobody may call what stands behind it", async () => {
  const client = await runtime.database.pools.app.connect();
  try {
    await expect(client.query("SELECT registry.begin_first_load()")).rejects.toThrow("permission denied");
    await expect(client.query("SELECT platform.make_indexes_again()")).rejects.toThrow("permission denied");
  } finally {
    client.release();
  }
});
