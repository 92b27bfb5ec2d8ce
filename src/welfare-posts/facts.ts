import type { FactSource } from "#kernel/contract";
import { VILLAGE_POST_MONTHS, WELFARE_POST_MONTHS } from "#policy";
import { personFactsSql, type PersonFact } from "#registry";
import { monthEndSql, monthOfSql, monthsSql } from "../platform/db/months.ts";

interface Scheme {
  readonly scheme: string;
  /** Columns of the post `w` and the placement `p` that its measures ask for, beside those that every scheme has. */
  readonly own: readonly string[];
  /** Facts of the person on the first day on post (AMB-07). */
  readonly person: readonly PersonFact[];
  /** SELECT list over the month `m` and the signing `c` that covers it, or the last before it. */
  readonly ofMonth: string;
}

const COMMON = ["w.registered", "w.recognised", "w.owner", "p.started_on"];
const nameOf = (column: string) => column.replace(/^.*[. ]/, "");

/**
 * Months of placements under one scheme. What belongs to the placement is settled once, behind the fence (OFFSET 0), and not again for
 * each of its months. The months run from the first that an office has reported to the present one or the last on post: what lies
 * before the record begins is claimed by nobody, and a month left out since then is 待核实 rather than absent.
 */
function monthsOf({ scheme, own, person, ofMonth }: Scheme): string {
  const columns = [...COMMON, ...own];
  const kept = ["placement_id", "post_id", "person_id", "county", ...columns.map(nameOf), ...person];
  const last = "LEAST(coalesce(pl.ended_on, {{as_of}}), {{as_of}})";
  const month = "g.day::date";
  return `SELECT ${kept.map((column) => `pl.${column}`).join(", ")}, ${month} AS month, m.days_on_post::bigint AS days_on_post,
  pl.county AS row_region, pl.person_id AS row_person,
  ${ofMonth}
FROM (SELECT s.placement_id, s.post_id, s.person_id, s.region AS county, s.ended_on, ${columns.map((column) => `s.${nameOf(column)}`).join(", ")},
    (SELECT min(r.month) FROM welfare_posts.placement_month r WHERE r.placement_id = s.placement_id) AS reported_from,
    ${personFactsSql({ person: "person", on: "s.started_on", fields: person })}
  FROM (SELECT p.placement_id, p.post_id, p.person_id, p.ended_on, w.county AS region, ${columns.join(", ")}
    FROM welfare_posts.placement p JOIN welfare_posts.welfare_post w ON w.post_id = p.post_id AND w.scheme = '${scheme}') s
  JOIN registry.person person ON person.person_id = s.person_id
  WHERE {{scope}} OFFSET 0) pl
CROSS JOIN LATERAL ${monthsSql(`GREATEST(coalesce(pl.reported_from, ${last}), ${monthOfSql("pl.started_on")})`, last)} AS g(day)
LEFT JOIN welfare_posts.placement_month m ON m.placement_id = pl.placement_id AND m.month = ${month}
LEFT JOIN LATERAL (SELECT r.kind, r.from_on, r.to_on FROM welfare_posts.signing r
  WHERE r.placement_id = pl.placement_id AND r.from_on <= ${monthEndSql("g.day")} ORDER BY r.from_on DESC LIMIT 1) c ON true`;
}

const VILLAGE: FactSource = {
  ...VILLAGE_POST_MONTHS,
  sql: monthsOf({
    scheme: "乡村公益性岗位",
    own: [
      "w.post_kind",
      "w.exception",
      "p.meets_conditions",
      "p.insured_by_employer",
      "p.insured_from AS policy_from",
      "p.insured_to AS policy_to",
    ],
    person: ["lifted_from_poverty", "monitored", "marginal", "able_to_work", "willing_to_work", "birth_date", "sex"],
    ofMonth: "c.kind AS contract_kind, c.from_on AS contract_from, c.to_on AS contract_to",
  }),
};

const URBAN_AND_RURAL: FactSource = {
  ...WELFARE_POST_MONTHS,
  sql: monthsOf({
    scheme: "城乡公益性岗位",
    own: ["w.post_class", "w.part_time", "p.rural_surplus", "p.hard_to_place", "p.hard_to_employ", "p.meets_cited"],
    person: ["lifted_from_poverty", "monitored", "rural_low_income", "disabled", "birth_date"],
    ofMonth: "m.hours::bigint AS hours, m.appraised, m.flexible_income_fen AS flexible_income",
  }),
};

/** Welfare posts as facts for rules: months on post in Hunan's and Gansu's village posts, and in Jining's of town and country. */
export const welfarePostsFacts: readonly FactSource[] = [VILLAGE, URBAN_AND_RURAL];
