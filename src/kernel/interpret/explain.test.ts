import { describe, expect, it } from "vitest";
import { measure } from "../agreement/rules.ts";
import { SITUATIONS } from "../agreement/situations.ts";
import type { Facts } from "../facts/source.ts";
import { explainMeasure, nextQuestion } from "./explain.ts";

const rule = measure("export-introduction");
const { base, asOf } = SITUATIONS["export-introduction"]!;
const ask = (facts: Facts, day = asOf) => ({
  facts: { ...base, ...facts },
  asOf: day,
  subjects: { 劳动者: "1" },
  claims: [],
});

describe("an explanation", () => {
  it("gives for each condition its sentence, its basis and the facts that settled it", () => {
    const { decision, conditions, payerRegion } = explainMeasure(rule, ask({}));
    expect(decision).toMatchObject({
      outcome: "ELIGIBLE",
      amount: 30000,
      fund: "就业专项资金",
      eventDate: "2025-02-14",
    });
    expect(payerRegion).toBe("433124");
    expect(conditions.find(({ id }) => id === "outside-county")).toMatchObject({
      state: "met",
      says: "就业地在输出地县以外",
      basis: { text: "hn-2021-10", article: "（四）" },
      facts: [
        { name: "就业.所在县", value: "440300" },
        { name: "劳动者.户籍县", value: "433124" },
      ],
    });
    expect(conditions.every(({ says }) => says !== "")).toBe(true);
  });

  it("names every failed condition, not only the first", () => {
    const { decision } = explainMeasure(rule, ask({ "劳动者.脱贫人口": false, "就业.所在县": "433124" }));
    expect(decision.failed).toEqual(["assisted", "outside-county"]);
  });

  it("of two funds that both refuse shows the one that comes nearer", () => {
    const post = measure("welfare-post-allowance");
    const { base: facts, asOf: day } = SITUATIONS["welfare-post-allowance"]!;
    const fundOf = (changed: Facts) => explainMeasure(post, { facts: { ...facts, ...changed }, asOf: day }).decision;
    const noFund = { "岗位.人社认定": false, "劳动者.脱贫人口": false, "劳动者.监测对象": false };
    expect(fundOf(noFund)).toMatchObject({ fund: "就业专项资金", failed: ["recognised"] });
    const tooOld = { ...noFund, "劳动者.出生日期": "1950-01-01" };
    expect(fundOf(tooOld)).toMatchObject({ fund: "衔接资金", failed: ["linked"] });
  });

  it("says who can supply what is missing, and that a missing county is not another county", () => {
    const { decision, missing } = explainMeasure(rule, ask({ "就业.所在县": undefined }));
    expect(decision).toMatchObject({ outcome: "UNKNOWN", unknown: ["outside-county"] });
    expect(missing).toMatchObject([{ name: "就业.所在县", value: null, supplier: "人社部门" }]);
  });

  it("tells an end that has not come from one that nobody has been asked for", () => {
    expect(explainMeasure(rule, ask({ "就业.结束日期": null })).decision.outcome).toBe("ELIGIBLE");
    expect(explainMeasure(rule, ask({ "就业.结束日期": undefined })).decision.outcome).toBe("UNKNOWN");
  });

  it("says when the text has ended", () => {
    const over = explainMeasure(rule, ask({ "就业.开始日期": "2025-08-01" }, "2026-06-01"));
    expect(over).toMatchObject({ ended: "该文件执行期限已满。", decision: { failed: ["in-force"] } });
  });

  it("asks only what is still needed, first what most conditions wait for", () => {
    const { decision } = explainMeasure(rule, { facts: {}, asOf, subjects: { 劳动者: "1" } });
    expect(nextQuestion(rule, decision)?.name).toBe("就业.开始日期");
    const refused = explainMeasure(rule, { facts: { "劳动者.脱贫人口": false }, asOf, subjects: { 劳动者: "1" } });
    expect(nextQuestion(rule, refused.decision)).toBeNull();
  });
});
