import { sql } from "kysely";
import { drawSql, within, type SyntheticScope } from "#registry";
import type { Tx } from "../platform/db/database.ts";

/** With more counties than these, each has one brand (一县一品牌, gs-2025), and the cases take turns over the counties. */
const COUNTIES_WITH_EVERYTHING = 3;

/**
 * Seven brands, of which each is one case: 1 newly provincial and claimed; 2 provincial for years, evaluated each year; 3 provincial from
 * a later day; 4 of the prefecture; 5 newly provincial, unclaimed, graded in its first year; 6 recognised by nobody; 7 provincial for years, its
 * grade not told. Estimates; a second run adds nothing.
 */
export async function synthesizeBrands(tx: Tx, { region, asOf }: SyntheticScope): Promise<void> {
  await sql`
    INSERT INTO brands.brand (code, name, county, industry, organiser, organiser_code, workers, claimant_code, award_year, region, recorded_on)
    SELECT c.county || '-PP-' || made.role, coalesce(r.name, '') || made.name, c.county, made.industry, coalesce(r.name, '') || made.organiser, unit.code,
      300 + ${sql.raw(drawSql("c.county || made.role", "workers", 2000))},
      CASE WHEN made.role IN (1, 3, 4) THEN unit.code END, CASE WHEN made.role IN (1, 3, 4) THEN date_part('year', ${asOf}::date) END, c.county, ${asOf}::date
    FROM (
      SELECT p.county, dense_rank() OVER (ORDER BY p.county) AS nth, count(*) OVER () AS counties
      FROM (SELECT DISTINCT left(home_region, 6) AS county FROM registry.person WHERE ${within("home_region", region)} AND length(home_region) >= 6) p
    ) c
    LEFT JOIN registry.region r ON r.code = c.county
    CROSS JOIN (VALUES
      (1, '绣娘', '制造业', '手工艺协会'), (2, '拉面师', '住宿和餐饮业', '餐饮行业协会'), (3, '护工', '居民服务业', '家政服务协会'),
      (4, '焊工', '制造业', '职业培训学校'), (5, '建筑工', '建筑业', '劳务有限公司'), (6, '果农', '农、林、牧、渔业', '专业合作社联合社'), (7, '茶艺师', '农、林、牧、渔业', '茶叶协会')
    ) AS made(role, name, industry, organiser)
    CROSS JOIN LATERAL (SELECT 'CB' || c.county || made.role AS code) unit
    WHERE c.counties <= ${COUNTIES_WITH_EVERYTHING} OR made.role = 1 + c.nth % 7
    ON CONFLICT (code) DO NOTHING`.execute(tx);
  await sql`
    INSERT INTO brands.recognition (brand_id, level, document_no, recognised_on, region, recorded_on)
    SELECT b.brand_id, g.level, left(b.county, 2) || '人社〔' || date_part('year', g.recognised_on) || '〕' || right(b.code, 1) || '号', g.recognised_on, b.region, ${asOf}::date
    FROM brands.brand b CROSS JOIN LATERAL (VALUES
      (1, '县级', ${asOf}::date - 900), (1, '省级', ${asOf}::date - 30), (2, '省级', ${asOf}::date - 1000), (3, '市级', ${asOf}::date - 700),
      (3, '省级', ${asOf}::date + 40), (4, '市级', ${asOf}::date - 60), (5, '省级', ${asOf}::date - 40), (7, '省级', ${asOf}::date - 1000)
    ) AS g(role, level, recognised_on)
    WHERE ${within("b.region", region)} AND right(b.code, 1)::int = g.role
    ON CONFLICT (brand_id, level, recognised_on) DO NOTHING`.execute(tx);
  await sql`
    INSERT INTO brands.evaluation (brand_id, evaluated_on, grade, claimant_code, region, recorded_on)
    SELECT b.brand_id, e.evaluated_on, e.grade, CASE WHEN e.grade = '优秀' THEN b.organiser_code END, b.region, ${asOf}::date
    FROM brands.brand b CROSS JOIN LATERAL (VALUES
      (2, ${asOf}::date - 380, '良好'), (2, ${asOf}::date - 15, '优秀'), (2, ${asOf}::date + 340, '优秀'), (4, ${asOf}::date - 15, '优秀'), (5, ${asOf}::date - 15, '良好'), (7, ${asOf}::date - 15, NULL)
    ) AS e(role, evaluated_on, grade)
    WHERE ${within("b.region", region)} AND right(b.code, 1)::int = e.role
    ON CONFLICT (brand_id, evaluated_on) DO NOTHING`.execute(tx);
}
