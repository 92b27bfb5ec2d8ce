import { sql } from "kysely";
import { within, type Scope } from "#registry";
import type { Tx } from "../../platform/db/database.ts";
import type { Reconciliation } from "../contract.ts";
import { CHECKS_BESIDE, relationsBeside, SUMS_BESIDE } from "./beside.ts";

const MOST = 200;

/**
 * Sums of a county's whole books are held against each other, of which the planner knows no sizes: guessing few rows, it would compare each
 * with each (three minutes instead of three seconds for 50,000 claims).
 */
export const HASHED = "SET LOCAL enable_nestloop = off";
export const AS_BEFORE = "SET LOCAL enable_nestloop = on";

/** One level against the next: rows where the two differ. Columns `subject text, l bigint, r bigint`. */
const CHECKS: readonly { readonly says: string; readonly sql: string }[] = [
  {
    says: "资金额度的下达数＝下达、调剂流水之和",
    sql: `SELECT l.document, l.budget_fen, coalesce(m.budget, 0) FROM lines l LEFT JOIN moved_lines m USING (fund_line_id) WHERE l.budget_fen <> coalesce(m.budget, 0)`,
  },
  {
    says: "资金额度的占用数＝占用流水之和",
    sql: `SELECT l.document, l.reserved_fen, coalesce(m.reserved, 0) FROM lines l LEFT JOIN moved_lines m USING (fund_line_id) WHERE l.reserved_fen <> coalesce(m.reserved, 0)`,
  },
  {
    says: "资金额度的支出数＝支出流水之和",
    sql: `SELECT l.document, l.spent_fen, coalesce(m.spent, 0) FROM lines l LEFT JOIN moved_lines m USING (fund_line_id) WHERE l.spent_fen <> coalesce(m.spent, 0)`,
  },
  {
    says: "补贴件金额＝有效明细之和",
    sql: `SELECT c.number, c.amount_fen, coalesce(i.fen, 0) FROM claims c LEFT JOIN items i USING (claim_id)
      WHERE c.way <> 'prepaid' AND c.state NOT IN ('refused', 'withdrawn') AND c.amount_fen <> coalesce(i.fen, 0)`,
  },
  {
    says: "补贴件占用的资金＝待付的金额",
    sql: `SELECT number, due, kept FROM (SELECT c.number, coalesce(m.reserved, 0) AS kept,
        CASE WHEN c.state IN ('approved', 'published', 'cleared', 'paying') THEN c.amount_fen ELSE 0 END AS due FROM claims c LEFT JOIN moved_claims m USING (claim_id)) x WHERE kept <> due`,
  },
  {
    says: "补贴件支出的资金＝银行发放成功的金额",
    sql: `SELECT c.number, coalesce(m.spent, 0), coalesce(p.paid, 0) FROM claims c LEFT JOIN moved_claims m USING (claim_id) LEFT JOIN paid_claims p USING (claim_id)
      WHERE coalesce(m.spent, 0) <> coalesce(p.paid, 0)`,
  },
  {
    says: "已发放的补贴件＝银行发放成功的金额",
    sql: `SELECT c.number, CASE WHEN c.state IN ('paid', 'closed') THEN c.amount_fen ELSE 0 END, coalesce(p.paid, 0) FROM claims c LEFT JOIN paid_claims p USING (claim_id)
      WHERE CASE WHEN c.state IN ('paid', 'closed') THEN c.amount_fen ELSE 0 END <> coalesce(p.paid, 0)`,
  },
  {
    says: "发放中的补贴件＝编入批次、未有结果的金额",
    sql: `SELECT c.number, CASE WHEN c.state = 'paying' THEN c.amount_fen ELSE 0 END, coalesce(p.under_way, 0) FROM claims c LEFT JOIN paid_claims p USING (claim_id)
      WHERE CASE WHEN c.state = 'paying' THEN c.amount_fen ELSE 0 END <> coalesce(p.under_way, 0)`,
  },
  {
    says: "批次金额＝各笔之和",
    sql: `SELECT b.number, b.total_fen, coalesce(p.fen, 0) FROM batches b LEFT JOIN paid_batches p USING (batch_id) WHERE b.total_fen <> coalesce(p.fen, 0)`,
  },
  {
    says: "批次笔数＝各笔之数",
    sql: `SELECT b.number, b.payments, coalesce(p.n, 0) FROM batches b LEFT JOIN paid_batches p USING (batch_id) WHERE b.payments <> coalesce(p.n, 0)`,
  },
  {
    says: "已对账的批次没有银行未答复的金额",
    sql: `SELECT b.number, 0, p.sent FROM batches b JOIN paid_batches p USING (batch_id) WHERE b.state = 'settled' AND p.sent <> 0`,
  },
  {
    says: "每笔发放的资金额度＝补贴件占用的额度",
    sql: `SELECT b.number || '/' || p.line, p.fund_line_id, b.fund_line_id FROM payments p JOIN batches b USING (batch_id) WHERE p.fund_line_id <> b.fund_line_id`,
  },
  {
    says: "补贴件的金额＝最后一步记下的金额",
    sql: `SELECT c.number, c.amount_fen, e.amount_fen FROM claims c JOIN last_events e USING (claim_id) WHERE c.state <> e.state OR c.amount_fen <> e.amount_fen`,
  },
  ...CHECKS_BESIDE,
];

/** Sums of one kind are one. */
const SUMS: readonly {
  readonly says: string;
  readonly sql: string;
  readonly of?: Reconciliation["sums"][number]["of"];
}[] = [
  { of: "net", says: "资金额度：支出（已扣追回）", sql: "SELECT coalesce(sum(spent_fen), 0) FROM lines" },
  { of: "net", says: "资金流水：支出减退回、追回，加退还", sql: "SELECT coalesce(sum(spent), 0) FROM moved_lines" },
  {
    says: "补贴件：已发放、已办结",
    sql: "SELECT coalesce(sum(amount_fen) FILTER (WHERE state IN ('paid', 'closed')), 0) FROM claims",
  },
  { says: "发放：银行成功", sql: "SELECT coalesce(sum(amount_fen) FILTER (WHERE state = 'paid'), 0) FROM payments" },
  { says: "批次：银行成功", sql: "SELECT coalesce(sum(paid), 0) FROM paid_batches JOIN batches USING (batch_id)" },
  {
    says: "银行回盘：成功",
    sql: "SELECT coalesce(sum(amount_fen) FILTER (WHERE state = 'paid' AND answered_on IS NOT NULL), 0) FROM payments",
  },
  ...SUMS_BESIDE,
];

/**
 * Holds every list against the next, of a region: fund lines = movements = claims = payments = batches = the bank's answers, and beside
 * them what was prepaid and what came back (`beside.ts`). One statement, so that what officers do meanwhile is in all of them or in none.
 */
export async function reconcile(tx: Tx, scope: Scope): Promise<Reconciliation> {
  const inScope = within("t.region", scope);
  const faults = sql.raw(
    CHECKS.map(({ says, sql: text }) => `(SELECT '${says}', x.*, NULL::text FROM (${text}) AS x(subject, l, r))`).join(
      " UNION ALL ",
    ),
  );
  const sums = sql.raw(
    SUMS.map(
      ({ says, of = "paid", sql: text }) => `SELECT '${says}', NULL::text, (${text}), NULL::bigint, '${of}'`,
    ).join(" UNION ALL "),
  );
  await sql.raw(HASHED).execute(tx);
  const { rows } = await sql<{
    says: string;
    subject: string | null;
    l: string;
    r: string | null;
    of: Reconciliation["sums"][number]["of"];
  }>`
    WITH lines AS MATERIALIZED (SELECT * FROM subsidies.fund_line t WHERE ${inScope}),
      movements AS MATERIALIZED (SELECT * FROM subsidies.fund_movement t WHERE ${inScope}),
      claims AS MATERIALIZED (SELECT claim_id, number, region, way, state, amount_fen FROM subsidies.claim t WHERE ${inScope}),
      payments AS MATERIALIZED (SELECT payment_id, batch_id, claim_id, region, fund_line_id, line, amount_fen, state, answered_on FROM subsidies.payment t WHERE ${inScope}),
      batches AS MATERIALIZED (SELECT * FROM subsidies.payment_batch t WHERE ${inScope}),
      items AS (SELECT claim_id, sum(amount_fen) AS fen FROM subsidies.claim_item t WHERE live AND ${inScope} GROUP BY claim_id),
      moves AS (SELECT fund_line_id, claim_id,
          CASE WHEN kind IN ('budget', 'transfer') THEN amount_fen ELSE 0 END AS budget,
          CASE kind WHEN 'reserve' THEN amount_fen WHEN 'return' THEN amount_fen WHEN 'release' THEN -amount_fen WHEN 'spend' THEN -amount_fen ELSE 0 END AS reserved,
          CASE kind WHEN 'spend' THEN amount_fen WHEN 'return' THEN -amount_fen ELSE 0 END AS spent,
          CASE kind WHEN 'recover' THEN amount_fen ELSE 0 END AS recovered, CASE kind WHEN 'refund' THEN amount_fen ELSE 0 END AS refunded FROM movements),
      moved_lines AS (SELECT fund_line_id, sum(budget) AS budget, sum(reserved) AS reserved, sum(spent) - sum(recovered) + sum(refunded) AS spent FROM moves GROUP BY 1),
      moved_claims AS (SELECT claim_id, sum(reserved) AS reserved, sum(spent) AS spent, sum(recovered) AS recovered, sum(refunded) AS refunded FROM moves WHERE claim_id IS NOT NULL GROUP BY 1),
      paid_claims AS (SELECT claim_id, sum(amount_fen) FILTER (WHERE state = 'paid') AS paid, sum(amount_fen) FILTER (WHERE state IN ('planned', 'sent')) AS under_way FROM payments GROUP BY 1),
      paid_batches AS (SELECT batch_id, count(*) AS n, sum(amount_fen) AS fen, sum(amount_fen) FILTER (WHERE state = 'paid') AS paid,
          coalesce(sum(amount_fen) FILTER (WHERE state = 'sent'), 0) AS sent FROM payments GROUP BY 1),
      last_events AS (SELECT DISTINCT ON (claim_id) claim_id, state, amount_fen FROM subsidies.claim_event t WHERE ${inScope} ORDER BY claim_id, event_id DESC),
      ${relationsBeside(inScope)}
    SELECT says, subject, l, r, of FROM (${sums} UNION ALL ${faults}) AS found(says, subject, l, r, of)`.execute(tx);
  await sql.raw(AS_BEFORE).execute(tx);
  return {
    sums: rows.filter(({ subject }) => subject === null).map(({ says, l, of }) => ({ says, fen: Number(l), of })),
    faults: rows
      .flatMap(({ says, subject, l, r }) =>
        subject === null ? [] : [{ says, subject, leftFen: Number(l), rightFen: Number(r) }],
      )
      .slice(0, MOST),
  };
}
