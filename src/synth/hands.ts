import { TWO_DIGITS, type DayNumber } from "./calendar.ts";
import { evenChoice, type RandomSource } from "./random.ts";
import { purpose } from "./purposes.ts";

/** How an office writes days. None of these is an error: ledgers come like this. */
export interface Hand {
  day(day: DayNumber): string;
  /** A day of which only the month is known. */
  month(day: DayNumber): string;
}

/** As a system exports. */
export const systemHand: Hand = separated("-", true);

const officeHands = evenChoice<Hand>([
  systemHand,
  separated("/", false),
  separated(".", false),
  { day: (day) => `${year(day)}年${month(day)}月${day % 100}日`, month: (day) => `${year(day)}年${month(day)}月` },
  { day: String, month: (day) => String(Math.floor(day / 100)) },
]);

/** The hand of the clerk who fills in the tables of a village or office; the same in every month. */
export function officeHand(random: RandomSource, office: number): Hand {
  return random.pick(officeHands, purpose.officeStyle, office);
}

function separated(separator: string, padded: boolean): Hand {
  const text = padded ? (n: number) => TWO_DIGITS[n]! : String;
  // A ledger holds seven million days; years and days of the year are few.
  const years = Array.from({ length: 2100 }, (_, n) => String(n) + separator);
  const daysOfYear = Array.from({ length: 1232 }, (_, n) => text(Math.floor(n / 100)) + separator + text(n % 100));
  return {
    day: (day) => years[Math.floor(day / 10_000)]! + daysOfYear[day % 10_000],
    month: (day) => years[Math.floor(day / 10_000)]! + text(month(day)),
  };
}

function year(day: DayNumber): string {
  return String(Math.floor(day / 10_000));
}

function month(day: DayNumber): number {
  return Math.floor(day / 100) % 100;
}
