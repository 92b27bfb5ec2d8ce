import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it, test } from "vitest";
import { parse } from "yaml";
import type { MeasureDefinition } from "#kernel";
import { rulebookFiles } from "./files.ts";
import { measuresOf, readLibrary } from "./library.ts";

const index = parse(readFileSync(join(import.meta.dirname, "../texts/catalogue-index.yaml"), "utf8")) as Readonly<
  Record<string, Readonly<Record<string, MeasureDefinition["class"]>>>
>;
const items = Object.values(index).flatMap((classes) => Object.keys(classes));
const files = rulebookFiles(join(import.meta.dirname, "../../../policies"));
const measures = measuresOf(readLibrary(files));
const cited = new Set(measures.flatMap(({ catalogue }) => catalogue));

/** A check moved into the folder of a measure's name. */
const clashing = files
  .filter(({ file }) => file.startsWith("policies/checks/loan-cap/"))
  .map(({ file, text }) => ({ file: file.replace("/loan-cap/", "/export-introduction/"), text }));

describe("an id that a rule of another kind has", () => {
  const said = (problems: readonly { file: string; message: string }[]) =>
    problems.map(({ file, message }) => [file, message]);

  test("is refused at load, with both files", () => {
    const { problems } = readLibrary([...files, ...clashing]);
    expect(said(problems)).toEqual([
      [
        "policies/checks/export-introduction/370800.yaml",
        expect.stringContaining("已由 policies/measures/export-introduction/430000.yaml 使用"),
      ],
    ]);
    expect(problems[0]).toMatchObject({ code: "format.duplicate-id", line: 1, column: 1 });
  });

  test("is refused in a draft beside what is published", () => {
    const { problems } = readLibrary(clashing, readLibrary(files));
    expect(said(problems)).toEqual([
      [
        "policies/checks/export-introduction/370800.yaml",
        expect.stringContaining("policies/measures/export-introduction/"),
      ],
    ]);
  });
});

describe("the catalogue of subsidies", () => {
  test("has 74 items, each once", () => {
    expect(items.length).toBe(74);
    expect(new Set(items).size).toBe(items.length);
  });

  it.each(Object.entries(index))("has a measure of its class for every item of %s", (_document, classes) => {
    const without = Object.entries(classes).filter(
      ([item, of]) => !measures.some((measure) => measure.catalogue.includes(item) && measure.class === of),
    );
    expect(without).toEqual([]);
  });

  test("has the items that measures name", () => {
    expect([...cited].filter((id) => !items.includes(id))).toEqual([]);
  });
});
