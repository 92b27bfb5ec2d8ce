import { fork, type ChildProcess } from "node:child_process";
import { existsSync } from "node:fs";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { FastifyInstance } from "fastify";
import { createGate, demoAnnouncement, identityModule } from "#identity";
import { modules } from "./app.ts";
import { isDemoEmpty, oneAtATime } from "./fill-demo.ts";
import type { Config } from "./platform/config.ts";
import { createServer } from "./platform/http/server.ts";
import { openRuntime, type Runtime } from "./platform/runtime.ts";
import { ensureWeb } from "../scripts/build-web.ts";

const WORKER_RESTART_MS = 1_000;
const WORKER_GRACE_MS = 15_000;

export interface ServeOptions {
  /** False: the work of the queue is done by `wengang worker` elsewhere. */
  readonly worker: boolean;
}

/** Everything for one machine: database, pages, background process, HTTP. Returns when it was told to stop and has stopped. */
export async function serve(config: Config, options: ServeOptions): Promise<void> {
  const fresh = config.databaseUrl === undefined && !existsSync(join(config.dataFolder, "postgres"));
  say(fresh ? "首次启动：建立数据库，准备页面…" : "启动数据库…");
  // Neither needs the other, and a database is mostly waited for.
  const [web, opened] = await Promise.allSettled([
    ensureWeb(),
    openRuntime(config, modules, { demo: fresh, role: "server" }),
  ]);
  if (opened.status === "rejected") throw opened.reason;
  const runtime = opened.value;
  if (web.status === "rejected") {
    await runtime.close();
    throw web.reason;
  }
  const { folder: webFolder } = web.value;
  // Somebody must be able to sign in; all else is filled in by the worker. Of several servers that start at once, one does it.
  const isFilling = await oneAtATime(runtime, "accounts", async () => {
    const isEmpty = await isDemoEmpty(runtime);
    if (isEmpty) await identityModule.seedDemo!(runtime);
    return isEmpty;
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
    isFilling,
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

function announce(runtime: Runtime, isFilling: boolean, address: string): void {
  say(`\n稳岗已启动：${address}    接口说明：${address}/api/docs`);
  if (runtime.demo) say(demoAnnouncement((region) => runtime.businessDate(region)).join("\n"));
  if (isFilling) say("三县演示数据正在后台装入，约一分钟后齐全；现在就可以登录。");
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
