import { Worker } from "node:worker_threads";
import type { DatabaseAddress } from "../../platform/db/database.ts";
import type { Config } from "../../platform/config.ts";
import { Refusal, type Problem } from "../../platform/problem.ts";
import type { DataServices } from "../../platform/runtime.ts";
import type { PartRequest } from "./stage-part.ts";

export interface ThreadStart {
  readonly config: Config;
  readonly address: DatabaseAddress;
  readonly part: PartRequest;
}

export type ThreadMessage =
  | { readonly kind: "progress"; readonly rows: number; readonly fraction: number }
  | { readonly kind: "done"; readonly rows: number }
  | { readonly kind: "refused"; readonly problem: Problem };

/**
 * Reads each part of a file in a thread of its own, all at once, and gives the numbers of their rows in order. The first
 * failure ends them all and is thrown, a refusal as a refusal.
 */
export async function runInThreads(
  services: DataServices,
  parts: readonly PartRequest[],
  progress: (rows: number, fraction: number) => Promise<void>,
): Promise<number[]> {
  const state = parts.map(() => ({ rows: 0, fraction: 0 }));
  const report = () => {
    const rows = state.reduce((sum, one) => sum + one.rows, 0);
    const fraction = state.reduce((sum, one) => sum + one.fraction, 0) / state.length;
    // Progress is told, not waited for: a thread does not stop for it.
    void progress(rows, fraction).catch(() => {});
  };
  const workers: Worker[] = [];
  try {
    return await Promise.all(
      parts.map(
        (part, index) =>
          new Promise<number>((resolve, reject) => {
            const start: ThreadStart = { config: services.config, address: services.database.address, part };
            const worker = new Worker(new URL("./thread.ts", import.meta.url), { workerData: start });
            workers.push(worker);
            worker.on("message", (message: ThreadMessage) => {
              if (message.kind === "refused") reject(new Refusal(message.problem));
              else if (message.kind === "done") resolve(message.rows);
              else {
                state[index] = message;
                report();
              }
            });
            worker.on("error", reject);
            worker.on("exit", (code) => reject(new Error(`thread of part ${index} ended with ${code}`)));
          }),
      ),
    );
  } finally {
    await Promise.all(workers.map((worker) => worker.terminate()));
  }
}
