import { Temporal } from "temporal-polyfill";
import type { DomainModule } from "../platform/module.ts";
import type { TaskContext, TaskDefinition } from "../platform/tasks/definition.ts";
import { rewriteEnvelopes, rotateKey } from "./rotation/rewrite.ts";
import { closeAbandonedRuns, runBackup, type RunProgress } from "./runs.ts";

export const backupTasks = { run: "backup.run", rotate: "backup.rotate", catchUp: "backup.catch-up" } as const;

/** Each night in China, when nobody works. */
export const BACKUP_AT = Temporal.PlainTime.from("01:30");

const progressOf =
  (context: TaskContext): RunProgress =>
  (stage, done, total) =>
    context.progress(stage, done, total);

export function backupTaskDefinitions(modules: () => readonly DomainModule[]): readonly TaskDefinition[] {
  return [
    {
      name: backupTasks.run,
      // BACKUP_AT, by the queue's clock, which is UTC.
      schedule: "30 17 * * *",
      async run(context) {
        await closeAbandonedRuns(context.services);
        await runBackup(context.services, progressOf(context), { signal: context.signal });
      },
    },
    {
      name: backupTasks.rotate,
      async run(context, payload) {
        await rotateKey(context.services, modules(), Number(payload["from"]), progressOf(context));
      },
    },
    {
      // What was staged under the old version before a change of key and applied after it.
      name: backupTasks.catchUp,
      schedule: "50 18 * * *",
      async run(context) {
        if (context.services.keys.versions().length > 1)
          await rewriteEnvelopes(context.services, modules(), progressOf(context));
      },
    },
  ];
}
