import type { Client } from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { testRuntime, type TestRuntime } from "../../platform/testing/index.ts";
import { countComparisons, decideComparisons, listComparisons } from "../comparisons/contract.ts";
import { checkCharacter } from "../dictionaries/identity-check.ts";
import { addEmployment, addPerson, ask, callerIn, insert, recordingGate } from "../fixtures.ts";
import { registryModule } from "../module.ts";
import { openPersonSecret } from "../numbers.ts";
import { sourceNumbers } from "../sources.ts";
import { unmask } from "./contract.ts";
import { editPerson, getPerson, listPersonChanges } from "./page-contract.ts";

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

const stored = async (personId: string) => (await owner.query("SELECT * FROM registry.person WHERE person_id = $1", [personId])).rows[0];

describe("editing by hand", () => {
  it("writes cells with their source, mask, hash, envelope and history", async () => {
    const person = await addPerson(owner, runtime, { homeRegion: HOME, phone: "13800001111" });
    const answer = await ask(runtime, gate, clerk, editPerson, {
      personId: person.personId,
      version: 1,
      cells: [{ field: "phone", value: "１８７ 0000 4402" }, { field: "skills", value: "缝纫工（初级）" }, { field: "residence_region", value: "433124" }],
      note: "电话核实",
    });
    expect(answer).toEqual({ version: 2, changed: ["联系电话", "技能", "常住地"], raised: [] });
    const row = await stored(person.personId);
    expect(row).toMatchObject({ phone_mask: "187****4402", phone_tail: "4402", skills: "缝纫工（初级）", residence_region: "433124", version: 2, batch_id: null, recorded_on: "2025-06-18" });
    expect(row.cell_sources).toEqual({ phone: 1, skills: 1, residence_region: 1 });
    expect(openPersonSecret(runtime.keys, row.secret)).toEqual({ identity: person.identity, phone: "18700004402", bankAccount: null });

    const changes = await ask(runtime, gate, clerk, listPersonChanges, { personId: person.personId });
    expect(changes.total).toBe(1);
    expect(changes.rows[0]).toMatchObject({ officerName: "向晓岚", reason: "电话核实", sourceLabel: "经办录入" });
    expect(changes.rows[0]!.cells).toContainEqual({ label: "联系电话", before: "138****1111", after: "187****4402" });
    expect(JSON.stringify(changes)).not.toContain("18700004402");
  });

  it("turns a value that a more authoritative source contradicts into one comparison task", async () => {
    const person = await addPerson(owner, runtime, { homeRegion: HOME, name: "石测甲", source: "assisted-list" });
    const edit = () => ask(runtime, gate, clerk, editPerson, { personId: person.personId, version: 1, cells: [{ field: "name", value: "石测乙" }], note: "户口簿" });
    expect(await edit()).toEqual({ version: 1, changed: [], raised: ["姓名"] });
    await edit();
    expect((await stored(person.personId)).name).toBe("石测甲");
    const tasks = await ask(runtime, gate, clerk, listComparisons, {});
    expect(tasks.rows.filter((task) => task.personId === person.personId)).toMatchObject([
      { held: "石测甲", heldSourceLabel: "脱贫人口名单", claimed: "石测乙", claimedSourceLabel: "经办录入", reason: "X2", dueOn: "2025-07-03", overdue: false },
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
    await expect(ask(runtime, gate, clerk, editPerson, { personId: person.personId, version: 1, cells: [{ field, value }], note: "核实" })).rejects.toThrow(words);
    expect((await stored(person.personId)).version).toBe(1);
  });

  it("refuses to overwrite what somebody else changed in between, and what changes nothing", async () => {
    const person = await addPerson(owner, runtime, { homeRegion: HOME, columns: { skills: "焊工" } });
    const edit = (version: number, value: string) => ask(runtime, gate, clerk, editPerson, { personId: person.personId, version, cells: [{ field: "skills", value }], note: "核实" });
    await edit(1, "电工");
    await expect(edit(1, "焊工")).rejects.toThrow("已被他人或台账修改");
    await expect(edit(2, "电工")).rejects.toThrow("没有内容发生变化");
  });
});

describe("comparison tasks", () => {
  async function raise(personId: string, task: Record<string, unknown>): Promise<string> {
    await insert(owner, "registry.comparison", { person_id: personId, home_region: HOME, reason: "X2", entity: "person", held_source: 3, claimed_source: 5, ...task });
    return (await owner.query("SELECT max(comparison_id)::text AS id FROM registry.comparison")).rows[0].id;
  }
  const decide = (comparisonId: string, act: "keep" | "adopt") => ask(runtime, gate, clerk, decideComparisons, { comparisonIds: [comparisonId], act, note: "电话核实" });

  it("adopts a number from its envelope, keeps it masked in sight, and settles once", async () => {
    const person = await addPerson(owner, runtime, { homeRegion: HOME, phone: "13800002222" });
    const task = await raise(person.personId, { field: "phone", held_value: "138****2222", claimed_value: "136****9150", claimed_secret: runtime.keys.seal("13600009150"), claimed_source: 8 });
    expect(await decide(task, "adopt")).toEqual({ decided: 1, state: "adopted" });
    const row = await stored(person.personId);
    expect(row).toMatchObject({ phone_mask: "136****9150", phone_tail: "9150", cell_sources: { phone: sourceNumbers["village-visit"] } });
    await expect(decide(task, "keep")).rejects.toThrow("已被处理");
    const page = await ask(runtime, gate, clerk, getPerson, { personId: person.personId });
    expect(page.values.find((value) => value.field === "phone")).toMatchObject({ value: "136****9150", sourceLabel: "村级走访", outcome: "adopted" });
    expect(JSON.stringify(page)).not.toContain("13600009150");
  });

  it("adopts the end of a spell known to the month, and the person is no longer at work", async () => {
    const person = await addPerson(owner, runtime, { homeRegion: HOME, columns: { work_state: "working" } });
    const spell = await addEmployment(owner, person, { startDate: "2025-02-26" });
    const task = await raise(person.personId, { entity: "employment", entity_key: JSON.stringify({ employment_id: spell }), field: "end_date", claimed_value: "2025-05" });
    await decide(task, "adopt");
    const { rows } = await owner.query("SELECT end_date, end_precision FROM registry.employment WHERE person_id = $1", [person.personId]);
    expect(rows).toEqual([{ end_date: "2025-05-31", end_precision: "month" }]);
    expect((await stored(person.personId)).work_state).toBe("idle");
    const page = await ask(runtime, gate, clerk, getPerson, { personId: person.personId });
    expect(page.idleDays).toBe(18);
  });

  it("refuses to adopt what would make two spells overlap, and changes nothing", async () => {
    const person = await addPerson(owner, runtime, { homeRegion: HOME });
    const first = await addEmployment(owner, person, { startDate: "2024-01-01", endDate: "2024-06-30" });
    await addEmployment(owner, person, { startDate: "2024-08-01", previousEnd: "2024-06-30" });
    const task = await raise(person.personId, { entity: "employment", entity_key: JSON.stringify({ employment_id: first }), field: "end_date", claimed_value: "2024-09-30" });
    await expect(decide(task, "adopt")).rejects.toThrow("时间重叠");
    const { rows } = await owner.query("SELECT state FROM registry.comparison WHERE comparison_id = $1", [task]);
    expect(rows).toEqual([{ state: "open" }]);
  });

  it("adds a corrected number as a key of the same person, and refuses another person's number", async () => {
    const person = await addPerson(owner, runtime, { homeRegion: HOME });
    const other = await addPerson(owner, runtime, { homeRegion: HOME });
    const fresh = "433124198503129997".slice(0, 17);
    const corrected = fresh + checkCharacter(fresh)!;
    await decide(await raise(person.personId, { field: "identity", claimed_value: "433124********", claimed_secret: runtime.keys.seal(corrected) }), "adopt");
    expect((await ask(runtime, gate, clerk, getPerson, { personId: person.personId })).identityKeys).toBe(2);
    expect((await ask(runtime, gate, clerk, unmask, { personId: person.personId, field: "identity", purpose: "核对证件" })).value).toBe(corrected);
    const stolen = await raise(person.personId, { field: "identity", claimed_value: "433124********", claimed_secret: runtime.keys.seal(other.identity) });
    await expect(decide(stolen, "adopt")).rejects.toThrow("已登记在另一人名下");
  });

  it("keeps the held value, counts what waits and what is late", async () => {
    const person = await addPerson(owner, runtime, { homeRegion: HOME });
    const before = await ask(runtime, gate, clerk, countComparisons, {});
    const task = await raise(person.personId, { field: "address", held_value: "一组", claimed_value: "二组", due_on: "2025-06-01" });
    const waiting = await ask(runtime, gate, clerk, countComparisons, {});
    expect([waiting.open - before.open, waiting.overdue - before.overdue]).toEqual([1, 1]);
    expect(await decide(task, "keep")).toEqual({ decided: 1, state: "kept" });
    expect((await ask(runtime, gate, clerk, countComparisons, {})).open).toBe(before.open);
  });
});

describe("unmasking", () => {
  it("shows one number for a stated purpose and is audited as such, refusals too", async () => {
    const person = await addPerson(owner, runtime, { homeRegion: HOME, phone: "13800003333", bankAccount: "6217000012345678" });
    const show = (field: "identity" | "phone" | "bank-account", purpose = "电话回访务工情况") => ask(runtime, gate, clerk, unmask, { personId: person.personId, field, purpose });
    gate.entries.length = 0;
    expect((await show("identity")).value).toBe(person.identity);
    expect((await show("phone")).value).toBe("13800003333");
    expect((await show("bank-account")).value).toBe("6217000012345678");
    await expect(show("phone", "看")).rejects.toThrow("请写明查看用途");
    await expect(ask(runtime, gate, callerIn("433124", ["registry.read"]), unmask, { personId: person.personId, field: "phone", purpose: "电话回访" })).rejects.toThrow("您的职责不包含");
    await expect(ask(runtime, gate, callerIn("433123"), unmask, { personId: person.personId, field: "phone", purpose: "电话回访" })).rejects.toThrow("没有找到此人");
    expect(gate.entries.map((entry) => [entry.kind, entry.outcome, entry.detail["field"], entry.detail["purpose"], entry.detail.subject])).toEqual([
      ["unmask", "done", "identity", "电话回访务工情况", `registry.person:${person.personId}`],
      ["unmask", "done", "phone", "电话回访务工情况", `registry.person:${person.personId}`],
      ["unmask", "done", "bank-account", "电话回访务工情况", `registry.person:${person.personId}`],
      ["unmask", "refused", "phone", "电话回访", `registry.person:${person.personId}`],
    ]);
    expect(JSON.stringify(gate.entries)).not.toContain(person.identity);
    expect(JSON.stringify(gate.entries)).not.toContain("13800003333");
  });
});
