import type { OfficeClaims } from "#policy";
import { monthEndSql } from "../platform/db/months.ts";
import { BENEFIT_KEYS } from "./contract.ts";
import { spellOnSql } from "./spells.ts";

const keys = Object.entries(BENEFIT_KEYS).map(([benefit, key]) => `('${benefit}', '${key}')`);
const subjects = {
  劳动者: "person_id",
  用人单位: "employer_id",
  用工: "employment_id",
  车间: "workshop_id",
  品牌: "brand_id",
} as const;

/**
 * Paid before this installation or beside it. A benefit paid for months counts once in each of them, on its last day; any other on the
 * day that decided it. 用工 is worked out only where a rule asks for it (`unless-same`).
 */
const past = `SELECT k.benefit_key, CASE WHEN m.day IS NULL THEN b.event_date ELSE ${monthEndSql("m.day")} END AS event_date, CASE WHEN m.day IS NOT NULL THEN 1 END AS months,
    b.person_id, b.employer_id, b.workshop_id, b.brand_id,
    (SELECT spell.employment_id FROM (${spellOnSql("b.person_id", "b.employer_id", "b.event_date")}) spell) AS employment_id
  FROM subsidies.past_benefit b JOIN (VALUES ${keys.join(", ")}) AS k(benefit, benefit_key) ON k.benefit = b.benefit
  LEFT JOIN LATERAL generate_series(b.month_from::timestamp, b.month_to::timestamp, interval '1 month') AS m(day) ON true`;

/** What was paid back to the last fen has been had by nobody. `i`: claim_item. */
const NOT_RETURNED = `NOT EXISTS (SELECT 1 FROM subsidies.difference b JOIN subsidies.recovery y ON y.recovery_id = b.recovery_id
    WHERE b.item_id = i.item_id AND b.state = 'recovery' AND b.now_fen = 0 AND y.state = 'settled')`;

/** What live claims use up, from the day on which they are made: nobody is promised twice what he may have once. `but`: SQL of a condition on `i`. */
const ownSql = (
  but: string,
) => `SELECT u.benefit_key, i.event_date, i.months, i.person_id, i.employer_id, i.workshop_id, i.brand_id, i.employment_id
  FROM subsidies.claim_item i CROSS JOIN LATERAL unnest(i.benefit_keys) AS u(benefit_key) WHERE i.live AND ${NOT_RETURNED}${but}`;

/**
 * What limits count, of every county and payee: read it as the worker, for the app's row security hides other counties' payments and
 * a limit would then let a person be paid twice.
 */
export const claims: OfficeClaims = {
  sql: `${past} UNION ALL ${ownSql("")}`,
  subjects,
  made: "SELECT i.rule_path, i.row_key FROM subsidies.claim_item i WHERE i.live",
  before: { sql: past, subjects },
};

/**
 * What limits count when items that exist are decided once more: everything but themselves, and of other claims those made earlier and
 * those decided on. So of two claims that cannot both be, the earlier one goes before, whoever is asked first. The items' ids stand in
 * a relation with a column `item_id`.
 */
export const claimsBut = (relation: string): OfficeClaims => ({
  sql: `${past} UNION ALL ${ownSql(` AND i.item_id NOT IN (SELECT item_id FROM ${relation})
    AND (i.item_id < (SELECT min(item_id) FROM ${relation}) OR EXISTS (SELECT 1 FROM subsidies.claim c WHERE c.claim_id = i.claim_id AND c.decided_on IS NOT NULL))`)}`,
  subjects,
});

/**
 * What limits count when items that were decided are held against what is known today: what else was decided on, but for what is known
 * to have been paid for nothing, here and now (`weighed`) or before. One breach of a limit is so found in one claim, the same each time.
 */
export const claimsBeside = (relation: string): OfficeClaims => ({
  sql: `${past} UNION ALL ${ownSql(` AND i.item_id NOT IN (SELECT item_id FROM ${relation})
    AND EXISTS (SELECT 1 FROM subsidies.claim c WHERE c.claim_id = i.claim_id AND c.decided_on IS NOT NULL)
    AND NOT EXISTS (SELECT 1 FROM weighed w WHERE w.item_id = i.item_id AND w.now_fen = 0)
    AND NOT EXISTS (SELECT 1 FROM subsidies.difference d WHERE d.item_id = i.item_id AND d.now_fen = 0 AND d.state IN ('open', 'recovery'))`)}`,
  subjects,
});
