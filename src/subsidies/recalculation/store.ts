import { sql, type RawBuilder } from "kysely";
import { within, type Scope } from "#registry";
import type { Db, Tx } from "../../platform/db/database.ts";
import type { ClaimState, DifferenceCause, DifferenceKind, DifferenceState } from "../contract.ts";

export interface StoredDifference {
  readonly difference_id: string;
  readonly region: string;
  readonly claim_id: string;
  readonly claim_number: string;
  readonly claim_state: ClaimState;
  readonly title: string;
  readonly payee_name: string;
  readonly item_id: string;
  readonly person_id: string | null;
  readonly person_name: string | null;
  readonly event_date: string;
  readonly was_fen: string;
  readonly now_fen: string | null;
  readonly outcome: string;
  readonly causes: DifferenceCause[];
  readonly failed: string[];
  readonly version_id: string;
  readonly changed: readonly { readonly column: string; readonly before: unknown; readonly after: unknown }[];
  readonly found_on: string;
  readonly state: DifferenceState;
  readonly arrears_claim_id: string | null;
  readonly recovery_id: string | null;
  readonly reason: string | null;
  readonly ended_by_name: string | null;
  readonly ended_on: string | null;
}

const columns = sql.raw(
  `d.difference_id, d.region, d.claim_id, c.number AS claim_number, c.state AS claim_state, c.title, c.payee_name, d.item_id, i.person_id, p.name AS person_name,
   i.event_date, d.was_fen, d.now_fen, d.outcome, d.causes, d.failed, d.version_id, d.changed, d.found_on, d.state, d.arrears_claim_id, d.recovery_id, d.reason,
   d.ended_by_name, d.ended_on`,
);
const from = sql.raw(
  `subsidies.difference d JOIN subsidies.claim c ON c.claim_id = d.claim_id JOIN subsidies.claim_item i ON i.item_id = d.item_id
   LEFT JOIN registry.person p ON p.person_id = i.person_id`,
);
/** SQL of the way a difference `d` goes. */
const KIND = "CASE WHEN d.now_fen IS NULL THEN 'unclear' WHEN d.now_fen > d.was_fen THEN 'short' ELSE 'over' END";
const kind = sql.raw(KIND);

export interface DifferenceFilter {
  readonly state: DifferenceState;
  readonly kind?: DifferenceKind | undefined;
  readonly cause?: DifferenceCause | undefined;
  readonly rule?: string | undefined;
  readonly search?: string | undefined;
  readonly claimId?: string | undefined;
}

function matching(scope: Scope, filter: DifferenceFilter): RawBuilder<unknown> {
  const { state, kind: way, cause, rule, search, claimId } = filter;
  return sql`${within("d.region", scope)} AND d.state = ${state} ${way ? sql`AND ${kind} = ${way}` : sql``}
    ${cause ? sql`AND d.causes @> ARRAY[${cause}]` : sql``} ${rule ? sql`AND c.rule_id = ${rule}` : sql``}
    ${claimId ? sql`AND d.claim_id = ${claimId}` : sql``}
    ${search ? sql`AND (c.number = ${search.toUpperCase()} OR strpos(c.payee_name, ${search}) > 0)` : sql``}`;
}

/** The oldest first: what was found longest ago waits longest. */
export async function listStoredDifferences(
  tx: Tx,
  scope: Scope,
  filter: DifferenceFilter,
  { page, size }: { readonly page: number; readonly size: number },
): Promise<{ rows: readonly StoredDifference[]; total: number }> {
  const where = matching(scope, filter);
  const rows =
    await sql<StoredDifference>`SELECT ${columns} FROM ${from} WHERE ${where} ORDER BY d.found_on, d.difference_id LIMIT ${size} OFFSET ${(page - 1) * size}`.execute(
      tx,
    );
  const counted = await sql<{ n: string }>`SELECT count(*) AS n FROM ${from} WHERE ${where}`.execute(tx);
  return { rows: rows.rows, total: Number(counted.rows[0]!.n) };
}

/** Those named, locked in order. */
export async function lockDifferences(
  tx: Tx,
  scope: Scope,
  ids: readonly string[],
): Promise<readonly StoredDifference[]> {
  const found =
    await sql<StoredDifference>`SELECT ${columns} FROM ${from} WHERE ${within("d.region", scope)} AND d.difference_id = ANY(${ids}::bigint[])
    ORDER BY d.difference_id FOR UPDATE OF d`.execute(tx);
  return found.rows;
}

export async function openOfClaim(tx: Tx, claimId: string): Promise<readonly string[]> {
  const found = await sql<{
    difference_id: string;
  }>`SELECT difference_id FROM subsidies.difference WHERE claim_id = ${claimId} AND state = 'open'`.execute(tx);
  return found.rows.map(({ difference_id }) => difference_id);
}

export async function differencesOfRecovery(tx: Tx, recoveryId: string): Promise<readonly StoredDifference[]> {
  const found =
    await sql<StoredDifference>`SELECT ${columns} FROM ${from} WHERE d.recovery_id = ${recoveryId} ORDER BY i.event_date, d.difference_id`.execute(
      tx,
    );
  return found.rows;
}

export async function countStoredDifferences(
  tx: Tx,
  scope: Scope,
): Promise<
  readonly {
    kind: DifferenceKind;
    rule_id: string;
    title: string;
    differences: number;
    claims: number;
    amount: string;
  }[]
> {
  const found = await sql<{
    kind: DifferenceKind;
    rule_id: string;
    title: string;
    differences: number;
    claims: number;
    amount: string;
  }>`SELECT ${kind} AS kind, c.rule_id, min(c.title) AS title, count(*)::int AS differences, count(DISTINCT d.claim_id)::int AS claims,
      sum(abs(d.was_fen - coalesce(d.now_fen, 0))) AS amount
    FROM subsidies.difference d JOIN subsidies.claim c ON c.claim_id = d.claim_id WHERE d.state = 'open' AND ${within("d.region", scope)} GROUP BY 1, 2 ORDER BY 2`.execute(
    tx,
  );
  return found.rows;
}

/** The last recalculation that went over all of an area; read as the worker, for it may have gone over others too. */
export async function lastRecalculation(
  worker: Db,
  region: string,
): Promise<{ readonly business_date: string; readonly at: Date; readonly items: number } | null> {
  const found = await sql<{ business_date: string; at: Date; items: number }>`SELECT business_date, at, items
    FROM subsidies.recalculation WHERE starts_with(${region}, region) ORDER BY recalculation_id DESC LIMIT 1`.execute(
    worker,
  );
  return found.rows[0] ?? null;
}

export async function endDifferences(
  tx: Tx,
  ids: readonly string[],
  to: {
    readonly state: Exclude<DifferenceState, "open" | "gone">;
    readonly arrearsClaimId?: string;
    readonly recoveryId?: string;
    readonly reason?: string;
    readonly by: string;
    readonly on: string;
  },
): Promise<void> {
  await sql`UPDATE subsidies.difference SET state = ${to.state}, arrears_claim_id = ${to.arrearsClaimId ?? null}::bigint,
      recovery_id = coalesce(${to.recoveryId ?? null}::bigint, recovery_id), reason = ${to.reason ?? null}, ended_by_name = ${to.by}, ended_on = ${to.on}::date
    WHERE difference_id = ANY(${ids}::bigint[])`.execute(tx);
}

/** Makes the claim of what a claim's items are short of; taken in by the officer, it goes on to be examined. */
export async function insertArrears(
  tx: Tx,
  claimId: string,
  differenceIds: readonly string[],
  by: { readonly officerId: string | null; readonly on: string; readonly dueOn: string | null },
): Promise<{ readonly claimId: string; readonly number: string }> {
  const made = await sql<{ claim_id: string; number: string }>`
    INSERT INTO subsidies.claim (region, way, handling, rule_path, rule_id, version_id, title, fund, payee_subject, payee_kind, payee_id, payee_person_id,
      payee_employer_id, payee_name, items, persons, amount_fen, state, received_on, due_on, accepted_by)
    SELECT c.region, 'arrears', c.handling, c.rule_path, c.rule_id, (SELECT max(d.version_id) FROM subsidies.difference d WHERE d.difference_id = ANY(${differenceIds}::bigint[])),
      c.title, c.fund, c.payee_subject, c.payee_kind, c.payee_id, c.payee_person_id, c.payee_employer_id, c.payee_name, 0, 0, 0, 'accepted', ${by.on}::date, ${by.dueOn}::date,
      ${by.officerId}::bigint
    FROM subsidies.claim c WHERE c.claim_id = ${claimId} RETURNING claim_id, number`.execute(tx);
  const { claim_id, number } = made.rows[0]!;
  await sql`INSERT INTO subsidies.claim_item (claim_id, region, rule_path, row_key, person_id, employer_id, workshop_id, brand_id, employment_id, benefit_keys,
      event_date, months, amount_fen, facts, difference_id)
    SELECT ${claim_id}, i.region, i.rule_path, i.row_key, i.person_id, i.employer_id, i.workshop_id, i.brand_id, i.employment_id, '{}', i.event_date, i.months,
      d.now_fen - d.was_fen, i.facts, d.difference_id
    FROM subsidies.difference d JOIN subsidies.claim_item i ON i.item_id = d.item_id WHERE d.difference_id = ANY(${differenceIds}::bigint[])`.execute(
    tx,
  );
  return { claimId: claim_id, number };
}
