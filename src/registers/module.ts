import { join } from "node:path";
import type { DomainModule, Services } from "../platform/module.ts";
import { registerCommands } from "./commands.ts";
import type { RegisterDefinition } from "./definition.ts";
import { definitionFaults } from "./facts.ts";
import { importHandlers } from "./import/handlers.ts";
import { taskDefinitions } from "./import/tasks.ts";
import { registersPermissions } from "./permissions.ts";
import { editHandlers } from "./rows/edit.ts";
import { exportHandler } from "./rows/export.ts";
import { readHandlers } from "./rows/read.ts";
import { Shelf } from "./shelf.ts";
import { registersHoldings } from "./holdings.ts";

/** The registers of all domains: import, lists, forms, history and export are made from their definitions. */
export function registersModule(definitions: readonly RegisterDefinition[]): DomainModule {
  const shelf = new Shelf(definitions);
  return {
    name: "registers",
    migrations: join(import.meta.dirname, "migrations"),
    holdings: registersHoldings(definitions),
    handlers: [...readHandlers(shelf), ...editHandlers(shelf), exportHandler(shelf), ...importHandlers(shelf)],
    tasks: taskDefinitions(shelf),
    permissions: {
      [registersPermissions.read]: {
        label: "查看登记簿",
        duties: [
          "county-clerk",
          "reviewer",
          "town-officer",
          "city-dispatcher",
          "province-dispatcher",
          "finance",
          "auditor",
          "leader",
        ],
      },
      [registersPermissions.write]: { label: "登记、导入登记簿", duties: ["county-clerk", "town-officer"] },
      [registersPermissions.export]: {
        label: "导出登记簿",
        duties: ["county-clerk", "reviewer", "town-officer", "city-dispatcher", "province-dispatcher", "auditor"],
      },
    },
    commands: registerCommands,
    prepare: (services) => checkDefinitions(services, definitions),
  };
}

/** Throws when a definition and its table do not fit one another: found at the start and not at the first import. */
export async function checkDefinitions(
  { database }: Pick<Services, "database">,
  definitions: readonly RegisterDefinition[],
  /** Registers of other domains, to which these may refer. */
  elsewhere: readonly string[] = [],
): Promise<void> {
  const shelf = new Shelf(definitions);
  const known = new Set([...definitions.map(({ name }) => name), ...elsewhere]);
  const faults = [];
  for (const { name } of definitions) faults.push(...(await definitionFaults(database.worker, shelf.get(name), known)));
  if (faults.length > 0) throw new Error(faults.join("\n"));
}
