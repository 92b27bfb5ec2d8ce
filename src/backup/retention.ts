import type { Temporal } from "temporal-polyfill";

/** How many days, weeks and months keep their last backup. */
export const RETENTION = { days: 7, weeks: 5, months: 12 } as const;

/**
 * Which backups stay, by their places in `moments` (newest first): the last of each of the latest days, weeks and months in
 * China that have one. The newest always stays.
 */
export function keptRuns(moments: readonly Temporal.Instant[]): ReadonlySet<number> {
  const kept = new Set<number>();
  const periods: readonly (readonly [number, (day: Temporal.PlainDate) => string])[] = [
    [RETENTION.days, (day) => day.toString()],
    [RETENTION.weeks, (day) => `${day.yearOfWeek}-${day.weekOfYear}`],
    [RETENTION.months, (day) => day.toPlainYearMonth().toString()],
  ];
  for (const [most, periodOf] of periods) {
    const seen = new Set<string>();
    for (const [nth, moment] of moments.entries()) {
      const period = periodOf(moment.toZonedDateTimeISO("Asia/Shanghai").toPlainDate());
      if (seen.has(period) || seen.size === most) continue;
      seen.add(period);
      kept.add(nth);
    }
  }
  return kept;
}
