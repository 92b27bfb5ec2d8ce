import type { BatchState, ClaimState, PaymentState, PushState, ReviewState } from "../contract.ts";

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
export const pushTones: Record<PushState, Tone> = {
  waiting: "outline",
  sending: "soon",
  sent: "blue",
  failed: "late",
  visit: "soon",
  visited: "done",
};
export const reviewTones: Record<ReviewState, Tone> = {
  open: "soon",
  upheld: "done",
  rejected: "plain",
  withdrawn: "outline",
};
