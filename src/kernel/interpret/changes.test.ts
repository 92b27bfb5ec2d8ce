import { describe, expect, it } from "vitest";
import { measure } from "../agreement/rules.ts";
import { SITUATIONS } from "../agreement/situations.ts";
import type { FactField, Facts } from "../facts/source.ts";
import { readRule } from "../format/rule.ts";
import { prepareMeasure } from "../rule/prepare.ts";
import type { Claim } from "../runtime/limits.ts";
import { waysToEligible } from "./changes.ts";

const rule = measure("export-introduction");
const { base, asOf } = SITUATIONS["export-introduction"]!;
const ask = (facts: Facts, claims: readonly Claim[] = []) => ({
  facts: { ...base, ...facts },
  asOf,
  subjects: { 劳动者: "1" },
  claims,
});
const paidOn = (date: string): Claim => ({ key: "HN-introduction", subjects: { 劳动者: "1" }, date });

/** A measure of a few facts: who may change what is said by the field. */
function made(conditions: readonly string[], more: readonly Partial<FactField>[] = []) {
  const field = (name: string, type: FactField["type"], index: number): FactField => ({
    name,
    column: `c${index}`,
    type,
    label: name,
    supplier: "本人",
    changes: "by-person",
    ...more[index],
  });
  const source = {
    name: "某事",
    label: "某事",
    sql: "",
    key: [],
    subjects: {},
    jurisdictions: { 所在地: "县" },
    fields: [
      field("县", "text", 0),
      field("工时", "integer", 1),
      field("收入", "fen", 2),
      field("出生日期", "date", 3),
      field("登记日期", "date", 4),
      field("就业县", "text", 5),
    ],
  };
  const text = `title: 某补贴
basis: { text: hn-2021-10, article: （四） }
class: CALC
in-force: { from: 2021-01-01 }
claim: 某事
payee: 本人
jurisdiction: 所在地
event-date: 观察日
conditions:
${conditions.map((feel, index) => `  - { id: c${index}, says: 条件, feel: '${feel}' }`).join("\n")}
amount: { feel: 最低工时 * 100 }
parameters: { 最低工时: { values: [{ from: 2021-01-01, value: 120 }, { from: 2025-09-01, region: 430100, value: 110 }] } }
`;
  const { value, problems } = readRule({ file: "policies/measures/made/430000.yaml", text });
  if (value?.kind !== "measure") throw new Error(JSON.stringify(problems));
  const prepared = prepareMeasure(value, [source]);
  if (!prepared.rule) throw new Error(JSON.stringify(prepared.problems));
  return prepared.rule;
}
const fixed = { changes: "fixed" } as const;
const person = {
  县: "433124",
  工时: 100,
  收入: 300_000,
  出生日期: "1990-05-05",
  登记日期: "2025-01-01",
  就业县: "440300",
};

describe("差什么", () => {
  it("is nothing for who is eligible, and nothing is promised while something is unknown", () => {
    expect(waysToEligible(rule, ask({}))).toEqual([]);
    expect(waysToEligible(rule, ask({ "劳动者.脱贫人口": undefined }))).toEqual([]);
  });

  it("is time alone while only time is wanting, with the day", () => {
    const ways = waysToEligible(rule, ask({ "就业.开始日期": "2025-01-10" }));
    expect(ways).toEqual([{ changes: [], outcome: "NOT_YET", amount: null, from: "2025-07-09", again: false }]);
  });

  it("is the one fact that a person can change", () => {
    const ways = waysToEligible(rule, ask({ "就业.所在县": "433124" }));
    expect(ways.map(({ changes }) => changes.map(({ name, to }) => [name, to]))).toEqual([
      [["就业.所在县", "430100"]],
      [["就业.所在县", "440300"]],
    ]);
    expect(ways[0]).toMatchObject({ outcome: "ELIGIBLE", amount: 30000, from: null });
  });

  it("promises nothing where only fixed facts stand in the way", () => {
    expect(waysToEligible(rule, ask({ "劳动者.脱贫人口": false }))).toEqual([]);
  });

  it("is another year where the limit of this one is used up, and the one after where both are", () => {
    const started = { "就业.开始日期": "2024-02-01" };
    const [way] = waysToEligible(rule, ask(started, [paidOn("2024-03-01")]));
    expect(way).toMatchObject({ changes: [], outcome: "ELIGIBLE", amount: 30000, from: "2025-01-01", again: true });
    // The text ends with 2025, and the two years before that are used up.
    expect(waysToEligible(rule, ask(started, [paidOn("2024-03-01"), paidOn("2025-03-01")]))).toEqual([]);
  });

  it("is twelve months after the last where a limit rolls", () => {
    const loan = measure("startup-loan");
    const situation = SITUATIONS["startup-loan"]!;
    const claims = ["2023-03-10", "2023-05-20"].map((date): Claim => ({
      key: "JN-loan",
      subjects: { 借款人: "1" },
      date,
    }));
    const question = { facts: situation.base, asOf: situation.asOf, subjects: { 借款人: "1" }, claims };
    const ways = waysToEligible(
      { ...loan, conditions: loan.conditions.filter(({ id }) => id !== "in-force") },
      question,
    );
    expect(ways).toMatchObject([{ changes: [], from: "2024-03-10", again: true }]);
  });

  it("moves a number no further than it must be, also inside a sum and against a locality's value", () => {
    const [hours] = waysToEligible(made(["工时 >= 最低工时"]), { facts: person, asOf });
    expect(hours!.changes).toMatchObject([{ name: "工时", from: 100, to: 120 }]);
    const [sum] = waysToEligible(made(["工时 * 2 + 7 > 最低工时 * 3"]), { facts: person, asOf });
    expect(sum!.changes).toMatchObject([{ name: "工时", to: 177 }]);
    const [less] = waysToEligible(made(["收入 < 元(2000)", "工时 > 0 and 最低工时 > 0"]), { facts: person, asOf });
    expect(less!.changes).toMatchObject([{ name: "收入", to: 199_999 }]);
  });

  it("is the day on which time will have done it: an age, or a value that changes", () => {
    const aged = made(["周岁(出生日期, 观察日) >= 40 and 最低工时 > 0"], [{}, {}, {}, fixed]);
    expect(waysToEligible(aged, { facts: person, asOf })).toMatchObject([{ changes: [], from: "2030-05-05" }]);
    const lower = made(["工时 >= 最低工时"], [fixed, fixed]);
    const inCity = { ...person, 县: "430102", 工时: 110 };
    expect(waysToEligible(lower, { facts: inCity, asOf })).toMatchObject([{ changes: [], from: "2025-09-01" }]);
    const months = made(["整月数(登记日期, 观察日) >= 9 and 最低工时 > 0"], [{}, {}, {}, fixed, fixed]);
    expect(waysToEligible(months, { facts: person, asOf })).toMatchObject([{ changes: [], from: "2025-09-30" }]);
  });

  it("is any other place where the rule only says which one it must not be", () => {
    const away = made(["就业县 != 县", "工时 >= 最低工时"]);
    const facts = { ...person, 工时: 130, 就业县: "433124" };
    const [way] = waysToEligible(away, { facts, asOf });
    expect(way!.changes).toMatchObject([{ name: "就业县", from: "433124", to: null, otherThan: ["433124"] }]);
  });

  it("follows what a change breaks, and gives the smallest set", () => {
    const both = made(["工时 >= 最低工时", "if 工时 > 110 then 收入 >= 元(5000) else 收入 > 0"]);
    const ways = waysToEligible(both, { facts: person, asOf });
    expect(ways.length).toBeGreaterThan(0);
    for (const { changes } of ways)
      expect(Object.fromEntries(changes.map(({ name, to }) => [name, to]))).toEqual({ 工时: 120, 收入: 500_000 });
  });
});
