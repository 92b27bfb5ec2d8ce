import type { Keys } from "../keys.ts";

const DIGITS = 12;

/** Stands for a person in the audit row of a list that showed him: 48 bits of a keyed hash, which lead back to nobody without the key. */
export const shownMark = (keys: Keys, personId: string): string =>
  keys.keyedHash("row", `shown|${personId}`).slice(0, DIGITS);

export const shownMarks = (keys: Keys, persons: readonly (string | null | undefined)[]): string[] => [
  ...new Set(persons.flatMap((personId) => (personId ? [shownMark(keys, personId)] : []))),
];
