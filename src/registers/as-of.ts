import { sql } from "kysely";
import type { Tx } from "../platform/db/database.ts";
import type { RegisterDefinition } from "./definition.ts";

/** How far the changes of all registers have come. After `cutHistory` in the same transaction, whatever comes later lies above it. */
export async function registersMark(tx: Tx): Promise<string> {
  const { rows } = await sql<{
    mark: string;
  }>`SELECT coalesce(max(change_id), 0)::text AS mark FROM registers.change`.execute(tx);
  return rows[0]!.mark;
}

/**
 * SQL: a register's rows, with all columns of its table, as they were known at a mark. The first change after it says what stood
 * there; a row without one is as the table has it. For background work, which sees all rows.
 */
export function registerAsOfSql({ name, table, id }: RegisterDefinition, mark: string): string {
  if (!/^\d{1,19}$/.test(mark)) throw new Error(`not a mark: ${mark}`);
  const later = `c.register = '${name}' AND c.change_id > ${mark}`;
  return `(SELECT t.* FROM ${table} t WHERE NOT EXISTS (SELECT FROM registers.change c WHERE ${later} AND c.row_id = t.${id})
    UNION ALL SELECT was.* FROM (SELECT DISTINCT ON (c.row_id) c.before FROM registers.change c WHERE ${later} ORDER BY c.row_id, c.change_id) n
      CROSS JOIN LATERAL jsonb_populate_record(NULL::${table}, n.before) was WHERE n.before IS NOT NULL)`;
}
