import { registerAsOfSql } from "#registers";
import { CARRIERS, RECOGNITIONS } from "./registers.ts";

/**
 * SQL: the workshops in operation and recognised on a day (DATE literal), as known at a mark of the registers: carrier_id, name,
 * employer_id, region (township where known, else county). One that no level recognises is no 帮扶车间 (HN24: 帮扶车间数量).
 */
export function workshopsAsOfSql(mark: string, day: string): string {
  return `(SELECT c.carrier_id, c.name, c.employer_id, coalesce(c.township, left(c.county, 6)) AS region
    FROM ${registerAsOfSql(CARRIERS, mark)} c
    WHERE c.kind IN ('帮扶车间', '乡村就业工厂') AND coalesce(c.opened_on <= ${day}, true) AND (c.closed_on IS NULL OR c.closed_on > ${day})
      AND EXISTS (SELECT FROM ${registerAsOfSql(RECOGNITIONS, mark)} r
        WHERE r.carrier_id = c.carrier_id AND r.recognised_on <= ${day} AND (r.recognised_to IS NULL OR r.recognised_to >= ${day})))`;
}
