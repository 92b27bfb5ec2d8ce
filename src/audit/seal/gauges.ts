import { sql } from "kysely";
import { reading, type Gauge } from "../../platform/telemetry/index.ts";

/** How far sealing and signing are behind. */
export const sealGauges: readonly Gauge[] = [
  {
    name: "wengang.audit.seal.age",
    unit: "s",
    description: "Time since the last seal of the audit log",
    read: (worker) => reading(worker, sql`SELECT extract(epoch FROM now() - max(sealed_at)) AS value FROM audit.seal`),
  },
  {
    name: "wengang.audit.unsealed.age",
    unit: "s",
    description: "Age of the oldest entry written since the last seal; zero when there is none",
    // A little is allowed for: entries of transactions that committed while the seal was made carry an earlier moment.
    read: (worker) =>
      reading(
        worker,
        sql`SELECT coalesce(extract(epoch FROM now() - min(at)), 0) AS value FROM audit.entry WHERE at > (SELECT coalesce(max(sealed_at), '-infinity') FROM audit.seal)`,
      ),
  },
  {
    name: "wengang.audit.digest.age",
    unit: "s",
    description: "Time since the last signed daily digest",
    read: (worker) =>
      reading(worker, sql`SELECT extract(epoch FROM now() - max(signed_at)) AS value FROM audit.digest`),
  },
];
