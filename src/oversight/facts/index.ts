import type { FactSource } from "#kernel/contract";
import type { HelpSource } from "#registry";
import { benefitFacts } from "./benefits.ts";
import { employmentFacts } from "./employment.ts";
import { officeFacts } from "./offices.ts";
import { postFacts } from "./posts.ts";
import { registryFacts } from "./registry.ts";

/** What checks ask of what was done and paid, across the domains that hold it. `helps`: help to persons, of the domains that keep any. */
export const oversightFacts = (helps: readonly HelpSource[]): readonly FactSource[] => [
  ...postFacts,
  ...benefitFacts,
  ...employmentFacts,
  ...officeFacts,
  ...registryFacts(helps),
];
