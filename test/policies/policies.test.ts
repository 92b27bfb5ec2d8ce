import { expect, it } from "vitest";
import { policyReport, problemsOf } from "../../scripts/policy-report.ts";

it("every item of the catalogue of subsidies has a measure that its engines agree on and that somebody in a small installation fulfils, and every check stands or says what it waits for", async () => {
  const report = await policyReport();
  expect(report.items.length).toBe(74);
  expect(report.checks.length).toBe(122);
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
  const check = {
    file: "policies/checks/某项/430000.yaml",
    severity: "H",
    conditions: 1,
    cases: 0,
    disagreements: ["不对"],
    asOf: "2025-06-18",
    findings: 0,
    rows: {},
  };
  const checks = [
    { item: "E-HN-01", title: "", severity: "H" as const, waits: null, partly: null, checks: [] },
    { item: "E-HN-02", title: "", severity: "H" as const, waits: "某事实", partly: null, checks: [check] },
  ];
  expect(problemsOf({ items, checks, mistakes: ["引文与原文不符"] })).toEqual([
    "引文与原文不符",
    "HN10-02 没有规则",
    "HN10-04a 是 CALC 类，没有这一类的规则",
    "E-HN-01 没有核查规则，也没有写等什么事实",
    "E-HN-02 已有核查规则，却还写着等待",
    "policies/checks/某项/430000.yaml 没有案例",
    "policies/checks/某项/430000.yaml 的案例“不对”：三种引擎或案例不一致",
    "policies/measures/某项/430000.yaml 的案例“符合条件”：三种引擎或案例不一致",
    "policies/measures/某项/430000.yaml 在示例数据里没有一行符合",
  ]);
});
