import type { DomainModule } from "../platform/module.ts";
import type { TaskContext, TaskDefinition } from "../platform/tasks/definition.ts";
import { bookOf } from "./retention/book.ts";
import { eraseByRequest, previewRetention, runRetention, runWithdrawals, type Progress } from "./retention/run.ts";
import { privacyTasks } from "./task-names.ts";

/** After the backup of the night (backup/tasks.ts), which still holds what goes; by the queue's clock, which is UTC. */
const NIGHTLY = "10 20 * * *";

const progressOf =
  (context: TaskContext): Progress =>
  (stage, done, total) =>
    context.progress(stage, done, total);

export function privacyTaskDefinitions(modules: () => readonly DomainModule[]): readonly TaskDefinition[] {
  const book = () => bookOf(modules());
  return [
    {
      name: privacyTasks.nightly,
      schedule: NIGHTLY,
      attempts: 5,
      run: async (context) => void (await runRetention(context.services, book(), "nightly", "", progressOf(context))),
    },
    {
      name: privacyTasks.run,
      attempts: 5,
      run: async (context, payload) =>
        void (await runRetention(context.services, book(), "asked", String(payload["askedBy"]), progressOf(context))),
    },
    {
      name: privacyTasks.preview,
      run: (context, payload) =>
        previewRetention(context.services, book(), String(payload["area"]), progressOf(context)),
    },
    {
      name: privacyTasks.erase,
      attempts: 5,
      run: (context, payload) => eraseByRequest(context.services, book(), String(payload["requestId"])),
    },
    {
      name: privacyTasks.withdrawals,
      attempts: 5,
      run: (context) => runWithdrawals(context.services, book()),
    },
  ];
}
