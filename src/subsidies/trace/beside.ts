import { sql, type RawBuilder } from "kysely";
import type { Reconciliation } from "../contract.ts";

/** Cases under which money is asked for, or was. */
const ASKED = "r.state NOT IN ('cancelled', 'refunding', 'refunded')";

/**
 * Relations of what was paid before and after its time, each of the region once, beside those of `reconcile.ts`. `prepaid`: with its claim and
 * its case; `as_paid` where the claim is still the one that was prepaid, and was not examined anew after the bank gave it back.
 */
export const relationsBeside = (inScope: RawBuilder<unknown>): RawBuilder<unknown> => sql`
      recoveries AS MATERIALIZED (SELECT * FROM subsidies.recovery t WHERE ${inScope}),
      receipts AS MATERIALIZED (SELECT * FROM subsidies.recovery_receipt t WHERE ${inScope}),
      received AS (SELECT recovery_id, sum(amount_fen) AS fen FROM receipts GROUP BY 1),
      reduced AS (SELECT recovery_id, sum(amount_fen) AS fen FROM subsidies.recovery_reduction t WHERE ${inScope} GROUP BY 1),
      planned AS (SELECT recovery_id, sum(amount_fen) AS fen FROM subsidies.recovery_instalment t WHERE ${inScope} GROUP BY 1),
      agreed AS (SELECT recovery_id, sum(amount_fen) AS fen FROM subsidies.recovery_event t WHERE act = 'agree' AND ${inScope} GROUP BY 1),
      differing AS (SELECT recovery_id, sum(was_fen - now_fen) AS fen FROM subsidies.difference t WHERE recovery_id IS NOT NULL AND ${inScope} GROUP BY 1),
      arrears AS (SELECT d.claim_id, sum(p.paid) AS paid FROM (SELECT DISTINCT claim_id, arrears_claim_id FROM subsidies.difference t WHERE arrears_claim_id IS NOT NULL AND ${inScope}) d
        JOIN paid_claims p ON p.claim_id = d.arrears_claim_id GROUP BY 1),
      asked_back AS (SELECT r.claim_id, sum(r.amount_fen - r.reduced_fen) FILTER (WHERE ${sql.raw(ASKED)}) AS owed, sum(r.received_fen) AS received,
          sum(r.received_fen) FILTER (WHERE r.state IN ('refunding', 'refunded')) AS given_back FROM recoveries r GROUP BY 1),
      prepaid AS (SELECT p.prepayment_id, p.claim_id, p.state, p.amount_fen, p.actual_fen, p.owed_fen, c.number, c.state AS claim_state, c.amount_fen AS claim_fen,
          c.amount_fen = p.amount_fen AS as_paid, p.balance_claim_id, coalesce(b.amount_fen, 0) AS balance_fen, coalesce(r.amount_fen - r.reduced_fen, p.owed_fen) AS back_fen
        FROM subsidies.prepayment t JOIN subsidies.prepayment p ON p.prepayment_id = t.prepayment_id JOIN claims c ON c.claim_id = p.claim_id
        LEFT JOIN claims b ON b.claim_id = p.balance_claim_id LEFT JOIN recoveries r ON r.prepayment_id = p.prepayment_id WHERE ${inScope})`;

/** Columns as in `reconcile.ts`: who is at fault, what stands on the left and on the right of the sentence. */
export const CHECKS_BESIDE: readonly { readonly says: string; readonly sql: string }[] = [
  {
    says: "追回件的已缴回＝缴回单据之和",
    sql: `SELECT r.number, r.received_fen, coalesce(t.fen, 0) FROM recoveries r LEFT JOIN received t USING (recovery_id) WHERE r.received_fen <> coalesce(t.fen, 0)`,
  },
  {
    says: "每张缴回单据＝追回流水",
    sql: `SELECT coalesce(t.reference, m.note), coalesce(t.amount_fen, 0), coalesce(m.amount_fen, 0) FROM receipts t
      FULL JOIN (SELECT receipt_id, amount_fen, note FROM movements WHERE kind = 'recover') m USING (receipt_id) WHERE t.amount_fen IS DISTINCT FROM m.amount_fen`,
  },
  {
    says: "缴回退到的资金额度＝发放所用的额度",
    sql: `SELECT t.reference, m.fund_line_id, r.fund_line_id FROM receipts t JOIN movements m USING (receipt_id) JOIN recoveries r ON r.recovery_id = t.recovery_id
      WHERE m.fund_line_id <> r.fund_line_id`,
  },
  {
    says: "追回件的减少＝减少记录之和",
    sql: `SELECT r.number, r.reduced_fen, coalesce(t.fen, 0) FROM recoveries r LEFT JOIN reduced t USING (recovery_id) WHERE r.reduced_fen <> coalesce(t.fen, 0)`,
  },
  {
    says: "追回件的核销＝批准核销的金额",
    sql: `SELECT r.number, r.written_off_fen, coalesce(t.fen, 0) FROM recoveries r LEFT JOIN agreed t USING (recovery_id) WHERE r.written_off_fen <> coalesce(t.fen, 0)`,
  },
  {
    says: "追回金额＝立案的差异之和",
    sql: `SELECT r.number, r.amount_fen, coalesce(t.fen, 0) FROM recoveries r LEFT JOIN differing t USING (recovery_id)
      WHERE r.prepayment_id IS NULL AND r.amount_fen <> coalesce(t.fen, 0)`,
  },
  {
    says: "分期之和＝应缴回的金额",
    sql: `SELECT r.number, t.fen, r.amount_fen - r.reduced_fen FROM recoveries r JOIN planned t USING (recovery_id) WHERE t.fen <> r.amount_fen - r.reduced_fen`,
  },
  {
    says: "应追回的不超过已发放的",
    sql: `SELECT * FROM (SELECT c.number, a.owed, coalesce(p.paid, 0) + coalesce(x.paid, 0) + coalesce(b.paid, 0) AS had FROM asked_back a JOIN claims c USING (claim_id)
        LEFT JOIN paid_claims p USING (claim_id) LEFT JOIN arrears x USING (claim_id)
        LEFT JOIN (prepaid q JOIN paid_claims b ON b.claim_id = q.balance_claim_id) ON q.claim_id = c.claim_id) y WHERE owed > had`,
  },
  {
    says: "退还流水＝银行退回后应退还的缴回",
    sql: `SELECT c.number, coalesce(m.refunded, 0), coalesce(a.given_back, 0) FROM claims c LEFT JOIN moved_claims m USING (claim_id) LEFT JOIN asked_back a USING (claim_id)
      WHERE coalesce(m.refunded, 0) <> coalesce(a.given_back, 0)`,
  },
  {
    // What a payee has had for good: it is what limits, his own page and yearly sums are read from.
    says: "享受台账的实得＝资金流水的净支出",
    sql: `SELECT c.number, x.had, x.moved FROM claims c JOIN (SELECT c.claim_id,
        CASE WHEN c.state IN ('paid', 'closed') THEN c.amount_fen ELSE 0 END - coalesce(a.received, 0) + coalesce(a.given_back, 0) AS had,
        coalesce(m.spent, 0) - coalesce(m.recovered, 0) + coalesce(m.refunded, 0) AS moved
      FROM claims c LEFT JOIN moved_claims m USING (claim_id) LEFT JOIN asked_back a USING (claim_id)) x USING (claim_id) WHERE x.had <> x.moved`,
  },
  {
    says: "预付件的金额＝预付的金额，银行退回后＝核实的明细",
    sql: `SELECT p.number, p.claim_fen, CASE WHEN p.state = 'owed' AND p.claim_state NOT IN ('paid', 'closed') THEN coalesce(i.fen, 0) ELSE p.amount_fen END FROM prepaid p LEFT JOIN items i USING (claim_id)
      WHERE p.claim_state NOT IN ('refused', 'withdrawn') AND NOT p.as_paid AND (p.state <> 'owed' OR p.claim_fen <> coalesce(i.fen, 0))`,
  },
  {
    says: "预付结算的核实数＝有效明细之和",
    sql: `SELECT p.number, coalesce(p.actual_fen, 0), coalesce(i.fen, 0) FROM prepaid p LEFT JOIN items i USING (claim_id)
      WHERE p.state <> 'void' AND p.as_paid AND coalesce(p.actual_fen, 0) <> coalesce(i.fen, 0)`,
  },
  {
    says: "预付＋补付－应退＝核实数",
    sql: `SELECT p.number, p.amount_fen + p.balance_fen - p.back_fen, p.actual_fen FROM prepaid p
      WHERE p.state IN ('settled', 'owed') AND p.as_paid AND p.amount_fen + p.balance_fen - p.back_fen <> p.actual_fen`,
  },
];

const ONLY_PAID = "FROM prepaid WHERE as_paid AND claim_state IN ('paid', 'closed')";
export const SUMS_BESIDE: readonly {
  readonly says: string;
  readonly sql: string;
  readonly of: Reconciliation["sums"][number]["of"];
}[] = [
  { of: "recovered", says: "追回件：已缴回", sql: "SELECT coalesce(sum(received_fen), 0) FROM recoveries" },
  { of: "recovered", says: "缴回单据", sql: "SELECT coalesce(sum(amount_fen), 0) FROM receipts" },
  { of: "recovered", says: "资金流水：追回", sql: "SELECT coalesce(sum(recovered), 0) FROM moves" },
  {
    of: "refunded",
    says: "追回件：应退还的缴回",
    sql: "SELECT coalesce(sum(received_fen) FILTER (WHERE state IN ('refunding', 'refunded')), 0) FROM recoveries",
  },
  { of: "refunded", says: "资金流水：退还", sql: "SELECT coalesce(sum(refunded), 0) FROM moves" },
  { of: "written-off", says: "追回件：已核销", sql: "SELECT coalesce(sum(written_off_fen), 0) FROM recoveries" },
  { of: "written-off", says: "批准核销的记录", sql: "SELECT coalesce(sum(fen), 0) FROM agreed" },
  {
    of: "prepaid",
    says: "预付：已付出",
    sql: `SELECT coalesce(sum(p.paid), 0) FROM (SELECT claim_id ${ONLY_PAID}) x JOIN paid_claims p USING (claim_id)`,
  },
  {
    of: "prepaid",
    says: "预付：未结算的，核实的减补付加应退",
    sql: `SELECT coalesce(sum(CASE WHEN state = 'open' THEN amount_fen ELSE actual_fen - balance_fen + back_fen END), 0) ${ONLY_PAID}`,
  },
];
