import { sql, type RawBuilder } from "kysely";
import { within, type Scope } from "#registry";
import type { Tx } from "../../platform/db/database.ts";
import { PAYABLE, type PayingMeasure } from "../claims/intake.ts";
import { ENDED_BY_OFFICER } from "../claims/store.ts";
import type { UnpaidAge, UnpaidReason } from "../contract.ts";

/** A county's code; what is longer names a place inside of it, which only payees have. */
const COUNTY = 6;

export interface UnpaidFilter {
  readonly reason?: UnpaidReason | undefined;
  readonly age?: UnpaidAge | undefined;
  readonly rule?: string | undefined;
}

export interface StoredUnpaid {
  readonly key: string;
  readonly claim_id: string | null;
  readonly number: string | null;
  readonly rule_id: string;
  readonly title: string;
  readonly fund: string;
  readonly place: string;
  readonly payee_name: string;
  readonly person_id: string | null;
  readonly reason: UnpaidReason;
  readonly amount_fen: string;
  readonly entitled_on: string;
  readonly days: number;
  readonly age: UnpaidAge;
}

const OPEN = "c.state NOT IN ('paid', 'closed', 'refused', 'withdrawn')";
/** The town of a payee who lives in the paying county, else that county. */
const PLACE = "CASE WHEN starts_with(p.home_region, c.region) THEN left(p.home_region, 9) ELSE c.region END";

/** Why a claim that is not paid waits. The most particular reason goes before the desk at which it lies. */
const reasonSql = (today: string) => sql`CASE c.state
  WHEN 'proposed' THEN CASE WHEN c.due_on < ${today}::date THEN 'unanswered' ELSE 'proposed' END
  WHEN 'accepted' THEN CASE WHEN EXISTS (SELECT 1 FROM subsidies.publication_line l WHERE l.claim_id = c.claim_id AND l.taken_out) THEN 'off-list' ELSE 'accepted' END
  WHEN 'checked' THEN CASE WHEN f.most >= c.amount_fen THEN 'checked' ELSE 'no-fund' END
  WHEN 'escalated' THEN CASE WHEN f.most >= c.amount_fen THEN 'escalated' ELSE 'no-fund' END
  WHEN 'published' THEN CASE WHEN EXISTS (SELECT 1 FROM subsidies.objection o WHERE o.claim_id = c.claim_id AND o.state = 'open') THEN 'objection' ELSE 'published' END
  WHEN 'cleared' THEN CASE WHEN a.payee_key IS NULL AND p.bank_hash IS NULL THEN 'no-account'
    WHEN EXISTS (SELECT 1 FROM subsidies.payment y WHERE y.claim_id = c.claim_id AND y.state = 'returned') THEN 'returned' ELSE 'cleared' END
  ELSE c.state END`;

/**
 * SELECT of everything that is entitled and not paid under `scope`, each once: claims on their way, what screening found and nobody has
 * made a claim of, and what paid claims are short of.
 */
function unpaidSql(
  scope: Scope,
  measures: readonly PayingMeasure[],
  today: string,
  { reason, age, rule }: UnpaidFilter,
): RawBuilder<unknown> {
  const county = scope === null ? null : scope.slice(0, COUNTY);
  const ofRule = (column: string) => (rule ? sql`AND ${sql.ref(column)} = ${rule}` : sql``);
  return sql`SELECT u.*, ${today}::date - u.entitled_on AS days, CASE WHEN ${today}::date - u.entitled_on <= 30 THEN 'to-30' WHEN ${today}::date - u.entitled_on <= 90 THEN 'to-90' ELSE 'over-90' END AS age
    FROM (
      SELECT 'c' || c.claim_id AS key, c.claim_id, c.number, c.rule_id, c.title, c.fund, ${sql.raw(PLACE)} AS place, c.payee_name, c.payee_person_id AS person_id,
        ${reasonSql(today)} AS reason, c.amount_fen, coalesce(c.entitled_on, c.received_on) AS entitled_on
      FROM subsidies.claim c LEFT JOIN registry.person p ON p.person_id = c.payee_person_id AND c.payee_kind = 'person'
      LEFT JOIN subsidies.payee_account a ON c.state = 'cleared' AND a.payee_key = c.payee_key
      LEFT JOIN (SELECT n.*, (SELECT max(l.budget_fen - l.reserved_fen - l.spent_fen) FROM subsidies.fund_line l
            WHERE l.region = n.region AND (l.fund = n.fund OR (n.fund = '' AND n.rule_id = ANY(l.rules))) AND l.valid_from <= ${today}::date
              AND (l.valid_to IS NULL OR l.valid_to >= ${today}::date) AND (cardinality(l.rules) = 0 OR n.rule_id = ANY(l.rules))) AS most
          FROM (SELECT DISTINCT c.region, c.fund, c.rule_id FROM subsidies.claim c WHERE c.state IN ('checked', 'escalated') AND ${within("c.region", county)}) n) f
        ON c.state IN ('checked', 'escalated') AND f.region = c.region AND f.fund = c.fund AND f.rule_id = c.rule_id
      WHERE ${sql.raw(OPEN)} AND c.amount_fen > 0 AND ${within("c.region", county)} ${ofRule("c.rule_id")}
      UNION ALL
      SELECT 'r' || r.version_id || ':' || r.row_key, NULL, NULL, m.rule_id, m.title, coalesce(r.fund, ''), CASE WHEN starts_with(p.home_region, left(r.region, 6)) THEN left(p.home_region, 9) ELSE left(r.region, 6) END,
        coalesce(p.name, ''), p.person_id, 'not-made', r.amount_fen, coalesce(r.event_date, r.as_of)
      FROM policy.result r JOIN unnest(${measures.map(({ version }) => version.version_id)}::bigint[], ${measures.map(({ version }) => version.path)}::text[], ${measures.map(({ definition }) => definition.id)}::text[],
          ${measures.map(({ definition }) => definition.title)}::text[]) AS m(version_id, path, rule_id, title) ON m.version_id = r.version_id
      LEFT JOIN registry.person p ON p.person_id = r.person_id
      WHERE ${sql.raw(PAYABLE)} AND length(r.region) >= 6 AND ${within("r.region", county)} ${ofRule("m.rule_id")}
        AND NOT EXISTS (SELECT 1 FROM subsidies.claim_item i WHERE i.rule_path = m.path AND i.row_key = r.row_key AND (i.live OR ${sql.raw(ENDED_BY_OFFICER)}))
      UNION ALL
      SELECT 'd' || d.difference_id, c.claim_id, c.number, c.rule_id, c.title, c.fund, ${sql.raw(PLACE)}, c.payee_name, c.payee_person_id, 'arrears', d.now_fen - d.was_fen, i.event_date
      FROM subsidies.difference d JOIN subsidies.claim c ON c.claim_id = d.claim_id JOIN subsidies.claim_item i ON i.item_id = d.item_id
      LEFT JOIN registry.person p ON p.person_id = c.payee_person_id AND c.payee_kind = 'person'
      WHERE d.state = 'open' AND d.now_fen > d.was_fen AND c.state IN ('paid', 'closed') AND ${within("d.region", county)} ${ofRule("c.rule_id")}
    ) u WHERE ${scope !== null && scope.length > COUNTY ? sql`starts_with(u.place, ${scope})` : sql`true`}
      ${reason ? sql`AND u.reason = ${reason}` : sql``} ${age ? AGES[age](today) : sql``}`;
}

const AGES: Record<UnpaidAge, (today: string) => RawBuilder<unknown>> = {
  "to-30": (today) => sql`AND u.entitled_on >= ${today}::date - 30`,
  "to-90": (today) => sql`AND u.entitled_on BETWEEN ${today}::date - 90 AND ${today}::date - 31`,
  "over-90": (today) => sql`AND u.entitled_on < ${today}::date - 90`,
};

export interface UnpaidCount {
  readonly reason: UnpaidReason | null;
  readonly place: string | null;
  readonly rule_id: string | null;
  readonly title: string | null;
  readonly age: UnpaidAge;
  readonly rows: number;
  readonly amount: string;
}

/** Sums of all, by reason, by place (counties; towns inside of one) and by rule: each row of one kind names what it is of. */
export async function countStoredUnpaid(
  tx: Tx,
  scope: Scope,
  measures: readonly PayingMeasure[],
  today: string,
  filter: UnpaidFilter,
): Promise<readonly UnpaidCount[]> {
  const digits = scope !== null && scope.length >= COUNTY ? 9 : COUNTY;
  const found =
    await sql<UnpaidCount>`SELECT g.reason, g.place, g.rule_id, min(g.title) FILTER (WHERE g.rule_id IS NOT NULL) AS title, g.age, count(*)::int AS rows, sum(g.amount_fen) AS amount
    FROM (SELECT u.reason, left(u.place, ${sql.lit(digits)}) AS place, u.rule_id, u.title, u.age, u.amount_fen FROM (${unpaidSql(scope, measures, today, filter)}) u) g
    GROUP BY GROUPING SETS ((g.age), (g.reason, g.age), (g.place, g.age), (g.rule_id, g.age))`.execute(tx);
  return found.rows;
}

/** Who has waited longest stands first. */
export async function listStoredUnpaid(
  tx: Tx,
  scope: Scope,
  measures: readonly PayingMeasure[],
  today: string,
  filter: UnpaidFilter,
  { page, size }: { readonly page: number; readonly size: number },
): Promise<{ rows: readonly StoredUnpaid[]; total: number }> {
  const all = unpaidSql(scope, measures, today, filter);
  const rows =
    await sql<StoredUnpaid>`SELECT * FROM (${all}) u ORDER BY u.entitled_on, u.key LIMIT ${size} OFFSET ${(page - 1) * size}`.execute(
      tx,
    );
  const counted = await sql<{ n: string }>`SELECT count(*) AS n FROM (${all}) u`.execute(tx);
  return { rows: rows.rows, total: Number(counted.rows[0]!.n) };
}
