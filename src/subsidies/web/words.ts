import type { BatchState, ClaimState, PaymentState } from "../contract.ts";

type Tone = "plain" | "blue" | "late" | "soon" | "done" | "outline";

export const claimTones: Record<ClaimState, Tone> = {
  proposed: "outline",
  submitted: "soon",
  accepted: "blue",
  correction: "soon",
  checked: "blue",
  escalated: "soon",
  approved: "plain",
  published: "blue",
  cleared: "soon",
  paying: "blue",
  paid: "done",
  closed: "done",
  refused: "late",
  withdrawn: "outline",
};
export const batchTones: Record<BatchState, Tone> = {
  draft: "outline",
  frozen: "soon",
  released: "blue",
  sent: "blue",
  settled: "done",
  cancelled: "outline",
};
export const paymentTones: Record<PaymentState, Tone> = {
  planned: "outline",
  sent: "blue",
  paid: "done",
  returned: "late",
  cancelled: "outline",
};

/** Tenths as offices read them: 125 → "12.5". */
export const tenths = (value: number): string => (value / 10).toFixed(1);
