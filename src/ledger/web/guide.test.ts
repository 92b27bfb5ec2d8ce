import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { projectRoot } from "../../platform/config.ts";
import {
  batchStateLabels,
  batchStates,
  differenceKindLabels,
  differenceKinds,
  faultCodes,
  faultLabels,
  ledgerFieldLabels,
  ledgerKindLabels,
  ledgerKinds,
  reasonCodes,
  reasonLabels,
  type LedgerField,
} from "../contract.ts";
import { kindDefinitions } from "../kinds/index.ts";

/** The officers' guide explains every word that the screen may show them: rows of its tables, by their first cells. */
const guide = readFileSync(join(projectRoot, "docs/guide/zh-CN.md"), "utf8");
const rows = guide
  .split("\n")
  .filter((line) => line.startsWith("|"))
  .map((line) =>
    line
      .split("|")
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );
const rowOf = (...cells: readonly string[]) =>
  rows.find((row) => cells.every((cell, index) => row[index] === cell) && row.at(-1) !== "");

test.each(faultCodes)("the guide explains the fault %s by its name and repair", (code) => {
  expect(rowOf(faultLabels[code].label, faultLabels[code].mend)).toBeDefined();
});

test.each(reasonCodes)("the guide explains the reason %s by its name", (code) => {
  expect(rowOf(code, reasonLabels[code])).toBeDefined();
});

test.each(differenceKinds)("the guide explains the difference %s", (kind) => {
  expect(rowOf(differenceKindLabels[kind])).toBeDefined();
});

test.each(batchStates)("the guide explains the state %s", (state) => {
  expect(rowOf(batchStateLabels[state])).toBeDefined();
});

test.each(ledgerKinds)("the guide names the columns that %s must have", (kind) => {
  const { fields } = kindDefinitions[kind];
  const required = (Object.keys(fields) as LedgerField[]).filter((field) => fields[field]?.required);
  const row = rowOf(ledgerKindLabels[kind]);
  expect(row?.at(-1)?.split("、").toSorted()).toEqual(required.map((field) => ledgerFieldLabels[field]).toSorted());
});
