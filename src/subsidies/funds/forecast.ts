import { addDays, daysBetween } from "../../platform/dates/index.ts";

export interface LineMoney {
  readonly budgetFen: number;
  readonly reservedFen: number;
  readonly spentFen: number;
  readonly validFrom: string;
  readonly validTo: string | null;
  readonly year: number;
}

/** First and last day of the time that a line has: its own, at most to the end of its year where none is given. */
function timeOf({ validFrom, validTo, year }: LineMoney): { readonly from: string; readonly to: string } {
  const to = validTo ?? `${year}-12-31`;
  return { from: validFrom, to: to < validFrom ? validFrom : to };
}

/** In tenths of a percent, rounded down; 0 of nothing. */
export const shareOf = (part: number, whole: number): number => (whole > 0 ? Math.floor((part * 1000) / whole) : 0);

/** Days of the line's time that are over on a day, that day included, and all of them. */
function elapsed(line: LineMoney, on: string): { readonly gone: number; readonly all: number } {
  const { from, to } = timeOf(line);
  const all = daysBetween(from, addDays(to, 1));
  return { gone: Math.min(all, Math.max(0, daysBetween(from, addDays(on, 1)))), all };
}

/** Share of its time that is over, in tenths of a percent. */
export function timeShareOf(line: LineMoney, on: string): number {
  const { gone, all } = elapsed(line, on);
  return shareOf(gone, all);
}

/**
 * What will be spent of a line by the end of its time, if it goes on as it has until `on`: at least what is spent and kept, at most what
 * there is. Fen.
 */
export function forecastOf(line: LineMoney, on: string): number {
  const { gone, all } = elapsed(line, on);
  const sure = line.spentFen + line.reservedFen;
  const going = gone > 0 ? Math.round((line.spentFen / gone) * all) : 0;
  return Math.min(line.budgetFen, Math.max(sure, going));
}
