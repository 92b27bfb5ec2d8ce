import { sql, type RawBuilder } from "kysely";
import { within, type Scope } from "#registry";
import type { Tx } from "../../platform/db/database.ts";
import type { ClaimAct, ClaimState, ClaimWay } from "../contract.ts";
import { duesIn } from "../settings/store.ts";

export interface StoredClaim {
  readonly claim_id: string;
  readonly number: string;
  readonly region: string;
  readonly way: ClaimWay;
  readonly handling: string;
  readonly rule_path: string;
  readonly rule_id: string;
  readonly version_id: string;
  readonly title: string;
  readonly fund: string;
  readonly payee_key: string;
  readonly payee_person_id: string | null;
  readonly payee_name: string;
  readonly items: number;
  readonly persons: number;
  readonly amount_fen: string;
  readonly state: ClaimState;
  readonly agent: string | null;
  readonly received_on: string;
  readonly due_on: string | null;
  readonly fund_line_id: string | null;
  readonly accepted_by: string | null;
  readonly checked_by: string | null;
  readonly approved_by: string | null;
  readonly decided_on: string | null;
  readonly paid_on: string | null;
  readonly lock: number;
}

export interface ClaimFilter {
  readonly rule?: string | undefined;
  readonly fund?: string | undefined;
  readonly search?: string | undefined;
  readonly overdue?: "true" | "false" | undefined;
  readonly state: ClaimState | "open";
}

const columns = sql.raw(
  "c.claim_id, c.number, c.region, c.way, c.handling, c.rule_path, c.rule_id, c.version_id, c.title, c.fund, c.payee_key, c.payee_person_id, c.payee_name, c.items, c.persons, c.amount_fen, c.state, c.agent, c.received_on, c.due_on, c.fund_line_id, c.accepted_by, c.checked_by, c.approved_by, c.decided_on, c.paid_on, c.lock",
);

export function matching(scope: Scope, filter: ClaimFilter, businessDate: string): RawBuilder<unknown> {
  const { rule, fund, search, overdue, state } = filter;
  return sql`${within("c.region", scope)}
    ${state === "open" ? sql`AND c.state NOT IN ('closed', 'refused', 'withdrawn')` : sql`AND c.state = ${state}`}
    ${rule ? sql`AND c.rule_id = ${rule}` : sql``} ${fund ? sql`AND c.fund = ${fund}` : sql``}
    ${search ? sql`AND (c.number = ${search.toUpperCase()} OR strpos(c.payee_name, ${search}) > 0)` : sql``}
    ${overdue === "true" ? sql`AND c.due_on < ${businessDate}::date` : sql``}`;
}

/** Of a list's rows, what stands first is what is due first. */
export async function listStoredClaims(
  tx: Tx,
  scope: Scope,
  filter: ClaimFilter,
  businessDate: string,
  { page, size }: { readonly page: number; readonly size: number },
): Promise<{ rows: readonly StoredClaim[]; total: number }> {
  const where = matching(scope, filter, businessDate);
  const rows = await sql<StoredClaim>`SELECT ${columns} FROM subsidies.claim c WHERE ${where}
    ORDER BY c.due_on NULLS LAST, c.claim_id LIMIT ${size} OFFSET ${(page - 1) * size}`.execute(tx);
  const counted = await sql<{ n: string }>`SELECT count(*) AS n FROM subsidies.claim c WHERE ${where}`.execute(tx);
  return { rows: rows.rows, total: Number(counted.rows[0]!.n) };
}

const FETCHED = 500;

/** The same rows, by and by, as they stood at the first. */
export async function* streamStoredClaims(
  tx: Tx,
  scope: Scope,
  filter: ClaimFilter,
  businessDate: string,
): AsyncGenerator<readonly StoredClaim[]> {
  await sql`DECLARE stored_claims NO SCROLL CURSOR FOR SELECT ${columns} FROM subsidies.claim c
    WHERE ${matching(scope, filter, businessDate)} ORDER BY c.due_on NULLS LAST, c.claim_id`.execute(tx);
  for (;;) {
    const { rows } = await sql<StoredClaim>`FETCH ${sql.lit(FETCHED)} FROM stored_claims`.execute(tx);
    if (rows.length === 0) break;
    yield rows;
  }
  await sql`CLOSE stored_claims`.execute(tx);
}

export async function countStoredClaims(
  tx: Tx,
  scope: Scope,
  businessDate: string,
): Promise<readonly { state: ClaimState; claims: number; amount: string; overdue: number }[]> {
  const found = await sql<{ state: ClaimState; claims: number; amount: string; overdue: number }>`
    SELECT c.state, count(*)::int AS claims, sum(c.amount_fen) AS amount, count(*) FILTER (WHERE c.due_on < ${businessDate}::date)::int AS overdue
    FROM subsidies.claim c WHERE ${within("c.region", scope)} GROUP BY c.state`.execute(tx);
  return found.rows;
}

export async function claimedRules(
  tx: Tx,
  scope: Scope,
): Promise<readonly { rule_id: string; title: string; fund: string; claims: number }[]> {
  const found = await sql<{ rule_id: string; title: string; fund: string; claims: number }>`
    SELECT c.rule_id, c.title, c.fund, count(*)::int AS claims FROM subsidies.claim c WHERE ${within("c.region", scope)} GROUP BY 1, 2, 3 ORDER BY 2, 3`.execute(
    tx,
  );
  return found.rows;
}

export async function findClaim(tx: Tx, scope: Scope, claimId: string): Promise<StoredClaim | null> {
  const found =
    await sql<StoredClaim>`SELECT ${columns} FROM subsidies.claim c WHERE c.claim_id = ${claimId} AND ${within("c.region", scope)}`.execute(
      tx,
    );
  return found.rows[0] ?? null;
}

/** Locks those named, or all that the filter shows, in order. */
export async function lockClaims(tx: Tx, scope: Scope, where: RawBuilder<unknown>): Promise<readonly StoredClaim[]> {
  const found =
    await sql<StoredClaim>`SELECT ${columns} FROM subsidies.claim c WHERE ${within("c.region", scope)} AND (${where}) ORDER BY c.claim_id FOR UPDATE`.execute(
      tx,
    );
  return found.rows;
}

/** What a step changes besides the state. A null takes away. */
export interface ClaimChange {
  readonly agent?: string;
  readonly acceptedBy?: string | null;
  readonly checkedBy?: string | null;
  readonly approvedBy?: string | null;
  readonly endorsedBy?: string | null;
  readonly decidedOn?: string | null;
  readonly fundLineId?: string | null;
  readonly paidOn?: string | null;
}

const COLUMN_OF: Record<keyof ClaimChange, string> = {
  agent: "agent",
  acceptedBy: "accepted_by",
  checkedBy: "checked_by",
  approvedBy: "approved_by",
  endorsedBy: "endorsed_by",
  decidedOn: "decided_on",
  fundLineId: "fund_line_id",
  paidOn: "paid_on",
};

export interface Step {
  readonly act: ClaimAct;
  readonly state: ClaimState;
  readonly officerId: string | null;
  readonly officerName: string;
  readonly organisation: string;
  readonly note: string;
  readonly businessDate: string;
}

/** One step of many claims, with its events. The next act is due as the claim's own office has set it on this day. */
export async function stepClaims(tx: Tx, ids: readonly string[], step: Step, change: ClaimChange = {}): Promise<void> {
  if (ids.length === 0) return;
  const sets = (Object.keys(change) as (keyof ClaimChange)[]).map(
    (key) => sql`, ${sql.ref(COLUMN_OF[key])} = ${change[key] ?? null}`,
  );
  const found = await sql<{
    region: string;
  }>`SELECT DISTINCT region FROM subsidies.claim WHERE claim_id = ANY(${ids}::bigint[])`.execute(tx);
  const { regions, dues } = await duesIn(
    tx,
    found.rows.map(({ region }) => region),
    step.state,
    step.businessDate,
  );
  await sql`UPDATE subsidies.claim c SET state = ${step.state}, due_on = d.due_on, lock = lock + 1 ${sql.join(sets, sql` `)}
    FROM unnest(${regions}::text[], ${dues}::date[]) AS d(region, due_on)
    WHERE c.claim_id = ANY(${ids}::bigint[]) AND c.region = d.region`.execute(tx);
  await noteClaims(tx, ids, step);
}

/** Writes what has happened to claims, in the state that they are in now. */
export async function noteClaims(
  tx: Tx,
  ids: readonly string[],
  event: Omit<Step, "act" | "state"> & { readonly act: string },
): Promise<void> {
  await sql`INSERT INTO subsidies.claim_event (claim_id, region, act, state, amount_fen, officer_id, officer_name, organisation, note, business_date)
    SELECT claim_id, region, ${event.act}, state, amount_fen, ${event.officerId}::bigint, ${event.officerName}, ${event.organisation}, ${event.note}, ${event.businessDate}::date
    FROM subsidies.claim WHERE claim_id = ANY(${ids}::bigint[])`.execute(tx);
}

/** What an officer decided against an item; any other reason lies in the facts, or in another claim. */
const ENDINGS = { refuse: "不予发放", withdraw: "已撤销" } as const;

const endedByOfficer = (alias: string): string =>
  `${alias}.dropped IN (${Object.values(ENDINGS)
    .map((words) => `'${words}'`)
    .join(", ")})`;
/** SQL of a condition on `claim_item i`: it came to nothing because an officer ended its claim. */
export const ENDED_BY_OFFICER = endedByOfficer("i");

/** Items of claims that came to nothing are free again for another claim. */
export async function dropItems(tx: Tx, ids: readonly string[], ending: keyof typeof ENDINGS): Promise<void> {
  await sql`UPDATE subsidies.claim_item SET live = false, dropped = ${ENDINGS[ending]} WHERE live AND claim_id = ANY(${ids}::bigint[])`.execute(
    tx,
  );
}

/**
 * Items of refused claims live again, unless somebody else has claimed their rows since; of two that had the same row the earlier gets it.
 * Returns the claims that got all of theirs back. The caller holds the lock of intakes: rows are not claimed meanwhile.
 */
export async function reviveItems(tx: Tx, ids: readonly string[]): Promise<ReadonlySet<string>> {
  const taken = await sql<{ claim_id: string }>`SELECT DISTINCT i.claim_id FROM subsidies.claim_item i
    JOIN subsidies.claim_item o ON o.rule_path = i.rule_path AND o.row_key = i.row_key
      AND (o.live OR (o.claim_id < i.claim_id AND o.claim_id = ANY(${ids}::bigint[]) AND ${sql.raw(endedByOfficer("o"))}))
    WHERE i.claim_id = ANY(${ids}::bigint[]) AND ${sql.raw(ENDED_BY_OFFICER)}`.execute(tx);
  const gone = new Set(taken.rows.map(({ claim_id }) => claim_id));
  const free = ids.filter((claimId) => !gone.has(claimId));
  await sql`UPDATE subsidies.claim_item i SET live = true, dropped = NULL WHERE i.claim_id = ANY(${free}::bigint[]) AND ${sql.raw(ENDED_BY_OFFICER)}`.execute(
    tx,
  );
  return new Set(free);
}

export interface StoredItem {
  readonly item_id: string;
  readonly person_id: string | null;
  readonly person_name: string | null;
  readonly identity_mask: string | null;
  readonly event_date: string;
  readonly months: number | null;
  readonly amount_fen: string;
  readonly live: boolean;
  readonly dropped: string | null;
  readonly facts: Readonly<Record<string, unknown>>;
}

export async function listItems(
  tx: Tx,
  claimId: string,
  { page, size }: { readonly page: number; readonly size: number },
): Promise<{ rows: readonly StoredItem[]; total: number }> {
  const rows =
    await sql<StoredItem>`SELECT i.item_id, i.person_id, p.name AS person_name, p.identity_mask, i.event_date, i.months, i.amount_fen, i.live, i.dropped, i.facts
    FROM subsidies.claim_item i LEFT JOIN registry.person p ON p.person_id = i.person_id
    WHERE i.claim_id = ${claimId} ORDER BY NOT i.live, i.event_date, i.item_id LIMIT ${size} OFFSET ${(page - 1) * size}`.execute(
      tx,
    );
  const counted = await sql<{
    n: string;
  }>`SELECT count(*) AS n FROM subsidies.claim_item WHERE claim_id = ${claimId}`.execute(tx);
  return { rows: rows.rows, total: Number(counted.rows[0]!.n) };
}

export interface StoredClaimEvent {
  readonly event_id: string;
  readonly act: string;
  readonly state: ClaimState;
  readonly amount_fen: string;
  readonly officer_name: string;
  readonly organisation: string;
  readonly note: string;
  readonly business_date: string;
  readonly at: Date;
}

export async function eventsOfClaim(tx: Tx, claimId: string): Promise<readonly StoredClaimEvent[]> {
  const found =
    await sql<StoredClaimEvent>`SELECT event_id, act, state, amount_fen, officer_name, organisation, note, business_date, at
    FROM subsidies.claim_event WHERE claim_id = ${claimId} ORDER BY event_id`.execute(tx);
  return found.rows;
}

/** As payee, and as the person because of whom somebody else is paid: `share` is what the person's own items come to. */
export async function claimsOfPerson(
  tx: Tx,
  scope: Scope,
  personId: string,
): Promise<readonly (StoredClaim & { readonly share: string })[]> {
  const found = await sql<StoredClaim & { share: string }>`SELECT ${columns}, s.share
    FROM (SELECT claim_id, sum(amount_fen) AS share FROM subsidies.claim_item WHERE person_id = ${personId} GROUP BY claim_id) s
    JOIN subsidies.claim c ON c.claim_id = s.claim_id WHERE ${within("c.region", scope)} ORDER BY c.claim_id DESC LIMIT 100`.execute(
    tx,
  );
  return found.rows;
}
