import { join } from "node:path";
import type { DomainModule } from "../platform/module.ts";
import { backupCommands } from "./commands.ts";
import { backupPermissions } from "./contract.ts";
import { backupHandlers } from "./handlers.ts";
import { backupTaskDefinitions } from "./tasks.ts";

/** `modules`: every module of the program, this one included; asked for when their tables and envelopes are needed. */
export function backupModule(modules: () => readonly DomainModule[]): DomainModule {
  return {
    name: "backup",
    migrations: join(import.meta.dirname, "migrations"),
    handlers: backupHandlers,
    tasks: backupTaskDefinitions(modules),
    permissions: { [backupPermissions.manage]: { label: "备份与更换密钥", duties: ["system-admin"] } },
    commands: backupCommands(modules),
  };
}
