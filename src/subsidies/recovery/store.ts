import { sql, type RawBuilder } from "kysely";
import { within, type Scope } from "#registry";
import type { Tx } from "../../platform/db/database.ts";
import type { Actor } from "../claims/steps.ts";
import type { ReceiptMethod, RecoveryState } from "../contract.ts";

export interface StoredRecovery {
  readonly recovery_id: string;
  readonly number: string;
  readonly region: string;
  readonly claim_id: string;
  readonly claim_number: string;
  readonly claim_state: string;
  readonly title: string;
  readonly version_id: string;
  readonly payee_name: string;
  readonly payee_person_id: string | null;
  readonly paid_on: string | null;
  readonly fund_line_id: string;
  readonly fund: string;
  readonly document: string;
  readonly amount_fen: string;
  readonly received_fen: string;
  readonly written_off_fen: string;
  readonly reduced_fen: string;
  readonly overdue_fen: string;
  readonly state: RecoveryState;
  readonly grounds: string;
  readonly contact: string | null;
  readonly due_on: string | null;
  readonly filed_by: string;
  readonly filed_by_name: string;
  readonly filed_on: string;
  readonly notified_by_name: string | null;
  readonly notified_on: string | null;
  readonly reply_by: string | null;
  readonly statement: string | null;
  readonly heard_by: string | null;
  readonly heard_by_name: string | null;
  readonly heard_on: string | null;
  readonly decision: string | null;
  readonly decided_by_name: string | null;
  readonly decided_on: string | null;
  readonly pay_by: string | null;
  readonly proposed_by: string | null;
  readonly proposed_by_name: string | null;
  readonly proposed_on: string | null;
  readonly write_off_reason: string | null;
  readonly agreed_by_name: string | null;
  readonly refunded_on: string | null;
  readonly refund_method: ReceiptMethod | null;
  readonly refund_reference: string | null;
  readonly refunded_by_name: string | null;
  /** Of a case about a prepayment: what was prepaid, and when it was settled. */
  readonly prepayment_id: string | null;
  readonly prepaid_fen: string | null;
  readonly settled_on: string | null;
  readonly ended_on: string | null;
  readonly lock: number;
}

/** What of an instalment plan was due before `today` and has not come in; of a case without one, all of it once its day has passed. */
const overdueSql = (today: string) => sql`CASE WHEN r.state NOT IN ('repaying', 'write-off') THEN 0 ELSE
  greatest(coalesce((SELECT coalesce(sum(t.amount_fen) FILTER (WHERE t.due_on < ${today}::date), 0) FROM subsidies.recovery_instalment t
      WHERE t.recovery_id = r.recovery_id HAVING count(*) > 0),
    CASE WHEN r.pay_by < ${today}::date THEN r.amount_fen - r.reduced_fen ELSE 0 END) - r.received_fen, 0) END`;

const columns = (
  today: string,
) => sql`r.recovery_id, r.number, r.region, r.claim_id, c.number AS claim_number, c.state AS claim_state, c.title, c.version_id, c.payee_name,
  c.payee_person_id, c.paid_on, r.fund_line_id, l.fund, l.document, r.amount_fen, r.received_fen, r.written_off_fen, r.reduced_fen, (${overdueSql(today)})::bigint AS overdue_fen, r.state, r.grounds,
  r.contact, r.due_on, r.filed_by, r.filed_by_name, r.filed_on, r.notified_by_name, r.notified_on, r.reply_by, r.statement, r.heard_by, r.heard_by_name, r.heard_on,
  r.decision, r.decided_by_name, r.decided_on, r.pay_by, r.proposed_by, r.proposed_by_name, r.proposed_on, r.write_off_reason, r.agreed_by_name, r.ended_on, r.lock,
  r.refunded_on, r.refund_method, r.refund_reference, r.refunded_by_name, r.prepayment_id, a.amount_fen AS prepaid_fen, a.settled_on`;
const from = sql.raw(
  "subsidies.recovery r JOIN subsidies.claim c ON c.claim_id = r.claim_id JOIN subsidies.fund_line l ON l.fund_line_id = r.fund_line_id LEFT JOIN subsidies.prepayment a ON a.prepayment_id = r.prepayment_id",
);

export interface RecoveryFilter {
  readonly state: RecoveryState | "open";
  readonly search?: string | undefined;
  readonly overdue?: "true" | "false" | undefined;
  readonly claimId?: string | undefined;
}

function matching(
  scope: Scope,
  { state, search, overdue, claimId }: RecoveryFilter,
  today: string,
): RawBuilder<unknown> {
  return sql`${within("r.region", scope)}
    ${claimId ? sql`AND r.claim_id = ${claimId}` : state === "open" ? sql`AND r.ended_on IS NULL` : sql`AND r.state = ${state}`}
    ${search ? sql`AND (r.number = ${search.toUpperCase()} OR c.number = ${search.toUpperCase()} OR strpos(c.payee_name, ${search}) > 0)` : sql``}
    ${overdue === "true" ? sql`AND r.ended_on IS NULL AND (r.due_on < ${today}::date OR ${overdueSql(today)} > 0)` : sql``}`;
}

/** What is due first stands first. */
export async function listStoredRecoveries(
  tx: Tx,
  scope: Scope,
  filter: RecoveryFilter,
  today: string,
  { page, size }: { readonly page: number; readonly size: number },
): Promise<{ rows: readonly StoredRecovery[]; total: number }> {
  const where = matching(scope, filter, today);
  const rows =
    await sql<StoredRecovery>`SELECT ${columns(today)} FROM ${from} WHERE ${where} ORDER BY r.due_on NULLS LAST, r.recovery_id LIMIT ${size} OFFSET ${(page - 1) * size}`.execute(
      tx,
    );
  const counted = await sql<{ n: string }>`SELECT count(*) AS n FROM ${from} WHERE ${where}`.execute(tx);
  return { rows: rows.rows, total: Number(counted.rows[0]!.n) };
}

export async function findRecovery(
  tx: Tx,
  scope: Scope,
  recoveryId: string,
  today: string,
  lock = false,
): Promise<StoredRecovery | null> {
  const found =
    await sql<StoredRecovery>`SELECT ${columns(today)} FROM ${from} WHERE r.recovery_id = ${recoveryId} AND ${within("r.region", scope)}
    ${lock ? sql`FOR UPDATE OF r` : sql``}`.execute(tx);
  return found.rows[0] ?? null;
}

export async function countStoredRecoveries(
  tx: Tx,
  scope: Scope,
  today: string,
): Promise<
  readonly {
    state: RecoveryState;
    recoveries: number;
    amount: string;
    received: string;
    written_off: string;
    overdue: number;
  }[]
> {
  const found = await sql<{
    state: RecoveryState;
    recoveries: number;
    amount: string;
    received: string;
    written_off: string;
    overdue: number;
  }>`SELECT r.state, count(*)::int AS recoveries, sum(r.amount_fen) AS amount, sum(r.received_fen) AS received, sum(r.written_off_fen) AS written_off,
      count(*) FILTER (WHERE r.ended_on IS NULL AND (r.due_on < ${today}::date OR ${overdueSql(today)} > 0))::int AS overdue
    FROM subsidies.recovery r WHERE ${within("r.region", scope)} GROUP BY r.state`.execute(tx);
  return found.rows;
}

/** Null where what is owed of the prepayment has its case already. */
export async function insertRecovery(
  tx: Tx,
  given: {
    readonly region: string;
    readonly claimId: string;
    readonly fundLineId: string;
    readonly amountFen: number;
    readonly grounds: string;
    readonly dueOn: string | null;
    readonly officerId: string;
    readonly officerName: string;
    readonly on: string;
    readonly prepaymentId?: string;
  },
): Promise<{ readonly recoveryId: string; readonly number: string } | null> {
  const made = await sql<{
    recovery_id: string;
    number: string;
  }>`INSERT INTO subsidies.recovery (region, claim_id, fund_line_id, amount_fen, state, grounds, due_on, filed_by, filed_by_name, filed_on, prepayment_id)
    VALUES (${given.region}, ${given.claimId}, ${given.fundLineId}, ${given.amountFen}, 'filed', ${given.grounds}, ${given.dueOn}::date, ${given.officerId}::bigint, ${given.officerName}, ${given.on}::date, ${given.prepaymentId ?? null}::bigint)
    ON CONFLICT (prepayment_id) DO NOTHING RETURNING recovery_id, number`.execute(tx);
  const [row] = made.rows;
  return row ? { recoveryId: row.recovery_id, number: row.number } : null;
}

/** Columns that acts set beside state and term; a null takes away. */
type Column =
  | "grounds"
  | "contact"
  | "notified_by_name"
  | "notified_on"
  | "reply_by"
  | "statement"
  | "heard_by"
  | "heard_by_name"
  | "heard_on"
  | "decision"
  | "decided_by"
  | "decided_by_name"
  | "decided_on"
  | "pay_by"
  | "proposed_by"
  | "proposed_by_name"
  | "proposed_on"
  | "write_off_reason"
  | "agreed_by"
  | "agreed_by_name"
  | "written_off_fen"
  | "refunded_on"
  | "refund_method"
  | "refund_reference"
  | "refunded_by_name"
  | "ended_on";
export type RecoveryChange = Partial<Record<Column, string | number | null>>;

export async function changeRecovery(
  tx: Tx,
  recoveryId: string,
  state: RecoveryState,
  dueOn: string | null,
  change: RecoveryChange,
): Promise<void> {
  const sets = Object.entries(change).map(([column, value]) => sql`, ${sql.ref(column)} = ${value}`);
  await sql`UPDATE subsidies.recovery SET state = ${state}, due_on = ${dueOn}::date, lock = lock + 1 ${sql.join(sets, sql` `)}
    WHERE recovery_id = ${recoveryId}`.execute(tx);
}

/** Writes what has happened to a case, in the state that it is in now. */
export async function noteRecovery(
  tx: Tx,
  recoveryId: string,
  event: Actor & { readonly act: string; readonly amountFen?: number },
): Promise<void> {
  await sql`INSERT INTO subsidies.recovery_event (recovery_id, region, act, state, amount_fen, officer_name, organisation, note, business_date)
    SELECT recovery_id, region, ${event.act}, state, ${event.amountFen ?? null}::bigint, ${event.officerName}, ${event.organisation}, ${event.note}, ${event.businessDate}::date
    FROM subsidies.recovery WHERE recovery_id = ${recoveryId}`.execute(tx);
}

export interface StoredRecoveryEvent {
  readonly event_id: string;
  readonly act: string;
  readonly state: RecoveryState;
  readonly amount_fen: string | null;
  readonly officer_name: string;
  readonly organisation: string;
  readonly note: string;
  readonly business_date: string;
  readonly at: Date;
}

export async function eventsOfRecovery(tx: Tx, recoveryId: string): Promise<readonly StoredRecoveryEvent[]> {
  const found =
    await sql<StoredRecoveryEvent>`SELECT event_id, act, state, amount_fen, officer_name, organisation, note, business_date, at FROM subsidies.recovery_event
    WHERE recovery_id = ${recoveryId} ORDER BY event_id`.execute(tx);
  return found.rows;
}

export interface StoredInstalment {
  readonly line: number;
  readonly due_on: string;
  readonly amount_fen: string;
  readonly received: string;
}

/** Receipts fill instalments in their order, whatever day they came on. */
export async function instalmentsOf(tx: Tx, recoveryId: string): Promise<readonly StoredInstalment[]> {
  const found =
    await sql<StoredInstalment>`SELECT t.line, t.due_on, t.amount_fen, least(t.amount_fen, greatest(r.received_fen - t.before, 0))::bigint AS received
    FROM (SELECT i.*, (sum(i.amount_fen) OVER (ORDER BY i.line) - i.amount_fen)::bigint AS before FROM subsidies.recovery_instalment i WHERE i.recovery_id = ${recoveryId}) t
    JOIN subsidies.recovery r ON r.recovery_id = t.recovery_id ORDER BY t.line`.execute(tx);
  return found.rows;
}

/** The next day on which money is awaited: of the first instalment that is not full, else the decision's own. */
export async function nextDueOf(
  tx: Tx,
  { recovery_id, pay_by }: Pick<StoredRecovery, "recovery_id" | "pay_by">,
): Promise<string | null> {
  const plan = await instalmentsOf(tx, recovery_id);
  const next = plan.find(({ received, amount_fen }) => Number(received) < Number(amount_fen));
  return next?.due_on ?? pay_by;
}

/** Puts a plan in the place of the one that there was. */
export async function replacePlan(
  tx: Tx,
  recovery: Pick<StoredRecovery, "recovery_id" | "region">,
  instalments: readonly { readonly dueOn: string; readonly amountFen: number }[],
): Promise<void> {
  await sql`DELETE FROM subsidies.recovery_instalment WHERE recovery_id = ${recovery.recovery_id}`.execute(tx);
  await sql`INSERT INTO subsidies.recovery_instalment (recovery_id, line, region, due_on, amount_fen)
    SELECT ${recovery.recovery_id}::bigint, n.line, ${recovery.region}, n.due_on, n.amount_fen
    FROM unnest(${instalments.map(({ dueOn }) => dueOn)}::date[], ${instalments.map(({ amountFen }) => amountFen)}::bigint[]) WITH ORDINALITY AS n(due_on, amount_fen, line)`.execute(
    tx,
  );
}

export interface StoredReceipt {
  readonly receipt_id: string;
  readonly amount_fen: string;
  readonly received_on: string;
  readonly method: ReceiptMethod;
  readonly reference: string;
  readonly officer_name: string;
}

export async function receiptsOf(tx: Tx, recoveryId: string): Promise<readonly StoredReceipt[]> {
  const found =
    await sql<StoredReceipt>`SELECT receipt_id, amount_fen, received_on, method, reference, officer_name FROM subsidies.recovery_receipt
    WHERE recovery_id = ${recoveryId} ORDER BY receipt_id`.execute(tx);
  return found.rows;
}

/** Null where the paper was entered before. The case's sum and the fund's follow by themselves. */
export async function insertReceipt(
  tx: Tx,
  recovery: Pick<StoredRecovery, "recovery_id" | "region">,
  receipt: {
    readonly amountFen: number;
    readonly receivedOn: string;
    readonly method: ReceiptMethod;
    readonly reference: string;
  },
  by: Actor,
): Promise<string | null> {
  const made = await sql<{
    receipt_id: string;
  }>`INSERT INTO subsidies.recovery_receipt (recovery_id, region, amount_fen, received_on, method, reference, officer_id, officer_name, business_date)
    VALUES (${recovery.recovery_id}, ${recovery.region}, ${receipt.amountFen}, ${receipt.receivedOn}::date, ${receipt.method}, ${receipt.reference}, ${by.officerId}::bigint, ${by.officerName}, ${by.businessDate}::date)
    ON CONFLICT (region, reference) DO NOTHING RETURNING receipt_id`.execute(tx);
  return made.rows[0]?.receipt_id ?? null;
}

/** The office that filed a case, as its letters name it. */
export async function officeOf(tx: Tx, recoveryId: string): Promise<string> {
  const found = await sql<{
    organisation: string;
  }>`SELECT organisation FROM subsidies.recovery_event WHERE recovery_id = ${recoveryId} AND organisation <> '' ORDER BY event_id LIMIT 1`.execute(
    tx,
  );
  return found.rows[0]?.organisation ?? "";
}
