import { expect, test } from "vitest";
import {
  assign,
  confirmedSheets,
  groupSheets,
  initialChoice,
  missingFields,
  type ReadSheet,
} from "./column-mapping.ts";

const sheet = (number: number, headers: readonly string[], used = true): ReadSheet<"name" | "identity"> => ({
  sheet: number,
  name: `表${number}`,
  used,
  headerRows: [2],
  rows: 10,
  columns: headers.map((header, index) => ({
    column: index + 1,
    header,
    samples: [],
    field: header === "姓名" ? "name" : null,
  })),
});

test("sheets with one header are understood once, and the choice reaches each of them", () => {
  const groups = groupSheets([sheet(1, ["姓名", "证号"]), sheet(2, ["姓名", "证号"]), sheet(3, ["说明"], false)]);
  expect(groups.map((group) => group.sheets.length)).toEqual([2, 1]);
  const [first] = groups;
  const choice = first && assign(initialChoice(first), 2, "identity");
  const sent = confirmedSheets(groups, new Map(first && choice ? [[first.key, choice]] : []));
  expect(sent.map((one) => one.used)).toEqual([true, true, false]);
  expect(sent[1]?.columns).toEqual([
    { column: 1, field: "name" },
    { column: 2, field: "identity" },
  ]);
});

test("a field stands for one column: giving it to another takes it from the first", () => {
  const choice = { used: true, fields: { 1: "name", 2: null } } as const;
  expect(assign(choice, 2, "name").fields).toEqual({ 1: null, 2: "name" });
  expect(assign(choice, 1, null).fields).toEqual({ 1: null, 2: null });
});

test("what is required and not given is named", () => {
  expect(missingFields({ used: true, fields: { 1: "name", 2: null } }, ["name", "identity"])).toEqual(["identity"]);
});
