import type { Client } from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { testRuntime, type TestRuntime } from "../../platform/testing/index.ts";
import { listComparisons } from "../comparisons/contract.ts";
import { addPerson, ask, callerIn, recordingGate } from "../fixtures.ts";
import { registryModule } from "../module.ts";
import { openPersonSecret } from "../numbers.ts";
import { unmask } from "./contract.ts";
import { editPerson, listPersonChanges } from "./page-contract.ts";

const HOME = "433124110226";
let runtime: TestRuntime;
let owner: Client;
const gate = recordingGate();
const clerk = callerIn("433124");

beforeAll(async () => {
  runtime = await testRuntime([registryModule], { businessDate: "2025-06-18" });
  owner = await runtime.owner();
});
afterAll(() => runtime.close());

const stored = async (personId: string) =>
  (await owner.query("SELECT * FROM registry.person WHERE person_id = $1", [personId])).rows[0];

describe("editing by hand", () => {
  it("writes cells with their source, mask, hash, envelope and history", async () => {
    const person = await addPerson(owner, runtime, { homeRegion: HOME, phone: "13800001111" });
    const answer = await ask(runtime, gate, clerk, editPerson, {
      personId: person.personId,
      version: 1,
      cells: [
        { field: "phone", value: "１８７ 0000 4402" },
        { field: "skills", value: "缝纫工（初级）" },
        { field: "residence_region", value: "433124" },
      ],
      note: "电话核实",
    });
    expect(answer).toEqual({ version: 2, changed: ["联系电话", "技能", "常住地"], raised: [] });
    const row = await stored(person.personId);
    expect(row).toMatchObject({
      phone_mask: "187****4402",
      phone_tail: "4402",
      skills: "缝纫工（初级）",
      residence_region: "433124",
      version: 2,
      batch_id: null,
      recorded_on: "2025-06-18",
    });
    expect(row.cell_sources).toEqual({ phone: 1, skills: 1, residence_region: 1 });
    expect(openPersonSecret(runtime.keys, row.secret)).toEqual({
      identity: person.identity,
      phone: "18700004402",
      bankAccount: null,
    });

    const changes = await ask(runtime, gate, clerk, listPersonChanges, { personId: person.personId });
    expect(changes.total).toBe(1);
    expect(changes.rows[0]).toMatchObject({ officerName: "向晓岚", reason: "电话核实", sourceLabel: "经办录入" });
    expect(changes.rows[0]!.cells).toContainEqual({ label: "联系电话", before: "138****1111", after: "187****4402" });
    expect(JSON.stringify(changes)).not.toContain("18700004402");
  });

  it("turns a value that a more authoritative source contradicts into one comparison task", async () => {
    const person = await addPerson(owner, runtime, { homeRegion: HOME, name: "石测甲", source: "assisted-list" });
    const edit = () =>
      ask(runtime, gate, clerk, editPerson, {
        personId: person.personId,
        version: 1,
        cells: [{ field: "name", value: "石测乙" }],
        note: "户口簿",
      });
    expect(await edit()).toEqual({ version: 1, changed: [], raised: ["姓名"] });
    await edit();
    expect((await stored(person.personId)).name).toBe("石测甲");
    const tasks = await ask(runtime, gate, clerk, listComparisons, {});
    expect(tasks.rows.filter((task) => task.personId === person.personId)).toMatchObject([
      {
        held: "石测甲",
        heldSourceLabel: "脱贫人口名单",
        claimed: "石测乙",
        claimedSourceLabel: "经办录入",
        reason: "X2",
        dueOn: "2025-06-28",
        overdue: false,
      },
    ]);
  });

  it.each([
    ["identity", "433124198503120011", "不能在此页修改"],
    ["phone", "1380000", "电话位数不对"],
    ["birth_date", "2025-02-30", "日期应写作"],
    ["residence_region", "433124999", "不在区划库中"],
    ["labour_capacity", "很强", "请从选项中选择"],
    ["name", "", "不能为空"],
    ["no_such_column; --", "x", "不能在此页修改"],
  ])("refuses %s = %s in words", async (field, value, words) => {
    const person = await addPerson(owner, runtime, { homeRegion: HOME });
    await expect(
      ask(runtime, gate, clerk, editPerson, {
        personId: person.personId,
        version: 1,
        cells: [{ field, value }],
        note: "核实",
      }),
    ).rejects.toThrow(words);
    expect((await stored(person.personId)).version).toBe(1);
  });

  it("refuses to overwrite what somebody else changed in between, and what changes nothing", async () => {
    const person = await addPerson(owner, runtime, { homeRegion: HOME, columns: { skills: "焊工" } });
    const edit = (version: number, value: string) =>
      ask(runtime, gate, clerk, editPerson, {
        personId: person.personId,
        version,
        cells: [{ field: "skills", value }],
        note: "核实",
      });
    await edit(1, "电工");
    await expect(edit(1, "焊工")).rejects.toThrow("已被他人或台账修改");
    await expect(edit(2, "电工")).rejects.toThrow("没有内容发生变化");
  });
});

describe("unmasking", () => {
  it("shows one number for a stated purpose and is audited as such, refusals too", async () => {
    const person = await addPerson(owner, runtime, {
      homeRegion: HOME,
      phone: "13800003333",
      bankAccount: "6217000012345678",
    });
    const show = (field: "identity" | "phone" | "bank-account", purpose = "电话回访务工情况") =>
      ask(runtime, gate, clerk, unmask, { personId: person.personId, field, purpose });
    gate.entries.length = 0;
    expect((await show("identity")).value).toBe(person.identity);
    expect((await show("phone")).value).toBe("13800003333");
    expect((await show("bank-account")).value).toBe("6217000012345678");
    await expect(show("phone", "看")).rejects.toThrow("请写明查看用途");
    await expect(
      ask(runtime, gate, callerIn("433124", ["registry.read"]), unmask, {
        personId: person.personId,
        field: "phone",
        purpose: "电话回访",
      }),
    ).rejects.toThrow("您的职责不包含");
    await expect(
      ask(runtime, gate, callerIn("433123"), unmask, {
        personId: person.personId,
        field: "phone",
        purpose: "电话回访",
      }),
    ).rejects.toThrow("没有找到此人");
    expect(
      gate.entries.map((entry) => [
        entry.kind,
        entry.outcome,
        entry.detail["field"],
        entry.detail["purpose"],
        entry.detail.subject,
      ]),
    ).toEqual([
      ["unmask", "done", "identity", "电话回访务工情况", `registry.person:${person.personId}`],
      ["unmask", "done", "phone", "电话回访务工情况", `registry.person:${person.personId}`],
      ["unmask", "done", "bank-account", "电话回访务工情况", `registry.person:${person.personId}`],
      // Whose duty it is not is not told what there is; that he tried is kept.
      ["unmask", "refused", undefined, undefined, undefined],
      ["unmask", "refused", "phone", "电话回访", `registry.person:${person.personId}`],
    ]);
    expect(JSON.stringify(gate.entries)).not.toContain(person.identity);
    expect(JSON.stringify(gate.entries)).not.toContain("13800003333");
  });
});
