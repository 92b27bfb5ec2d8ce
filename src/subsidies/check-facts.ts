import type { FactSource } from "#kernel/contract";
import { CLAIM_PAYMENTS, FUND_LINES, INSPECTION_ITEMS, UNREACHED } from "#policy";
import { PAYABLE } from "./claims/intake.ts";
import { ENDED_BY_OFFICER } from "./claims/store.ts";
import { SAMPLES } from "./terms.ts";

/** What a payment rested on when it was put into its batch; one that came back or was called off has hurt nobody. */
const claimPayments = `SELECT s.payment_id, s.claim_id, s.region AS county, s.number, s.title, s.amount_fen AS amount, s.built_on AS batched_on, s.decided_on,
  (SELECT max(u.ends_on) FROM subsidies.publication_line l JOIN subsidies.publication u USING (publication_id)
    WHERE l.claim_id = s.claim_id AND NOT l.taken_out AND u.starts_on <= s.built_on) AS published_to,
  (SELECT count(*) FROM subsidies.objection o
    WHERE o.claim_id = s.claim_id AND o.raised_on <= s.built_on AND (o.decided_on IS NULL OR o.decided_on > s.built_on)) AS open_objections,
  s.region AS row_region, s.person_id AS row_person
FROM (SELECT y.payment_id, y.amount_fen, b.built_on, c.claim_id, c.region, c.payee_person_id AS person_id, c.number, c.title, c.decided_on
  FROM subsidies.payment y JOIN subsidies.payment_batch b ON b.batch_id = y.batch_id JOIN subsidies.claim c ON c.claim_id = y.claim_id
  WHERE y.state IN ('sent', 'paid')) s
WHERE {{scope}}`;

/** Time and shares as the page 使用进度 has them (funds/forecast.ts): tenths of a percent, rounded down. */
const fundLines = `SELECT s.fund_line_id, s.region AS place, s.fund, s.document, s.valid_from, s.budget_fen AS budget, s.reserved_fen + s.spent_fen AS used,
  s.budget_fen - s.reserved_fen - s.spent_fen AS left_over,
  CASE WHEN s.budget_fen > 0 THEN s.spent_fen * 1000 / s.budget_fen ELSE 0 END AS spent_share,
  (least(s.until - s.valid_from + 1, greatest(0, {{as_of}} - s.valid_from + 1)) * 1000 / (s.until - s.valid_from + 1))::bigint AS time_share,
  coalesce((v.value ->> 'behind')::bigint, ${SAMPLES.idle.behind}) AS behind,
  greatest(0, {{as_of}} - coalesce(s.last_used, s.valid_from))::bigint AS idle_days,
  coalesce((v.value ->> 'days')::bigint, ${SAMPLES.idle.days}) AS idle_limit, s.region AS row_region, s.person_id AS row_person
FROM (SELECT l.*, greatest(l.valid_from, coalesce(l.valid_to, make_date(l.year, 12, 31))) AS until, NULL::bigint AS person_id,
    (SELECT max(m.business_date) FROM subsidies.fund_movement m WHERE m.fund_line_id = l.fund_line_id AND m.kind IN ('reserve', 'spend')) AS last_used
  FROM subsidies.fund_line l WHERE l.valid_from <= {{as_of}}) s
LEFT JOIN LATERAL (SELECT t.value FROM subsidies.setting t WHERE t.kind = 'idle' AND starts_with(s.region, t.region) AND t.valid_from <= {{as_of}}
  ORDER BY length(t.region) DESC, t.valid_from DESC, t.setting_id DESC LIMIT 1) v ON true
WHERE {{scope}}`;

/** What was handed back keeps the day on which it was said to be put right. */
const inspectionItems = `SELECT s.item_id, s.region AS place, s.number, s.source, s.responsible, s.found_on, s.due_on, CASE WHEN s.state <> 'open' THEN s.rectified_on END AS rectified_on,
  s.region AS row_region, s.person_id AS row_person
FROM (SELECT i.*, NULL::bigint AS person_id FROM subsidies.inspection_item i) s
WHERE {{scope}}`;

/** What an officer has refused or a payee has withdrawn was reached. */
const unreached = `SELECT s.region AS county, s.rule_id, s.title, s.waiting, s.amount, s.since, s.region AS row_region, s.person_id AS row_person
FROM (SELECT left(r.region, 6) AS region, v.rule_id, min(v.title) AS title, count(*) AS waiting, sum(r.amount_fen)::bigint AS amount,
    min(coalesce(r.event_date, r.as_of)) AS since, NULL::bigint AS person_id
  FROM policy.result r JOIN policy.version v ON v.version_id = r.version_id AND v.state = 'published'
  WHERE ${PAYABLE} AND length(r.region) >= 6 AND r.event_date <= {{as_of}}
    AND NOT EXISTS (SELECT 1 FROM subsidies.claim_item i WHERE i.rule_path = v.path AND i.row_key = r.row_key AND (i.live OR ${ENDED_BY_OFFICER}))
  GROUP BY 1, 2) s
WHERE {{scope}}`;

/** What the money of this domain says to checks. */
export const moneyCheckFacts: readonly FactSource[] = [
  { ...CLAIM_PAYMENTS, sql: claimPayments },
  { ...FUND_LINES, sql: fundLines },
  { ...INSPECTION_ITEMS, sql: inspectionItems },
  { ...UNREACHED, sql: unreached },
];
