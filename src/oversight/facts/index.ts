import type { FactSource } from "#kernel/contract";
import { benefitFacts } from "./benefits.ts";
import { employmentFacts } from "./employment.ts";
import { officeFacts } from "./offices.ts";
import { postFacts } from "./posts.ts";

/** What checks ask of what was done and paid, across the domains that hold it. */
export const oversightFacts: readonly FactSource[] = [
  ...postFacts,
  ...benefitFacts,
  ...employmentFacts,
  ...officeFacts,
];
