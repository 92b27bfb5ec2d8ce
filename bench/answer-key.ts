/**
 * The answer key: errors planted by src/plant (which knows nothing of the ledger) in a county's work ledger, against what
 * the ledger's check says of the same file:
 *   node bench/answer-key.ts [--count N per kind] [--persons N] [--json]
 * found: the planted row carries the expected reason; missed: it does not; invented: a waiting fault in a row nobody touched.
 */
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { sql } from "kysely";
import { modules } from "../src/app.ts";
import { kindDefinitions } from "../src/ledger/kinds/index.ts";
import { addOffice, Office } from "../src/ledger/fixtures.ts";
import { plantErrors, type KeyEntry } from "../src/plant/index.ts";
import { testRuntime } from "../src/platform/testing/index.ts";
import { loadRegionIndex, loadSampleAliases } from "../src/registry/index.ts";
import {
  dayOf,
  createPopulation,
  loadSyntheticRegistry,
  writeForeignPersons,
  writeProvince,
  writeRenamedVillages,
} from "../src/synth/index.ts";
import { machine } from "./lib/measure.ts";

const { values } = parseArgs({
  options: {
    count: { type: "string", default: "10" },
    persons: { type: "string", default: "20000" },
    json: { type: "boolean", default: false },
  },
});
const region = "433124";
const month = "2025-05";
const folder = mkdtempSync(join(tmpdir(), "wengang-key-"));
const runtime = await testRuntime(modules);
try {
  await addOffice(runtime, region);
  for (const alias of loadSampleAliases()) {
    await sql`INSERT INTO registry.region_alias (alias, code, renamed, valid_from, valid_to, note) VALUES (${alias.alias}, ${alias.code}, ${alias.validTo !== null}, coalesce(${alias.validFrom}::date, '1900-01-01'), ${alias.validTo}, ${alias.note}) ON CONFLICT DO NOTHING`.execute(
      runtime.database.worker,
    );
  }
  const { divisions } = await runtime.database.worker.transaction().execute((tx) => loadRegionIndex(tx));
  const size = {
    size: "county",
    seed: "answer-key",
    region,
    divisions: [...divisions.values()],
    persons: Number(values.persons),
  } as const;
  // Somebody of the next county is known there, so that his row in our file is a conflict and no new person.
  const neighbours = createPopulation({ ...size, seed: "neighbour", region: "433125", persons: 1_000 });
  await loadSyntheticRegistry(runtime, neighbours, "2025-04-30", 0);
  await writeForeignPersons(join(folder, "foreign.tsv"), neighbours, dayOf("2025-04-30"), 200);
  await writeRenamedVillages(
    join(folder, "renamed.tsv"),
    loadSampleAliases().filter((alias) => alias.code.startsWith(region)),
    divisions.values(),
    dayOf("2025-05-31"),
  );
  const results = [];
  for (const format of ["csv", "xlsx"] as const) {
    const clean = join(folder, `clean-${format}`);
    await writeProvince({ ...size, month, outFolder: clean, formats: [format] });
    const files = readdirSync(clean)
      .filter((name) => name.endsWith(`.${format}`))
      .map((name) => join(clean, name));
    const planted = await plantErrors({
      files,
      outFolder: join(folder, `planted-${format}`),
      seed: "key",
      counts: Number(values.count),
      renamedVillagesFile: join(folder, "renamed.tsv"),
      foreignPersonsFile: join(folder, "foreign.tsv"),
    });
    results.push({ format, ...(await compare(planted.files[0]!, planted.key)), notPlanted: planted.missing });
  }
  const result = {
    machine: machine(),
    persons: Number(values.persons),
    kind: kindDefinitions["work-ledger"].kind,
    results,
  };
  process.stdout.write(values.json ? `${JSON.stringify(result)}\n` : `${JSON.stringify(result, null, 2)}\n`);
  if (results.some((one) => one.missed.length > 0 || one.invented.length > 0)) process.exitCode = 1;
} finally {
  await runtime.close();
  rmSync(folder, { recursive: true, force: true });
}

async function compare(path: string, key: readonly KeyEntry[]) {
  const office = new Office(runtime, modules);
  const batch = await office.receive(path, month, "work-ledger", { complete: "false" });
  if (batch.problem) throw new Error(batch.problem.message);
  const faults = await sql<{
    row_no: number;
    code: string;
    severity: string;
  }>`SELECT row_no, code, severity FROM ledger.fault WHERE batch_id = ${batch.batchId}`.execute(
    runtime.database.worker,
  );
  const conflicts = await sql<{
    row_no: number;
    reason: string;
  }>`SELECT row_no, reason FROM ledger.difference WHERE batch_id = ${batch.batchId} AND kind = 'conflicting'`.execute(
    runtime.database.worker,
  );
  const saidOf = new Map<number, Set<string>>();
  const note = (row: number, code: string) => saidOf.set(row, (saidOf.get(row) ?? new Set()).add(code));
  for (const fault of faults.rows) note(Number(fault.row_no), fault.code);
  for (const conflict of conflicts.rows) note(Number(conflict.row_no), conflict.reason);
  const errors = key.filter((entry) => !entry.companion);
  const touched = new Set(key.flatMap((entry) => [entry.row, ...(entry.copyOf ? [entry.copyOf] : [])]));
  const missed = errors.filter(
    (entry) => ![entry.row, entry.copyOf].some((row) => row !== undefined && saidOf.get(row)?.has(entry.expected)),
  );
  const invented = faults.rows.filter((fault) => fault.severity === "waiting" && !touched.has(Number(fault.row_no)));
  return {
    rows: batch.counts.rows,
    planted: errors.length,
    found: errors.length - missed.length,
    missed: missed.map((entry) => ({
      row: entry.row,
      kind: entry.kind,
      expected: entry.expected,
      planted: entry.planted,
      said: [...(saidOf.get(entry.row) ?? [])],
    })),
    invented: invented.slice(0, 20),
  };
}
