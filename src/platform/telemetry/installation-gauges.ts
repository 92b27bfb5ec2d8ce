import type { Db } from "../db/database.ts";
import type { Log } from "../log.ts";
import { platformGauges, type Gauge, type GaugeReading } from "./gauges.ts";
import type { Telemetry } from "./telemetry.ts";

/** Several scrapers, and one that is impatient, cost the database no more than one. */
const FRESH_MS = 10_000;
const PATIENCE_MS = 5_000;

/** Adds what the database tells about the installation: the same from each server, which is why only servers tell it. */
export function addInstallationGauges(telemetry: Telemetry, worker: Db, log: Log, ofModules: readonly Gauge[]): void {
  for (const gauge of [...platformGauges, ...ofModules]) {
    let read = { at: Number.NEGATIVE_INFINITY, answer: Promise.resolve<readonly GaugeReading[]>([]) };
    telemetry.gauge(gauge.name, gauge.unit, gauge.description, async (result) => {
      if (performance.now() - read.at > FRESH_MS) read = { at: performance.now(), answer: gauge.read(worker) };
      try {
        for (const { value, labels } of await inTime(read.answer)) result.observe(value, { ...labels });
      } catch (cause) {
        // A figure that cannot be read is left out of the scrape: an alert on its absence says more than a wrong one.
        log.debug({ err: cause, gauge: gauge.name }, "figure could not be read");
      }
    });
  }
}

function inTime<T>(answer: Promise<T>): Promise<T> {
  const { promise, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(new Error("too late")), PATIENCE_MS);
  return Promise.race([answer, promise]).finally(() => clearTimeout(timer));
}
