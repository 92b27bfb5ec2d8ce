import { join } from "node:path";
import { describe, expect, it, test } from "vitest";
import { departmentLabels } from "#identity/contract";
import { judgeCheck, prepareCheck, type CheckOutcome } from "#kernel";
import { edgesOf } from "../../kernel/agreement/edges.ts";
import { drawExamples } from "../../kernel/agreement/examples.ts";
import { turnedComparisons } from "../../kernel/agreement/mutants.ts";
import { withoutRows } from "../facts/dictionary.ts";
import { CHECK_DICTIONARIES, DICTIONARIES } from "../facts/index.ts";
import { rulebookFiles } from "../library/files.ts";
import { casesOf, checksOf, readLibrary } from "../library/library.ts";
import { checkCatalogue } from "./catalogue.ts";
import { asMeasure, examplesOfCheck } from "./examples.ts";

const library = readLibrary(rulebookFiles(join(import.meta.dirname, "../../../policies")));
const sources = [...DICTIONARIES, ...CHECK_DICTIONARIES].map(withoutRows);
const checks = checksOf(library);

describe("the catalogue of checks", () => {
  const items = checkCatalogue();
  const encoded = new Set(checks.flatMap(({ catalogue }) => catalogue));

  test("has 122 items, each either encoded or waiting for a fact that it names", () => {
    expect(items.length).toBe(122);
    const neither = items.filter(({ item, waits }) => !encoded.has(item) && waits === null);
    const both = items.filter(({ item, waits }) => encoded.has(item) && waits !== null);
    expect({ neither, both }).toEqual({ neither: [], both: [] });
  });

  test("has the items that checks name, with their severity", () => {
    const severityOf = new Map(items.map(({ item, severity }) => [item, severity]));
    const other = checks.filter(({ catalogue, severity }) =>
      catalogue.some((item) => severityOf.get(item) !== severity),
    );
    expect(other.map(({ file, severity }) => `${file} ${severity}`)).toEqual([]);
  });

  // The data cannot prove intent, kinship or identity (part E).
  test("calls patterns a suspicion, and nothing else", () => {
    const patterns = ["E-ALL-02", "E-ALL-12", "E-ALL-13", "E-ALL-16", "E-GS-04"];
    const suspected = checks.filter(({ answers }) => answers === "SUSPECTED").flatMap(({ catalogue }) => catalogue);
    expect(suspected.toSorted()).toEqual(patterns.toSorted());
  });
});

describe.each(checks.map((definition) => [definition.file, definition] as const))("%s", (_file, definition) => {
  const cases = casesOf(library, definition)!;

  it("is sound against the facts it names, cites a sentence, and names a department that answers for it", () => {
    expect(prepareCheck(definition, sources).problems).toEqual([]);
    expect(definition.basis.every(({ quote }) => quote)).toBe(true);
    expect(Object.values(departmentLabels)).toContain(definition.case.owner);
  });

  const examples = examplesOfCheck(definition, cases, sources);
  const answers = examples.map(({ rule, question }) => judgeCheck(rule, question.facts, { asOf: question.asOf }));

  it.each(examples.map(({ one }, index) => [one.name, one, index] as const))("%s", (_name, one, index) => {
    const answer = answers[index]!;
    expect(answer.outcome).toBe(one.outcome);
    if (one["missing-parameters"].length > 0) expect(answer.missingParameters).toEqual(one["missing-parameters"]);
  });

  it("has cases for what is wrong, what is right, what is unknown and what is not its concern", () => {
    const found = new Set(answers.map(({ outcome }) => outcome));
    const wanted: CheckOutcome[] = [definition.answers, "COMPLIANT", "UNKNOWN", "NOT_APPLICABLE"];
    if (definition.unless) wanted.push("WARNING");
    expect(wanted.filter((outcome) => !found.has(outcome))).toEqual([]);
  });

  it("would be noticed if any comparison in it were turned", () => {
    const known = examples.map(({ rule, question }) => ({ rule: asMeasure(rule), question }));
    const near = [...known, ...edgesOf(known)];
    expect(turnedComparisons([...near, ...drawExamples(near, 200, 7)])).toEqual([]);
  });
});
