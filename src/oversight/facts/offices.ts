import type { FactSource } from "#kernel/contract";
import {
  BASE_YEARS,
  COUNTY_WORKSHOPS,
  GRANTED_LOANS,
  HANDOVERS,
  PREFECTURE_STANDARDS,
  RECRUITMENT_MONTHS,
  TRAINING_ATTENDANCE,
  WORKSHOP_UPGRADES,
} from "#policy";
import { monthEndSql, monthOfSql, monthsSql } from "../../platform/db/months.ts";

const attendance = `SELECT s.enrolment_id, s.person_id, s.provider_id, s.region AS county, s.name AS class_name, s.started_on,
  (s.ended_on - s.started_on + 1)::bigint AS class_days, s.days_attended::bigint AS days_attended,
  (SELECT count(*) FROM training.enrolment o JOIN training.training_class k ON k.class_id = o.class_id
    WHERE o.person_id = s.person_id AND o.enrolment_id <> s.enrolment_id AND o.days_attended > 0 AND s.days_attended > 0
      AND k.started_on <= s.ended_on AND k.ended_on >= s.started_on) AS overlapping,
  s.region AS row_region, s.person_id AS row_person
FROM (SELECT e.enrolment_id, e.person_id, e.days_attended, c.class_id, c.provider_id, c.name, c.county AS region, c.started_on, c.ended_on
  FROM training.enrolment e JOIN training.training_class c ON c.class_id = e.class_id) s
WHERE {{scope}}`;

const loans = `SELECT s.loan_id, CASE WHEN s.borrower_kind IN ('小微企业', '其他企业') THEN s.employer_id ELSE s.person_id END AS borrower_id, s.region AS county,
  s.borrower_kind, s.granted_fen AS granted, s.granted_on, s.counter_guarantee, s.region AS row_region, s.person_id AS row_person
FROM (SELECT a.loan_id, a.person_id, a.employer_id, a.borrower_kind, a.granted_fen, a.granted_on, a.counter_guarantee, a.county AS region
  FROM startups.loan_application a WHERE a.granted_on IS NOT NULL) s
WHERE {{scope}}`;

/** Prefectures that work here; months of the running year that are over. */
const recruitmentMonths = `SELECT s.region AS prefecture, s.month, s.special_events, s.idle_days, s.region AS row_region, s.person_id AS row_person
FROM (
  SELECT r.code AS region, NULL::bigint AS person_id, m.day::date AS month,
    (SELECT count(*) FROM jobs.recruitment_event e WHERE starts_with(e.county, r.code) AND e.kind = '专场招聘' AND e.held_on BETWEEN m.day::date AND ${monthEndSql("m.day")}) AS special_events,
    (SELECT count(*) FROM generate_series(m.day, ${monthEndSql("m.day")}::timestamp, interval '1 day') AS d(day)
      WHERE NOT EXISTS (SELECT 1 FROM jobs.recruitment_event e WHERE starts_with(e.county, r.code) AND e.held_on = d.day::date)) AS idle_days
  FROM registry.region r
  CROSS JOIN LATERAL ${monthsSql("date_trunc('year', {{as_of}}::timestamp)::date", `${monthOfSql("{{as_of}}")} - 1`)} AS m(day)
  WHERE r.level = 'prefecture' AND r.hosted
) s WHERE {{scope}}`;

const baseYears = `SELECT s.region AS province, s.year_from, s.recognised, s.region AS row_region, s.person_id AS row_person
FROM (
  SELECT left(c.county, 2) AS region, date_trunc('year', n.recognised_on::timestamp)::date AS year_from, count(DISTINCT n.carrier_id) AS recognised, NULL::bigint AS person_id
  FROM carriers.recognition n JOIN carriers.carrier c ON c.carrier_id = n.carrier_id AND c.kind = '就业帮扶基地'
  WHERE n.level = '省级' AND n.recognised_on <= {{as_of}} GROUP BY 1, 2
) s WHERE {{scope}}`;

/** A table counts as handed over on the business day of the first file of it that was not refused or thrown away. */
const handovers = `SELECT s.region AS county, s.kind, s.month, s.received_on, s.region AS row_region, s.person_id AS row_person
FROM (
  SELECT f.county AS region, f.kind, m.day::date AS month, NULL::bigint AS person_id,
    (SELECT min(b.business_date) FROM ledger.batch b WHERE b.kind = f.code AND b.month = m.day::date AND starts_with(b.region, f.county)
      AND b.counter_of IS NULL AND b.state NOT IN ('refused', 'discarded', 'undone')) AS received_on
  FROM (SELECT left(b.region, 6) AS county, b.kind AS code, CASE b.kind WHEN 'work-ledger' THEN '务工情况台账' ELSE '公益性岗位花名册' END AS kind, min(b.month) AS first_month
    FROM ledger.batch b WHERE b.kind IN ('work-ledger', 'post-roster') AND length(b.region) >= 6 AND b.state NOT IN ('refused', 'discarded') GROUP BY 1, 2) f
  CROSS JOIN LATERAL ${monthsSql("f.first_month", `${monthOfSql("{{as_of}}")} - 1`)} AS m(day)
) s WHERE {{scope}}`;

/** Names under which the rulebook keeps what localities have set. */
const STANDARDS = [
  ["一次性创业补贴标准", "startup-subsidy/430000:创业补贴标准"],
  ["乡村公益性岗位补贴标准", "village-post-allowance/430000:岗位补贴标准"],
] as const;

/** What binds a prefecture: its own, or its province's. */
const BINDS = (alias: string) =>
  `${alias}.parameter = n.parameter AND (policy.division_prefix(${alias}.region) = r.code OR policy.division_prefix(${alias}.region) = left(r.code, 2))`;
const dayOf = (moment: string) => `(${moment} AT TIME ZONE 'Asia/Shanghai')::date`;

/**
 * A new standard is set beside the old one, from its own day on. Where one that was in force has been taken down instead, and another put
 * in its place for days before, what was claimed meanwhile is judged by another standard than when it was claimed.
 */
const prefectureStandards = `SELECT s.region AS prefecture, s.standard, s.is_set, s.changed, s.region AS row_region, s.person_id AS row_person
FROM (
  SELECT r.code AS region, n.standard, NULL::bigint AS person_id, EXISTS (SELECT 1 FROM policy.setting v WHERE ${BINDS("v")} AND v.removed_at IS NULL
    AND v.valid_from <= {{as_of}} AND (v.valid_to IS NULL OR v.valid_to >= {{as_of}})) AS is_set,
    EXISTS (SELECT 1 FROM policy.setting v JOIN policy.setting w ON w.parameter = v.parameter AND w.region = v.region AND w.for_case IS NOT DISTINCT FROM v.for_case
      WHERE ${BINDS("v")} AND v.valid_from < ${dayOf("v.removed_at")} AND w.removed_at IS NULL AND w.value <> v.value
        AND w.set_at >= v.removed_at AND w.valid_from < ${dayOf("w.set_at")} AND w.valid_from <= {{as_of}}) AS changed
  FROM registry.region r CROSS JOIN (VALUES ${STANDARDS.map(([standard, parameter]) => `('${standard}', '${parameter}')`).join(", ")}) AS n(standard, parameter)
  WHERE r.level = 'prefecture' AND r.hosted
) s WHERE {{scope}}`;

const workshopsOn = (
  day: string,
) => `(SELECT count(DISTINCT c.carrier_id) FROM carriers.carrier c JOIN carriers.recognition n ON n.carrier_id = c.carrier_id
    WHERE left(c.county, 6) = k.county AND c.kind IN ('帮扶车间', '乡村就业工厂') AND n.recognised_on <= ${day} AND (n.recognised_to IS NULL OR n.recognised_to >= ${day})
      AND (c.closed_on IS NULL OR c.closed_on > ${day}))`;
const workersOn = (
  day: string,
) => `(SELECT count(DISTINCT e.person_id) FROM carriers.carrier c JOIN registry.employer_alias a ON a.employer_id = c.employer_id
    JOIN registry.employment e ON e.employer_key = a.name_key
    WHERE left(c.county, 6) = k.county AND c.kind IN ('帮扶车间', '乡村就业工厂') AND e.start_date <= ${day} AND (e.end_date IS NULL OR e.end_date >= ${day}))`;
const LAST_YEAR = "({{as_of}} - interval '1 year')::date";

const countyWorkshops = `SELECT s.region AS county, s.workshops, s.workshops_before, s.workers, s.workers_before, s.region AS row_region, s.person_id AS row_person
FROM (
  SELECT k.county AS region, NULL::bigint AS person_id, ${workshopsOn("{{as_of}}")} AS workshops, ${workshopsOn(LAST_YEAR)} AS workshops_before,
    ${workersOn("{{as_of}}")} AS workers, ${workersOn(LAST_YEAR)} AS workers_before
  FROM (SELECT DISTINCT left(c.county, 6) AS county FROM carriers.carrier c WHERE c.kind IN ('帮扶车间', '乡村就业工厂')) k
) s WHERE {{scope}}`;

const upgrades = `SELECT s.workshop_id, s.region AS county, s.name AS workshop_name, s.upgraded_on, s.capacity::bigint AS capacity,
  (SELECT max(n.absorbed)::bigint FROM carriers.recognition n WHERE n.carrier_id = s.workshop_id) AS absorbed,
  (SELECT max(n.retained)::bigint FROM carriers.recognition n WHERE n.carrier_id = s.workshop_id) AS retained,
  s.region AS row_region, s.person_id AS row_person
FROM (SELECT c.carrier_id AS workshop_id, c.county AS region, c.name, c.upgraded_on, c.capacity, NULL::bigint AS person_id
  FROM carriers.carrier c WHERE c.kind = '乡村就业工厂' AND c.upgraded_on IS NOT NULL) s
WHERE {{scope}}`;

export const officeFacts: readonly FactSource[] = [
  { ...TRAINING_ATTENDANCE, sql: attendance },
  { ...GRANTED_LOANS, sql: loans },
  { ...RECRUITMENT_MONTHS, sql: recruitmentMonths },
  { ...BASE_YEARS, sql: baseYears },
  { ...HANDOVERS, sql: handovers },
  { ...PREFECTURE_STANDARDS, sql: prefectureStandards },
  { ...COUNTY_WORKSHOPS, sql: countyWorkshops },
  { ...WORKSHOP_UPGRADES, sql: upgrades },
];
