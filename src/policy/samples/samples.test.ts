import { join } from "node:path";
import { describe, expect, it, test } from "vitest";
import { divisionPrefix, planOf, prepareMeasure, refusalOf, runtime, type ParameterValue } from "#kernel";
import { withoutRows } from "../facts/dictionary.ts";
import { DICTIONARIES, sharedRegisters } from "../facts/index.ts";
import { sharedSource } from "../facts/shared-rows.ts";
import { rulebookFiles } from "../library/files.ts";
import { casesOf, measuresOf, readLibrary } from "../library/library.ts";
import type { Rulebook } from "../versions/rulebook.ts";
import { SAMPLE_DOCUMENT, sampleSettings } from "./settings.ts";
import { variantsOf } from "./variants.ts";

const library = readLibrary(rulebookFiles(join(import.meta.dirname, "../../../policies")));
const sources = DICTIONARIES.map(sharedSource);
const measures = measuresOf(library);
const county = (region: string) => ({ "37": "370831", "43": "433124", "62": "622927" })[region.slice(0, 2)]!;
const asOf = (region: string) => (region.startsWith("37") ? "2023-06-18" : "2025-06-18");
const book = {
  library,
  measures: measures.map((definition) => ({ definition })),
  checks: [],
} as unknown as Rulebook;

function settingsOf(definition: (typeof measures)[number]) {
  const all = sampleSettings(book, county(definition.region));
  return Object.fromEntries(
    definition.parameters.map((parameter) => [
      parameter.name,
      all
        .filter(
          ({ parameter: name }) =>
            name === (parameter.shared ?? `${definition.id}/${definition.region}:${parameter.name}`),
        )
        .map(({ from, region, forCase, value }): ParameterValue => ({
          from,
          region,
          value,
          ...(forCase === null ? {} : { for: forCase }),
        })),
    ]),
  );
}

describe.each(measures.map((definition) => [definition.file, definition] as const))("%s", (_, definition) => {
  const settings = settingsOf(definition);
  const rule = prepareMeasure(definition, sources, settings).rule!;

  it("has a value for every parameter, and none that its localities may not set", () => {
    expect(rule.parameters.filter(({ values }) => values.length === 0).map(({ name }) => name)).toEqual([]);
    const refused = Object.entries(settings).flatMap(([name, values]) =>
      values
        // What a province says for a city's rule, it says in its own rules.
        .filter(({ region }) => region!.startsWith(divisionPrefix(definition.region)))
        .map((value) => refusalOf(rule, name, value as ParameterValue & { region: string }))
        .filter((refusal) => refusal !== null),
    );
    expect(refused).toEqual([]);
  });

  it("has sample rows of every outcome that it can have on the day", () => {
    const cases = casesOf(library, definition)!;
    const day = [asOf(definition.region), cases["as-of"]].toSorted().at(-1)!;
    const variants = variantsOf(rule, cases, day);
    const plan = planOf(rule);
    const outcomes = variants.map(({ facts, person }) => {
      const known = { ...facts, ...person };
      const named = rule.source.fields.map(({ name, column }) => [name, known[column] ?? cases.facts[name]]);
      return runtime.decide(plan, { facts: Object.fromEntries(named), asOf: day, subjects: {} }).outcome;
    });
    const isOver = (definition.inForce.to ?? "9999-12-31") < day;
    expect(outcomes.some((outcome) => outcome.startsWith("ELIGIBLE")) || outcomes.includes("UNKNOWN")).toBe(true);
    if (!isOver) expect(variants.length).toBeGreaterThan(2);
  });
});

test("sample values are marked as such", () => {
  const settings = sampleSettings(book, "433124");
  expect(settings.length).toBeGreaterThan(20);
  expect(settings.every(({ sample, document }) => sample === true && document === SAMPLE_DOCUMENT)).toBe(true);
});

test("registers of shared rows have names of their own, each for one source", () => {
  expect(new Set(sharedRegisters.map(({ name }) => name)).size).toBe(sharedRegisters.length);
  expect(new Set(sharedRegisters.map(({ shared }) => shared!.value)).size).toBe(sharedRegisters.length);
  const known = DICTIONARIES.map(withoutRows).map(({ name }) => name);
  expect(sharedRegisters.filter(({ shared }) => !known.includes(shared!.value)).map(({ title }) => title)).toEqual([]);
});
