import { sql } from "kysely";
import { drawSql, within, type SyntheticScope } from "#registry";
import type { Tx } from "../platform/db/database.ts";

/** With more counties than these, each shows one of the cases only: about sixty provincial bases a year, as hn-2021-10 has them. */
const COUNTIES_WITH_EVERYTHING = 3;

/**
 * Fills the domain's registers from the employers of a division that are workshops or bases, and eleven relief projects a county. Shares and
 * sums are estimates. Numbers begin with the county; a second run adds nothing.
 */
export async function synthesizeCarriers(tx: Tx, scope: SyntheticScope): Promise<void> {
  await carriers(tx, scope);
  await moreBases(tx, scope);
  await recognitions(tx, scope);
  await provincialBases(tx, scope);
  await projects(tx, scope);
  await stages(tx, scope);
}

async function carriers(tx: Tx, { region, asOf }: SyntheticScope): Promise<void> {
  await sql`
    INSERT INTO carriers.carrier (code, kind, name, employer_id, county, township, industry, capacity, opened_on, region, recorded_on)
    SELECT e.county || '-ZT-' || lpad(row_number() OVER (PARTITION BY e.county ORDER BY e.name)::text, 4, '0'),
      CASE WHEN e.name LIKE '%基地' THEN '就业帮扶基地' WHEN e.county LIKE '62%' AND ${sql.raw(drawSql("e.name", "factory", 3))} = 0 THEN '乡村就业工厂' ELSE '帮扶车间' END,
      e.name, e.employer_id, e.county, t.code, e.industry, 10 + ${sql.raw(drawSql("e.name", "capacity", 60))},
      ${asOf}::date - 1800 + ${sql.raw(drawSql("e.name", "opened", 1000))}, e.county, ${asOf}::date
    FROM (SELECT r.*, left(r.region, 6) AS county FROM registry.employer r WHERE ${within("r.region", region)} AND length(r.region) >= 6 AND r.kind = 'workshop') e
    -- The town stands at the head of the name.
    LEFT JOIN registry.region t ON t.parent = e.county AND t.level = 'town' AND starts_with(e.name, t.name)
    ON CONFLICT (code) DO NOTHING`.execute(tx);
}

/** Bases of which the ledgers name no worker, where a small county has too few to show each case of a provincial one. */
async function moreBases(tx: Tx, { region, asOf }: SyntheticScope): Promise<void> {
  await sql`
    INSERT INTO carriers.carrier (code, kind, name, county, capacity, opened_on, region, recorded_on)
    SELECT c.county || '-JD-' || k, '就业帮扶基地', coalesce(r.name, '') || made.name || '就业帮扶基地', c.county, 40, ${asOf}::date - 1800, c.county, ${asOf}::date
    FROM (SELECT o.county, count(*) FILTER (WHERE o.kind = '就业帮扶基地') AS bases, count(*) OVER () AS counties FROM carriers.carrier o WHERE ${within("o.region", region)} GROUP BY o.county) c
    LEFT JOIN registry.region r ON r.code = c.county
    CROSS JOIN (VALUES (1, '榆禾'), (2, '澧棠'), (3, '岚穗'), (4, '溆蓁'), (5, '耒霁')) AS made(k, name)
    WHERE made.k > c.bases AND c.counties <= ${COUNTIES_WITH_EVERYTHING}
    ON CONFLICT (code) DO NOTHING`.execute(tx);
}

/** By the county: of a hundred, four not at all, six lately, eight until last year. */
async function recognitions(tx: Tx, { region, asOf }: SyntheticScope): Promise<void> {
  await sql`
    INSERT INTO carriers.recognition (carrier_id, level, document_no, recognised_on, recognised_to, absorbed, retained, region, recorded_on)
    SELECT c.carrier_id, '县级', c.county || '认〔' || date_part('year', d.day) || '〕' || right(c.code, 4) || '号', d.day,
      CASE WHEN c.draw BETWEEN 10 AND 17 THEN ${asOf}::date - 170 - c.draw END, 5 + c.draw % 40, 4 + c.draw % 35, c.county, ${asOf}::date
    FROM (SELECT r.*, ${sql.raw(drawSql("r.code", "recognition", 100))} AS draw FROM carriers.carrier r WHERE ${within("r.region", region)}) c
    CROSS JOIN LATERAL (SELECT CASE WHEN c.draw BETWEEN 4 AND 9 THEN ${asOf}::date - 10 - c.draw ELSE ${asOf}::date - 400 - 9 * c.draw END AS day) d
    WHERE c.draw >= 4
    ON CONFLICT (carrier_id, level, recognised_on) DO NOTHING`.execute(tx);
}

/** One base of each county fulfils all; others lack one finding, are of a later day, of a year before the text, or lack a finding nobody has made. */
async function provincialBases(tx: Tx, { region, asOf }: SyntheticScope): Promise<void> {
  await sql`
    INSERT INTO carriers.recognition (carrier_id, level, document_no, recognised_on, applied, well_managed, responsible, suitable, directed, absorbs_many, retains_well, absorbed, retained, region, recorded_on)
    SELECT b.carrier_id, '省级', '湘就〔' || date_part('year', d.day) || '〕' || right(b.code, 4) || '号', d.day,
      b.place <> 2 OR b.wanting <> 0, b.place <> 2 OR b.wanting <> 1, b.place <> 2 OR b.wanting <> 2, b.place <> 2 OR b.wanting <> 3,
      b.place <> 2 OR b.wanting <> 4, CASE WHEN b.place <> 5 THEN b.place <> 2 OR b.wanting < 5 END, true,
      60 + b.wanting, 50 + b.wanting, b.county, ${asOf}::date
    FROM (
      SELECT c.*, row_number() OVER (PARTITION BY c.county ORDER BY ${sql.raw(drawSql("c.code", "rank", 1_000_000))}, c.code) AS place,
        dense_rank() OVER (ORDER BY c.county) AS nth, ${sql.raw(drawSql("c.county", "year", 3))} AS years, ${sql.raw(drawSql("c.county", "wanting", 6))} AS wanting,
        (SELECT count(DISTINCT o.county) FROM carriers.carrier o WHERE ${within("o.region", region)}) AS counties
      FROM carriers.carrier c WHERE ${within("c.region", region)} AND c.kind = '就业帮扶基地'
    ) b
    CROSS JOIN LATERAL (SELECT CASE b.place
      WHEN 3 THEN ${asOf}::date + 45 WHEN 4 THEN make_date(date_part('year', ${asOf}::date)::int - 4, 5, 20)
      ELSE make_date(date_part('year', ${asOf}::date)::int - 1 - b.years, 11, 20) END AS day) d
    WHERE b.place = 1 OR b.place <= 5 AND (b.counties <= ${COUNTIES_WITH_EVERYTHING} OR b.place = 2 + b.nth % 4)
    ON CONFLICT (carrier_id, level, recognised_on) DO NOTHING`.execute(tx);
}

/** Two of each type or more, one of none, one of which nobody has said. Sums in yuan; the second of a type pays too little. */
async function projects(tx: Tx, { region, asOf }: SyntheticScope): Promise<void> {
  await sql`
    INSERT INTO carriers.relief_project (code, name, kind, county, owner, employer_id, central_funds, provincial_funds, local_funds, other_funds, started_on, finished_on, region, recorded_on)
    SELECT c.county || '-YG-' || lpad(made.k::text, 2, '0'), made.name, made.kind, c.county, '乡（镇）人民政府', f.employer_id,
      100 * made.central, 100 * made.provincial, 100 * made.local, 0, ${asOf}::date - 50, CASE WHEN made.k = 2 THEN ${asOf}::date - 5 END, c.county, ${asOf}::date
    FROM (SELECT DISTINCT left(p.home_region, 6) AS county FROM registry.person p WHERE ${within("p.home_region", region)} AND length(p.home_region) >= 6) c
    CROSS JOIN (VALUES
      (1, '村组道路硬化工程', '中央预算内投资', 3000000, 0, 200000), (2, '小型水库除险加固工程', '衔接资金任务', 1200000, 800000, 0),
      (3, '高标准农田配套工程', '推广以工代赈方式', 500000, 500000, 1000000), (4, '国省道养护工程', '政府投资重点工程', 0, 2000000, 3000000),
      (5, '灌溉沟渠整治工程', '中央预算内投资', 2600000, 0, 100000), (6, '人居环境整治工程', '衔接资金任务', 900000, 600000, 0),
      (7, '产业路建设工程', '推广以工代赈方式', 400000, 300000, 300000), (8, '易地搬迁后续配套工程', '推广以工代赈方式', 600000, 200000, 200000),
      (9, '集镇停车场工程', '不属于以工代赈', 0, 0, 1500000), (10, '河堤修复工程', NULL, 800000, NULL, 200000), (11, '县城污水管网工程', '政府投资重点工程', 0, 1000000, 2000000)
    ) AS made(k, name, kind, central, provincial, local)
    LEFT JOIN (
      SELECT e.employer_id, left(e.region, 6) AS county, row_number() OVER (PARTITION BY left(e.region, 6) ORDER BY e.name) AS place
      FROM registry.employer e WHERE ${within("e.region", region)} AND e.name LIKE '%以工代赈%'
    ) f ON f.county = c.county AND f.place = made.k
    ON CONFLICT (code) DO NOTHING`.execute(tx);
}

/**
 * Approval, the ends of the last two months, and acceptance of what is finished; the eighth project and the last are to be approved next month. Labour
 * pay is five points over the text's share of the base (gs-2025, 五) or, of the fifth to the seventh, one fen short of it.
 */
async function stages(tx: Tx, { region, asOf }: SyntheticScope): Promise<void> {
  await sql`
    INSERT INTO carriers.relief_project_stage (project_id, stage, checked_on, labour_pay, local_labour_pay, paid_in_full, workers, local_workers, assisted_workers, region, recorded_on)
    SELECT p.project_id, s.stage, s.checked_on, pay.fen, CASE WHEN p.kind = '推广以工代赈方式' THEN pay.fen ELSE pay.fen * 9 / 10 END,
      CASE WHEN s.stage <> '批复' THEN CASE p.k WHEN 9 THEN NULL ELSE p.k <> 3 OR s.checked_on < ${asOf}::date - 30 END END,
      20 + p.k, 18 + p.k, CASE WHEN p.k <> 4 THEN 6 + p.k ELSE 0 END, p.region, ${asOf}::date
    FROM (SELECT r.*, right(r.code, 2)::int AS k FROM carriers.relief_project r WHERE ${within("r.region", region)}) p
    CROSS JOIN LATERAL (
      SELECT '批复' AS stage, CASE WHEN p.k IN (8, 11) THEN ${asOf}::date + 30 ELSE ${asOf}::date - 55 - p.k % 4 END AS checked_on
      UNION ALL SELECT '月度', (m + interval '1 month - 1 day')::date
        FROM generate_series(date_trunc('month', ${asOf}::date) - interval '2 months', date_trunc('month', ${asOf}::date) - interval '1 month', interval '1 month') m WHERE p.k NOT IN (8, 11)
      UNION ALL SELECT '验收', p.finished_on WHERE p.finished_on IS NOT NULL
    ) s
    CROSS JOIN LATERAL (SELECT CASE p.kind WHEN '中央预算内投资' THEN 30 WHEN '衔接资金任务' THEN 20 ELSE 10 END AS share,
      CASE p.kind WHEN '中央预算内投资' THEN p.central_funds WHEN '衔接资金任务' THEN p.central_funds + p.provincial_funds
        ELSE coalesce(p.central_funds, 0) + coalesce(p.provincial_funds, 0) + coalesce(p.local_funds, 0) END AS base) b
    CROSS JOIN LATERAL (SELECT CASE WHEN p.k BETWEEN 5 AND 7 AND s.stage = '月度' THEN b.base * b.share / 100 - 1 ELSE b.base * (b.share + 5) / 100 END AS fen) pay
    ON CONFLICT (project_id, stage, checked_on) DO NOTHING`.execute(tx);
}
