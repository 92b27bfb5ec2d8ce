import { join } from "node:path";
import type { FactSource } from "#kernel";
import { CurrentRulebook } from "#policy";
import type { DomainModule } from "../platform/module.ts";
import { enqueue } from "../platform/tasks/queue.ts";
import { oversightCommands } from "./commands.ts";
import { HANDLING_DUTIES } from "./duties.ts";
import { actHandlers } from "./findings/acts.ts";
import { exportHandler } from "./findings/export.ts";
import { readingHandlers } from "./findings/reading.ts";
import { checkBatch, checkEverything, checkPersons } from "./findings/run.ts";
import { oversightPermissions } from "./permissions.ts";
import { oversightTasks } from "./task-names.ts";

/** After the rules of payment have been asked anew (policy), when offices sleep. */
const NIGHTLY = "30 19 * * *";

/** 监督核查: checks over the facts that all domains publish, and the cases of what they find. */
export function oversightModule({ sources }: { readonly sources: readonly FactSource[] }): DomainModule {
  const rulebook = new CurrentRulebook(sources);
  return {
    name: "oversight",
    migrations: join(import.meta.dirname, "migrations"),
    // Behind the printed address, after the first screening, which the same queue holds.
    seedDemo: async ({ database }) => {
      const task = { name: oversightTasks.everything, payload: {}, subject: "oversight", region: "", queue: "policy" };
      await enqueue(database.worker, task, null);
    },
    handlers: [...readingHandlers(rulebook), ...actHandlers(rulebook), exportHandler(rulebook)],
    tasks: [
      {
        name: oversightTasks.everything,
        schedule: NIGHTLY,
        run: (context) => checkEverything(rulebook, context),
      },
      {
        name: oversightTasks.batch,
        run: (context, payload) => checkBatch(rulebook, context, String(payload["batchId"])),
      },
      {
        name: oversightTasks.persons,
        run: (context, payload) => checkPersons(rulebook, context, payload["personIds"] as string[]),
      },
    ],
    subscribers: {
      "ledger.applied": async (tx, _services, { batchId, region }) => {
        await enqueue(
          tx,
          {
            name: oversightTasks.batch,
            payload: { batchId: String(batchId) },
            subject: `ledger.batch:${String(batchId)}`,
            region: String(region),
            // Behind the screening of the same batch, which gathers the same persons.
            queue: "policy",
          },
          null,
        );
      },
      "duplicates.merged": async (tx, _services, { personIds }) => {
        const task = { name: oversightTasks.persons, payload: { personIds }, subject: "oversight.merged", region: "" };
        await enqueue(tx, { ...task, queue: "policy" }, null);
      },
    },
    commands: (program, open) => oversightCommands(program, open, rulebook),
    permissions: {
      [oversightPermissions.read]: { label: "查看疑点核查", duties: [...HANDLING_DUTIES, "leader", "policy"] },
      [oversightPermissions.assign]: {
        label: "分派、移送疑点",
        duties: ["county-clerk", "reviewer", "city-dispatcher", "province-dispatcher", "auditor"],
      },
      [oversightPermissions.handle]: { label: "核查疑点、听取意见", duties: HANDLING_DUTIES },
      [oversightPermissions.decide]: {
        label: "认定、办结疑点",
        duties: ["reviewer", "city-dispatcher", "province-dispatcher", "auditor"],
      },
      [oversightPermissions.export]: {
        label: "导出疑点清单",
        duties: ["county-clerk", "reviewer", "city-dispatcher", "province-dispatcher", "auditor"],
      },
      [oversightPermissions.run]: {
        label: "立即核查",
        duties: ["reviewer", "city-dispatcher", "province-dispatcher", "auditor", "policy"],
      },
    },
  };
}
