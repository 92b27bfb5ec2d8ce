import { join } from "node:path";
import type { DomainModule } from "../platform/module.ts";
import type { TaskDefinition } from "../platform/tasks/definition.ts";
import { backupCommands } from "./commands.ts";
import { closeAbandonedRuns, runBackup } from "./runs.ts";

export const BACKUP_TASK = "backup.run";

const backupTask: TaskDefinition = {
  name: BACKUP_TASK,
  attempts: 1,
  // 01:30 in China; the queue's clock is UTC.
  schedule: "30 17 * * *",
  async run({ services, progress, signal }) {
    await closeAbandonedRuns(services);
    await runBackup(services, progress, { signal });
  },
};

/** `modules`: every module of the program, this one included; asked for when a restore needs it. */
export function backupModule(modules: () => readonly DomainModule[]): DomainModule {
  return {
    name: "backup",
    migrations: join(import.meta.dirname, "migrations"),
    tasks: [backupTask],
    commands: backupCommands(modules),
  };
}
