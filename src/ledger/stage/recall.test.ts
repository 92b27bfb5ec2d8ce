import { auditModule } from "#audit";
import { identityModule } from "#identity";
import { registryModule } from "#registry";
import { afterAll, beforeEach, describe, expect, test } from "vitest";
import { testRuntime, type TestRuntime } from "../../platform/testing/index.ts";
import { addOffice, csvOf, man, Office, snapshot, WORK_HEADER, workLedger, working } from "../fixtures.ts";
import { ledgerModule } from "../module.ts";

const modules = [registryModule, auditModule, identityModule, ledgerModule];
let runtime: TestRuntime;
let office: Office;

beforeEach(async () => {
  await runtime?.close();
  runtime = await testRuntime(modules);
  await addOffice(runtime);
  office = new Office(runtime, modules);
});
afterAll(() => runtime?.close());

/** Row numbers of a batch that were taken from memory. */
async function recalled(batchId: string): Promise<number[]> {
  const rows = await office.rows<{ row_no: string }>(
    `SELECT row_no FROM ledger_stage.batch_${batchId} WHERE recalled UNION ALL SELECT row_no FROM ledger_stage.batch_${batchId}_claim ORDER BY row_no`,
  );
  return rows.map((row) => Number(row.row_no));
}

const three = workLedger(working(1), working(2), working(3));

describe("rows that say what they said before", () => {
  test("are recalled, and only the others are read", async () => {
    const first = await office.adopt(three, { month: "2025-04" });
    expect(first.counts).toMatchObject({ rows: 3, valid: 3, differences: { new: 3 } });
    const may = await office.take(workLedger(working(1), working(2, { "月工资(元)": "4500" }), working(3)));
    expect(await recalled(may.batchId)).toEqual([2, 4]);
    expect(may.counts).toMatchObject({ rows: 3, valid: 3, unchanged: 2, differences: { changed: 1 } });
    await office.apply(may.batchId);
    const june = await office.take(workLedger(working(3), working(1), working(2, { "月工资(元)": "4500" })), {
      month: "2025-06",
    });
    expect(await recalled(june.batchId)).toEqual([2, 3, 4]);
    expect(june.counts).toMatchObject({ rows: 3, valid: 3, unchanged: 3, differences: {} });
  });

  test("under another running number, too", async () => {
    await office.adopt(three, { month: "2025-04" });
    const numbered = csvOf([
      ["序号", ...WORK_HEADER],
      ["1", ...working(3)],
      ["2", ...working(1, { 务工单位: "义乌丰禾,二厂" })],
    ]);
    const batch = await office.adopt(numbered, { complete: "false" });
    expect(batch.counts).toMatchObject({ unchanged: 1, differences: { changed: 1 } });
    const other = await office.take(numbered.replace("\n1,", "\n77,"), { complete: "false", month: "2025-06" });
    // The second has a quoted cell and is known by its cells, of which the number is none.
    expect(await recalled(other.batchId)).toEqual([2, 3]);
  });

  test("count as reported: whoever is missing is missing, and twice is twice", async () => {
    await office.adopt(three, { month: "2025-04" });
    const twice = await office.take(workLedger(working(1), working(1), working(2)));
    expect(await office.faults(twice.batchId)).toEqual(["2 identity duplicate-same"]);
    expect(await office.reasons(twice.batchId)).toEqual({ [man(3).name]: "V1" });
    const differing = await office.take(
      workLedger(working(1), working(1, { "月工资(元)": "9000" }), working(2), working(3)),
    );
    expect(await recalled(differing.batchId)).toEqual([2, 4, 5]);
    expect(await office.faults(differing.batchId)).toEqual([
      "2 identity duplicate-differs!",
      "3 identity duplicate-differs!",
    ]);
    expect(differing.counts).toMatchObject({ valid: 2, waiting: 2, differences: {} });
  });
});

describe("hundreds of rows that say what they said before", () => {
  const many = Array.from({ length: 700 }, (_, n) => working(n));

  test("are kept hundreds to a row, and those that others contradict are taken out one by one", async () => {
    await office.adopt(workLedger(...many), { month: "2025-04" });
    const dearer = [5, 300, 301, 650].map((n) => working(n, { "月工资(元)": "9000" }));
    const may = await office.take(
      workLedger(...many.slice(0, 690), ...dearer, working(17), working(400), working(400)),
    );
    const known = await recalled(may.batchId);
    expect(known).toHaveLength(690);
    expect(new Set(known).size).toBe(690);
    const told = await office.faults(may.batchId);
    expect(told.filter((fault) => fault.endsWith("duplicate-differs!")).toSorted()).toEqual(
      [5, 300, 301, 650, 690, 691, 692, 693].map((n) => `${n + 2} identity duplicate-differs!`).toSorted(),
    );
    expect(told.filter((fault) => fault.endsWith("duplicate-same")).toSorted()).toEqual(
      [17, 400, 695].map((n) => `${n + 2} identity duplicate-same`).toSorted(),
    );
    expect(may.counts).toMatchObject({
      rows: 697,
      valid: 686,
      waiting: 8,
      unchanged: 686,
      differences: { vanished: 10 },
    });
    const [packs] = await office.rows<{ n: number; claims: number }>(
      `SELECT count(*)::int AS n, sum(cardinality(texts))::int AS claims FROM ledger_stage.batch_${may.batchId}_pack`,
    );
    expect(packs).toEqual({ n: 3, claims: 684 });
  });

  test("and where the registry has moved elsewhere, they hold and nobody else is gone", async () => {
    await office.adopt(workLedger(...many), { month: "2025-04" });
    const may = await office.take(workLedger(...many.slice(0, 690), working(699, { "月工资(元)": "9000" })), {
      month: "2025-05",
    });
    expect(may.counts).toMatchObject({ unchanged: 690, differences: { changed: 1, vanished: 9 } });
    // Somebody who is in neither table: nothing that was said by its text is another for it.
    await office.adopt(workLedger(working(800)), { month: "2025-05", complete: "false" });
    const moved = await office.apply(may.batchId);
    expect([moved.state, moved.problem?.code]).toEqual(["compared", "ledger.registry-moved"]);
    expect(await recalled(may.batchId)).toHaveLength(690);
    expect(moved.counts).toMatchObject({ unchanged: 690, differences: { changed: 1, vanished: 10 } });
    expect((await office.reasons(may.batchId))[man(800).name]).toBe("V1");
  });
});

describe("is forgotten or passed over", () => {
  test("what was faulty or repaired: its faults are told again", async () => {
    const faulty = workLedger(working(1, { 姓名: "麻　成" }), working(2, { 开始务工时间: "2024-02-30" }), working(3));
    await office.adopt(faulty, { month: "2025-04", complete: "false" });
    const again = await office.take(faulty, { complete: "false" });
    expect(await recalled(again.batchId)).toEqual([4]);
    expect(again.counts).toMatchObject({ rows: 3, valid: 2, waiting: 1, repaired: 1 });
  });

  test("a person who had been missing: he has returned", async () => {
    await office.adopt(three, { month: "2025-04" });
    await office.adopt(workLedger(working(1), working(2)), { month: "2025-05" });
    const june = await office.take(three, { month: "2025-06" });
    expect(await recalled(june.batchId)).toEqual([2, 3]);
    expect(await office.reasons(june.batchId)).toEqual({ [man(3).name]: "R2" });
  });

  test("what a line no longer says: after a change and its undo", async () => {
    await office.adopt(three, { month: "2025-04" });
    const before = await snapshot(runtime);
    const dearer = workLedger(working(1, { "月工资(元)": "5000" }), working(2), working(3));
    const may = await office.adopt(dearer, { month: "2025-05" });
    const back = await office.take(three, { month: "2025-06" });
    expect(await recalled(back.batchId)).toEqual([3, 4]);
    expect(await office.reasons(back.batchId)).toEqual({ [man(1).name]: "C3" });
    await office.undo(may.batchId);
    expect(await snapshot(runtime)).toBe(before);
    const once = await office.take(dearer, { month: "2025-05" });
    expect(await recalled(once.batchId)).toEqual([3, 4]);
    expect(await office.reasons(once.batchId)).toEqual({ [man(1).name]: "C3" });
  });

  test("a cell mended on screen: the file's own words are not what counts", async () => {
    await office.adopt(three, { month: "2025-04" });
    const may = await office.take(workLedger(working(1), working(2, { 开始务工时间: "去年" }), working(3)));
    await office.repair(may.batchId, { cells: [{ sheet: 0, rowNo: 2, field: "monthlyWage", value: "6000" }] });
    expect(await recalled(may.batchId)).toEqual([4]);
    expect(await office.reasons(may.batchId)).toMatchObject({ [man(1).name]: "C3" });
  });

  test("everything for other regions: a table of one township is looked at anew", async () => {
    await office.adopt(three, { month: "2025-04" });
    const town = await office.take(three, { coverage: "433124110" });
    expect(await recalled(town.batchId)).toEqual([]);
  });

  test("rows that the registry has moved under: they are read after all", async () => {
    await office.adopt(three, { month: "2025-04" });
    const waiting = await office.take(workLedger(working(1, { "月工资(元)": "4100" }), working(2), working(3)));
    expect(await recalled(waiting.batchId)).toEqual([3, 4]);
    await office.adopt(workLedger(working(2, { "月工资(元)": "4200" })), { month: "2025-05", complete: "false" });
    const moved = await office.apply(waiting.batchId);
    expect([moved.state, moved.problem?.code]).toEqual(["compared", "ledger.registry-moved"]);
    expect(await recalled(waiting.batchId)).toEqual([]);
    expect(await office.reasons(waiting.batchId)).toEqual({ [man(1).name]: "C3", [man(2).name]: "C3" });
  });
});
