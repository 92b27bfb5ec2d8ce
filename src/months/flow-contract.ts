import { defineFlow } from "../platform/contract.ts";

export const monthStates = ["open", "submitted", "acknowledged", "returned"] as const;
export type MonthState = (typeof monthStates)[number];
export const monthStateLabels: Record<MonthState, string> = {
  open: "未关账",
  submitted: "已上报",
  acknowledged: "已签收",
  returned: "已退回",
};

export const monthActs = ["submit", "seal", "acknowledge", "return", "reopen"] as const;
export type MonthAct = (typeof monthActs)[number];
export const monthActLabels: Record<MonthAct, string> = {
  submit: "关账上报",
  seal: "关账",
  acknowledge: "签收",
  return: "退回",
  reopen: "重开",
};

/**
 * 一个地区一个月的关账. The region itself submits (a town confirms its month by it); the level above acknowledges or returns, and
 * only it, who acknowledged, reopens. Where nobody stands above, in the province, closing is final at once (seal).
 */
export const monthFlow = defineFlow<MonthState, MonthAct>({
  open: { submit: "submitted", seal: "acknowledged" },
  returned: { submit: "submitted", seal: "acknowledged" },
  submitted: { acknowledge: "acknowledged", return: "returned" },
  acknowledged: { reopen: "returned" },
});

/** Acts of the region's own office; the others are those of the level above. */
export const ownActs: readonly MonthAct[] = ["submit", "seal"];
export const isClosed = (state: MonthState): boolean => state === "submitted" || state === "acknowledged";

/** Something about a month that waits for this officer. */
export interface MonthDuty {
  readonly key: string;
  readonly act: "submit" | "acknowledge" | "chase" | "resubmit";
  readonly month: string;
  readonly due: string;
  readonly done: number;
  readonly of: number;
  /** Why it was returned. */
  readonly reason: string;
}
