import { auditModule } from "#audit";
import { identityModule } from "#identity";
import { registryModule } from "#registry";
import { afterAll, beforeAll, expect, test } from "vitest";
import { testRuntime, type TestRuntime } from "../../platform/testing/index.ts";
import { addOffice, Office, snapshot, workLedger, working } from "../fixtures.ts";
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

/** What the history of a table says of versions, oldest first. */
const history = (entity: string, batchId: string) =>
  office.rows(
    `SELECT (before->>'version')::int AS before, (after->>'version')::int AS after FROM registry.change WHERE entity = '${entity}' AND batch_id = ${batchId}`,
  );

test.each([
  ["person", { 姓名: "改名人" }],
  ["employment", { "月工资(元)": "4100" }],
])(
  "a row of %s that somebody has written since the comparison, unseen by the mark of the registry: compared again, and its history is true",
  async (entity, change) => {
    await office.adopt(workLedger(working(1)), { month: "2025-03", complete: "false" });
    const batch = await office.take(workLedger(working(1, change)), { month: "2025-04", complete: "false" });
    const owner = await runtime.owner();
    const held = await owner.query<{ version: number }>(
      `UPDATE registry.${entity} SET version = version + 1 RETURNING version`,
    );
    const before = await snapshot(runtime);
    const asked = await office.apply(batch.batchId);
    expect([asked.state, asked.problem?.code]).toEqual(["compared", "ledger.registry-moved"]);
    expect(await snapshot(runtime)).toBe(before);
    expect((await office.apply(batch.batchId)).state).toBe("applied");
    const { version } = held.rows[0]!;
    expect(await history(entity, batch.batchId)).toEqual([{ before: version, after: version + 1 }]);
  },
);
