import type { DateCell, DatePrecision, NumberCell } from "./cells.ts";

/** How one number format of a workbook turns a stored number into what is seen. */
export type FormatClass =
  | { readonly kind: "general" | "text" | "scientific" | "percent" }
  | { readonly kind: "date"; readonly precision: DatePrecision }
  | { readonly kind: "padded"; readonly width: number };

const GENERAL: FormatClass = { kind: "general" };

/**
 * Format numbers that need no code in the file (ECMA-376 part 1, 18.8.30). 27–36 and 50–58 are the East Asian ones, which
 * Chinese Excel writes without a code: read as general they would turn dates into five-digit numbers.
 */
const builtin = new Map<number, FormatClass>([
  [9, { kind: "percent" }],
  [10, { kind: "percent" }],
  [11, { kind: "scientific" }],
  [48, { kind: "scientific" }],
  [49, { kind: "text" }],
  ...date("day", [14, 15, 16, 28, 29, 30, 31, 51, 53, 54, 58]),
  ...date("month", [17, 27, 36, 50, 52, 57]),
  ...date("time", [18, 19, 20, 21, 32, 33, 34, 35, 45, 46, 47, 55, 56]),
  ...date("moment", [22]),
]);

function date(precision: DatePrecision, ids: readonly number[]): [number, FormatClass][] {
  return ids.map((id) => [id, { kind: "date", precision }]);
}

export function classOfFormat(id: number, code: string | undefined): FormatClass {
  if (code === undefined) return builtin.get(id) ?? GENERAL;
  return classOfFormatCode(code);
}

export function classOfFormatCode(code: string): FormatClass {
  if (code === "General" || code === "") return GENERAL;
  // Only the first section counts (positive numbers); quoted words, escaped characters, colours and locales are no digits.
  const bare = stripLiterals(code);
  if (bare.trim() === "@") return { kind: "text" };
  const lower = bare.toLowerCase().replaceAll("general", "");
  if (/[ymdhs年月日]/.test(lower)) {
    const precision = precisionOf(lower);
    if (precision) return { kind: "date", precision };
  }
  if (/[0#?]e[+-]/.test(lower)) return { kind: "scientific" };
  if (lower.includes("%")) return { kind: "percent" };
  if (/^0{2,18}$/.test(bare.trim())) return { kind: "padded", width: bare.trim().length };
  return GENERAL;
}

function stripLiterals(code: string): string {
  let bare = "";
  for (let i = 0; i < code.length; i++) {
    const char = code[i]!;
    if (char === '"') {
      const close = code.indexOf('"', i + 1);
      i = close < 0 ? code.length : close;
    } else if (char === "\\" || char === "_" || char === "*") {
      i++;
    } else if (char === "[") {
      const close = code.indexOf("]", i);
      const inside = code.slice(i + 1, close < 0 ? code.length : close);
      if (/^[hms]+$/i.test(inside)) bare += inside; // [h]:mm counts hours beyond a day
      i = close < 0 ? code.length : close;
    } else if (char === ";") {
      return bare;
    } else {
      bare += char;
    }
  }
  return bare;
}

function precisionOf(code: string): DatePrecision | null {
  // m means minutes next to h or s, months elsewhere.
  const time = /[hs]|上午|am\/pm/.test(code);
  const withoutMinutes = code.replaceAll(/h+[^a-z]*m+|m+[^a-z]*s+/g, "h");
  const year = /y|e(?![+-])|年/.test(withoutMinutes);
  const month = /m(?!\/pm)|月/.test(withoutMinutes.replaceAll("am/pm", ""));
  const day = /d|日/.test(withoutMinutes);
  if (time) return year || month || day ? "moment" : "time";
  if (day) return "day";
  if (month) return "month";
  return year ? "year" : null;
}

const MILLISECONDS_PER_DAY = 86_400_000;
/** 9999-12-31, the last day Excel shows. */
const LAST_SERIAL = 2_958_466;
const DAYS_BETWEEN_SYSTEMS = 1462;

/** The number as its format shows it; plain number when the format adds nothing. */
export function formatNumber(value: number, format: FormatClass, date1904: boolean): number | DateCell | NumberCell {
  switch (format.kind) {
    case "general":
      return value;
    case "date":
      return dateCell(date1904 ? value + DAYS_BETWEEN_SYSTEMS : value, format.precision);
    case "padded": {
      const digits = Number.isInteger(value) && value >= 0 ? String(value) : "";
      if (digits.length >= format.width || digits === "") return value;
      return { kind: "number", value, format: "padded", text: digits.padStart(format.width, "0") };
    }
    case "text":
    case "scientific":
    case "percent":
      return { kind: "number", value, format: format.kind };
  }
}

function dateCell(serial: number, precision: DatePrecision): DateCell | NumberCell {
  const bareTime = precision === "time" && serial >= 0 && serial < 1;
  if (!bareTime && !(serial >= 1 && serial < LAST_SERIAL)) return { kind: "number", value: serial, format: "date" };
  // Rounding to the second must not carry into the day after the last one shown.
  const seconds = Math.min(Math.round(serial * 86_400), (bareTime ? 1 : LAST_SERIAL) * 86_400 - 1);
  const day = Math.floor(seconds / 86_400);
  const clock = clockText(seconds - day * 86_400);
  if (bareTime) return { kind: "date", serial, text: clock, precision };
  const date = dayText(day);
  const withClock = (precision === "moment" || precision === "time") && seconds !== day * 86_400;
  return { kind: "date", serial, text: withClock ? `${date}T${clock}` : date, precision };
}

/** A register has a million dates but few different days. */
const dayTexts = new Map<number, string>();

/** Serial days before 61 sit on the other side of 29 February 1900, which Excel believes in. */
function dayText(day: number): string {
  if (day === 60) return "1900-02-29";
  let text = dayTexts.get(day);
  if (text === undefined) {
    const fromEpoch = day - (day > 60 ? 25_569 : 25_568);
    text = new Date(fromEpoch * MILLISECONDS_PER_DAY).toISOString().slice(0, 10);
    if (dayTexts.size > 50_000) dayTexts.clear();
    dayTexts.set(day, text);
  }
  return text;
}

function clockText(seconds: number): string {
  const two = (part: number) => String(part).padStart(2, "0");
  return `${two(Math.floor(seconds / 3600))}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`;
}

/** Inverse of what a date cell shows, for files that store ISO dates (`t="d"`); null where the text is no date. */
export function serialOfIso(text: string): number | null {
  const match = /^(\d{4})-(\d{2})-(\d{2})(?:T(\d{2}):(\d{2})(?::(\d{2})(?:\.\d+)?)?Z?)?$/.exec(text);
  if (!match) return null;
  const [year, month, day, hour = 0, minute = 0, second = 0] = match.slice(1).map((part) => Number(part ?? 0));
  const moment = Date.UTC(year!, month! - 1, day, hour, minute, second);
  const whole = new Date(moment);
  if (whole.getUTCMonth() !== month! - 1 || whole.getUTCDate() !== day) return null;
  const serial = moment / MILLISECONDS_PER_DAY + 25_569;
  return serial > 60 ? serial : serial - 1;
}
