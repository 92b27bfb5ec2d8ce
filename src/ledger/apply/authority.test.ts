import { auditModule } from "#audit";
import { identityModule } from "#identity";
import { decideComparisons, editPerson, employerKey, openPersonSecret, registryModule, sourceNumbers } from "#registry";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { testRuntime, type TestRuntime } from "../../platform/testing/index.ts";
import { addOffice, csvOf, man, Office, workLedger, working } from "../fixtures.ts";
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

interface Known {
  person_id: string;
  version: number;
  phone_mask: string | null;
  education: number | null;
  source: number;
  cell_sources: Record<string, number> | null;
  batch_id: string | null;
  secret: Buffer;
}

const known = async (n: number) =>
  (
    await office.rows<Known>(
      `SELECT person_id, version, phone_mask, education, source, cell_sources, batch_id, secret FROM registry.person WHERE name = '${man(n).name}'`,
    )
  )[0]!;
const wageOf = async (n: number) =>
  (
    await office.rows<{ wage: string }>(
      `SELECT monthly_wage_fen AS wage FROM registry.employment e JOIN registry.person p USING (person_id) WHERE p.name = '${man(n).name}' AND end_date IS NULL`,
    )
  )[0]!.wage;

interface Task {
  comparison_id: string;
  state: string;
  field: string;
  held: string | null;
  claimed: string | null;
}
const tasks = (n: number) =>
  office.rows<Task>(
    `SELECT c.comparison_id, c.state, c.field, c.held_value AS held, c.claimed_value AS claimed FROM registry.comparison c JOIN registry.person p USING (person_id) WHERE p.name = '${man(n).name}' ORDER BY comparison_id`,
  );
const supplement = (month: string) => ({ month, complete: "false" }) as const;

describe("what an officer has put right by hand", () => {
  test("is not undone by the tables that still say the old", async () => {
    await office.adopt(workLedger(working(1)), supplement("2025-03"));
    const before = await known(1);
    expect(before).toMatchObject({ source: sourceNumbers["work-ledger"], cell_sources: null, version: 1 });
    const edited = await office.act(editPerson, {
      personId: before.person_id,
      version: 1,
      cells: [{ field: "phone", value: "13955556666" }],
      note: "本人来电更正",
    });
    expect(edited).toMatchObject({ changed: ["联系电话"], raised: [], version: 2 });
    expect(await known(1)).toMatchObject({
      phone_mask: "139****6666",
      cell_sources: { phone: sourceNumbers.officer },
      batch_id: null,
    });

    // April says what March said: not even looked at.
    const april = await office.adopt(workLedger(working(1)), supplement("2025-04"));
    expect(april.counts).toMatchObject({ unchanged: 1, differences: {} });

    // May has another wage; the old phone in it is a claim now, which somebody has to look at. The wage is taken.
    const may = await office.adopt(workLedger(working(1, { "月工资(元)": "4100" })), supplement("2025-05"));
    expect(await office.differences(may.batchId)).toMatchObject([
      {
        reason: "X2",
        cells: [
          { label: "联系电话", held: "139****6666", claimed: "139****0001", act: "task", heldSource: "经办录入" },
          { label: "月工资", act: "adopt" },
        ],
      },
    ]);
    expect(await known(1)).toMatchObject({
      phone_mask: "139****6666",
      cell_sources: { phone: sourceNumbers.officer },
      version: 2,
    });
    expect(await wageOf(1)).toBe("410000");
    expect(await tasks(1)).toMatchObject([
      { state: "open", field: "phone", held: "139****6666", claimed: "139****0001" },
    ]);

    // June has another wage again: one task is enough.
    await office.adopt(workLedger(working(1, { "月工资(元)": "4200" })), supplement("2025-06"));
    expect(await wageOf(1)).toBe("420000");
    expect(await tasks(1)).toHaveLength(1);

    // Settled by keeping what was put in by hand, it does not come back with the next wage.
    await office.act(decideComparisons, {
      comparisonIds: [(await tasks(1))[0]!.comparison_id],
      act: "keep",
      note: "已与本人核实",
    });
    await office.adopt(workLedger(working(1, { "月工资(元)": "4300" })), supplement("2025-07"));
    expect(await wageOf(1)).toBe("430000");
    expect(await tasks(1)).toMatchObject([{ state: "kept" }]);
    // A third number is another claim.
    await office.adopt(
      workLedger(working(1, { "月工资(元)": "4300", 联系电话: "13977778888" })),
      supplement("2025-08"),
    );
    expect(await tasks(1)).toMatchObject([{ state: "kept" }, { state: "open", claimed: "139****8888" }]);
  });

  test("gives way where the officer adopts the claim", async () => {
    const [, open] = await tasks(1);
    await office.act(decideComparisons, { comparisonIds: [open!.comparison_id], act: "adopt", note: "新换的号码" });
    const now = await known(1);
    expect(now).toMatchObject({ phone_mask: "139****8888", cell_sources: null });
    expect(openPersonSecret(runtime.keys, now.secret)).toMatchObject({
      identity: man(1).identity,
      phone: "13977778888",
    });
  });

  test("stays also where he has emptied the cell", async () => {
    await office.adopt(workLedger(working(2)), supplement("2025-04"));
    const { person_id: personId } = await known(2);
    await office.act(editPerson, {
      personId,
      version: 1,
      cells: [{ field: "phone", value: null }],
      note: "停机，本人无电话",
    });
    const may = await office.adopt(workLedger(working(2, { "月工资(元)": "4100" })), supplement("2025-05"));
    expect(await office.reasons(may.batchId)).toEqual({ [man(2).name]: "X2" });
    expect(await known(2)).toMatchObject({ phone_mask: null });
    expect(await tasks(2)).toMatchObject([{ state: "open", field: "phone", held: null, claimed: "139****0002" }]);
  });

  test("is followed by a table that is believed before him, and each cell says where it is from", async () => {
    await office.adopt(workLedger(working(3)), supplement("2025-04"));
    const { person_id: personId } = await known(3);
    await office.act(editPerson, {
      personId,
      version: 1,
      cells: [
        { field: "education", value: "70" },
        { field: "health", value: "healthy" },
        { field: "address", value: "十八洞村3组" },
      ],
      note: "走访登记",
    });
    expect((await known(3)).cell_sources).toEqual({ education: 1, health: 1, address: 1 });
    const list = csvOf([
      ["姓名", "身份证号", "乡镇", "行政村", "户类型", "健康状况", "文化程度", "家庭住址"],
      [man(3).name, man(3).identity, "双龙镇", "十八洞村", "脱贫户", "残疾", "小学", "十八洞村4组"],
    ]);
    await office.adopt(list, { kind: "assisted-list", ...supplement("2025-05") });
    const now = await office.rows(
      `SELECT education, health, address, cell_sources FROM registry.person WHERE person_id = ${personId}`,
    );
    // The list certifies health; education and address it only repeats.
    expect(now).toEqual([
      {
        education: 70,
        health: "disabled",
        address: "十八洞村3组",
        cell_sources: { education: 1, health: sourceNumbers["assisted-list"], address: 1 },
      },
    ]);
    expect((await tasks(3)).map((task) => [task.field, task.held, task.claimed])).toEqual([
      ["education", "70", "80"],
      ["address", "十八洞村3组", "十八洞村4组"],
    ]);
  });

  test("an open spell that he has entered is not ended by a table", async () => {
    await office.adopt(
      workLedger(working(4, { 是否务工: "否", 务工地点: "", 务工单位: "", 开始务工时间: "", "月工资(元)": "" })),
      supplement("2025-04"),
    );
    const { person_id: personId } = await known(4);
    const owner = await runtime.owner();
    await owner.query(
      "INSERT INTO registry.employment (person_id, employment_id, employer_key, employer_name, start_date, home_region, recorded_on, source) VALUES ($1, 9, $2, '花垣县敬老院', '2025-02-01', '433124110226', '2025-04-20', 1)",
      [personId, employerKey("花垣县敬老院")],
    );
    const may = await office.adopt(workLedger(working(4, { 开始务工时间: "2025-04-10" })), supplement("2025-05"));
    expect(await office.reasons(may.batchId)).toEqual({ [man(4).name]: "X2" });
    expect(
      await office.rows(`SELECT employer_name, end_date FROM registry.employment WHERE person_id = ${personId}`),
    ).toEqual([{ employer_name: "花垣县敬老院", end_date: null }]);
    expect(await tasks(4)).toMatchObject([
      { field: "spell", held: "2025-02-01|||花垣县敬老院", claimed: "2025-04-10||330782|义乌丰禾服饰厂" },
    ]);
    await office.adopt(
      workLedger(working(4, { 开始务工时间: "2025-04-10", "月工资(元)": "4000" })),
      supplement("2025-06"),
    );
    expect(await tasks(4)).toHaveLength(1);
    await office.act(decideComparisons, {
      comparisonIds: [(await tasks(4))[0]!.comparison_id],
      act: "adopt",
      note: "已到义乌务工",
    });
    expect(
      await office.rows(
        `SELECT employer_name, start_date::text, end_date::text FROM registry.employment WHERE person_id = ${personId} ORDER BY start_date`,
      ),
    ).toEqual([
      { employer_name: "花垣县敬老院", start_date: "2025-02-01", end_date: "2025-04-09" },
      { employer_name: "义乌丰禾服饰厂", start_date: "2025-04-10", end_date: null },
    ]);
  });
});
