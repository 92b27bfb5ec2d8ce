import { sql } from "kysely";
import type { Tx } from "../../platform/db/database.ts";
import type { ClaimState, ClaimWay } from "../contract.ts";
import type { LetterRow } from "../letters/store.ts";
import { isOwn, type Self } from "./self.ts";

export interface OwnClaimRow {
  readonly claim_id: string;
  readonly number: string;
  readonly region: string;
  readonly rule_path: string;
  readonly version_id: string;
  readonly way: ClaimWay;
  readonly title: string;
  readonly payee_key: string;
  readonly payee_person_id: string | null;
  readonly amount_fen: string;
  readonly items: number;
  readonly state: ClaimState;
  readonly due_on: string | null;
  readonly received_on: string;
  readonly decided_on: string | null;
  readonly paid_on: string | null;
}

const columns = sql.raw(
  "c.claim_id, c.number, c.region, c.rule_path, c.version_id, c.way, c.title, c.payee_key, c.payee_person_id, c.amount_fen, c.items, c.state, c.due_on, c.received_on, c.decided_on, c.paid_on",
);

/** What waits for its payee first, then what is under way, the newest before. */
export async function ownClaims(
  tx: Tx,
  self: Self,
  { page, size }: { readonly page: number; readonly size: number },
): Promise<{ readonly rows: readonly OwnClaimRow[]; readonly total: number }> {
  const rows = await sql<OwnClaimRow>`SELECT ${columns} FROM subsidies.claim c WHERE ${isOwn(self)}
    ORDER BY c.state NOT IN ('proposed', 'correction'), c.state IN ('paid', 'closed', 'refused', 'withdrawn'), c.claim_id DESC LIMIT ${size} OFFSET ${(page - 1) * size}`.execute(
    tx,
  );
  const counted = await sql<{ n: string }>`SELECT count(*) AS n FROM subsidies.claim c WHERE ${isOwn(self)}`.execute(
    tx,
  );
  return { rows: rows.rows, total: Number(counted.rows[0]!.n) };
}

export async function findOwnClaim(tx: Tx, self: Self, claimId: string): Promise<OwnClaimRow | null> {
  const found =
    await sql<OwnClaimRow>`SELECT ${columns} FROM subsidies.claim c WHERE c.claim_id = ${claimId} AND ${isOwn(self)}`.execute(
      tx,
    );
  return found.rows[0] ?? null;
}

export interface OwnItemRow {
  readonly item_id: string;
  readonly person_id: string | null;
  readonly event_date: string;
  readonly amount_fen: string;
  readonly live: boolean;
  readonly dropped: string | null;
  readonly facts: Readonly<Record<string, unknown>>;
}

export async function ownItems(
  tx: Tx,
  claimId: string,
  { page, size }: { readonly page: number; readonly size: number },
): Promise<{ readonly rows: readonly OwnItemRow[]; readonly total: number; readonly out: number }> {
  const rows =
    await sql<OwnItemRow>`SELECT i.item_id, i.person_id, i.event_date, i.amount_fen, i.live, i.dropped, i.facts
    FROM subsidies.claim_item i WHERE i.claim_id = ${claimId} ORDER BY NOT i.live, i.event_date, i.item_id LIMIT ${size} OFFSET ${(page - 1) * size}`.execute(
      tx,
    );
  const counted = await sql<{
    n: number;
    out: number;
  }>`SELECT count(*)::int AS n, count(*) FILTER (WHERE NOT i.live)::int AS out FROM subsidies.claim_item i WHERE i.claim_id = ${claimId}`.execute(
    tx,
  );
  const { n, out } = counted.rows[0]!;
  return { rows: rows.rows, total: n, out };
}

export interface OwnPaymentRow {
  readonly amount_fen: string;
  readonly account_mask: string;
  readonly state: "planned" | "sent" | "paid" | "returned" | "cancelled";
  readonly answered_on: string | null;
  readonly reason: string | null;
}

export async function ownPayments(tx: Tx, claimId: string): Promise<readonly OwnPaymentRow[]> {
  const found =
    await sql<OwnPaymentRow>`SELECT p.amount_fen, p.account_mask, p.state, p.answered_on, p.reason FROM subsidies.payment p
    WHERE p.claim_id = ${claimId} AND p.state <> 'cancelled' ORDER BY p.payment_id DESC`.execute(tx);
  return found.rows;
}

export async function findOwnLetter(tx: Tx, self: Self, letterId: string): Promise<LetterRow | null> {
  const found =
    await sql<LetterRow>`SELECT l.letter_id, l.claim_id, l.region, l.kind, l.number, l.title, l.body, l.office, l.issued_on, l.issued_by_name, l.digest, 0 AS version
    FROM subsidies.letter l JOIN subsidies.claim c ON c.claim_id = l.claim_id WHERE l.letter_id = ${letterId} AND ${isOwn(self)}`.execute(
      tx,
    );
  return found.rows[0] ?? null;
}

/** The application that a claim came of, as far as its payee sees it. */
export async function applicationOf(tx: Tx, claimId: string): Promise<string | null> {
  const found = await sql<{
    application_id: string;
  }>`SELECT l.application_id FROM subsidies.application_line l WHERE l.claim_ids @> ARRAY[${claimId}::bigint] ORDER BY l.line_id LIMIT 1`.execute(
    tx,
  );
  return found.rows[0]?.application_id ?? null;
}

/** Whether somebody wants messages: his last word, and yes without one. */
export async function wantsMessages(tx: Tx, personId: string): Promise<boolean> {
  const found = await sql<{
    wanted: boolean;
  }>`SELECT wanted FROM subsidies.message_wish WHERE person_id = ${personId} ORDER BY wish_id DESC LIMIT 1`.execute(tx);
  return found.rows[0]?.wanted ?? true;
}
