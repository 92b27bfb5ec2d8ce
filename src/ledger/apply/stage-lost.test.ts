import { auditModule } from "#audit";
import { identityModule } from "#identity";
import { registryModule } from "#registry";
import { sql } from "kysely";
import { afterAll, beforeAll, expect, test } from "vitest";
import { testRuntime, type TestRuntime } from "../../platform/testing/index.ts";
import { addOffice, Office, snapshot, workLedger, working } from "../fixtures.ts";
import { ledgerModule } from "../module.ts";
import { ledgerTasks, taskDefinitions } from "../tasks.ts";
import { createStage } from "../stage/table.ts";
import { kindDefinitions } from "../kinds/index.ts";

const modules = [registryModule, auditModule, identityModule, ledgerModule];
let runtime: TestRuntime;
let office: Office;

beforeAll(async () => {
  runtime = await testRuntime(modules);
  await addOffice(runtime);
  office = new Office(runtime, modules);
});
afterAll(() => runtime?.close());

/** Unlogged tables are empty after a crash of the database. */
async function crash(batchId: string): Promise<void> {
  const owner = await runtime.owner();
  const unlogged = await owner.query<{ names: string }>(
    "SELECT string_agg(oid::regclass::text, ', ') AS names FROM pg_class WHERE relpersistence = 'u' AND relkind = 'r' AND starts_with(relname, $1)",
    [`batch_${batchId}`],
  );
  await owner.query(`TRUNCATE ${unlogged.rows[0]!.names}`);
}

test("a batch whose stage a crash has emptied is not applied as if it said nothing, but read and compared again", async () => {
  const batch = await office.take(workLedger(working(1), working(2)), { month: "2025-04" });
  const before = await snapshot(runtime);
  await crash(batch.batchId);
  const asked = await office.apply(batch.batchId);
  expect([asked.state, asked.problem?.code]).toEqual(["compared", "ledger.stage-lost"]);
  expect(asked.counts).toEqual(batch.counts);
  expect(await snapshot(runtime)).toBe(before);
  const applied = await office.apply(batch.batchId);
  expect([applied.state, applied.problem]).toEqual(["applied", null]);
  expect(await office.rows("SELECT count(*)::int AS n FROM registry.person")).toEqual([{ n: 2 }]);
});

test("so is one of whose rows one was known by its text", async () => {
  const batch = await office.take(workLedger(working(1, { "月工资(元)": "4100" }), working(2)));
  await crash(batch.batchId);
  await office.apply(batch.batchId);
  expect((await office.apply(batch.batchId)).state).toBe("applied");
  expect(await office.rows("SELECT monthly_wage_fen AS wage FROM registry.employment ORDER BY 1")).toEqual([
    { wage: "380000" },
    { wage: "410000" },
  ]);
});

test("what a kill between commit and cleaning up left behind goes when the work is taken up again", async () => {
  const batch = await office.adopt(workLedger(working(1)), { month: "2025-06", complete: "false" });
  const worker = runtime.database.worker;
  const client = await runtime.database.pools.worker.connect();
  await createStage(client, batch.batchId, kindDefinitions["work-ledger"]);
  client.release();
  const apply = taskDefinitions.find((task) => task.name === ledgerTasks.apply)!;
  await apply.run({ services: runtime, progress: async () => {} } as never, { batchId: batch.batchId });
  const left =
    await sql`SELECT 1 FROM pg_tables WHERE schemaname = 'ledger_stage' AND tablename LIKE ${`batch_${batch.batchId}%`}`.execute(
      worker,
    );
  expect(left.rows).toEqual([]);
});
