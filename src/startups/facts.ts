import type { FactSource } from "#kernel/contract";
import { INCUBATOR_SELECTIONS, LOAN_APPLICATIONS, PARK_MONTHS, STARTUPS } from "#policy";
import { personFactsSql } from "#registry";
import { monthOfSql, monthsSql } from "../platform/db/months.ts";

/** Whoever has founded before is no first founder, whatever the check said; that an earlier one is not on record proves nothing. */
const FIRST_FOUNDED = `CASE WHEN EXISTS (SELECT 1 FROM startups.entity earlier WHERE earlier.person_id = s.person_id AND earlier.registered_on < s.registered_on)
    THEN false ELSE s.first_founded END`;

const entities = `SELECT s.entity_id, s.person_id, s.returnee, s.entity_kind, s.region AS county, s.registered_on, s.closed_on, s.operating, s.region AS row_region, s.person_id AS row_person,
  ${FIRST_FOUNDED} AS first_founded,
  ${personFactsSql({ person: "p", on: "s.registered_on", fields: ["lifted_from_poverty", "birth_date", "sex"] })}
FROM (SELECT e.entity_id, e.person_id, e.returnee, e.entity_kind, e.county AS region, e.registered_on, e.closed_on, e.operating, e.first_founded FROM startups.entity e) s
JOIN registry.person p ON p.person_id = s.person_id
WHERE {{scope}}`;

const selections = `SELECT s.selection_id, s.incubator_id AS base_id, s.region AS county, s.recognised_on, s.selected_on, s.selected, s.brings_jobs, s.sets_example, s.succeeds, s.has_prospects,
  s.region AS row_region, s.person_id AS row_person
FROM (SELECT r.selection_id, r.incubator_id, b.county AS region, NULL::bigint AS person_id, b.recognised_on, r.selected_on, r.selected, r.brings_jobs, r.sets_example, r.succeeds, r.has_prospects
  FROM startups.incubator_selection r JOIN startups.incubator b ON b.incubator_id = r.incubator_id) s
WHERE {{scope}}`;

/** Months of a tenancy: from the first whose rent the park has reported to the present one or the last; as for months on post. */
const last = "LEAST(coalesce(t.moved_out_on, {{as_of}}), {{as_of}})";
const parkMonths = `SELECT t.tenancy_id, t.entity_id, t.county, t.for_returnees, t.returnee, t.moved_in_on, t.moved_out_on,
  t.county AS row_region, t.person_id AS row_person,
  g.day::date AS month, m.rent_fen AS rent, m.fee_fen AS fee
FROM (SELECT s.tenancy_id, s.entity_id, s.person_id, s.region AS county, s.for_returnees, s.returnee, s.moved_in_on, s.moved_out_on,
    (SELECT min(r.month) FROM startups.tenancy_month r WHERE r.tenancy_id = s.tenancy_id) AS reported_from
  FROM (SELECT r.tenancy_id, r.entity_id, r.moved_in_on, r.moved_out_on, k.county AS region, k.for_returnees, e.person_id, e.returnee
    FROM startups.tenancy r JOIN startups.park k ON k.park_id = r.park_id JOIN startups.entity e ON e.entity_id = r.entity_id) s
  WHERE {{scope}} OFFSET 0) t
CROSS JOIN LATERAL ${monthsSql(`GREATEST(coalesce(t.reported_from, ${last}), ${monthOfSql("t.moved_in_on")})`, last)} AS g(day)
LEFT JOIN startups.tenancy_month m ON m.tenancy_id = t.tenancy_id AND m.month = g.day::date`;

const BORROWER = "CASE WHEN s.borrower_kind IN ('小微企业', '其他企业') THEN s.employer_id ELSE s.person_id END";

/** A borrower is a person or an enterprise: their numbers cannot meet, as a person's is a keyed hash and an employer's counts up. */
const loans = `SELECT s.loan_id, ${BORROWER} AS borrower_id, s.region AS county, s.borrower_kind, s.returnee, s.local_founder,
  s.assisted_employees::bigint AS assisted_employees, ${personFactsSql({ person: "p", on: "s.requested_on", fields: ["lifted_from_poverty"] })},
  s.partners::bigint AS partners, s.qualifies, s.requested_fen AS requested, s.requested_on,
  s.region AS row_region, s.person_id AS row_person
FROM (SELECT a.loan_id, a.employer_id, a.person_id, a.county AS region, a.borrower_kind, a.returnee, a.local_founder, a.assisted_employees, a.partners, a.qualifies, a.requested_fen, a.requested_on
  FROM startups.loan_application a) s
LEFT JOIN registry.person p ON p.person_id = s.person_id
WHERE {{scope}}`;

/** Businesses founded as facts for rules. */
export const startupsFacts: readonly FactSource[] = [
  { ...STARTUPS, sql: entities },
  { ...INCUBATOR_SELECTIONS, sql: selections },
  { ...PARK_MONTHS, sql: parkMonths },
  { ...LOAN_APPLICATIONS, sql: loans },
];
