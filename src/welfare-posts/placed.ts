import { registerAsOfSql } from "#registers";
import { PLACEMENTS } from "./registers.ts";

/** SQL: who holds a post on a day (DATE literal), as known at a mark of the registers: person_id, once for each post. */
export function placedAsOfSql(mark: string, day: string): string {
  return `(SELECT p.person_id FROM ${registerAsOfSql(PLACEMENTS, mark)} p WHERE p.started_on <= ${day} AND (p.ended_on IS NULL OR p.ended_on >= ${day}))`;
}
