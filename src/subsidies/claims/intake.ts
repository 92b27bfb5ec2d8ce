import { sql, type RawBuilder } from "kysely";
import type { PreparedMeasure } from "#kernel";
import { asOfFor, factRowsSql, rowKeySql, type LoadedMeasure, type ScreeningScope } from "#policy";
import type { Db, Tx } from "../../platform/db/database.ts";
import type { Services } from "../../platform/module.ts";
import type { TaskContext } from "../../platform/tasks/definition.ts";
import type { ClaimState } from "../contract.ts";
import type { SubsidiesOptions } from "../options.ts";
import type { PayeeSource } from "../payees.ts";
import { duesIn } from "../settings/store.ts";
import { ENDED_BY_OFFICER } from "./store.ts";
import { locks } from "../../platform/db/locks.ts";

/** Columns of `claim_item` by which limits count; what a source does not have is null. */
export const COUNTED = ["person_id", "employer_id", "workshop_id", "brand_id", "employment_id"] as const;

const COUNTED_SQL = sql.raw(COUNTED.join(", "));

export interface Intake {
  readonly claims: number;
  readonly items: number;
  readonly amountFen: number;
}

export interface PayingMeasure extends LoadedMeasure {
  readonly rule: PreparedMeasure;
}

/** Measures that pay money to somebody whose account the office can know. */
export const isPaying = (measure: LoadedMeasure): measure is PayingMeasure =>
  measure.rule !== null && measure.definition.amount !== undefined && measure.definition.pays.length > 0;

/** The state in which what screening has found comes in (`handling` of the rule). */
function firstState({ definition }: LoadedMeasure): ClaimState {
  switch (definition.handling) {
    case "免审即享":
      return "checked";
    case "免申即享":
      return "accepted";
    case "申请确认":
    case "定额预付":
      return "proposed";
  }
}

/** What an intake takes of all that there is; without it, everything. */
export interface IntakeShare {
  readonly rules: readonly string[];
  /** So many payees of each rule. */
  readonly payees: number;
}

/**
 * Makes claims of everything under `region` that screening found payable and nobody has claimed: one for each payee, rule and fund, or
 * more items for the one that still waits. Asked again it makes nothing twice.
 */
export async function takeIn(
  options: SubsidiesOptions,
  { services, progress }: Pick<TaskContext, "services" | "progress">,
  region: string,
  by: { readonly officerId: string | null; readonly name: string },
  share?: IntakeShare,
): Promise<Intake> {
  const { worker } = services.database;
  const paying = (await options.rulebook.get(worker)).measures.filter(isPaying);
  const measures = share ? paying.filter(({ definition }) => share.rules.includes(definition.file)) : paying;
  const total = { claims: 0, items: 0, amountFen: 0 };
  for (const [done, measure] of measures.entries()) {
    await progress("生成补贴件", done, measures.length);
    const payee = options.findPayee(measure.rule.source, payeeColumn(measure));
    if (!payee) continue;
    const made = await takeInMeasure(worker, services, measure, payee, region, by, share?.payees);
    total.claims += made.claims;
    total.items += made.items;
    total.amountFen += made.amountFen;
  }
  return total;
}

export const payeeSubject = ({ definition }: PayingMeasure): string => definition.pays[0]!;
export const payeeColumn = (measure: PayingMeasure): string =>
  measure.rule.source.subjects[payeeSubject(measure)]!.column;

async function takeInMeasure(
  worker: Db,
  services: Services,
  measure: PayingMeasure,
  payee: PayeeSource,
  region: string,
  by: { readonly officerId: string | null; readonly name: string },
  payees?: number,
): Promise<Intake> {
  const payable = await sql<{ n: string }>`SELECT count(*) AS n FROM policy.result r
    WHERE r.version_id = ${measure.version.version_id} AND starts_with(r.region, ${region}) AND ${sql.raw(PAYABLE)}`.execute(
    worker,
  );
  if (payable.rows[0]!.n === "0") return { claims: 0, items: 0, amountFen: 0 };
  const asOf = asOfFor(services, measure);
  return worker.transaction().execute(async (tx) => {
    await sql`SELECT pg_advisory_xact_lock(${locks.claiming})`.execute(tx);
    await find(tx, measure, payee, { kind: "region", region }, asOf);
    if (payees !== undefined)
      await sql`DELETE FROM found WHERE payee_key NOT IN (SELECT DISTINCT payee_key FROM found ORDER BY 1 LIMIT ${payees})`.execute(
        tx,
      );
    return keep(tx, measure, by, asOf);
  });
}

/** SQL of a condition on `policy.result r`. */
export const PAYABLE = "r.outcome IN ('ELIGIBLE', 'ELIGIBLE_UP_TO_CAP') AND r.amount_fen > 0";

/**
 * Fills `found` with rows that screening kept and that are still there, each with its payee. What a register says twice and differently
 * is nothing to pay on, and nothing is claimed before its day. What was refused or withdrawn comes back only with other facts.
 */
async function find(
  tx: Tx,
  measure: PayingMeasure,
  payee: PayeeSource,
  scope: ScreeningScope & { readonly kind: "region" },
  asOf: string,
): Promise<void> {
  const { source, definition } = measure.rule;
  const column = payeeColumn(measure);
  const subjects = Object.values(source.subjects).map((key) => key.column);
  const counted = COUNTED.map((name) => (subjects.includes(name) ? `f."${name}"` : `NULL::bigint AS ${name}`));
  const facts = sql.raw("to_jsonb(f) - '{row_region,row_person,rows_of_key,key_of_row}'::text[]");
  const subject = sql.raw(`f."${column}"`);
  // Step by step, each known to the planner: results of just now have no statistics, and facts asked for row by row take an hour.
  await sql`CREATE TEMP TABLE payable ON COMMIT DROP AS
    SELECT r.row_key, left(r.region, 6) AS region, coalesce(r.fund, '') AS fund, r.event_date, r.amount_fen FROM policy.result r
    WHERE r.version_id = ${sql.lit(measure.version.version_id)} AND starts_with(r.region, ${sql.lit(scope.region)}) AND ${sql.raw(PAYABLE)}
      AND length(r.region) >= 6 AND r.event_date <= ${sql.lit(asOf)}::date`.execute(tx);
  await sql`ANALYZE payable`.execute(tx);
  await sql`CREATE TEMP TABLE payable_fact ON COMMIT DROP AS
    SELECT each.*, ${sql.raw(rowKeySql(source, "each"))} AS key_of_row, count(*) OVER (PARTITION BY ${sql.raw(rowKeySql(source, "each"))}) AS rows_of_key
    FROM (${sql.raw(factRowsSql(source, { scope, asOf }))}) each WHERE ${sql.raw(rowKeySql(source, "each"))} IN (SELECT row_key FROM payable)`.execute(
    tx,
  );
  await sql`ANALYZE payable_fact`.execute(tx);
  await sql`CREATE TEMP TABLE found ON COMMIT DROP AS
    SELECT r.*, ${sql.raw(counted.join(", "))},
      CASE WHEN ${sql.lit(payee.kind)} <> 'person' THEN ${subject} END AS payee_id, ${sql.lit(`${payee.kind}:`)} || ${subject} AS payee_key,
      p.person_id AS payee_person_id, p.employer_id AS payee_employer_id, p.name AS payee_name, ${facts} AS facts
    FROM payable r JOIN payable_fact f ON f.key_of_row = r.row_key AND f.rows_of_key = 1
    JOIN (${sql.raw(payee.sql)}) p ON p.id = ${subject}
    -- What was prepaid is settled against these rows (prepayments/), and would be paid twice as claims of their own.
    -- What is owed back of it likewise, while that is not over: rows of its time take it off.
    WHERE NOT EXISTS (SELECT 1 FROM subsidies.prepayment a WHERE a.rule_path = ${sql.lit(definition.file)} AND a.region = r.region
        AND a.payee_key = ${sql.lit(`${payee.kind}:`)} || ${subject} AND (a.state = 'open' OR a.state = 'owed' AND r.event_date <= a.settled_on
          AND EXISTS (SELECT 1 FROM subsidies.claim c WHERE c.claim_id = a.claim_id AND c.state IN ('paid', 'closed') AND c.amount_fen = a.amount_fen)
          AND NOT EXISTS (SELECT 1 FROM subsidies.recovery y WHERE y.prepayment_id = a.prepayment_id AND y.ended_on IS NOT NULL)))
      AND NOT EXISTS (SELECT 1 FROM subsidies.claim_item i WHERE i.rule_path = ${sql.lit(definition.file)} AND i.row_key = r.row_key
        AND (i.live OR (${sql.raw(ENDED_BY_OFFICER)} AND i.facts = ${facts})))`.execute(tx);
}

/** Makes claims and items of `found`. */
async function keep(
  tx: Tx,
  measure: PayingMeasure,
  by: { readonly officerId: string | null; readonly name: string },
  businessDate: string,
): Promise<Intake> {
  const { definition, version } = measure;
  const state = firstState(measure);
  const keys = [...new Set(definition.limits.map(({ key }) => key))];
  const months = definition.grain === "month" ? 1 : null;
  // What waits for its payee gets no items behind the back of whoever takes it on: it is held, in order, before it is looked at.
  await sql`SELECT 1 FROM subsidies.claim c WHERE c.rule_path = ${definition.file} AND c.way = 'proactive' AND c.state IN ('proposed', 'submitted')
      AND (c.region, c.fund, c.payee_key) IN (SELECT region, fund, payee_key FROM found) ORDER BY c.claim_id FOR NO KEY UPDATE`.execute(
    tx,
  );
  await sql`CREATE TEMP TABLE own ON COMMIT DROP AS
    SELECT DISTINCT ON (f.region, f.fund, f.payee_key) f.region, f.fund, f.payee_key, f.payee_id, f.payee_person_id, f.payee_employer_id, f.payee_name, c.claim_id
    FROM found f LEFT JOIN subsidies.claim c ON c.rule_path = ${sql.lit(definition.file)} AND c.region = f.region AND c.fund = f.fund AND c.payee_key = f.payee_key
      AND c.way = 'proactive' AND c.state IN ('proposed', 'submitted') ORDER BY f.region, f.fund, f.payee_key, c.claim_id`.execute(
    tx,
  );
  const offices = await sql<{ region: string }>`SELECT DISTINCT region FROM own`.execute(tx);
  const { regions, dues } = await duesIn(
    tx,
    offices.rows.map(({ region }) => region),
    state,
    businessDate,
  );
  const made =
    await sql`INSERT INTO subsidies.claim (region, way, handling, rule_path, rule_id, version_id, title, fund, payee_subject, payee_kind, payee_id,
      payee_person_id, payee_employer_id, payee_name, items, persons, amount_fen, state, received_on, due_on)
    SELECT own.region, 'proactive', ${definition.handling}, ${definition.file}, ${definition.id}, ${version.version_id}, ${definition.title}, fund,
      ${payeeSubject(measure)}, split_part(payee_key, ':', 1), payee_id, payee_person_id, payee_employer_id, payee_name, 0, 0, 0, ${state}, ${businessDate}::date, d.due_on
    FROM own JOIN unnest(${regions}::text[], ${dues}::date[]) AS d(region, due_on) ON d.region = own.region WHERE claim_id IS NULL`.execute(
      tx,
    );
  // At most one such claim of a payee waits: what was made just now is found by its payee.
  await sql`UPDATE own SET claim_id = c.claim_id FROM subsidies.claim c WHERE own.claim_id IS NULL AND c.rule_path = ${definition.file}
    AND c.region = own.region AND c.fund = own.fund AND c.payee_key = own.payee_key AND c.items = 0 AND c.state = ${state}`.execute(
    tx,
  );
  const items = await sql<{ amount: string; n: string }>`WITH added AS (
      INSERT INTO subsidies.claim_item (claim_id, region, rule_path, row_key, ${COUNTED_SQL}, benefit_keys, event_date, months, amount_fen, facts)
      SELECT o.claim_id, f.region, ${definition.file}, f.row_key, ${COUNTED_SQL}, ${keys}::text[], f.event_date, ${months}::int, f.amount_fen, f.facts
      FROM found f JOIN own o USING (region, fund, payee_key)
      RETURNING amount_fen)
    SELECT coalesce(sum(amount_fen), 0) AS amount, count(*) AS n FROM added`.execute(tx);
  await sumUp(tx, sql`SELECT claim_id FROM own`);
  await sql`INSERT INTO subsidies.claim_event (claim_id, region, act, state, amount_fen, officer_id, officer_name, note, business_date)
    SELECT c.claim_id, c.region, 'find', c.state, c.amount_fen, ${by.officerId}::bigint, ${by.name}, ${`筛查符合“${definition.title}”`}, ${businessDate}::date
    FROM subsidies.claim c JOIN own o ON o.claim_id = c.claim_id`.execute(tx);
  const [row] = items.rows;
  return { claims: Number(made.numAffectedRows ?? 0), items: Number(row!.n), amountFen: Number(row!.amount) };
}

/** Sets the sums of claims to those of their live items. `claims`: SELECT of claim_id. */
export async function sumUp(tx: Tx, claims: RawBuilder<unknown>): Promise<void> {
  await sql`UPDATE subsidies.claim c SET items = s.items, persons = s.persons, amount_fen = s.amount, entitled_on = s.first_on
    FROM (SELECT w.claim_id, min(i.event_date) AS first_on, count(i.item_id) AS items, count(DISTINCT i.person_id) AS persons, coalesce(sum(i.amount_fen), 0) AS amount
      FROM (${claims}) w LEFT JOIN subsidies.claim_item i ON i.claim_id = w.claim_id AND i.live GROUP BY w.claim_id) s
    WHERE c.claim_id = s.claim_id`.execute(tx);
}
