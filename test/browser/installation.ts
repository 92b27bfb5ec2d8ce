import { spawn, type ChildProcess } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { projectRoot } from "../../src/platform/config.ts";
import { connectOwner } from "../../src/platform/db/database.ts";
import { startPostgres } from "../../src/platform/postgres/index.ts";

export interface RunningInstallation {
  readonly url: string;
  /** What the start printed. */
  readonly output: string;
  /** Where its database lies. */
  readonly dataFolder: string;
  /**
   * The same data on a later day: another server, with background work of its own, in the place of the one that ran. For what must wait until a
   * term is over.
   */
  later(date: string): Promise<{ readonly url: string }>;
  stop(): Promise<void>;
}

/** What the start says when its address answers. */
const STARTED = "稳岗已启动";
/** Other tests beside it make the machine late, and what is shed then is no fault of what is tested here. */
const PATIENT = { WENGANG_LATE_MS: "60000", WENGANG_LOG: "warn" };
/** Two minutes on two idle cores; beside other tests several times as long. */
const START_LIMIT_MS = 600_000;

/**
 * The README's start command on an empty data folder: a demo, as a newcomer meets it. `WENGANG_TEST_URL` names one that
 * runs already (on `WENGANG_TEST_DATA`), which saves its start while tests are being written; `WENGANG_TEST_DATA` alone, a copy of what a demo
 * was filled with, saves the filling.
 */
export async function startDemo(): Promise<RunningInstallation> {
  const running = process.env["WENGANG_TEST_URL"];
  const filled = process.env["WENGANG_TEST_DATA"];
  const folder = running || filled ? undefined : mkdtempSync(join(tmpdir(), "wengang-demo-test-"));
  const dataFolder = folder ? join(folder, "data") : (filled ?? "data");
  let server: Server | undefined;
  const stop = async () => {
    await server?.stop();
    if (folder) rmSync(folder, { recursive: true, force: true });
  };
  let output = "";
  if (!running)
    try {
      server = await serve(dataFolder, {}, (text) => {
        output = text;
        // The address comes first, and the data that the journeys are about some time after it.
        return text.includes(filled ? STARTED : "演示数据已装入");
      });
      await atRest(dataFolder);
    } catch (cause) {
      await stop();
      throw cause;
    }
  return {
    url: running ?? server!.url,
    output,
    dataFolder,
    async later(date) {
      const former = server;
      server = await serve(dataFolder, { WENGANG_DATE: date }, (text) => text.includes(STARTED));
      // Its worker stands on another day. The database goes on under the one that has come.
      await former?.stop();
      return { url: server.url };
    },
    stop,
  };
}

/**
 * A start goes on for a minute or two behind its address: the past is made, everything screened and checked. What a journey asks for would
 * wait behind that, and its pages for a processor.
 */
async function atRest(dataFolder: string): Promise<void> {
  const postgres = await startPostgres({ dataFolder: join(dataFolder, "postgres") });
  const { host, port, user, password } = postgres.connection;
  const owner = await connectOwner({ host, port, database: "wengang", owner: { user, password } });
  try {
    const until = performance.now() + START_LIMIT_MS;
    for (let quiet = 0; quiet < 2;) {
      if (performance.now() > until) throw new Error("the work behind the start did not come to its end");
      const { rows } = await owner.query<{ busy: boolean }>(
        "SELECT EXISTS (SELECT 1 FROM platform.task WHERE state IN ('queued', 'running')) AS busy",
      );
      // One task may ask for the next a moment after it is done.
      quiet = rows[0]!.busy ? 0 : quiet + 1;
      await sleep(1_000);
    }
  } finally {
    await owner.end();
    await postgres.stop();
  }
}

interface Server {
  readonly url: string;
  stop(): Promise<void>;
}

/** A server with its worker, as soon as all that it has said is `enough`. */
async function serve(
  data: string,
  environment: Readonly<Record<string, string>>,
  enough: (said: string) => boolean,
): Promise<Server> {
  const port = await freePort();
  const off = { WENGANG_METRICS_PORT: "off", WENGANG_WORKER_METRICS_PORT: "off", ...PATIENT };
  const child = spawn(process.execPath, ["src/cli.ts", "serve"], {
    cwd: projectRoot,
    env: { ...process.env, ...off, ...environment, WENGANG_DATA: data, PORT: String(port) },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "";
  await new Promise<void>((resolve, reject) => {
    const fail = () => {
      child.kill("SIGTERM");
      reject(new Error(`the start did not come to its end:\n${output}`));
    };
    const limit = setTimeout(fail, START_LIMIT_MS);
    child.once("exit", fail);
    for (const stream of [child.stdout, child.stderr])
      stream.on("data", (chunk: Buffer) => {
        output += chunk.toString();
        if (!enough(output)) return;
        clearTimeout(limit);
        child.off("exit", fail);
        resolve();
      });
  });
  return { url: `http://127.0.0.1:${port}`, stop: async () => void (await ended(child)) };
}

function ended(child: ChildProcess): Promise<unknown> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve();
  const exit = new Promise((resolve) => child.once("exit", resolve));
  child.kill("SIGTERM");
  return exit;
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once("error", reject);
    probe.listen(0, "127.0.0.1", () => {
      const { port } = probe.address() as AddressInfo;
      probe.close(() => resolve(port));
    });
  });
}
