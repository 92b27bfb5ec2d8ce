/**
 * Calendar arithmetic on legal dates, `YYYY-MM-DD` text in the years 1 to 9999, which compare as text. Written out rather
 * than taken from a library because the phone's rules carry it along; `dates.test.ts` holds it against Temporal.
 * Everything is total: where no date of that range results, the answer is null, and the caller makes it an unknown.
 */
export type DateText = string;

/** How a period of months is counted (AMB-02): the first day counts (default), or it does not (Civil Code, articles 201 and 202). */
export type MonthCounting = "first-day-counts" | "civil-code";

const DAY = /^(\d{4})-(\d{2})-(\d{2})$/;
/** Longest shift of months that is computed: 9,999 years. Beyond it no date of the range can result. */
export const MAX_MONTHS = 119_988;
/** Longest shift of days that is computed. */
export const MAX_DAYS = 3_652_058;

export function isDate(text: string): boolean {
  const match = DAY.exec(text);
  if (!match) return false;
  const [year, month, day] = [Number(match[1]), Number(match[2]), Number(match[3])];
  return year >= 1 && month >= 1 && month <= 12 && day >= 1 && day <= daysInMonth(year, month);
}

function daysInMonth(year: number, month: number): number {
  if (month === 2) return (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0 ? 29 : 28;
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
}

export const yearOf = (date: DateText): number => Number(date.slice(0, 4));
export const monthOf = (date: DateText): number => Number(date.slice(5, 7));
export const dayOf = (date: DateText): number => Number(date.slice(8, 10));

function write(year: number, month: number, day: number): DateText | null {
  if (year < 1 || year > 9999) return null;
  const two = (part: number) => `${part < 10 ? "0" : ""}${part}`;
  return `${String(year).padStart(4, "0")}-${two(month)}-${two(day)}`;
}

/** The same day `months` later, or the month's last day where it has no such day. */
export function addMonths(date: DateText, months: number): DateText | null {
  if (Math.abs(months) > MAX_MONTHS) return null;
  const index = yearOf(date) * 12 + monthOf(date) - 1 + months;
  const [year, month] = [Math.floor(index / 12), (((index % 12) + 12) % 12) + 1];
  return write(year, month, Math.min(dayOf(date), daysInMonth(year, month)));
}

/** Days since 1 March of year 0, so that the leap day ends a year. */
function dayNumber(date: DateText): number {
  const month = monthOf(date);
  const year = yearOf(date) - (month <= 2 ? 1 : 0);
  const ofYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + dayOf(date) - 1;
  return year * 365 + Math.floor(year / 4) - Math.floor(year / 100) + Math.floor(year / 400) + ofYear;
}

export function addDays(date: DateText, days: number): DateText | null {
  if (Math.abs(days) > MAX_DAYS) return null;
  const number = dayNumber(date) + days;
  if (number < 0) return null;
  const era = Math.floor(number / 146_097);
  const ofEra = number - era * 146_097;
  const yearOfEra = Math.floor(
    (ofEra - Math.floor(ofEra / 1460) + Math.floor(ofEra / 36_524) - Math.floor(ofEra / 146_096)) / 365,
  );
  const ofYear = ofEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const shifted = Math.floor((5 * ofYear + 2) / 153);
  const month = shifted < 10 ? shifted + 3 : shifted - 9;
  const day = ofYear - Math.floor((153 * shifted + 2) / 5) + 1;
  return write(era * 400 + yearOfEra + (month <= 2 ? 1 : 0), month, day);
}

/** Days from one date to another: 0 for the same day, negative when reversed. */
export const daysBetween = (from: DateText, to: DateText): number => dayNumber(to) - dayNumber(from);

export function endOfMonth(date: DateText): DateText {
  return `${date.slice(0, 8)}${daysInMonth(yearOf(date), monthOf(date))}`;
}

/**
 * The day on which `months` months that begin on `start` are complete (满月日, AMB-02). Counting the first day: 2023-03-01 + 6 →
 * 2023-08-31, 2023-03-15 + 6 → 2023-09-14, 2023-08-31 + 6 → 2024-02-29. By the Civil Code: 2023-09-01, 2023-09-15, 2024-02-29.
 */
export function monthsCompleteOn(start: DateText, months: number, counting: MonthCounting): DateText | null {
  if (months < 0 || months > MAX_MONTHS) return null;
  if (counting === "civil-code") return addMonths(start, months);
  if (dayOf(start) > 1) return addMonths(addDays(start, -1)!, months);
  const last = addMonths(start, months - 1);
  return last === null ? null : endOfMonth(last);
}

/** How many months that begin on `from` are complete on `to` (整月数); 0 when none is, or when `to` lies before `from`. */
export function wholeMonths(from: DateText, to: DateText, counting: MonthCounting): number {
  if (to < from) return 0;
  const between = yearOf(to) * 12 + monthOf(to) - (yearOf(from) * 12 + monthOf(from));
  for (const months of [between + 1, between]) {
    const complete = monthsCompleteOn(from, months, counting);
    if (complete !== null && complete <= to) return months;
  }
  return Math.max(between - 1, 0);
}

/** Completed years of age (周岁); who was born on 29 February comes of age on 1 March in common years. Null before birth. */
export function ageOn(birth: DateText, day: DateText): number | null {
  if (day < birth) return null;
  const years = yearOf(day) - yearOf(birth);
  return day.slice(5) >= birth.slice(5) ? years : years - 1;
}
