import { formatDay, isCalendarDay } from "../../platform/dates/index.ts";
import type { Sex } from "./person.ts";

/** GB 11643-1999: ISO 7064 MOD 11-2 over seventeen digits. */
const WEIGHTS = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2] as const;
const CHECK_CHARACTERS = "10X98765432";
const CHECK_CODES = Uint8Array.from(CHECK_CHARACTERS, (character) => character.charCodeAt(0));
const ZERO = 48;

/** WEIGHTED[position * 10 + digit] = weight × digit modulo 11, so that the check is additions only. */
const WEIGHTED = Uint8Array.from({ length: 170 }, (_, i) => (WEIGHTS[Math.trunc(i / 10)]! * (i % 10)) % 11);

/** The remainder that picks the check character; -1 when one of the first seventeen characters is no digit. */
function remainder(number: string): number {
  let sum = 0;
  for (let i = 0; i < 17; i++) {
    const digit = number.charCodeAt(i) - ZERO;
    if (!(digit >= 0 && digit <= 9)) return -1;
    sum += WEIGHTED[i * 10 + digit]!;
  }
  return sum % 11;
}

/** The eighteenth character for seventeen digits; null when they are not digits. */
export function checkCharacter(seventeen: string): string | null {
  const rest = seventeen.length < 17 ? -1 : remainder(seventeen);
  return rest < 0 ? null : CHECK_CHARACTERS[rest]!;
}

/** Seventeen digits and the right check character. Says nothing of date and place. Allocates nothing. */
export function hasValidCheck(number: string): boolean {
  if (number.length !== 18) return false;
  const rest = remainder(number);
  return rest >= 0 && number.charCodeAt(17) === CHECK_CODES[rest];
}

/**
 * The one digit that, put at `position` (0 to 16), makes the check fit; null when none does or it stands there already. Weights are prime to
 * eleven, so that there is never a second.
 */
export function fittingDigit(number: string, position: number): string | null {
  const rest = remainder(number);
  const wanted = CHECK_CODES.indexOf(number.charCodeAt(17));
  if (rest < 0 || wanted < 0) return null;
  const present = number.charCodeAt(position) - ZERO;
  const others = rest - WEIGHTED[position * 10 + present]! + 11;
  for (let digit = 0; digit <= 9; digit++) {
    if (digit !== present && (others + WEIGHTED[position * 10 + digit]!) % 11 === wanted) return String(digit);
  }
  return null;
}

/** The digits 7 to 14 are a day that exists, from 1850 on. Allocates nothing. */
export function hasValidBirthDate(number: string): boolean {
  const year = digits(number, 6, 10);
  return year >= 1850 && isCalendarDay(year, digits(number, 10, 12), digits(number, 12, 14));
}

/** Birth date `YYYY-MM-DD` of an eighteen-character number; null when the day does not exist. */
export function birthDateOf(number: string): string | null {
  if (!hasValidBirthDate(number)) return null;
  return formatDay(digits(number, 6, 10), digits(number, 10, 12), digits(number, 12, 14));
}

/** Odd is male, even female, in the seventeenth digit. */
export function sexOf(number: string): Sex {
  return (number.charCodeAt(16) & 1) === 1 ? "male" : "female";
}

/**
 * The eighteen characters of a number of the first generation (15 digits, year of birth in two): 19 is put before the year and the check
 * character added. Those born before 1900 are not told apart. Null when the text is not fifteen digits.
 */
export function upgrade15(number: string): string | null {
  if (!/^\d{15}$/.test(number)) return null;
  const seventeen = `${number.slice(0, 6)}19${number.slice(6)}`;
  return seventeen + checkCharacter(seventeen)!;
}

/** NaN when a character is no digit, which no comparison passes. */
function digits(text: string, from: number, to: number): number {
  let value = 0;
  for (let i = from; i < to; i++) {
    const digit = text.charCodeAt(i) - ZERO;
    if (!(digit >= 0 && digit <= 9)) return Number.NaN;
    value = value * 10 + digit;
  }
  return value;
}
