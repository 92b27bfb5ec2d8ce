/** Letters that stand for the check character X: Cyrillic and Greek capitals, the Roman ten, the sign of multiplication. */
const LIKE_X = /[xХхΧχⅩⅹ×✕]/gu;
/** Spaces of every width, dashes, and the quote that Excel users type to make a cell text. */
const NOT_PART = /[\s\u200B-\u200F\u202A-\u202E\uFEFF'‘’`´"“”\-‐-―−·.,，。、]+/gu;
/** 4.33124E+17: what a number format shows of a long number, its last digits gone. */
const SCIENTIFIC = /^[+-]?\d(?:[.,]\d+)?[eE]\+?\d{1,3}$/u;

/** Digits that a double holds for certain; Excel keeps no more and writes zeros for the rest. */
export const DIGITS_EXCEL_KEEPS = 15;

/** One form for a number typed by hand: half-width, upper case, without spaces, dashes and quotes. Repairs nothing else. */
export function normaliseNumberText(text: string): string {
  return text.replace(LIKE_X, "X").normalize("NFKC").replace(NOT_PART, "").toUpperCase();
}

export function isScientific(text: string): boolean {
  return SCIENTIFIC.test(text.trim());
}

/** Zeros where Excel lost the digits after the fifteenth: 433124199001010000. */
export function looksRounded(digits: string): boolean {
  return digits.length > DIGITS_EXCEL_KEEPS && /^0+$/u.test(digits.slice(DIGITS_EXCEL_KEEPS));
}
