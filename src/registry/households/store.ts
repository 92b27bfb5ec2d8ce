import type { Tx } from "../../platform/db/database.ts";
import { within, type Scope } from "../scope.ts";

export function householdById(tx: Tx, scope: Scope, householdId: string) {
  return tx
    .selectFrom("registry.household as h")
    .selectAll("h")
    .where("h.household_id", "=", householdId)
    .where(within("h.home_region", scope))
    .executeTakeFirst();
}

/** The household of a county that carries a number. */
export async function householdByNumber(tx: Tx, county: string, householdNo: string): Promise<string | null> {
  const row = await tx
    .selectFrom("registry.household as h")
    .select("h.household_id")
    .where(within("h.home_region", county))
    .where("h.household_no", "=", householdNo)
    .executeTakeFirst();
  return row?.household_id ?? null;
}

export function membersOf(tx: Tx, scope: Scope, householdId: string) {
  return tx
    .selectFrom("registry.person as p")
    .where("p.household_id", "=", householdId)
    .where("p.life_state", "=", "active")
    .where(within("p.home_region", scope));
}
