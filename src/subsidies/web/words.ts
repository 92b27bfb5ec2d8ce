import { writeAddress } from "../../ui/index.ts";
import { claimActLabels, type BatchState, type ClaimAct, type ClaimState, type PaymentState } from "../contract.ts";

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
/** An event's act in words: what happens to a claim without an officer's act stands in its history too. */
export const actWords = (act: string): string =>
  act === "find" ? "筛查生成" : act === "lapse" ? "已不符合" : (claimActLabels[act as ClaimAct] ?? act);

/** Where the money of a claim, a payment, an article or a fund is traced. */
export const tracePath = (of: string): string => `/trace${writeAddress({ of })}`;
