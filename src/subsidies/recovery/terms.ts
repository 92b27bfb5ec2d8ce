import { addWorkdays } from "../../platform/dates/workdays.ts";
import type { RecoveryState } from "../contract.ts";

/** Working days of what an office does next with a case. No source gives numbers (AMB-29): placeholders, like those of claims. */
const WITHIN: Partial<Record<RecoveryState, number>> = { filed: 5, heard: 10, "write-off": 10 };

/** Last day of what a state awaits of the office; what it awaits of the payee has a day of its own. */
export function recoveryDueOn(state: RecoveryState, businessDate: string): string | null {
  const days = WITHIN[state];
  return days === undefined ? null : addWorkdays(businessDate, days);
}
