import { join } from "node:path";
import type { DomainModule } from "../platform/module.ts";
import { ledgerModule } from "#ledger";
import { auditModule } from "#audit";
import { identityModule } from "#identity";
import { registersModule } from "#registers";
import { registryModule } from "#registry";
import { duplicatesModule } from "./module.ts";

/** What duplicates stand on, without the domains that only have rows to be moved. */
export const duplicatesTestModules: readonly DomainModule[] = [
  registryModule,
  auditModule,
  identityModule,
  registersModule([]),
  ledgerModule,
  { ...duplicatesModule({ registers: [], paid: [], tables: [] }), migrations: join(import.meta.dirname, "migrations") },
];
