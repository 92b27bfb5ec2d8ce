import {
  birthDateOf,
  checkCharacter,
  fittingDigit,
  hasValidBirthDate,
  hasValidCheck,
  sexOf,
} from "./identity-check.ts";
import type { Sex } from "./person.ts";

/** What else the row says of the person; each makes the list of repairs shorter. */
export interface IdentityHints {
  /** `YYYY-MM-DD`, from the row's own birth date cell. */
  birthDate?: string | null;
  sex?: Sex | null;
  /** Whether six digits are a county's code, in force or former. */
  knownPrefix?: (code6: string) => boolean;
  /** First digits that are likely, as the county of the ledger; only orders the list. */
  likelyPrefix?: string;
}

/** More would be guessing, and the clerk has the person's card to look at. */
const MOST_CANDIDATES = 3;
const DIGITS = "0123456789";

/**
 * Numbers one slip away that satisfy the check, the calendar and the hints, likeliest first: neighbours swapped, then one digit mistyped, then
 * the check character alone; for 17 and 19 characters one lost or doubled. Without hints each of sixteen digits could be the wrong one: when
 * more than three repairs are left, only swaps are listed, the rest would be guesses. Never to be applied without a person's consent.
 */
export function repairCandidates(number: string, hints: IdentityHints): string[] {
  if (number.length === 18) return repairsOfFull(number, hints);
  if (number.length === 17) return likeliest(insertions(number), hints);
  if (number.length === 19) return likeliest(deletions(number), hints);
  return [];
}

function repairsOfFull(number: string, hints: IdentityHints): string[] {
  const swapped = plausible(swaps(number), hints);
  const check = checkCharacter(number.slice(0, 17));
  const recomputed = check === null ? [] : plausible([number.slice(0, 17) + check], hints);
  const all = [...new Set([...swapped, ...plausible(substitutions(number), hints), ...recomputed])];
  return all.length <= MOST_CANDIDATES ? all : swapped.slice(0, MOST_CANDIDATES);
}

/** All of them when they are few; otherwise none: any three of sixteen would look like knowledge. */
function likeliest(numbers: Iterable<string>, hints: IdentityHints): string[] {
  const found = plausible(numbers, hints);
  return found.length <= MOST_CANDIDATES ? found : [];
}

function plausible(numbers: Iterable<string>, hints: IdentityHints): string[] {
  const found = new Set<string>();
  for (const number of numbers) if (hasValidCheck(number) && fits(number, hints)) found.add(number);
  const likely = hints.likelyPrefix;
  if (likely === undefined) return [...found];
  return [...found].toSorted((a, b) => Number(b.startsWith(likely)) - Number(a.startsWith(likely)));
}

function fits(number: string, hints: IdentityHints): boolean {
  if (!hasValidBirthDate(number)) return false;
  if (hints.birthDate != null && birthDateOf(number) !== hints.birthDate) return false;
  if ((hints.sex === "male" || hints.sex === "female") && sexOf(number) !== hints.sex) return false;
  return hints.knownPrefix?.(number.slice(0, 6)) ?? true;
}

function* swaps(number: string): Generator<string> {
  for (let i = 0; i < 17; i++) {
    if (number[i] === number[i + 1]) continue;
    yield number.slice(0, i) + number[i + 1] + number[i] + number.slice(i + 2);
  }
}

/** The check character is left to the last: it can always be made to fit. */
function* substitutions(number: string): Generator<string> {
  for (let i = 0; i < 17; i++) {
    const digit = fittingDigit(number, i);
    if (digit !== null) yield number.slice(0, i) + digit + number.slice(i + 1);
  }
}

function* deletions(number: string): Generator<string> {
  for (let i = 0; i < number.length; i++) yield number.slice(0, i) + number.slice(i + 1);
}

function* insertions(number: string): Generator<string> {
  for (let i = 0; i <= number.length; i++) {
    for (const digit of i === 17 ? `${DIGITS}X` : DIGITS) yield number.slice(0, i) + digit + number.slice(i);
  }
}
