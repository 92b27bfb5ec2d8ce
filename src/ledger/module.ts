import { sql } from "kysely";
import { join } from "node:path";
import type { DomainModule } from "../platform/module.ts";
import type { Gauge } from "../platform/telemetry/index.ts";
import { ledgerPermissions } from "./contract.ts";
import { batchHandlers } from "./handlers/batches.ts";
import { differenceHandlers } from "./handlers/differences.ts";
import { faultHandlers } from "./handlers/faults.ts";
import { progressHandlers } from "./handlers/progress.ts";
import { staleBatches } from "./stale.ts";
import { taskDefinitions } from "./tasks.ts";
import { ledgerCommands } from "./commands.ts";
import { originsOf } from "./store.ts";
import { ledgerHoldings } from "./holdings.ts";

const batchesInWork: Gauge = {
  name: "wengang.ledger.batches",
  unit: "{batch}",
  description: "Batches that are neither applied nor given up, by state",
  async read(worker) {
    const { rows } = await sql<{ state: string; n: string }>`
      SELECT state, count(*) AS n FROM ledger.batch WHERE state NOT IN ('applied', 'undone', 'refused', 'discarded') GROUP BY 1`.execute(
      worker,
    );
    return rows.map(({ state, n }) => ({ value: Number(n), labels: { state } }));
  },
};

export const ledgerModule: DomainModule = {
  name: "ledger",
  migrations: join(import.meta.dirname, "migrations"),
  holdings: { ...ledgerHoldings, sweeps: [staleBatches] },
  handlers: [...batchHandlers, ...faultHandlers, ...differenceHandlers, ...progressHandlers],
  tasks: taskDefinitions,
  gauges: [batchesInWork],
  envelopes: [
    {
      table: "ledger.fault",
      column: "suggestion_secret",
      key: [
        ["batch_id", "bigint"],
        ["sheet", "int"],
        ["row_no", "int"],
        ["field", "text"],
        ["code", "text"],
      ],
    },
    {
      table: "ledger.repair",
      column: "value_secret",
      key: [
        ["batch_id", "bigint"],
        ["sheet", "int"],
        ["row_no", "int"],
        ["field", "text"],
      ],
    },
  ],
  permissions: {
    [ledgerPermissions.read]: {
      label: "查看台账",
      duties: ["county-clerk", "reviewer", "town-officer", "city-dispatcher", "province-dispatcher", "leader"],
    },
    [ledgerPermissions.write]: { label: "接收与修复台账", duties: ["county-clerk", "town-officer"] },
    [ledgerPermissions.apply]: { label: "应用与撤销台账", duties: ["county-clerk"] },
    [ledgerPermissions.approve]: { label: "复核消失人员", duties: ["reviewer", "county-clerk"] },
  },
  batchOrigins: async ({ database }, batchIds) => originsOf(database.worker, batchIds),
  commands: ledgerCommands,
};
