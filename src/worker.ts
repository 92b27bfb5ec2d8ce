import { modules } from "./app.ts";
import { readConfig } from "./platform/config.ts";
import { openRuntime } from "./platform/runtime.ts";
import { startWorker } from "./platform/tasks/worker.ts";

/** The background process: takes work from the queue until it is told to stop. Started by the server, or on its own. */
const runtime = await openRuntime(readConfig(), modules);
const runner = await startWorker(runtime, modules);
runtime.log.info("worker ready");

let stopping = false;
async function stop(): Promise<void> {
  if (stopping) return;
  stopping = true;
  await runner.stop();
  await runtime.close();
  process.exit(0);
}
process.on("SIGINT", () => void stop());
process.on("SIGTERM", () => void stop());
// The server that started it went away without a word: work goes back to the queue, nothing is left running.
process.on("disconnect", () => void stop());
