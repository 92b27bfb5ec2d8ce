import { auditModule } from "#audit";
import { identityModule } from "#identity";
import { registryModule } from "#registry";
import { afterAll, beforeAll, expect, test } from "vitest";
import { testRuntime, type TestRuntime } from "../../platform/testing/index.ts";
import { undoBatch } from "../contract.ts";
import { addOffice, HUAYUAN, Office, workLedger, working } from "../fixtures.ts";
import { ledgerModule } from "../module.ts";
import { findSameFile } from "../store.ts";

const modules = [registryModule, auditModule, identityModule, ledgerModule];
let runtime: TestRuntime;
let office: Office;
beforeAll(async () => {
  runtime = await testRuntime(modules);
  await addOffice(runtime);
  office = new Office(runtime, modules);
});
afterAll(() => runtime?.close());

test("the record of an undo cannot itself be undone", async () => {
  const batch = await office.adopt(workLedger(working(1)), { month: "2025-03" });
  const undone = await office.undo(batch.batchId);
  await expect(office.act(undoBatch, { batchId: undone.undoneBy! })).rejects.toThrow("撤销本身不能再撤销");
});

test("after an undo the same file is not one that was received before", async () => {
  const batch = await office.adopt(workLedger(working(2)), { month: "2025-04" });
  await office.undo(batch.batchId);
  const [row] = await office.rows<{ sha: string }>(
    `SELECT file_sha256 AS sha FROM ledger.batch WHERE batch_id = ${batch.batchId}`,
  );
  const same = await runtime.database.worker
    .transaction()
    .execute((tx) => findSameFile(tx, HUAYUAN, "work-ledger", "2025-04", row!.sha));
  expect(same).toBeNull();
});
