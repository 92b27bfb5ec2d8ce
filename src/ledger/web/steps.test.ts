import { describe, expect, test } from "vitest";
import { batchCounts, batchStates, type BatchState, type BatchSummary } from "../contract.ts";
import { batchSteps, currentStep, stepsOf } from "./steps.ts";
import { batchTitle, punctualityOf } from "./words.ts";

const batch = (state: BatchState): BatchSummary => ({
  batchId: "12",
  kind: "work-ledger",
  month: "2025-08",
  title: "",
  sender: "县农业农村局",
  coverage: [],
  region: "433124",
  fileName: "a.xlsx",
  format: "xlsx",
  state,
  round: 1,
  counts: batchCounts.parse({ rows: 20_583, waiting: 12, repaired: 84, differences: { new: 186, changed: 412 } }),
  problem: null,
  receivedBy: "甲",
  receivedOn: "2025-09-19",
  receivedAt: "2025-09-19T08:42:00Z",
  appliedAt: state === "applied" ? "2025-09-22T02:00:00Z" : null,
  appliedBy: state === "applied" ? "乙" : null,
  complete: true,
  vanishApproval: "not-needed",
  undoneBy: null,
  counterOf: null,
  taskId: null,
});

describe("六个步骤", () => {
  test.each(batchStates)("in state %s the bar has six steps and the current one can be named", (state) => {
    const steps = stepsOf(batch(state));
    expect(steps.map((step) => step.key)).toEqual([...batchSteps]);
    expect(batchSteps).toContain(currentStep(batch(state)));
    expect(steps.filter((step) => step.state === "current").length).toBeLessThanOrEqual(1);
  });
  test("a compared batch has three steps behind it and says what was found", () => {
    const steps = stepsOf(batch("compared"));
    expect(steps.map((step) => step.state)).toEqual(["done", "done", "done", "current", "waiting", "waiting"]);
    expect(steps[3]?.note).toBe("598 处差异");
    expect(steps[2]?.note).toBe("待修 12 行，已修 84");
  });
  test("steps that have not been reached, and the report, cannot be opened", () => {
    const open = (state: BatchState) => stepsOf(batch(state)).flatMap((step) => (step.path ? [step.key] : []));
    expect(open("mapping")).toEqual(["mapping"]);
    expect(open("applied")).toEqual(["mapping", "check", "compare", "apply"]);
    expect(open("refused")).toEqual([]);
  });
  test("who applied it, and when, in China's day", () =>
    expect(stepsOf(batch("applied"))[4]?.note).toBe("9月22日由乙应用"));
});

test("a supplement says so in its title", () =>
  expect(batchTitle({ ...batch("applied"), complete: false })).toBe("2025年8月务工情况台账（补充）"));

describe("按时与迟交", () => {
  const august = batch("compared");
  test("the 20th of the month after is in time, the 21st is a day late", () => {
    expect(punctualityOf({ ...august, receivedOn: "2025-09-20" })).toMatchObject({ dueOn: "2025-09-20", lateBy: 0 });
    expect(punctualityOf({ ...august, receivedOn: "2025-09-21" })).toMatchObject({ lateBy: 1 });
  });
  test("no other province is held to it, nor a table that no text dates, nor a supplement", () => {
    for (const other of [{ region: "622927" }, { kind: "payroll" as const }, { complete: false }])
      expect(punctualityOf({ ...august, ...other, receivedOn: "2025-12-01" })).toBeNull();
  });
});
