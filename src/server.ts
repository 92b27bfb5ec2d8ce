import { fork, type ChildProcess } from "node:child_process";
import { existsSync } from "node:fs";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { createGate, demoAnnouncement, identityModule } from "#identity";
import { modules } from "./app.ts";
import { isDemoEmpty } from "./fill-demo.ts";
import type { Config } from "./platform/config.ts";
import { createServer } from "./platform/http/server.ts";
import { openRuntime, type Runtime } from "./platform/runtime.ts";
import { ensureWeb } from "../scripts/build-web.ts";

const WORKER_RESTART_MS = 1_000;

/** Everything for one machine: database, pages, background process, HTTP. Returns when it is told to stop. */
export async function serve(config: Config): Promise<void> {
  const fresh = config.databaseUrl === undefined && !existsSync(join(config.dataFolder, "postgres"));
  say(fresh ? "首次启动：建立数据库，准备页面…" : "启动数据库…");
  // Neither needs the other, and a database is mostly waited for.
  const [web, opened] = await Promise.allSettled([ensureWeb(), openRuntime(config, modules, { demo: fresh })]);
  if (opened.status === "rejected") throw opened.reason;
  const runtime = opened.value;
  if (web.status === "rejected") {
    await runtime.close();
    throw web.reason;
  }
  const { folder: webFolder } = web.value;
  const isFilling = await isDemoEmpty(runtime);
  // Somebody must be able to sign in; all else is filled in by the worker.
  if (isFilling) await identityModule.seedDemo!(runtime);
  const server = await createServer({ services: runtime, modules, gate: createGate(modules), webFolder });
  await server.listen({ port: config.port, host: config.host });
  const worker = superviseWorker(runtime);
  announce(
    runtime,
    isFilling,
    `http://${config.host === "0.0.0.0" ? "127.0.0.1" : config.host}:${(server.server.address() as AddressInfo).port}`,
  );
  await untilToldToStop();
  say("正在停止…");
  await worker.stop();
  await server.close();
  await runtime.close();
}

/** The worker runs beside the server and is started again when it dies; its unfinished work is done again. */
function superviseWorker(runtime: Runtime): { stop(): Promise<void> } {
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
      await ended;
    },
  };
}

function announce(runtime: Runtime, isFilling: boolean, address: string): void {
  say(`\n稳岗已启动：${address}    接口说明：${address}/api/docs`);
  if (runtime.demo) say(demoAnnouncement((region) => runtime.businessDate(region)).join("\n"));
  if (isFilling) say("三县演示数据正在后台装入，约一分钟后齐全；现在就可以登录。");
  say("按 Ctrl-C 停止；数据会保留。");
}

function untilToldToStop(): Promise<void> {
  return new Promise((resolve) => {
    process.once("SIGINT", () => resolve());
    process.once("SIGTERM", () => resolve());
  });
}

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}
