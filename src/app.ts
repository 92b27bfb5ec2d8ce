import { auditModule } from "#audit";
import { identityModule } from "#identity";
import { jobsFacts, jobsModule } from "#jobs";
import { ledgerModule } from "#ledger";
import { DICTIONARIES, policyModule, sharedSource } from "#policy";
import { registryModule } from "#registry";
import { synthModule } from "#synth";
import { workbenchModule } from "#workbench";
import type { DomainModule } from "./platform/module.ts";
import { registersTables } from "./registers/fixtures.ts";

/** Facts that rules may ask for: of the domains that hold them, and for every other dictionary the rows handed over for it. */
const held = [...jobsFacts];
const sources = [
  ...held,
  ...DICTIONARIES.filter(({ name }) => !held.some((source) => source.name === name)).map(sharedSource),
];

/**
 * The program: its domains, in the order of their tables and of their demonstration data (the domains that rules judge stand on the
 * people that `synth` brings). The only composition root.
 */
export const modules: readonly DomainModule[] = [
  registryModule,
  auditModule,
  identityModule,
  registersTables,
  ledgerModule,
  workbenchModule,
  synthModule,
  jobsModule,
  policyModule({
    sources,
    claims: {
      sql: "SELECT NULL::text AS benefit_key, NULL::date AS event_date, NULL::integer AS months WHERE false",
      subjects: {},
    },
  }),
];
