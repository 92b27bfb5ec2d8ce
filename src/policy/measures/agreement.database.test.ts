import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { MeasureDefinition } from "#kernel";
import { edgesOf } from "../../kernel/agreement/edges.ts";
import { drawExamples } from "../../kernel/agreement/examples.ts";
import { interpreted, onPhone, screened } from "../../kernel/agreement/engines.ts";
import { turnedComparisons } from "../../kernel/agreement/mutants.ts";
import { useOwnerConnection } from "../../platform/testing/owner-connection.ts";
import { DICTIONARIES } from "../facts/index.ts";
import { withoutRows } from "../facts/dictionary.ts";
import { rulebookFiles } from "../library/files.ts";
import { casesOf, measuresOf, readLibrary } from "../library/library.ts";
import { examplesOf } from "./examples.ts";

const DRAWS = 300;
const library = readLibrary(rulebookFiles(join(import.meta.dirname, "../../../policies")));
const sources = DICTIONARIES.map(withoutRows);
const shipped = measuresOf(library).map((definition) => [`${definition.id}/${definition.region}`, definition] as const);

const database = useOwnerConnection();

describe("PostgreSQL, the interpreter and the phone", () => {
  it.each(shipped)("agree on %s, and every outcome of its cases comes up", async (_name, definition) => {
    const examples = examplesOf(definition, casesOf(library, definition)!, sources);
    const drawn = drawExamples([...examples, ...edgesOf(examples)], DRAWS, 20_210_726);
    const outcomes: string[] = [];
    // One statement for each day and each set of settings.
    const worlds = Map.groupBy(drawn, ({ question }) => question.asOf);
    for (const [asOf, ofDay] of worlds)
      for (const [rule, of] of Map.groupBy(ofDay, (one) => one.rule)) {
        const questions = of.map(({ question }) => question);
        const expected = interpreted(rule, questions);
        const draws = of.map(({ draw }) => draw);
        const found = await screened(database, rule, draws, asOf);
        expect(onPhone(rule, questions)).toEqual(expected);
        for (const [index, answer] of expected.entries())
          expect({ ...found[index], given: draws[index] }).toEqual({ ...answer, given: draws[index] });
        outcomes.push(...expected.map(({ outcome }) => outcome));
      }
    const wanted = new Set(interpretedExamples(examples));
    const share = (outcome: string) => outcomes.filter((one) => one === outcome).length / outcomes.length;
    expect([...wanted].filter((outcome) => share(outcome) < 0.05)).toEqual([]);
  });
});

/** The window's first day, where a month's last day is what must lie in it: it may be the window's first only by chance. */
const isSame = ({ eventDate, inForce }: MeasureDefinition, place: string) =>
  eventDate.feel.startsWith("月末(") &&
  !/-(28|29|30|31)$/.test(inForce.from) &&
  /conditions\[1\]\.core\.test(\.tests\[0\] lowIncluded| >=)$/.test(place);

describe("a comparison turned in a shipped measure", () => {
  it.each(shipped)("is noticed by its cases or the draws: %s", (_name, definition) => {
    const examples = examplesOf(definition, casesOf(library, definition)!, sources);
    const known = [...examples, ...edgesOf(examples)];
    const missed = turnedComparisons([...known, ...drawExamples(known, 200, 7)]);
    expect(missed.filter((place) => !isSame(definition, place))).toEqual([]);
  });
});

const interpretedExamples = (examples: ReturnType<typeof examplesOf>) =>
  examples.flatMap(({ rule, question }) => interpreted(rule, [question]).map(({ outcome }) => outcome));
