import type { Client } from "pg";
import { afterAll, beforeAll, expect, test } from "vitest";
import { modules, synthesizeFacts } from "../app.ts";
import { testRuntime, type TestRuntime } from "../platform/testing/index.ts";
import { addCounty } from "../registry/fixtures.ts";
import {
  acceptClaims,
  approveClaims,
  buildBatch,
  checkClaims,
  confirmClaims,
  freezeBatch,
  getBatch,
  getClaim,
  releaseBatch,
} from "#subsidies/contract";
import { addPayingOffice, giveAccounts, HUAYUAN, PayingOffice } from "../subsidies/fixtures.ts";
import { getToday } from "./contract.ts";

const ASOF = "2025-06-18";
const RULE = "transport-allowance";
let runtime: TestRuntime;
let owner: Client;
let office: PayingOffice;
let claimIds: string[];
const money = async (as: string) =>
  (await office.act(getToday, {}, as)).duties.filter(({ key }) => key.startsWith("money"));
const titles = async (as: string) => (await money(as)).map(({ title }) => title);

beforeAll(async () => {
  runtime = await testRuntime(modules);
  owner = await runtime.owner();
  await addPayingOffice(runtime);
  await addCounty(owner, { county: HUAYUAN, persons: 300, asOf: ASOF });
  await giveAccounts(runtime);
  await synthesizeFacts(runtime);
  await owner.query("TRUNCATE subsidies.fund_line, subsidies.fund_movement CASCADE");
  office = new PayingOffice(runtime, modules);
  await office.screen();
  await office.gather();
  // What began at a desk by itself (免申即享) would stand beside the three that are followed.
  await owner.query("UPDATE subsidies.claim SET state = 'withdrawn' WHERE state <> 'proposed'");
  const found = await office.claims("proposed", "clerk", RULE);
  claimIds = found.slice(0, 3).map(({ claimId }) => claimId);
  for (const fund of new Set(found.map(({ fund }) => fund))) await office.fund(fund, 100_000_00);
}, 240_000);
afterAll(() => runtime.close());

test("whose turn it is sees the claims that wait for him, and nobody else does", async () => {
  expect(await titles("clerk")).toEqual([]);
  await office.act(confirmClaims, { claimIds, agent: "柜台本人确认" }, "clerk");
  expect(await titles("clerk")).toEqual(["受理补贴件 3 件"]);
  await office.act(acceptClaims, { claimIds }, "clerk");
  expect(await titles("clerk")).toEqual(["初审补贴件 3 件"]);
  expect(await titles("reviewer")).toEqual([]);
  await office.act(checkClaims, { claimIds }, "clerk");
  expect(await titles("clerk")).toEqual([]);
  expect(await titles("reviewer")).toEqual(["复核补贴件 3 件"]);
  for (const other of ["finance", "auditor", "policy"]) expect(await titles(other)).toEqual([]);
});

test("what is past its term stands as late, on the day after and not on the day itself", async () => {
  const due = (day: string) =>
    owner.query("UPDATE subsidies.claim SET due_on = $2 WHERE claim_id = ANY($1::bigint[])", [[claimIds[0]], day]);
  await due("2025-06-18");
  expect(await money("reviewer")).toMatchObject([{ tone: "soon", due: "2025-06-18", detail: "按办理时限办完" }]);
  await due("2025-06-17");
  expect(await money("reviewer")).toMatchObject([
    {
      tone: "late",
      words: "逾期 1 天",
      due: "2025-06-17",
      detail: "其中逾期 1 件",
      progress: { words: "1 / 3 件逾期", part: 0 },
      next: { path: "/claims?state=checked" },
    },
  ]);
});

test("a batch waits for the second hand, then for the third, then for the bank, and never for one that has signed", async () => {
  await office.act(approveClaims, { claimIds }, "reviewer");
  expect(await titles("clerk")).toEqual(["公示补贴件 3 件"]);
  await owner.query("UPDATE subsidies.claim SET state = 'cleared' WHERE claim_id = ANY($1::bigint[])", [claimIds]);
  expect(await titles("finance")).toEqual(["编制发放批次 3 件"]);
  const { fundLine } = await office.act(getClaim, { claimId: claimIds[0]! }, "finance");
  const { batchId } = await office.act(buildBatch, { fundLineId: fundLine!.fundLineId, rule: RULE }, "finance");
  const lock = async () => (await office.act(getBatch, { batchId }, "finance")).lock;
  expect(await titles("finance2")).toEqual([]);
  await office.act(freezeBatch, { batchId, lock: await lock() }, "finance");
  expect(await titles("finance")).toEqual([]);
  expect(await titles("finance2")).toEqual(["签发发放批次 1 批"]);
  await office.act(releaseBatch, { batchId, lock: await lock() }, "finance2");
  expect(await titles("finance2")).toEqual([]);
  expect(await titles("leader")).toEqual(["会签发放批次 1 批"]);
  await office.act(releaseBatch, { batchId, lock: await lock() }, "leader");
  expect(await titles("finance")).toEqual(["把发放批次送银行 1 批"]);
  await office.send(batchId);
  expect(await titles("finance")).toEqual(["导入银行回盘 1 批"]);
});
