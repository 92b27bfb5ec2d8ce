import type {
  ApplicationState,
  BatchState,
  ClaimState,
  LineState,
  OfferKind,
  PaymentState,
  PrepaymentState,
} from "../contract.ts";

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

/** Fen as ten thousands of yuan: sums stand in strips where the exact figure stands below. */
export const wan = (fen: number): string => (fen / 1_000_000).toFixed(2);

/** Tenths as offices read them: 125 → "12.5". */
export const tenths = (value: number): string => (value / 10).toFixed(1);
export const applicationTones: Record<ApplicationState, Tone> = {
  draft: "outline",
  forwarded: "soon",
  returned: "late",
  lodged: "blue",
  withdrawn: "outline",
};
export const lineTones: Record<LineState, Tone> = {
  draft: "outline",
  waiting: "soon",
  claimed: "done",
  refused: "late",
};
export const offerTones: Record<OfferKind, Tone> = {
  found: "done",
  ready: "done",
  facts: "soon",
  report: "plain",
  "not-yet": "outline",
  running: "blue",
  refused: "late",
};
export const prepaymentTones: Record<PrepaymentState, Tone> = {
  open: "soon",
  void: "outline",
  settled: "done",
  owed: "late",
};
