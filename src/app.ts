import { auditModule } from "#audit";
import { backupModule } from "#backup";
import { brandsFacts, brandsModule, brandsPayees, brandsRegisters } from "#brands";
import { carriersFacts, carriersModule, carriersPayees, carriersRegisters } from "#carriers";
import { duplicatesModule, type DuplicatesOptions } from "#duplicates";
import { citizensModule, citizensPersonTables, findMandate } from "#citizens";
import { exportsModule } from "#exports";
import { identityModule } from "#identity";
import { jobsFacts, jobsHelps, jobsModule, jobsPayees, jobsRegisters } from "#jobs";
import { ledgerModule } from "#ledger";
import { monitoredModule } from "#monitored";
import {
  CurrentRulebook,
  DICTIONARIES,
  fillSamples,
  policyModule,
  policyPersonTables,
  sharedRegisters,
  sharedSource,
} from "#policy";
import { operationsModule } from "#operations";
import { oversightFacts, oversightModule } from "#oversight";
import { privacyModule, privacyPersonTables } from "#privacy";
import { monthsModule } from "#months";
import { registersModule } from "#registers";
import { registryModule } from "#registry";
import { startupsFacts, startupsModule, startupsPayees, startupsRegisters } from "#startups";
import {
  claims,
  subsidiesDemoModule,
  subsidiesFacts,
  subsidiesModule,
  subsidiesPersonTables,
  subsidiesRegisters,
} from "#subsidies";
import { synthModule } from "#synth";
import { trainingFacts, trainingHelps, trainingModule, trainingPayees, trainingRegisters } from "#training";
import { welfarePostsFacts, welfarePostsHelps, welfarePostsModule, welfarePostsRegisters } from "#welfare-posts";
import { workbenchModule } from "#workbench";
import type { DomainModule, Services } from "./platform/module.ts";

/** Help to persons, of the domains that keep any. */
const helps = [...jobsHelps, ...trainingHelps, ...welfarePostsHelps];

/** Facts that rules may ask for: of the domains that hold them, and for every other dictionary the rows handed over for it. */
const held = [
  ...jobsFacts,
  ...carriersFacts,
  ...brandsFacts,
  ...welfarePostsFacts,
  ...trainingFacts,
  ...startupsFacts,
  ...subsidiesFacts,
  ...oversightFacts(helps),
];
export const sources = [
  ...held,
  ...DICTIONARIES.filter(({ name }) => !held.some((source) => source.name === name)).map(sharedSource),
];

/** What rules are asked over: the facts of all domains, and the claims that limits count. */
export const rules = { sources, claims };

/** Who is behind what rules pay, of the domains that keep them. */
const payees = [...jobsPayees, ...carriersPayees, ...brandsPayees, ...trainingPayees, ...startupsPayees];

const subsidies = subsidiesModule({ sources, payees, findMandate });

/** Domains that hold facts, in the order in which they are filled. */
const holders: readonly DomainModule[] = [
  jobsModule,
  carriersModule,
  brandsModule,
  welfarePostsModule,
  trainingModule,
  startupsModule,
  subsidies,
];

/**
 * Fills a demonstration or a synthetic province that has persons with everything that rules ask of: what each domain holds, what
 * localities have set, and the rows of all other sources. Screening is left to whoever asks.
 */
export async function synthesizeFacts(services: Services): Promise<void> {
  for (const { seedDemo } of holders) await seedDemo?.(services);
  await fillSamples(services, new CurrentRulebook(sources));
}

const registers = [
  ...jobsRegisters,
  ...carriersRegisters,
  ...welfarePostsRegisters,
  ...trainingRegisters,
  ...startupsRegisters,
  ...brandsRegisters,
  ...subsidiesRegisters,
  ...sharedRegisters,
];

/** Where persons are named, and which of it is money: `paidOnce` are the columns by which two payments are one (E-ALL-06). */
export const duplicatesOptions: DuplicatesOptions = {
  registers,
  paid: [{ register: "past-benefits", paidOnce: ["benefit", "event_date"] }, { register: "startup-loans" }],
  tables: [
    ...policyPersonTables,
    ...citizensPersonTables,
    ...subsidiesPersonTables,
    { table: "oversight.finding", column: "person_id", key: ["finding_id"], on: "move" },
    { table: "oversight.finding", column: "person_id", key: ["finding_id"], on: "history" },
    ...privacyPersonTables,
  ],
};

/**
 * The program: its domains, in the order of their tables and of their demonstration data (the domains that rules judge stand on the
 * people that `synth` brings). The only composition root.
 */
export const modules: readonly DomainModule[] = [
  exportsModule(() => modules.flatMap(({ handlers }) => handlers ?? [])),
  registryModule,
  auditModule,
  identityModule,
  registersModule(registers),
  ledgerModule,
  workbenchModule,
  synthModule,
  ...holders,
  duplicatesModule(duplicatesOptions),
  monitoredModule(helps),
  // After the demonstration's people, posts and workshops, which its months count.
  monthsModule,
  policyModule(rules),
  subsidiesDemoModule(subsidies, { sources, payees, findMandate }),
  citizensModule,
  oversightModule(rules),
  privacyModule(() => modules),
  backupModule(() => modules),
  operationsModule(() => modules),
];
