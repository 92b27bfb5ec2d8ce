import { daysBetween, monthName, type Tone } from "../../ui/index.ts";
import {
  handoverDueOn,
  handoverRuleOf,
  ledgerKindLabels,
  type BatchState,
  type BatchSummary,
  type DifferenceKind,
} from "../contract.ts";

/** "2025年8月务工情况台账": how an officer calls a batch. A table of no known kind has its own title. */
export function batchTitle(batch: Pick<BatchSummary, "kind" | "month" | "title" | "complete">): string {
  const name = batch.kind === "other" && batch.title ? batch.title : ledgerKindLabels[batch.kind];
  return `${monthName(batch.month)}${name}${batch.complete ? "" : "（补充）"}`;
}

export const stateTones: Record<BatchState, Tone> = {
  receiving: "blue",
  mapping: "soon",
  checking: "blue",
  comparing: "blue",
  compared: "soon",
  applying: "blue",
  applied: "done",
  undoing: "blue",
  undone: "plain",
  refused: "late",
  discarded: "plain",
};

/** States in which the server works by itself; the page follows its progress. */
export const busyStates: ReadonlySet<BatchState> = new Set([
  "receiving",
  "checking",
  "comparing",
  "applying",
  "undoing",
]);

/** What an officer does next with a batch, in two to four words; null: nothing. */
export const nextSteps: Record<BatchState, string | null> = {
  receiving: "看进度",
  mapping: "确认列",
  checking: "看进度",
  comparing: "看进度",
  compared: "看差异",
  applying: "看进度",
  applied: null,
  undoing: "看进度",
  undone: null,
  refused: "看原因",
  discarded: null,
};

/** Colours of the six kinds, for squares and stacked bars; the word stands beside. */
export const differenceColours: Record<DifferenceKind, string> = {
  new: "var(--blue)",
  changed: "var(--blue-step)",
  vanished: "var(--amber-mark)",
  returned: "var(--green-mark)",
  moved: "var(--control)",
  conflicting: "var(--red)",
};

/** By which day a table was owed and how many days it came after; null for one that no text dates, or that only adds to one. */
export function punctualityOf(
  batch: Pick<BatchSummary, "region" | "kind" | "month" | "complete" | "receivedOn">,
): { readonly dueOn: string; readonly lateBy: number; readonly source: string } | null {
  const rule = handoverRuleOf(batch.region, batch.kind);
  if (!rule || !batch.complete) return null;
  const dueOn = handoverDueOn(rule, batch.month);
  return { dueOn, lateBy: Math.max(0, daysBetween(dueOn, batch.receivedOn)), source: rule.source };
}

export function sumOf(values: Readonly<Record<string, number | undefined>>): number {
  return Object.values(values).reduce<number>((sum, value) => sum + (value ?? 0), 0);
}

/** Under which the workbench remembers where an officer stopped in a batch. */
export function leaveMarkKey(batchId: string): string {
  return `ledger ${batchId}`;
}
