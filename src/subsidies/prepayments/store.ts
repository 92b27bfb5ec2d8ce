import { sql } from "kysely";
import { within, type Scope } from "#registry";
import type { Tx } from "../../platform/db/database.ts";
import { COUNTED, payeeColumn, type PayingMeasure } from "../claims/intake.ts";
import { factRowsSql, rowKeySql } from "#policy";
import type { ClaimState, PrepaymentState, RecoveryState } from "../contract.ts";
import type { PayeeSource } from "../payees.ts";

export interface StoredPrepayment {
  readonly prepayment_id: string;
  readonly region: string;
  readonly claim_id: string;
  readonly number: string;
  readonly claim_state: ClaimState;
  readonly title: string;
  readonly payee_name: string;
  readonly payee_key: string;
  readonly rule_path: string;
  readonly fund: string;
  readonly document: string;
  readonly plan: string;
  readonly amount_fen: string;
  readonly begun_on: string;
  readonly settle_by: string;
  readonly state: PrepaymentState;
  readonly settled_on: string | null;
  readonly settled_by_name: string | null;
  readonly actual_fen: string | null;
  readonly owed_fen: string;
  readonly balance_claim_id: string | null;
  readonly balance_number: string | null;
  readonly balance_fen: string | null;
  readonly recovery_id: string | null;
  readonly recovery_number: string | null;
  readonly recovery_state: RecoveryState | null;
  readonly recovery_ended_on: string | null;
}

const select =
  sql.raw(`SELECT p.prepayment_id, p.region, p.claim_id, c.number, c.state AS claim_state, c.title, c.payee_name, p.payee_key, p.rule_path, p.fund, p.document, p.plan, p.amount_fen,
    p.begun_on, p.settle_by, p.state, p.settled_on, p.settled_by_name, p.actual_fen, p.owed_fen, p.balance_claim_id, b.number AS balance_number, b.amount_fen AS balance_fen,
    r.recovery_id, r.number AS recovery_number, r.state AS recovery_state, r.ended_on AS recovery_ended_on
  FROM subsidies.prepayment p JOIN subsidies.claim c ON c.claim_id = p.claim_id LEFT JOIN subsidies.claim b ON b.claim_id = p.balance_claim_id
    LEFT JOIN subsidies.recovery r ON r.prepayment_id = p.prepayment_id`);

export async function listStoredPrepayments(
  tx: Tx,
  scope: Scope,
  {
    state,
    page,
    size,
  }: { readonly state?: PrepaymentState | "overdue" | undefined; readonly page: number; readonly size: number },
  businessDate: string,
): Promise<{ rows: readonly StoredPrepayment[]; total: number }> {
  const where = sql`${within("p.region", scope)} ${
    state === "overdue"
      ? sql`AND p.state = 'open' AND p.settle_by < ${businessDate}::date`
      : state
        ? sql`AND p.state = ${state}`
        : sql``
  }`;
  const rows =
    await sql<StoredPrepayment>`${select} WHERE ${where} ORDER BY p.state <> 'open', p.settle_by, p.prepayment_id LIMIT ${size} OFFSET ${(page - 1) * size}`.execute(
      tx,
    );
  const counted = await sql<{ n: string }>`SELECT count(*) AS n FROM subsidies.prepayment p WHERE ${where}`.execute(tx);
  return { rows: rows.rows, total: Number(counted.rows[0]!.n) };
}

export async function findPrepayment(tx: Tx, scope: Scope, prepaymentId: string): Promise<StoredPrepayment | null> {
  const found =
    await sql<StoredPrepayment>`${select} WHERE p.prepayment_id = ${prepaymentId} AND ${within("p.region", scope)}`.execute(
      tx,
    );
  return found.rows[0] ?? null;
}

export async function lockPrepayment(tx: Tx, prepaymentId: string): Promise<void> {
  await sql`SELECT FROM subsidies.prepayment WHERE prepayment_id = ${prepaymentId} FOR UPDATE`.execute(tx);
}

export interface Prepayee {
  readonly id: string;
  readonly name: string;
  readonly person_id: string | null;
  readonly employer_id: string | null;
}

/** Whom the office may prepay: who is registered within its area, or has rows of the measure's facts there (a training body, an agency). */
export async function prepayees(
  tx: Tx,
  region: string,
  { measure, payee }: { readonly measure: PayingMeasure; readonly payee: PayeeSource },
  by: { readonly id: string } | { readonly search: string },
  asOf: string,
): Promise<readonly Prepayee[]> {
  const rows = factRowsSql(measure.rule.source, { scope: { kind: "region", region }, asOf });
  const found = await sql<Prepayee>`SELECT p.id, p.name, p.person_id, p.employer_id FROM (${sql.raw(payee.sql)}) p
    LEFT JOIN registry.person own ON own.person_id = p.person_id LEFT JOIN registry.employer firm ON firm.employer_id = p.employer_id
    WHERE ${"id" in by ? sql`p.id = ${by.id}` : sql`strpos(p.name, ${by.search}) > 0`}
      AND (${within("own.home_region", region)} OR ${within("firm.region", region)} OR p.id IN (SELECT r.${sql.ref(payeeColumn(measure))} FROM (${sql.raw(rows)}) r WHERE ${within("r.row_region", region)}))
    ORDER BY p.name, p.id LIMIT 20`.execute(tx);
  return found.rows;
}

/** The number of the payee's prepayment under the rule that is not settled; null: none. */
export async function openPrepayment(tx: Tx, region: string, path: string, payeeKey: string): Promise<string | null> {
  const found = await sql<{
    number: string;
  }>`SELECT c.number FROM subsidies.prepayment p JOIN subsidies.claim c ON c.claim_id = p.claim_id
    WHERE p.region = ${region} AND p.rule_path = ${path} AND p.payee_key = ${payeeKey} AND p.state = 'open'`.execute(
    tx,
  );
  return found.rows[0]?.number ?? null;
}

export interface NewPrepaid {
  readonly region: string;
  readonly path: string;
  readonly rule: string;
  readonly versionId: string;
  readonly title: string;
  readonly fund: string;
  readonly subject: string;
  readonly kind: string;
  readonly payee: Prepayee;
  readonly amountFen: number;
  readonly note: string;
  readonly on: string;
  readonly dueOn: string | null;
}

/** A claim of way `prepaid`, which has an amount and no items; it lives as every other does. */
export async function insertPrepaidClaim(tx: Tx, given: NewPrepaid): Promise<string> {
  const made = await sql<{
    claim_id: string;
  }>`INSERT INTO subsidies.claim (region, way, handling, rule_path, rule_id, version_id, title, fund, payee_subject, payee_kind, payee_id,
      payee_person_id, payee_employer_id, payee_name, items, persons, amount_fen, state, agent, received_on, due_on)
    VALUES (${given.region}, 'prepaid', '定额预付', ${given.path}, ${given.rule}, ${given.versionId}, ${given.title}, ${given.fund}, ${given.subject}, ${given.kind},
      ${given.kind === "person" ? null : given.payee.id}::bigint, ${given.payee.person_id}::bigint, ${given.payee.employer_id}::bigint, ${given.payee.name}, 0, 0, ${given.amountFen}, 'submitted', ${given.note}, ${given.on}::date, ${given.dueOn}::date)
    RETURNING claim_id`.execute(tx);
  return made.rows[0]!.claim_id;
}

export async function insertPrepayment(
  tx: Tx,
  given: {
    readonly region: string;
    readonly claimId: string;
    readonly document: string;
    readonly plan: string;
    readonly settleBy: string;
    readonly on: string;
  },
): Promise<string> {
  const made = await sql<{
    prepayment_id: string;
  }>`INSERT INTO subsidies.prepayment (region, claim_id, rule_path, fund, payee_key, document, plan, amount_fen, begun_on, settle_by)
    SELECT region, claim_id, rule_path, fund, payee_key, ${given.document}, ${given.plan}, amount_fen, ${given.on}::date, ${given.settleBy}::date FROM subsidies.claim WHERE claim_id = ${given.claimId}
    RETURNING prepayment_id`.execute(tx);
  return made.rows[0]!.prepayment_id;
}

/**
 * What the items come to that screening found payable to a payee under a measure in a county and that nobody has claimed. They are kept in
 * the temporary table `actual_item` until the transaction ends.
 */
export async function gatherActual(
  worker: Tx,
  { measure, payee }: { readonly measure: PayingMeasure; readonly payee: PayeeSource },
  {
    region,
    payeeKey,
    fund,
    asOf,
    until,
  }: {
    readonly region: string;
    readonly payeeKey: string;
    readonly fund: string;
    readonly asOf: string;
    /** Last day of what counts for it; null: everything until now. */
    readonly until: string | null;
  },
): Promise<{ items: number; actualFen: number }> {
  const { source, definition } = measure.rule;
  const subjects = Object.values(source.subjects).map((key) => key.column);
  const counted = COUNTED.map((name) => (subjects.includes(name) ? `f."${name}"` : `NULL::bigint AS ${name}`));
  const payeeId = payeeKey.slice(payee.kind.length + 1);
  await sql`CREATE TEMP TABLE actual_item ON COMMIT DROP AS
    SELECT r.row_key, r.event_date, r.amount_fen, ${sql.raw(counted.join(", "))}, to_jsonb(f) - '{row_region,row_person,rows_of_key}'::text[] AS facts
    FROM policy.result r
    JOIN (SELECT each.*, count(*) OVER (PARTITION BY ${sql.raw(rowKeySql(source, "each"))}) AS rows_of_key FROM (${sql.raw(factRowsSql(source, { scope: { kind: "region", region }, asOf }))}) each
      WHERE each.${sql.ref(payeeColumn(measure))} = ${sql.lit(payeeId)}::bigint) f ON ${sql.raw(rowKeySql(source, "f"))} = r.row_key AND f.rows_of_key = 1
    WHERE r.version_id = ${sql.lit(measure.version.version_id)} AND starts_with(r.region, ${sql.lit(region)}) AND r.outcome IN ('ELIGIBLE', 'ELIGIBLE_UP_TO_CAP') AND r.amount_fen > 0
      AND coalesce(r.fund, '') = ${sql.lit(fund)} AND r.event_date <= ${sql.lit(until ?? asOf)}::date
      AND NOT EXISTS (SELECT 1 FROM subsidies.claim_item i WHERE i.live AND i.rule_path = ${sql.lit(definition.file)} AND i.row_key = r.row_key)`.execute(
    worker,
  );
  const found = await sql<{
    n: string;
    amount: string;
  }>`SELECT count(*) AS n, coalesce(sum(amount_fen), 0) AS amount FROM actual_item`.execute(worker);
  return { items: Number(found.rows[0]!.n), actualFen: Number(found.rows[0]!.amount) };
}

/** Puts the gathered items into the prepaid claim, whose amount stays what was paid. */
export async function attachActual(worker: Tx, claimId: string, { definition }: PayingMeasure): Promise<void> {
  const columns = sql.raw(COUNTED.join(", "));
  await sql`INSERT INTO subsidies.claim_item (claim_id, region, rule_path, row_key, ${columns}, benefit_keys, event_date, months, amount_fen, facts)
    SELECT c.claim_id, c.region, c.rule_path, a.row_key, ${columns}, ${[...new Set(definition.limits.map(({ key }) => key))]}::text[], a.event_date, ${definition.grain === "month" ? 1 : null}::int, a.amount_fen, a.facts
    FROM actual_item a CROSS JOIN subsidies.claim c WHERE c.claim_id = ${claimId}`.execute(worker);
  await sql`UPDATE subsidies.claim c SET items = s.items, persons = s.persons FROM (SELECT count(*) AS items, count(DISTINCT person_id) AS persons FROM subsidies.claim_item WHERE live AND claim_id = ${claimId}) s
    WHERE c.claim_id = ${claimId}`.execute(worker);
}

export async function settleStored(
  worker: Tx,
  prepaymentId: string,
  given: {
    readonly actualFen: number;
    readonly owedFen: number;
    readonly balanceClaimId: string | null;
    readonly on: string;
    readonly by: string | null;
    readonly byName: string;
  },
): Promise<void> {
  await sql`UPDATE subsidies.prepayment SET state = ${given.owedFen > 0 ? "owed" : "settled"}, actual_fen = ${given.actualFen}, owed_fen = ${given.owedFen}, balance_claim_id = ${given.balanceClaimId}::bigint,
      settled_on = ${given.on}::date, settled_by = ${given.by}::bigint, settled_by_name = ${given.byName}
    WHERE prepayment_id = ${prepaymentId} AND state = 'open'`.execute(worker);
}

/** What a corrected settlement comes to; the day of the settlement stays, for it bounds what counts for the prepayment. */
export async function correctStored(
  worker: Tx,
  prepaymentId: string,
  given: { readonly actualFen: number; readonly owedFen: number; readonly balanceClaimId: string | null },
): Promise<void> {
  await sql`UPDATE subsidies.prepayment SET state = ${given.owedFen > 0 ? "owed" : "settled"}, actual_fen = ${given.actualFen}, owed_fen = ${given.owedFen},
      balance_claim_id = ${given.balanceClaimId}::bigint
    WHERE prepayment_id = ${prepaymentId} AND state = 'owed'`.execute(worker);
}
