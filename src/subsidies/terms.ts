import { addWorkdays } from "../platform/dates/workdays.ts";
import type { ClaimState } from "./contract.ts";

/**
 * Working days within which the act that a state awaits is to be done. The sources say 及时 and give no number (AMB-29): these are
 * placeholders until an office's own document says otherwise.
 */
const WITHIN: Partial<Record<ClaimState, number>> = {
  proposed: 20,
  submitted: 5,
  accepted: 10,
  checked: 5,
  escalated: 5,
  approved: 5,
  cleared: 10,
  paying: 10,
  paid: 5,
};

/** Last day of the act that `state` awaits; null where the clock stands (补正, 公示) or nothing is awaited. */
export function dueOn(state: ClaimState, businessDate: string): string | null {
  const days = WITHIN[state];
  return days === undefined ? null : addWorkdays(businessDate, days);
}

/** From this amount on, in fen, the approval of a second level is asked (sample: 50,000 yuan; no source gives a number). */
export const MAJOR_AMOUNT_FEN = 5_000_000;
