import { spawn, spawnSync } from "node:child_process";
import { closeSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

import { runAs, type Account } from "./account.ts";
import { chooseAddress, connectTo, readRecord, removeSocket, writeRecord, type PostgresConnection } from "./address.ts";
import { programPath, type Binaries } from "./binaries.ts";
import {
  ensureCluster,
  readPassword,
  readPidFile,
  readRunningBin,
  removePidFile,
  serverEnvironment,
  type PidFile,
} from "./cluster.ts";
import type { DataFolder } from "./data-folder.ts";
import { logSize, openLog, readLogTail, rotateLog } from "./log.ts";
import { explainStartFailure, passwordMissing, startTimeout, stopTimeout } from "./problems.ts";
import { findProcessStart, findWorkingFolder, isSameProcess, listProcessesIn, pidExists } from "./processes.ts";
import { tryConnecting } from "./readiness.ts";
import { deriveSettings, measureResources, toArguments, type Address } from "./settings.ts";

type StartContext = {
  readonly folder: DataFolder;
  readonly binaries: Binaries;
  readonly account: Account;
  readonly durable: boolean;
  readonly settings: Readonly<Record<string, string>>;
  /** Milliseconds since 1970 at which the start gives up. */
  readonly deadline: number;
  readonly timeoutMs: number;
};

/** Seconds by which the clock may have been stepped between the server's start and our look at it. */
const CLOCK_TOLERANCE = 5;

/** How long a server that calls itself ready may go without a socket. */
const SOCKET_PATIENCE_MS = 2_000;

/** How long backends that outlived a killed postmaster may take to leave before they are killed. */
const ORPHAN_PATIENCE_MS = 3_000;

/**
 * The living server of this folder, if any: the pid in its file lives, works in the cluster, and began when the file
 * says. Synchronous, so that the exit hook can ask as well.
 */
export function findServer(folder: DataFolder): PidFile | null {
  const pidFile = readPidFile(folder);
  if (pidFile === null) return null;
  const start = findProcessStart(pidFile.pid);
  if (start === null) return null;
  const workingFolder = findWorkingFolder(pidFile.pid);
  if (workingFolder !== null && workingFolder !== folder.cluster) return null;
  const record = readRecord(folder);
  if (record?.pid === pidFile.pid && isSameProcess(record.pid, record.start)) return pidFile;
  // A start that was killed before it could note the server: the file's own second has to do.
  if (start.startedAt === null) return pidFile;
  return Math.abs(start.startedAt - pidFile.startedAt) <= CLOCK_TOLERANCE ? pidFile : null;
}

/**
 * Attaches to the server an earlier or a parallel process started; null when there is none to attach to. One that is on
 * its way down is waited for, since a second server beside it cannot start.
 */
export async function attach(
  folder: DataFolder,
  deadline: number,
  timeoutMs: number,
): Promise<PostgresConnection | null> {
  let absentSince: number | null = null;
  for (;;) {
    const pidFile = findServer(folder);
    // A server in another container that shares this folder has a pid we cannot see, but its socket answers.
    const address = pidFile === null ? readRecord(folder)?.address : findAddress(pidFile);
    if (pidFile === null && address === undefined) return null;
    if (address !== undefined) {
      const password = readPassword(folder);
      if (password === null && pidFile !== null) throw passwordMissing(folder.password);
      // Without a password the answer still tells whether somebody is there.
      const connection = connectTo(address, password ?? "unknown");
      const answer = await tryConnecting(connection, folder.password);
      if (answer === "ready") return connection;
      if (answer === "absent" && pidFile === null) return null;
      absentSince = answer === "absent" && pidFile?.status === "ready" ? (absentSince ?? Date.now()) : null;
    }
    if (absentSince !== null && Date.now() - absentSince > SOCKET_PATIENCE_MS) {
      // It runs, but its socket was removed from under it and nobody can reach it any more: make room for another.
      requestStop(folder);
      absentSince = null;
    }
    if (Date.now() > deadline) throw startTimeout(folder.log, Math.round(timeoutMs / 1000), readLogTail(folder));
    await sleep(50);
  }
}

/** The server writes its address into the file only once it listens. */
function findAddress(pidFile: PidFile): Address | undefined {
  if (pidFile.port === null) return undefined;
  if (process.platform === "win32") return { kind: "loopback", port: pidFile.port };
  if (pidFile.socketFolder === null) return undefined;
  return { kind: "socket", folder: pidFile.socketFolder, port: pidFile.port };
}

/** Starts a server where none runs, on a new cluster where there is none, and returns once a connection works. */
export async function launch(context: StartContext): Promise<PostgresConnection> {
  const { folder, deadline, binaries, account, durable } = context;
  // Before the cluster is touched: a lost password is set anew by a server of its own.
  await clearAfterCrash(folder);
  await ensureCluster(folder, binaries, account, { durable, freeDisk: measureResources(folder.path).freeDisk });
  for (;;) {
    await clearAfterCrash(folder);
    const address = await chooseAddress(folder);
    const logStart = rotateLog(folder) ? 0 : logSize(folder);
    const started = process.platform === "win32" ? startOnWindows(context, address) : startOnPosix(context, address);
    const connection = connectTo(address, readPassword(folder) ?? "");
    const outcome = await waitUntilReady(started, connection, folder, deadline).catch(async (error: unknown) => {
      // A wrong password: a server nobody can use must not stay behind.
      await stopServer(folder, 10_000);
      throw error;
    });
    if (outcome === "ready") return connection;
    const log = readLogTail(folder, logStart) || started.failure();
    if (outcome === "late") {
      await stopServer(folder, 0);
      throw startTimeout(folder.log, Math.round(context.timeoutMs / 1000), log);
    }
    removeSocketOf(address);
    if (!mayPass(log, address)) throw explainStartFailure(folder.path, folder.log, log);
    if (Date.now() > deadline) throw startTimeout(folder.log, Math.round(context.timeoutMs / 1000), log);
    await sleep(100);
  }
}

/** Reasons that go away by themselves: backends of a killed server still hold its memory; a port was just taken. */
function mayPass(log: string, address: Address): boolean {
  if (/pre-existing shared memory block/.test(log)) return true;
  return address.kind === "loopback" && /could not bind|could not create any TCP\/IP sockets/.test(log);
}

/** Only called while no server of this folder lives and under its lock. */
async function clearAfterCrash(folder: DataFolder): Promise<void> {
  await endOrphans(folder);
  const pidFile = readPidFile(folder);
  // The server refuses to start while the pid in its file exists, be it a stranger or a zombie nobody reaps. A free pid
  // is left to the server, which looks at the shared memory as well. (Should we be wrong, it still refuses: the memory
  // block is found by the folder's inode and cannot be taken twice.)
  if (pidFile !== null && pidExists(pidFile.pid)) removePidFile(folder);
  const address = readRecord(folder)?.address;
  if (address !== undefined) removeSocketOf(address);
}

function removeSocketOf(address: Address): void {
  if (address.kind === "socket") removeSocket(address.folder);
}

/**
 * Backends do not notice the death of their postmaster while they compute, and keep the folder busy until then. With
 * their postmaster gone their work is lost already: SIGQUIT makes them leave without touching anything.
 */
async function endOrphans(folder: DataFolder): Promise<void> {
  const began = Date.now();
  for (;;) {
    const orphans = listProcessesIn(folder.cluster);
    if (orphans.length === 0) return;
    const signal = Date.now() - began < ORPHAN_PATIENCE_MS ? "SIGQUIT" : "SIGKILL";
    for (const pid of orphans) sendSignal(pid, signal);
    if (Date.now() - began > 2 * ORPHAN_PATIENCE_MS) return;
    await sleep(50);
  }
}

type Started = {
  readonly isDead: () => boolean;
  /** What kept the program from running at all; empty when it ran. */
  readonly failure: () => string;
};

function startOnPosix({ folder, binaries, account, durable, settings }: StartContext, address: Address): Started {
  const values = { ...deriveSettings(measureResources(folder.path), address, durable), ...settings };
  const server = programPath(binaries.bin, "postgres");
  const { command, args, options } = runAs(account, server, ["-D", folder.cluster, ...toArguments(values)]);
  const log = openLog(folder);
  let dead = false;
  let failure = "";
  try {
    const child = spawn(command, args, {
      ...options,
      cwd: folder.path,
      env: serverEnvironment(folder),
      // A session of its own: Ctrl-C in the terminal reaches the whole process group, and the server must live until
      // the program has finished its last transaction and stops it in order.
      detached: true,
      stdio: ["ignore", log, log],
    });
    child.on("error", (error) => {
      dead = true;
      failure = error.message;
    });
    child.on("exit", () => (dead = true));
    child.unref();
    const start = child.pid === undefined ? null : findProcessStart(child.pid);
    if (child.pid !== undefined && start !== null) {
      writeRecord(folder, { pid: child.pid, start: start.key, address });
    }
  } finally {
    closeSync(log);
  }
  return { isDead: () => dead, failure: () => failure };
}

/**
 * postgres.exe refuses an elevated shell; pg_ctl drops the privilege first. It runs the server through cmd.exe, which
 * would take "%m" and blanks in settings apart, so they go into the file that is read last.
 */
function startOnWindows({ folder, binaries, durable, settings }: StartContext, address: Address): Started {
  const values = { ...deriveSettings(measureResources(folder.path), address, durable), ...settings };
  const lines = Object.entries(values).map(([name, value]) => `${name} = '${value.replaceAll("'", "''")}'\n`);
  writeFileSync(join(folder.cluster, "postgresql.auto.conf"), lines.join(""), { mode: 0o600 });
  const control = spawnSync(
    programPath(binaries.bin, "pg_ctl"),
    ["start", "-D", folder.cluster, "-l", folder.log, "--no-wait"],
    { env: serverEnvironment(folder), stdio: "ignore", windowsHide: true },
  );
  const until = Date.now() + 10_000;
  let noted = false;
  return {
    isDead: () => {
      const pidFile = findServer(folder);
      if (pidFile === null) return control.status !== 0 || noted || Date.now() > until;
      if (!noted) {
        const start = findProcessStart(pidFile.pid);
        if (start !== null) writeRecord(folder, { pid: pidFile.pid, start: start.key, address });
        noted = true;
      }
      return false;
    },
    failure: () => control.error?.message ?? "",
  };
}

/** Ready means that a connection works. The log says so earlier or in another language, the pid file earlier still. */
async function waitUntilReady(
  started: Started,
  connection: PostgresConnection,
  folder: DataFolder,
  deadline: number,
): Promise<"ready" | "dead" | "late"> {
  // A plain start takes 50 ms, a recovery minutes, in which every attempt leaves a line in the log.
  for (let pause = 10; ; pause = Math.min(pause * 1.5, 500)) {
    if (started.isDead()) return "dead";
    if ((await tryConnecting(connection, folder.password)) === "ready") return "ready";
    if (Date.now() > deadline) return "late";
    await sleep(pause);
  }
}

/**
 * Asks the server to shut down: running statements are broken off, everything committed is written (the "fast" mode).
 * Does not wait.
 */
export function requestStop(folder: DataFolder): number | null {
  const pidFile = findServer(folder);
  if (pidFile === null) return null;
  if (process.platform === "win32") {
    const args = ["stop", "-D", folder.cluster, "-m", "fast", "--no-wait"];
    spawnSync(programPath(readRunningBin(folder), "pg_ctl"), args, { stdio: "ignore", windowsHide: true });
  } else {
    sendSignal(pidFile.pid, "SIGINT");
  }
  return pidFile.pid;
}

/** Stops the server and waits for its end; after `timeoutMs` without writing out (the next start then recovers). */
export async function stopServer(folder: DataFolder, timeoutMs: number): Promise<void> {
  const pid = requestStop(folder);
  if (pid === null) return;
  if (!(await hasEnded(pid, timeoutMs))) {
    // Immediate, not SIGKILL: the postmaster takes its backends with it, and frees memory and socket.
    if (process.platform !== "win32") sendSignal(pid, "SIGQUIT");
    if (!(await hasEnded(pid, 10_000))) throw stopTimeout(folder.path, pid);
  }
  const address = readRecord(folder)?.address;
  if (address !== undefined) removeSocketOf(address);
}

async function hasEnded(pid: number, timeoutMs: number): Promise<boolean> {
  const deadline = Date.now() + timeoutMs;
  while (findProcessStart(pid) !== null) {
    if (Date.now() >= deadline) return false;
    await sleep(20);
  }
  return true;
}

function sendSignal(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    // Gone in the meantime is what was asked for.
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
}
