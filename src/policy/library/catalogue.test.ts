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
const measures = measuresOf(readLibrary(rulebookFiles(join(import.meta.dirname, "../../../policies"))));
const cited = new Set(measures.flatMap(({ catalogue }) => catalogue));

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
