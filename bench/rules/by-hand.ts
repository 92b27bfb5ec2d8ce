/**
 * The same measure (HN10-04a, and the working age of HN10-02) as somebody writes it for this one table and this one day, in the manner
 * of a good report query: no dictionary, no regional values, no reasons for what is missing; a list of what failed. The floor the
 * compiler is held to.
 */
export const byHand = (low: number, high: number): string => `
WITH paid AS (
  SELECT person_id, date_part('year', event_date) AS year FROM claim WHERE benefit_key = 'HN-introduction' AND person_id BETWEEN ${low} AND ${high} GROUP BY 1, 2),
e AS (
  SELECT *, CASE WHEN date_part('day', started_on) = 1 THEN (started_on + interval '6 months')::date - 1
      ELSE (started_on - 1 + interval '6 months')::date END AS six,
    date_part('year', age(started_on, birth_date)) AS years
  FROM introduction WHERE introduction_id BETWEEN ${low} AND ${high} OFFSET 0),
f AS (
  SELECT e.introduction_id, six > DATE '2025-06-18' AS later,
    array_remove(ARRAY[
      CASE WHEN NOT starts_with(home_county, '43') THEN 'jurisdiction' END,
      CASE WHEN NOT six BETWEEN DATE '2021-07-26' AND DATE '2025-12-31' THEN 'in-force' END,
      CASE WHEN agency_kind NOT IN ('人力资源服务机构', '农村劳务经纪人', '其他市场主体') THEN 'market-entity' END,
      CASE WHEN NOT agency_qualified THEN 'qualified' END,
      CASE WHEN NOT organised THEN 'organised' END,
      CASE WHEN NOT purchased THEN 'purchased' END,
      CASE WHEN NOT lifted_from_poverty THEN 'assisted' END,
      CASE WHEN work_county = home_county THEN 'outside-county' END,
      CASE WHEN ended_on < six THEN 'six-months' END,
      CASE WHEN years < 16 OR years >= CASE sex WHEN '男' THEN 60 WHEN '女' THEN 55 END THEN 'working-age' END,
      CASE WHEN introduced_by <> agency_code THEN 'introduced-by' END,
      CASE WHEN paid.person_id IS NOT NULL THEN 'limit-HN-introduction' END]::text[], NULL) AS fails,
    home_county IS NULL OR six IS NULL OR agency_kind IS NULL OR agency_qualified IS NULL OR organised IS NULL OR purchased IS NULL
      OR lifted_from_poverty IS NULL OR work_county IS NULL OR years IS NULL OR sex IS NULL OR introduced_by IS NULL AS gap
  FROM e LEFT JOIN paid ON paid.person_id = e.person_id AND paid.year = date_part('year', e.six)
  OFFSET 0)
SELECT introduction_id AS k0,
  CASE WHEN cardinality(fails) > 0 THEN 'NOT_ELIGIBLE' WHEN gap THEN 'UNKNOWN' WHEN later THEN 'NOT_YET' ELSE 'ELIGIBLE' END AS outcome,
  CASE WHEN cardinality(fails) = 0 AND NOT gap AND NOT later THEN 30000::bigint END AS amount,
  fails AS failed
FROM f`;
