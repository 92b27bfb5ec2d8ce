import { within, type Scope } from "#registry";
import { sql } from "kysely";
import type { Db, Tx } from "../platform/db/database.ts";
import type { Indicator } from "./figures-contract.ts";
import type { MonthAct, MonthState } from "./flow-contract.ts";
import type { Moment } from "./members.ts";
import type { QualityCounts } from "./quality.ts";

const COUNTY_DIGITS = 6;
type Executor = Db | Tx;
const firstOf = (month: string) => `${month}-01`;

export interface MonthRow {
  readonly region: string;
  readonly month: string;
  readonly state: MonthState;
  readonly closing_id: string | null;
  readonly reason: string;
  readonly acknowledged_by: string | null;
}

export interface ClosingRow {
  readonly closing_id: string;
  readonly region: string;
  readonly month: string;
  readonly registry_mark: string | null;
  readonly registers_mark: string | null;
  readonly previous_closing_id: string | null;
  readonly missing: readonly string[];
  readonly note: string;
  readonly closed_on: string;
  readonly closed_by_name: string;
  readonly organisation: string;
  readonly closed_at: Date;
  readonly counted: boolean;
}

export const momentOf = (closing: Pick<ClosingRow, "registry_mark" | "registers_mark">): Moment => ({
  registry: closing.registry_mark!,
  registers: closing.registers_mark!,
});

/**
 * One at a time closes a region's month; meanwhile no month right below changes its state. Those below take the lock of the region
 * above shared and their own alone, always in this order. By advisory locks: a town does not see its county's row.
 */
export async function lockMonth(tx: Tx, region: string, month: string, shared = false): Promise<void> {
  const key = `months ${region} ${month}`;
  await (
    shared
      ? sql`SELECT pg_advisory_xact_lock_shared(hashtextextended(${key}, 0))`
      : sql`SELECT pg_advisory_xact_lock(hashtextextended(${key}, 0))`
  ).execute(tx);
}

export async function monthsOf(
  db: Executor,
  regions: readonly string[],
  month: string,
): Promise<Map<string, MonthRow>> {
  const { rows } = await sql<MonthRow>`
    SELECT region, to_char(month, 'YYYY-MM') AS month, state, closing_id, reason, acknowledged_by FROM months.month
    WHERE region = ANY(${regions}::text[]) AND month = ${firstOf(month)}`.execute(db);
  return new Map(rows.map((row) => [row.region, row]));
}

export async function recentMonths(db: Executor, region: string): Promise<MonthRow[]> {
  const { rows } = await sql<MonthRow>`
    SELECT region, to_char(month, 'YYYY-MM') AS month, state, closing_id, reason, acknowledged_by FROM months.month WHERE region = ${region} ORDER BY month DESC LIMIT 12`.execute(
    db,
  );
  return rows;
}

const closingColumns = sql`c.closing_id, c.region, to_char(c.month, 'YYYY-MM') AS month, c.registry_mark, c.registers_mark, c.previous_closing_id, c.missing, c.note, c.closed_on, c.closed_by_name,
  c.organisation, c.closed_at, EXISTS (SELECT FROM months.counted n WHERE n.closing_id = c.closing_id) AS counted`;

export async function closingsOf(db: Executor, region: string, month: string): Promise<ClosingRow[]> {
  const { rows } = await sql<ClosingRow>`
    SELECT ${closingColumns} FROM months.closing c WHERE c.region = ${region} AND c.month = ${firstOf(month)} ORDER BY c.closing_id DESC`.execute(
    db,
  );
  return rows;
}

export async function closingsById(db: Executor, ids: readonly string[]): Promise<Map<string, ClosingRow>> {
  if (ids.length === 0) return new Map();
  const { rows } =
    await sql<ClosingRow>`SELECT ${closingColumns} FROM months.closing c WHERE c.closing_id = ANY(${ids}::bigint[])`.execute(
      db,
    );
  return new Map(rows.map((row) => [row.closing_id, row]));
}

export interface NewClosing {
  readonly region: string;
  readonly month: string;
  readonly moment: Moment | null;
  readonly previous: string | null;
  readonly missing: readonly string[];
  readonly note: string;
  readonly included: readonly string[];
}
export interface Hand {
  readonly officerId: string | null;
  readonly name: string;
  readonly organisation: string;
  readonly businessDate: string;
}

export async function insertClosing(tx: Tx, closing: NewClosing, hand: Hand): Promise<string> {
  const { rows } = await sql<{ closing_id: string }>`
    INSERT INTO months.closing (region, month, registry_mark, registers_mark, previous_closing_id, missing, note, closed_on, closed_by, closed_by_name, organisation)
    VALUES (${closing.region}, ${firstOf(closing.month)}, ${closing.moment?.registry ?? null}, ${closing.moment?.registers ?? null}, ${closing.previous}, ${closing.missing}, ${closing.note},
      ${hand.businessDate}, ${hand.officerId}, ${hand.name}, ${hand.organisation}) RETURNING closing_id`.execute(tx);
  const id = rows[0]!.closing_id;
  if (closing.included.length > 0)
    await sql`INSERT INTO months.included (closing_id, child_closing_id, region) SELECT ${id}, child, ${closing.region} FROM unnest(${closing.included}::bigint[]) child`.execute(
      tx,
    );
  return id;
}

export interface MonthChange {
  readonly region: string;
  readonly month: string;
  readonly act: MonthAct;
  readonly state: MonthState;
  readonly closingId: string | null;
  readonly reason: string;
  readonly acknowledgedBy: string | null;
}

/** Writes the state and the step. */
export async function writeMonth(tx: Tx, change: MonthChange, hand: Hand): Promise<void> {
  const standing = change.state === "submitted" || change.state === "acknowledged" ? change.closingId : null;
  await sql`
    INSERT INTO months.month (region, month, state, closing_id, reason, acknowledged_by, changed_on, changed_by_name)
    VALUES (${change.region}, ${firstOf(change.month)}, ${change.state}, ${standing}, ${change.reason}, ${change.acknowledgedBy}, ${hand.businessDate}, ${hand.name})
    ON CONFLICT (region, month) DO UPDATE SET state = excluded.state, closing_id = excluded.closing_id, reason = excluded.reason, acknowledged_by = excluded.acknowledged_by,
      changed_on = excluded.changed_on, changed_by_name = excluded.changed_by_name, version = months.month.version + 1`.execute(
    tx,
  );
  await sql`
    INSERT INTO months.step (region, month, act, closing_id, reason, officer_id, officer_name, organisation, business_date)
    VALUES (${change.region}, ${firstOf(change.month)}, ${change.act}, ${change.closingId}, ${change.reason}, ${hand.officerId}, ${hand.name}, ${hand.organisation}, ${hand.businessDate})`.execute(
    tx,
  );
}

export interface StepRow {
  readonly act: MonthAct;
  readonly reason: string;
  readonly officer_name: string;
  readonly organisation: string;
  readonly business_date: string;
  readonly at: Date;
}

export async function stepsOf(db: Executor, region: string, month: string): Promise<StepRow[]> {
  const { rows } = await sql<StepRow>`
    SELECT act, reason, officer_name, organisation, business_date, at FROM months.step WHERE region = ${region} AND month = ${firstOf(month)} ORDER BY step_id`.execute(
    db,
  );
  return rows;
}

/** Closings of towns or counties that the closings stand on: themselves, or what they include, down to the counties. */
export async function leavesOf(db: Executor, closingIds: readonly string[]): Promise<string[]> {
  if (closingIds.length === 0) return [];
  const { rows } = await sql<{ id: string }>`
    WITH RECURSIVE below AS (
      SELECT closing_id, region FROM months.closing WHERE closing_id = ANY(${closingIds}::bigint[])
      UNION SELECT c.closing_id, c.region FROM below b JOIN months.included i ON i.closing_id = b.closing_id AND length(b.region) < ${COUNTY_DIGITS} JOIN months.closing c ON c.closing_id = i.child_closing_id
    ) SELECT closing_id AS id FROM below WHERE length(region) >= ${COUNTY_DIGITS} ORDER BY closing_id`.execute(db);
  return rows.map((row) => row.id);
}

export interface SummedFigure {
  readonly region: string;
  readonly indicator: Indicator;
  readonly total: number;
  readonly lifted: number;
  readonly monitored: number;
  readonly low_income: number;
  readonly entered: number;
  readonly gone: number;
}

/** Figures of closings summed by the first `digits` of their regions, or all together under "" (0 digits). */
export async function sumFigures(db: Executor, closingIds: readonly string[], digits: number): Promise<SummedFigure[]> {
  const { rows } = await sql<SummedFigure>`
    SELECT left(f.region, ${digits}) AS region, f.indicator, sum(f.total)::int AS total, sum(f.lifted)::int AS lifted, sum(f.monitored)::int AS monitored, sum(f.low_income)::int AS low_income,
      sum(f.entered)::int AS entered, sum(f.gone)::int AS gone
    FROM months.figure f WHERE f.closing_id = ANY(${closingIds}::bigint[]) GROUP BY 1, 2 ORDER BY 1, 2`.execute(db);
  return rows;
}

/** Figures of each of the closings, with all that it includes, summed. */
export async function figuresByClosing(
  db: Executor,
  closingIds: readonly string[],
): Promise<Map<string, Pick<SummedFigure, "indicator" | "total" | "entered" | "gone">[]>> {
  const { rows } = await sql<Pick<SummedFigure, "indicator" | "total" | "entered" | "gone"> & { root: string }>`
    WITH RECURSIVE below AS (
      SELECT closing_id AS root, closing_id, region FROM months.closing WHERE closing_id = ANY(${closingIds}::bigint[])
      UNION SELECT b.root, c.closing_id, c.region FROM below b JOIN months.included i ON i.closing_id = b.closing_id AND length(b.region) < ${COUNTY_DIGITS} JOIN months.closing c ON c.closing_id = i.child_closing_id
    ) SELECT b.root, f.indicator, sum(f.total)::int AS total, sum(f.entered)::int AS entered, sum(f.gone)::int AS gone
    FROM below b JOIN months.figure f ON f.closing_id = b.closing_id WHERE length(b.region) >= ${COUNTY_DIGITS} GROUP BY 1, 2`.execute(
    db,
  );
  return Map.groupBy(rows, ({ root }) => root);
}

/** Which of the regions right below hold anybody: only they owe a month. One probe of an index each. */
export async function inhabited(tx: Executor, scope: Scope, codes: readonly string[]): Promise<string[]> {
  // The ends of the ranges come as values: row security lets no index be searched by what another function makes of a column
  // ("code || ':'"), and every region then reads the rest of the index: 12 s for the counties of a province.
  const { rows } = await sql<{ code: string }>`
    SELECT r.code FROM unnest(${codes}::text[], ${codes.map((code) => `${code}:`)}::text[]) AS r(code, until)
    WHERE ${within("r.code", scope)} AND EXISTS (SELECT FROM registry.person p WHERE p.home_region >= r.code COLLATE "C" AND p.home_region < r.until COLLATE "C" LIMIT 1) ORDER BY r.code`.execute(
    tx,
  );
  return rows.map((row) => row.code);
}

/** Quality of closings by the first `digits` of regions. */
export async function qualityOf(db: Executor, closingIds: readonly string[], digits: number): Promise<QualityCounts[]> {
  const { rows } = await sql<QualityCounts>`
    SELECT left(q.region, ${digits}) AS region, sum(q.persons)::int AS persons, sum(q.waiting_rows)::int AS waiting_rows, sum(q.comparisons)::int AS comparisons,
      sum(q.overdue)::int AS overdue, sum(q.decided)::int AS decided, sum(q.to_verify)::int AS to_verify
    FROM months.quality q WHERE q.closing_id = ANY(${closingIds}::bigint[]) GROUP BY 1 ORDER BY 1`.execute(db);
  return rows;
}
