import type { FactSource } from "#kernel/contract";
import { BRAND_EVALUATIONS, BRANDS } from "#policy";

/** Of several recognitions that stand on a day, the highest, and of one level the first: that is when the brand was newly recognised. */
const recognitionOn = (day: string): string => `LEFT JOIN LATERAL (
  SELECT n.level, n.recognised_on FROM brands.recognition n
  WHERE n.brand_id = b.brand_id AND (n.removed_on IS NULL OR n.removed_on > ${day})
  ORDER BY array_position(ARRAY['省级', '市级', '县级'], n.level), n.recognised_on LIMIT 1
) r ON true`;

const BRAND = `b.county AS region, coalesce(r.level, '未认定') AS level, r.recognised_on, b.organiser_code`;

const brands = `SELECT b.brand_id, ${BRAND}, b.claimant_code, b.award_year::bigint AS award_year,
  b.region AS row_region, b.person_id AS row_person
FROM (SELECT s.* FROM (SELECT a.*, NULL::bigint AS person_id FROM brands.brand a) s WHERE {{scope}}) b
${recognitionOn("{{as_of}}")}`;

const brandEvaluations = `SELECT e.evaluation_id, e.brand_id, ${BRAND}, e.claimant_code, e.evaluated_on, e.grade,
  e.region AS row_region, e.person_id AS row_person
FROM (SELECT s.* FROM (SELECT a.*, NULL::bigint AS person_id FROM brands.evaluation a) s WHERE {{scope}}) e
JOIN brands.brand b ON b.brand_id = e.brand_id
${recognitionOn("e.evaluated_on")}`;

export const brandsFacts: readonly FactSource[] = [
  { ...BRANDS, sql: brands },
  { ...BRAND_EVALUATIONS, sql: brandEvaluations },
];
