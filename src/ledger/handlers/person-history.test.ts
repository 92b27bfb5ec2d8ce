import { auditModule } from "#audit";
import { identityModule } from "#identity";
import { getPerson, listPersonChanges, registryModule } from "#registry";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { testRuntime, type TestRuntime } from "../../platform/testing/index.ts";
import { addOffice, addTown, man, Office, workLedger, working } from "../fixtures.ts";
import { ledgerModule } from "../module.ts";

const modules = [registryModule, auditModule, identityModule, ledgerModule];
/** The clock stands elsewhere, as in a demonstration or a replay. */
const BUSINESS_DATE = "2024-09-18";
let runtime: TestRuntime;
let office: Office;
let personId: string;
let undone: string;

beforeAll(async () => {
  runtime = await testRuntime(modules, { businessDate: BUSINESS_DATE });
  await addOffice(runtime);
  await addTown(runtime, "433124110");
  office = new Office(runtime, modules);
  const all = (wage: string) => workLedger(working(1, { "月工资(元)": wage }), working(2), working(3));
  await office.adopt(all("3800"), { month: "2024-06" });
  await office.adopt(all("4600"), { month: "2024-07" });
  const third = await office.adopt(workLedger(working(2), working(3)), { month: "2024-08" });
  undone = third.batchId;
  [{ person_id: personId }] = (await office.rows<{ person_id: string }>(
    `SELECT person_id FROM registry.person WHERE name = '${man(1).name}'`,
  )) as [{ person_id: string }];
});
afterAll(() => runtime?.close());

describe("a person's history", () => {
  test("names the officer who applied the ledger, the reason in words, and the business day", async () => {
    const { rows } = await office.act(listPersonChanges, { personId });
    expect(rows.map((row) => [row.day, row.officerName, row.reason])).toEqual([
      [BUSINESS_DATE, "向经办", "本月未报"],
      [BUSINESS_DATE, "向经办", "工资"],
    ]);
    expect(rows[0]!.at > "2025").toBe(true);
  });

  test("does so for a town too, which sees none of the county's batches", async () => {
    const { rows } = await office.act(listPersonChanges, { personId }, "town");
    expect(rows.map((row) => row.officerName)).toEqual(["向经办", "向经办"]);
  });

  test("puts nothing on the clock's day: neither the timeline nor where values come from", async () => {
    const page = await office.act(getPerson, { personId });
    const changed = page.timeline.filter((item) => item.lane === "change");
    expect(changed.map((item) => [item.from, item.detail])).toEqual([
      [BUSINESS_DATE, "本月未报"],
      [BUSINESS_DATE, "工资"],
    ]);
    expect(page.comparisons).toHaveLength(1);
    const days = page.values.flatMap((value) => [value.takenOn, ...value.others.map((other) => other.on)]);
    expect(new Set(days)).toEqual(new Set([BUSINESS_DATE]));
  });

  test("says who took a batch back", async () => {
    await office.undo(undone);
    const [latest] = (await office.act(listPersonChanges, { personId })).rows;
    expect(latest).toMatchObject({ officerName: "向经办", reason: "撤销", day: BUSINESS_DATE });
  });
});
