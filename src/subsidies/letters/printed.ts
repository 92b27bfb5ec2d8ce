import { dayWords } from "../../platform/day-words.ts";
import type { LetterRow } from "./store.ts";

/** A letter as every format prints it. */
export interface PrintedLetter {
  readonly head: string;
  readonly number: string;
  readonly title: string;
  /** The first line, where it ends as one that calls somebody does. */
  readonly addressee: string | null;
  readonly paragraphs: readonly string[];
  readonly signature: readonly string[];
  /** At the foot: by which anybody can see whether a copy is the one that was issued. */
  readonly digest: string;
}

const CALLS = /[：:]$/;

export function printedLetter(letter: LetterRow): PrintedLetter {
  const lines = letter.body
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "");
  const [first = "", ...rest] = lines;
  const called = CALLS.test(first);
  return {
    head: letter.office,
    number: letter.number,
    title: letter.title,
    addressee: called ? first : null,
    paragraphs: called ? rest : lines,
    signature: [letter.office, dayWords(letter.issued_on)],
    digest: `校验码 ${letter.digest}`,
  };
}
