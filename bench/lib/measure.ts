import { readdirSync, readFileSync } from "node:fs";
import { cpus, release, totalmem } from "node:os";
import { join } from "node:path";

/** What this ran on; every bench states it. */
export function machine(): { cpu: string; cores: number; memoryGb: number; system: string; node: string } {
  return {
    cpu: cpus()[0]?.model ?? "?",
    cores: cpus().length,
    memoryGb: Math.round(totalmem() / 2 ** 30),
    system: `${process.platform} ${release()}`,
    node: process.version,
  };
}

export interface Stage {
  readonly name: string;
  readonly seconds: number;
  readonly rows: number;
  readonly rowsPerSecond: number;
  /** Processor time of this process and the database's meanwhile: unlike the seconds, nearly the same on a busy machine. */
  readonly cpuSeconds: number;
  /** Highest sum of this process's and the database's own memory during the stage plus what the database shares, once, in MB. */
  readonly peakMb: number;
  /** The same without what the database shares: what must not grow with the number of rows. */
  readonly ownMb: number;
}

/** Times one stage and samples the memory of this process and of the given ones meanwhile. */
export async function stage(
  name: string,
  rows: number,
  pids: () => readonly number[],
  work: () => Promise<unknown>,
): Promise<Stage> {
  let peak = 0;
  let peakOwn = 0;
  const sample = () => {
    const processes = [process.pid, ...pids()].map(residentKb);
    const own = processes.reduce((sum, one) => sum + one.own, 0);
    peakOwn = Math.max(peakOwn, own);
    peak = Math.max(peak, own + Math.max(...processes.map((one) => one.shared)));
  };
  const timer = setInterval(sample, 250);
  const cpuBefore = cpuSeconds(pids());
  const started = performance.now();
  try {
    await work();
  } finally {
    clearInterval(timer);
  }
  const seconds = (performance.now() - started) / 1000;
  sample();
  return {
    name,
    seconds: round(seconds),
    rows,
    rowsPerSecond: Math.round(rows / seconds),
    cpuSeconds: round(cpuSeconds(pids()) - cpuBefore),
    peakMb: Math.round(peak / 1024),
    ownMb: Math.round(peakOwn / 1024),
  };
}

/**
 * Resident memory of one process, from a file that costs the kernel nothing. (The proportional set of smaps_rollup would
 * need no addition of our own, but walking the page tables of a server with 2 GB of shared buffers four times a second
 * took a sixth of the time that was to be measured.)
 */
function residentKb(pid: number): { own: number; shared: number } {
  try {
    const status = readFileSync(`/proc/${pid}/status`, "utf8");
    const field = (name: string) => Number(new RegExp(`^${name}:\\s+(\\d+)`, "m").exec(status)?.[1] ?? 0);
    return { own: field("RssAnon"), shared: field("RssShmem") };
  } catch {
    // The process ended between listing and reading.
    return { own: 0, shared: 0 };
  }
}

const TICKS_PER_SECOND = 100;

/** Of this process and the given ones, with the children they have already buried. */
export function cpuSeconds(pids: readonly number[]): number {
  const ticks = [process.pid, ...pids].map((pid) => {
    try {
      const fields = readFileSync(`/proc/${pid}/stat`, "utf8")
        .replace(/^.*\) /s, "")
        .split(" ");
      // utime, stime, cutime, cstime: fields 14 to 17 of proc(5), counted after the name.
      return fields.slice(11, 15).reduce((sum, field) => sum + Number(field), 0);
    } catch {
      return 0;
    }
  });
  return ticks.reduce((sum, one) => sum + one, 0) / TICKS_PER_SECOND;
}

/** The embedded server of a data folder with all its processes; none while it is not running. */
export function serverPids(dataFolder: string): number[] {
  try {
    const pid = Number(readFileSync(join(dataFolder, "postgres/cluster/postmaster.pid"), "utf8").split("\n")[0]);
    return [pid, ...descendants(pid)];
  } catch {
    return [];
  }
}

/** Children of a process, all the way down. */
export function descendants(pid: number): number[] {
  try {
    const own = readdirSync(`/proc/${pid}/task`).flatMap((thread) =>
      readFileSync(`/proc/${pid}/task/${thread}/children`, "utf8").split(" ").filter(Boolean).map(Number),
    );
    return own.flatMap((child) => [child, ...descendants(child)]);
  } catch {
    return [];
  }
}

export function round(value: number): number {
  return Math.round(value * 100) / 100;
}

export function print(json: boolean, result: Record<string, unknown>, stages: readonly Stage[]): void {
  if (json) {
    process.stdout.write(`${JSON.stringify({ ...result, stages })}\n`);
    return;
  }
  process.stdout.write(`${JSON.stringify(result, null, 2)}\n`);
  for (const one of stages) {
    process.stdout.write(
      `${one.name.padEnd(34)} ${one.seconds.toFixed(2).padStart(8)} s ${one.rowsPerSecond.toLocaleString("en-US").padStart(11)} rows/s ${one.cpuSeconds.toFixed(1).padStart(7)} CPU-s ${String(one.peakMb).padStart(6)} MB, own ${one.ownMb}\n`,
    );
  }
}
