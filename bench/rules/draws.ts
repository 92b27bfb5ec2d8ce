/** Agreement at length: so many draws of each shipped measure, put to PostgreSQL, the interpreter and the phone's JavaScript. */
import { join } from "node:path";
import type { Client } from "pg";
import { edgesOf } from "../../src/kernel/agreement/edges.ts";
import { interpreted, onPhone, screened } from "../../src/kernel/agreement/engines.ts";
import { drawExamples, type DrawnExample } from "../../src/kernel/agreement/examples.ts";
import { casesOf, DICTIONARIES, measuresOf, readLibrary, rulebookFiles, withoutRows } from "../../src/policy/index.ts";
import { examplesOf } from "../../src/policy/measures/examples.ts";

/** Rows of one statement: their literals travel as text. */
const CHUNK = 2000;
const LEAST_SHARE = 0.05;

export interface Agreement {
  readonly measure: string;
  readonly draws: number;
  readonly differences: number;
  readonly first: unknown;
  /** Share of each outcome. */
  readonly outcomes: Readonly<Record<string, number>>;
  /** Outcomes of its cases that came up in less than one draw in twenty. */
  readonly rare: readonly string[];
}

export async function agreements(database: Client, draws: number, say: (line: string) => void): Promise<Agreement[]> {
  const library = readLibrary(rulebookFiles(join(import.meta.dirname, "../../policies")));
  const sources = DICTIONARIES.map(withoutRows);
  const results: Agreement[] = [];
  for (const definition of measuresOf(library)) {
    const cases = casesOf(library, definition);
    if (!cases) continue;
    const examples = examplesOf(definition, cases, sources);
    const drawn = drawExamples([...examples, ...edgesOf(examples)], draws, 20_210_726);
    const found = await compared(database, drawn);
    const wanted = new Set(examples.flatMap(({ rule, question }) => interpreted(rule, [question])[0]!.outcome));
    const outcomes = Object.fromEntries(
      [...Map.groupBy(found.outcomes, (outcome) => outcome)].map(([outcome, of]) => [outcome, of.length / draws]),
    );
    const result = {
      measure: `${definition.id}/${definition.region}`,
      draws,
      differences: found.differences.length,
      first: found.differences[0] ?? null,
      outcomes,
      rare: [...wanted].filter((outcome) => (outcomes[outcome] ?? 0) < LEAST_SHARE),
    };
    say(`${result.measure.padEnd(40)} ${result.differences} differences  ${JSON.stringify(outcomes)}`);
    results.push(result);
  }
  return results;
}

async function compared(database: Client, drawn: readonly DrawnExample[]) {
  const differences: unknown[] = [];
  const outcomes: string[] = [];
  for (const ofDay of Map.groupBy(drawn, ({ question }) => question.asOf).values())
    for (const [rule, of] of Map.groupBy(ofDay, (one) => one.rule))
      for (let from = 0; from < of.length; from += CHUNK) {
        const part = of.slice(from, from + CHUNK);
        const questions = part.map(({ question }) => question);
        const [expected, phone] = [interpreted(rule, questions), onPhone(rule, questions)];
        const rows = await screened(
          database,
          rule,
          part.map(({ draw }) => draw),
          questions[0]!.asOf,
        );
        for (const [index, answer] of expected.entries()) {
          outcomes.push(answer.outcome);
          const all = [answer, phone[index], rows[index]].map((one) => JSON.stringify(one));
          if (new Set(all).size > 1) differences.push({ question: questions[index], answers: all });
        }
      }
  return { differences, outcomes };
}
