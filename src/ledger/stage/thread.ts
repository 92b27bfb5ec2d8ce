import { enableCompileCache, flushCompileCache } from "node:module";
import { join } from "node:path";
import { parentPort, workerData } from "node:worker_threads";
import type { ThreadStart } from "./threads.ts";

/**
 * Body of a thread of `runInThreads`. A thread loads every module anew, more than a second of work before its first row;
 * compiled code kept in the data folder, where nobody else can put any, spares most of it. Hence nothing is imported
 * before the cache is there.
 */
const start = workerData as ThreadStart;
enableCompileCache(join(start.config.dataFolder, "compiled"));
const { readPart } = await import("./read-part.ts");
flushCompileCache();
await readPart(start, (message) => parentPort!.postMessage(message));
