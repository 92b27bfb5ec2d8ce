import { readIdentityNumber } from "#registry";
import { weightOf, type MatchReason } from "./reasons.ts";

/** What two records are compared by. The number is opened for candidates only, and forgotten with them. */
export interface ComparedPerson {
  readonly personId: string;
  readonly name: string;
  readonly sex: number | null;
  readonly birthDate: string | null;
  readonly home: string;
  readonly householdId: string | null;
  readonly identityKind: string;
  readonly number: string;
  readonly phoneHash: string | null;
  readonly bankHash: string | null;
}

export interface Score {
  /** 0 to 100. */
  readonly score: number;
  readonly reasons: readonly MatchReason[];
}

const DIGITS = { village: 12, town: 9, county: 6 } as const;

/** How likely two records are of one person, with the reasons it is made of. The order of the two does not matter. */
export function scorePair(a: ComparedPerson, b: ComparedPerson): Score {
  const reasons: MatchReason[] = [];
  const number = numberReason(a, b);
  if (number) reasons.push(number);
  if (a.name === b.name) reasons.push("name");
  if (a.birthDate !== null && a.birthDate === b.birthDate) reasons.push("birth");
  const place = placeReason(a.home, b.home);
  if (place) reasons.push(place);
  if (a.phoneHash !== null && a.phoneHash === b.phoneHash) reasons.push("phone");
  if (a.bankHash !== null && a.bankHash === b.bankHash) reasons.push("bank");
  if (a.householdId !== null && a.householdId === b.householdId) reasons.push("household");
  if (isKnownSex(a.sex) && isKnownSex(b.sex) && a.sex !== b.sex) reasons.push("sex-differs");
  return scored(reasons);
}

export function scored(reasons: readonly MatchReason[]): Score {
  const sum = reasons.reduce((total, reason) => total + weightOf(reason), 0);
  return { score: Math.max(0, Math.min(100, sum)), reasons };
}

/** GB/T 2261.1: 1 male, 2 female; others say nothing. */
const isKnownSex = (sex: number | null): boolean => sex === 1 || sex === 2;

function placeReason(a: string, b: string): MatchReason | null {
  for (const [level, digits] of Object.entries(DIGITS) as [keyof typeof DIGITS, number][])
    if (a.length >= digits && a.slice(0, digits) === b.slice(0, digits)) return level;
  return null;
}

function numberReason(a: ComparedPerson, b: ComparedPerson): MatchReason | null {
  const [one, other] = [readIdentityNumber(a.number), readIdentityNumber(b.number)];
  const numbers = [one.ok ? one.number : a.number, other.ok ? other.number : b.number] as const;
  if (numbers[0] === "" || numbers[1] === "") return null;
  if (numbers[0] === numbers[1]) return "number-same";
  const valid = (reading: typeof one) => reading.ok && reading.kind === "resident-id";
  if (isOneSlip(...numbers)) return valid(one) === valid(other) ? "number-near" : "number-typed";
  return valid(one) && valid(other) ? "numbers-apart" : null;
}

/** Position of the check character, which a slip before it changes too where somebody made the number fit again. */
const CHECKED_LENGTH = 18;

/** One character differs, or two neighbours have changed places; the check character besides. */
export function isOneSlip(a: string, b: string): boolean {
  if (a.length !== b.length) return false;
  const until = a.length === CHECKED_LENGTH ? CHECKED_LENGTH - 1 : a.length;
  const differing: number[] = [];
  for (let at = 0; at < until; at++) {
    if (a[at] === b[at]) continue;
    differing.push(at);
    if (differing.length > 2) return false;
  }
  const [first, second] = differing;
  if (second === undefined) return true;
  return second === first! + 1 && a[first!] === b[second] && a[second] === b[first!];
}

/** Two of one household, each with the other's number: neither number fits its own bearer, both fit when changed. */
export function areSwapped(a: ComparedPerson, b: ComparedPerson): boolean {
  const [one, other] = [readIdentityNumber(a.number), readIdentityNumber(b.number)];
  if (!one.ok || !other.ok || one.sex === null || other.sex === null) return false;
  const fits = (reading: typeof one, person: ComparedPerson) =>
    reading.birthDate === person.birthDate && reading.sex === (person.sex === 1 ? "male" : "female");
  if (!isKnownSex(a.sex) || !isKnownSex(b.sex) || a.birthDate === null || b.birthDate === null) return false;
  return !fits(one, a) && !fits(other, b) && fits(one, b) && fits(other, a);
}
