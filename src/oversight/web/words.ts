import type { FindingOutcome, FindingRow, FindingState, SeverityName } from "../contract.ts";

type Tone = "plain" | "blue" | "late" | "soon" | "done" | "outline";

export const stateTones: Record<FindingState, Tone> = {
  found: "soon",
  assigned: "blue",
  heard: "blue",
  decided: "plain",
  closed: "done",
};
/** A suspicion is no violation: it never bears the colour of one. */
export const outcomeTones: Record<FindingOutcome, Tone> = { VIOLATION: "late", WARNING: "soon", SUSPECTED: "outline" };
export const severityTones: Record<SeverityName, Tone> = { H: "late", M: "soon", L: "outline" };

/** Whom or what it is about, in a word. */
export const subjectOf = ({ personName, place }: Pick<FindingRow, "personName" | "place">): string =>
  personName ?? place.name;
