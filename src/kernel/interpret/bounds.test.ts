import { describe, expect, it } from "vitest";
import { measure } from "../agreement/rules.ts";
import { refusalOf } from "./bounds.ts";

const rule = measure("welfare-post-allowance");
const set = (value: unknown, more: object = {}) =>
  refusalOf(rule, "岗位补贴标准", { from: "2022-04-01", region: "433100", value: value as number, ...more });

describe("a value that a locality sets", () => {
  it.each([
    ["half the minimum wage", 77500, {}, null],
    ["one fen less", 77499, {}, { code: "out-of-bounds", on: "2022-04-01" }],
    ["the whole of it", 155000, {}, null],
    ["one fen more", 155001, {}, { code: "out-of-bounds", on: "2022-04-01" }],
    ["a county's", 90000, { region: "433124" }, { code: "not-open", level: "县" }],
    ["another province's", 90000, { region: "440300" }, { code: "outside", region: "430000" }],
    ["no whole fen", 90000.5, {}, { code: "wrong-type" }],
    [
      "one for a day before any minimum wage",
      90000,
      { from: "2021-08-01" },
      { code: "bounds-unknown", on: "2021-08-01" },
    ],
  ])("%s: %i", (_, value, more, refusal) => expect(set(value, more)).toEqual(refusal));

  it("is checked again when the minimum wage rises within its window", () => {
    const wage = { from: "2025-01-01", region: "433100", value: 180000 };
    const raised = {
      ...rule,
      parameters: rule.parameters.map((one) =>
        one.name === "月最低工资" ? { ...one, values: [...one.values, wage] } : one,
      ),
    };
    const value = { from: "2022-04-01", region: "433100", value: 80000 };
    expect(refusalOf(raised, "岗位补贴标准", value)).toEqual({ code: "out-of-bounds", on: "2025-01-01" });
    expect(refusalOf(raised, "岗位补贴标准", { ...value, to: "2024-12-31" })).toBeNull();
  });
});
