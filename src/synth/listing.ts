import { monthOf, type MonthNumber } from "./calendar.ts";
import { purpose } from "./purposes.ts";
import type { RandomSource } from "./random.ts";

/**
 * Months that can be generated. A place of a household sees at most two generations of persons in so many months, which
 * is what keeps identity numbers unique.
 */
export const FIRST_MONTH: MonthNumber = monthOf(2020, 1);
export const LAST_MONTH: MonthNumber = monthOf(2029, 12);

/** Months from one person's entry into a place to the next one's. */
const GENERATION = 130;
/** Months of a generation without anybody: the one was taken off the list, the next is not yet on it. */
const SHORTEST_GAP = 5;
const GAP_SPREAD = 10;
/** Once in so many months a person is missing from the ledgers for one to three months. */
const MONTHS_PER_ABSENCE = 560;
const LONGEST_ABSENCE = 3;
const WORKING_AGE = 16;
const LAST_AGE = 70;

export interface Generation {
  readonly number: number;
  /** First month of the generation. */
  readonly begins: MonthNumber;
  /** The first month of the gap after it. */
  readonly ends: MonthNumber;
}

const FOR_EVER: Generation = { number: 0, begins: monthOf(2014, 1), ends: monthOf(2100, 1) };

/** Heads and their spouses stay; in every other place persons follow one another. `slotRandom` belongs to the place. */
export function generationAt(month: MonthNumber, position: number, slotRandom: RandomSource): Generation {
  if (position < 2) return FOR_EVER;
  const shifted = month + slotRandom.below(GENERATION, purpose.generationPhase);
  const number = Math.floor(shifted / GENERATION);
  const begins = month - (shifted % GENERATION);
  return {
    number,
    begins,
    ends: begins + GENERATION - SHORTEST_GAP - slotRandom.below(GAP_SPREAD, purpose.generationGap, number),
  };
}

export type Listing = "listed" | "away" | "not-yet" | "removed";

/** First month in which the person may stand on a list: the one after the sixteenth birthday. */
export function firstListed(generation: Generation, birthMonth: MonthNumber): MonthNumber {
  return Math.max(generation.begins, birthMonth + WORKING_AGE * 12 + 1);
}

/** `away`: missing from this month's ledger although on it before and after. */
export function listingAt(
  month: MonthNumber,
  generation: Generation,
  birthMonth: MonthNumber,
  random: RandomSource,
): Listing {
  const first = firstListed(generation, birthMonth);
  if (month < first) return "not-yet";
  if (month >= generation.ends || month >= birthMonth + (LAST_AGE + 1) * 12) return "removed";
  const shifted = month + random.below(MONTHS_PER_ABSENCE, purpose.awayPhase);
  const absent = shifted % MONTHS_PER_ABSENCE;
  if (
    absent >= LONGEST_ABSENCE ||
    absent > random.below(LONGEST_ABSENCE, purpose.awayLength, Math.floor(shifted / MONTHS_PER_ABSENCE))
  )
    return "listed";
  // An absence that would begin with the listing itself is none: nobody has missed the person yet.
  return month - absent > first ? "away" : "listed";
}
