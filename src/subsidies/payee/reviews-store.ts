import { sql, type RawBuilder } from "kysely";
import { within, type Scope } from "#registry";
import type { Tx } from "../../platform/db/database.ts";
import type { ClaimState, MyBenefit, ReviewKind, ReviewState } from "../contract.ts";

export interface StoredReview {
  readonly review_id: string;
  readonly number: string;
  readonly claim_id: string;
  readonly region: string;
  readonly kind: ReviewKind;
  readonly content: string;
  readonly asked_on: string;
  readonly due_on: string;
  readonly state: ReviewState;
  readonly answer: string | null;
  readonly decision_by: string | null;
  readonly decided_by_name: string | null;
  readonly decided_on: string | null;
}

const columns = sql.raw(
  "r.review_id, r.number, r.claim_id, r.region, r.kind, r.content, r.asked_on, r.due_on, r.state, r.answer, r.decision_by, r.decided_by_name, r.decided_on",
);

export const toReviewRow = (row: StoredReview): MyBenefit["reviews"][number] => ({
  reviewId: row.review_id,
  number: row.number,
  kind: row.kind,
  content: row.content,
  askedOn: row.asked_on,
  dueOn: row.due_on,
  state: row.state,
  answer: row.answer,
  decidedOn: row.decided_on,
});

/** Of a claim that the transaction may see. */
export async function reviewsOf(tx: Tx, claimId: string): Promise<readonly StoredReview[]> {
  const found =
    await sql<StoredReview>`SELECT ${columns} FROM subsidies.review r WHERE r.claim_id = ${claimId} ORDER BY r.review_id DESC`.execute(
      tx,
    );
  return found.rows;
}

export interface QueuedReviewRow extends StoredReview {
  readonly claim_number: string;
  readonly title: string;
  readonly payee_name: string;
  readonly claim_state: ClaimState;
}

const matching = (scope: Scope, state: ReviewState | undefined): RawBuilder<unknown> =>
  sql`${within("r.region", scope)} ${state ? sql`AND r.state = ${state}` : sql``}`;

export async function listStoredReviews(
  tx: Tx,
  scope: Scope,
  state: ReviewState | undefined,
  { page, size }: { readonly page: number; readonly size: number },
): Promise<{ readonly rows: readonly QueuedReviewRow[]; readonly total: number }> {
  const where = matching(scope, state);
  const rows =
    await sql<QueuedReviewRow>`SELECT ${columns}, c.number AS claim_number, c.title, c.payee_name, c.state AS claim_state
    FROM subsidies.review r JOIN subsidies.claim c ON c.claim_id = r.claim_id WHERE ${where}
    ORDER BY r.state <> 'open', r.due_on, r.review_id LIMIT ${size} OFFSET ${(page - 1) * size}`.execute(tx);
  const counted = await sql<{ n: string }>`SELECT count(*) AS n FROM subsidies.review r WHERE ${where}`.execute(tx);
  return { rows: rows.rows, total: Number(counted.rows[0]!.n) };
}

export async function countOpenReviews(
  tx: Tx,
  scope: Scope,
  businessDate: string,
): Promise<{ readonly waiting: number; readonly late: number }> {
  const found = await sql<{ waiting: number; late: number }>`
    SELECT count(*)::int AS waiting, count(*) FILTER (WHERE r.due_on < ${businessDate}::date)::int AS late FROM subsidies.review r WHERE ${matching(scope, "open")}`.execute(
    tx,
  );
  return found.rows[0]!;
}

/** Locked, of the officer's area. */
export async function lockReview(tx: Tx, scope: Scope, reviewId: string): Promise<StoredReview | null> {
  const found =
    await sql<StoredReview>`SELECT ${columns} FROM subsidies.review r WHERE r.review_id = ${reviewId} AND ${within("r.region", scope)} FOR UPDATE OF r`.execute(
      tx,
    );
  return found.rows[0] ?? null;
}

export async function closeReview(
  tx: Tx,
  reviewId: string,
  decision: {
    readonly upheld: boolean;
    readonly answer: string;
    readonly officerId: string | null;
    readonly name: string;
    readonly on: string;
  },
): Promise<void> {
  await sql`UPDATE subsidies.review SET state = ${decision.upheld ? "upheld" : "rejected"}, answer = ${decision.answer}, decided_by = ${decision.officerId}::bigint,
    decided_by_name = ${decision.name}, decided_on = ${decision.on}::date WHERE review_id = ${reviewId}`.execute(tx);
}
