/**
 * Officers at work on a prefecture, from outside over HTTP:
 *   node bench/load.ts [--officers 200] [--persons 200000] [--minutes 10] [--spike-seconds 60] [--json]
 * Each has his account and session and thinks for one to three seconds between two requests, which leave at their time whatever earlier ones
 * do (open loop). Of a hundred: 60 reads of pages, 20 searches, 10 persons' pages, 8 edits, 2 exports. In the middle a county's ledger is
 * imported. Then five times as many for a minute, and how long it takes until answers are as quick as before. Beside it the same schedule
 * against one row by its key (bench/bare.ts), on the same database.
 */
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { parseArgs } from "node:util";
import { sql } from "kysely";
import { modules } from "../src/app.ts";
import { signIn, whoAmI } from "../src/identity/contract.ts";
import { SESSION_COOKIE } from "../src/identity/sessions/gate.ts";
import { hashPassword } from "../src/identity/sessions/passwords.ts";
import { getBatch, listBatches, receiveBatch } from "../src/ledger/contract.ts";
import { countMonitored } from "../src/monitored/contract.ts";
import type { RequestOf, Route } from "../src/platform/contract.ts";
import { projectRoot, readConfig } from "../src/platform/config.ts";
import { startPostgres } from "../src/platform/postgres/index.ts";
import { openRuntime } from "../src/platform/runtime.ts";
import { editPerson, exportPersons, find, getPerson, listPersons } from "../src/registry/contract.ts";
import { loadRegionIndex } from "../src/registry/index.ts";
import { loadSyntheticRegistry, writeProvince } from "../src/synth/index.ts";
import { createPopulation } from "../src/synth/write-province.ts";
import { getToday } from "../src/workbench/contract.ts";
import { descendants, machine, print, serverPids, stage, type Stage } from "./lib/measure.ts";
import { ask, randomFrom, schedule, send, spreadOf, type Answered, type Arrival } from "./lib/open-loop.ts";

const { values } = parseArgs({
  options: {
    officers: { type: "string", default: "200" },
    persons: { type: "string", default: "200000" },
    minutes: { type: "string", default: "10" },
    "spike-seconds": { type: "string", default: "60" },
    json: { type: "boolean", default: false },
  },
});
const officers = Number(values.officers);
const seconds = Number(values.minutes) * 60;
const spikeSeconds = Number(values["spike-seconds"]);
const SPIKE = 5;
const RECOVERY_SECONDS = 60;
const PREFECTURE = "4331";
const PASSWORD = "Right-password-1";
const MONTH = "2025-05";
const DAY = "2025-06-18";

const folder = mkdtempSync(join(tmpdir(), "wengang-load-"));
const data = join(folder, "data");
const env = {
  ...process.env,
  DATABASE_URL: undefined,
  WENGANG_DATA: data,
  WENGANG_DATE: DAY,
  WENGANG_LOG: "warn",
  PORT: "0",
  WENGANG_METRICS_PORT: "off",
  WENGANG_WORKER_METRICS_PORT: "off",
};
const random = randomFrom(20_250_618);
const SURNAMES = [..."王李张刘陈杨石龙向田彭吴麻廖"];
const pick = <T>(items: readonly T[]): T => items[Math.floor(random() * items.length)]!;
const say = (text: string) => values.json || process.stderr.write(`${text}\n`);

interface County {
  readonly code: string;
  readonly villages: readonly string[];
  readonly persons: readonly string[];
}

interface Desk {
  readonly login: string;
  readonly county: County;
  cookie: string;
  csrf: string;
}

// Holds the database from beginning to end, so that it neither stops between two processes nor outlives this one.
const postgres = await startPostgres({ dataFolder: join(data, "postgres") });
const children: ChildProcess[] = [];
try {
  const stages: Stage[] = [];
  const dbPids = () => serverPids(data);
  const { counties, desks, ledger } = await prepare(stages, dbPids);
  const server = await startProgram(["src/cli.ts", "serve"], /已启动：(http:\/\/\S+)/);
  const pids = () => [server.pid, ...descendants(server.pid), ...dbPids()];
  for (const desk of desks) await enter(server.address, desk);
  say(`${desks.length} officers signed in`);

  const asked = (arrival: Arrival) => askAsOfficer(server.address, desks[arrival.officer % desks.length]!);
  const steady = schedule(officers, seconds, 1, random);
  let calm: Answered[] = [];
  let imported = { state: "", seconds: 0 };
  stages.push(
    await stage("officers at work, an import in the middle", steady.length, pids, async () => {
      const [answers, batch] = await Promise.all([
        send(steady, asked),
        sleep((seconds * 1_000) / 2).then(() => importLedger(server.address, desks[0]!, ledger)),
      ]);
      calm = answers;
      imported = batch;
    }),
  );
  const spike = schedule(officers, spikeSeconds, SPIKE, random);
  let pressed: Answered[] = [];
  stages.push(
    await stage(`${SPIKE} times as many`, spike.length, pids, async () => {
      pressed = await send(spike, asked);
    }),
  );
  const after = schedule(officers, RECOVERY_SECONDS, 1, random);
  let recovering: Answered[] = [];
  stages.push(
    await stage("afterwards", after.length, pids, async () => {
      recovering = await send(after, asked);
    }),
  );
  const slow = await slowStatements();
  await stopProgram(server.child);

  const { host, port, user, password } = postgres.connection;
  const bare = await startProgram(["bench/bare.ts"], /(http:\/\/\S+)/, {
    PGHOST: host,
    PGPORT: String(port),
    PGUSER: user,
    PGPASSWORD: password,
    PGDATABASE: "wengang",
  });
  const askBare = async () => ({
    kind: "row",
    status: (await ask(`${bare.address}/row/${pick(counties).code}`, { method: "GET", headers: {} })).status,
  });
  const floor = schedule(officers, Math.min(seconds, 120), 1, randomFrom(20_250_618));
  let rows: Answered[] = [];
  stages.push(
    await stage(
      "floor: one row by its key",
      floor.length,
      () => [bare.pid, ...dbPids()],
      async () => {
        rows = await send(floor, askBare);
      },
    ),
  );
  await stopProgram(bare.child);

  print(
    values.json,
    {
      machine: machine(),
      command: process.argv
        .slice(1)
        .map((part) => basename(part))
        .join(" "),
      officers,
      persons: counties.reduce((sum, { persons }) => sum + persons.length, 0),
      import: imported,
      steady: spreadOf(calm),
      spike: spreadOf(pressed),
      recovery: { secondsUntilAsQuickAsBefore: recoverySeconds(calm, recovering), ...spreadOf(recovering).at(-1) },
      floor: spreadOf(rows).at(-1),
      slowStatements: slow,
      note: "processor time and memory of a stage include this generator's",
    },
    stages,
  );
} finally {
  for (const child of children) await stopProgram(child);
  await postgres.stop();
  rmSync(folder, { recursive: true, force: true });
}

/** The registry, an account for each officer, and next month's ledger of the first county. */
async function prepare(stages: Stage[], dbPids: () => number[]) {
  const runtime = await openRuntime({ ...readConfig(env), logLevel: "warn" }, modules);
  try {
    const { worker } = runtime.database;
    const { divisions } = await worker.transaction().execute((tx) => loadRegionIndex(tx));
    const all = [...divisions.values()];
    const codes = all.map(({ code }) => code).filter((code) => code.length === 6 && code.startsWith(PREFECTURE));
    const each = Math.ceil(Number(values.persons) / codes.length);
    const populationOf = (region: string) => ({
      size: "county" as const,
      seed: "load",
      region,
      persons: each,
      divisions: all,
    });
    stages.push(
      await stage("registry of the synthetic prefecture", each * codes.length, dbPids, async () => {
        for (const code of codes)
          await loadSyntheticRegistry(runtime, createPopulation(populationOf(code)), "2025-04-30", 3);
      }),
    );
    await sql`ANALYZE`.execute(worker).catch(() => {});
    const counties: County[] = [];
    for (const code of codes) {
      const { rows } = await sql<{ id: string; home: string }>`
        SELECT person_id AS id, home_region AS home FROM registry.person WHERE starts_with(home_region, ${code}) ORDER BY person_id LIMIT 50000`.execute(
        worker,
      );
      counties.push({ code, persons: rows.map(({ id }) => id), villages: [...new Set(rows.map(({ home }) => home))] });
    }
    const hash = await hashPassword(PASSWORD);
    const desks: Desk[] = [];
    for (const [nth, county] of counties.entries()) {
      const made = await sql<{ id: string }>`INSERT INTO identity.organisation (name, department, region)
        VALUES (${`县${nth}人社局`}, 'human-resources', ${county.code}) RETURNING organisation_id AS id`.execute(
        worker,
      );
      const own = Array.from({ length: Math.ceil(officers / counties.length) }, (_, index) => `load${nth}x${index}`);
      await sql`INSERT INTO identity.officer (login, name, organisation_id, organisation_region, region, duties, password_hash, must_change_password)
        SELECT login, login, ${made.rows[0]!.id}, ${county.code}, ${county.code}, ARRAY['county-clerk'], ${hash}, false FROM unnest(${own}::text[]) AS login`.execute(
        worker,
      );
      desks.push(...own.map((login) => ({ login, county, cookie: "", csrf: "" })));
    }
    const out = join(folder, "ledger");
    await writeProvince({ ...populationOf(codes[0]!), month: MONTH, outFolder: out, formats: ["csv"] });
    const ledger = join(
      out,
      readdirSync(out).find((name) => name.endsWith(".csv"))!,
    );
    return { counties, desks, ledger };
  } finally {
    await runtime.close();
  }
}

async function startProgram(args: readonly string[], listening: RegExp, more: NodeJS.ProcessEnv = {}) {
  const child = spawn(process.execPath, args, {
    cwd: projectRoot,
    env: { ...env, ...more },
    stdio: ["ignore", "pipe", "inherit"],
  });
  children.push(child);
  let said = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => (said += text));
  const deadline = Date.now() + 600_000;
  while (!listening.test(said)) {
    if (child.exitCode !== null || Date.now() > deadline) throw new Error(`did not start: ${said}`);
    await sleep(50);
  }
  return { child, pid: child.pid!, address: listening.exec(said)![1]! };
}

async function stopProgram(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exit = once(child, "exit");
  child.kill("SIGTERM");
  const late = setTimeout(() => child.kill("SIGKILL"), 60_000);
  await exit;
  clearTimeout(late);
}

function headersOf(desk: Desk): Record<string, string> {
  return { cookie: `${SESSION_COOKIE}=${desk.cookie}`, "x-csrf-token": desk.csrf };
}

async function enter(address: string, desk: Desk): Promise<void> {
  const response = await fetch(address + signIn.path, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ login: desk.login, password: PASSWORD }),
  });
  if (response.status !== 200) throw new Error(`${desk.login}: ${response.status} ${await response.text()}`);
  const cookie = response.headers.getSetCookie().find((one) => one.startsWith(`${SESSION_COOKIE}=`))!;
  desk.cookie = cookie.slice(SESSION_COOKIE.length + 1).split(";")[0]!;
  const { text } = await call(address, desk, whoAmI, {});
  desk.csrf = (JSON.parse(text) as { officer: { csrf: string } }).officer.csrf;
}

function call<R extends Route>(address: string, desk: Desk, route: R, input: RequestOf<R>) {
  const rest: Record<string, unknown> = { ...(input as Record<string, unknown>) };
  const path = route.path.replaceAll(/:(\w+)/g, (_, name: string) => {
    const value = String(rest[name]);
    delete rest[name];
    return value;
  });
  const headers = headersOf(desk);
  return route.method === "GET"
    ? ask(`${address}${path}?${new URLSearchParams(rest as Record<string, string>).toString()}`, {
        method: "GET",
        headers,
      })
    : ask(address + path, { method: route.method, headers, body: JSON.stringify(rest) });
}

/** One request as the mix has it. */
async function askAsOfficer(address: string, desk: Desk): Promise<{ kind: string; status: number }> {
  const { county } = desk;
  const drawn = random() * 100;
  const person = { personId: pick(county.persons) };
  const one = async <R extends Route>(kind: string, route: R, input: RequestOf<R>) => ({
    kind,
    status: (await call(address, desk, route, input)).status,
  });
  if (drawn < 60) {
    const page = Math.floor(random() * 5);
    if (page === 0) return one("read", getToday, {});
    if (page === 1) return one("read", listBatches, {});
    if (page === 2) return one("read", countMonitored, {});
    if (page === 3) return one("read", whoAmI, {});
    return one("read", listPersons, { region: pick(county.villages), size: 50 });
  }
  if (drawn < 70) return one("search", listPersons, { name: pick(SURNAMES), size: 50 });
  if (drawn < 80) return one("search", find, { text: `${pick(SURNAMES)}${pick(SURNAMES)}` });
  if (drawn < 90) return one("person page", getPerson, person);
  if (drawn < 98) return editOne(address, desk, person);
  return one("export", exportPersons, { region: pick(county.villages), purpose: "核对村级名单" });
}

/** As the screen does: the page with its version, then the change. */
async function editOne(address: string, desk: Desk, { personId }: { personId: string }) {
  const page = await call(address, desk, getPerson, { personId });
  if (page.status !== 200) return { kind: "edit", status: page.status };
  const { version } = (JSON.parse(page.text) as { person: { version: number } }).person;
  const { status } = await call(address, desk, editPerson, {
    personId,
    version,
    cells: [{ field: "skills", value: `电焊${Math.floor(random() * 1e6)}` }],
    note: "入户核实",
  });
  return { kind: "edit", status };
}

/** Receives the county's next ledger and waits until it is compared. */
async function importLedger(address: string, desk: Desk, path: string): Promise<{ state: string; seconds: number }> {
  const began = performance.now();
  const form = new FormData();
  for (const [name, value] of Object.entries({ kind: "work-ledger", month: MONTH, sender: "bench", complete: "true" }))
    form.append(name, value);
  form.append("file", new Blob([readFileSync(path)]), basename(path));
  const response = await fetch(address + receiveBatch.path, { method: "POST", headers: headersOf(desk), body: form });
  if (response.status !== 200) return { state: `refused with ${response.status}`, seconds: 0 };
  const { batchId } = (await response.json()) as { batchId: string };
  const deadline = performance.now() + Math.max(600_000, seconds * 1_000);
  for (;;) {
    const { status, text } = await call(address, desk, getBatch, { batchId });
    const { state } = (status === 200 ? JSON.parse(text) : { state: "" }) as { state: string };
    const over = ["compared", "mapping", "refused"].includes(state) || performance.now() > deadline;
    if (over) return { state, seconds: Math.round((performance.now() - began) / 1_000) };
    await sleep(500);
  }
}

/** From the end of the spike: the first five seconds in which reads are at most twice as slow as before, at p95. */
function recoverySeconds(before: readonly Answered[], answers: readonly Answered[]): number | null {
  const p95 = (list: readonly Answered[]) => spreadOf(list.filter(({ kind }) => kind === "read")).at(-1)!.p95;
  const bound = 2 * p95(before);
  const WINDOW_MS = 5_000;
  for (let from = 0; from + WINDOW_MS <= RECOVERY_SECONDS * 1_000; from += 1_000) {
    const within = answers.filter(({ atMs }) => atMs >= from && atMs < from + WINDOW_MS);
    const refused = within.some(({ status }) => status !== 200);
    if (within.length > 0 && !refused && p95(within) <= bound) return from / 1_000;
  }
  return null;
}

async function slowStatements(): Promise<unknown> {
  await sleep(3_000);
  const runtime = await openRuntime({ ...readConfig(env), logLevel: "warn" }, modules);
  try {
    const { rows } =
      await sql`SELECT name, count(*)::int AS n, max(milliseconds) AS longest_ms, sum(milliseconds)::int AS total_ms
      FROM platform.slow_statement WHERE scope_kind <> 'worker' GROUP BY 1 ORDER BY 4 DESC LIMIT 8`.execute(
        runtime.database.worker,
      );
    return rows;
  } finally {
    await runtime.close();
  }
}
