import { join } from "node:path";
import type { RegisterDefinition } from "#registers/contract";
import { registryPersonTables, type PersonTable } from "#registry";
import { ledgerPersonTables } from "#ledger";
import type { DomainModule } from "../platform/module.ts";
import { enqueue } from "../platform/tasks/queue.ts";
import { duplicatesCommands } from "./commands.ts";
import { seedDuplicates } from "./demo.ts";
import { mergeHandlers } from "./merge/handlers.ts";
import { duplicatesPersonTables } from "./own-tables.ts";
import { pairHandlers } from "./pairs/handlers.ts";
import { duplicatesPermissions } from "./permissions.ts";
import { registerPersonTables, type PaidRegister } from "./tables.ts";
import { DUPLICATES_QUEUE, duplicatesTasks } from "./task-names.ts";
import { taskDefinitions } from "./tasks.ts";
import { transferHandlers } from "./transfers/handlers.ts";
import { duplicatesHoldings } from "./holdings.ts";

export interface DuplicatesOptions {
  readonly registers: readonly RegisterDefinition[];
  readonly paid: readonly PaidRegister[];
  /** Tables of other domains that name a person and are no registers. */
  readonly tables: readonly PersonTable[];
}

/** Every table of the program that names a person; a test holds it against the database's catalogue. */
export function allPersonTables({ registers, paid, tables }: DuplicatesOptions): readonly PersonTable[] {
  return [
    ...registryPersonTables,
    ...ledgerPersonTables,
    ...duplicatesPersonTables,
    ...registerPersonTables(registers, paid),
    ...tables,
  ];
}

export function duplicatesModule(options: DuplicatesOptions): DomainModule {
  const tables = allPersonTables(options);
  return {
    name: "duplicates",
    migrations: join(import.meta.dirname, "migrations"),
    holdings: duplicatesHoldings,
    handlers: [...pairHandlers(tables), ...mergeHandlers(tables), ...transferHandlers],
    tasks: taskDefinitions({ tables }),
    subscribers: {
      "ledger.applied": async (tx, _services, { batchId, region }) => {
        await enqueue(
          tx,
          {
            name: duplicatesTasks.matchBatch,
            payload: { batchId: String(batchId) },
            subject: `ledger.batch:${String(batchId)}`,
            region: String(region),
            queue: DUPLICATES_QUEUE,
          },
          null,
        );
      },
    },
    commands: duplicatesCommands,
    permissions: {
      [duplicatesPermissions.merge]: {
        label: "判断疑似重复、合并档案",
        duties: ["county-clerk", "reviewer", "city-dispatcher"],
      },
      [duplicatesPermissions.transfer]: {
        label: "办理跨县转移",
        duties: ["county-clerk", "reviewer", "city-dispatcher", "province-dispatcher"],
      },
    },
    seedDemo: seedDuplicates,
  };
}
