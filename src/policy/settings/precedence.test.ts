import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { orderedValues, prepareMeasure, type ParameterValue } from "#kernel";
import { withoutRows } from "../facts/dictionary.ts";
import { DICTIONARIES } from "../facts/index.ts";
import { rulebookFiles } from "../library/files.ts";
import { measuresOf, readLibrary } from "../library/library.ts";

const measures = measuresOf(readLibrary(rulebookFiles(join(import.meta.dirname, "../../../policies"))));
/** Written in the rule's own file for its division, 430000. */
const RULE = measures.find(({ id, region }) => id === "export-introduction" && region === "430000")!;
const NAME = "补助标准";

/** The value that holds in a county on a day. */
function held(settings: readonly ParameterValue[], day: string, county = "433124"): unknown {
  const { rule } = prepareMeasure(RULE, DICTIONARIES.map(withoutRows), { [NAME]: settings });
  const parameter = rule!.parameters.find(({ name }) => name === NAME)!;
  return orderedValues(parameter.values, RULE.region).find(
    ({ prefix, from, to }) => county.startsWith(prefix) && from <= day && (to === undefined || day <= to),
  )?.value;
}

describe("what a locality has set", () => {
  const written = held([], "2025-06-18");

  it("goes before what the file says for the same division, from its day on", () => {
    const set = [{ from: "2025-01-01", region: "430000", value: 40_000 }];
    expect(written).not.toBe(40_000);
    expect(held(set, "2024-12-31")).toBe(written);
    expect(held(set, "2025-01-01")).toBe(40_000);
  });

  it("is ended by what was set from a later day, in whatever order the two are read", () => {
    const earlier = { from: "2024-01-01", region: "430000", value: 40_000 };
    const later = { from: "2025-01-01", region: "430000", value: 50_000 };
    for (const set of [
      [earlier, later],
      [later, earlier],
    ]) {
      expect(held(set, "2024-06-01")).toBe(40_000);
      expect(held(set, "2025-06-18")).toBe(50_000);
    }
  });

  it("gives way to its own subordinate", () => {
    const set = [
      { from: "2025-01-01", region: "430000", value: 40_000 },
      { from: "2024-01-01", region: "433100", value: 60_000 },
    ];
    expect(held(set, "2025-06-18")).toBe(60_000);
    expect(held(set, "2025-06-18", "430102")).toBe(40_000);
  });
});
