/** Agreement at length: so many draws of each shipped measure, put to PostgreSQL, the interpreter and the phone's JavaScript. */
import { once } from "node:events";
import { availableParallelism } from "node:os";
import { basename, join } from "node:path";
import { Worker } from "node:worker_threads";
import type { Client } from "pg";
import { edgesOf } from "../../src/kernel/agreement/edges.ts";
import { interpreted, onPhone, screened } from "../../src/kernel/agreement/engines.ts";
import { drawExamples, type DrawnExample } from "../../src/kernel/agreement/examples.ts";
import type { DatabaseAddress } from "../../src/platform/db/database.ts";
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

const library = readLibrary(rulebookFiles(join(import.meta.dirname, "../../policies")));
const measures = measuresOf(library);

/** Every measure, by as many threads as there are cores, each with a connection of its own. In the order in which they are done. */
export async function agreements(
  address: DatabaseAddress,
  draws: number,
  say: (line: string) => void,
): Promise<Agreement[]> {
  const results: Agreement[] = [];
  const queue = [...measures.keys()];
  await Promise.all(
    Array.from({ length: availableParallelism() }, async () => {
      const worker = new Worker(new URL("draws-worker.ts", import.meta.url), { workerData: { address, draws } });
      for (let index = queue.shift(); index !== undefined; index = queue.shift()) {
        worker.postMessage(index);
        const [result] = (await once(worker, "message")) as [Agreement | null];
        if (!result) continue;
        say(`${result.measure.padEnd(40)} ${result.differences} differences  ${JSON.stringify(result.outcomes)}`);
        results.push(result);
      }
      await worker.terminate();
    }),
  );
  return results;
}

/** One measure; null where it has no cases to draw from. */
export async function agreementOf(database: Client, index: number, draws: number): Promise<Agreement | null> {
  const definition = measures[index]!;
  const cases = casesOf(library, definition);
  if (!cases) return null;
  const examples = examplesOf(definition, cases, DICTIONARIES.map(withoutRows));
  const drawn = drawExamples([...examples, ...edgesOf(examples)], draws, 20_210_726);
  const found = await compared(database, drawn);
  const wanted = new Set(examples.flatMap(({ rule, question }) => interpreted(rule, [question])[0]!.outcome));
  const outcomes = Object.fromEntries(
    [...Map.groupBy(found.outcomes, (outcome) => outcome)].map(([outcome, of]) => [outcome, of.length / draws]),
  );
  return {
    measure: `${definition.id}/${basename(definition.file, ".yaml")}`,
    draws,
    differences: found.differences.length,
    first: found.differences[0] ?? null,
    outcomes,
    rare: [...wanted].filter((outcome) => (outcomes[outcome] ?? 0) < LEAST_SHARE),
  };
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
