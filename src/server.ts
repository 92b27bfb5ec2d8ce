import { fork, type ChildProcess } from "node:child_process";
import { existsSync } from "node:fs";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { FastifyInstance } from "fastify";
import { createGate, demoAnnouncement } from "#identity";
import { modules } from "./app.ts";
import type { Config } from "./platform/config.ts";
import { connectOwner } from "./platform/db/database.ts";
import { createServer } from "./platform/http/server.ts";
import { openRuntime, type Runtime } from "./platform/runtime.ts";
import { ensureWeb } from "../scripts/build-web.ts";

const WORKER_RESTART_MS = 1_000;
const WORKER_GRACE_MS = 15_000;
const FIRST_START_LOCK = 7_146_041;

export interface ServeOptions {
  /** False: the work of the queue is done by `wengang worker` elsewhere. */
  readonly worker: boolean;
}

/** Everything for one machine: database, pages, background process, HTTP. Returns when it was told to stop and has stopped. */
export async function serve(config: Config, options: ServeOptions): Promise<void> {
  const fresh = config.databaseUrl === undefined && !existsSync(join(config.dataFolder, "postgres"));
  say(fresh ? "首次启动：建立数据库…" : "启动数据库…");
  const runtime = await openRuntime(config, modules, { demo: fresh, role: "server" });
  const webFolder = await inTurn(runtime, async () => {
    await seedDemo(runtime);
    say("准备页面…");
    return (await ensureWeb()).folder;
  });
  let stopping = false;
  const server = await createServer({
    services: runtime,
    modules,
    gate: createGate(modules),
    webFolder,
    isStopping: () => stopping,
  });
  await server.listen({ port: config.port, host: config.host });
  const worker = options.worker ? superviseWorker(runtime) : undefined;
  announce(
    runtime,
    `http://${config.host === "0.0.0.0" ? "127.0.0.1" : config.host}:${(server.server.address() as AddressInfo).port}`,
  );
  await untilToldToStop(() => {
    worker?.kill();
    process.exit(1);
  });
  say("正在停止…再按一次 Ctrl-C 立即停止。");
  stopping = true;
  await runtime.stopping();
  // Until the proxy has seen that this one is not ready, it still sends requests; they are answered.
  await sleep(config.stop.delayMs);
  await Promise.all([worker?.stop(), closeInTime(server, config.stop.limitMs)]);
  await runtime.close();
}

/** Takes no more connections and lets what is being answered come to its end, within a limit. */
async function closeInTime(server: FastifyInstance, limitMs: number): Promise<void> {
  const cut = setTimeout(() => server.server.closeAllConnections(), limitMs).unref();
  await server.close();
  clearTimeout(cut);
}

/** Of several servers that start at the same time on one database, one fills the demonstration and builds the pages. */
async function inTurn<T>(runtime: Runtime, work: () => Promise<T>): Promise<T> {
  const owner = await connectOwner(runtime.database.address);
  try {
    await owner.query("SELECT pg_advisory_lock($1)", [FIRST_START_LOCK]);
    return await work();
  } finally {
    await owner.end();
  }
}

async function seedDemo(runtime: Runtime): Promise<void> {
  if (!runtime.demo) return;
  const seeded = await runtime.database.worker
    .selectFrom("platform.installation")
    .select("seeded_at")
    .executeTakeFirstOrThrow();
  if (seeded.seeded_at !== null) return;
  say("装入三县演示数据…");
  for (const module of modules) await module.seedDemo?.(runtime);
  await runtime.database.worker.updateTable("platform.installation").set({ seeded_at: new Date() }).execute();
}

/** The worker runs beside the server and is started again when it dies; its unfinished work is done again. */
function superviseWorker(runtime: Runtime): { stop(): Promise<void>; kill(): void } {
  let child: ChildProcess;
  let stopping = false;
  const start = () => {
    child = fork(join(import.meta.dirname, "worker.ts"), { stdio: ["ignore", "inherit", "inherit", "ipc"] });
    child.once("exit", (code, signal) => {
      if (stopping) return;
      runtime.log.warn({ code, signal }, "worker ended; starting another");
      setTimeout(start, WORKER_RESTART_MS);
    });
  };
  start();
  return {
    async stop() {
      stopping = true;
      if (child.exitCode !== null || child.signalCode !== null) return;
      const ended = new Promise((resolve) => child.once("exit", resolve));
      child.kill("SIGTERM");
      // It hands back what it cannot finish; one that does not even do that is found dead by the next.
      const killed = setTimeout(() => child.kill("SIGKILL"), runtime.config.stop.limitMs + WORKER_GRACE_MS).unref();
      await ended;
      clearTimeout(killed);
    },
    kill() {
      stopping = true;
      child.kill("SIGKILL");
    },
  };
}

function announce(runtime: Runtime, address: string): void {
  say(`\n稳岗已启动：${address}    接口说明：${address}/api/docs`);
  if (runtime.demo) say(demoAnnouncement((region) => runtime.businessDate(region)).join("\n"));
  say("按 Ctrl-C 停止；数据会保留。");
}

/** `again` is for the second signal: whoever sends two does not want to wait. */
function untilToldToStop(again: () => void): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  let signals = 0;
  const told = () => (++signals === 1 ? resolve() : again());
  process.on("SIGINT", told);
  process.on("SIGTERM", told);
  return promise;
}

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}
