import { once } from "node:events";
import { Worker } from "node:worker_threads";
import type { DatabaseAddress } from "../../platform/db/database.ts";
import type { Config } from "../../platform/config.ts";
import { Refusal, type Problem } from "../../platform/problem.ts";
import type { DataServices } from "../../platform/runtime.ts";
import type { PartRequest } from "./stage-part.ts";

export interface ThreadStart {
  readonly config: Config;
  readonly address: DatabaseAddress;
}

/** A part to be read; null ends the thread. */
export type ThreadOrder = PartRequest | null;

export type ThreadMessage =
  | { readonly kind: "progress"; readonly rows: number; readonly fraction: number }
  | { readonly kind: "done"; readonly rows: number }
  | { readonly kind: "refused"; readonly problem: Problem };

/** Reads a part in the thread that asks. */
export type PartReader = (
  part: PartRequest,
  progress: (rows: number, fraction: number) => Promise<void>,
) => Promise<number>;

/** Of one thread's heap for what lives no longer than a block of rows; with less, much of it is copied before it dies. */
const YOUNG_MEGABYTES = 64;

/**
 * Threads that read parts of a file beside the one that asks. Getting ready takes each of them a second (its modules, its
 * divisions), so that they are started before it is known what they are to read.
 */
export class ReaderThreads {
  readonly #workers: readonly Worker[];
  /** Never fulfilled; rejected by the first failure of any thread, also before it has anything to read. */
  readonly #failure: Promise<never>;
  /** Has read what it was to read, so that it can be asked to end. */
  #atRest = false;

  constructor(services: DataServices, count: number) {
    const workerData: ThreadStart = { config: services.config, address: services.database.address };
    const resourceLimits = { maxYoungGenerationSizeMb: YOUNG_MEGABYTES };
    this.#workers = Array.from(
      { length: count },
      () => new Worker(new URL("./thread.ts", import.meta.url), { workerData, resourceLimits }),
    );
    this.#failure = new Promise((_, reject) => {
      for (const worker of this.#workers) {
        worker.on("error", reject);
        worker.on("exit", (code) => reject(new Error(`a reading thread ended with ${code}`)));
      }
    });
    this.#failure.catch(() => {});
  }

  /**
   * Reads the parts, each thread and `own` one after another, and gives the number of rows of each. The first failure is thrown, a refusal as a refusal; then the threads can only be closed.
   */
  async read(
    parts: readonly PartRequest[],
    own: PartReader,
    progress: (rows: number, fraction: number) => Promise<void>,
  ): Promise<number[]> {
    const state = parts.map(() => ({ rows: 0, fraction: 0 }));
    const report = () => {
      const rows = state.reduce((sum, one) => sum + one.rows, 0);
      const fraction = state.reduce((sum, one) => sum + one.fraction, 0) / state.length;
      // Progress is told, not waited for: a thread does not stop for it.
      void progress(rows, fraction).catch(() => {});
    };
    this.#atRest = false;
    const results: number[] = [];
    let next = 0;
    const readOn = async (read: PartReader) => {
      while (next < parts.length) {
        const index = next++;
        const told = async (rows: number, fraction: number) => {
          state[index] = { rows, fraction };
          report();
        };
        results.push(await read(parts[index]!, told));
      }
    };
    // Nobody begins another part after a failure.
    const stop = (cause: unknown): never => {
      next = parts.length;
      throw cause;
    };
    const threads = this.#workers.map((worker) => readOn((part, told) => readPart(worker, part, told)));
    const all = Promise.all([...threads, readOn(own)].map((reader) => reader.catch(stop)));
    await Promise.race([all, this.#failure.catch(stop)]);
    this.#atRest = true;
    return results;
  }

  /** Lets threads with nothing to do take leave of the database; others are ended where they stand. */
  async close(): Promise<void> {
    await Promise.all(
      this.#workers.map((worker) => {
        if (!this.#atRest || worker.threadId < 0) return worker.terminate();
        const ended = once(worker, "exit");
        worker.postMessage(null satisfies ThreadOrder);
        return ended;
      }),
    );
  }
}

function readPart(
  worker: Worker,
  part: PartRequest,
  progress: (rows: number, fraction: number) => Promise<void>,
): Promise<number> {
  return new Promise((resolve, reject) => {
    const listen = (message: ThreadMessage) => {
      if (message.kind === "progress") return void progress(message.rows, message.fraction);
      worker.off("message", listen);
      if (message.kind === "refused") reject(new Refusal(message.problem));
      else resolve(message.rows);
    };
    worker.on("message", listen);
    worker.postMessage(part satisfies ThreadOrder);
  });
}
