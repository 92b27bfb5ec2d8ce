import { spawn, type ChildProcess } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { projectRoot } from "../../src/platform/config.ts";

export interface RunningInstallation {
  readonly url: string;
  /** What the start printed. */
  readonly output: string;
  /** Where its database lies. */
  readonly dataFolder: string;
  /** Another server on the same data, on a later day: for what must wait until a term is over. */
  later(date: string): Promise<{ readonly url: string; stop(): Promise<void> }>;
  stop(): Promise<void>;
}

/** Other tests beside it make the machine late, and what is shed then is no fault of what is tested here. */
const PATIENT = { WENGANG_LATE_MS: "60000", WENGANG_LOG: "warn" };
/** Two minutes on two idle cores; beside other tests several times as long. */
const START_LIMIT_MS = 600_000;

/**
 * The README's start command on an empty data folder: a demo, as a newcomer meets it. `WENGANG_TEST_URL` names one that
 * runs already (on `WENGANG_TEST_DATA`), which saves its start while tests are being written.
 */
export async function startDemo(): Promise<RunningInstallation> {
  const running = process.env["WENGANG_TEST_URL"];
  if (running)
    return {
      url: running,
      output: "",
      dataFolder: process.env["WENGANG_TEST_DATA"] ?? "data",
      later: (date) => startBeside(process.env["WENGANG_TEST_DATA"] ?? "", date),
      stop: () => Promise.resolve(),
    };
  const folder = mkdtempSync(join(tmpdir(), "wengang-demo-test-"));
  const dataFolder = join(folder, "data");
  const port = await freePort();
  const child = spawn(process.execPath, ["src/cli.ts", "serve"], {
    cwd: projectRoot,
    env: { ...process.env, WENGANG_DATA: dataFolder, PORT: String(port), ...PATIENT },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "";
  child.stdout.on("data", (chunk: Buffer) => (output += chunk.toString()));
  child.stderr.on("data", (chunk: Buffer) => (output += chunk.toString()));
  const stop = async () => {
    await ended(child);
    rmSync(folder, { recursive: true, force: true });
  };
  const started = performance.now();
  // The address comes first, and the data that the journeys are about some time after it.
  while (!output.includes("演示数据已装入")) {
    if (child.exitCode !== null || performance.now() - started > START_LIMIT_MS) {
      await stop();
      throw new Error(`the start did not come to its end:\n${output}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  return { url: `http://127.0.0.1:${port}`, output, dataFolder, later: (date) => startBeside(dataFolder, date), stop };
}

/** A server without background work of its own: the first one does it. */
async function startBeside(data: string, date: string): Promise<{ url: string; stop(): Promise<void> }> {
  const url = `http://127.0.0.1:${await freePort()}`;
  const off = { WENGANG_METRICS_PORT: "off", WENGANG_WORKER_METRICS_PORT: "off", ...PATIENT };
  const child = spawn(process.execPath, ["src/cli.ts", "serve", "--no-worker"], {
    cwd: projectRoot,
    env: { ...process.env, ...off, WENGANG_DATA: data, WENGANG_DATE: date, PORT: new URL(url).port },
    stdio: ["ignore", "ignore", "inherit"],
  });
  const started = performance.now();
  while (!(await answers(url))) {
    if (child.exitCode !== null || performance.now() - started > START_LIMIT_MS) {
      await ended(child);
      throw new Error("the second server did not start");
    }
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  return { url, stop: async () => void (await ended(child)) };
}

const answers = (url: string): Promise<boolean> =>
  fetch(`${url}/api/health`).then(
    ({ ok }) => ok,
    () => false,
  );

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
