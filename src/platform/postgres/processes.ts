import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync, readlinkSync } from "node:fs";
import os from "node:os";

/**
 * A process is named by its number *and* its start. A number alone is reused: after a crash or a restart of the
 * machine, the pid in a file soon belongs to a stranger, and attaching to it or waiting for it would hang for ever.
 */
export type ProcessStart = {
  /** Equal for the same process only, over reboots and containers too. */
  readonly key: string;
  /** Wall-clock second of the start; null where the system does not tell. Moves when the clock is stepped. */
  readonly startedAt: number | null;
};

/** Used when the system shows that a process lives but hides the rest (procfs mounted with hidepid). */
const HIDDEN: ProcessStart = { key: "hidden", startedAt: null };

/** Linux counts process starts in USER_HZ, which is 100 on every architecture Node supports. */
const TICKS_PER_SECOND = 100;

/** Null when no such process lives. A zombie is dead: it holds no file and only waits for its parent to notice. */
export function findProcessStart(pid: number): ProcessStart | null {
  if (!Number.isSafeInteger(pid) || pid <= 0 || !pidExists(pid)) return null;
  if (process.platform === "linux") return findOnLinux(pid);
  if (process.platform === "win32") return findOnWindows(pid);
  return findWithPs(pid);
}

/** True also when the system hides the process: taking the living for dead costs more than the reverse. */
export function isSameProcess(pid: number, key: string): boolean {
  const start = findProcessStart(pid);
  return start !== null && (start.key === key || start === HIDDEN);
}

/** The kernel's view: a zombie and another user's process exist too. PostgreSQL itself asks no more than this. */
export function pidExists(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

function findOnLinux(pid: number): ProcessStart | null {
  const stat = readOrNull(`/proc/${pid}/stat`);
  if (stat === null) return pidExists(pid) ? HIDDEN : null;
  // The name in brackets may hold spaces and brackets itself, so count fields from the last one.
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  if (fields[0] === "Z" || fields[0] === "X") return null;
  const ticks = Number(fields[19]);
  // Boot and pid namespace belong to the name: a container made anew starts counting pids from 1 again.
  const boot = readOrNull("/proc/sys/kernel/random/boot_id")?.trim() ?? "";
  const namespace = readlinkOrNull("/proc/self/ns/pid") ?? "";
  return {
    key: `${boot}/${namespace}/${ticks}`,
    startedAt: Date.now() / 1000 - os.uptime() + ticks / TICKS_PER_SECOND,
  };
}

function findWithPs(pid: number): ProcessStart | null {
  const ps = spawnSync("ps", ["-o", "stat=,lstart=", "-p", String(pid)], {
    encoding: "utf8",
    env: { ...process.env, LC_ALL: "C", TZ: "UTC" },
  });
  if (ps.status !== 0) return pidExists(pid) ? HIDDEN : null;
  const [state = "", ...lstart] = ps.stdout.trim().split(/\s+/);
  if (state.startsWith("Z")) return null;
  const text = lstart.join(" ");
  const milliseconds = Date.parse(`${text} UTC`);
  return { key: text, startedAt: Number.isNaN(milliseconds) ? null : milliseconds / 1000 };
}

function findOnWindows(pid: number): ProcessStart | null {
  const command = `(Get-Process -Id ${pid}).StartTime.ToFileTimeUtc()`;
  const shell = spawnSync("powershell.exe", ["-NoProfile", "-NonInteractive", "-Command", command], {
    encoding: "utf8",
    windowsHide: true,
  });
  const key = shell.stdout?.trim() ?? "";
  if (shell.status !== 0 || !/^\d+$/.test(key)) return pidExists(pid) ? HIDDEN : null;
  // FILETIME counts 100 ns since 1601.
  return { key, startedAt: Number(key) / 1e7 - 11_644_473_600 };
}

/** The children of a process: for a postmaster, its backends and background workers. Empty on Windows. */
export function listChildren(parent: number): number[] {
  if (process.platform === "win32") return [];
  if (process.platform !== "linux") {
    const ps = spawnSync("ps", ["-A", "-o", "pid=,ppid="], { encoding: "utf8" });
    return (ps.stdout ?? "")
      .split("\n")
      .map((line) => line.trim().split(/\s+/).map(Number))
      .filter(([, ppid]) => ppid === parent)
      .map(([pid]) => pid as number);
  }
  return listLinuxPids().filter((pid) => {
    const stat = readOrNull(`/proc/${pid}/stat`);
    return stat !== null && Number(stat.slice(stat.lastIndexOf(")") + 2).split(" ")[1]) === parent;
  });
}

/**
 * Living PostgreSQL processes whose working folder is this cluster. Every server process of a cluster stays in its
 * folder from start to end, so this finds backends that outlived a killed postmaster. Linux only; empty elsewhere.
 */
export function listProcessesIn(cluster: string): number[] {
  if (process.platform !== "linux") return [];
  return listLinuxPids().filter(
    (pid) =>
      readlinkOrNull(`/proc/${pid}/cwd`) === cluster &&
      readOrNull(`/proc/${pid}/comm`)?.trim() === "postgres" &&
      findProcessStart(pid) !== null,
  );
}

/** The working folder of a process; null where the system does not tell. */
export function findWorkingFolder(pid: number): string | null {
  return process.platform === "linux" ? readlinkOrNull(`/proc/${pid}/cwd`) : null;
}

function listLinuxPids(): number[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .map(Number);
}

function readOrNull(file: string): string | null {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return null;
  }
}

function readlinkOrNull(file: string): string | null {
  try {
    return readlinkSync(file);
  } catch {
    return null;
  }
}
