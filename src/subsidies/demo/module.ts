import type { DomainModule } from "../../platform/module.ts";
import { enqueue } from "../../platform/tasks/queue.ts";
import { optionsOf, type SubsidiesFacts } from "../options.ts";
import { subsidiesTasks } from "../task-names.ts";
import { tellHistory } from "./history.ts";

/**
 * The demonstration's months of money before today. It stands after the rulebook's module: what is claimed is what the first screening
 * has found, in whose queue it waits for it.
 */
export function subsidiesDemoModule(subsidies: DomainModule, facts: SubsidiesFacts): DomainModule {
  const options = optionsOf(facts);
  return {
    name: "subsidies-demo",
    seedDemo: async ({ database }) => {
      const task = { name: subsidiesTasks.history, payload: {}, subject: "subsidies.history", region: "" };
      await enqueue(database.worker, { ...task, queue: "policy" }, null);
    },
    tasks: [
      {
        name: subsidiesTasks.history,
        run: ({ services, progress }) => tellHistory(options, { services, progress }, subsidies),
      },
    ],
  };
}
