import { TWO_DIGITS, type DayNumber } from "./calendar.ts";
import { purpose } from "./purposes.ts";
import type { RandomSource } from "./random.ts";

const IDENTITY_CHECKS = "10X98765432";
/** 2^(18 − i) mod 11 for the i-th digit from the left (GB 11643). */
const IDENTITY_WEIGHTS = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2] as const;

/** The number of somebody first registered in `county` (six digits); an odd sequence is a man's. */
export function identityNumber(county: string, birth: DayNumber, sequence: number): string {
  const year = Math.floor(birth / 10_000);
  const month = Math.floor(birth / 100) % 100;
  const day = birth % 100;
  let sum = YEAR_SUMS[year]! + MONTH_SUMS[month]! + DAY_SUMS[day]! + SEQUENCE_SUMS[sequence]!;
  for (let i = 0; i < 6; i++) sum += (county.charCodeAt(i) - 48) * IDENTITY_WEIGHTS[i]!;
  // In two halves: texts of up to twelve characters are joined at once, longer ones stay in pieces until somebody reads them.
  const first = county + FOUR_DIGITS[year] + TWO_DIGITS[month];
  return first + (TWO_DIGITS[day]! + THREE_DIGITS[sequence] + IDENTITY_CHECKS[sum % 11]);
}

/** For every number of `length` digits: its digits times the weights of the places from `first` on. */
function weightSums(length: number, first: number): Uint16Array {
  return Uint16Array.from({ length: 10 ** length }, (_, n) => {
    const digits = String(n).padStart(length, "0");
    let sum = 0;
    for (let i = 0; i < length; i++) sum += Number(digits[i]) * IDENTITY_WEIGHTS[first + i]!;
    return sum;
  });
}

const YEAR_SUMS = weightSums(4, 6);
const MONTH_SUMS = weightSums(2, 10);
const DAY_SUMS = weightSums(2, 12);
const SEQUENCE_SUMS = weightSums(3, 14);
const THREE_DIGITS: readonly string[] = Array.from({ length: 1000 }, (_, n) => String(n).padStart(3, "0"));
const FOUR_DIGITS: readonly string[] = Array.from({ length: 10_000 }, (_, n) => String(n).padStart(4, "0"));

/** Mobile prefixes in use, without those of data cards and virtual operators. */
const PHONE_PREFIXES =
  "134 135 136 137 138 139 147 150 151 152 157 158 159 178 182 183 184 187 188 198 130 131 132 155 156 166 175 176 185 186 133 153 173 177 180 181 189 191 199".split(
    " ",
  );

export function phoneNumber(random: RandomSource, at: number): string {
  const prefix = PHONE_PREFIXES[random.below(PHONE_PREFIXES.length, purpose.phone, at)]!;
  return prefix + eightDigits(random.draw(purpose.phoneEnd, at));
}

function eightDigits(draw: number): string {
  return FOUR_DIGITS[Math.floor(draw / 10_000) % 10_000]! + FOUR_DIGITS[draw % 10_000]!;
}

/** A card number of nineteen digits that passes the check of ISO/IEC 7812. */
export function bankAccount(random: RandomSource): string {
  const first = `6230${eightDigits(random.draw(purpose.bank))}${String(random.below(1_000_000, purpose.bankEnd)).padStart(6, "0")}`;
  let sum = 0;
  for (let i = 0; i < first.length; i++) {
    const doubled = (first.charCodeAt(first.length - 1 - i) - 48) * (i % 2 === 0 ? 2 : 1);
    sum += doubled > 9 ? doubled - 9 : doubled;
  }
  return first + ((10 - (sum % 10)) % 10);
}

/** GB 32100: digits and capitals without I, O, S, V, Z. */
const CREDIT_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY";
const CREDIT_WEIGHTS = [1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28] as const;
/** GB 11714: the organisation's own nine characters inside the code carry their own check, modulo 11 over base 36. */
const ORGANISATION_ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";
const ORGANISATION_WEIGHTS = [3, 7, 9, 10, 5, 8, 4, 2] as const;

/** The code of an enterprise. `region`: six digits. `serial` makes it unique in the region. */
export function creditCode(region: string, serial: number): string {
  let own = "MA";
  for (let i = 0, rest = serial; i < 6; i++, rest = Math.floor(rest / CREDIT_ALPHABET.length)) {
    own += CREDIT_ALPHABET[rest % CREDIT_ALPHABET.length];
  }
  const rest = weightedSum(own, ORGANISATION_ALPHABET, ORGANISATION_WEIGHTS) % 11;
  const seventeen = `91${region}${own}${rest === 0 ? "0" : rest === 1 ? "X" : 11 - rest}`;
  return seventeen + CREDIT_ALPHABET[(31 - (weightedSum(seventeen, CREDIT_ALPHABET, CREDIT_WEIGHTS) % 31)) % 31];
}

function weightedSum(text: string, alphabet: string, weights: readonly number[]): number {
  return weights.reduce((sum, weight, i) => sum + weight * alphabet.indexOf(text[i]!), 0);
}
