import type { FactSource } from "#kernel/contract";
import { INTRODUCTIONS, RECRUITMENT_EVENTS } from "#policy";
import { continuousSpellsSql, countySql, personFactsSql } from "#registry";

/** An employment that is reported by the month begins on its first day in the registry; the agency's day may lie before or after by so much. */
const SAME_START_DAYS = 31;

/** From the first day of the licence to its last, or the day before it was lost. */
const QUALIFIED = `CASE
    WHEN job.started_on < a.licence_from OR job.started_on > a.licence_to OR job.started_on >= a.revoked_on THEN false
    WHEN job.started_on IS NOT NULL AND a.licence_from IS NOT NULL THEN true
  END`;

const SPELLS = `SELECT i.introduction_id, i.introduced_on, i.started_on AS said_on, e.employment_id, e.start_date, e.end_date, e.work_region
    FROM i JOIN registry.employer_alias n ON n.employer_id = i.employer_id
    JOIN registry.employment e ON e.person_id = i.person_id AND e.employer_key = n.name_key`;

/**
 * 就业 is the registry's spell with the employer introduced to that ran on the day on which the agency says that work began (the first
 * after the introduction where it says none). Without such a spell its facts are missing, its end too only in appearance: a missing
 * start keeps a rule from taking the missing end for 仍在岗.
 */
const introductions = `WITH i AS (SELECT s.* FROM jobs.introduction s WHERE {{scope}}),
job AS (
  SELECT DISTINCT ON (introduction_id) introduction_id, greatest(started_on, said_on) AS started_on, ended_on, work_region
  FROM (${continuousSpellsSql({ spells: SPELLS, by: ["introduction_id", "introduced_on", "said_on"] })}) spell
  WHERE (ended_on IS NULL OR ended_on >= coalesce(said_on, introduced_on)) AND (said_on IS NULL OR started_on <= said_on + ${SAME_START_DAYS})
  ORDER BY introduction_id, spell.started_on
)
SELECT i.introduction_id, i.person_id, i.agency_id, i.region AS row_region, i.person_id AS row_person,
  a.kind AS agency_kind, ${QUALIFIED} AS agency_qualified, a.code AS agency_code,
  i.introduced_by, i.organised,
  CASE WHEN length(p.home_region) >= 6 THEN EXISTS (SELECT 1 FROM jobs.purchase_agreement g
    WHERE g.agency_id = i.agency_id AND starts_with(p.home_region, g.county)
      AND g.valid_from <= i.introduced_on AND (g.valid_to IS NULL OR g.valid_to >= i.introduced_on)) END AS purchased,
  ${personFactsSql({ person: "p", on: "job.started_on", fields: ["lifted_from_poverty", "home_county", "birth_date", "sex"] })},
  ${countySql("job.work_region")} AS work_county, job.started_on, job.ended_on
FROM i JOIN registry.person p ON p.person_id = i.person_id
JOIN jobs.agency a ON a.agency_id = i.agency_id
LEFT JOIN job ON job.introduction_id = i.introduction_id`;

const recruitmentEvents = `SELECT s.event_id, s.county, s.held_on, s.kind AS event_kind, s.recorded, s.organiser_kind, s.purchased, s.meets_cited,
  s.region AS row_region, s.person_id AS row_person
FROM (SELECT e.*, NULL::bigint AS person_id FROM jobs.recruitment_event e) s WHERE {{scope}}`;

export const jobsFacts: readonly FactSource[] = [
  { ...INTRODUCTIONS, sql: introductions },
  { ...RECRUITMENT_EVENTS, sql: recruitmentEvents },
];
