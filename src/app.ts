import { auditModule } from "#audit";
import { identityModule } from "#identity";
import { ledgerModule } from "#ledger";
import { registersModule } from "#registers";
import { registryModule } from "#registry";
import { synthModule } from "#synth";
import { workbenchModule } from "#workbench";
import type { DomainModule } from "./platform/module.ts";

/** The program: its domains, in the order in which they may know one another. The only composition root. */
export const modules: readonly DomainModule[] = [
  registryModule,
  auditModule,
  identityModule,
  registersModule([]),
  ledgerModule,
  workbenchModule,
  synthModule,
];
