/**
 * Months as rows of a LATERAL join: `CROSS JOIN LATERAL ${monthsSql("s.started_on", "{{as_of}}")} AS m(day)`, `m.day::date` being each month's
 * first day. Both ends are SQL of type date; the months they lie in belong to it, and an end before the beginning has none. Without
 * the cast to timestamp PostgreSQL would count in the session's time zone.
 */
export function monthsSql(from: string, until: string): string {
  return `generate_series(date_trunc('month', (${from})::timestamp), (${until})::timestamp, interval '1 month')`;
}

/** First day of the month that a date lies in. */
export const monthOfSql = (date: string): string => `date_trunc('month', (${date})::timestamp)::date`;

/** Last day of the month that a date lies in. */
export const monthEndSql = (date: string): string =>
  `(date_trunc('month', (${date})::timestamp) + interval '1 month - 1 day')::date`;
