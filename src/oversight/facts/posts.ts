import type { FactSource } from "#kernel/contract";
import { POST_HOLDERS, POST_PAYMENTS, POST_ROTATIONS, POST_SIGNINGS } from "#policy";
import { personFactsSql } from "#registry";
import { monthEndSql } from "../../platform/db/months.ts";
import { goneOnSql } from "./persons.ts";

/** A signing that binds: what was not signed covers nothing. */
const COVERS = `EXISTS (SELECT 1 FROM welfare_posts.signing r WHERE r.placement_id = s.placement_id AND r.kind <> '未签订'
    AND r.from_on <= ${monthEndSql("s.month")} AND (r.to_on IS NULL OR r.to_on >= s.month))`;

const payments = `SELECT s.placement_month_id, s.placement_id, s.post_id, s.person_id, s.region AS county, s.name AS post_name, s.scheme, s.exception,
  s.month, s.days_on_post::bigint AS days_on_post, s.allowance_fen AS allowance, s.paid_on, s.appraised, s.flexible_income_fen AS flexible_income,
  s.started_on, s.ended_on, ${COVERS} AS contract_covers, ${goneOnSql("person")} AS gone_on,
  s.region AS row_region, s.person_id AS row_person
FROM (SELECT m.placement_month_id, m.month, m.days_on_post, m.allowance_fen, m.paid_on, m.appraised, m.flexible_income_fen,
    p.placement_id, p.post_id, p.person_id, p.started_on, p.ended_on, w.county AS region, w.name, w.scheme, w.exception
  FROM welfare_posts.placement_month m JOIN welfare_posts.placement p ON p.placement_id = m.placement_id
  JOIN welfare_posts.welfare_post w ON w.post_id = p.post_id) s
JOIN registry.person person ON person.person_id = s.person_id
WHERE {{scope}}`;

/** Two times on post that share a day. */
const TOGETHER = "o.started_on <= coalesce(s.ended_on, {{as_of}}) AND coalesce(o.ended_on, {{as_of}}) >= s.started_on";

const holders = `SELECT s.placement_id, s.post_id, s.person_id, s.region AS county, s.name AS post_name, s.scheme, s.part_time, s.started_on, s.ended_on,
  s.ended_on IS NULL OR s.ended_on >= {{as_of}} AS still_on, s.meets_conditions,
  CASE WHEN s.insured_by_employer IS FALSE OR s.insured_from IS NULL THEN false
    ELSE s.insured_from <= s.started_on AND (s.insured_to IS NULL OR s.insured_to >= least(coalesce(s.ended_on, {{as_of}}), {{as_of}})) END AS insured,
  (SELECT count(*) FROM welfare_posts.placement o WHERE o.person_id = s.person_id AND o.placement_id <> s.placement_id AND ${TOGETHER}) AS other_posts,
  EXISTS (SELECT 1 FROM registry.employment e WHERE e.person_id = s.person_id AND e.form IN ('flexible', 'new-form')
    AND e.start_date <= coalesce(s.ended_on, {{as_of}}) AND coalesce(e.end_date, {{as_of}}) >= s.started_on) AS moonlights,
  s.hard_to_place, s.hard_to_employ,
  ${personFactsSql({ person: "p", on: "s.started_on", fields: ["lifted_from_poverty", "monitored", "rural_low_income", "disabled", "birth_date"] })},
  s.region AS row_region, s.person_id AS row_person
FROM (SELECT a.*, w.county, w.name, w.scheme, w.part_time FROM (SELECT h.placement_id, h.post_id, h.person_id, h.started_on, h.ended_on,
      h.meets_conditions, h.hard_to_place, h.hard_to_employ, h.insured_by_employer, h.insured_from, h.insured_to, x.county AS region
    FROM welfare_posts.placement h JOIN welfare_posts.welfare_post x ON x.post_id = h.post_id) a
  JOIN welfare_posts.welfare_post w ON w.post_id = a.post_id) s
JOIN registry.person p ON p.person_id = s.person_id
WHERE {{scope}}`;

const signings = `SELECT s.signing_id, s.placement_id, s.person_id, s.region AS county, s.name AS post_name, s.scheme, s.kind AS contract_kind,
  s.from_on AS contract_from, s.to_on AS contract_to, s.region AS row_region, s.person_id AS row_person
FROM (SELECT r.signing_id, r.placement_id, r.kind, r.from_on, r.to_on, p.person_id, w.county AS region, w.name, w.scheme
  FROM welfare_posts.signing r JOIN welfare_posts.placement p ON p.placement_id = r.placement_id
  JOIN welfare_posts.welfare_post w ON w.post_id = p.post_id) s
WHERE {{scope}}`;

/** Holders of the year up to the day; who is a village is told by twelve digits. */
const rotations = `SELECT s.post_id, s.region AS county, s.name AS post_name, s.scheme, s.quota::bigint AS quota, h.holders, h.leavers, h.longest_days, h.same_village, h.unexplained,
  s.region AS row_region, s.person_id AS row_person
FROM (SELECT w.post_id, w.county AS region, w.name, w.scheme, w.quota, NULL::bigint AS person_id FROM welfare_posts.welfare_post w) s
CROSS JOIN LATERAL (
  SELECT count(DISTINCT y.person_id) AS holders, count(DISTINCT y.person_id) FILTER (WHERE y.ended_on <= {{as_of}}) AS leavers,
    max(y.ended_on - y.started_on + 1) FILTER (WHERE y.ended_on <= {{as_of}})::bigint AS longest_days, max(y.of_village) AS same_village,
    count(*) FILTER (WHERE y.ended_on <= {{as_of}} AND coalesce(y.end_reason, '') = '') AS unexplained
  FROM (SELECT p.*, count(*) OVER (PARTITION BY CASE WHEN length(person.home_region) = 12 THEN person.home_region END) AS of_village
    FROM welfare_posts.placement p JOIN registry.person person ON person.person_id = p.person_id
    WHERE p.post_id = s.post_id AND p.started_on <= {{as_of}} AND (p.ended_on IS NULL OR p.ended_on > ({{as_of}} - interval '12 months')::date)) y) h
WHERE {{scope}} AND h.holders > 0`;

export const postFacts: readonly FactSource[] = [
  { ...POST_PAYMENTS, sql: payments },
  { ...POST_HOLDERS, sql: holders },
  { ...POST_SIGNINGS, sql: signings },
  { ...POST_ROTATIONS, sql: rotations },
];
