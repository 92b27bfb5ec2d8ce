import { setTimeout as sleep } from "node:timers/promises";
import type { Client } from "pg";
import { afterAll, beforeAll, expect, test } from "vitest";
import { signIn, whoAmI } from "../../src/identity/contract.ts";
import { addOfficer, PASSWORD } from "../../src/identity/fixtures.ts";
import { applyBatch, getBatch, listBatches } from "../../src/ledger/contract.ts";
import { Clerk, Unacknowledged } from "../crash/clerk.ts";
import { Installation, waitUntil } from "../crash/installation.ts";
import { ledgerFiles } from "../crash/ledger-files.ts";
import { Program, serving, working } from "./program.ts";

const PATIENCE_MS = 120_000;
const installation = new Installation();
const started: Program[] = [];
let owner: Client;
let first: Program;
let second: Program;
let worker: Program;
/** Speaks to whichever server is named; his session is the database's. */
const desk = { address: "" };
const clerk = new Clerk(desk);

function start(args: readonly string[], more: NodeJS.ProcessEnv = {}): Program {
  const one = new Program(args, { ...installation.environment, ...more });
  started.push(one);
  return one;
}

beforeAll(async () => {
  // Nobody has migrated: three processes start at once on a folder without a database, and find their turns.
  await installation.holdDatabase();
  first = start(["serve", "--no-worker"]);
  second = start(["serve", "--no-worker"]);
  worker = start(["worker"], { WENGANG_STOP_SECONDS: "1" });
  await Promise.all([first.saying(serving), second.saying(serving), worker.saying(working)]);
  owner = await installation.connect();
  await addOfficer(owner, { login: "clerk", region: "433124", duties: ["county-clerk"] });
}, 300_000);
afterAll(async () => {
  await owner?.end();
  await Promise.all(started.map((one) => one.end("SIGKILL")));
  await installation.stop();
});

const ready = async (program: Program, path = "/readyz") => {
  const response = await fetch(program.address + path);
  return { ...((await response.json()) as Record<string, string>), status: response.status };
};

test("three processes that start at once migrate once, and all are ready", async () => {
  const { rows } = await owner.query<{ n: string; role: string }>(
    "SELECT role, count(*) AS n FROM platform.instance GROUP BY 1 ORDER BY 1",
  );
  expect(rows).toEqual([
    { role: "server", n: "2" },
    { role: "worker", n: "1" },
  ]);
  for (const one of [first, second]) {
    expect(await ready(one, "/readyz?worker=required")).toEqual({
      status: 200,
      server: "ready",
      database: "ready",
      migrations: "ready",
      worker: "ready",
    });
    expect((await fetch(`${one.address}/healthz`)).status).toBe(200);
  }
});

test("metrics are at an address of their own, and not at that of the pages", async () => {
  const text = await (await fetch(`http://127.0.0.1:${first.metricsPort}/metrics`)).text();
  for (const name of [
    "wengang_database_size",
    "wengang_task_queue_depth",
    "wengang_instances",
    "nodejs_eventloop_delay_p99",
    "db_client_connection_count",
  ])
    expect(text).toContain(`# TYPE ${name} `);
  expect(text).toMatch(/wengang_instances\{role="server"\} 2/);
  // A backup that was never made has no age: an alert asks whether the figure is absent.
  expect(text).not.toMatch(/^wengang_backup_age/m);
  expect((await fetch(`${first.address}/metrics`)).headers.get("content-type")).toContain("html");
});

test("who signs in at one server is signed in at the other, and signed out at both", async () => {
  desk.address = first.address;
  await clerk.signIn("clerk");
  for (const one of [second, first, second]) {
    desk.address = one.address;
    expect((await clerk.ask(whoAmI, {})).officer?.name).toMatch(/测试人员/);
  }
});

test("a server and the worker die in the middle of an import: the other serves on, another worker finishes it, nothing is lost", async () => {
  const { rows: villages } = await owner.query<{ town: string; name: string }>(
    `SELECT t.name AS town, v.name FROM registry.region v JOIN registry.region t ON t.code = v.parent WHERE starts_with(v.code, '433124') AND length(v.code) = 12 ORDER BY v.code LIMIT 40`,
  );
  const { base } = ledgerFiles("433124", villages);
  desk.address = first.address;
  const { batchId } = await clerk.receive(base);
  const answers: number[] = [];
  let over = false;
  const watching = (async () => {
    while (!over) {
      answers.push((await fetch(`${second.address}/api/health`)).status);
      await sleep(20);
    }
  })();
  await waitUntil(
    async () => {
      const { rows } = await owner.query("SELECT FROM platform.task WHERE state = 'running'");
      return rows.length > 0;
    },
    PATIENCE_MS,
    "the import runs",
  );
  await Promise.all([first.end("SIGKILL"), worker.end("SIGKILL")]);
  desk.address = second.address;
  await expect(clerk.ask(listBatches, {})).resolves.toMatchObject({ total: 1 });
  worker = start(["worker"], { WENGANG_STOP_SECONDS: "1" });
  const reaches = (state: string) =>
    waitUntil(
      async () => {
        const batch = await clerk.ask(getBatch, { batchId });
        await sleep(200);
        return batch.state === state;
      },
      PATIENCE_MS,
      `the batch is ${state}`,
    );
  await reaches("compared");
  // Told to stop in the middle of the apply: it ends it within its second, or hands it to the next.
  await clerk.ask(applyBatch, { batchId });
  const next = start(["worker"]);
  await worker.end("SIGTERM");
  await next.saying(working);
  worker = next;
  await reaches("applied");
  over = true;
  await watching;
  const { rows } = await owner.query<{ n: string }>("SELECT count(*) AS n FROM registry.person");
  expect(Number(rows[0]!.n)).toBe(400);
  expect(new Set(answers)).toEqual(new Set([200]));
  expect(answers.length).toBeGreaterThan(20);
});

test("a server that is told to stop says so first, answers what it is asked, and ends; the embedded database outlives it for the others", async () => {
  // The server killed above leaves its row, which ages; this one takes its own away.
  const servers = async () =>
    (await owner.query("SELECT instance_id FROM platform.instance WHERE role = 'server' ORDER BY 1")).rows;
  const before = await servers();
  const third = await start(["serve", "--no-worker"], { WENGANG_STOP_DELAY_SECONDS: "2" }).saying(serving);
  expect(await servers()).toHaveLength(before.length + 1);
  expect((await ready(third)).status).toBe(200);
  // Signing in computes for a while: these are under way when the order comes.
  const logins = await Promise.all(Array.from({ length: 12 }, async () => (await addOfficer(owner)).login));
  const asking = logins.map((login) =>
    fetch(third.address + signIn.path, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ login, password: PASSWORD }),
    }),
  );
  await sleep(30);
  const exit = third.end("SIGTERM");
  await third.saying(/正在停止/);
  expect(await ready(third)).toMatchObject({ status: 503, server: "stopping" });
  const answers = await Promise.all(asking.map(async (one) => (await one).status));
  expect(new Set(answers)).toEqual(new Set([200]));
  expect(await exit).toBe(0);
  expect((await ready(second)).status).toBe(200);
  expect(await servers()).toEqual(before);
});

test("the second signal ends at once", async () => {
  const fourth = await start(["serve"], { WENGANG_STOP_DELAY_SECONDS: "60" }).saying(serving);
  fourth.child.kill("SIGINT");
  await fourth.saying(/正在停止/);
  const began = Date.now();
  expect(await fourth.end("SIGINT")).toBe(1);
  expect(Date.now() - began).toBeLessThan(10_000);
});

test("a request cut off is one that was not acknowledged", async () => {
  desk.address = first.address;
  await expect(clerk.ask(whoAmI, {})).rejects.toBeInstanceOf(Unacknowledged);
});
