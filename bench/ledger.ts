/**
 * A month's work ledger from file to registry, on the real schema with scope, encryption and history:
 *   node bench/ledger.ts [--size village|county|prefecture|province] [--persons N] [--json] [--keep FOLDER]
 * First load (everybody is new), then, after the server's own housekeeping, the next month (about 5 % changed), each: file → parsed, validated, staged →
 * compared → applied, then the same file again. Beside it, in the same run, the floor: COPY of the same staged rows into a
 * bare unlogged table. At county size also the answer key: errors planted by another program, found and invented.
 */
import { once } from "node:events";
import { createReadStream, mkdtempSync, readdirSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { parseArgs } from "node:util";
import { from as copyFrom, to as copyTo } from "pg-copy-streams";
import { pipeline } from "node:stream/promises";
import { createWriteStream } from "node:fs";
import { execFileSync } from "node:child_process";
import { randomUUID } from "node:crypto";
import { modules } from "../src/app.ts";
import { callerByLogin, createGate } from "../src/identity/index.ts";
import { applyBatch } from "../src/ledger/apply/apply-batch.ts";
import { compareBatch } from "../src/ledger/compare/compare-batch.ts";
import { receiveBatch, type BatchCounts, type LedgerKind } from "../src/ledger/contract.ts";
import { kindDefinitions } from "../src/ledger/kinds/index.ts";
import { stageColumns } from "../src/ledger/kinds/kind.ts";
import { stageBatch } from "../src/ledger/stage/stage-batch.ts";
import { stageTables } from "../src/ledger/stage/table.ts";
import { findBatch, patchBatch, registryMark, type BatchRow } from "../src/ledger/store.ts";
import { openSheets, isProblem } from "../src/platform/sheets/index.ts";
import { findLayout } from "../src/ledger/columns/layout.ts";
import { runAct } from "../src/platform/http/run-action.ts";
import { readConfig } from "../src/platform/config.ts";
import { connectOwner } from "../src/platform/db/database.ts";
import { openRuntime, type Runtime } from "../src/platform/runtime.ts";
import { loadRegionIndex } from "../src/registry/index.ts";
import { settle } from "../src/ledger/tasks.ts";
import { writeProvince, type Size } from "../src/synth/index.ts";
import { machine, print, round, serverPids, stage, type Stage } from "./lib/measure.ts";
import { sql } from "kysely";

const { values } = parseArgs({
  options: {
    size: { type: "string", default: "county" },
    persons: { type: "string" },
    json: { type: "boolean", default: false },
    keep: { type: "string" },
  },
});
const size = values.size as Size;
const REGION: Record<Size, string> = { village: "433124", county: "433124", prefecture: "4331", province: "43" };
const SEED = "bench";
const MONTHS = ["2025-04", "2025-05"] as const;

const folder = values.keep ?? mkdtempSync(join(tmpdir(), "wengang-bench-"));
const runtime = await openRuntime(
  {
    ...readConfig({ ...process.env, WENGANG_DATA: join(folder, "data"), WENGANG_DATE: "2025-06-18" }),
    // A connection that the stopping server ends before its pool does is a warning, and the output is one piece of JSON.
    logLevel: "error",
  },
  modules,
);
const pids = () => serverPids(join(folder, "data"));
try {
  const stages: Stage[] = [];
  const say = (text: string) => values.json || process.stderr.write(`${text}\n`);
  const region = REGION[size];
  await addClerk(runtime, region);
  const { divisions } = await runtime.database.worker.transaction().execute((tx) => loadRegionIndex(tx));
  const population = {
    size,
    seed: SEED,
    region,
    divisions: [...divisions.values()],
    ...(values.persons ? { persons: Number(values.persons) } : {}),
  };
  const files: Record<string, string> = {};
  for (const month of MONTHS) {
    const out = join(folder, month);
    stages.push(
      await stage(
        `synth ${month} csv`,
        1,
        () => [],
        () => writeProvince({ ...population, month, outFolder: out, formats: ["csv"] }),
      ),
    );
    files[month] = join(
      out,
      readdirSync(out).find((name) => name.endsWith(".csv"))!,
    );
  }
  const result: Record<string, unknown> = {
    machine: machine(),
    command: process.argv
      .slice(1)
      .map((part) => basename(part))
      .join(" "),
    size,
  };
  for (const month of MONTHS) {
    const rows = await oneMonth(month, files[month]!, stages, say);
    result[month] = { rows, bytes: statSync(files[month]!).size };
    if (month === MONTHS[0]) stages.push(await stage("a month goes by: vacuum, checkpoint", rows, pids, settleDown));
  }
  const again = await receive(runtime, files[MONTHS[1]]!, MONTHS[1]);
  const counts = await check(again, stages, `${MONTHS[1]} again`);
  result["secondTimeDifferences"] = counts.differences;
  result["ratios"] = ratios(stages);
  if (size === "county") {
    say("answer key …");
    const program = join(import.meta.dirname, "answer-key.ts");
    result["answerKey"] = JSON.parse(execFileSync(process.execPath, [program, "--json"], { encoding: "utf8" }));
  }
  print(values.json, result, stages);
} finally {
  await runtime.close();
  if (!values.keep) rmSync(folder, { recursive: true, force: true });
}

async function addClerk(services: Runtime, region: string): Promise<void> {
  const organisation = await sql<{
    organisation_id: string;
  }>`INSERT INTO identity.organisation (name, department, region) VALUES ('bench', 'human-resources', ${region}) RETURNING organisation_id`.execute(
    services.database.worker,
  );
  await sql`INSERT INTO identity.officer (login, name, organisation_id, organisation_region, region, duties, password_hash)
    VALUES ('bench', 'bench', ${organisation.rows[0]!.organisation_id}, ${region}, ${region}, ARRAY['county-clerk'], '$argon2id$none')`.execute(
    services.database.worker,
  );
}

/** Stores the file and makes the batch, as an upload does; the background work is called directly, to time its steps. */
async function receive(
  services: Runtime,
  path: string,
  month: string,
  kind: LedgerKind = "work-ledger",
): Promise<BatchRow> {
  const key = `upload/${randomUUID()}`;
  const stored = await services.files.put(key, createReadStream(path), 2 ** 40);
  const caller = await callerByLogin(services, modules, "bench");
  const handler = modules.flatMap((module) => module.handlers ?? []).find((one) => one.route === receiveBatch)!;
  const file = { fileId: "", key, name: basename(path), fields: {}, ...stored };
  const made = receiveBatch.output.parse(
    await runAct(services, createGate(modules), {
      handler,
      caller,
      input: { kind, month, sender: "bench" },
      file,
      request: { ip: "", userAgent: "" },
    }),
  );
  const opened = await openSheets(path, { fileName: basename(path) });
  if (isProblem(opened)) throw new Error(opened.message);
  await using source = opened;
  const rows = source.rows(0, { batchRows: 60 });
  const first = await rows.next();
  await rows.return(undefined as never);
  if (first.done) throw new Error("empty file");
  const layout = findLayout(first.value, await source.mergedRanges(0), kindDefinitions[kind])!;
  const columns = layout.columns.map((column) => ({ ...column, samples: [...column.samples] }));
  const mapping = [
    {
      sheet: 0,
      name: source.sheets[0]!.name,
      used: true,
      headerRows: [...layout.headerRows],
      firstDataRow: layout.firstDataRow,
      rows: null,
      columns,
      missing: [],
    },
  ];
  await patchBatch(services.database.worker, made.batchId, { mapping, state: "checking", format: source.format });
  return (await findBatch(services.database.worker, made.batchId))!;
}

async function check(batch: BatchRow, into: Stage[], label: string): Promise<BatchCounts> {
  const client = await runtime.database.pools.worker.connect();
  try {
    const definition = kindDefinitions[batch.kind];
    const month = batch.month.slice(0, 7);
    let rows = 0;
    let repeated = true;
    let stagedAt = "";
    const staged = await stage(`${label}: parse + validate + stage`, 0, pids, async () => {
      const done = await stageBatch(
        runtime,
        {
          batchId: batch.batch_id,
          kind: batch.kind,
          month,
          businessDate: batch.business_date,
          coverage: batch.coverage,
          title: "",
          region: batch.region,
          fileKey: batch.file_key,
          fileName: batch.file_name,
          mapping: batch.mapping!,
          repairs: new Map(),
          recall: true,
        },
        async () => {},
      );
      rows = done.rows;
      repeated = done.repeated;
      stagedAt = done.mark;
    });
    into.push({ ...staged, rows, rowsPerSecond: Math.round(rows / staged.seconds) });
    await patchBatch(runtime.database.worker, batch.batch_id, { state: "comparing" });
    const mark = await registryMark(runtime.database.worker);
    let counts: BatchCounts | null = null;
    into.push(
      await stage(`${label}: compare`, rows, pids, async () => {
        counts = await compareBatch(
          runtime,
          client,
          {
            batchId: batch.batch_id,
            definition,
            month,
            coverage: batch.coverage,
            region: batch.region,
            complete: true,
            recalledHold: mark === stagedAt,
            repeated,
          },
          async () => {},
        );
      }),
    );
    if (counts === null) throw new Error("the registry moved");
    await patchBatch(runtime.database.worker, batch.batch_id, {
      state: "compared",
      counts: { ...(counts as BatchCounts), rows },
      comparedMark: mark,
    });
    return counts;
  } finally {
    client.release();
  }
}

/** The same rows out of the stage and into a bare unlogged table by COPY, file in between: what no loader can be faster than. */
async function copyFloor(
  batchId: string,
  definition: (typeof kindDefinitions)[LedgerKind],
  rows: number,
  label: string,
): Promise<Stage> {
  const client = await runtime.database.pools.worker.connect();
  const file = join(folder, "floor.copy");
  const { rows: table } = stageTables(batchId);
  await pipeline(client.query(copyTo(`COPY ${table} TO STDOUT`)), createWriteStream(file));
  const columns = stageColumns(definition)
    .map((column) => `${column.name} ${column.type}`)
    .join(", ");
  await client.query("DROP TABLE IF EXISTS ledger_stage.floor");
  await client.query(`CREATE UNLOGGED TABLE ledger_stage.floor (${columns})`);
  const floor = await stage(`${label}: floor, raw COPY of these rows`, rows, pids, async () => {
    const into = client.query(copyFrom("COPY ledger_stage.floor FROM STDIN"));
    const done = once(into, "finish");
    await pipeline(createReadStream(file, { highWaterMark: 2 ** 20 }), into);
    await done;
  });
  await client.query("DROP TABLE ledger_stage.floor");
  client.release();
  rmSync(file);
  return floor;
}

async function oneMonth(month: string, path: string, into: Stage[], say: (text: string) => void): Promise<number> {
  say(`${month} …`);
  const batch = await receive(runtime, path, month);
  const counts = await check(batch, into, month);
  if (month === MONTHS[0]) into.push(await copyFloor(batch.batch_id, kindDefinitions[batch.kind], counts.valid, month));
  const officer = { id: batch.received_by, name: "bench", organisation: "bench" };
  into.push(
    await stage(`${month}: apply`, counts.valid, pids, () =>
      runtime.database.worker
        .transaction()
        .execute(async (tx) => applyBatch(tx, (await findBatch(tx, batch.batch_id, true))!, officer, async () => {})),
    ),
  );
  into.push(
    await stage(`${month}: remember`, counts.valid, pids, async () =>
      settle(runtime, (await findBatch(runtime.database.worker, batch.batch_id))!),
    ),
  );
  say(JSON.stringify(counts));
  return counts.valid + counts.waiting;
}

/**
 * What a server does by itself in the minutes after a first load: autovacuum, once a fifth of a table is new, and the next checkpoint.
 * Without it the next month would find every row as it was written and note, page by page, that it is committed.
 */
async function settleDown(): Promise<void> {
  const owner = await connectOwner(runtime.database.address);
  try {
    await owner.query("VACUUM");
    await owner.query("CHECKPOINT");
  } finally {
    await owner.end();
  }
}

/** Whole way of a month over the floor: COPY of the first month's rows, of which every month has about as many. */
function ratios(all: readonly Stage[]): Record<string, number> {
  const floor = all.find((one) => one.name.includes("floor"))!.seconds;
  return Object.fromEntries(
    MONTHS.map((month) => {
      const own = all.filter((one) => one.name.startsWith(`${month}:`));
      const whole = own.filter((one) => !one.name.includes("floor")).reduce((sum, one) => sum + one.seconds, 0);
      return [`${month} whole way / raw COPY`, round(whole / floor)];
    }),
  );
}
