import type { SqlRunner } from "../../platform/db/database.ts";

/**
 * Spells at one employer form a chain (registry, migration 0003). While rows of two records are joined or parted, each spell of the
 * persons concerned points at a day of its own; the foreign key waits for the end of the transaction.
 */
export async function unchain(run: SqlRunner, persons: readonly string[]): Promise<void> {
  await run.query(
    `UPDATE registry.employment SET previous_end = start_date - 1 WHERE person_id IN (${persons.join(", ")})`,
  );
}

export async function rechain(run: SqlRunner, persons: readonly string[]): Promise<void> {
  await run.query(`UPDATE registry.employment e SET previous_end = n.before_end
    FROM (SELECT person_id, employment_id, lag(end_date) OVER (PARTITION BY person_id, employer_key ORDER BY start_date) AS before_end
      FROM registry.employment WHERE person_id IN (${persons.join(", ")})) n
    WHERE e.person_id = n.person_id AND e.employment_id = n.employment_id AND e.previous_end IS DISTINCT FROM n.before_end`);
  await run.query("SET CONSTRAINTS registry.employment_chain IMMEDIATE");
  await run.query("SET CONSTRAINTS registry.employment_chain DEFERRED");
}

/** SQL: `l` is a spell that the survivor has too, wholly or in part: the two would overlap at one employer. */
export const overlapsSql = (survivor: string): string =>
  `EXISTS (SELECT FROM registry.employment s WHERE s.person_id = ${survivor} AND s.employer_key = l.employer_key
    AND s.start_date <= coalesce(l.end_date, 'infinity') AND coalesce(s.end_date, 'infinity') >= l.start_date)`;
