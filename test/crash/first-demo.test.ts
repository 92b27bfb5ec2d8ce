import { sql } from "kysely";
import { afterEach, expect, test } from "vitest";
import { identityModule } from "#identity";
import { registryModule } from "#registry";
import { modules } from "../../src/app.ts";
import type { Services } from "../../src/platform/module.ts";
import { testRuntime, type TestRuntime } from "../../src/platform/testing/index.ts";
import { seedDemo } from "../../src/synth/demo/seed.ts";

/** Small ones, with the demo's own clerks. */
const COUNTIES = [
  { region: "433124", login: "huayuan", persons: 120 },
  { region: "622927", login: "jishishan", persons: 80 },
];

let runtime: TestRuntime;
afterEach(() => runtime.close());

/** The services of a program that ends when it keeps a file for the `last` time. */
function endingAt(last: number): Services {
  let kept = 0;
  const put: Services["files"]["put"] = (...given) => {
    if (++kept >= last) throw new Error("ended");
    return runtime.files.put(...given);
  };
  return { ...runtime, files: { ...runtime.files, put } };
}

interface State {
  persons: number;
  spells: number;
  numbers: number;
  applied: number;
  batches: number;
  files: number;
  linked: number;
}

async function state(): Promise<State> {
  const found =
    await sql<State>`SELECT (SELECT count(*) FROM registry.person)::int AS persons, (SELECT count(*) FROM registry.employment)::int AS spells,
    (SELECT count(DISTINCT employment_id) FROM registry.employment)::int AS numbers,
    (SELECT count(*) FROM ledger.batch WHERE state = 'applied')::int AS applied, (SELECT count(*) FROM ledger.batch)::int AS batches,
    (SELECT count(*) FROM platform.file WHERE purpose = '演示台账')::int AS files,
    (SELECT count(*) FROM registry.employer_alias)::int AS linked`.execute(runtime.database.worker);
  return found.rows[0]!;
}

// Before any ledger is in; with one county's ledger in and not the other's; between the files that a newcomer works on.
test.each([1, 2, 4])("a demo whose first start ended at its file %i is filled by the next", async (last) => {
  runtime = await testRuntime(modules, { demo: true });
  await registryModule.seedDemo!(runtime);
  await identityModule.seedDemo!(runtime);
  await expect(seedDemo(endingAt(last), COUNTIES)).rejects.toThrow("ended");
  await seedDemo(runtime, COUNTIES);
  const filled = await state();
  expect(filled).toMatchObject({ applied: 2, batches: 2 });
  expect(filled.persons).toBeGreaterThan(180);
  expect(filled.numbers).toBe(filled.spells);
  expect(filled.linked).toBeGreaterThan(0);
  expect(filled.files).toBeGreaterThanOrEqual(4);
  // Once more, as when the last step of a first start was cut off: nothing comes twice.
  await seedDemo(runtime, COUNTIES);
  expect(await state()).toEqual(filled);
});
