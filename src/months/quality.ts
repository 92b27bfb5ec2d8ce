import { sql } from "kysely";
import type { Db, Tx } from "../platform/db/database.ts";
import { addMonths } from "../platform/dates/index.ts";

export interface QualityCounts {
  readonly region: string;
  readonly persons: number;
  readonly waiting_rows: number;
  readonly comparisons: number;
  readonly overdue: number;
  readonly decided: number;
  readonly to_verify: number;
}

/**
 * How good the data of a county or town are, by the first `digits` of regions: rows of the month's tables that wait for repair,
 * comparison tasks open and overdue on a day, tasks settled since the month began, persons to be verified.
 */
export async function countQuality(
  db: Db | Tx,
  scope: string,
  month: string,
  businessDate: string,
  digits: number,
): Promise<QualityCounts[]> {
  const inside = (column: string) => sql`${sql.ref(column)} >= ${scope} AND ${sql.ref(column)} < ${`${scope}:`}`;
  const first = `${month}-01`;
  const after = `${addMonths(month, 2)}-01`;
  const { rows } = await sql<QualityCounts>`
    SELECT region, sum(persons)::int AS persons, sum(waiting_rows)::int AS waiting_rows, sum(comparisons)::int AS comparisons, sum(overdue)::int AS overdue,
      sum(decided)::int AS decided, sum(to_verify)::int AS to_verify
    FROM (
      SELECT left(home_region, ${digits}) AS region, count(*) AS persons, 0 AS waiting_rows, 0 AS comparisons, 0 AS overdue, 0 AS decided, count(*) FILTER (WHERE work_state = 'to-verify') AS to_verify
        FROM registry.person WHERE ${inside("home_region")} AND life_state = 'active' GROUP BY 1
      UNION ALL SELECT left(f.region, ${digits}), 0, count(DISTINCT (f.batch_id, f.sheet, f.row_no)), 0, 0, 0, 0
        FROM ledger.fault f JOIN ledger.batch b USING (batch_id) WHERE ${inside("f.region")} AND f.severity = 'waiting' AND b.month = ${first} AND b.state IN ('compared', 'applied') GROUP BY 1
      UNION ALL SELECT left(home_region, ${digits}), 0, 0, count(*) FILTER (WHERE state = 'open'), count(*) FILTER (WHERE state = 'open' AND due_on < ${businessDate}),
          count(*) FILTER (WHERE state IN ('kept', 'adopted') AND decided_at >= ${first}::date AND decided_at < ${after}::date), 0
        FROM registry.comparison WHERE ${inside("home_region")} GROUP BY 1
    ) counts GROUP BY region ORDER BY region`.execute(db);
  return rows;
}
