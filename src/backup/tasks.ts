import { Temporal } from "temporal-polyfill";
import type { DomainModule } from "../platform/module.ts";
import type { TaskDefinition } from "../platform/tasks/definition.ts";
import { rewriteEnvelopes, rotateKey } from "./rotation/rewrite.ts";
import { closeAbandonedRuns, runBackup } from "./runs.ts";

export const backupTasks = { run: "backup.run", rotate: "backup.rotate", catchUp: "backup.catch-up" } as const;

/** Each night in China, when nobody works. */
export const BACKUP_AT = Temporal.PlainTime.from("01:30");

export function backupTaskDefinitions(modules: () => readonly DomainModule[]): readonly TaskDefinition[] {
  return [
    {
      name: backupTasks.run,
      // BACKUP_AT, by the queue's clock, which is UTC.
      schedule: "30 17 * * *",
      async run({ services, progress, signal }) {
        await closeAbandonedRuns(services);
        await runBackup(services, progress, { signal });
      },
    },
    {
      name: backupTasks.rotate,
      async run({ services, progress }, payload) {
        await rotateKey(services, modules(), Number(payload["from"]), progress);
      },
    },
    {
      // What was staged under the old version before a change of key and applied after it.
      name: backupTasks.catchUp,
      schedule: "50 18 * * *",
      async run({ services, progress }) {
        if (services.keys.versions().length > 1) await rewriteEnvelopes(services, modules(), progress);
      },
    },
  ];
}
