import { z } from "zod";
import { fen, id, plainDate, query } from "../../platform/contract.ts";
import { registryPermissions } from "../permissions.ts";
import { personRow } from "../persons/contract.ts";
import { regionName } from "../regions/contract.ts";

export const householdPage = z.object({
  householdId: id,
  householdNo: z.string(),
  headName: z.string().nullable(),
  home: regionName,
  kind: z.string().nullable(),
  perCapitaIncomeFen: fen.nullable(),
  relocationSite: z.string().nullable(),
  recordedOn: plainDate,
  sourceLabel: z.string(),
  batchId: id.nullable(),
  members: z.array(personRow.extend({ relationToHead: z.string().nullable(), birthDate: plainDate.nullable() })),
});
export type HouseholdPage = z.output<typeof householdPage>;

export const getHousehold = query({
  path: "/api/registry/households/:householdId",
  summary: "查看家庭",
  access: { permission: registryPermissions.read },
  audit: "query",
  input: z.object({ householdId: id }),
  output: householdPage,
});
