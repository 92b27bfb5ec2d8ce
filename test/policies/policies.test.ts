import { expect, it } from "vitest";
import { policyReport, problemsOf } from "../../scripts/policy-report.ts";

it("every item of the catalogue has a measure that its engines agree on and that somebody in a small installation fulfils", async () => {
  const report = await policyReport();
  expect(report.items.length).toBe(74);
  expect(problemsOf(report)).toEqual([]);
});

it("says so when an item has no measure, one of another class, one on which engines differ, or one that nobody fulfils", () => {
  const measure = {
    file: "policies/measures/某项/430000.yaml",
    class: "EXT",
    conditions: 1,
    limits: 0,
    cases: 1,
    disagreements: ["符合条件"],
    asOf: "2025-06-18",
    rows: { eligible: 0, notYet: 1, refused: 1, unknown: 1 },
    neverNotYet: null,
  };
  const items = [
    { item: "HN10-02", class: "CALC", measures: [] },
    { item: "HN10-04a", class: "CALC", measures: [measure] },
  ];
  expect(problemsOf({ items, mistakes: ["引文与原文不符"] })).toEqual([
    "引文与原文不符",
    "HN10-02 没有规则",
    "HN10-04a 是 CALC 类，没有这一类的规则",
    "policies/measures/某项/430000.yaml 的案例“符合条件”：三种引擎或案例不一致",
    "policies/measures/某项/430000.yaml 在示例数据里没有一行符合",
  ]);
});
