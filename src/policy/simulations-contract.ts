import { z } from "zod";
import { action, id, pageOf, paging, plainDate, query, regionCode } from "../platform/contract.ts";
import { policyPermissions } from "./permissions.ts";
import { outcomes, versionRow } from "./words-contract.ts";

const amounts = z.object({ rows: z.int(), persons: z.int(), amountFen: z.int() });
export const simulationReport = z.object({
  rows: z.int(),
  seconds: z.number(),
  outcomes: z.array(z.object({ outcome: z.enum(outcomes), rows: z.int(), amountFen: z.int() })),
  byCounty: z.array(amounts.extend({ county: z.string(), countyName: z.string() })),
  byFund: z.array(amounts.extend({ fund: z.string() })),
  /** Which fact is missing for how many rows. */
  unknown: z.array(z.object({ fact: z.string(), supplier: z.string(), rows: z.int() })),
  refusedBy: z.array(z.object({ condition: z.string(), says: z.string(), rows: z.int(), alone: z.int() })),
  /** Against the other version: who gains and who loses, by the condition that makes the difference. */
  difference: z
    .object({
      winners: amounts,
      losers: amounts,
      more: amounts,
      less: amounts,
      wonBy: z.array(z.object({ says: z.string(), rows: z.int(), amountFen: z.int() })),
      lostBy: z.array(z.object({ says: z.string(), rows: z.int(), amountFen: z.int() })),
      before: amounts,
      byCounty: z.array(
        z.object({ county: z.string(), countyName: z.string(), winners: z.int(), losers: z.int(), changeFen: z.int() }),
      ),
    })
    .nullable(),
});
export type SimulationReport = z.output<typeof simulationReport>;

export const simulationRow = z.object({
  simulationId: id,
  title: z.string(),
  versionId: id,
  version: versionRow,
  beside: versionRow.nullable(),
  region: z.string(),
  regionName: z.string(),
  asOf: plainDate,
  askedByName: z.string(),
  askedAt: z.iso.datetime(),
  finished: z.boolean(),
  /** The work that answers it; null once nobody remembers it. */
  taskId: id.nullable(),
});

/** Any version, draft or past, over the registry as it is, at any date; nothing of the registry is written. */
export const simulateRule = action({
  path: "/api/policy/simulations",
  summary: "测算规则",
  access: { permission: policyPermissions.simulate },
  input: z.object({ versionId: id, beside: id.optional(), region: regionCode.optional(), asOf: plainDate.optional() }),
  output: z.object({ simulationId: id, taskId: id }),
});
export const getSimulation = query({
  path: "/api/policy/simulations/:simulationId",
  summary: "查看测算",
  access: { permission: policyPermissions.simulate },
  input: z.object({ simulationId: id }),
  output: simulationRow.extend({ report: simulationReport.nullable() }),
});
export const listSimulations = query({
  path: "/api/policy/simulations",
  summary: "查看测算记录",
  access: { permission: policyPermissions.simulate },
  input: z.object({ versionId: id.optional(), ...paging }),
  output: pageOf(simulationRow),
});
