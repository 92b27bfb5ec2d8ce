import { modules } from "./app.ts";
import { fillDemo, isDemoEmpty, oneAtATime } from "./fill-demo.ts";
import { readConfig, type Config } from "./platform/config.ts";
import { openRuntime } from "./platform/runtime.ts";
import { startWorker } from "./platform/tasks/worker.ts";

const DEMO_FILLED = "演示数据已装入。";
/** What is left of a process whose work was handed back: connections that close, spans that are sent. */
const LAST_MS = 5_000;

/**
 * The background process: takes work from the queue until it is told to stop, and ends the process then. A server's own is forked from
 * this file; `wengang worker` runs one by itself. A new demonstration is filled first.
 */
export async function work(config: Config): Promise<never> {
  const runtime = await openRuntime(config, modules, { role: "worker" });
  const { promise: told, resolve: tell } = Promise.withResolvers<void>();
  let signals = 0;
  let isFilling = false;
  const stop = () => {
    // Filling is broken off where it stands: the next start goes on with it.
    if (isFilling) process.exit(0);
    tell();
  };
  const signal = () => {
    // A terminal sends its signal to the server's worker as well, and the server passes on its own: the second is no impatience.
    if (++signals > 1 && process.send === undefined) process.exit(1);
    stop();
  };
  process.on("SIGINT", signal);
  process.on("SIGTERM", signal);
  // The server that started it went away without a word: work goes back to the queue, nothing is left running.
  process.on("disconnect", stop);
  if (await isDemoEmpty(runtime)) {
    isFilling = true;
    await oneAtATime(runtime, "everything", async () => {
      if (await isDemoEmpty(runtime)) await fillDemo(runtime);
    });
    isFilling = false;
    process.stdout.write(`${DEMO_FILLED}\n`);
  }
  const runner = await startWorker(runtime, modules);
  runtime.log.info("worker ready");
  await told;
  await runtime.stopping();
  await runner.stop(config.stop.limitMs);
  setTimeout(() => process.exit(0), LAST_MS).unref();
  await runtime.close();
  return process.exit(0);
}

if (import.meta.main) await work(readConfig());
