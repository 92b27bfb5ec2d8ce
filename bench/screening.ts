/**
 * All measures over a synthetic place with everything that rules ask of:
 *   node bench/screening.ts [--counties N] [--persons N] [--json]
 * every measure over the whole (decisions, seconds, processor time), then over the persons that a batch touched (one in twenty of one county,
 * claims of all counties counted), beside a plain scan that counts the same source rows without deciding anything.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { parseArgs } from "node:util";
import { sql } from "kysely";
import { modules, rules, synthesizeFacts } from "../src/app.ts";
import { readConfig } from "../src/platform/config.ts";
import { openRuntime } from "../src/platform/runtime.ts";
import { factRowsSql } from "../src/policy/screening/statement.ts";
import { screenBatch, screenEverything } from "../src/policy/screening/tasks.ts";
import { CurrentRulebook } from "../src/policy/versions/rulebook.ts";
import { loadRegionIndex } from "../src/registry/index.ts";
import { loadSyntheticRegistry } from "../src/synth/index.ts";
import { createPopulation } from "../src/synth/write-province.ts";
import { machine, print, serverPids, stage, type Stage } from "./lib/measure.ts";

const { values } = parseArgs({
  options: {
    counties: { type: "string", default: "1" },
    persons: { type: "string", default: "20000" },
    json: { type: "boolean", default: false },
  },
});
const persons = Number(values.persons);
const AS_OF = "2025-06-18";
const TOUCHED_OF_HUNDRED = 5;
const BATCH = "900001";
/** Rows of persons. */
const WARM_BELOW = 1_000_000;

const folder = mkdtempSync(join(tmpdir(), "wengang-screening-"));
const runtime = await openRuntime(
  { ...readConfig({ ...process.env, WENGANG_DATA: join(folder, "data"), WENGANG_DATE: AS_OF }), logLevel: "warn" },
  modules,
);
const pids = () => serverPids(join(folder, "data"));
try {
  const { worker } = runtime.database;
  const stages: Stage[] = [];
  const { divisions } = await worker.transaction().execute((tx) => loadRegionIndex(tx));
  const all = [...divisions.values()];
  const counties = all
    .filter(({ code }) => code.length === 6 && code.startsWith("43"))
    .slice(0, Number(values.counties));
  const rows = counties.length * persons;
  const load = async () => {
    for (const { code } of counties)
      await loadSyntheticRegistry(
        runtime,
        createPopulation({ size: "county", seed: "bench", region: code, persons, divisions: all }),
        "2025-05-31",
        3,
      );
  };
  stages.push(await stage("registry of the synthetic place", rows, pids, load));
  stages.push(await stage("registers and facts", rows, pids, () => synthesizeFacts(runtime)));
  const rulebook = new CurrentRulebook(rules.sources);
  const book = await rulebook.get(worker);
  const context = { services: runtime, progress: async () => {} };
  // Once to warm what stays warm in a running program; a province is read from disk either way.
  if (rows < WARM_BELOW) await screenEverything({ rulebook, claims: rules.claims }, context, "asked");
  let sourceRows = 0;
  stages.push(
    await stage("floor: source rows of every measure, counted", rows, pids, async () => {
      for (const { rule } of book.measures)
        if (rule) {
          const counted = await sql<{ n: string }>`SELECT count(*) AS n FROM (${sql.raw(
            factRowsSql(rule.source, { scope: { kind: "whole" }, asOf: AS_OF }),
          )}) f`.execute(worker);
          sourceRows += Number(counted.rows[0]!.n);
        }
    }),
  );
  stages.push(
    await stage("every measure over the whole", sourceRows, pids, () =>
      screenEverything({ rulebook, claims: rules.claims }, context, "asked"),
    ),
  );
  const decisions = await sql<{ n: string }>`SELECT sum(s.rows) AS n FROM (
    SELECT DISTINCT ON (version_id) rows FROM policy.screening WHERE reason = 'asked' ORDER BY version_id, screening_id DESC) s`.execute(
    worker,
  );
  const touched =
    await sql`INSERT INTO registry.change (person_id, entity, entity_key, act, before, after, batch_id, source, reason, home_region)
    SELECT person_id, 'person', '{}', 'update', '{}', '{}', ${BATCH}, 1, '', home_region FROM registry.person
    WHERE starts_with(home_region, ${counties[0]!.code}) AND person_id % 100 < ${TOUCHED_OF_HUNDRED}`.execute(worker);
  stages.push(
    await stage("every measure over a batch's persons", Number(touched.numAffectedRows), pids, () =>
      screenBatch({ rulebook, claims: rules.claims }, context, BATCH),
    ),
  );
  const slowest = await sql<{ path: string; seconds: string; rows: string }>`
    SELECT v.path, s.seconds, s.rows FROM policy.screening s JOIN policy.version v USING (version_id) WHERE s.reason = 'asked' ORDER BY s.seconds DESC LIMIT 8`.execute(
    worker,
  );
  print(
    values.json,
    {
      machine: machine(),
      command: process.argv
        .slice(1)
        .map((part) => basename(part))
        .join(" "),
      measures: book.measures.length,
      counties: counties.length,
      persons: rows,
      sourceRows,
      decisions: Number(decisions.rows[0]!.n),
      slowest: slowest.rows,
    },
    stages,
  );
} finally {
  await runtime.close();
  rmSync(folder, { recursive: true, force: true });
}
