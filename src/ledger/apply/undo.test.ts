import { auditModule } from "#audit";
import { identityModule } from "#identity";
import { editPerson, openPersonSecret, registryModule } from "#registry";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { testRuntime, type TestRuntime } from "../../platform/testing/index.ts";
import { previewUndo } from "../contract.ts";
import { addOffice, csvOf, idle, man, Office, snapshot, WORK_HEADER, workLedger, working } from "../fixtures.ts";
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

const YIWU = { 务工单位: "义乌丰禾服饰厂" } as const;
const DONGGUAN = { 务工单位: "东莞锦达电子公司" } as const;
const supplement = (month: string) => ({ month, complete: "false" }) as const;
const header = [...WORK_HEADER, "文化程度"];
const idOfPerson = async (n: number) =>
  (
    await office.rows<{ id: string; version: number }>(
      `SELECT person_id AS id, version FROM registry.person WHERE name = '${man(n).name}'`,
    )
  )[0];
const spells = async (n: number) =>
  (
    await office.rows<{ spell: string }>(
      `SELECT e.start_date || '..' || coalesce(e.end_date::text, '') || ' ' || e.employer_name AS spell FROM registry.employment e JOIN registry.person p USING (person_id) WHERE p.name = '${man(n).name}' ORDER BY e.start_date`,
    )
  ).map((row) => row.spell);
const chained = () =>
  office.rows(
    "SELECT 1 FROM (SELECT *, lag(end_date) OVER (PARTITION BY person_id, employer_key ORDER BY start_date) AS before FROM registry.employment) e WHERE previous_end IS DISTINCT FROM before",
  );

/** Says what the undo will do, does it, and counts from history and tables what it did. */
async function undoAsPreviewed(batchId: string) {
  const promised = await office.act(previewUndo, { batchId });
  const created = () =>
    office.rows<{ n: number }>(
      ["person", "employment", "contract", "insurance_month", "wage_month", "other_record", "person_category"]
        .map((table) => `SELECT count(*)::int AS n FROM registry.${table} WHERE created_batch = ${batchId}`)
        .join(" UNION ALL "),
    );
  const sum = (rows: { n: number }[]) => rows.reduce((all, { n }) => all + n, 0);
  const before = sum(await created());
  const undone = await office.undo(batchId);
  expect([undone.state, undone.problem]).toEqual(["undone", null]);
  const after = sum(await created());
  const restored = (
    await office.rows<{ n: number }>(
      `SELECT count(*)::int AS n FROM registry.change WHERE batch_id = ${undone.undoneBy}`,
    )
  )[0]!.n;
  expect({ restored: promised.restored, removed: promised.removed }).toEqual({ restored, removed: before - after });
  expect(await chained()).toEqual([]);
  return promised;
}

describe("undoing a batch after which somebody has gone on", () => {
  test("with nothing later, everything goes back, as promised", async () => {
    await office.adopt(csvOf([header, [...working(1), "初中"], [...working(2), "初中"]]), supplement("2025-03"));
    const before = await snapshot(runtime);
    const batch = await office.adopt(
      csvOf([
        header,
        [...working(1, { ...DONGGUAN, 开始务工时间: "2025-04-02" }), "高中"],
        [...working(2, { 联系电话: "13900000000" }), "初中"],
        [...working(3), "小学"],
      ]),
      supplement("2025-04"),
    );
    expect(await undoAsPreviewed(batch.batchId)).toEqual({ restored: 3, removed: 3, left: 0, later: [] });
    expect(await snapshot(runtime)).toBe(before);
  });

  test("a cell that was put right by hand stays and is named; the other cells of the row go back", async () => {
    const batch = await office.adopt(
      csvOf([
        header,
        [...working(1, { 联系电话: "13911110000", 姓名: man(1).name }), "大专"],
        [...working(2, { 联系电话: "13922220000" }), "高中"],
      ]),
      supplement("2025-04"),
    );
    const first = (await idOfPerson(1))!;
    await office.act(editPerson, {
      personId: first.id,
      version: first.version,
      cells: [{ field: "education", value: "20" }],
      note: "毕业证",
    });
    const second = (await idOfPerson(2))!;
    await office.act(editPerson, {
      personId: second.id,
      version: second.version,
      cells: [{ field: "bank_account", value: "6217001820000000000" }],
      note: "社保卡",
    });
    const promised = await undoAsPreviewed(batch.batchId);
    expect(promised).toMatchObject({ restored: 2, removed: 0, left: 2 });
    expect(promised.later).toHaveLength(2);
    expect(promised.later).toEqual(
      expect.arrayContaining([
        { personId: second.id, name: man(2).name, what: "基本信息", changedBy: "经办录入" },
        { personId: first.id, name: man(1).name, what: "基本信息", changedBy: "经办录入" },
      ]),
    );
    const rows = await office.rows<{
      phone_mask: string;
      bank_mask: string | null;
      education: number;
      cell_sources: unknown;
      secret: Buffer;
    }>("SELECT phone_mask, bank_mask, education, cell_sources, secret FROM registry.person ORDER BY name");
    // The first has his education by hand and his old phone; of the second, account and phone lie in one envelope, and both stay.
    expect(rows.map(({ secret, ...row }) => ({ ...row, phone: openPersonSecret(runtime.keys, secret).phone }))).toEqual(
      [
        {
          phone_mask: "139****0001",
          bank_mask: null,
          education: 20,
          cell_sources: { education: 1 },
          phone: man(1).phone,
        },
        {
          phone_mask: "139****0000",
          bank_mask: "***************0000",
          education: 70,
          cell_sources: { bank_account: 1 },
          phone: "13922220000",
        },
      ],
    );
  });

  test("a person of whom more was recorded stays, with what the batch had said of him", async () => {
    const batch = await office.adopt(workLedger(working(4), working(5), working(6), idle(7)), supplement("2025-04"));
    const fourth = (await idOfPerson(4))!;
    await office.act(editPerson, {
      personId: fourth.id,
      version: 1,
      cells: [{ field: "skills", value: "电焊" }],
      note: "本人说明",
    });
    await office.adopt(
      csvOf([
        ["姓名", "身份证号", "单位名称", "实发工资"],
        [man(5).name, man(5).identity, YIWU.务工单位, "3800"],
      ]),
      { kind: "payroll", month: "2025-04" },
    );
    const promised = await undoAsPreviewed(batch.batchId);
    // Gone: two people and all three spells; the two who stay are named.
    expect(promised).toMatchObject({ restored: 0, removed: 5, left: 2 });
    expect(promised.later.map(({ name, what }) => `${name} ${what}`).toSorted()).toEqual(
      [`${man(4).name} 基本信息`, `${man(5).name} 基本信息`].toSorted(),
    );
    expect([await idOfPerson(6), await idOfPerson(7)]).toEqual([undefined, undefined]);
    expect((await idOfPerson(4))!.id).toBe(fourth.id);
    expect(await office.rows("SELECT count(*)::int AS n FROM registry.wage_month")).toEqual([{ n: 1 }]);
  });

  test("an end stays when work at that employer has begun again since", async () => {
    await office.adopt(workLedger(working(11)), supplement("2025-03"));
    const ended = await office.adopt(
      workLedger(working(11, { 是否务工: "否", 结束务工时间: "2025-04-20" })),
      supplement("2025-04"),
    );
    const again = await office.adopt(workLedger(working(11, { 开始务工时间: "2025-05-06" })), supplement("2025-05"));
    expect(await undoAsPreviewed(ended.batchId)).toMatchObject({ left: 2 });
    expect(await spells(11)).toEqual(["2024-03-01..2025-04-20 义乌丰禾服饰厂", "2025-05-06.. 义乌丰禾服饰厂"]);
    // And the later one can be taken back as well.
    await undoAsPreviewed(again.batchId);
    expect(await spells(11)).toEqual(["2024-03-01..2025-04-20 义乌丰禾服饰厂"]);
  });

  test("a change of employer stays when the new spell was added to", async () => {
    await office.adopt(workLedger(working(12)), supplement("2025-03"));
    const moved = await office.adopt(
      workLedger(working(12, { ...DONGGUAN, 开始务工时间: "2025-04-02" })),
      supplement("2025-04"),
    );
    const raised = await office.adopt(
      workLedger(working(12, { ...DONGGUAN, 开始务工时间: "2025-04-02", "月工资(元)": "6000" })),
      supplement("2025-05"),
    );
    const promised = await undoAsPreviewed(moved.batchId);
    expect(promised).toMatchObject({ restored: 0, removed: 0, left: 2 });
    expect(await spells(12)).toEqual(["2024-03-01..2025-04-01 义乌丰禾服饰厂", "2025-04-02.. 东莞锦达电子公司"]);
    await undoAsPreviewed(raised.batchId);
    expect(
      await office.rows(
        "SELECT monthly_wage_fen AS wage FROM registry.employment WHERE employer_name = '东莞锦达电子公司'",
      ),
    ).toEqual([{ wage: "380000" }]);
  });

  test("the later batch first, then the earlier: every byte as before both", async () => {
    await office.adopt(
      workLedger(working(21), working(22), working(23, { 结束务工时间: "2025-01-31", 是否务工: "否" })),
      supplement("2025-03"),
    );
    const before = await snapshot(runtime);
    const one = await office.adopt(
      workLedger(
        working(21, { ...DONGGUAN, 开始务工时间: "2025-04-02" }),
        working(22, { 行政村: "双龙村" }),
        working(23),
        working(24),
      ),
      supplement("2025-04"),
    );
    const between = await snapshot(runtime);
    const two = await office.adopt(
      workLedger(
        working(21, { 务工单位: "长沙乐邻家政", 开始务工时间: "2025-05-02" }),
        working(22, { 行政村: "毛坪村", 联系电话: "13900000000" }),
        working(23, { 结束务工时间: "2025年4月", 是否务工: "否" }),
        working(24, { "月工资(元)": "4000" }),
        idle(25),
      ),
      supplement("2025-05"),
    );
    await undoAsPreviewed(two.batchId);
    expect(await snapshot(runtime)).toBe(between);
    await undoAsPreviewed(one.batchId);
    expect(await snapshot(runtime)).toBe(before);
  });

  test("the earlier batch first: what the later one said stays, and taking that back as well loses nobody", async () => {
    const before = await snapshot(runtime);
    const one = await office.adopt(workLedger(working(31), working(32, { 行政村: "双龙村" })), supplement("2025-04"));
    const two = await office.adopt(
      workLedger(working(31, { "月工资(元)": "4000" }), working(32, { 行政村: "毛坪村" })),
      supplement("2025-05"),
    );
    const promised = await undoAsPreviewed(one.batchId);
    expect(promised).toMatchObject({ restored: 0, removed: 1, left: 3 });
    expect(await spells(31)).toEqual(["2024-03-01.. 义乌丰禾服饰厂"]);
    expect(
      await office.rows("SELECT home_region FROM registry.person WHERE home_region = '433124110222'"),
    ).toHaveLength(1);
    await undoAsPreviewed(two.batchId);
    expect(
      await office.rows(
        "SELECT e.monthly_wage_fen AS wage FROM registry.employment e JOIN registry.person p USING (person_id) WHERE e.home_region <> p.home_region",
      ),
    ).toEqual([]);
    expect((await snapshot(runtime)).length).toBeGreaterThan(before.length);
  });

  test("undone, the same table can be taken again", async () => {
    const content = workLedger(working(41), working(42));
    const one = await office.adopt(content, supplement("2025-04"));
    const said = () =>
      office.rows(
        `SELECT p.person_id, p.name, p.work_state, e.start_date::text, e.employer_name FROM registry.person p JOIN registry.employment e USING (person_id) WHERE p.name IN ('${man(41).name}', '${man(42).name}') ORDER BY p.name`,
      );
    const applied = await said();
    await undoAsPreviewed(one.batchId);
    await expect(office.undo(one.batchId)).rejects.toThrow("已撤销");
    const again = await office.adopt(content, supplement("2025-04"));
    expect(again.counts.differences).toEqual({ new: 2 });
    expect(applied).toHaveLength(2);
    expect(await said()).toEqual(applied);
  });

  test("somebody of whom another domain has a row since stays, without what the batch told of him", async () => {
    const owner = await runtime.owner();
    await owner.query(
      "CREATE TABLE public.placement (person_id bigint REFERENCES registry.person (person_id)); GRANT SELECT ON public.placement TO wengang_app, wengang_worker",
    );
    const batch = await office.adopt(
      csvOf([header, [...working(51), "小学"], [...working(52), "小学"]]),
      supplement("2025-04"),
    );
    await owner.query("INSERT INTO public.placement SELECT person_id FROM registry.person WHERE name = $1", [
      man(51).name,
    ]);
    expect(await undoAsPreviewed(batch.batchId)).toMatchObject({ removed: 3, left: 1 });
    expect([(await idOfPerson(51)) !== undefined, await spells(51), await idOfPerson(52)]).toEqual([
      true,
      [],
      undefined,
    ]);
    await owner.query("DROP TABLE public.placement");
  });
});
