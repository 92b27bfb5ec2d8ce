import { sql, type RawBuilder } from "kysely";
import { within, type Scope } from "#registry";
import type { Tx } from "../../platform/db/database.ts";
import type { TargetIndicator } from "../contract.ts";

/** Last day on which anything was kept or spent of these lines. */
export async function lastUsed(tx: Tx, lineIds: readonly string[]): Promise<ReadonlyMap<string, string>> {
  const found = await sql<{ fund_line_id: string; day: string }>`SELECT fund_line_id, max(business_date) AS day
    FROM subsidies.fund_movement WHERE fund_line_id = ANY(${lineIds}::bigint[]) AND kind IN ('reserve', 'spend') GROUP BY fund_line_id`.execute(
    tx,
  );
  return new Map(found.rows.map(({ fund_line_id, day }) => [fund_line_id, day]));
}

export interface StoredTarget {
  readonly indicator: TargetIndicator;
  readonly target: string;
  readonly document: string;
}

export async function targetsOf(
  tx: Tx,
  { region, year, fund }: { readonly region: string; readonly year: number; readonly fund: string },
): Promise<ReadonlyMap<TargetIndicator, StoredTarget>> {
  const found = await sql<StoredTarget>`SELECT indicator, target, document FROM subsidies.fund_target
    WHERE region = ${region} AND year = ${year} AND fund = ${fund}`.execute(tx);
  return new Map(found.rows.map((row) => [row.indicator, row]));
}

export async function upsertTarget(
  tx: Tx,
  given: {
    readonly region: string;
    readonly year: number;
    readonly fund: string;
    readonly indicator: TargetIndicator;
    readonly target: number;
    readonly document: string;
    readonly by: string;
    readonly on: string;
  },
): Promise<void> {
  await sql`INSERT INTO subsidies.fund_target (region, year, fund, indicator, target, document, set_by_name, set_on)
    VALUES (${given.region}, ${given.year}, ${given.fund}, ${given.indicator}, ${given.target}, ${given.document}, ${given.by}, ${given.on}::date)
    ON CONFLICT (region, year, fund, indicator) DO UPDATE SET target = EXCLUDED.target, document = EXCLUDED.document,
      set_by_name = EXCLUDED.set_by_name, set_on = EXCLUDED.set_on`.execute(tx);
}

type Counted = Record<TargetIndicator, number | null>;

/** What a year's money has brought so far, in the units of the indicators; null where there is nothing to divide by. */
export async function countActuals(
  tx: Tx,
  scope: Scope,
  { year, fund, on }: { readonly year: number; readonly fund: string; readonly on: string },
): Promise<Counted> {
  const [from, to] = [`${year}-01-01`, `${year}-12-31`];
  const ofFund = (column: string): RawBuilder<unknown> => (fund === "" ? sql`` : sql`AND ${sql.ref(column)} = ${fund}`);
  const tenths = (part: string, whole: string) =>
    sql.raw(`CASE WHEN ${whole} > 0 THEN floor(${part} * 1000.0 / ${whole})::bigint END`);
  const found = await sql<Record<TargetIndicator, string | null>>`
    WITH paid AS (SELECT c.claim_id, c.amount_fen, c.paid_on - c.received_on AS days FROM subsidies.claim c
        WHERE c.state IN ('paid', 'closed') AND c.paid_on BETWEEN ${from}::date AND ${to}::date AND ${within("c.region", scope)} ${ofFund("c.fund")}),
      lines AS (SELECT coalesce(sum(l.budget_fen), 0) AS budget, coalesce(sum(l.spent_fen), 0) AS spent FROM subsidies.fund_line l
        WHERE l.year = ${year} AND ${within("l.region", scope)} ${ofFund("l.fund")}),
      due AS (SELECT count(*) AS n, count(*) FILTER (WHERE c.due_on < ${on}::date) AS late FROM subsidies.claim c
        WHERE c.due_on IS NOT NULL AND c.state NOT IN ('closed', 'refused', 'withdrawn') AND ${within("c.region", scope)} ${ofFund("c.fund")}),
      answered AS (SELECT count(*) AS n, count(*) FILTER (WHERE p.state = 'returned') AS back FROM subsidies.payment p JOIN subsidies.claim c ON c.claim_id = p.claim_id
        WHERE p.state IN ('paid', 'returned') AND p.answered_on BETWEEN ${from}::date AND ${to}::date AND ${within("p.region", scope)} ${ofFund("c.fund")}),
      published AS (SELECT count(*) AS n, count(*) FILTER (WHERE EXISTS (SELECT 1 FROM subsidies.objection o
          WHERE o.publication_id = l.publication_id AND o.claim_id = l.claim_id AND o.state = 'upheld')) AS upheld
        FROM subsidies.publication u JOIN subsidies.publication_line l ON l.publication_id = u.publication_id JOIN subsidies.claim c ON c.claim_id = l.claim_id
        WHERE u.starts_on BETWEEN ${from}::date AND ${to}::date AND ${within("u.region", scope)} ${ofFund("c.fund")})
    SELECT (SELECT count(DISTINCT i.person_id) FROM paid JOIN subsidies.claim_item i ON i.claim_id = paid.claim_id AND i.live) AS persons,
      (SELECT count(*) FROM paid) AS claims, (SELECT coalesce(sum(amount_fen), 0) FROM paid) AS amount,
      ${tenths("lines.spent", "lines.budget")} AS spent, (SELECT round(avg(days) * 10)::bigint FROM paid) AS days,
      ${tenths("due.late", "due.n")} AS overdue, ${tenths("answered.back", "answered.n")} AS returned, ${tenths("published.upheld", "published.n")} AS upheld
    FROM lines, due, answered, published`.execute(tx);
  return Object.fromEntries(
    Object.entries(found.rows[0]!).map(([name, value]) => [name, value === null ? null : Number(value)]),
  ) as Counted;
}

export interface StoredSettlement {
  readonly settlement_id: string;
  readonly fund_line_id: string;
  readonly region: string;
  readonly kind: "carry" | "claw";
  readonly amount_fen: string;
  readonly document: string;
  readonly state: "proposed" | "done" | "refused";
  readonly proposed_by: string | null;
  readonly proposed_by_name: string;
  readonly proposed_on: string;
  readonly decided_by_name: string | null;
  readonly decided_on: string | null;
  readonly to_fund_line_id: string | null;
}

const settlementColumns = sql.raw(
  "s.settlement_id, s.fund_line_id, s.region, s.kind, s.amount_fen, s.document, s.state, s.proposed_by, s.proposed_by_name, s.proposed_on, s.decided_by_name, s.decided_on, s.to_fund_line_id",
);

export async function settlementsOf(tx: Tx, fundLineId: string): Promise<readonly StoredSettlement[]> {
  const found = await sql<StoredSettlement>`SELECT ${settlementColumns} FROM subsidies.fund_settlement s
    WHERE s.fund_line_id = ${fundLineId} ORDER BY s.settlement_id DESC LIMIT 100`.execute(tx);
  return found.rows;
}

export async function findSettlement(tx: Tx, scope: Scope, settlementId: string): Promise<StoredSettlement | null> {
  const found = await sql<StoredSettlement>`SELECT ${settlementColumns} FROM subsidies.fund_settlement s
    WHERE s.settlement_id = ${settlementId} AND ${within("s.region", scope)} FOR UPDATE`.execute(tx);
  return found.rows[0] ?? null;
}

/** Null where another one waits already. */
export async function insertSettlement(
  tx: Tx,
  given: {
    readonly fundLineId: string;
    readonly region: string;
    readonly kind: "carry" | "claw";
    readonly amountFen: number;
    readonly document: string;
    readonly officerId: string | null;
    readonly name: string;
    readonly on: string;
  },
): Promise<string | null> {
  const made = await sql<{
    settlement_id: string;
  }>`INSERT INTO subsidies.fund_settlement (fund_line_id, region, kind, amount_fen, document, state, proposed_by, proposed_by_name, proposed_on)
    VALUES (${given.fundLineId}, ${given.region}, ${given.kind}, ${given.amountFen}, ${given.document}, 'proposed', ${given.officerId}::bigint, ${given.name}, ${given.on}::date)
    ON CONFLICT DO NOTHING RETURNING settlement_id`.execute(tx);
  return made.rows[0]?.settlement_id ?? null;
}

export async function closeSettlement(
  tx: Tx,
  settlementId: string,
  given: {
    readonly state: "done" | "refused";
    readonly officerId: string | null;
    readonly name: string;
    readonly on: string;
    readonly toFundLineId: string | null;
  },
): Promise<void> {
  await sql`UPDATE subsidies.fund_settlement SET state = ${given.state}, decided_by = ${given.officerId}::bigint, decided_by_name = ${given.name},
    decided_on = ${given.on}::date, to_fund_line_id = ${given.toFundLineId}::bigint WHERE settlement_id = ${settlementId}`.execute(
    tx,
  );
}
