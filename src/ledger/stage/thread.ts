import { enableCompileCache, flushCompileCache } from "node:module";
import { join } from "node:path";
import { parentPort, workerData } from "node:worker_threads";
import type { ThreadOrder, ThreadStart } from "./threads.ts";

/**
 * Body of one of `ReaderThreads`. A thread loads every module anew, more than a second of work before its first row;
 * compiled code kept in the data folder, where nobody else can put any, spares most of it. Hence nothing is imported
 * before the cache is there.
 */
const start = workerData as ThreadStart;
enableCompileCache(join(start.config.dataFolder, "compiled"));
const { openPartReader } = await import("./read-part.ts");
flushCompileCache();
const port = parentPort!;
const reader = await openPartReader(start, (message) => port.postMessage(message));
port.on("message", async (order: ThreadOrder) => {
  if (order) return reader.read(order);
  await reader.close();
  port.close();
});
