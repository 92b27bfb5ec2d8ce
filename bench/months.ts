/**
 * A county's month counted from history, now and as of a closing with much written since:
 *   node bench/months.ts [--size county|prefecture] [--persons N] [--json]
 * `--size` sets the persons (20,000 or 200,000), in counties of at most 100,000: a county is what is counted in one statement.
 * Beside them a plain scan that counts the same four indicators over the tables as they stand, and what keeping history costs an
 * update of one person in twenty, with and without its triggers.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { parseArgs } from "node:util";
import { sql } from "kysely";
import { modules } from "../src/app.ts";
import { countFigures } from "../src/months/figures.ts";
import { NOW, type Moment } from "../src/months/members.ts";
import { connectOwner } from "../src/platform/db/database.ts";
import { readConfig } from "../src/platform/config.ts";
import { openRuntime } from "../src/platform/runtime.ts";
import { cutHistory, fillCounties, loadRegionIndex } from "../src/registry/index.ts";
import { registersMark } from "../src/registers/index.ts";
import { loadSyntheticRegistry } from "../src/synth/index.ts";
import { createPopulation } from "../src/synth/write-province.ts";
import { synthesizeCarriers } from "../src/carriers/index.ts";
import { synthesizeWelfarePosts } from "../src/welfare-posts/index.ts";
import { machine, print, serverPids, stage, type Stage } from "./lib/measure.ts";

const sizes = { county: 20_000, prefecture: 200_000 } as const;
const { values } = parseArgs({
  options: {
    size: { type: "string", default: "prefecture" },
    persons: { type: "string" },
    json: { type: "boolean", default: false },
  },
});
const persons = Number(values.persons ?? sizes[values.size as keyof typeof sizes]);
const LARGEST_COUNTY = 100_000;
const COUNTIES = ["433124", "433123", "433125", "433126"].slice(0, Math.ceil(persons / LARGEST_COUNTY));
const MONTH = "2025-05";
const DAY = "DATE '2025-05-31'";

const folder = mkdtempSync(join(tmpdir(), "wengang-months-"));
const runtime = await openRuntime(
  {
    ...readConfig({ ...process.env, WENGANG_DATA: join(folder, "data"), WENGANG_DATE: "2025-06-18" }),
    logLevel: "warn",
  },
  modules,
);
const pids = () => serverPids(join(folder, "data"));
try {
  const { worker } = runtime.database;
  const stages: Stage[] = [];
  const { divisions } = await worker.transaction().execute((tx) => loadRegionIndex(tx));
  stages.push(
    await stage("registry of the synthetic place, posts and workshops", persons, pids, async () => {
      for (const region of COUNTIES)
        await loadSyntheticRegistry(
          runtime,
          createPopulation({
            size: "county",
            seed: "bench",
            region,
            persons: Math.round(persons / COUNTIES.length),
            divisions: [...divisions.values()],
          }),
          "2025-05-31",
          1,
        );
      await fillCounties(runtime, synthesizeWelfarePosts);
      await fillCounties(runtime, synthesizeCarriers);
    }),
  );
  const cut = (): Promise<Moment> =>
    worker
      .transaction()
      .execute(async (tx) => ({ registry: await cutHistory(tx), registers: await registersMark(tx) }));
  const closing = await cut();
  const sums = async (moment: Moment) => {
    const totals: Record<string, number> = {};
    for (const county of COUNTIES)
      for (const row of await countFigures(worker, county, MONTH, moment))
        totals[row.indicator] = (totals[row.indicator] ?? 0) + row.total;
    return JSON.stringify(totals);
  };
  await sums(NOW);
  stages.push(
    await stage("floor: the four indicators of one day, plain scans of the tables", persons, pids, plainScan),
  );
  stages.push(
    await stage("figures of the month, now (two days, by village, entered and gone)", persons, pids, () => sums(NOW)),
  );
  const closed = await sums(closing);
  stages.push(await stage("the same as of the closing, nothing written since", persons, pids, () => sums(closing)));

  const owner = await connectOwner(runtime.database.address);
  const end = (n: number) =>
    sql`UPDATE registry.person_category SET valid_to = '2025-05-15' WHERE person_id % 20 = ${n} AND valid_to IS NULL`.execute(
      worker,
    );
  const changed = Math.round(persons / 20);
  stages.push(await stage("update of one person in twenty, history kept", changed, pids, () => end(1)));
  await owner.query("ALTER TABLE registry.person_category DISABLE TRIGGER USER");
  stages.push(await stage("the same of others without history", changed, pids, () => end(2)));
  await sql`UPDATE registry.person_category SET valid_to = NULL WHERE person_id % 20 = 2 AND valid_to = '2025-05-15'`.execute(
    worker,
  );
  await owner.query("ALTER TABLE registry.person_category ENABLE TRIGGER USER");
  await owner.end();
  for (const n of [2, 3, 4, 5]) await end(n);
  stages.push(
    await stage("as of the closing, a quarter of all people changed since", persons, pids, () => sums(closing)),
  );
  const again = await sums(closing);
  if (again !== closed) throw new Error(`not reproduced: ${closed} ${again}`);
  print(
    values.json,
    {
      machine: machine(),
      command: process.argv
        .slice(1)
        .map((part) => basename(part))
        .join(" "),
      persons,
      reproduced: closed,
      now: await sums(NOW),
    },
    stages,
  );

  async function plainScan(): Promise<void> {
    await sql
      .raw(`SELECT
        (SELECT count(*) FROM registry.person p WHERE p.life_state = 'active' AND EXISTS (SELECT FROM registry.employment e WHERE e.person_id = p.person_id AND e.start_date <= ${DAY} AND coalesce(e.end_date, 'infinity') >= ${DAY})
          AND EXISTS (SELECT FROM registry.person_category c WHERE c.person_id = p.person_id AND c.category IN ('lifted-from-poverty', 'lifted-with-policy', 'monitored') AND c.valid_from <= ${DAY} AND coalesce(c.valid_to, 'infinity') >= ${DAY})),
        (SELECT count(DISTINCT e.person_id) FROM registry.employment e WHERE e.form = 'welfare-post' AND e.start_date <= ${DAY} AND coalesce(e.end_date, 'infinity') >= ${DAY}),
        (SELECT count(*) FROM carriers.carrier),
        (SELECT count(DISTINCT e.person_id) FROM carriers.carrier k JOIN registry.employer_alias n ON n.employer_id = k.employer_id JOIN registry.employment e ON e.employer_key = n.name_key WHERE e.start_date <= ${DAY} AND coalesce(e.end_date, 'infinity') >= ${DAY})`)
      .execute(worker);
  }
} finally {
  await runtime.close();
  rmSync(folder, { recursive: true, force: true });
}
