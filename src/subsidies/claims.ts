import type { ClaimsRelation } from "#kernel";
import { monthEndSql } from "../platform/db/months.ts";
import { BENEFIT_KEYS } from "./contract.ts";
import { spellOnSql } from "./spells.ts";

const keys = Object.entries(BENEFIT_KEYS).map(([benefit, key]) => `('${benefit}', '${key}')`);

/**
 * What limits count, of every county and payee: read it as the worker, for the app's row security hides other counties' payments and
 * a limit would then let a person be paid twice. A benefit paid for months counts once in each of them, on its last day; any other
 * on the day that decided it. 用工 is worked out only where a rule asks for it (`unless-same`).
 */
export const claims: ClaimsRelation = {
  sql: `SELECT k.benefit_key, CASE WHEN m.day IS NULL THEN b.event_date ELSE ${monthEndSql("m.day")} END AS event_date, CASE WHEN m.day IS NOT NULL THEN 1 END AS months,
    b.person_id, b.employer_id, b.workshop_id, b.brand_id,
    (SELECT spell.employment_id FROM (${spellOnSql("b.person_id", "b.employer_id", "b.event_date")}) spell) AS employment_id
  FROM subsidies.past_benefit b JOIN (VALUES ${keys.join(", ")}) AS k(benefit, benefit_key) ON k.benefit = b.benefit
  LEFT JOIN LATERAL generate_series(b.month_from::timestamp, b.month_to::timestamp, interval '1 month') AS m(day) ON true`,
  subjects: {
    劳动者: "person_id",
    用人单位: "employer_id",
    用工: "employment_id",
    车间: "workshop_id",
    品牌: "brand_id",
  },
};
