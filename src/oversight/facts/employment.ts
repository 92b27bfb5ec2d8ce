import type { FactSource } from "#kernel/contract";
import { BANK_ACCOUNTS, COUNTY_JOB_LOSS, EMPLOYER_ENDINGS, INTRODUCTION_RIVALS, SPELLS, WAGE_MONTHS } from "#policy";
import {
  countySql,
  employmentChannel,
  employmentForm,
  industry,
  personFactsSql,
  type Dictionary,
  type EmploymentForm,
} from "#registry";
import { monthEndSql, monthOfSql } from "../../platform/db/months.ts";

/** Work for one employer through the whole day; a form that nobody has written tells nothing. */
const FULL_TIME = ["contract", "employer", "workshop"] satisfies EmploymentForm[];
const isFullTime = (alias: string) => `${alias}.form IN (${FULL_TIME.map((form) => `'${form}'`).join(", ")})`;

const labelSql = <Id extends string>(column: string, { ids, labels }: Pick<Dictionary<Id>, "ids" | "labels">): string =>
  `CASE ${column} ${ids.map((id) => `WHEN '${id}' THEN '${labels[id]}'`).join(" ")} END`;

/** Days that are sure: where a date is known only to its month, the other job may lie wholly beside this one. */
const SURE = `CASE WHEN 'month' IN (s.start_precision, coalesce(s.end_precision, 'day'), o.start_precision, coalesce(o.end_precision, 'day')) THEN 31 ELSE 0 END`;
const overlap = `least(coalesce(s.end_date, {{as_of}}), coalesce(o.end_date, {{as_of}})) - greatest(s.start_date, o.start_date) + 1 - ${SURE}`;

/** Of those here: who moved away or died is no longer asked after. */
const spells = `SELECT s.person_id, s.employment_id, s.employer_name, s.start_date, s.end_date, ${labelSql("s.form", employmentForm)} AS form, ${labelSql("s.channel", employmentChannel)} AS channel,
  CASE p.work_state WHEN 'working' THEN '在务工' WHEN 'idle' THEN '未务工' WHEN 'to-verify' THEN '待核实' END AS work_state, p.job_willing IS NOT NULL AND p.training_willing IS NOT NULL AS needs_known,
  CASE WHEN ${isFullTime("s")} THEN (SELECT coalesce(max(greatest(${overlap}, 0)), 0)::bigint FROM registry.employment o WHERE o.person_id = s.person_id
    AND o.employer_key <> s.employer_key AND ${isFullTime("o")} AND o.start_date <= coalesce(s.end_date, {{as_of}}) AND coalesce(o.end_date, {{as_of}}) >= s.start_date)
    WHEN s.form IS NOT NULL THEN 0 END AS overlap_days,
  CASE WHEN s.end_date IS NULL THEN (SELECT count(DISTINCT i.month) FROM registry.insurance_month i WHERE i.person_id = s.person_id AND i.employer_part_fen > 0
    AND i.status = 'paid' AND i.month > ({{as_of}} - interval '4 months')::date AND i.month >= s.start_date AND i.employer_key <> s.employer_key
    AND NOT EXISTS (SELECT 1 FROM registry.insurance_month h WHERE h.person_id = s.person_id AND h.month = i.month AND h.employer_key = s.employer_key)
    AND NOT EXISTS (SELECT 1 FROM registry.employment e WHERE e.person_id = s.person_id AND e.employer_key = i.employer_key
      AND e.start_date <= i.month + 31 AND coalesce(e.end_date, {{as_of}}) >= i.month)) ELSE 0 END AS insured_elsewhere,
  ${personFactsSql({ person: "p", on: "{{as_of}}", fields: ["home_county", "birth_date"] })},
  s.region AS row_region, s.person_id AS row_person
FROM (SELECT e.*, e.home_region AS region FROM registry.employment e) s
JOIN registry.person p ON p.person_id = s.person_id AND p.life_state = 'active'
WHERE {{scope}}`;

/** Of an employer of whom no contract, or no contribution, was ever handed over nothing is known: that somebody has none is then no finding. */
const wageMonths = `SELECT s.person_id, s.month, s.employer_key, s.employer_name, s.paid_on,
  CASE WHEN EXISTS (SELECT 1 FROM registry.contract k WHERE k.person_id = s.person_id AND k.employer_key = s.employer_key
      AND k.start_date <= ${monthEndSql("s.month")} AND (k.end_date IS NULL OR k.end_date >= s.month)) THEN true
    WHEN s.employer_key IN (SELECT k.employer_key FROM registry.contract k) THEN false END AS contract_covers,
  CASE WHEN EXISTS (SELECT 1 FROM registry.insurance_month i WHERE i.person_id = s.person_id AND i.month = s.month AND i.employer_key = s.employer_key) THEN true
    WHEN s.employer_key IN (SELECT i.employer_key FROM registry.insurance_month i) THEN false END AS insured,
  ${personFactsSql({ person: "p", on: "s.month", fields: ["home_county", "lifted_from_poverty"] })},
  s.region AS row_region, s.person_id AS row_person
FROM (SELECT w.*, w.home_region AS region FROM registry.wage_month w WHERE w.month < ${monthOfSql("{{as_of}}")}) s
JOIN registry.person p ON p.person_id = s.person_id
WHERE {{scope}}`;

/** A spell for which something was paid when its sixth month was full; who left in the week after that counts. */
const employerEndings = `SELECT s.employer_id, ${countySql("s.region")} AS county, s.name AS employer_name, c.claimed, c.left_at_six,
  s.region AS row_region, s.person_id AS row_person
FROM (SELECT r.employer_id, r.region, r.name, NULL::bigint AS person_id FROM registry.employer r WHERE r.region IS NOT NULL) s
JOIN (
  SELECT n.employer_id, count(DISTINCT e.person_id) AS claimed,
    count(DISTINCT e.person_id) FILTER (WHERE e.end_date BETWEEN x.full_on AND x.full_on + 7) AS left_at_six
  FROM subsidies.past_benefit b JOIN registry.employment e ON e.person_id = b.person_id
  CROSS JOIN LATERAL (SELECT (e.start_date + interval '6 months' - interval '1 day')::date AS full_on) x
  JOIN registry.employer_alias n ON n.name_key = e.employer_key
  WHERE b.event_date BETWEEN x.full_on - 31 AND x.full_on + 31 AND x.full_on > ({{as_of}} - interval '24 months')::date GROUP BY n.employer_id
) c ON c.employer_id = s.employer_id
WHERE {{scope}}`;

const countyJobLoss = `SELECT s.region AS county, s.industry, s.lost, s.region AS row_region, s.person_id AS row_person
FROM (
  SELECT left(e.home_region, 6) AS region, coalesce(${labelSql("e.industry", industry)}, '未写行业') AS industry, count(DISTINCT e.person_id) AS lost, NULL::bigint AS person_id
  FROM registry.employment e WHERE e.end_date BETWEEN {{as_of}} - 30 AND {{as_of}} AND length(e.home_region) >= 6
    AND NOT EXISTS (SELECT 1 FROM registry.employment o WHERE o.person_id = e.person_id AND (o.end_date IS NULL OR o.end_date > {{as_of}}) AND o.start_date <= {{as_of}})
  GROUP BY 1, 2
) s WHERE {{scope}}`;

const bankAccounts = `SELECT s.person_id, s.sharers, s.outside, ${personFactsSql({ person: "s", on: "{{as_of}}", fields: ["home_county"] })},
  s.region AS row_region, s.person_id AS row_person
FROM (SELECT p.person_id, p.home_region, p.home_region AS region, a.sharers,
    (SELECT count(*) FROM registry.person o WHERE o.bank_hash = p.bank_hash AND (o.household_id IS NULL OR o.household_id IS DISTINCT FROM p.household_id) AND o.person_id <> p.person_id) AS outside
  FROM registry.person p JOIN (SELECT bank_hash, count(*) AS sharers FROM registry.person WHERE bank_hash IS NOT NULL GROUP BY bank_hash HAVING count(*) > 1) a
    ON a.bank_hash = p.bank_hash) s
WHERE {{scope}}`;

const introductionRivals = `SELECT s.introduction_id, s.person_id, s.agency_id, ${personFactsSql({ person: "p", on: "s.introduced_on", fields: ["home_county"] })},
  a.name AS agency_name, a.kind AS agency_kind, s.introduced_on,
  CASE WHEN s.introduced_on < a.licence_from OR s.introduced_on > a.licence_to OR s.introduced_on >= a.revoked_on THEN false WHEN a.licence_from IS NOT NULL THEN true END AS agency_qualified,
  (SELECT count(DISTINCT o.agency_id) FROM jobs.introduction o WHERE o.person_id = s.person_id AND o.employer_id = s.employer_id
    AND abs(coalesce(o.started_on, o.introduced_on) - coalesce(s.started_on, s.introduced_on)) <= 31) AS rivals,
  s.region AS row_region, s.person_id AS row_person
FROM (SELECT i.* FROM jobs.introduction i) s
JOIN registry.person p ON p.person_id = s.person_id
JOIN jobs.agency a ON a.agency_id = s.agency_id
WHERE {{scope}}`;

export const employmentFacts: readonly FactSource[] = [
  { ...SPELLS, sql: spells },
  { ...WAGE_MONTHS, sql: wageMonths },
  { ...EMPLOYER_ENDINGS, sql: employerEndings },
  { ...COUNTY_JOB_LOSS, sql: countyJobLoss },
  { ...BANK_ACCOUNTS, sql: bankAccounts },
  { ...INTRODUCTION_RIVALS, sql: introductionRivals },
];
