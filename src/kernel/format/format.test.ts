import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { SOURCES } from "../agreement/sources.ts";
import { measure } from "../agreement/rules.ts";
import { prepareMeasure } from "../rule/prepare.ts";
import { readRule } from "./rule.ts";

const file = "policies/measures/export-introduction/430000.yaml";
const text = readFileSync(join(import.meta.dirname, "../agreement", file), "utf8");
const read = (edit: (text: string) => string) => readRule({ file, text: edit(text) });
const prepared = (edit: (text: string) => string) => {
  const { value, problems } = read(edit);
  return value?.kind === "measure" ? prepareMeasure(value, SOURCES).problems : problems;
};
/** The line and column at which a piece of the text begins, counted from 1. */
function placeOf(edited: string, piece: string) {
  const before = edited.slice(0, edited.indexOf(piece)).split("\n");
  return { line: before.length, column: before.at(-1)!.length + 1 };
}

describe("a measure's text", () => {
  it("is read whole", () => {
    const { value } = read((same) => same);
    expect(value).toMatchObject({
      kind: "measure",
      id: "export-introduction",
      region: "430000",
      catalogue: ["HN10-04a"],
      inForce: { from: "2021-07-26", to: "2025-12-31" },
      lateClaims: "accepted",
      limits: [
        { id: "limit-HN-introduction", key: "HN-introduction", counts: "times", within: "自然年", per: ["劳动者"] },
      ],
      parameters: [{ name: "补助标准", kind: "fen", values: [{ from: "2021-07-26", value: 30000 }] }],
      funds: [{ name: "就业专项资金" }],
    });
  });

  it.each([
    ["payee: 介绍机构", "paye: 介绍机构", "format.unknown-key", "paye"],
    ["payee: 介绍机构\n", "", "format.missing-key", "title"],
    ["from: 2021-07-26, to: 2025-12-31", "from: 2021-07-26, to: 2025-13-31", "format.wrong-value", "2025-13-31"],
    ["id: qualified", "id: market-entity", "format.duplicate-id", "market-entity, says: 介绍时"],
    ["id: qualified", "id: Qualified", "format.wrong-value", "Qualified"],
    ['from: "满月日(就业.开始日期, 6)"', "from: 满月日(就业.开始日期, 6)", "format.comma-in-flow", "6), until"],
    ["grain: person", "grain: persons", "format.wrong-value", "persons"],
    ["times: 1", "times: 1\n    months: 2", "format.wrong-value", "key: HN-introduction"],
    ["value: 30000", "value: 300.5", "format.wrong-value", "300.5"],
    ["amount: { feel: 补助标准, unit: 分 }", "", "format.missing-key", "title"],
    [
      "amount: { feel: 补助标准, unit: 分 }",
      "amount: { feel: 补助标准 }\ndecides: 免除反担保",
      "format.wrong-value",
      "免除反担保",
    ],
    ["when-fund: [就业专项资金]", "when-fund: [衔接资金]", "format.wrong-value", "[就业专项资金]\nevidence"],
    ["title: 劳务", "title: [劳务", "yaml.syntax", null],
  ])("with %j for %j is refused as %4$s", (from, to, code, at) => {
    const edited = text.replace(from, to);
    const { value, problems } = readRule({ file, text: edited });
    expect(value).toBeNull();
    const problem = problems.find((one) => one.code === code);
    expect(problem).toMatchObject({ code, file, ...(at ? placeOf(edited, at) : {}) });
    expect(problem!.message).toMatch(/[一-龥].*。/);
  });

  it.each([
    ["feel: 介绍机构.资质有效", "feel: 介绍机构.资质有郊", "feel.unknown-name", "介绍机构.资质有郊"],
    ["feel: 介绍.有购买服务协议", "feel: 介绍.有购买服务协议 and 介绍机构.编号", "feel.type", "介绍机构.编号, "],
    ["就业.所在县 != 劳动者.户籍县", "就业.所在县 / 2 != 1", "feel.refused", "/ 2 != 1"],
    ['"满月日(就业.开始日期, 6)", until', '"满月(就业.开始日期, 6)", until', "feel.unknown-function", "满月(就业"],
    ["claim: 劳务介绍", "claim: 劳务介召", "rule.unknown-source", "# In"],
    ["jurisdiction: 输出地", "jurisdiction: 输入地", "rule.unknown-subject", "# In"],
    ["per: [劳动者]", "per: [单位]", "rule.unknown-subject", "# In"],
    ["feel: 补助标准, unit", "feel: 元(300), unit", "rule.unused-parameter", "# In"],
  ])("with %j for %j cannot be prepared: %4$s", (from, to, code, at) => {
    const edited = text.replace(from, to);
    const [problem] = prepared((whole) => whole.replace(from, to));
    expect(problem).toMatchObject({ code, file, ...(at === "介绍机构.编号, " ? {} : placeOf(edited, at)) });
    expect(problem!.message).toMatch(/[一-龥].*。/);
  });

  it("says in words what it decides where that is not money, whatever its class", () => {
    const { value, problems } = read((whole) =>
      whole.replace("amount: { feel: 补助标准, unit: 分 }", "decides: 免除反担保"),
    );
    expect(problems).toEqual([]);
    expect(value).toMatchObject({ class: "CALC", decides: "免除反担保" });
    expect(value).not.toHaveProperty("amount");
  });

  it("may forbid payment to stop for a suspicion", () => {
    const check = readFileSync(
      join(import.meta.dirname, "../agreement/policies/checks/relief-pay-ratio/620000.yaml"),
      "utf8",
    );
    const { problems } = readRule({
      file: "policies/checks/relief-pay-ratio/620000.yaml",
      text: check.replace("answers: VIOLATION", "answers: SUSPECTED"),
    });
    expect(problems).toMatchObject([{ code: "format.wrong-value", message: expect.stringMatching(/疑似/) as string }]);
  });
});

describe("values of localities", () => {
  it("add to those of the text, nearest division first", () => {
    const rule = measure("welfare-post-allowance");
    const setting = { from: "2025-01-01", region: "430400", value: 100000 };
    const { rule: withOwn } = prepareMeasure(rule.definition, SOURCES, { 岗位补贴标准: [setting] });
    expect(withOwn!.parameters[1]!.values).toContainEqual(setting);
  });
});
