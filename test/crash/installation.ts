import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { Client } from "pg";
import { connectOwner, type DatabaseAddress } from "../../src/platform/db/database.ts";
import { loadKeys, type Keys } from "../../src/platform/keys.ts";
import { startPostgres, type PostgresServer } from "../../src/platform/postgres/index.ts";
import { findProcessStart, listChildren } from "../../src/platform/postgres/processes.ts";

export const victims = ["server", "worker", "postmaster", "backend"] as const;
export type Victim = (typeof victims)[number];

const program = join(import.meta.dirname, "../../src/cli.ts");
const START_PATIENCE_MS = 120_000;
/** The program looks after its database every two seconds. */
const DATABASE_PATIENCE_MS = 8_000;

/** A whole program on a data folder of its own, as `npm start` runs it, whose parts can be killed. */
export class Installation {
  readonly folder = mkdtempSync(join(tmpdir(), "wengang-crash-"));
  readonly #environment = {
    ...process.env,
    PORT: "0",
    WENGANG_DATA: join(this.folder, "data"),
    WENGANG_KEYS: join(this.folder, "keys"),
    WENGANG_DATE: "2025-06-18",
    WENGANG_LOG: "fatal",
    DATABASE_URL: undefined,
  };
  /** Holds the database server over all restarts of the rest; one more after each that was killed. */
  readonly #holds: PostgresServer[] = [];
  #server: ChildProcess | undefined;
  #address = "";
  /** Times that a part ended which nobody had killed. */
  collateral = 0;
  /** Times that the program did not bring its database back and the test had to. */
  helped = 0;

  async start(): Promise<void> {
    // Made by `migrate` and not by the first `serve`, so that there are no demo data.
    await this.run(["migrate"]);
    await this.holdDatabase();
    await this.startServer();
  }

  async startServer(): Promise<void> {
    const child = spawn(process.execPath, [program, "serve"], {
      env: this.#environment,
      stdio: ["ignore", "pipe", "inherit"],
    });
    this.#server = child;
    let said = "";
    child.stdout.setEncoding("utf8").on("data", (text: string) => (said += text));
    const deadline = Date.now() + START_PATIENCE_MS;
    for (;;) {
      const found = /已启动：(http:\/\/\S+)/.exec(said);
      if (found) {
        this.#address = found[1]!;
        return;
      }
      if (child.exitCode !== null || child.signalCode !== null)
        throw new Error(`the server ended while starting: ${said}`);
      if (Date.now() > deadline) throw new Error(`the server did not start: ${said}`);
      await sleep(20);
    }
  }

  /** Where the server listens now; another port after each start. */
  get address(): string {
    return this.#address;
  }

  get keys(): Keys {
    return loadKeys(this.#environment.WENGANG_KEYS, false);
  }

  /** Starts the database when it is down, and keeps it when it is up. */
  async holdDatabase(): Promise<void> {
    this.#holds.push(await startPostgres({ dataFolder: join(this.#environment.WENGANG_DATA, "postgres") }));
  }

  /** A connection as the owner, once the database takes some. */
  async connect(): Promise<Client> {
    const { host, port, user, password } = this.#holds.at(-1)!.connection;
    const address: DatabaseAddress = { host, port, database: "wengang", owner: { user, password } };
    const deadline = Date.now() + START_PATIENCE_MS;
    for (;;) {
      try {
        return await connectOwner(address);
      } catch (cause) {
        if (Date.now() > deadline) throw cause;
        await sleep(50);
      }
    }
  }

  serverLives(): boolean {
    return this.#server !== undefined && this.#server.exitCode === null && this.#server.signalCode === null;
  }

  #workerPid(): number | undefined {
    return listChildren(this.#server?.pid ?? 0).find((pid) => commandLine(pid).includes("worker.ts"));
  }

  /** Kills the part with SIGKILL; `pick` chooses among the database's processes. False when it was not there to be killed. */
  kill(victim: Victim, pick: (among: number) => number): boolean {
    const [postmaster, ...backends] = this.#holds.at(-1)!.pids();
    const pid = {
      server: this.#server?.pid,
      worker: this.#workerPid(),
      postmaster,
      backend: backends[pick(backends.length)],
    }[victim];
    if (pid === undefined) return false;
    try {
      process.kill(pid, "SIGKILL");
    } catch (cause) {
      if ((cause as NodeJS.ErrnoException).code === "ESRCH") return false;
      throw cause;
    }
    return true;
  }

  /** Waits for what the program brings back by itself, and brings back the rest: the server, and the database if need be. */
  async restore(victim: Victim): Promise<void> {
    if (victim === "postmaster") {
      const back = () => this.#holds.at(-1)!.pids().length > 0;
      await waitUntil(back, DATABASE_PATIENCE_MS, "database").catch(() => this.helped++);
      await this.holdDatabase();
    }
    await (await this.connect()).end();
    if (victim === "server") await waitUntil(() => !this.serverLives(), 10_000, "end of the killed server");
    if (this.serverLives()) return;
    if (victim !== "server") this.collateral++;
    await this.startServer();
  }

  /** Waits until a worker that shows its presence runs. */
  async workerReady(): Promise<void> {
    const owner = await this.connect();
    try {
      const ready = async () =>
        (await owner.query("SELECT 1 FROM pg_stat_activity WHERE application_name LIKE 'pool-%'")).rowCount! > 0;
      await waitUntil(async () => this.#workerPid() !== undefined && (await ready()), START_PATIENCE_MS, "worker");
    } finally {
      await owner.end();
    }
  }

  async stop(): Promise<void> {
    await this.stopServer();
    await this.releaseDatabase();
    rmSync(this.folder, { recursive: true, force: true });
  }

  get environment(): NodeJS.ProcessEnv {
    return this.#environment;
  }

  /** Lets go of the database, which stops with its last user. */
  async releaseDatabase(): Promise<void> {
    for (const hold of this.#holds.splice(0)) await hold.stop();
  }

  async stopServer(): Promise<void> {
    if (!this.serverLives()) return;
    const ended = once(this.#server!, "exit");
    this.#server!.kill("SIGTERM");
    const late = setTimeout(() => this.#server!.kill("SIGKILL"), 20_000);
    await ended;
    clearTimeout(late);
  }

  async run(args: readonly string[]): Promise<void> {
    const child = spawn(process.execPath, [program, ...args], {
      env: this.#environment,
      stdio: ["ignore", "ignore", "inherit"],
    });
    const [code] = (await once(child, "exit")) as [number | null];
    if (code !== 0) throw new Error(`wengang ${args.join(" ")} ended with ${code}`);
  }
}

function commandLine(pid: number): string {
  if (findProcessStart(pid) === null) return "";
  try {
    return readFileSync(`/proc/${pid}/cmdline`, "utf8");
  } catch {
    return "";
  }
}

export async function waitUntil(
  condition: () => boolean | Promise<boolean>,
  timeoutMs: number,
  what: string,
): Promise<void> {
  const deadline = Date.now() + timeoutMs;
  while (!(await condition())) {
    if (Date.now() > deadline) throw new Error(`${what}: not within ${timeoutMs} ms`);
    await sleep(20);
  }
}
