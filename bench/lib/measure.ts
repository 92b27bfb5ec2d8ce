import { readdirSync, readFileSync } from "node:fs";
import { cpus, release, totalmem } from "node:os";

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
  /** Highest sum of this process and the database's processes during the stage, in MB (proportional set size). */
  readonly peakMb: number;
}

/** Times one stage and samples the memory of this process and of the given ones meanwhile. */
export async function stage(
  name: string,
  rows: number,
  pids: () => readonly number[],
  work: () => Promise<unknown>,
): Promise<Stage> {
  let peak = 0;
  const sample = () => {
    peak = Math.max(
      peak,
      [process.pid, ...pids()].reduce((sum, pid) => sum + proportionalSetKb(pid), 0),
    );
  };
  const timer = setInterval(sample, 250);
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
    peakMb: Math.round(peak / 1024),
  };
}

function proportionalSetKb(pid: number): number {
  try {
    return Number(/^Pss:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, "utf8"))?.[1] ?? 0);
  } catch {
    // The process ended between listing and reading.
    return 0;
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
      `${one.name.padEnd(34)} ${one.seconds.toFixed(2).padStart(8)} s ${one.rowsPerSecond.toLocaleString("en-US").padStart(11)} rows/s ${String(one.peakMb).padStart(6)} MB\n`,
    );
  }
}
