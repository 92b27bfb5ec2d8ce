import { createHash } from "node:crypto";

/** A published line as its digest has it: everything that anybody sees of it, and the village by its code. */
export interface ListLine {
  readonly line: number;
  readonly village: string;
  readonly payeeName: string;
  readonly identityMask: string;
  readonly persons: number;
  readonly amountFen: number;
}

/** The text over which `insertPublication` makes the digest in SQL: one line a row, parts between bars. */
export const lineText = ({ line, village, payeeName, identityMask, persons, amountFen }: ListLine): string =>
  [line, village, payeeName, identityMask, persons, amountFen].join("|");

const LINE = /^(\d+)\|(\d*)\|(.*)\|([^|]*)\|(\d+)\|(\d+)$/s;

/** Null where it is no line of a list. */
export function readLineText(text: string): ListLine | null {
  const found = LINE.exec(text);
  if (!found) return null;
  const [, line, village, payeeName, identityMask, persons, amountFen] = found;
  return {
    line: Number(line),
    village: village!,
    payeeName: payeeName!,
    identityMask: identityMask!,
    persons: Number(persons),
    amountFen: Number(amountFen),
  };
}

const sha256 = (text: string): string => createHash("sha256").update(text).digest("hex");

/** 名单校验码: hexadecimal SHA-256 over the lines in their order. */
export const digestOfLines = (lines: readonly ListLine[]): string => sha256(lines.map(lineText).join("\n"));

/** Names one line of one list: by it an altered line is found among thousands. */
const MARK_DIGITS = 12;
export const markOf = (number: string, line: string): string => sha256(`${number}\n${line}`).slice(0, MARK_DIGITS);
export const marksOf = (number: string, lines: readonly ListLine[]): string =>
  lines.map((line) => markOf(number, lineText(line))).join("");
export const markAt = (marks: string, index: number): string =>
  marks.slice(index * MARK_DIGITS, (index + 1) * MARK_DIGITS);

/** What is said and signed of a list in its proof. */
export interface ListAbout {
  readonly list: string;
  readonly digest: string;
  readonly lines: number;
  readonly marks: string;
}

/** The subject of the row in the audit log that proves a list to everybody. */
export const listSubject = (publicationId: string): string => `subsidies.publication-list:${publicationId}`;
