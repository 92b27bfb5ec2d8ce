import { regionNames } from "#registry";
import { sql } from "kysely";
import type { Db, Tx } from "../platform/db/database.ts";
import { refuse } from "../platform/problem.ts";
import { ledgerProblems } from "./problems.ts";

/** From now on no batch that speaks for the region is received, applied or undone for this month. For towns and counties. */
export async function closeLedgerMonth(tx: Tx, region: string, month: string): Promise<void> {
  await sql`INSERT INTO ledger.closed_month (region, month) VALUES (${region}, ${`${month}-01`}) ON CONFLICT DO NOTHING`.execute(
    tx,
  );
}

export async function reopenLedgerMonth(tx: Tx, region: string, month: string): Promise<void> {
  await sql`DELETE FROM ledger.closed_month WHERE region = ${region} AND month = ${`${month}-01`}`.execute(tx);
}

/** What `requireOpenMonth` asks of a batch, whose month is a first day. */
export const batchMonth = (batch: { readonly month: string; readonly coverage: readonly string[] }) => ({
  month: batch.month.slice(0, 7),
  coverage: batch.coverage,
});

/**
 * Refuses when a region that the batch speaks for, or one around or within it, has closed the month. A batch is for all of its
 * coverage; a single town that has confirmed its month keeps the county's table out until it is open again.
 */
export async function requireOpenMonth(
  tx: Tx | Db,
  { month, coverage }: { readonly month: string; readonly coverage: readonly string[] },
  act: string,
): Promise<void> {
  const { rows } = await sql<{ region: string }>`
    SELECT c.region FROM ledger.closed_month c JOIN unnest(${coverage}::text[]) AS covered ON starts_with(c.region, covered) OR starts_with(covered, c.region)
    WHERE c.month = ${`${month}-01`} ORDER BY length(c.region), c.region LIMIT 1`.execute(tx);
  const closed = rows[0];
  if (!closed) return;
  const nameOf = await regionNames(tx as Tx, [closed.region]);
  refuse(ledgerProblems.monthClosed(month, nameOf(closed.region).name, act));
}
