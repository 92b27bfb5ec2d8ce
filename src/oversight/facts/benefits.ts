import type { FactSource } from "#kernel/contract";
import { PAST_BENEFITS } from "#policy";
import { countySql, personFactsSql } from "#registry";
import { goneOnSql } from "./persons.ts";

/** Payments of the same benefit to the same person; of a brand's awards, to the same brand. */
const SAME = `o.benefit = s.benefit AND (CASE WHEN s.person_id IS NOT NULL THEN o.person_id = s.person_id
      WHEN s.brand_id IS NOT NULL THEN o.person_id IS NULL AND o.brand_id = s.brand_id ELSE o.past_benefit_id = s.past_benefit_id END)`;
const others = (select: string, where = "true") =>
  `(SELECT ${select} FROM subsidies.past_benefit o WHERE ${SAME} AND ${where})`;
const MONTHS = (alias: string) =>
  `(extract(year FROM age(${alias}.month_to, ${alias}.month_from)) * 12 + extract(month FROM age(${alias}.month_to, ${alias}.month_from)) + 1)`;
/** Months that two payments have in common. */
const COMMON = `greatest(0, extract(year FROM age(least(o.month_to, s.month_to), greatest(o.month_from, s.month_from))) * 12
  + extract(month FROM age(least(o.month_to, s.month_to), greatest(o.month_from, s.month_from))) + 1)`;
const MEET = "o.month_from <= s.month_to AND o.month_to >= s.month_from";

const WITH_EMPLOYER = `registry.employment e JOIN registry.employer_alias n ON n.name_key = e.employer_key AND n.employer_id`;
/** Six months complete from a first day (AMB-02: the first day counts). */
const sixMonths = (from: string) => `(${from} + interval '6 months' - interval '1 day')::date`;
const yearOf = (day: string) => `date_trunc('year', ${day}::timestamp)::date`;
const yearEnd = (day: string) => `(date_trunc('year', ${day}::timestamp) + interval '1 year' - interval '1 day')::date`;
const WORKSHOP_SPELL = `registry.employment e JOIN registry.employer_alias n ON n.name_key = e.employer_key
    JOIN carriers.carrier c ON c.employer_id = n.employer_id AND c.carrier_id = s.workshop_id WHERE e.person_id = s.person_id`;

/** The last introduction before the payment was earned. */
const introduced = (
  select: string,
) => `(SELECT ${select} FROM jobs.introduction i JOIN jobs.agency a ON a.agency_id = i.agency_id
    WHERE i.person_id = s.person_id AND i.introduced_on <= s.event_date ORDER BY i.introduced_on DESC, i.introduction_id DESC LIMIT 1)`;

/** Every other payment is looked at as well, of whatever county: a benefit paid twice is paid twice wherever it was. */
const benefits = `SELECT s.past_benefit_id, s.person_id, s.employer_id, s.workshop_id, s.brand_id, s.code, s.benefit, ${countySql("s.region")} AS county,
  s.amount_fen AS amount, s.event_date, s.paid_on, s.fund, s.month_from, s.month_to, ${MONTHS("s")}::bigint AS months,
  ${others("count(*)", `${yearOf("o.event_date")} = ${yearOf("s.event_date")}`)} AS same_year, ${others("count(*)")} AS times,
  ${others(`coalesce(sum(${COMMON}), 0)::bigint`, `o.past_benefit_id <> s.past_benefit_id AND ${MEET}`)} AS repeated_months,
  ${others(`coalesce(sum(${MONTHS("o")}), 0)::bigint`)} AS total_months,
  EXISTS (SELECT 1 FROM subsidies.past_benefit o WHERE ${SAME} AND (o.employer_id IS NULL) <> (s.employer_id IS NULL) AND ${MEET}) AS both_kinds,
  ${others("count(DISTINCT o.fund)", "o.event_date = s.event_date AND o.month_from IS NOT DISTINCT FROM s.month_from")} AS funds,
  ${others("count(*)", "o.event_date < s.event_date AND o.employer_id IS DISTINCT FROM s.employer_id AND o.past_benefit_id <> s.past_benefit_id")} AS earlier_elsewhere,
  ${personFactsSql({ person: "p", on: "s.event_date", fields: ["home_county", "lifted_from_poverty", "birth_date", "sex"] })},
  ${goneOnSql("p")} AS gone_on,
  (SELECT ${countySql("r.region")} FROM registry.employer r WHERE r.employer_id = s.employer_id) AS employer_county,
  EXISTS (SELECT 1 FROM registry.employment e WHERE e.person_id = s.person_id AND left(e.work_region, 6) <> left(p.home_region, 6)
    AND ${sixMonths("e.start_date")} <= s.event_date AND (e.end_date IS NULL OR e.end_date >= ${sixMonths("e.start_date")})) AS half_year_away,
  EXISTS (SELECT 1 FROM registry.contract k WHERE k.person_id = s.person_id AND k.start_date <= s.event_date AND (k.end_date IS NULL OR k.end_date >= s.event_date - 365))
    OR EXISTS (SELECT 1 FROM registry.wage_month w WHERE w.person_id = s.person_id AND w.month BETWEEN s.event_date - 365 AND s.event_date)
    OR EXISTS (SELECT 1 FROM registry.insurance_month i WHERE i.person_id = s.person_id AND i.month BETWEEN s.event_date - 365 AND s.event_date) AS evidenced,
  (SELECT count(*) FROM registry.change g WHERE g.person_id = s.person_id AND g.act = 'update' AND (g.at AT TIME ZONE 'Asia/Shanghai')::date > s.paid_on
    AND (g.entity = 'employment' AND (g.after->>'start_date' <> g.before->>'start_date' OR g.before->>'end_date' IS NOT NULL AND g.after->>'end_date' IS DISTINCT FROM g.before->>'end_date')
      OR g.entity = 'person_category' AND g.after->>'valid_from' <> g.before->>'valid_from')) AS edited_after,
  EXISTS (SELECT 1 FROM registry.contract k JOIN registry.employer_alias n ON n.name_key = k.employer_key AND n.employer_id = s.employer_id
    WHERE k.person_id = s.person_id AND (k.end_date IS NULL OR k.end_date >= (k.start_date + interval '12 months' - interval '1 day')::date)) AS contract_year,
  EXISTS (SELECT 1 FROM ${WITH_EMPLOYER} = s.employer_id WHERE e.person_id = s.person_id
    AND coalesce(e.end_date, {{as_of}}) >= (e.start_date + interval '12 months' - interval '1 day')::date) AS year_on_job,
  EXISTS (SELECT 1 FROM ${WORKSHOP_SPELL}
    AND least(coalesce(e.end_date, {{as_of}}), ${yearEnd("s.event_date")}) >= ${sixMonths(`greatest(e.start_date, ${yearOf("s.event_date")})`)}) AS half_year_in_workshop,
  EXISTS (SELECT 1 FROM ${WORKSHOP_SPELL} AND EXISTS (SELECT 1 FROM registry.employment o WHERE o.person_id = e.person_id AND o.employer_key <> e.employer_key
    AND o.start_date <= coalesce(e.end_date, {{as_of}}) - 31 AND coalesce(o.end_date, {{as_of}}) >= e.start_date + 31
    AND coalesce(e.end_date, {{as_of}}) >= ${yearOf("s.event_date")} AND coalesce(o.end_date, {{as_of}}) >= ${yearOf("s.event_date")})) AS works_elsewhere,
  ${others("count(DISTINCT o.workshop_id)", `${yearOf("o.event_date")} = ${yearOf("s.event_date")}`)} AS workshops,
  ${introduced("CASE WHEN s.event_date < a.licence_from OR i.introduced_on > a.licence_to OR i.introduced_on >= a.revoked_on THEN false WHEN a.licence_from IS NOT NULL THEN true END")} AS agency_qualified,
  ${introduced("EXISTS (SELECT 1 FROM jobs.purchase_agreement g WHERE g.agency_id = i.agency_id AND starts_with(p.home_region, g.county) AND g.valid_from <= i.introduced_on AND (g.valid_to IS NULL OR g.valid_to >= i.introduced_on))")} AS purchased,
  (SELECT greatest(count(*) - 1, 0) FROM startups.entity t WHERE t.person_id = s.person_id AND t.registered_on <= s.event_date) AS earlier_entities,
  (SELECT bool_or(coalesce(t.closed_on, {{as_of}}) >= ${sixMonths("t.registered_on")} AND t.operating IS NOT FALSE) FROM startups.entity t
    WHERE t.person_id = s.person_id AND t.registered_on <= s.event_date) AS operated_half_year,
  CASE WHEN s.brand_id IS NOT NULL THEN EXISTS (SELECT 1 FROM brands.recognition b WHERE b.brand_id = s.brand_id AND b.level = '省级'
    AND b.recognised_on <= s.event_date AND (b.removed_on IS NULL OR b.removed_on > s.event_date)) END AS brand_recognised,
  CASE WHEN s.brand_id IS NOT NULL THEN EXISTS (SELECT 1 FROM brands.evaluation v WHERE v.brand_id = s.brand_id AND v.grade = '优秀'
    AND ${yearOf("v.evaluated_on")} = ${yearOf("s.event_date")}) END AS brand_excellent,
  (SELECT b.claimant_code = b.organiser_code FROM brands.brand b WHERE b.brand_id = s.brand_id) AS payee_matches,
  s.region AS row_region, s.person_id AS row_person
FROM (SELECT b.* FROM subsidies.past_benefit b) s
LEFT JOIN registry.person p ON p.person_id = s.person_id
WHERE {{scope}}`;

export const benefitFacts: readonly FactSource[] = [{ ...PAST_BENEFITS, sql: benefits }];
