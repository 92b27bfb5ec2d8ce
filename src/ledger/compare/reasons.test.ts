import { auditModule } from "#audit";
import { identityModule } from "#identity";
import { asUuid, identityHash, newPersonId, openPersonSecret, registryModule, sealPersonSecret } from "#registry";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { testRuntime, type TestRuntime } from "../../platform/testing/index.ts";
import { decideDifferences, getBatch, previewApply, type BatchSummary } from "../contract.ts";
import {
  addOffice,
  csvOf,
  idle,
  man,
  Office,
  snapshot,
  WORK_HEADER,
  workLedger,
  working,
  type WorkRow,
} from "../fixtures.ts";
import { ledgerModule } from "../module.ts";

const modules = [registryModule, auditModule, identityModule, ledgerModule];
let runtime: TestRuntime;
let office: Office;
const LUXI = "433122";

beforeAll(async () => {
  runtime = await testRuntime(modules);
  await addOffice(runtime);
  await addOffice(runtime, LUXI, "2");
  office = new Office(runtime, modules);
});
afterAll(() => runtime?.close());

const MORE = ["就业意愿", "培训意愿", "技能", "文化程度", "健康状况"] as const;
const header = [...WORK_HEADER, ...MORE];
const wide = (row: readonly string[], more: Partial<Record<(typeof MORE)[number], string>> = {}) => [
  ...row,
  ...MORE.map((column) => more[column] ?? ""),
];

interface PersonRow {
  name: string;
  home_region: string;
  work_state: string;
  phone_mask: string | null;
  version: number;
}

async function personOf(n: number): Promise<PersonRow | undefined> {
  const hash = asUuid(identityHash(runtime.keys, "resident-id", man(n).identity));
  return (
    await office.rows<PersonRow>(
      `SELECT name, home_region, work_state, phone_mask, version FROM registry.person p JOIN registry.person_key k USING (person_id, home_region) WHERE k.key_hash = '${hash}'`,
    )
  )[0];
}

/** Open tasks: 「name reason entity.field held → claimed」. */
async function tasks(): Promise<string[]> {
  const rows = await office.rows<{
    task: string;
  }>(`SELECT concat(p.name, ' ', c.reason, ' ', c.entity, '.', c.field, ' ', coalesce(c.held_value, '-'), ' → ', coalesce(c.claimed_value, '-')) AS task
    FROM registry.comparison c JOIN registry.person p USING (person_id) WHERE c.state = 'open' ORDER BY 1`);
  return rows.map((row) => row.task);
}

describe("what a table says of people who are known", () => {
  /** Everybody of the county in April, and what May says of each. */
  const april: [number, WorkRow?][] = [
    [1],
    [2],
    [3],
    [4],
    [5, { 行政村: "敏腊村" }],
    [6],
    [7, { 行政村: "丙池村" }],
    [8],
    [9],
    [10],
  ];
  let before: string;
  let may: BatchSummary;

  beforeAll(async () => {
    await office.adopt(csvOf([header, ...april.map(([n, row]) => wide(working(n, row), { 文化程度: "初中" }))]), {
      month: "2025-04",
    });
    const owner = await runtime.owner();
    // 石榴冲村 has become 毛坪村; 丙池村 is no more.
    await owner.query(
      "INSERT INTO registry.region_alias (alias, code, renamed, valid_to, note) VALUES ('石榴冲村', '433124110222', true, '2018-12-31', '2019年1月更名为毛坪村')",
    );
    await owner.query("UPDATE registry.region SET valid_to = '2025-04-30' WHERE code = '433124110201'");
    before = await snapshot(runtime);
    may = await office.take(
      csvOf([
        header,
        wide(working(1), { 文化程度: "初中" }),
        wide(working(2, { 联系电话: "139 0000 2222" }), { 文化程度: "初中" }),
        wide(working(3), { 文化程度: "初中", 就业意愿: "是", 培训意愿: "有", 技能: "电焊" }),
        wide(working(4), { 文化程度: "高中", 健康状况: "良好" }),
        wide(working(5, { 行政村: "石榴冲村" }), { 文化程度: "初中" }),
        wide(working(6, { 行政村: "双龙村" }), { 文化程度: "初中" }),
        wide(working(7, { 行政村: "毛坪村" }), { 文化程度: "初中" }),
        wide(working(9, { 姓名: "麻老九", "月工资(元)": "5000", 联系电话: "13900009999", 行政村: "毛坪村" }), {
          文化程度: "小学",
          技能: "砌墙",
        }),
        wide(working(10, { "月工资(元)": "5000" }), { 文化程度: "小学" }),
        wide(idle(20)),
      ]),
    );
  });

  test("the reasons", async () => {
    expect(await office.reasons(may.batchId)).toEqual({
      [man(2).name]: "C4",
      [man(3).name]: "C6",
      [man(4).name]: "C7",
      [man(5).name]: "M1",
      [man(6).name]: "M3",
      [man(7).name]: "M1",
      [man(8).name]: "V1",
      麻老九: "M3",
      [man(10).name]: "C3",
      [man(20).name]: "N2",
    });
    expect(may.counts).toMatchObject({
      rows: 10,
      valid: 10,
      unchanged: 1,
      differences: { changed: 4, moved: 4, vanished: 1, new: 1 },
      vanishedPerTenThousand: 1000,
    });
  });

  test("the cells that a reader sees, with both values", async () => {
    const cells = Object.fromEntries(
      (await office.differences(may.batchId)).map((row) => [
        row.name,
        row.cells.map((cell) => `${cell.label} ${cell.held} → ${cell.claimed}`),
      ]),
    );
    expect(cells).toMatchObject({
      [man(2).name]: ["联系电话 139****0002 → 139****2222"],
      [man(3).name]: expect.arrayContaining(["就业意愿 null → 愿意", "培训意愿 null → 愿意", "技能 null → 电焊"]),
      [man(4).name]: expect.arrayContaining(["文化程度 初级中学 → 普通高级中学", "健康状况 null → 健康"]),
      [man(6).name]: [expect.stringMatching(/^户籍地 .*十八洞村 → .*双龙村$/)],
      [man(8).name]: ["务工状态 在岗 → 本月未报"],
      [man(20).name]: ["人员 登记库无此人 → 新建"],
    });
  });

  test("applied, each has its result, and only the vanished a task", async () => {
    await expect(office.apply(may.batchId)).rejects.toThrow("10.00%，超过 3%");
    const { approveVanished } = await import("../contract.ts");
    await expect(office.act(approveVanished, { batchId: may.batchId }, "clerk")).rejects.toThrow(
      "不能由接收该批次的人自己确认",
    );
    await office.act(approveVanished, { batchId: may.batchId }, "reviewer");
    const preview = await office.act(previewApply, { batchId: may.batchId });
    expect(await office.apply(may.batchId)).toMatchObject({ state: "applied", problem: null });
    const [now] = await office.rows<Record<string, number>>(
      "SELECT count(*) FILTER (WHERE work_state = 'working')::int AS working, count(*) FILTER (WHERE work_state = 'to-verify')::int AS doubtful, count(*)::int AS people FROM registry.person",
    );
    expect(now).toEqual({ working: 9, doubtful: 1, people: 11 });
    expect(preview).toEqual({
      places: 10,
      newPersons: 1,
      newRecords: 0,
      changedCells: 17,
      changedPersons: 8,
      resumed: 0,
      moved: 4,
      toVerify: 1,
      tasks: 0,
      left: 0,
      unchanged: 1,
      workingBefore: 10,
      workingAfter: 9,
    });
    expect(await personOf(1)).toMatchObject({ version: 1, work_state: "working" });
    expect(await personOf(2)).toMatchObject({ phone_mask: "139****2222", version: 2 });
    expect(await personOf(5)).toMatchObject({ home_region: "433124110222" });
    expect(await personOf(6)).toMatchObject({ home_region: "433124110218" });
    expect(await personOf(7)).toMatchObject({ home_region: "433124110222" });
    expect(await personOf(8)).toMatchObject({ work_state: "to-verify", version: 2 });
    expect(await personOf(9)).toMatchObject({ name: "麻老九", home_region: "433124110222", phone_mask: "139****9999" });
    expect(await personOf(20)).toMatchObject({ work_state: "idle", version: 1 });
    const [secret] = await office.rows<{ secret: Buffer }>(
      `SELECT secret FROM registry.person WHERE phone_mask = '139****2222'`,
    );
    expect(openPersonSecret(runtime.keys, secret!.secret)).toEqual({
      identity: man(2).identity,
      phone: "13900002222",
      bankAccount: null,
    });
    expect(
      await office.rows("SELECT job_willing, training_willing, skills FROM registry.person WHERE skills = '电焊'"),
    ).toEqual([{ job_willing: true, training_willing: true, skills: "电焊" }]);
    // Whatever hangs on a person has moved with him.
    for (const table of ["registry.person_key", "registry.employment", "ledger.line"])
      expect(
        await office.rows(
          `SELECT 1 FROM ${table} t JOIN registry.person p USING (person_id) WHERE t.home_region <> p.home_region`,
        ),
      ).toEqual([]);
    expect(await tasks()).toEqual([`${man(8).name} V1 person.work_state working → -`]);
  });

  test("reported again in June, somebody missing has returned", async () => {
    const june = await office.take(csvOf([header, wide(working(8), { 文化程度: "初中" })]), {
      month: "2025-06",
      complete: "false",
    });
    expect(await office.reasons(june.batchId)).toEqual({ [man(8).name]: "R2" });
    await office.apply(june.batchId);
    expect(await personOf(8)).toMatchObject({ work_state: "working" });
    expect(await office.rows("SELECT 1 FROM ledger.line WHERE missing_since IS NOT NULL")).toEqual([]);
    expect(await office.undo(june.batchId)).toMatchObject({ state: "undone", problem: null });
    expect(await personOf(8)).toMatchObject({ work_state: "to-verify" });
  });

  test("missing still, nobody vanishes twice", async () => {
    const again = await office.take(csvOf([header, wide(idle(20))]), { month: "2025-06", coverage: "433124110226" });
    // Of this village all but one had been reported; who is missing since May is no news.
    expect(Object.keys(await office.reasons(again.batchId))).not.toContain(man(8).name);
  });

  test("undone, all is as in April", async () => {
    expect(await office.undo(may.batchId)).toMatchObject({ state: "undone", problem: null });
    expect(await snapshot(runtime)).toBe(before);
    expect(await tasks()).toEqual([]);
  });
});

describe("what nobody may decide silently", () => {
  const row = (n: number, more: WorkRow = {}) => working(n, { 乡镇: "达岚镇", 行政村: "龙溪口村", ...more });

  test("X1: the registry has him in another county", async () => {
    await office.adopt(workLedger(row(51)), { as: "clerk2", month: "2025-04", complete: "false" });
    const before = await personOf(51);
    const batch = await office.take(workLedger(working(51, { "月工资(元)": "9000" })), { complete: "false" });
    const [difference] = await office.differences(batch.batchId);
    expect(difference).toMatchObject({
      reason: "X1",
      kind: "conflicting",
      decision: "task",
      cells: [
        {
          label: "户籍地",
          held: expect.stringMatching(/泸溪县$/),
          claimed: expect.stringMatching(/十八洞村$/),
          act: "task",
        },
      ],
    });
    await office.apply(batch.batchId);
    expect(await personOf(51)).toEqual(before);
    expect(await tasks()).toContain(`${man(51).name} X1 person.home_region ${LUXI} → 433124110226`);
    // Said again: nothing new to decide, nothing lost.
    const again = await office.adopt(workLedger(working(51, { "月工资(元)": "9000" })), { complete: "false" });
    expect(await office.reasons(again.batchId)).toEqual({ [man(51).name]: "X1" });
    expect((await tasks()).filter((task) => task.includes(" X1 "))).toHaveLength(1);
  });

  test("X2: a source that is believed before this one says otherwise", async () => {
    const list = csvOf([
      ["姓名", "身份证号", "乡镇", "行政村", "户类型", "健康状况"],
      [man(52).name, man(52).identity, "双龙镇", "十八洞村", "脱贫户", "残疾"],
    ]);
    await office.adopt(list, { kind: "assisted-list", month: "2025-04", complete: "false" });
    const batch = await office.adopt(
      csvOf([header, wide(working(52, { 姓名: "麻改名" }), { 健康状况: "健康", 技能: "厨师" })]),
      { complete: "false" },
    );
    const [difference] = await office.differences(batch.batchId);
    expect(difference).toMatchObject({ reason: "X2", kind: "conflicting" });
    expect(difference!.cells.map((cell) => [cell.label, cell.act])).toEqual(
      expect.arrayContaining([
        ["姓名", "task"],
        ["健康状况", "task"],
        ["技能", "adopt"],
        ["务工记录", "adopt"],
      ]),
    );
    // What is not in dispute is taken all the same.
    expect(await office.rows("SELECT health, skills, work_state FROM registry.person WHERE skills = '厨师'")).toEqual([
      { health: "disabled", skills: "厨师", work_state: "working" },
    ]);
    expect((await tasks()).filter((task) => task.includes(" X2 "))).toEqual([
      `${man(52).name} X2 person.health disabled → healthy`,
      `${man(52).name} X2 person.name ${man(52).name} → 麻改名`,
    ]);
  });

  test("X5: a new number whose id somebody else has", async () => {
    const hash = identityHash(runtime.keys, "resident-id", man(53).identity);
    const owner = await runtime.owner();
    const secret = sealPersonSecret(runtime.keys, { identity: man(54).identity, phone: null, bankAccount: null });
    await owner.query(
      "INSERT INTO registry.person (person_id, name, identity_mask, home_region, secret, recorded_on, source) VALUES ($1, '占号人', '433124********0000', '433124110226', $2, '2025-01-01', 1)",
      [newPersonId(hash), secret],
    );
    const before = await snapshot(runtime);
    const batch = await office.take(workLedger(working(53)), { complete: "false" });
    expect(await office.differences(batch.batchId)).toMatchObject([
      { reason: "X5", kind: "conflicting", name: man(53).name },
    ]);
    await office.apply(batch.batchId);
    expect(await snapshot(runtime)).toBe(before);
  });

  test("X6: another open table of the month has him too; whoever applies first has him, then it is X1", async () => {
    const there = await office.take(workLedger(row(54)), { as: "clerk2", complete: "false" });
    const here = await office.take(workLedger(working(54), working(55)), { complete: "false" });
    expect(await office.reasons(here.batchId)).toEqual({ [man(54).name]: "X6", [man(55).name]: "N2" });
    await office.apply(here.batchId);
    expect([await personOf(54), (await personOf(55))?.work_state]).toEqual([undefined, "working"]);
    await office.act(decideDifferences, { batchId: there.batchId, differenceIds: [], decision: "leave" }, "clerk2");
    // The registry has moved since: compared again first, then applied.
    const moved = await office.apply(there.batchId, "clerk2");
    expect([moved.state, moved.problem?.code]).toEqual(["compared", "ledger.registry-moved"]);
    await office.apply(there.batchId, "clerk2");
    expect((await personOf(54))?.home_region).toMatch(/^433122/);
    const later = await office.take(workLedger(working(54)), { complete: "false" });
    expect(await office.reasons(later.batchId)).toEqual({ [man(54).name]: "X1" });
  });

  test("another table of the office's own, open for some of the same villages, is no other place", async () => {
    await office.take(workLedger(working(57)), { complete: "false", coverage: "433124110" });
    const county = await office.take(workLedger(working(57)), { complete: "false" });
    expect(await office.reasons(county.batchId)).toEqual({ [man(57).name]: "N2" });
  });

  test("a difference that is left changes nothing and comes back", async () => {
    const batch = await office.take(workLedger(working(55, { "月工资(元)": "4500" }), working(56)), {
      complete: "false",
      month: "2025-06",
    });
    const rows = await office.differences(batch.batchId);
    await office.act(decideDifferences, {
      batchId: batch.batchId,
      differenceIds: rows.map((one) => one.differenceId),
      decision: "leave",
    });
    const before = await snapshot(runtime);
    await office.apply(batch.batchId);
    expect(await snapshot(runtime)).toBe(before);
    const again = await office.take(workLedger(working(55, { "月工资(元)": "4500" }), working(56)), {
      complete: "false",
      month: "2025-06",
    });
    expect(await office.reasons(again.batchId)).toEqual({ [man(55).name]: "C3", [man(56).name]: "N2" });
    expect((await office.act(getBatch, { batchId: batch.batchId })).state).toBe("applied");
  });
});

describe("V2: no longer on a list", () => {
  test("the line remembers it, the category goes on until somebody ends it, and the work is not in doubt", async () => {
    const columns = ["姓名", "身份证号", "乡镇", "行政村", "户类型"];
    const line = (n: number) => [man(n).name, man(n).identity, "龙潭镇", "豆旺村", "脱贫户"];
    const given = { kind: "assisted-list", coverage: "433124102" } as const;
    await office.adopt(csvOf([columns, line(61), line(62)]), { ...given, month: "2025-04" });
    const batch = await office.adopt(csvOf([columns, line(61)]), { ...given, month: "2025-05" });
    expect(await office.reasons(batch.batchId)).toEqual({ [man(62).name]: "V2" });
    expect(
      await office.rows(
        "SELECT month::text, missing_since::text FROM ledger.line WHERE missing_since IS NOT NULL AND kind = 'assisted-list'",
      ),
    ).toEqual([{ month: "2025-04-01", missing_since: "2025-05-01" }]);
    expect(
      await office.rows(
        `SELECT g.category, g.valid_to, p.work_state FROM registry.person_category g JOIN registry.person p USING (person_id) WHERE p.name = '${man(62).name}'`,
      ),
    ).toEqual([{ category: "lifted-from-poverty", valid_to: null, work_state: "unknown" }]);
    expect(await tasks()).toContain(`${man(62).name} V2 person.work_state unknown → -`);
  });
});
