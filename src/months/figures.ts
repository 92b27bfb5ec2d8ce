import { sql } from "kysely";
import type { Db, Tx } from "../platform/db/database.ts";
import { addMonths, lastDay } from "../platform/dates/index.ts";
import type { Indicator } from "./figures-contract.ts";
import { membersSql, type Moment } from "./members.ts";

export interface FigureRow {
  /** Village; of workshops, town or county. */
  readonly region: string;
  readonly indicator: Indicator;
  readonly total: number;
  readonly lifted: number;
  readonly monitored: number;
  readonly low_income: number;
  readonly entered: number;
  readonly gone: number;
}

/**
 * SQL: the figures of a month of a county or town as known at a moment, by village: in one statement over the history, nothing copied.
 * `entered` and `gone` are against the end of the month before, as known at the same moment, so that at every level
 * last month + entered − gone = this month.
 */
function figuresSql(scope: string, month: string, moment: Moment): string {
  const members = (of: string) => `(${membersSql({ scope, day: lastDay(of), moment })})`;
  return `SELECT region, indicator, count(*) FILTER (WHERE here)::int AS total, count(*) FILTER (WHERE here AND lifted)::int AS lifted,
      count(*) FILTER (WHERE here AND monitored)::int AS monitored, count(*) FILTER (WHERE here AND low_income)::int AS low_income,
      count(*) FILTER (WHERE here AND NOT before)::int AS entered, count(*) FILTER (WHERE before AND NOT here)::int AS gone
    FROM (SELECT indicator, subject, region, bool_or(here) AS here, bool_or(NOT here) AS before, bool_or(lifted AND here) AS lifted, bool_or(monitored AND here) AS monitored, bool_or(low_income AND here) AS low_income
      FROM (SELECT true AS here, m.* FROM ${members(month)} m UNION ALL SELECT false, b.* FROM ${members(addMonths(month, -1))} b) both_ends
      GROUP BY indicator, subject, region) one
    GROUP BY region, indicator ORDER BY region, indicator`;
}

export async function countFigures(db: Db | Tx, scope: string, month: string, moment: Moment): Promise<FigureRow[]> {
  const { rows } = await sql<FigureRow>`${sql.raw(figuresSql(scope, month, moment))}`.execute(db);
  return rows;
}
