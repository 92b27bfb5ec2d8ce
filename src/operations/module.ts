import { sql } from "kysely";
import { programVersion } from "../platform/config.ts";
import { handle, type DomainModule } from "../platform/module.ts";
import { operationsCommands } from "./commands.ts";
import { getOperations, listSlowStatements, operationsPermissions } from "./contract.ts";
import { figuresOf } from "./figures.ts";
import { countSlowInDay, listInstances, pageOfSlow, refusalsOfDay, removeOld } from "./store.ts";

/** `modules`: every module of the program, for the figures that they declare. */
export function operationsModule(modules: () => readonly DomainModule[]): DomainModule {
  return {
    name: "operations",
    handlers: [
      handle(getOperations, async ({ tx, services }) => {
        const figure = figuresOf(
          services.database.worker,
          modules().flatMap((module) => module.gauges ?? []),
        );
        const number = async (name: string, labels?: Record<string, string>) => (await figure(name, labels)) ?? 0;
        const { rows } = await sql<{ version: string }>`SELECT current_setting('server_version') AS version`.execute(
          tx,
        );
        return {
          version: programVersion,
          instances: await listInstances(tx),
          queue: {
            waiting: await number("wengang.task.queue.depth", { state: "waiting" }),
            running: await number("wengang.task.queue.depth", { state: "running" }),
            givenUp: await number("wengang.task.queue.depth", { state: "given_up" }),
            oldestSeconds: await number("wengang.task.queue.age"),
            failedInDay: await number("wengang.task.failed"),
          },
          ages: {
            backup: await figure("wengang.backup.age"),
            seal: await figure("wengang.audit.seal.age"),
            unsealed: await number("wengang.audit.unsealed.age"),
            digest: await figure("wengang.audit.digest.age"),
          },
          batchesInWork: await number("wengang.ledger.batches"),
          database: {
            version: rows[0]!.version,
            bytes: await number("wengang.database.size"),
            connections: await number("wengang.database.connections"),
            connectionsLimit: await number("wengang.database.connections.limit"),
            oldestTransactionSeconds: await number("wengang.database.transaction.age"),
          },
          slow: { limitMs: services.config.slowMs, inDay: await countSlowInDay(tx) },
          refusals: await refusalsOfDay(tx),
        };
      }),
      handle(listSlowStatements, ({ tx }, { hours, ...page }) => pageOfSlow(tx, hours, page)),
    ],
    tasks: [
      {
        name: "operations.tidy",
        // 03:50 in China; the queue's clock is UTC.
        schedule: "50 19 * * *",
        run: ({ services }) => removeOld(services.database.worker),
      },
    ],
    permissions: { [operationsPermissions.watch]: { label: "查看运行状态", duties: ["system-admin"] } },
    commands: operationsCommands,
  };
}
