/** A day in a cell, and how to write another one in the same manner. */
export interface WrittenDay {
  readonly year: number;
  readonly month: number;
  readonly day: number;
  readonly like: (year: number, month: number, day: number) => string;
}

const SEPARATED = /^(\d{4})([-/.])(\d{1,2})\2(\d{1,2})$/;
const CHINESE = /^(\d{4})年(\d{1,2})月(\d{1,2})日$/;
const COMPACT = /^(\d{4})(\d{2})(\d{2})$/;

/** Null for what is no day, as a mere month. */
export function readDay(text: string): WrittenDay | null {
  const separated = SEPARATED.exec(text);
  if (separated) {
    const [, year, mark, month, day] = separated as unknown as [string, string, string, string, string];
    const digits = month.length === 2 && day.length === 2 ? 2 : 1;
    return written(year, month, day, (y, m, d) => [y, two(m, digits), two(d, digits)].join(mark));
  }
  const chinese = CHINESE.exec(text);
  if (chinese) return written(chinese[1]!, chinese[2]!, chinese[3]!, (y, m, d) => `${y}年${m}月${d}日`);
  const compact = COMPACT.exec(text);
  return compact ? written(compact[1]!, compact[2]!, compact[3]!, (y, m, d) => `${y}${two(m, 2)}${two(d, 2)}`) : null;
}

function written(year: string, month: string, day: string, like: WrittenDay["like"]): WrittenDay | null {
  const made = { year: Number(year), month: Number(month), day: Number(day), like };
  const date = new Date(Date.UTC(made.year, made.month - 1, made.day));
  return date.getUTCMonth() === made.month - 1 && date.getUTCDate() === made.day ? made : null;
}

function two(n: number, digits: number): string {
  return String(n).padStart(digits, "0");
}

const MILLISECONDS_A_DAY = 86_400_000;
/** The day that Excel counts 0: its 1900 has a 29 February that never was. */
const SERIAL_ZERO = Date.UTC(1899, 11, 30);

export function excelSerial({ year, month, day }: WrittenDay): number {
  return (Date.UTC(year, month - 1, day) - SERIAL_ZERO) / MILLISECONDS_A_DAY;
}

/** The day so many days later (or earlier), written alike. */
export function shifted({ year, month, day, like }: WrittenDay, days: number): string {
  const date = new Date(Date.UTC(year, month - 1, day) + days * MILLISECONDS_A_DAY);
  return like(date.getUTCFullYear(), date.getUTCMonth() + 1, date.getUTCDate());
}

export function isBefore(a: WrittenDay, b: WrittenDay): boolean {
  return a.year * 10_000 + a.month * 100 + a.day < b.year * 10_000 + b.month * 100 + b.day;
}
