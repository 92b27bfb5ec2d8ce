import { auditModule } from "#audit";
import { identityModule } from "#identity";
import { asUuid, identityHash, registryModule } from "#registry";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { testRuntime, type TestRuntime } from "../../platform/testing/index.ts";
import { listFaults } from "../contract.ts";
import { addOffice, csvOf, HUAYUAN, idOf, man, Office, snapshot, workLedger, working } from "../fixtures.ts";
import { ledgerModule } from "../module.ts";

const modules = [registryModule, auditModule, identityModule, ledgerModule];
let runtime: TestRuntime;
let office: Office;

/** The first man has got a new number; the registry knows him by both. */
const NEW_NUMBER = idOf("43312419850201901");

beforeAll(async () => {
  runtime = await testRuntime(modules);
  await addOffice(runtime);
  office = new Office(runtime, modules);
  await office.adopt(workLedger(working(1), working(2), working(3)), { month: "2025-04" });
  const owner = await runtime.owner();
  const hash = (number: string) => asUuid(identityHash(runtime.keys, "resident-id", number));
  await owner.query(
    "INSERT INTO registry.person_key (key_hash, person_id, kind, home_region) SELECT $1, person_id, kind, home_region FROM registry.person_key WHERE key_hash = $2",
    [hash(NEW_NUMBER), hash(man(1).identity)],
  );
});
afterAll(() => runtime?.close());

describe("a person with two numbers", () => {
  test("reported under the new one is neither new nor gone", async () => {
    const before = await snapshot(runtime);
    const batch = await office.take(
      workLedger(working(1, { 身份证号: NEW_NUMBER, "月工资(元)": "4000" }), working(2), working(3)),
      { month: "2025-05" },
    );
    expect(await office.faults(batch.batchId)).toEqual([]);
    expect(await office.reasons(batch.batchId)).toEqual({ [man(1).name]: "C3" });
    await office.apply(batch.batchId);
    expect(
      await office.rows(
        `SELECT e.monthly_wage_fen AS wage FROM registry.employment e JOIN registry.person p USING (person_id) WHERE p.name = '${man(1).name}'`,
      ),
    ).toEqual([{ wage: "400000" }]);
    const june = await office.take(
      workLedger(working(1, { 身份证号: NEW_NUMBER, "月工资(元)": "4000" }), working(2), working(3)),
      { month: "2025-06" },
    );
    expect(june.counts).toMatchObject({ unchanged: 3, differences: {} });
    await office.undo(batch.batchId);
    expect(await snapshot(runtime)).toBe(before);
  });

  test("reported under both in one table waits for somebody to say which line is right", async () => {
    const batch = await office.take(
      workLedger(
        working(1, { 务工单位: "东莞锦达电子公司", 开始务工时间: "2025-03-01" }),
        working(2),
        working(1, { 身份证号: NEW_NUMBER, 务工单位: "长沙乐邻家政", 开始务工时间: "2025-03-02" }),
        working(3),
      ),
      { month: "2025-05" },
    );
    expect(await office.faults(batch.batchId)).toEqual([
      "2 identity duplicate-differs!",
      "4 identity duplicate-differs!",
    ]);
    const { rows } = await office.act(listFaults, { batchId: batch.batchId, code: "duplicate-differs" });
    expect(rows.map((row) => row.message)).toEqual([
      "身份证号：与第 4 行是同一人，但证号不同。请只保留一行。",
      "身份证号：与第 2 行是同一人，但证号不同。请只保留一行。",
    ]);
    expect(batch.counts).toMatchObject({ valid: 2, waiting: 2, unchanged: 2, differences: {} });
    expect(await office.apply(batch.batchId)).toMatchObject({ state: "applied" });
  });

  test("also where one of the lines says, letter for letter, what it said before", async () => {
    const batch = await office.take(
      workLedger(working(1), working(2), working(1, { 身份证号: NEW_NUMBER, "月工资(元)": "4000" }), working(3)),
      { month: "2025-06" },
    );
    expect(await office.faults(batch.batchId)).toEqual([
      "2 identity duplicate-differs!",
      "4 identity duplicate-differs!",
    ]);
    expect(batch.counts).toMatchObject({ valid: 2, waiting: 2, unchanged: 2, differences: {} });
  });

  test("insured under both in the same month: the same", async () => {
    const line = (identity: string, base: string) => [
      man(1).name,
      identity,
      "义乌丰禾服饰厂",
      "养老保险",
      "202505",
      base,
    ];
    const batch = await office.adopt(
      csvOf([
        ["姓名", "身份证号", "单位名称", "险种", "所属月份", "缴费基数"],
        line(man(1).identity, "4000"),
        line(NEW_NUMBER, "4100"),
        [man(1).name, NEW_NUMBER, "义乌丰禾服饰厂", "失业保险", "202505", "4000"],
      ]),
      { kind: "social-insurance" },
    );
    expect(await office.faults(batch.batchId)).toEqual([
      "2 identity duplicate-differs!",
      "3 identity duplicate-differs!",
    ]);
    expect(await office.rows("SELECT kind, base_fen FROM registry.insurance_month")).toEqual([
      { kind: "unemployment", base_fen: "400000" },
    ]);
  });
});

describe("a person in several lines of one table", () => {
  test("is changed once, by the last of them, and taken back once", async () => {
    const header = ["姓名", "身份证号", "联系电话", "单位名称", "险种", "所属月份", "缴费基数"];
    const line = (n: number, phone: string, kind: string, month: string) => [
      man(n).name,
      man(n).identity,
      phone,
      "义乌丰禾服饰厂",
      kind,
      month,
      "4000",
    ];
    const content = csvOf([
      header,
      line(2, "", "养老保险", "202504"),
      line(2, "", "失业保险", "202504"),
      line(2, "", "养老保险", "202505"),
      // Of the phone the insurance knows less than the ledger does: one task, not three.
      line(3, "13911112222", "养老保险", "202504"),
      line(3, "13911112222", "失业保险", "202504"),
      line(3, "13911112222", "养老保险", "202505"),
    ]);
    const before = await snapshot(runtime);
    const batch = await office.adopt(content, { kind: "social-insurance" });
    expect((await office.differences(batch.batchId)).map((row) => `${row.name} ${row.reason}`).toSorted()).toEqual(
      [
        `${man(2).name} N3`,
        `${man(2).name} N3`,
        `${man(2).name} N3`,
        `${man(3).name} N3`,
        `${man(3).name} N3`,
        `${man(3).name} X2`,
      ].toSorted(),
    );
    expect(await office.rows("SELECT count(*)::int AS n FROM registry.comparison WHERE field = 'phone'")).toEqual([
      { n: 1 },
    ]);
    expect(
      await office.rows(
        "SELECT count(*)::int AS n FROM registry.insurance_month i JOIN registry.person p USING (person_id) WHERE base_fen = 400000 AND month >= '2025-04-01'",
      ),
    ).toEqual([{ n: 7 }]);
    await office.undo(batch.batchId);
    expect(await snapshot(runtime)).toBe(before);
  });

  test("twice in the same line, or not known at all", async () => {
    const header = ["姓名", "身份证号", "单位名称", "工资月份", "实发工资"];
    const line = (n: number, amount: string) => [man(n).name, man(n).identity, "义乌丰禾服饰厂", "2025-05", amount];
    const batch = await office.adopt(
      csvOf([header, line(2, "4000"), line(2, "4000"), line(3, "4000"), line(3, "4100"), line(77, "3000")]),
      { kind: "payroll" },
    );
    expect(await office.faults(batch.batchId)).toEqual([
      "2 identity duplicate-same",
      "4 identity duplicate-differs!",
      "5 identity duplicate-differs!",
      "6 identity person-unknown?",
    ]);
    expect(batch.counts).toMatchObject({
      rows: 5,
      valid: 1,
      waiting: 2,
      repaired: 1,
      notices: 1,
      unchanged: 0,
      differences: { new: 1 },
    });
    // Known by the time of the next table, he is taken.
    await office.adopt(workLedger(working(77)), { month: "2025-05", complete: "false" });
    const next = await office.adopt(csvOf([header, line(2, "4000"), line(77, "3000")]), { kind: "payroll" });
    expect(await office.reasons(next.batchId)).toEqual({ [man(77).name]: "N3" });
    expect(
      await office.rows(`SELECT count(*)::int AS n FROM registry.wage_month WHERE home_region LIKE '${HUAYUAN}%'`),
    ).toEqual([{ n: 2 }]);
  });
});
