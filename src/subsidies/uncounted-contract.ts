import { z } from "zod";
import { explanation, outcomes } from "#policy/contract";
import { id, paging, plainDate, query } from "../platform/contract.ts";
import { subsidiesPermissions } from "./permissions.ts";

const condition = explanation.shape.conditions.element.pick({ says: true, state: true, on: true, basis: true }).extend({
  facts: z.array(z.object({ label: z.string(), value: z.string().nullable() })),
});

/** One person (or other thing) because of whom the payee might be paid, and why this claim does not. */
const row = z.object({
  rowKey: z.string(),
  /** Null where the row is about no person. */
  personName: z.string().nullable(),
  identityMask: z.string().nullable(),
  outcome: z.enum(outcomes),
  eventDate: plainDate.nullable(),
  /** From when on it counts, if nothing else changes. */
  from: plainDate.nullable(),
  missingParameters: z.array(z.string()),
  /** Conditions that are not met; empty where it counts by now, and waits for the next claim. */
  reasons: z.array(condition),
});
export type UncountedRow = z.output<typeof row>;

const answer = z.object({
  asOf: plainDate,
  total: z.int(),
  byOutcome: z.array(z.object({ outcome: z.enum(outcomes), rows: z.int(), from: plainDate.nullable() })),
  rows: z.array(row),
});
export type Uncounted = z.output<typeof answer>;

/** Who of the payee's people stands in no claim, and for which condition: by today's facts. */
export const listUncounted = query({
  path: "/api/subsidies/claims/:claimId/uncounted",
  summary: "查看没有列入补贴件的人员和原因",
  access: { permission: subsidiesPermissions.read },
  audit: "query",
  input: z.object({ claimId: id, ...paging }),
  output: answer.extend({ rows: z.array(row.extend({ personId: id.nullable() })) }),
});

/** The same to the enterprise itself, which knows whom it employs: names are masked, and no number leads to a register. */
export const listMyUncounted = query({
  path: "/api/citizen/benefits/:claimId/uncounted",
  summary: "查看我的补贴没有列入的人员和原因",
  access: "account",
  input: z.object({ claimId: id, ...paging }),
  output: answer,
});
