import { auditModule } from "#audit";
import { identityModule } from "#identity";
import { openPersonSecret, registryModule } from "#registry";
import { afterAll, beforeAll, expect, test } from "vitest";
import { testRuntime, type TestRuntime } from "../../platform/testing/index.ts";
import { decideDifferences, previewApply } from "../contract.ts";
import { addOffice, idle, man, Office, snapshot, workLedger, working } from "../fixtures.ts";
import { ledgerModule } from "../module.ts";

const modules = [registryModule, auditModule, identityModule, ledgerModule];
let runtime: TestRuntime;
let office: Office;

beforeAll(async () => {
  runtime = await testRuntime(modules);
  await addOffice(runtime);
  office = new Office(runtime, modules);
  await office.adopt(workLedger(working(1), working(2), working(3)), { month: "2025-04" });
});
afterAll(() => runtime?.close());

const set = async (table: string) =>
  (await office.rows<{ n: number }>(`SELECT count(*)::int AS n FROM ledger_stage.${table}`))[0]!.n;

test("a table of mostly new people says of the few who are known what they changed, and of the new all they bring", async () => {
  const before = await snapshot(runtime);
  const batch = await office.take(
    workLedger(
      working(1),
      working(2, { 联系电话: "13974309999" }),
      ...Array.from({ length: 6 }, (_, n) => working(n + 11)),
      idle(17),
      working(18, { 开始务工时间: "2024-02-30" }),
    ),
    { complete: "false", month: "2025-05" },
  );
  expect(batch.counts).toMatchObject({ valid: 9, waiting: 1, unchanged: 1, differences: { new: 7, changed: 1 } });
  // Of the two known one is recalled by his text; the other is set beside the registry, and nobody else is copied.
  expect([await set(`batch_${batch.batchId}_apart`), await set(`batch_${batch.batchId}_compared`)]).toEqual([1, 1]);
  const differences = await office.differences(batch.batchId);
  const of = (n: number) => differences.find((one) => one.name === man(n).name)!;
  expect(of(2)).toMatchObject({ reason: "C4", newPerson: false });
  expect(of(11)).toMatchObject({ reason: "N2", newPerson: true, rowNo: 4 });
  expect(of(11).cells.map((cell) => [cell.label, cell.held, cell.act])).toEqual([
    ["人员", "登记库无此人", "adopt"],
    ["务工记录", null, "adopt"],
  ]);
  expect(of(11).cells[1]!.claimed).toContain("义乌丰禾服饰厂");
  expect(of(17).cells.map((cell) => cell.label)).toEqual(["人员"]);
  await office.act(decideDifferences, {
    batchId: batch.batchId,
    differenceIds: [of(12).differenceId],
    decision: "leave",
  });
  expect(await office.act(previewApply, { batchId: batch.batchId })).toMatchObject({
    newPersons: 6,
    newRecords: 5,
    changedCells: 1,
    left: 1,
    workingBefore: 3,
    workingAfter: 8,
  });
  await office.apply(batch.batchId);
  const people = await office.rows<{ name: string; secret: Buffer; phone_tail: string; spells: number }>(
    `SELECT p.name, p.secret, p.phone_tail, (SELECT count(*)::int FROM registry.employment e WHERE e.person_id = p.person_id) AS spells
     FROM registry.person p WHERE p.batch_id = ${batch.batchId} ORDER BY p.name`,
  );
  expect(people.map(({ name, spells }) => [name, spells])).toEqual(
    [2, 11, 13, 14, 15, 16, 17]
      .map((n): [string, number] => [man(n).name, n === 17 ? 0 : 1])
      .toSorted(([a], [b]) => (a < b ? -1 : 1)),
  );
  for (const { name, secret, phone_tail } of people) {
    const n = [2, 11, 13, 14, 15, 16, 17].find((one) => man(one).name === name)!;
    const phone = n === 2 ? "13974309999" : man(n).phone;
    expect(openPersonSecret(runtime.keys, secret)).toEqual({ identity: man(n).identity, phone, bankAccount: null });
    expect(phone_tail).toBe(phone.slice(-4));
  }
  await office.undo(batch.batchId);
  expect(await snapshot(runtime)).toBe(before);
});
