import type { Client } from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { testRuntime, type TestRuntime } from "../../platform/testing/index.ts";
import { checkCharacter } from "../dictionaries/identity-check.ts";
import { addEmployment, addPerson, ask, callerIn, insert, recordingGate } from "../fixtures.ts";
import { registryModule } from "../module.ts";
import { sealPersonSecret } from "../numbers.ts";
import { unmask } from "../persons/contract.ts";
import { getPerson, listPersonChanges } from "../persons/page-contract.ts";
import { sourceNumbers } from "../sources.ts";
import { countComparisons, decideComparisons, listComparisons } from "./contract.ts";

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

describe("comparison tasks", () => {
  async function raise(personId: string, task: Record<string, unknown>): Promise<string> {
    await insert(owner, "registry.comparison", {
      person_id: personId,
      home_region: HOME,
      reason: "X2",
      entity: "person",
      held_source: 3,
      claimed_source: 5,
      ...task,
    });
    return (await owner.query("SELECT max(comparison_id)::text AS id FROM registry.comparison")).rows[0].id;
  }
  const decide = (comparisonId: string, act: "keep" | "adopt", endDate?: string) =>
    ask(runtime, gate, clerk, decideComparisons, {
      comparisonIds: [comparisonId],
      act,
      note: "电话核实",
      ...(endDate ? { endDate } : {}),
    });

  it("adopts a number from its envelope, keeps it masked in sight, and settles once", async () => {
    const person = await addPerson(owner, runtime, { homeRegion: HOME, phone: "13800002222" });
    const task = await raise(person.personId, {
      field: "phone",
      held_value: "138****2222",
      claimed_value: "136****9150",
      claimed_secret: sealPersonSecret(runtime.keys, { identity: "", phone: "13600009150", bankAccount: null }),
      claimed_source: 8,
    });
    expect(await decide(task, "adopt")).toEqual({ decided: 1, state: "adopted" });
    const row = await stored(person.personId);
    expect(row).toMatchObject({
      phone_mask: "136****9150",
      phone_tail: "9150",
      cell_sources: { phone: sourceNumbers["village-visit"] },
    });
    await expect(decide(task, "keep")).rejects.toThrow("已被处理");
    const page = await ask(runtime, gate, clerk, getPerson, { personId: person.personId });
    expect(page.values.find((value) => value.field === "phone")).toMatchObject({
      value: "136****9150",
      sourceLabel: "村级走访",
      outcome: "adopted",
    });
    expect(JSON.stringify(page)).not.toContain("13600009150");
  });

  it("adopts the end of a spell known to the month, and the person is no longer at work", async () => {
    const person = await addPerson(owner, runtime, { homeRegion: HOME, columns: { work_state: "working" } });
    const spell = await addEmployment(owner, person, { startDate: "2025-02-26" });
    const task = await raise(person.personId, {
      entity: "employment",
      entity_key: JSON.stringify({ employment_id: spell }),
      field: "end_date",
      claimed_value: "2025-05",
    });
    await decide(task, "adopt");
    const { rows } = await owner.query("SELECT end_date, end_precision FROM registry.employment WHERE person_id = $1", [
      person.personId,
    ]);
    expect(rows).toEqual([{ end_date: "2025-05-31", end_precision: "month" }]);
    expect((await stored(person.personId)).work_state).toBe("idle");
    const page = await ask(runtime, gate, clerk, getPerson, { personId: person.personId });
    expect(page.idleDays).toBe(18);
  });

  it("refuses to adopt what would make two spells overlap, and changes nothing", async () => {
    const person = await addPerson(owner, runtime, { homeRegion: HOME });
    const first = await addEmployment(owner, person, { startDate: "2024-01-01", endDate: "2024-06-30" });
    await addEmployment(owner, person, { startDate: "2024-08-01", previousEnd: "2024-06-30" });
    const task = await raise(person.personId, {
      entity: "employment",
      entity_key: JSON.stringify({ employment_id: first }),
      field: "end_date",
      claimed_value: "2024-09-30",
    });
    await expect(decide(task, "adopt")).rejects.toThrow("时间重叠");
    const { rows } = await owner.query("SELECT state FROM registry.comparison WHERE comparison_id = $1", [task]);
    expect(rows).toEqual([{ state: "open" }]);
  });

  it("settles somebody no longer reported: found at work, or ended on a day that the officer found out", async () => {
    const gone = {
      entity: "person",
      field: "work_state",
      reason: "V1",
      held_value: "working",
      claimed_value: null,
      claimed_source: 3,
    };
    const there = await addPerson(owner, runtime, { homeRegion: HOME, columns: { work_state: "to-verify" } });
    await addEmployment(owner, there);
    await decide(await raise(there.personId, gone), "keep");
    expect((await stored(there.personId)).work_state).toBe("working");

    const left = await addPerson(owner, runtime, { homeRegion: HOME, columns: { work_state: "to-verify" } });
    await addEmployment(owner, left, { workRegion: "433123" });
    await insert(owner, "registry.person_access", {
      person_id: left.personId,
      region: "433123",
      ground: "work",
      valid_from: "2025-02-26",
      home_region: HOME,
    });
    const task = await raise(left.personId, gone);
    const [row] = (await ask(runtime, gate, clerk, listComparisons, { reason: "V1" })).rows;
    expect(row).toMatchObject({ comparisonId: task, held: "在务工", claimed: "本期台账未报", needs: "end-date" });
    await expect(decide(task, "adopt")).rejects.toThrow("请填写核实到的务工结束日期");
    await decide(task, "adopt", "2025-05-31");
    expect((await stored(left.personId)).work_state).toBe("idle");
    const page = await ask(runtime, gate, clerk, getPerson, { personId: left.personId });
    expect(page.employments).toMatchObject([{ endDate: "2025-05-31" }]);
    expect(page.grounds).toMatchObject([{ validTo: "2025-05-31" }]);
    expect(page.values.find((value) => value.field === "end_date")).toMatchObject({
      value: "2025-05-31",
      sourceLabel: "经办录入",
    });
  });

  it("adopts a whole spell: the open one ends the day before", async () => {
    const person = await addPerson(owner, runtime, { homeRegion: HOME, columns: { work_state: "working" } });
    const open = await addEmployment(owner, person, { startDate: "2025-02-26", employerName: "原厂" });
    const task = await raise(person.personId, {
      entity: "employment",
      entity_key: JSON.stringify({ employment_id: open }),
      field: "spell",
      held_value: "2025-02-26||441900|原厂",
      claimed_value: "2025-06-01||330110|新厂",
    });
    const [row] = (await ask(runtime, gate, clerk, listComparisons, { field: "spell" })).rows;
    expect(row).toMatchObject({
      fieldLabel: "务工经历",
      claimed: expect.stringMatching(/^2025-06-01 起，浙江省杭州市.*，新厂$/),
      needs: "nothing",
    });
    await decide(task, "adopt");
    const page = await ask(runtime, gate, clerk, getPerson, { personId: person.personId });
    expect(page.employments.map((spell) => [spell.employerName, spell.startDate, spell.endDate])).toEqual([
      ["新厂", "2025-06-01", null],
      ["原厂", "2025-02-26", "2025-05-31"],
    ]);
    expect(page.person.workState).toBe("working");
    expect(
      (await ask(runtime, gate, clerk, listPersonChanges, { personId: person.personId })).rows.map(
        (change) => change.act,
      ),
    ).toEqual(["create", "update"]);
  });

  it("renames an employer where two spells then follow one another, and refuses a home outside the area", async () => {
    const person = await addPerson(owner, runtime, { homeRegion: HOME });
    await addEmployment(owner, person, { startDate: "2024-01-01", endDate: "2024-06-30", employerName: "甲厂" });
    const second = await addEmployment(owner, person, { startDate: "2024-08-01", employerName: "乙厂" });
    await decide(
      await raise(person.personId, {
        entity: "employment",
        entity_key: JSON.stringify({ employment_id: second }),
        field: "employer_name",
        claimed_value: "甲厂",
      }),
      "adopt",
    );
    const { rows } = await owner.query(
      "SELECT employer_name, previous_end FROM registry.employment WHERE person_id = $1 ORDER BY start_date",
      [person.personId],
    );
    expect(rows).toEqual([
      { employer_name: "甲厂", previous_end: null },
      { employer_name: "甲厂", previous_end: "2024-06-30" },
    ]);
    await expect(
      decide(await raise(person.personId, { field: "home_region", claimed_value: "433123101201" }), "adopt"),
    ).rejects.toThrow("不在您的管辖范围内");
    await decide(await raise(person.personId, { field: "home_region", claimed_value: "433124110227" }), "adopt");
    const homes = await owner.query(
      "SELECT DISTINCT home_region FROM (SELECT home_region FROM registry.employment WHERE person_id = $1 UNION ALL SELECT home_region FROM registry.person_key WHERE person_id = $1) x",
      [person.personId],
    );
    expect(homes.rows).toEqual([{ home_region: "433124110227" }]);
  });

  it("cannot adopt a number of which only the mask was kept, and says what to do", async () => {
    const person = await addPerson(owner, runtime, { homeRegion: HOME });
    const task = await raise(person.personId, {
      field: "phone",
      held_value: "138****0000",
      claimed_value: "136****9150",
    });
    await expect(decide(task, "adopt")).rejects.toThrow("没有完整号码");
    await expect(
      decide(
        await raise(person.personId, { entity: "person_category", field: "category", claimed_value: "veteran" }),
        "adopt",
      ),
    ).rejects.toThrow("登记库里没有这条身份类别记录");
  });

  it("adds a corrected number as a key of the same person, and refuses another person's number", async () => {
    const person = await addPerson(owner, runtime, { homeRegion: HOME });
    const other = await addPerson(owner, runtime, { homeRegion: HOME });
    const fresh = "433124198503129997".slice(0, 17);
    const corrected = fresh + checkCharacter(fresh)!;
    await decide(
      await raise(person.personId, {
        field: "identity",
        claimed_value: "433124********",
        claimed_secret: sealPersonSecret(runtime.keys, { identity: corrected, phone: null, bankAccount: null }),
      }),
      "adopt",
    );
    expect((await ask(runtime, gate, clerk, getPerson, { personId: person.personId })).identityKeys).toBe(2);
    expect(
      (await ask(runtime, gate, clerk, unmask, { personId: person.personId, field: "identity", purpose: "核对证件" }))
        .value,
    ).toBe(corrected);
    const stolen = await raise(person.personId, {
      field: "identity",
      claimed_value: "433124********",
      claimed_secret: sealPersonSecret(runtime.keys, { identity: other.identity, phone: null, bankAccount: null }),
    });
    await expect(decide(stolen, "adopt")).rejects.toThrow("已登记在另一人名下");
  });

  it("keeps the held value, counts what waits and what is late", async () => {
    const person = await addPerson(owner, runtime, { homeRegion: HOME });
    const before = await ask(runtime, gate, clerk, countComparisons, {});
    const task = await raise(person.personId, {
      field: "address",
      held_value: "一组",
      claimed_value: "二组",
      due_on: "2025-06-01",
    });
    const waiting = await ask(runtime, gate, clerk, countComparisons, {});
    expect([waiting.open - before.open, waiting.overdue - before.overdue]).toEqual([1, 1]);
    expect(await decide(task, "keep")).toEqual({ decided: 1, state: "kept" });
    expect((await ask(runtime, gate, clerk, countComparisons, {})).open).toBe(before.open);
  });
});
