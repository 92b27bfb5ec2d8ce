import { fork, spawnSync, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import os from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";

import pg from "pg";
import { onTestFinished } from "vitest";

import type { ClientArguments, ClientMessage, ClientOrder } from "./client-process.fixture.ts";
import { startPostgres, type PostgresConnection, type PostgresServer, type StartOptions } from "./index.ts";
import { findProcessStart, listProcessesIn } from "./processes.ts";

export const isRoot = process.geteuid?.() === 0;

/** Where Debian keeps the oldest version we support. */
export const SYSTEM_15 = "/usr/lib/postgresql/15/bin";

export const canUseNamespaces =
  isRoot &&
  spawnSync("unshare", ["--user", "--map-user=65534", "--map-group=65534", "true"], { stdio: "ignore" }).status === 0;

/** A folder of the test's own, removed at its end together with whatever server still runs in it. */
export function makeFolder(parent = os.tmpdir()): string {
  const folder = mkdtempSync(join(parent, "wengang-test-"));
  onTestFinished(async () => {
    for (const pid of listServersUnder(folder)) process.kill(pid, "SIGQUIT");
    await waitUntil(() => listServersUnder(folder).length === 0);
    rmSync(folder, { recursive: true, force: true });
  });
  return folder;
}

function listServersUnder(folder: string): number[] {
  const clusters = [folder, join(folder, "data"), ...longPaths(folder)].map((path) => join(path, "cluster"));
  return clusters.flatMap((cluster) => listProcessesIn(cluster));
}

/** A data folder whose socket would not fit into 107 bytes. */
export function longPaths(folder: string): [string] {
  return [join(folder, "很长的目录名".repeat(6), "data")];
}

/** No fsync: a test's cluster need not survive a power cut. */
export function start(dataFolder: string, overrides: Partial<StartOptions> = {}): Promise<PostgresServer> {
  return startPostgres({ dataFolder, durable: false, ...overrides });
}

type ClientProcess = {
  readonly process: ChildProcess;
  readonly pids: number[];
  readonly url: string;
  readonly order: (order: ClientOrder) => void;
  readonly next: () => Promise<ClientMessage>;
  readonly ended: Promise<unknown>;
};

type ClientLaunch = {
  readonly user?: { uid: number; gid: number };
  /** A command the program is run by, such as unshare. */
  readonly through?: readonly string[];
};

/** Starts another Node process and has it start or attach to the server. Rejects with its problem. */
export async function startClient(options: ClientArguments, launch: ClientLaunch = {}): Promise<ClientProcess> {
  const client = forkClient(options, launch);
  const message = await client.next();
  if (message.event !== "started") throw Object.assign(new Error("client failed"), message);
  return { ...client, pids: message.pids, url: message.url };
}

/** The same without waiting for the start. */
export function forkClient(options: ClientArguments, launch: ClientLaunch = {}): Omit<ClientProcess, "pids" | "url"> {
  const program = fileURLToPath(new URL("client-process.fixture.ts", import.meta.url));
  const [command, ...before] = [...(launch.through ?? []), process.execPath];
  const child = fork(program, [JSON.stringify({ durable: false, ...options })], {
    execPath: command,
    execArgv: before,
    // A group of its own, as a shell gives to a program in the foreground.
    detached: true,
    cwd: "/",
    ...launch.user,
    stdio: ["ignore", "ignore", "ignore", "ipc"],
  });
  const waiting: ClientMessage[] = [];
  child.on("message", (message) => waiting.push(message as ClientMessage));
  const ended = once(child, "exit");
  onTestFinished(() => void child.kill("SIGKILL"));
  return {
    process: child,
    order: (order) => child.send(order),
    next: async () => {
      await waitUntil(() => waiting.length > 0 || child.exitCode !== null || child.signalCode !== null);
      const message = waiting.shift();
      if (message === undefined) throw new Error(`client ended with ${child.exitCode ?? child.signalCode}`);
      return message;
    },
    ended,
  };
}

export async function query(connection: PostgresConnection | string, sql: string): Promise<Record<string, unknown>[]> {
  const client = new pg.Client(connection);
  client.on("error", () => {});
  await client.connect();
  try {
    return (await client.query(sql)).rows;
  } finally {
    await client.end();
  }
}

export async function waitUntil(condition: () => boolean, timeoutMs = 20_000): Promise<void> {
  const deadline = Date.now() + timeoutMs;
  while (!condition()) {
    if (Date.now() > deadline) throw new Error(`not within ${timeoutMs} ms: ${condition.toString()}`);
    await sleep(10);
  }
}

export function lives(pid: number | undefined): boolean {
  return pid !== undefined && findProcessStart(pid) !== null;
}

export function systemHas15(): boolean {
  return existsSync(join(SYSTEM_15, "postgres"));
}
