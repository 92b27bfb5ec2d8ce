/**
 * How numbers of persons are shown to those who need not know them whole. Masks are stored, so that no list decrypts.
 * First six and last four of an identity number (experience.md); all of a shorter document but its ends.
 */
export function maskIdentity(number: string): string {
  if (number.length === 18 || number.length === 15)
    return number.slice(0, 6) + "*".repeat(number.length - 10) + number.slice(-4);
  return maskMiddle(number, 2, 2);
}

/** 187****4402; a landline keeps its area code and last two digits. */
export function maskPhone(number: string): string {
  return number.length === 11 && number.startsWith("1")
    ? `${number.slice(0, 3)}****${number.slice(-4)}`
    : maskMiddle(number, 4, 2);
}

/** 龙*平: enough for him to know that it is he. */
export function maskName(name: string): string {
  const letters = [...name];
  return letters
    .map((letter, index) => (index === 0 || (index === letters.length - 1 && index > 1) ? letter : "*"))
    .join("");
}

/** Last four digits, as banks print it. */
export function maskBankAccount(number: string): string {
  return maskMiddle(number, 0, 4);
}

/** Shorter runs of digits are dates, amounts and house numbers. */
const MASKED_IN_TEXT = 11;
const MASKED_IN_CELL = 8;

/** Free text to be kept, without the identity numbers, phones and accounts that may stand in it: those are kept sealed only. */
export function maskNumbers(text: string): string {
  return maskRuns(text, MASKED_IN_TEXT);
}

/** What stood in a cell, without showing a number that may be somebody's: a damaged one is shorter than it should be. */
export function maskCell(text: string): string {
  return maskRuns(text, MASKED_IN_CELL);
}

function maskRuns(text: string, shortest: number): string {
  return text.replaceAll(/\d{6,}[\dXx]*/g, (number) =>
    number.length >= 15 ? maskIdentity(number) : number.length >= shortest ? maskPhone(number) : number,
  );
}

function maskMiddle(text: string, head: number, tail: number): string {
  const hidden = text.length - head - tail;
  if (hidden < 2) return "*".repeat(text.length);
  return text.slice(0, head) + "*".repeat(hidden) + text.slice(-tail);
}
