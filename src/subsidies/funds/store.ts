import { sql } from "kysely";
import { within, type Scope } from "#registry";
import type { Tx } from "../../platform/db/database.ts";

export interface StoredFundLine {
  readonly fund_line_id: string;
  readonly region: string;
  readonly fund: string;
  readonly level: string;
  readonly year: number;
  readonly document: string;
  readonly rules: string[];
  readonly valid_from: string;
  readonly valid_to: string | null;
  readonly budget_fen: string;
  readonly reserved_fen: string;
  readonly spent_fen: string;
  readonly sample: boolean;
}

const columns = sql.raw(
  "l.fund_line_id, l.region, l.fund, l.level, l.year, l.document, l.rules, l.valid_from, l.valid_to, l.budget_fen, l.reserved_fen, l.spent_fen, l.sample",
);

export interface FundLineFilter {
  readonly year?: number | undefined;
  readonly fund?: string | undefined;
}

export async function listFundLinesIn(
  tx: Tx,
  scope: Scope,
  { year, fund }: FundLineFilter,
): Promise<readonly StoredFundLine[]> {
  const found =
    await sql<StoredFundLine>`SELECT ${columns} FROM subsidies.fund_line l WHERE ${within("l.region", scope)}
    ${year ? sql`AND l.year = ${year}` : sql``} ${fund ? sql`AND l.fund = ${fund}` : sql``}
    ORDER BY l.region, l.year DESC, l.fund, l.fund_line_id LIMIT 2000`.execute(tx);
  return found.rows;
}

export async function findFundLine(
  tx: Tx,
  scope: Scope,
  fundLineId: string,
  lock = false,
): Promise<StoredFundLine | null> {
  const found =
    await sql<StoredFundLine>`SELECT ${columns} FROM subsidies.fund_line l WHERE l.fund_line_id = ${fundLineId} AND ${within("l.region", scope)}
    ${lock ? sql`FOR NO KEY UPDATE` : sql``}`.execute(tx);
  return found.rows[0] ?? null;
}

/**
 * Lines that may pay a rule's claims of one county and fund on a day, those that end first standing first; locked. Where the text names
 * no fund (""), those that a document has set aside for the rule.
 */
export async function usableLines(
  tx: Tx,
  {
    region,
    fund,
    rule,
    on,
  }: { readonly region: string; readonly fund: string; readonly rule: string; readonly on: string },
): Promise<readonly StoredFundLine[]> {
  const found = await sql<StoredFundLine>`SELECT ${columns} FROM subsidies.fund_line l
    WHERE l.region = ${region} AND (l.fund = ${fund} OR (${fund} = '' AND ${rule} = ANY(l.rules))) AND l.valid_from <= ${on}::date AND (l.valid_to IS NULL OR l.valid_to >= ${on}::date)
      AND (cardinality(l.rules) = 0 OR ${rule} = ANY(l.rules))
    ORDER BY l.fund_line_id FOR NO KEY UPDATE`.execute(tx);
  // Locked by number, as a transfer between two lines locks them; only then in the order in which they are used up.
  return found.rows.toSorted((a, b) => (a.valid_to ?? "9999").localeCompare(b.valid_to ?? "9999"));
}

/** Locks all lines of some counties by number, before they are looked at one fund after the other: no two acts hold them crosswise. */
export async function lockLinesOf(tx: Tx, regions: readonly string[]): Promise<void> {
  await sql`SELECT 1 FROM subsidies.fund_line l WHERE l.region = ANY(${regions}::text[]) ORDER BY l.fund_line_id FOR NO KEY UPDATE`.execute(
    tx,
  );
}

export const leftOf = ({ budget_fen, reserved_fen, spent_fen }: StoredFundLine): number =>
  Number(budget_fen) - Number(reserved_fen) - Number(spent_fen);

export async function insertFundLine(
  tx: Tx,
  line: {
    readonly region: string;
    readonly fund: string;
    readonly level: string;
    readonly year: number;
    readonly document: string;
    readonly rules: readonly string[];
    readonly validFrom: string;
    readonly validTo: string | null;
    readonly sample?: boolean;
  },
): Promise<string | null> {
  const made = await sql<{
    fund_line_id: string;
  }>`INSERT INTO subsidies.fund_line (region, fund, level, year, document, rules, valid_from, valid_to, sample)
    VALUES (${line.region}, ${line.fund}, ${line.level}, ${line.year}, ${line.document}, ${line.rules}::text[], ${line.validFrom}::date, ${line.validTo}::date, ${line.sample ?? false})
    ON CONFLICT DO NOTHING RETURNING fund_line_id`.execute(tx);
  return made.rows[0]?.fund_line_id ?? null;
}

/** The line that a document has made already. */
export async function lineOfDocument(
  tx: Tx,
  { region, fund, level, year, document }: Pick<StoredFundLine, "region" | "fund" | "level" | "year" | "document">,
): Promise<string> {
  const found = await sql<{ fund_line_id: string }>`SELECT fund_line_id FROM subsidies.fund_line
    WHERE region = ${region} AND fund = ${fund} AND level = ${level} AND year = ${year} AND document = ${document}`.execute(
    tx,
  );
  return found.rows[0]!.fund_line_id;
}

export type MovementKind = "budget" | "transfer" | "reserve" | "release" | "spend" | "return" | "recover" | "refund";

export interface Mover {
  readonly officerId: string | null;
  readonly officerName: string;
  readonly businessDate: string;
}

export async function moveLine(
  tx: Tx,
  line: Pick<StoredFundLine, "fund_line_id" | "region">,
  kind: "budget" | "transfer",
  amountFen: number,
  note: string,
  by: Mover,
): Promise<void> {
  await sql`INSERT INTO subsidies.fund_movement (fund_line_id, region, kind, amount_fen, note, officer_id, officer_name, business_date)
    VALUES (${line.fund_line_id}, ${line.region}, ${kind}, ${amountFen}, ${note}, ${by.officerId}::bigint, ${by.officerName}, ${by.businessDate}::date)`.execute(
    tx,
  );
}

/** Keeps money for claims, or lets go of what was kept for them, of the lines that they name. */
export async function moveClaims(
  tx: Tx,
  kind: "reserve" | "release",
  ids: readonly string[],
  by: Mover,
): Promise<void> {
  await sql`INSERT INTO subsidies.fund_movement (fund_line_id, region, kind, amount_fen, claim_id, officer_id, officer_name, business_date)
    SELECT c.fund_line_id, c.region, ${kind}, c.amount_fen, c.claim_id, ${by.officerId}::bigint, ${by.officerName}, ${by.businessDate}::date
    FROM subsidies.claim c WHERE c.claim_id = ANY(${ids}::bigint[]) AND c.fund_line_id IS NOT NULL`.execute(tx);
}

/** What was paid of a batch's claims, or came back after it had been called paid. */
export async function movePaid(
  tx: Tx,
  kind: "spend" | "return",
  batchId: string,
  claimIds: readonly string[],
  by: Mover,
): Promise<void> {
  if (claimIds.length === 0) return;
  await sql`INSERT INTO subsidies.fund_movement (fund_line_id, region, kind, amount_fen, claim_id, payment_id, officer_id, officer_name, business_date)
    SELECT p.fund_line_id, p.region, ${kind}, p.amount_fen, p.claim_id, p.payment_id, ${by.officerId}::bigint, ${by.officerName}, ${by.businessDate}::date
    FROM subsidies.payment p WHERE p.batch_id = ${batchId} AND p.claim_id = ANY(${claimIds}::bigint[])
    ${
      kind === "spend"
        ? sql``
        : // With the payment itself back, what its payee had paid in of it is his again: in one statement, or the line would fall below zero.
          sql`UNION ALL SELECT r.fund_line_id, r.region, 'refund', r.received_fen, r.claim_id, NULL, ${by.officerId}::bigint, ${by.officerName}, ${by.businessDate}::date
            FROM subsidies.recovery r WHERE r.claim_id = ANY(${claimIds}::bigint[]) AND r.received_fen > 0 AND r.state NOT IN ('refunding', 'refunded')`
    }`.execute(tx);
}

export interface StoredMovement {
  readonly movement_id: string;
  readonly kind: MovementKind;
  readonly amount_fen: string;
  readonly claim_id: string | null;
  readonly claim_number: string | null;
  readonly note: string;
  readonly officer_name: string;
  readonly business_date: string;
  readonly at: Date;
}

export async function listMovementsOf(
  tx: Tx,
  fundLineId: string,
  { page, size }: { readonly page: number; readonly size: number },
): Promise<{ rows: readonly StoredMovement[]; total: number }> {
  const rows =
    await sql<StoredMovement>`SELECT m.movement_id, m.kind, m.amount_fen, m.claim_id, c.number AS claim_number, m.note, m.officer_name, m.business_date, m.at
    FROM subsidies.fund_movement m LEFT JOIN subsidies.claim c ON c.claim_id = m.claim_id
    WHERE m.fund_line_id = ${fundLineId} ORDER BY m.movement_id DESC LIMIT ${size} OFFSET ${(page - 1) * size}`.execute(
      tx,
    );
  const counted = await sql<{
    n: string;
  }>`SELECT count(*) AS n FROM subsidies.fund_movement WHERE fund_line_id = ${fundLineId}`.execute(tx);
  return { rows: rows.rows, total: Number(counted.rows[0]!.n) };
}
