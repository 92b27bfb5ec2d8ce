import type { OutcomeName } from "#policy/contract";
import { writeAddress } from "../../ui/index.ts";
import {
  recoveryActLabels,
  type BatchState,
  type ClaimState,
  type DifferenceKind,
  type DifferenceState,
  type PaymentState,
  type RecoveryAct,
  type RecoveryState,
  type ApplicationState,
  type LineState,
  type OfferKind,
  type PrepaymentState,
  type PushState,
  type ReviewState,
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
export const outcomeTones: Record<OutcomeName, Tone> = {
  ELIGIBLE: "done",
  ELIGIBLE_UP_TO_CAP: "done",
  PARTLY_ELIGIBLE: "done",
  NOT_YET: "soon",
  UNKNOWN: "soon",
  REVIEW: "soon",
  PARAM_MISSING: "outline",
  NOT_ELIGIBLE: "plain",
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
export const differenceTones: Record<DifferenceState, Tone> = {
  open: "soon",
  arrears: "blue",
  recovery: "blue",
  "re-examined": "plain",
  dismissed: "outline",
  gone: "done",
};
export const kindTones: Record<DifferenceKind, Tone> = { short: "soon", over: "late", unclear: "outline" };
export const recoveryTones: Record<RecoveryState, Tone> = {
  filed: "soon",
  notified: "blue",
  heard: "soon",
  repaying: "blue",
  "write-off": "soon",
  settled: "done",
  "written-off": "plain",
  cancelled: "outline",
  refunding: "soon",
  refunded: "done",
};

export const recoveryActWords = (act: string): string =>
  act === "file" ? "立案" : recoveryActLabels[act as RecoveryAct];

/** Fen as ten thousands of yuan: sums stand in strips where the exact figure stands below. */
export const wan = (fen: number): string =>
  (fen / 1_000_000).toLocaleString("en-US", { minimumFractionDigits: 2, maximumFractionDigits: 2 });

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
/** Where the money of a claim, a payment, an article or a fund is traced. */
export const tracePath = (of: string): string => `/trace${writeAddress({ of })}`;
