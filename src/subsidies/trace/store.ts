import { sql, type RawBuilder } from "kysely";
import { within, type Scope } from "#registry";
import type { Tx } from "../../platform/db/database.ts";
import type { ClaimState, PaymentState, Trace, TraceRow, TraceWay } from "../contract.ts";
import type { StoredPayment } from "../payments/store.ts";
import type { KeptFacts } from "./facts.ts";
import { AS_BEFORE, HASHED } from "./reconcile.ts";
import type { TraceTarget } from "./target.ts";

/** SQL of a condition on `claim c`, and on `payment p` where the target is of payments; `versions`: those that stand on the article. */
export function tracedBy(target: TraceTarget, versions: readonly string[]): RawBuilder<unknown> {
  switch (target.kind) {
    case "claim":
      return sql`c.number = ${target.number}`;
    case "payment":
      return sql`c.claim_id = (SELECT o.claim_id FROM subsidies.payment o WHERE o.payment_id = ${target.paymentId})`;
    case "line":
      return sql`c.claim_id = (SELECT o.claim_id FROM subsidies.payment o JOIN subsidies.payment_batch ob ON ob.batch_id = o.batch_id
        WHERE ob.number = ${target.batch} AND o.line = ${target.line})`;
    case "batch":
      return sql`c.claim_id IN (SELECT o.claim_id FROM subsidies.payment o JOIN subsidies.payment_batch ob ON ob.batch_id = o.batch_id WHERE ob.number = ${target.number})`;
    case "fund":
      return sql`c.fund_line_id = ${target.fundLineId}`;
    case "rule":
      return sql`c.rule_id = ${target.rule}`;
    case "amount":
      return sql`c.claim_id IN (SELECT o.claim_id FROM subsidies.payment o WHERE o.amount_fen = ${target.fen})`;
    case "article":
      return sql`c.version_id = ANY(${versions}::bigint[])`;
    case "person":
      return sql`(c.payee_person_id = ${target.personId} OR c.claim_id IN (SELECT i.claim_id FROM subsidies.claim_item i WHERE i.person_id = ${target.personId}))`;
  }
}

interface Found {
  readonly claim_id: string;
  readonly number: string;
  readonly title: string;
  readonly payee_name: string;
  readonly state: ClaimState;
  readonly claim_fen: string;
  readonly version_id: string;
  readonly fund_line_id: string | null;
  readonly document: string | null;
  readonly payment_id: string | null;
  readonly batch_number: string;
  readonly line: number;
  readonly amount_fen: string;
  readonly payment_state: PaymentState;
  readonly bank_reference: string | null;
  readonly answered_on: string | null;
  readonly account_mask: string;
}

const columns =
  sql.raw(`c.claim_id, c.number, c.title, c.payee_name, c.state, c.amount_fen AS claim_fen, c.version_id, c.fund_line_id, l.document,
  p.payment_id, b.number AS batch_number, p.line, p.amount_fen, p.state AS payment_state, p.bank_reference, p.answered_on, p.account_mask`);
const from = sql.raw(`subsidies.claim c LEFT JOIN subsidies.payment p ON p.claim_id = c.claim_id
  LEFT JOIN subsidies.payment_batch b ON b.batch_id = p.batch_id LEFT JOIN subsidies.fund_line l ON l.fund_line_id = c.fund_line_id`);
/** Of a batch only what stands in it. */
const narrowed = (target: TraceTarget) => (target.kind === "batch" ? sql`AND b.number = ${target.number}` : sql``);

export async function tracedRows(
  tx: Tx,
  scope: Scope,
  target: TraceTarget,
  where: RawBuilder<unknown>,
  { page, size }: { readonly page: number; readonly size: number },
): Promise<readonly Found[]> {
  const found =
    await sql<Found>`SELECT ${columns} FROM ${from} WHERE ${within("c.region", scope)} AND ${where} ${narrowed(target)}
    ORDER BY c.claim_id, p.payment_id LIMIT ${size} OFFSET ${(page - 1) * size}`.execute(tx);
  return found.rows;
}

const FETCHED = 500;

export async function* streamTracedRows(
  tx: Tx,
  scope: Scope,
  target: TraceTarget,
  where: RawBuilder<unknown>,
): AsyncGenerator<readonly Found[]> {
  await sql`DECLARE traced NO SCROLL CURSOR FOR SELECT ${columns} FROM ${from} WHERE ${within("c.region", scope)} AND ${where} ${narrowed(target)}
    ORDER BY c.claim_id, p.payment_id`.execute(tx);
  for (;;) {
    const { rows } = await sql<Found>`FETCH ${sql.lit(FETCHED)} FROM traced`.execute(tx);
    if (rows.length === 0) break;
    yield rows;
  }
  await sql`CLOSE traced`.execute(tx);
}

export const toTraceRow = (row: Found): TraceRow => ({
  claimId: row.claim_id,
  claimNumber: row.number,
  title: row.title,
  payeeName: row.payee_name,
  state: row.state,
  claimFen: Number(row.claim_fen),
  payment:
    row.payment_id === null
      ? null
      : {
          paymentId: row.payment_id,
          batchNumber: row.batch_number,
          line: row.line,
          amountFen: Number(row.amount_fen),
          state: row.payment_state,
          bankReference: row.bank_reference,
          answeredOn: row.answered_on,
        },
});

export interface TracedSums {
  readonly rows: number;
  readonly claims: number;
  readonly claimedFen: number;
  readonly itemsFen: number;
  readonly payments: number;
  readonly paidFen: number;
  readonly spentFen: number;
  readonly paidClaimsFen: number;
  readonly lineSpentFen: number;
  readonly batchFen: number;
  readonly linesOfBatchFen: number;
}

/** The one claim that a number, a payment or a line of a bank's file leads to. */
export async function tracedClaim(tx: Tx, scope: Scope, where: RawBuilder<unknown>): Promise<string | null> {
  const { rows } = await sql<{
    claim_id: string;
  }>`SELECT c.claim_id FROM subsidies.claim c WHERE ${within("c.region", scope)} AND ${where} LIMIT 1`.execute(tx);
  return rows[0]?.claim_id ?? null;
}

/** What the items of a claim come to; of what is prepaid, itself: its amount stands by itself, and the books hold its settlement to its items. */
export async function liveItemsFen(tx: Tx, claimId: string): Promise<number> {
  const { rows } = await sql<{
    fen: string;
  }>`SELECT CASE WHEN c.way = 'prepaid' THEN c.amount_fen ELSE (SELECT coalesce(sum(i.amount_fen), 0) FROM subsidies.claim_item i WHERE i.claim_id = c.claim_id AND i.live) END AS fen
    FROM subsidies.claim c WHERE c.claim_id = ${claimId}`.execute(tx);
  return Number(rows[0]!.fen);
}

/** The same sums of one claim whose way has been read. */
export function sumsOfWay({ claim, payments, movements }: TraceWay, itemsFen: number): TracedSums {
  const ended = claim.state === "refused" || claim.state === "withdrawn";
  const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
  const moved = (kind: string) =>
    sum(movements.filter((one) => one.kind === kind && one.paymentId !== null).map(({ amountFen }) => amountFen));
  return {
    rows: Math.max(1, payments.length),
    claims: 1,
    claimedFen: ended ? 0 : claim.amountFen,
    itemsFen: ended ? 0 : itemsFen,
    payments: payments.filter(({ state }) => state !== "cancelled").length,
    paidFen: sum(payments.filter(({ state }) => state === "paid").map(({ amountFen }) => amountFen)),
    spentFen: moved("spend") - moved("return"),
    paidClaimsFen: claim.state === "paid" || claim.state === "closed" ? claim.amountFen : 0,
    lineSpentFen: 0,
    batchFen: 0,
    linesOfBatchFen: 0,
  };
}

/** The rows of one claim: its payments, or itself where nothing was paid. */
export function rowsOfWay({ claim, payments }: TraceWay): TraceRow[] {
  const { claimId, number: claimNumber, title, payeeName, state, amountFen: claimFen } = claim;
  const row = { claimId, claimNumber, title, payeeName, state, claimFen };
  if (payments.length === 0) return [{ ...row, payment: null }];
  return payments.map((one) => ({
    ...row,
    payment: {
      paymentId: one.paymentId,
      batchNumber: one.batch.number,
      line: one.line,
      amountFen: one.amountFen,
      state: one.state,
      bankReference: one.bankReference,
      answeredOn: one.answeredOn,
    },
  }));
}

/** What the claims of a target come to at every level, in one statement. */
export async function tracedSums(
  tx: Tx,
  scope: Scope,
  target: TraceTarget,
  where: RawBuilder<unknown>,
): Promise<TracedSums> {
  const fundLineId = target.kind === "fund" ? target.fundLineId : null;
  const batch = target.kind === "batch" ? target.number : null;
  // A person has few claims, everything else may have a county's.
  if (target.kind !== "person") await sql.raw(HASHED).execute(tx);
  const { rows } = await sql<Record<keyof TracedSums, string>>`
    WITH own AS MATERIALIZED (SELECT c.claim_id, c.way, c.state, c.amount_fen FROM subsidies.claim c WHERE ${within("c.region", scope)} AND ${where}),
      paid AS MATERIALIZED (SELECT p.claim_id, p.payment_id, p.amount_fen, p.state FROM subsidies.payment p JOIN own USING (claim_id)
        JOIN subsidies.payment_batch b ON b.batch_id = p.batch_id WHERE true ${narrowed(target)})
    SELECT (SELECT count(*) FROM own LEFT JOIN paid USING (claim_id)) AS rows,
      (SELECT count(*) FROM own) AS claims,
      (SELECT coalesce(sum(amount_fen), 0) FROM own WHERE state NOT IN ('refused', 'withdrawn')) AS "claimedFen",
      (SELECT coalesce(sum(i.amount_fen), 0) FROM own JOIN subsidies.claim_item i USING (claim_id) WHERE i.live AND own.way <> 'prepaid' AND own.state NOT IN ('refused', 'withdrawn'))
        + (SELECT coalesce(sum(amount_fen), 0) FROM own WHERE way = 'prepaid' AND state NOT IN ('refused', 'withdrawn')) AS "itemsFen",
      (SELECT count(*) FROM paid WHERE state <> 'cancelled') AS payments,
      (SELECT coalesce(sum(amount_fen), 0) FROM paid WHERE state = 'paid') AS "paidFen",
      (SELECT coalesce(sum(CASE m.kind WHEN 'spend' THEN m.amount_fen WHEN 'return' THEN -m.amount_fen END), 0) FROM paid JOIN subsidies.fund_movement m ON m.claim_id = paid.claim_id AND m.payment_id = paid.payment_id) AS "spentFen",
      (SELECT coalesce(sum(amount_fen), 0) FROM own WHERE state IN ('paid', 'closed')) AS "paidClaimsFen",
      (SELECT coalesce(sum(l.spent_fen), 0) + coalesce((SELECT sum(CASE m.kind WHEN 'recover' THEN m.amount_fen ELSE -m.amount_fen END) FROM subsidies.fund_movement m WHERE m.fund_line_id = ${fundLineId}::bigint AND m.kind IN ('recover', 'refund')), 0)
        FROM subsidies.fund_line l WHERE l.fund_line_id = ${fundLineId}::bigint) AS "lineSpentFen",
      (SELECT coalesce(sum(b.total_fen), 0) FROM subsidies.payment_batch b WHERE b.number = ${batch}) AS "batchFen",
      (SELECT coalesce(sum(amount_fen), 0) FROM paid) AS "linesOfBatchFen"`.execute(tx);
  await sql.raw(AS_BEFORE).execute(tx);
  return Object.fromEntries(
    Object.entries(rows[0]!).map(([name, value]) => [name, Number(value)]),
  ) as unknown as TracedSums;
}

const step = (says: string, leftFen: number, rightFen: number) => ({
  says,
  leftFen,
  rightFen,
  equal: leftFen === rightFen,
});

/** Each level beside the next; what is not equal is a fault. */
export function stepsOf(target: TraceTarget, sums: TracedSums): Trace["steps"] {
  return [
    ...(target.kind === "batch" ? [step("批次金额＝各笔之和", sums.batchFen, sums.linesOfBatchFen)] : []),
    step("银行发放成功＝资金支出", sums.paidFen, sums.spentFen),
    // A batch holds one payment of a claim whose others stand in other batches.
    ...(target.kind === "batch" ? [] : [step("银行发放成功＝已发放的补贴件", sums.paidFen, sums.paidClaimsFen)]),
    step("补贴件金额＝有效明细之和", sums.claimedFen, sums.itemsFen),
    ...(target.kind === "fund" ? [step("资金支出＝额度的支出数（含已追回）", sums.spentFen, sums.lineSpentFen)] : []),
  ];
}

/** Versions that decided claims of a scope: few, however many claims. */
export async function decidingVersions(tx: Tx, scope: Scope): Promise<readonly string[]> {
  const { rows } = await sql<{
    version_id: string;
  }>`SELECT DISTINCT c.version_id FROM subsidies.claim c WHERE ${within("c.region", scope)}`.execute(tx);
  return rows.map(({ version_id }) => version_id);
}

export interface TracedItem {
  readonly item_id: string;
  readonly person_name: string | null;
  readonly identity_mask: string | null;
  readonly event_date: string;
  readonly amount_fen: string;
  readonly live: boolean;
  readonly facts: KeptFacts;
}

export async function itemsWithFacts(tx: Tx, claimId: string, most: number): Promise<readonly TracedItem[]> {
  const found =
    await sql<TracedItem>`SELECT i.item_id, p.name AS person_name, p.identity_mask, i.event_date, i.amount_fen, i.live, i.facts
    FROM subsidies.claim_item i LEFT JOIN registry.person p ON p.person_id = i.person_id WHERE i.claim_id = ${claimId}
    ORDER BY NOT i.live, i.event_date, i.item_id LIMIT ${most}`.execute(tx);
  return found.rows;
}

export async function movementsOfClaim(tx: Tx, claimId: string): Promise<TraceWay["movements"]> {
  const { rows } = await sql<{
    movement_id: string;
    kind: TraceWay["movements"][number]["kind"];
    amount_fen: string;
    payment_id: string | null;
    officer_name: string;
    business_date: string;
  }>`SELECT movement_id, kind, amount_fen, payment_id, officer_name, business_date FROM subsidies.fund_movement WHERE claim_id = ${claimId} ORDER BY movement_id`.execute(
    tx,
  );
  return rows.map((row) => ({
    movementId: row.movement_id,
    kind: row.kind,
    amountFen: Number(row.amount_fen),
    paymentId: row.payment_id,
    officerName: row.officer_name,
    businessDate: row.business_date,
  }));
}

/** Payments of a claim with the batches in which they stood. */
export async function paymentsWithBatches(tx: Tx, payments: readonly StoredPayment[]): Promise<TraceWay["payments"]> {
  const { rows } = await sql<{
    batch_id: string;
    number: string;
    state: TraceWay["payments"][number]["batch"]["state"];
    payments: number;
    total_fen: string;
    digest: string | null;
    built_by_name: string;
    built_on: string;
    released_by_name: string | null;
    countersigned_by_name: string | null;
    sent_on: string | null;
  }>`SELECT batch_id, number, state, payments, total_fen, digest, built_by_name, built_on, released_by_name, countersigned_by_name,
      (sent_at AT TIME ZONE 'Asia/Shanghai')::date AS sent_on
    FROM subsidies.payment_batch WHERE batch_id = ANY(${payments.map(({ batch_id }) => batch_id)}::bigint[])`.execute(
    tx,
  );
  const batches = new Map(rows.map((row) => [row.batch_id, row]));
  return payments.map((payment) => {
    const batch = batches.get(payment.batch_id)!;
    return {
      paymentId: payment.payment_id,
      line: payment.line,
      payeeName: payment.payee_name,
      accountMask: payment.account_mask,
      amountFen: Number(payment.amount_fen),
      state: payment.state,
      bankReference: payment.bank_reference,
      answeredOn: payment.answered_on,
      reason: payment.reason,
      batch: {
        batchId: batch.batch_id,
        number: batch.number,
        state: batch.state,
        payments: batch.payments,
        totalFen: Number(batch.total_fen),
        digest: batch.digest,
        builtByName: batch.built_by_name,
        builtOn: batch.built_on,
        releasedByName: batch.released_by_name,
        countersignedByName: batch.countersigned_by_name,
        sentOn: batch.sent_on,
      },
    };
  });
}
