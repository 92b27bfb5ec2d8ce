import { ledgerModule } from "#ledger";
import { registryModule } from "#registry";
import { afterAll, beforeAll, expect, test } from "vitest";
import { runAct } from "../platform/http/run-action.ts";
import type { Caller, Gate } from "../platform/module.ts";
import { testRuntime, type TestRuntime } from "../platform/testing/index.ts";
import { getToday, type Today } from "./contract.ts";
import { workbenchModule } from "./module.ts";

const modules = [registryModule, ledgerModule, workbenchModule];
const gate: Gate = { identify: () => Promise.reject(new Error("not asked")), record: () => Promise.resolve() };
const VILLAGE = "433124110226";
let runtime: TestRuntime;

beforeAll(async () => {
  runtime = await testRuntime(modules);
  const owner = await runtime.owner();
  // One villager whom a ledger did not report any more: a task due in ten days, and somebody to verify.
  await owner.query(`INSERT INTO registry.person (person_id, name, identity_mask, home_region, work_state, secret, recorded_on, source)
    VALUES (1, '麻成林', '433124********0011', '${VILLAGE}', 'to-verify', '', '2025-06-18', 3)`);
  await owner.query(`INSERT INTO registry.comparison (person_id, home_region, reason, entity, field, held_value, claimed_source, due_on)
    VALUES (1, '${VILLAGE}', 'V1', 'person', 'work_state', 'working', 3, '2025-06-28')`);
});
afterAll(() => runtime?.close());

/** The home page of an officer with one duty in an area. */
async function today(duty: string, region: string): Promise<Today> {
  const permissions = modules
    .flatMap((module) => Object.entries(module.permissions ?? {}))
    .flatMap(([permission, { duties }]) => (duties.includes(duty) ? [permission] : []));
  const caller: Caller = {
    officerId: "1",
    name: "测试",
    organisation: "测试",
    permissions: new Set(permissions),
    sight: { region, administers: null, audits: false, officerId: "1" },
    session: null,
  };
  const handler = workbenchModule.handlers![0]!;
  const request = { ip: "", userAgent: "" };
  return getToday.output.parse(await runAct(runtime, gate, { handler, caller, input: {}, request }));
}

test.each([
  ["county-clerk", "433124", ["接收 5月务工情况台账", "接收 5月公益性岗位花名册", "处理比对任务 1 件"]],
  ["reviewer", "433124", ["处理比对任务 1 件"]],
  ["town-officer", "433124110", ["处理比对任务 1 件"]],
  ["village-worker", VILLAGE, []],
  ["finance", "433124", []],
  ["auditor", "433124", []],
  ["policy", "43", []],
  ["city-dispatcher", "4331", ["催收 5月务工情况台账", "催收 5月公益性岗位花名册"]],
])("%s is shown the duties that are his", async (duty, region, titles) => {
  expect((await today(duty, region)).duties.map((one) => one.title)).toEqual(titles);
});

test.each([
  ["county-clerk", "433124", ["mapping", "repair", "apply", "approve", "comparisons", "verify"]],
  ["village-worker", VILLAGE, ["comparisons", "verify"]],
  ["finance", "433124", []],
  ["auditor", "433124", []],
])("%s is shown the queues that are his", async (duty, region, keys) => {
  const { queues } = await today(duty, region);
  expect(queues.map((queue) => queue.key)).toEqual(keys);
  for (const key of ["comparisons", "verify"])
    if (keys.includes(key)) expect(queues.find((queue) => queue.key === key)?.value).toBe(1);
});
