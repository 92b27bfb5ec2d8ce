import type { Db } from "../platform/db/database.ts";
import { platformGauges, type Gauge } from "../platform/telemetry/gauges.ts";

/** Figures by the names under which metrics show them. */
export type Figures = (name: string, labels?: Readonly<Record<string, string>>) => Promise<number | null>;

/** Reads what modules declare as gauges; a name that none declares is a fault of the program, a figure without a reading is null. */
export function figuresOf(worker: Db, ofModules: readonly Gauge[]): Figures {
  const all = new Map([...platformGauges, ...ofModules].map((gauge) => [gauge.name, gauge]));
  return async (name, labels = {}) => {
    const gauge = all.get(name);
    if (!gauge) throw new Error(`no figure is called ${name}`);
    const fitting = (await gauge.read(worker)).filter((one) =>
      Object.entries(labels).every(([label, value]) => one.labels?.[label] === value),
    );
    return fitting.length === 0 ? null : fitting.reduce((sum, { value }) => sum + value, 0);
  };
}
