import { auditModule } from "#audit";
import { identityModule } from "#identity";
import { registryModule } from "#registry";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { testRuntime, type TestRuntime } from "../../platform/testing/index.ts";
import { listBatches, monthProgress } from "../contract.ts";
import { addOffice, addTown, Office, workLedger, working } from "../fixtures.ts";
import { ledgerModule } from "../module.ts";

const modules = [registryModule, auditModule, identityModule, ledgerModule];
const SHUANGLONG = "433124110";
const SHIBADONG = "433124110226";
let runtime: TestRuntime;
let office: Office;
beforeAll(async () => {
  runtime = await testRuntime(modules);
  await addOffice(runtime);
  await addTown(runtime, SHUANGLONG);
  office = new Office(runtime, modules);
});
afterAll(() => runtime?.close());

const villages = async (month: string) => (await office.act(monthProgress, { month }, "town")).regions;
const village = async (month: string) => (await villages(month)).find((one) => one.code === SHIBADONG);

describe("a town whose county works on the ledger for it", () => {
  test("sees its villages received, then confirmed, with everybody counted", async () => {
    const batch = await office.take(workLedger(working(1), working(2), working(3)), {
      month: "2025-04",
    });
    expect(await village("2025-04")).toMatchObject({ received: true, confirmed: false, waiting: 0, reported: 0 });
    await office.apply(batch.batchId);
    expect(await village("2025-04")).toMatchObject({ received: true, confirmed: true, reported: 3, known: 3 });
  });

  test("is told so also in a month in which nothing changed", async () => {
    await office.adopt(workLedger(working(1), working(2), working(3)), { month: "2025-05" });
    expect(await village("2025-05")).toMatchObject({ confirmed: true, reported: 3 });
  });

  test("is told which rows of its villages wait to be repaired", async () => {
    await office.take(workLedger(working(1), working(4, { 开始务工时间: "2024-02-30" })), {
      month: "2025-06",
      complete: "false",
    });
    expect(await village("2025-06")).toMatchObject({ received: true, confirmed: false, waiting: 1 });
  });

  test("no office of another province has a day by which its table is due", async () => {
    expect((await office.act(monthProgress, { month: "2025-05" }, "town")).dueOn).toBe("2025-06-20");
    await addTown(runtime, "622927101", "town-gansu");
    expect((await office.act(monthProgress, { month: "2025-05" }, "town-gansu")).dueOn).toBeNull();
  });

  test("sees none of the county's batches, and nothing of a table that covers another town", async () => {
    expect((await office.act(listBatches, {}, "town")).total).toBe(0);
    const elsewhere = workLedger(working(5, { 乡镇: "花垣镇", 行政村: "道二村" }));
    await office.take(elsewhere, { month: "2025-02", coverage: "433124109" });
    expect((await villages("2025-02")).some((one) => one.received)).toBe(false);
  });
});
