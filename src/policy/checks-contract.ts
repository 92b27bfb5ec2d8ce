import { z } from "zod";
import { basis } from "./words-contract.ts";

const checkCondition = z.object({
  id: z.string(),
  says: z.string(),
  /** met: this part of the finding is there. */
  state: z.enum(["met", "failed", "unknown"]),
  basis: basis.nullable(),
  facts: z.array(z.object({ label: z.string(), value: z.string().nullable(), supplier: z.string() })),
});

/** Why a check says that something is wrong with one record. */
export const checkExplanation = z.object({
  message: z.string(),
  conditions: z.array(checkCondition),
  unless: checkCondition.nullable(),
});
export type CheckExplanationView = z.output<typeof checkExplanation>;
