import { addWorkdays } from "../../platform/dates/workdays.ts";
import type { Tx } from "../../platform/db/database.ts";
import type { RecoveryState, SettingValue } from "../contract.ts";
import { inForce } from "../settings/store.ts";

export type RecoveryTerms = SettingValue<"recovery">;

/** What the office's setting says that it does next with a case; what it awaits of the payee has a day of its own. */
const AWAITED: Partial<Record<RecoveryState, keyof RecoveryTerms>> = {
  filed: "notify",
  heard: "decide",
  "write-off": "writeOff",
  refunding: "refund",
};

/** Terms of a case: as they were set for its office on the day on which it was filed, whatever has been set since. */
export async function termsOf(
  tx: Tx,
  { region, filed_on }: { readonly region: string; readonly filed_on: string },
): Promise<RecoveryTerms> {
  return (await inForce(tx, "recovery", [region], filed_on))(region);
}

/** Last day of what a state awaits of the office. */
export function recoveryDueOn(terms: RecoveryTerms, state: RecoveryState, businessDate: string): string | null {
  const term = AWAITED[state];
  return term === undefined ? null : addWorkdays(businessDate, terms[term]);
}
