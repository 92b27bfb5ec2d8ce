import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { checkedByInterpreter, checkedByScript, checkedBySql } from "../../kernel/agreement/check-engines.ts";
import { edgesOf } from "../../kernel/agreement/edges.ts";
import { drawExamples } from "../../kernel/agreement/examples.ts";
import { useOwnerConnection } from "../../platform/testing/owner-connection.ts";
import { withoutRows } from "../facts/dictionary.ts";
import { CHECK_DICTIONARIES, DICTIONARIES } from "../facts/index.ts";
import { rulebookFiles } from "../library/files.ts";
import { casesOf, checksOf, readLibrary } from "../library/library.ts";
import { asMeasure, examplesOfCheck } from "./examples.ts";

const DRAWS = 200;
const library = readLibrary(rulebookFiles(join(import.meta.dirname, "../../../policies")));
const sources = [...DICTIONARIES, ...CHECK_DICTIONARIES].map(withoutRows);
const shipped = checksOf(library).map((definition) => [`${definition.id}/${definition.region}`, definition] as const);
const database = useOwnerConnection();

describe("PostgreSQL, the interpreter and the emitted script", () => {
  it.each(shipped)("agree on %s", async (_name, definition) => {
    const examples = examplesOfCheck(definition, casesOf(library, definition)!, sources);
    const byMeasure = new Map(examples.map(({ rule }) => [rule, asMeasure(rule)]));
    const ruleOf = new Map([...byMeasure].map(([rule, measure]) => [measure, rule]));
    const known = examples.map(({ rule, question }) => ({ rule: byMeasure.get(rule)!, question }));
    const drawn = drawExamples([...known, ...edgesOf(known)], DRAWS, 20_210_726);
    for (const [asOf, ofDay] of Map.groupBy(drawn, ({ question }) => question.asOf))
      for (const [measure, of] of Map.groupBy(ofDay, (one) => one.rule)) {
        const rule = ruleOf.get(measure)!;
        const rows = of.map(({ question }) => question);
        const expected = checkedByInterpreter(rule, rows, asOf);
        expect(checkedByScript(rule, rows, asOf)).toEqual(expected);
        expect(await checkedBySql(database, rule, rows, asOf)).toEqual(expected);
      }
  });
});
