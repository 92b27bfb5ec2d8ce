import { daysInMonth, formatDay, isCalendarDay } from "../dates/index.ts";
import { detached } from "../detached.ts";
import { cellText } from "./cell-text.ts";
import type { Cell } from "./cells.ts";

/** A date as an office wrote it. `month` precision: the day is the first of the month and means "some day of it". */
export type DateReading =
  | {
      readonly kind: "date";
      readonly date: string;
      readonly precision: "day" | "month";
      readonly repaired: "excel-date" | "full-width" | null;
    }
  | { readonly kind: "none" }
  | { readonly kind: "impossible"; readonly suggestion: string }
  /** The number 2024.1, which somebody may have typed as 2024.10. */
  | { readonly kind: "ambiguous" }
  | { readonly kind: "unreadable" };

const ISO = /^(\d{4})-(\d{2})-(\d{2})$/;
const SEPARATED = /^(\d{4})[-/.、](\d{1,2})(?:[-/.、](\d{1,2}))?(?:[T ]\d{1,2}:.*)?$/;
const CHINESE = /^(\d{4})年(\d{1,2})月(?:(\d{1,2})[日号]?)?$/;
const COMPACT = /^(\d{4})(\d{2})(\d{2})?$/;
const LOST_ZERO = /^\d{4}\.1$/;
const SERIAL = /^\d{5}(\.\d+)?$/;
/** 「至今」「长期」 in a column of ends mean that there is none. */
const OPEN = /^(至今|现在|目前|在岗|长期|无固定期限|无|—+|-+|\/|暂无|未结束)$/;

/** Days from 1899-12-30 (Excel's 1900 system with its phantom leap day) to 1970-01-01. */
const SERIAL_OF_EPOCH = 25_569;
const MS_PER_DAY = 86_400_000;
/** Serials of 1927 to 2064: other five-digit numbers in a date column are no dates. */
const SERIAL_FROM = 10_000;
const SERIAL_TO = 60_000;

const cache = new Map<string, DateReading>();
const CACHE_LIMIT = 100_000;

export function readDate(cell: Cell): DateReading {
  if (cell === null) return { kind: "none" };
  if (typeof cell === "number" && LOST_ZERO.test(String(cell))) return { kind: "ambiguous" };
  if (typeof cell === "object" && cell.kind === "formula") return readDate(cell.value);
  if (typeof cell === "object" && cell.kind === "date") {
    if (cell.precision === "time") return { kind: "unreadable" };
    if (cell.precision === "year") return { kind: "unreadable" };
    // Shown to the month, the cell may hold any day of it.
    if (cell.precision === "month")
      return { kind: "date", date: `${cell.text.slice(0, 7)}-01`, precision: "month", repaired: null };
    return { kind: "date", date: cell.text.slice(0, 10), precision: "day", repaired: null };
  }
  return readDateText(cellText(cell));
}

export function readDateText(text: string): DateReading {
  const known = cache.get(text);
  if (known) return known;
  const reading = parse(text);
  if (cache.size >= CACHE_LIMIT) cache.clear();
  cache.set(detached(text), reading);
  return reading;
}

function parse(text: string): DateReading {
  if (text === "") return { kind: "none" };
  const iso = ISO.exec(text);
  if (iso) return make(iso[1]!, iso[2]!, iso[3], null);
  const half = text.normalize("NFKC").replaceAll(/\s+/g, " ").trim();
  const repaired =
    half.length !== text.length || [...half].some((c, i) => c !== text[i]) ? ("full-width" as const) : null;
  if (OPEN.test(half)) return { kind: "none" };
  const dense = half.replaceAll(" ", "");
  const match = SEPARATED.exec(half) ?? CHINESE.exec(dense) ?? SEPARATED.exec(dense);
  if (match) return make(match[1]!, match[2]!, match[3], repaired);
  if (SERIAL.test(dense)) {
    const serial = Math.floor(Number(dense));
    if (serial < SERIAL_FROM || serial > SERIAL_TO) return { kind: "unreadable" };
    const day = new Date((serial - SERIAL_OF_EPOCH) * MS_PER_DAY);
    return { kind: "date", date: day.toISOString().slice(0, 10), precision: "day", repaired: "excel-date" };
  }
  const compact = COMPACT.exec(dense);
  return compact ? make(compact[1]!, compact[2]!, compact[3], repaired) : { kind: "unreadable" };
}

function make(y: string, m: string, d: string | undefined, repaired: "full-width" | null): DateReading {
  const year = Number(y);
  const month = Number(m);
  if (month < 1 || month > 12) return { kind: "unreadable" };
  if (d === undefined) return { kind: "date", date: formatDay(year, month, 1), precision: "month", repaired };
  const day = Number(d);
  if (isCalendarDay(year, month, day))
    return { kind: "date", date: formatDay(year, month, day), precision: "day", repaired };
  return day >= 1 && day <= 31
    ? { kind: "impossible", suggestion: formatDay(year, month, daysInMonth(year, month)) }
    : { kind: "unreadable" };
}
