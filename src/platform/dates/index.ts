import { Temporal } from "temporal-polyfill";

/** A legal date, `YYYY-MM-DD`. Travels as text; never through `Date`, whose zone could move it by a day. */
export type PlainDateText = string;
/** A calendar month, `YYYY-MM`. */
export type MonthText = string;

const DAY = /^(\d{4})-(\d{2})-(\d{2})$/;
const MONTH = /^\d{4}-(0[1-9]|1[0-2])$/;

export function isPlainDate(text: string): boolean {
  const match = DAY.exec(text);
  return match !== null && isCalendarDay(Number(match[1]), Number(match[2]), Number(match[3]));
}

export function isMonth(text: string): boolean {
  return MONTH.test(text);
}

const DAYS_IN_MONTH = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31] as const;

/** True for days that exist in the Gregorian calendar: 30 February does not. Called per cell of a ledger, hence no objects. */
export function isCalendarDay(year: number, month: number, day: number): boolean {
  if (month < 1 || month > 12 || day < 1) return false;
  if (month === 2 && day === 29) return isLeapYear(year);
  return day <= DAYS_IN_MONTH[month - 1]!;
}

export function isLeapYear(year: number): boolean {
  return (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
}

export function daysInMonth(year: number, month: number): number {
  return month === 2 && isLeapYear(year) ? 29 : DAYS_IN_MONTH[month - 1]!;
}

export function formatDay(year: number, month: number, day: number): PlainDateText {
  const years = year < 1000 ? String(year).padStart(4, "0") : year;
  return `${years}-${month < 10 ? "0" : ""}${month}-${day < 10 ? "0" : ""}${day}`;
}

const DAYS_PER_400_YEARS = 146_097;
const DAYS_TO_EPOCH = 719_468;

/** Days from 1970-01-01, negative before it. By arithmetic, with years that begin in March: called per cell of a ledger. */
export function daysSinceEpoch(date: PlainDateText): number {
  const month = Number(date.slice(5, 7));
  const year = Number(date.slice(0, 4)) - (month <= 2 ? 1 : 0);
  const era = Math.floor(year / 400);
  const yearOfEra = year - era * 400;
  const dayOfYear = Math.floor((153 * ((month + 9) % 12) + 2) / 5) + Number(date.slice(8, 10)) - 1;
  const dayOfEra = yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear;
  return era * DAYS_PER_400_YEARS + dayOfEra - DAYS_TO_EPOCH;
}

export function addDays(date: PlainDateText, days: number): PlainDateText {
  return Temporal.PlainDate.from(date).add({ days }).toString();
}

export function monthOf(date: PlainDateText): MonthText {
  return date.slice(0, 7);
}

export function addMonths(month: MonthText, months: number): MonthText {
  return Temporal.PlainYearMonth.from(month).add({ months }).toString();
}

export function firstDay(month: MonthText): PlainDateText {
  return `${month}-01`;
}

export function lastDay(month: MonthText): PlainDateText {
  const [year, m] = month.split("-").map(Number) as [number, number];
  return formatDay(year, m, daysInMonth(year, m));
}

/** Days from one date until another; negative when that one lies before. */
export function daysBetween(from: PlainDateText, until: PlainDateText): number {
  return Temporal.PlainDate.from(from).until(Temporal.PlainDate.from(until), { largestUnit: "days" }).days;
}

/** Completed years of age on a day; somebody born on 29 February comes of age on 1 March in common years. */
export function ageOn(birth: PlainDateText, day: PlainDateText): number {
  const years = Number(day.slice(0, 4)) - Number(birth.slice(0, 4));
  return day.slice(5) >= birth.slice(5) ? years : years - 1;
}

/** How pressing: late or wrong, due within three days, or neither. */
export const urgencies = ["late", "soon", "plain"] as const;
export type Urgency = (typeof urgencies)[number];

export interface Lateness {
  readonly tone: Urgency;
  /** Days left; negative when it is over. */
  readonly days: number;
  /** "逾期 2 天", "今日", "还剩 3 天". */
  readonly words: string;
}

const SOON_DAYS = 3;

/** How a deadline stands on the business date. Three days before it the colour changes. */
export function lateness(due: PlainDateText, businessDate: PlainDateText): Lateness {
  const days = daysBetween(businessDate, due);
  if (days < 0) return { tone: "late", days, words: `逾期 ${(-days).toLocaleString("en-US")} 天` };
  if (days === 0) return { tone: "soon", days, words: "今日" };
  return { tone: days <= SOON_DAYS ? "soon" : "plain", days, words: `还剩 ${days.toLocaleString("en-US")} 天` };
}
