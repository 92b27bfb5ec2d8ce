import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it, test } from "vitest";
import { parse } from "yaml";
import { projectRoot } from "../../platform/config.ts";
import {
  addCondition,
  moveCondition,
  readConditions,
  removeCondition,
  setField,
  type ConditionDraft,
  type Field,
} from "./conditions-draft.ts";

const folder = join(projectRoot, "policies/measures");
const shipped = readdirSync(folder, { recursive: true })
  .map(String)
  .filter((file) => /\/\d[^/]*\.yaml$/.test(file))
  .map((file) => [file, readFileSync(join(folder, file), "utf8")] as const);

function read(source: string): readonly ConditionDraft[] {
  const found = readConditions(source);
  if (!found.ok) throw new Error(found.why);
  return found.conditions;
}
type Written = Record<string, unknown> & { conditions: Record<string, unknown>[] };
const parsed = (source: string) => parse(source) as Written;
const comments = (source: string) => source.match(/(?<=^|\s)#.*$/gm) ?? [];

const rule = `title: 试
conditions:
  # AMB-1 第一条
  - { id: a, says: 甲, feel: 劳动者.脱贫人口 } # 行尾
  # 第二条
  - id: b
    says: 乙
    basis: { article: （二）, quote: 原文 }
    feel: >-
      劳动者.年龄 >= 16
      and 劳动者.年龄 < 60
  - { id: c, says: 丙, from: "满月日(就业.开始日期, 6)", until: 就业.结束日期 }
limits: [] # 之后
`;

describe("conditions as a form shows them", () => {
  it("are read with their fields, the places of these and the lines they stand in", () => {
    const [a, b, c] = read(rule);
    expect([a!.values, a!.timed]).toEqual([{ id: "a", says: "甲", feel: "劳动者.脱贫人口" }, false]);
    expect(b!.values).toEqual({
      id: "b",
      says: "乙",
      "basis.article": "（二）",
      "basis.quote": "原文",
      feel: "劳动者.年龄 >= 16 and 劳动者.年龄 < 60",
    });
    expect([c!.timed, c!.values.from]).toEqual([true, "满月日(就业.开始日期, 6)"]);
    expect(rule.slice(a!.places.says!.from, a!.places.says!.to)).toBe("甲");
    expect(rule.slice(b!.lines.from, b!.lines.to)).toMatch(/^ {2}# 第二条\n[^]*< 60\n$/);
  });

  it("of every shipped measure are as the parser reads them", () => {
    expect(shipped.length).toBeGreaterThan(70);
    for (const [file, source] of shipped) {
      const { conditions } = parsed(source);
      expect(
        read(source).map(({ values }) => values.id),
        file,
      ).toEqual((conditions ?? []).map(({ id }) => id));
    }
  });

  it("say why they cannot be shown", () => {
    expect(readConditions("title: [")).toMatchObject({ ok: false, why: expect.stringContaining("语法错误") });
    expect(readConditions("conditions: [{ id: a }]")).toMatchObject({ ok: false });
    expect(readConditions("conditions: 3")).toMatchObject({ ok: false });
    expect(readConditions("title: x")).toEqual({ ok: true, conditions: [] });
  });
});

describe("a change in the form", () => {
  it("touches its own characters alone, and is written so that YAML reads it back", () => {
    for (const value of [
      "短",
      '介绍机构.类型 in ("甲", "乙")',
      "含: 冒号, 逗号 # 井号 {括号}",
      "- 横线",
      "true",
      "12",
      "'单引号'",
      "",
    ])
      for (const index of [0, 1, 2]) {
        const changed = setField(rule, index, "says", value);
        expect(parsed(changed).conditions[index]!["says"]).toBe(value);
        expect(comments(changed.replaceAll(value, ""))).toEqual(comments(rule));
        const others = read(changed).filter((_, at) => at !== index);
        expect(others.map(({ values }) => values)).toEqual(
          read(rule)
            .filter((_, at) => at !== index)
            .map(({ values }) => values),
        );
      }
  });

  it("adds and takes away what a condition need not have", () => {
    const cited = setField(setField(rule, 0, "basis.article", "（四）"), 0, "basis.quote", "每人每年, 一次");
    expect(parsed(cited).conditions[0]!["basis"]).toEqual({ article: "（四）", quote: "每人每年, 一次" });
    expect(setField(setField(cited, 0, "basis.quote", ""), 0, "basis.article", "")).toBe(rule);
    const without = setField(setField(rule, 1, "basis.article", ""), 1, "basis.quote", "");
    expect(parsed(without).conditions[1]).not.toHaveProperty("basis");
    expect(comments(without)).toEqual(comments(rule));
    const funded = setField(rule, 1, "when-fund", "就业专项资金、衔接资金");
    expect(parsed(funded).conditions[1]!["when-fund"]).toEqual(["就业专项资金", "衔接资金"]);
    expect(read(funded)[1]!.values["when-fund"]).toBe("就业专项资金、衔接资金");
    expect(setField(funded, 1, "when-fund", "")).toBe(rule);
    expect(parsed(setField(rule, 2, "until", "")).conditions[2]).not.toHaveProperty("until");
  });

  it("adds, removes and moves whole conditions with the comments that belong to them", () => {
    const more = addCondition(rule, false);
    expect(parsed(more).conditions[3]).toEqual({ id: "condition-4", says: "", feel: "" });
    expect(removeCondition(more, 3)).toBe(rule);
    expect(parsed(addCondition(rule, true)).conditions[3]).toHaveProperty("from");
    const moved = moveCondition(rule, 1, 0);
    expect(parsed(moved).conditions.map(({ id }) => id)).toEqual(["b", "a", "c"]);
    expect(moved).toMatch(/# 第二条\n {2}- id: b[^]*# AMB-1 第一条\n {2}- \{ id: a/);
    expect(moveCondition(moved, 0, 1)).toBe(rule);
    let none = rule;
    for (let left = 3; left > 0; left--) none = removeCondition(none, 0);
    expect(parsed(none).conditions).toEqual([]);
    expect(parsed(addCondition(none, false)).conditions).toHaveLength(1);
    expect(parsed(addCondition("title: x", false)).conditions).toHaveLength(1);
    expect(parsed(addCondition("conditions: # 尚无\ntitle: x\n", false)).conditions).toHaveLength(1);
  });

  it.each([
    ["{ id: a, feel: b, }", "{ id: a, feel: b, when: ']', }"],
    ["{\n      id: a,\n      feel: b, # 行尾\n    }", "{\n      id: a,\n      feel: b, when: ']', # 行尾\n    }"],
    ["{ id: a, feel: }", "{ id: a, feel:, when: ']' }"],
    ["{}", "{ when: ']'}"],
  ])("adds to a condition in braces whatever ends it: %s", (before, after) => {
    const source = `conditions:\n  - ${before}\n`;
    const changed = setField(source, 0, "when", "]");
    expect(changed).toBe(`conditions:\n  - ${after}\n`);
    expect(parsed(changed).conditions[0]).toEqual({ ...parsed(source).conditions[0], when: "]" });
  });

  test("of any shipped measure says the same everywhere else, comments and all", () => {
    const fields: readonly Field[] = ["says", "feel", "basis.quote", "basis.article", "when", "when-fund"];
    const texts = fc.stringMatching(/^[甲乙\w"',:#{}[\]>= .-]{0,30}$/).map((text) => text.trim());
    fc.assert(
      fc.property(fc.nat(), fc.nat(), fc.constantFrom(...fields), texts, fc.nat(), (which, at, field, text, where) => {
        const [, source] = shipped[which % shipped.length]!;
        const conditions = read(source);
        if (conditions.length === 0) return;
        const index = at % conditions.length;
        const changed = setField(source, index, field, text);
        const [before, after] = [parsed(source), parsed(changed)];
        expect(after.conditions.toSpliced(index, 1)).toEqual(before.conditions.toSpliced(index, 1));
        expect({ ...after, conditions: [] }).toEqual({ ...before, conditions: [] });
        if (field !== "when-fund") expect(read(changed)[index]!.values[field] ?? "").toBe(text);
        const to = where % conditions.length;
        const moved = moveCondition(source, index, to);
        expect(comments(moved).toSorted()).toEqual(comments(source).toSorted());
        expect(moveCondition(moved, to, index)).toBe(source);
        expect(parsed(removeCondition(source, index)).conditions).toEqual(before.conditions.toSpliced(index, 1));
      }),
      { numRuns: 60 },
    );
  });
});
