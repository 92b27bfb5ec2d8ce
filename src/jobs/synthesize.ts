import { sql } from "kysely";
import { drawSql, within, type EmploymentChannel, type SyntheticScope } from "#registry";
import type { Tx } from "../platform/db/database.ts";

/** Channels by which somebody else found the work. */
const BY_OTHERS = [
  "government",
  "cooperation",
  "agency",
  "broker",
  "state-labour-company",
  "village-agency",
] satisfies EmploymentChannel[];

/** Colleges' events are on record from the year of their subsidy; of one of them nobody has judged whether it meets the terms. */
const CAMPUS_SINCE = "2021-01-01";
const CAMPUS_UNJUDGED = "2021-06-01";

/**
 * Fills the domain's registers from the persons and spells of a division: eight agencies a county, of which some lack one thing each
 * (no agreement, public, licence over, licence unknown, kind unknown), an introduction for each employment of the last two years that others
 * found, two events a
 * month and one at a college, whose subsidy was for 2021 (HN03-6.1). Shares are estimates. Numbers begin with the county; a second run adds nothing.
 */
export async function synthesizeJobs(tx: Tx, { region, asOf }: SyntheticScope): Promise<void> {
  const counties = sql`SELECT DISTINCT left(p.home_region, 6) AS county FROM registry.person p WHERE ${within("p.home_region", region)} AND length(p.home_region) >= 6`;
  await sql`
    INSERT INTO jobs.agency (code, name, kind, contact, licence_no, licence_from, licence_to, region, recorded_on)
    SELECT c.county || '-JG-' || k, coalesce(r.name, '') || made.name, made.kind, '测试联系人',
      CASE WHEN made.licence_from IS NOT NULL THEN 'RL' || c.county || lpad(k::text, 4, '0') END, made.licence_from, made.licence_to, c.county, ${asOf}::date
    FROM (${counties}) c LEFT JOIN registry.region r ON r.code = c.county
    CROSS JOIN (VALUES
      (1, '榆禾人力资源服务有限公司', '人力资源服务机构', ${asOf}::date - 1800, ${asOf}::date + 400),
      (2, '澧棠人力资源有限公司', '人力资源服务机构', ${asOf}::date - 1800, ${asOf}::date + 400),
      (3, '劳务经纪人协会', '农村劳务经纪人', ${asOf}::date - 1500, NULL),
      (4, '岚穗国有劳务有限公司', '其他市场主体', ${asOf}::date - 1500, ${asOf}::date + 200),
      (5, '公共就业服务中心', '公共就业服务机构', NULL, NULL),
      (6, '溆蓁人力资源有限公司', '人力资源服务机构', ${asOf}::date - 2000, ${asOf}::date - 500),
      (7, '渌桐劳务合作社', '其他市场主体', NULL, NULL),
      (8, '耒霁劳务服务部', NULL, ${asOf}::date - 900, ${asOf}::date + 200)
    ) AS made(k, name, kind, licence_from, licence_to)
    ON CONFLICT (code) DO NOTHING`.execute(tx);
  await sql`
    INSERT INTO jobs.purchase_agreement (code, county, agency_id, content, valid_from, valid_to, region, recorded_on)
    SELECT a.region || '-XY-' || right(a.code, 1), a.region, a.agency_id, '有组织劳务输出介绍服务', ${asOf}::date - 1400, ${asOf}::date + 200, a.region, ${asOf}::date
    FROM jobs.agency a WHERE ${within("a.region", region)} AND a.code ~ '-JG-[134678]$'
    ON CONFLICT (code) DO NOTHING`.execute(tx);
  await sql`
    INSERT INTO jobs.introduction (code, agency_id, introduced_by, person_id, employer_id, organised, introduced_on, started_on, occupation, region, recorded_on)
    SELECT left(s.home_region, 6) || '-JS-' || lpad(row_number() OVER (PARTITION BY left(s.home_region, 6) ORDER BY s.start_date, s.person_id, s.employer_id)::text, 6, '0'),
      a.agency_id,
      CASE WHEN s.record < 94 THEN a.code WHEN s.record < 97 THEN left(s.home_region, 6) || '-JG-' || CASE WHEN a.code ~ '-JG-1$' THEN 2 ELSE 1 END END,
      s.person_id, s.employer_id,
      CASE WHEN s.organised < 92 THEN true WHEN s.organised < 96 THEN false END,
      s.start_date - 1 - ${sql.raw(drawSql("s.person_id", "days before", 14))},
      CASE WHEN s.start_precision = 'day' THEN s.start_date ELSE least(s.start_date + ${sql.raw(drawSql("s.person_id", "day of month", 20))}, ${asOf}::date) END,
      s.occupation, left(s.home_region, 6), ${asOf}::date
    FROM (
      SELECT DISTINCT ON (e.person_id, n.employer_id) e.*, n.employer_id, ${sql.raw(drawSql("e.person_id", "agency", 100))} AS agency,
        ${sql.raw(drawSql("e.person_id", "organised", 100))} AS organised, ${sql.raw(drawSql("e.person_id", "record", 100))} AS record
      FROM registry.employment e JOIN registry.employer_alias n ON n.name_key = e.employer_key
      WHERE ${within("e.home_region", region)} AND length(e.home_region) >= 6 AND e.channel = ANY(${BY_OTHERS}::text[])
        AND e.start_date BETWEEN ${asOf}::date - 730 AND ${asOf}::date
      ORDER BY e.person_id, n.employer_id, e.start_date
    ) s
    JOIN jobs.agency a ON a.code = left(s.home_region, 6) || '-JG-' || CASE
      WHEN s.channel = 'broker' THEN 3 WHEN s.agency < 60 THEN 1 WHEN s.agency < 68 THEN 2 WHEN s.agency < 84 THEN 4
      WHEN s.agency < 88 THEN 5 WHEN s.agency < 92 THEN 6 WHEN s.agency < 96 THEN 7 ELSE 8 END
    ON CONFLICT (code) DO NOTHING`.execute(tx);
  await sql`
    INSERT INTO jobs.recruitment_event (code, name, campaign, county, place, held_on, kind, organiser, organiser_kind, purchased, contract_no, recorded, meets_cited, employers, openings, seekers, hires, region, recorded_on)
    SELECT c.county || '-HD-' || to_char(m.month, 'YYYYMM') || '-' || k, to_char(m.month, 'YYYY"年"FMMM"月"') || made.name, made.campaign, c.county, made.place,
      m.month + made.day, made.kind, made.organiser, CASE WHEN draw.n < 3 THEN '其他' ELSE made.organiser_kind END, made.purchased AND draw.n >= 6,
      CASE WHEN made.purchased AND draw.n >= 6 THEN c.county || '-HT-' || to_char(m.month, 'YYYYMM') END,
      -- Of what is yet to be held online there is a record, its announcement; of the rest none can be.
      CASE WHEN m.month + made.day > ${asOf}::date THEN nullif(made.purchased, false) WHEN draw.n NOT IN (6, 7, 8) THEN draw.n NOT IN (9, 10) END,
      CASE WHEN made.kind = '校园招聘' AND m.month <> ${CAMPUS_UNJUDGED}::date THEN draw.n <> 13 END,
      15 + draw.n, 300 + 17 * draw.n, 200 + 13 * draw.n, 20 + 2 * draw.n, c.county, ${asOf}::date
    FROM (${counties}) c
    CROSS JOIN (SELECT generate_series(least(date_trunc('month', ${asOf}::date) - interval '23 months', ${CAMPUS_SINCE}::date), date_trunc('month', ${asOf}::date) + interval '1 month', interval '1 month')::date AS month) m
    JOIN (VALUES
      (1, '农村劳动力专场招聘会', '春风行动', '乡镇集市', 9, '专场招聘', '县公共就业服务中心', '公共就业服务机构', false),
      (2, '网络招聘周', '百日千万网络招聘', '县就业服务网', 19, '线上招聘', '榆禾人力资源服务有限公司', '经营性人力资源服务机构', true),
      (3, '校园招聘会', '校园招聘', '县职业技术学院', 12, '校园招聘', '县职业技术学院', '高校', false)
    ) AS made(k, name, campaign, place, day, kind, organiser, organiser_kind, purchased)
      ON made.kind = '校园招聘' OR m.month >= date_trunc('month', ${asOf}::date) - interval '23 months'
    CROSS JOIN LATERAL (SELECT CASE WHEN m.month + made.day > ${asOf}::date THEN 39 ELSE ${sql.raw(drawSql("c.county || m.month || made.k", "event", 40))} END AS n) draw
    ON CONFLICT (code) DO NOTHING`.execute(tx);
}
