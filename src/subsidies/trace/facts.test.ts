import { expect, it } from "vitest";
import type { FactField, FactSource } from "#kernel";
import { divisionsOf, factsOf } from "./facts.ts";

const field = (label: string, column: string, more: Partial<FactField> = {}): FactField => ({
  name: label,
  label,
  column,
  type: "text",
  supplier: "人社部门",
  changes: "fixed",
  ...more,
});
const source: FactSource = {
  name: "岗位月",
  label: "岗位月",
  sql: "",
  key: [],
  subjects: {},
  jurisdictions: {},
  fields: [
    field("岗位所在县", "post_county"),
    field("工资", "wage_fen", { type: "fen" }),
    field("岗位类别", "kind", { codes: { care: "照料" } }),
    field("在岗", "active", { type: "boolean" }),
    field("离岗日期", "ended_on", { type: "date" }),
  ],
};
const kept = { post_county: "433124", wage_fen: 150_000, kind: "care", active: true, ended_on: null, row_id: 7 };

it("facts of a decided item stand in an officer's words: divisions by name, sums in yuan, codes by their labels", () => {
  expect(divisionsOf(source, kept)).toEqual(["433124"]);
  expect(factsOf(source, kept, (code) => (code === "433124" ? "花垣县" : code))).toEqual([
    { label: "岗位所在县", value: "花垣县" },
    { label: "工资", value: "1,500.00 元" },
    { label: "岗位类别", value: "照料" },
    { label: "在岗", value: "是" },
  ]);
});
