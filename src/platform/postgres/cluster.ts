import { spawn, spawnSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { closeSync, existsSync, fsyncSync, openSync, readdirSync, readFileSync, renameSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";

import { runAs, type Account } from "./account.ts";
import { programPath, type Binaries } from "./binaries.ts";
import { writeWhole, type DataFolder } from "./data-folder.ts";
import { dataFolderDenied, diskFull, initdbFailed, otherMajor } from "./problems.ts";

export const SUPERUSER = "postgres";

/** A fresh cluster takes 39 MB and as much again of log; below this there is no room to work in. */
const LEAST_FREE_DISK = 300 * 1024 * 1024;

/** The major version that made the cluster; null when there is none yet. */
function findMajor(folder: DataFolder): number | null {
  try {
    return Number(readFileSync(join(folder.cluster, "PG_VERSION"), "utf8").trim());
  } catch {
    return null;
  }
}

/** For a cluster that must be there. */
export function getMajor(folder: DataFolder): number {
  const major = findMajor(folder);
  if (major === null) throw dataFolderDenied(folder.path, "cluster/PG_VERSION");
  return major;
}

/** Makes the cluster when missing. `freeDisk` in bytes. */
export async function ensureCluster(
  folder: DataFolder,
  binaries: Binaries,
  account: Account,
  options: { durable: boolean; freeDisk: number },
): Promise<void> {
  const major = findMajor(folder);
  if (major === null) {
    if (options.freeDisk < LEAST_FREE_DISK) throw diskFull(folder.path);
    await createCluster(folder, binaries, account, options.durable);
    return;
  }
  if (major !== binaries.major) throw otherMajor(folder.path, major, binaries.major);
  if (readPassword(folder) === null) resetPassword(folder, binaries, account);
}

/** Built aside and renamed: a kill in the middle leaves no half cluster that every later start would stumble over. */
async function createCluster(folder: DataFolder, binaries: Binaries, account: Account, durable: boolean) {
  removeDrafts(folder);
  // The password is on disk before the cluster, in the one file it will ever be in, readable by its owner only. initdb
  // wants it in a file too and gets this one.
  writeWhole(folder, folder.password, newPassword());
  const draft = join(folder.path, `cluster.new-${randomBytes(4).toString("hex")}`);
  let output = "";
  for (const locale of characterLocales()) {
    const { code, text } = await runInitdb(folder, binaries, account, draft, locale, durable);
    if (code === 0) {
      renameSync(draft, folder.cluster);
      if (durable) syncFolder(folder.path);
      return;
    }
    output = text;
    if (!/invalid locale (name|settings)/.test(text)) break;
  }
  rmSync(draft, { recursive: true, force: true });
  throw /No space left on device|Disk quota exceeded/i.test(output)
    ? diskFull(folder.path, output)
    : initdbFailed(folder.path, output);
}

/**
 * What the C library uses to tell letters from punctuation. It must be a UTF-8 one: with plain C, trigram indexes hold
 * nothing of a Chinese word. Old Linux and macOS have no C.UTF-8.
 */
function characterLocales(): string[] {
  if (process.platform === "win32") return ["C"];
  return process.platform === "darwin" ? ["en_US.UTF-8"] : ["C.UTF-8", "en_US.UTF-8"];
}

function runInitdb(
  folder: DataFolder,
  binaries: Binaries,
  account: Account,
  target: string,
  locale: string,
  durable: boolean,
): Promise<{ code: number | null; text: string }> {
  const args = [
    `--pgdata=${target}`,
    `--username=${SUPERUSER}`,
    "--encoding=UTF8",
    "--no-instructions",
    // The same order of text on every system and after every upgrade of the C library: order by code point, pinyin only
    // where a query asks for it. The built-in provider came with 17.
    ...(binaries.major >= 17 ? ["--locale-provider=builtin", "--builtin-locale=C.UTF-8"] : []),
    `--locale=${locale}`,
    "--lc-collate=C",
    // Messages are matched and read by whoever is called for help.
    "--lc-messages=C",
    // Default since 18, worth it before: silent corruption of a disk is found at the read, not at the audit.
    "--data-checksums",
    "--auth=scram-sha-256",
    `--pwfile=${folder.password}`,
    ...(durable ? [] : ["--no-sync"]),
  ];
  const { command, args: full, options } = runAs(account, programPath(binaries.bin, "initdb"), args);
  return new Promise((resolve) => {
    const child = spawn(command, full, {
      ...options,
      cwd: folder.path,
      env: serverEnvironment(folder),
      stdio: ["ignore", "pipe", "pipe"],
      windowsHide: true,
    });
    let text = "";
    const collect = (chunk: Buffer) => (text = (text + chunk.toString()).slice(-4096));
    child.stdout.on("data", collect);
    child.stderr.on("data", collect);
    child.on("error", (error) => resolve({ code: null, text: error.message }));
    child.on("close", (code) => resolve({ code, text: text.trim() }));
  });
}

/** What a killed initdb left. One that still runs as an orphan keeps its own name and is swept at the next creation. */
function removeDrafts(folder: DataFolder): void {
  for (const name of readdirSync(folder.path)) {
    if (!name.startsWith("cluster.new-")) continue;
    try {
      rmSync(join(folder.path, name), { recursive: true });
    } catch {
      // Written to by that orphan at this very moment: harmless, and gone the next time.
    }
  }
}

export function readPassword(folder: DataFolder): string | null {
  try {
    const password = readFileSync(folder.password, "utf8").trim();
    return password === "" ? null : password;
  } catch {
    return null;
  }
}

/**
 * A folder restored from a copy may lack the password file, since only its owner can read it. Whoever can write the
 * cluster's files owns its data anyway, so the single-user server sets a new one; it runs only while no server does.
 */
function resetPassword(folder: DataFolder, binaries: Binaries, account: Account): void {
  const password = newPassword();
  const args = ["--single", "-D", folder.cluster, "-c", "log_min_error_statement=panic", "postgres"];
  const { command, args: full, options } = runAs(account, programPath(binaries.bin, "postgres"), args);
  const run = spawnSync(command, full, {
    ...options,
    cwd: folder.path,
    env: serverEnvironment(folder),
    input: `ALTER ROLE ${SUPERUSER} PASSWORD '${password}'\n`,
    encoding: "utf8",
    windowsHide: true,
  });
  if (run.status !== 0 || /ERROR|FATAL/.test(run.stderr))
    throw initdbFailed(folder.path, run.stderr.slice(-4096).trim());
  writeWhole(folder, folder.password, password);
}

/** Letters and digits only: it stands in SQL, in a connection address and in initdb's file without any quoting. */
function newPassword(): string {
  return randomBytes(24).toString("hex");
}

/**
 * HOME is the data folder: with root's HOME, libpq inside the server (dblink, postgres_fdw) fails on a certificate file
 * it may not look for. Nothing else of the caller's environment reaches the server: PGPORT, PGDATA or a locale from
 * somebody's profile would change how it starts.
 */
export function serverEnvironment(folder: DataFolder): NodeJS.ProcessEnv {
  const inherited = ["PATH", "LD_LIBRARY_PATH", "SystemRoot", "SystemDrive", "windir", "TEMP", "TMP", "TMPDIR"];
  return {
    ...Object.fromEntries(
      inherited.map((name) => [name, process.env[name]]).filter(([, value]) => value !== undefined),
    ),
    HOME: folder.path,
  };
}

/** A rename is on disk only when its folder is. Windows has no such call and needs none. */
function syncFolder(path: string): void {
  if (process.platform === "win32") return;
  const descriptor = openSync(path, "r");
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

/** Postmaster.pid as the server writes it: one value a line, appended while it starts. */
export type PidFile = {
  readonly pid: number;
  /** Second since 1970 at which the server started. */
  readonly startedAt: number;
  readonly port: number | null;
  readonly socketFolder: string | null;
  readonly status: string;
};

/**
 * The folder of the programs the running server was started from, which need not be ours. The server notes its command
 * line as the bare program followed by quoted arguments.
 */
export function readRunningBin(folder: DataFolder): string {
  const [program = ""] = readFileSync(join(folder.cluster, "postmaster.opts"), "utf8").split(' "');
  return dirname(program);
}

export function readPidFile(folder: DataFolder): PidFile | null {
  const path = join(folder.cluster, "postmaster.pid");
  if (!existsSync(path)) return null;
  const lines = readFileSync(path, "utf8")
    .split("\n")
    .map((line) => line.trim());
  const pid = Number(lines[0]);
  if (!Number.isSafeInteger(pid) || pid === 0) return null;
  return {
    // Negative for a single-user server.
    pid: Math.abs(pid),
    startedAt: Number(lines[2]),
    port: lines[3] ? Number(lines[3]) : null,
    socketFolder: lines[4] || null,
    status: lines[7] ?? "",
  };
}

/** Only for a pid that lives and is not the server: where it is free, the server itself judges the file, and better. */
export function removePidFile(folder: DataFolder): void {
  rmSync(join(folder.cluster, "postmaster.pid"), { force: true });
}
