import type { Runner } from "graphile-worker";
import { modules } from "./app.ts";
import { fillDemo, isDemoEmpty } from "./fill-demo.ts";
import { readConfig } from "./platform/config.ts";
import { openRuntime } from "./platform/runtime.ts";
import { startWorker } from "./platform/tasks/worker.ts";

const DEMO_FILLED = "演示数据已装入。";

/** The background process: takes work from the queue until it is told to stop. Started by the server, or on its own. */
const runtime = await openRuntime(readConfig(), modules);
let runner: Runner | undefined;

let stopping = false;
async function stop(): Promise<void> {
  if (stopping) return;
  stopping = true;
  // Filling is broken off where it stands: the next start goes on with it.
  if (!runner) process.exit(0);
  await runner.stop();
  await runtime.close();
  process.exit(0);
}
process.on("SIGINT", () => void stop());
process.on("SIGTERM", () => void stop());
// The server that started it went away without a word: work goes back to the queue, nothing is left running.
process.on("disconnect", () => void stop());

if (await isDemoEmpty(runtime)) {
  await fillDemo(runtime);
  process.stdout.write(`${DEMO_FILLED}\n`);
}
if (!stopping) {
  runner = await startWorker(runtime, modules);
  runtime.log.info("worker ready");
}
