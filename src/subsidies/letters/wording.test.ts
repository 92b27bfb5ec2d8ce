import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { templateKinds } from "../contract.ts";
import { isQuiet } from "../push/quiet.ts";
import { ownWordings, placeholderOf, templateRules } from "./placeholders.ts";
import { fillWording, readWording, type WordingPart } from "./wording.ts";

const known = new Set(["金额", "姓名"]);
const partsOf = (text: string): readonly WordingPart[] => {
  const read = readWording(text, known);
  if ("fault" in read) throw new Error(read.fault.says);
  return read.parts;
};
const faultOf = (text: string) => {
  const read = readWording(text, known);
  return "fault" in read ? read.fault : null;
};

describe("a wording", () => {
  it("has each name's value in its place, and braces where they were doubled", () => {
    const values = { 金额: "10.00", 姓名: "龙平" };
    expect(fillWording(partsOf("{姓名}：{ 金额 }元，{{不换}}"), values)).toBe("龙平：10.00元，{不换}");
  });

  it("never reads a value for placeholders again, whatever stands in it", () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (name, amount) => {
        expect(fillWording(partsOf("{姓名}|{金额}"), { 姓名: `{金额}${name}`, 金额: amount })).toBe(
          `{金额}${name}|${amount}`,
        );
      }),
    );
  });

  it("keeps any text without braces as it is", () => {
    fc.assert(
      fc.property(
        fc.string({ unit: "binary" }).filter((text) => !/[{}]/.test(text)),
        (text) => {
          expect(fillWording(partsOf(text), {})).toBe(text);
        },
      ),
    );
  });

  it("is refused with line and place where a name is unknown or a brace is alone", () => {
    expect(faultOf("第一行\n金额是{数额}元")).toMatchObject({ line: 2, column: 4 });
    expect(faultOf("金额是{金额元")).toMatchObject({ line: 1, column: 4 });
    expect(faultOf("金额}")).toMatchObject({ line: 1, column: 3 });
    // Not a way to anything else: names are compared, nothing is looked up or run.
    for (const text of ["{constructor}", "{__proto__}", "{1+1}", "{金额.length}", "{{{金额}"])
      expect([text, faultOf(text) === null]).toEqual([text, text === "{{{金额}"]);
  });
});

describe("the program's own wordings", () => {
  it.each(templateKinds)("say what %s must say, with names that there are", (kind) => {
    const { names, needed } = templateRules[kind];
    const read = readWording(`${ownWordings[kind].title}\n${ownWordings[kind].body}`, new Set<string>(names));
    expect("fault" in read ? read.fault : null).toBeNull();
    if ("fault" in read) return;
    expect(needed.filter((name) => !read.names.has(name))).toEqual([]);
    expect(names.every((name) => placeholderOf(name).says !== "")).toBe(true);
  });
});

describe("quiet hours", () => {
  it("reach over midnight, and are none where they begin when they end", () => {
    const quiet = Array.from({ length: 24 }, (_, hour) => hour).filter((hour) => isQuiet(hour, 21, 8));
    expect(quiet).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 21, 22, 23]);
    expect(isQuiet(12, 12, 14)).toBe(true);
    expect(isQuiet(14, 12, 14)).toBe(false);
    expect(isQuiet(5, 0, 0)).toBe(false);
  });
});
