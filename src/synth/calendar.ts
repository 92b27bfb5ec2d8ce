/**
 * Months as numbers (year × 12 + month − 1) and days as numbers (YYYYMMDD): a province's ledger handles eighty million of
 * them, and both compare and count as they are. Texts are made only where a row leaves.
 */
export type MonthNumber = number;
export type DayNumber = number;

export function monthNumber(month: string): MonthNumber {
  const match = /^(\d{4})-(0[1-9]|1[0-2])$/.exec(month);
  if (!match) throw new RangeError(`not a month: ${month}`);
  return monthOf(Number(match[1]), Number(match[2]));
}

/** `month` from 1 to 12. */
export function monthOf(year: number, month: number): MonthNumber {
  return year * 12 + month - 1;
}

function yearOfMonth(month: MonthNumber): number {
  return Math.floor(month / 12);
}

export function monthText(month: MonthNumber): string {
  return `${yearOfMonth(month)}-${TWO_DIGITS[(month % 12) + 1]}`;
}

export const TWO_DIGITS: readonly string[] = Array.from({ length: 100 }, (_, n) => String(n).padStart(2, "0"));

export function dayIn(month: MonthNumber, day: number): DayNumber {
  return yearOfMonth(month) * 10_000 + ((month % 12) + 1) * 100 + day;
}

export function monthOfDay(day: DayNumber): MonthNumber {
  return monthOf(Math.floor(day / 10_000), Math.floor(day / 100) % 100);
}

export function daysInMonth(month: MonthNumber): number {
  const m = (month % 12) + 1;
  if (m === 2) return isLeap(yearOfMonth(month)) ? 29 : 28;
  return m === 4 || m === 6 || m === 9 || m === 11 ? 30 : 31;
}

function isLeap(year: number): boolean {
  return (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
}

export function lastDayOf(month: MonthNumber): DayNumber {
  return dayIn(month, daysInMonth(month));
}

/** 2024-03-05 */
export function isoDay(day: DayNumber): string {
  return `${Math.floor(day / 10_000)}-${TWO_DIGITS[Math.floor(day / 100) % 100]}-${TWO_DIGITS[day % 100]}`;
}

/** Days since 1970-01-01; negative before. */
export function countDays(day: DayNumber): number {
  const month = Math.floor(day / 100) % 100;
  const year = Math.floor(day / 10_000) - (month <= 2 ? 1 : 0);
  const era = Math.floor(year / 400);
  const yearOfEra = year - era * 400;
  const dayOfYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + (day % 100) - 1;
  return (
    era * 146_097 + yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear - 719_468
  );
}

/** The inverse of `countDays`. */
export function dayFromCount(count: number): DayNumber {
  const z = count + 719_468;
  const era = Math.floor(z / 146_097);
  const dayOfEra = z - era * 146_097;
  const yearOfEra = Math.floor(
    (dayOfEra - Math.floor(dayOfEra / 1460) + Math.floor(dayOfEra / 36_524) - Math.floor(dayOfEra / 146_096)) / 365,
  );
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const shifted = Math.floor((5 * dayOfYear + 2) / 153);
  const month = shifted < 10 ? shifted + 3 : shifted - 9;
  const year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0);
  return year * 10_000 + month * 100 + (dayOfYear - Math.floor((153 * shifted + 2) / 5) + 1);
}

/** Completed years on the last day of a month. */
export function ageAtEndOf(month: MonthNumber, birth: DayNumber): number {
  return Math.floor((month - monthOfDay(birth)) / 12);
}
