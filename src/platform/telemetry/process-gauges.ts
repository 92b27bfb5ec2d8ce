import { monitorEventLoopDelay } from "node:perf_hooks";
import type { Database } from "../db/database.ts";
import type { Telemetry } from "./telemetry.ts";

const POOLS = ["app", "worker", "auditor"] as const;
const RESOLUTION_MS = 20;

/** What the process itself shows: memory, processor time, how late its event loop is, and its connections. */
export function addProcessGauges(telemetry: Telemetry, pools: Database["pools"]): { stop(): void } {
  const delay = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  delay.enable();
  const late = (nanoseconds: number) => Math.max(0, nanoseconds / 1e9 - RESOLUTION_MS / 1e3);
  telemetry.gauge("nodejs.eventloop.delay.p99", "s", "Event loop delay since the last reading", (result) => {
    result.observe(late(delay.percentile(99)));
  });
  telemetry.gauge("nodejs.eventloop.delay.max", "s", "Longest event loop delay since the last reading", (result) => {
    result.observe(late(delay.max));
    delay.reset();
  });
  telemetry.gauge("process.memory.usage", "By", "Resident memory", (result) =>
    result.observe(process.memoryUsage.rss()),
  );
  telemetry.gauge("v8js.memory.heap.used", "By", "Used heap", (result) =>
    result.observe(process.memoryUsage().heapUsed),
  );
  telemetry.gauge("process.cpu.time", "s", "Processor time since the start", (result) => {
    const { user, system } = process.cpuUsage();
    result.observe((user + system) / 1e6);
  });
  telemetry.gauge("db.client.connection.count", "{connection}", "Connections by pool and state", (result) => {
    for (const name of POOLS) {
      const { totalCount, idleCount } = pools[name];
      result.observe(idleCount, { "db.client.connection.pool.name": name, "db.client.connection.state": "idle" });
      result.observe(totalCount - idleCount, {
        "db.client.connection.pool.name": name,
        "db.client.connection.state": "used",
      });
    }
  });
  telemetry.gauge(
    "db.client.connection.pending_requests",
    "{request}",
    "Waiting for a connection, by pool",
    (result) => {
      for (const name of POOLS) result.observe(pools[name].waitingCount, { "db.client.connection.pool.name": name });
    },
  );
  return { stop: () => delay.disable() };
}
