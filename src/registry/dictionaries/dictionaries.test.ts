import { describe, expect, test } from "vitest";
import { defineDictionary, type Dictionary } from "./dictionary.ts";
import { disabilityGrade, disabilityKind, parseDisability } from "./disability.ts";
import * as assistance from "./assistance.ts";
import * as employment from "./employment.ts";
import { ethnicity } from "./ethnicity.ts";
import * as person from "./person.ts";

const all: Dictionary<string>[] = [
  ...Object.values(person),
  ...Object.values(employment),
  ...Object.values(assistance),
  ethnicity,
  disabilityKind,
  disabilityGrade,
];

describe.each(all)("$title", (dictionary) => {
  test("reads its own ids, labels and codes, and names its standard", () => {
    expect(dictionary.standard).not.toBe("");
    for (const id of dictionary.ids) {
      expect(id).toMatch(/^[a-z0-9]+(-[a-z0-9]+)*$/);
      expect(dictionary.parse(id)).toBe(id);
      expect(dictionary.parse(dictionary.labels[id]!)).toBe(id);
      expect(dictionary.parse(` ${dictionary.labels[id]!.split("").join("　")} `)).toBe(id);
      const code = dictionary.codes[id] ?? null;
      if (code !== null) expect(dictionary.parse(code)).toBe(id);
    }
  });

  test("does not know what it was not told", () => {
    for (const text of ["", "  ", "不详某某", "0000", "constructor", "__proto__"])
      expect(dictionary.parse(text)).toBeNull();
    expect(dictionary.has("toString")).toBe(false);
    expect(dictionary.has(dictionary.ids[0])).toBe(true);
  });
});

test("the standards are complete", () => {
  expect(ethnicity.ids.filter((id) => Number(ethnicity.codes[id]) <= 56)).toHaveLength(56);
  expect(employment.industry.ids.map((id) => employment.industry.codes[id]).join("")).toBe("ABCDEFGHIJKLMNOPQRST");
  expect(employment.occupation.ids).toHaveLength(8);
  expect(assistance.monitoringKind.ids).toHaveLength(3);
});

test.each([
  [person.sex, "男性", "male"],
  [person.sex, 2, "female"],
  [person.education, "中专", "secondary-specialised"],
  [person.education, "技校", "technical-school"],
  [person.education, "大专", "junior-college"],
  [person.education, "初中", "junior-high"],
  [person.education, "文盲", "illiterate"],
  [person.labourCapacity, "弱劳力", "weak"],
  [person.labourCapacity, "弱（半）劳力", "weak-or-half"],
  [person.labourCapacity, "丧失劳动能力", "lost"],
  [person.health, "长期慢性病", "chronic-illness"],
  [ethnicity, "苗", "miao"],
  [ethnicity, "6", "miao"],
  [ethnicity, "土家", "tujia"],
  [employment.employmentForm, "公岗", "welfare-post"],
  [employment.employmentForm, "企业务工", "employer"],
  [employment.employmentChannel, "政府组织", "government"],
  [employment.workplaceScope, "省外", "outside-province"],
  [employment.industry, "ｃ", "manufacturing"],
  [employment.industry, "建筑工地", "construction"],
  [assistance.personCategory, "建档立卡户", "lifted-from-poverty"],
  [assistance.personCategory, "易地搬迁", "relocated"],
  [assistance.monitoringKind, "边缘户", "marginal"],
  [assistance.householdType, "监测户", "monitored"],
] as [Dictionary<string>, string | number, string][])("office words are understood (%#)", (dictionary, text, id) => {
  expect(dictionary.parse(text)).toBe(id);
});

test("two entries must not share a spelling", () => {
  const define = () =>
    defineDictionary({
      title: "试",
      standard: "无",
      entries: [
        { id: "a", code: "1", label: "甲" },
        { id: "b", code: "01", label: "乙" },
      ],
    });
  expect(define).toThrow("试");
});

test.each([
  ["肢体残疾二级", { kind: "physical", grade: "grade-2" }],
  ["肢体二级", { kind: "physical", grade: "grade-2" }],
  ["听力残疾（三级）", { kind: "hearing", grade: "grade-3" }],
  ["精神 1级", { kind: "mental", grade: "grade-1" }],
  ["视力残疾", { kind: "visual", grade: null }],
  ["四级", { kind: null, grade: "grade-4" }],
  ["43312419900101123442", { kind: "physical", grade: "grade-2" }],
  ["无", null],
  ["四肢二级", null],
])("disability %s", (text, expected) => {
  expect(parseDisability(text)).toEqual(expected);
});
