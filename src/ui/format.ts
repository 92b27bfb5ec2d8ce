import { Temporal } from "temporal-polyfill";

export { addMonths, daysBetween, lateness } from "../platform/dates/index.ts";

const CHINA = "Asia/Shanghai";
const weekdays = ["星期一", "星期二", "星期三", "星期四", "星期五", "星期六", "星期日"];

/** 20583 → "20,583". */
export function count(value: number): string {
  return Math.round(value)
    .toString()
    .replace(/\B(?=(\d{3})+$)/g, ",");
}

/** Fen → "33,600.00"; a value nobody has set is "待定", never 0. */
export function yuan(fen: number | null | undefined): string {
  if (fen === null || fen === undefined) return "待定";
  const sign = fen < 0 ? "-" : "";
  const whole = Math.trunc(Math.abs(fen) / 100);
  return `${sign}${count(whole)}.${String(Math.abs(fen) % 100).padStart(2, "0")}`;
}

/** Per ten thousand → "3.0%". */
export function perTenThousand(value: number): string {
  return `${Math.trunc(value / 100)}.${String(Math.trunc((value % 100) / 10))}%`;
}

/** "2025-09-22" → "9月22日". */
export function shortDate(date: string): string {
  const day = Temporal.PlainDate.from(date);
  return `${day.month}月${day.day}日`;
}

/** "2025-09-22" → "9月22日 星期一". */
export function dateWithWeekday(date: string): string {
  return `${shortDate(date)} ${weekdays[Temporal.PlainDate.from(date).dayOfWeek - 1]}`;
}

/** "2025-08" → "2025年8月". */
export function monthName(month: string): string {
  const value = Temporal.PlainYearMonth.from(month);
  return `${value.year}年${value.month}月`;
}

/** "2025-08" → "8月", for places where the year is plain. */
export function shortMonth(month: string): string {
  return `${Temporal.PlainYearMonth.from(month).month}月`;
}

/** A moment with offset, in China's time: "9月19日 16:42", with the year when it is not `thisYear`. */
export function moment(instant: string, thisYear?: string): string {
  const local = Temporal.Instant.from(instant).toZonedDateTimeISO(CHINA);
  const time = `${String(local.hour).padStart(2, "0")}:${String(local.minute).padStart(2, "0")}`;
  const day = local.toPlainDate().toString();
  return thisYear && day.startsWith(thisYear.slice(0, 4)) ? `${local.month}月${local.day}日 ${time}` : `${day} ${time}`;
}

/** The calendar day of a moment in China. */
export function dayOf(instant: string): string {
  return Temporal.Instant.from(instant).toZonedDateTimeISO(CHINA).toPlainDate().toString();
}

/** 1536000 → "1.5 MB". */
export function fileSize(bytes: number): string {
  const units = ["B", "KB", "MB", "GB"];
  let value = bytes;
  let unit = 0;
  while (value >= 1024 && unit < units.length - 1) {
    value /= 1024;
    unit += 1;
  }
  return `${unit === 0 ? value : value.toFixed(1)} ${units[unit]}`;
}

/** 1 → A, 27 → AA: how a sheet names its columns. */
export function columnLetters(column: number): string {
  let letters = "";
  for (let left = column; left > 0; left = Math.floor((left - 1) / 26))
    letters = String.fromCodePoint(65 + ((left - 1) % 26)) + letters;
  return letters;
}
