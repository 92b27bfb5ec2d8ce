import { sql } from "kysely";
import { join } from "node:path";
import type { DomainModule } from "../platform/module.ts";
import { reading, type Gauge } from "../platform/telemetry/index.ts";
import { backupCommands } from "./commands.ts";
import { backupPermissions } from "./contract.ts";
import { backupHandlers } from "./handlers.ts";
import { backupTaskDefinitions } from "./tasks.ts";

const lastBackup: Gauge = {
  name: "wengang.backup.age",
  unit: "s",
  description: "Time since the last backup that was written and read again; nothing before the first",
  read: (worker) =>
    reading(
      worker,
      sql`SELECT extract(epoch FROM now() - max(finished_at)) AS value FROM backup.run WHERE state IN ('done', 'removed') AND verified_at IS NOT NULL`,
    ),
};

/** `modules`: every module of the program, this one included; asked for when their tables and envelopes are needed. */
export function backupModule(modules: () => readonly DomainModule[]): DomainModule {
  return {
    name: "backup",
    migrations: join(import.meta.dirname, "migrations"),
    handlers: backupHandlers,
    tasks: backupTaskDefinitions(modules),
    gauges: [lastBackup],
    permissions: { [backupPermissions.manage]: { label: "备份与更换密钥", duties: ["system-admin"] } },
    commands: backupCommands(modules),
  };
}
