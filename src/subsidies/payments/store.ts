import { sql } from "kysely";
import { within, type Scope } from "#registry";
import type { Tx } from "../../platform/db/database.ts";
import type { BankFormat, BatchState, PaymentState } from "../contract.ts";

export interface StoredBatch {
  readonly batch_id: string;
  readonly number: string;
  readonly region: string;
  readonly fund_line_id: string;
  readonly fund: string;
  readonly document: string;
  readonly state: BatchState;
  readonly payments: number;
  readonly total_fen: string;
  readonly digest: string | null;
  readonly built_by: string | null;
  readonly built_by_name: string;
  readonly built_on: string;
  readonly released_by: string | null;
  readonly released_by_name: string | null;
  readonly countersigned_by_name: string | null;
  readonly lock: number;
  readonly bank_format: BankFormat | null;
  /** Plain date, in China. */
  readonly sent_on: string | null;
  readonly paid_fen: string;
  readonly returned: number;
}

const columns = sql.raw(
  `b.batch_id, b.number, b.region, b.fund_line_id, l.fund, l.document, b.state, b.payments, b.total_fen, b.digest, b.built_by, b.built_by_name, b.built_on,
   b.released_by, b.released_by_name, b.countersigned_by_name, b.lock, b.bank_format, (b.sent_at AT TIME ZONE 'Asia/Shanghai')::date AS sent_on,
   (SELECT coalesce(sum(p.amount_fen) FILTER (WHERE p.state = 'paid'), 0) FROM subsidies.payment p WHERE p.batch_id = b.batch_id) AS paid_fen,
   (SELECT count(*) FILTER (WHERE p.state = 'returned') FROM subsidies.payment p WHERE p.batch_id = b.batch_id)::int AS returned`,
);
const from = sql.raw("subsidies.payment_batch b JOIN subsidies.fund_line l ON l.fund_line_id = b.fund_line_id");

export async function listStoredBatches(
  tx: Tx,
  scope: Scope,
  state: BatchState | undefined,
  { page, size }: { readonly page: number; readonly size: number },
): Promise<{ rows: readonly StoredBatch[]; total: number }> {
  const where = sql`${within("b.region", scope)} ${state ? sql`AND b.state = ${state}` : sql``}`;
  const rows =
    await sql<StoredBatch>`SELECT ${columns} FROM ${from} WHERE ${where} ORDER BY b.batch_id DESC LIMIT ${size} OFFSET ${(page - 1) * size}`.execute(
      tx,
    );
  const counted = await sql<{ n: string }>`SELECT count(*) AS n FROM subsidies.payment_batch b WHERE ${where}`.execute(
    tx,
  );
  return { rows: rows.rows, total: Number(counted.rows[0]!.n) };
}

export async function findBatch(tx: Tx, scope: Scope, batchId: string, lock = false): Promise<StoredBatch | null> {
  const found =
    await sql<StoredBatch>`SELECT ${columns} FROM ${from} WHERE b.batch_id = ${batchId} AND ${within("b.region", scope)} ${lock ? sql`FOR UPDATE OF b` : sql``}`.execute(
      tx,
    );
  return found.rows[0] ?? null;
}

export async function insertBatch(
  tx: Tx,
  batch: {
    readonly region: string;
    readonly fundLineId: string;
    readonly officerId: string | null;
    readonly officerName: string;
    readonly on: string;
  },
): Promise<string> {
  const made = await sql<{
    batch_id: string;
  }>`INSERT INTO subsidies.payment_batch (region, fund_line_id, state, built_by, built_by_name, built_on)
    VALUES (${batch.region}, ${batch.fundLineId}, 'draft', ${batch.officerId}::bigint, ${batch.officerName}, ${batch.on}::date) RETURNING batch_id`.execute(
    tx,
  );
  return made.rows[0]!.batch_id;
}

/**
 * Plans one payment for every claim that waits under the batch's line and has an account: the one that was given for the payee, else the
 * one that the registry has of the person. Returns the claims planned for.
 */
export async function planPayments(
  tx: Tx,
  batch: { readonly batchId: string; readonly fundLineId: string; readonly rule: string | undefined },
): Promise<{ readonly claimIds: readonly string[]; readonly totalFen: number; readonly withoutAccount: number }> {
  const waiting = sql`SELECT c.claim_id, c.region, c.fund_line_id, c.payee_key, c.payee_person_id, c.payee_name, c.amount_fen FROM subsidies.claim c
    WHERE c.state = 'cleared' AND c.fund_line_id = ${batch.fundLineId} ${batch.rule ? sql`AND c.rule_id = ${batch.rule}` : sql``}
    ORDER BY c.claim_id FOR UPDATE OF c`;
  const planned = await sql<{ claim_id: string; amount_fen: string }>`WITH waiting AS (${waiting}), known AS (
      SELECT w.*, row_number() OVER (ORDER BY w.claim_id) AS line, a.payee_key IS NULL AS of_person, coalesce(a.holder, w.payee_name) AS holder,
        coalesce(a.bank, '') AS bank, coalesce(a.secret, p.secret) AS secret, coalesce(a.account_mask, p.bank_mask) AS mask, coalesce(a.account_hash, p.bank_hash) AS hash
      FROM waiting w LEFT JOIN subsidies.payee_account a ON a.payee_key = w.payee_key
      LEFT JOIN registry.person p ON p.person_id = w.payee_person_id AND p.bank_hash IS NOT NULL
      WHERE a.payee_key IS NOT NULL OR p.person_id IS NOT NULL)
    INSERT INTO subsidies.payment (batch_id, claim_id, region, fund_line_id, line, payee_name, bank, secret, of_person, account_mask, account_hash, amount_fen, state)
    SELECT ${batch.batchId}, claim_id, region, fund_line_id, line, holder, bank, secret, of_person, mask, hash, amount_fen, 'planned' FROM known
    RETURNING claim_id, amount_fen`.execute(tx);
  const all = await sql<{
    n: string;
  }>`SELECT count(*) AS n FROM subsidies.claim c WHERE c.state = 'cleared' AND c.fund_line_id = ${batch.fundLineId}
    ${batch.rule ? sql`AND c.rule_id = ${batch.rule}` : sql``}`.execute(tx);
  return {
    claimIds: planned.rows.map(({ claim_id }) => claim_id),
    totalFen: planned.rows.reduce((sum, { amount_fen }) => sum + Number(amount_fen), 0),
    withoutAccount: Number(all.rows[0]!.n) - planned.rows.length,
  };
}

export async function changeBatch(
  tx: Tx,
  batchId: string,
  change: {
    readonly state?: BatchState;
    readonly payments?: number;
    readonly totalFen?: number;
    readonly digest?: string;
    readonly releasedBy?: { readonly officerId: string | null; readonly name: string };
    readonly countersignedBy?: { readonly officerId: string | null; readonly name: string };
    readonly sent?: { readonly format: BankFormat };
    readonly settledOn?: string;
  },
): Promise<void> {
  const { state, payments, totalFen, digest, releasedBy, countersignedBy, sent, settledOn } = change;
  const sets = [
    sql`lock = lock + 1`,
    ...(state ? [sql`state = ${state}`] : []),
    ...(payments === undefined ? [] : [sql`payments = ${payments}`]),
    ...(totalFen === undefined ? [] : [sql`total_fen = ${totalFen}`]),
    ...(digest ? [sql`digest = ${digest}`] : []),
    ...(releasedBy ? [sql`released_by = ${releasedBy.officerId}::bigint, released_by_name = ${releasedBy.name}`] : []),
    ...(countersignedBy
      ? [sql`countersigned_by = ${countersignedBy.officerId}::bigint, countersigned_by_name = ${countersignedBy.name}`]
      : []),
    ...(sent ? [sql`sent_at = coalesce(sent_at, now()), bank_format = ${sent.format}`] : []),
    ...(settledOn ? [sql`settled_on = ${settledOn}::date`] : []),
  ];
  await sql`UPDATE subsidies.payment_batch SET ${sql.join(sets)} WHERE batch_id = ${batchId}`.execute(tx);
}

/** SHA-256 over what is to be paid: line, claim, account and amount of each, in order. */
export async function digestOf(tx: Tx, batchId: string): Promise<string> {
  const found = await sql<{ digest: string }>`SELECT encode(sha256(convert_to(coalesce(string_agg(
      concat_ws('|', line, claim_id, account_hash, payee_name, amount_fen), E'\n' ORDER BY line), ''), 'UTF8')), 'hex') AS digest
    FROM subsidies.payment WHERE batch_id = ${batchId}`.execute(tx);
  return found.rows[0]!.digest;
}

/** Moves the payments of a batch that are in one state to another. Returns their claims. */
export async function movePayments(
  tx: Tx,
  batchId: string,
  from: PaymentState,
  to: "sent" | "cancelled",
): Promise<readonly string[]> {
  const moved = await sql<{
    claim_id: string;
  }>`UPDATE subsidies.payment SET state = ${to} WHERE batch_id = ${batchId} AND state = ${from} RETURNING claim_id`.execute(
    tx,
  );
  return moved.rows.map(({ claim_id }) => claim_id);
}

export interface BankLine {
  readonly line: number;
  readonly claim_number: string;
  readonly title: string;
  readonly payee_name: string;
  readonly bank: string;
  readonly secret: Buffer;
  readonly of_person: boolean;
  readonly amount_fen: string;
}

/** The lines of a batch that come after one, in order. */
export async function bankLines(tx: Tx, batchId: string, after: number, most: number): Promise<readonly BankLine[]> {
  const found =
    await sql<BankLine>`SELECT p.line, c.number AS claim_number, c.title, p.payee_name, p.bank, p.secret, p.of_person, p.amount_fen
    FROM subsidies.payment p JOIN subsidies.claim c ON c.claim_id = p.claim_id WHERE p.batch_id = ${batchId} AND p.line > ${after} ORDER BY p.line LIMIT ${most}`.execute(
      tx,
    );
  return found.rows;
}

/** Locks the claims of a batch's planned payments in order, as an act on many claims takes them. */
export async function lockPlanned(tx: Tx, batchId: string): Promise<void> {
  await sql`SELECT 1 FROM subsidies.claim c WHERE c.claim_id IN (SELECT claim_id FROM subsidies.payment WHERE batch_id = ${batchId} AND state = 'planned')
    ORDER BY c.claim_id FOR NO KEY UPDATE`.execute(tx);
}

export interface StoredPayment {
  readonly payment_id: string;
  readonly batch_id: string;
  readonly batch_number: string;
  readonly line: number;
  readonly claim_id: string;
  readonly claim_number: string;
  readonly title: string;
  readonly payee_name: string;
  readonly account_mask: string;
  readonly amount_fen: string;
  readonly state: PaymentState;
  readonly bank_reference: string | null;
  readonly answered_on: string | null;
  readonly reason: string | null;
}

const paymentColumns = sql.raw(
  "p.payment_id, p.batch_id, b.number AS batch_number, p.line, p.claim_id, c.number AS claim_number, c.title, p.payee_name, p.account_mask, p.amount_fen, p.state, p.bank_reference, p.answered_on, p.reason",
);
const paymentFrom = sql.raw(
  "subsidies.payment p JOIN subsidies.claim c ON c.claim_id = p.claim_id JOIN subsidies.payment_batch b ON b.batch_id = p.batch_id",
);

export async function listStoredPayments(
  tx: Tx,
  batchId: string,
  state: PaymentState | undefined,
  { page, size }: { readonly page: number; readonly size: number },
): Promise<{ rows: readonly StoredPayment[]; total: number }> {
  const where = sql`p.batch_id = ${batchId} ${state ? sql`AND p.state = ${state}` : sql``}`;
  const rows =
    await sql<StoredPayment>`SELECT ${paymentColumns} FROM ${paymentFrom} WHERE ${where} ORDER BY p.line LIMIT ${size} OFFSET ${(page - 1) * size}`.execute(
      tx,
    );
  const counted = await sql<{ n: string }>`SELECT count(*) AS n FROM subsidies.payment p WHERE ${where}`.execute(tx);
  return { rows: rows.rows, total: Number(counted.rows[0]!.n) };
}

export async function paymentsOfClaim(tx: Tx, claimId: string): Promise<readonly StoredPayment[]> {
  const found =
    await sql<StoredPayment>`SELECT ${paymentColumns} FROM ${paymentFrom} WHERE p.claim_id = ${claimId} ORDER BY p.payment_id`.execute(
      tx,
    );
  return found.rows;
}

/** The account to which a claim would be paid: the one given for the payee, else the registry's of the person. */
export async function accountOf(
  tx: Tx,
  claim: { readonly payee_key: string; readonly payee_person_id: string | null },
): Promise<{ readonly mask: string; readonly bank: string } | null> {
  const found = await sql<{ mask: string; bank: string }>`SELECT mask, bank FROM (
      SELECT account_mask AS mask, bank, 1 AS turn FROM subsidies.payee_account WHERE payee_key = ${claim.payee_key}
      UNION ALL SELECT bank_mask, '', 2 FROM registry.person WHERE person_id = ${claim.payee_person_id} AND bank_hash IS NOT NULL) a ORDER BY turn LIMIT 1`.execute(
    tx,
  );
  return found.rows[0] ?? null;
}

export async function setAccount(
  tx: Tx,
  account: {
    readonly payeeKey: string;
    readonly region: string;
    readonly holder: string;
    readonly bank: string;
    readonly secret: Buffer;
    readonly mask: string;
    readonly hash: string;
    readonly by: string;
  },
): Promise<void> {
  await sql`INSERT INTO subsidies.payee_account (payee_key, region, holder, bank, secret, account_mask, account_hash, set_by_name)
    VALUES (${account.payeeKey}, ${account.region}, ${account.holder}, ${account.bank}, ${account.secret}, ${account.mask}, ${account.hash}, ${account.by})
    ON CONFLICT (payee_key) DO UPDATE SET region = EXCLUDED.region, holder = EXCLUDED.holder, bank = EXCLUDED.bank, secret = EXCLUDED.secret,
      account_mask = EXCLUDED.account_mask, account_hash = EXCLUDED.account_hash, set_by_name = EXCLUDED.set_by_name, set_at = now()`.execute(
    tx,
  );
}
