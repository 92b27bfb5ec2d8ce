import { sql } from "kysely";
import { drawSql, within, type SyntheticScope } from "#registry";
import type { Tx } from "../platform/db/database.ts";

/** Months for which classes are held: two years back, the running month and the next. */
const MONTHS_BACK = 24;
const MONTHS = MONTHS_BACK + 2;
/** 4.63 of 254.2 万 are trained in a year (hn-2024-102). */
const TRAINED_PER_THOUSAND = Math.round(((4.63 / 254.2) * 1000 * MONTHS) / 12);
const OCCUPATIONS = ["中式烹调师", "家政服务员", "电工", "缝纫工", "养老护理员", "茶艺师"];

/**
 * Fills the registers of training: in each county two providers, a class of every occupation a month, and the trainees. Shares beside
 * that of the trained are estimates (README). A second run adds nothing.
 */
export async function synthesizeTraining(tx: Tx, { region, asOf }: SyntheticScope): Promise<void> {
  const day = sql.raw(`DATE '${asOf}'`);
  const draw = (purpose: string, below = 100) => sql.raw(drawSql("p.person_id", purpose, below));
  const drawnOf = (purpose: string, below = 100) => sql.raw(drawSql("c.code", purpose, below));
  const mostly = (purpose: string, yes: number, no: number) =>
    sql`CASE WHEN ${draw(purpose)} < ${sql.lit(yes)} THEN true WHEN ${draw(purpose)} < ${sql.lit(yes + no)} THEN false END`;
  const counties = sql`SELECT DISTINCT left(p.home_region, 6) AS county FROM registry.person p WHERE ${within("p.home_region", region)} AND length(p.home_region) >= 6`;
  const month = sql`(date_trunc('month', ${day}::timestamp) + interval '1 month' * (m - ${sql.lit(MONTHS_BACK)}))::date`;
  const code = (county: string, of: string, occupation: string) =>
    sql.raw(`${county} || '-PX-' || lpad((${of})::text, 2, '0') || (${occupation})::text`);
  await sql`
    INSERT INTO training.provider (code, name, county, licence_no, licence_from, licence_to, region, recorded_on)
    SELECT c.county || '-PJ-' || k, coalesce(r.name, '') || word, c.county, '教民' || c.county || k, ${day} - 1500, ${day} + 500, c.county, ${day}
    FROM (${counties}) c LEFT JOIN registry.region r ON r.code = c.county CROSS JOIN (VALUES (1, '榆禾职业技能培训学校'), (2, '渌桐职业培训中心')) AS made(k, word)
    ON CONFLICT (code) DO NOTHING`.execute(tx);
  await sql`
    INSERT INTO training.training_class (code, name, provider_id, county, training_kind, occupation, payment_mode, started_on, ended_on, hours, held_together, meets_standard, region, recorded_on)
    SELECT c.code, c.occupation || '培训班', v.provider_id, c.county,
      CASE WHEN c.senior THEN '金蓝领培训' WHEN ${drawnOf("kind")} < 62 THEN '就业技能培训' WHEN ${drawnOf("kind")} < 72 THEN '岗位技能提升培训' WHEN ${drawnOf("kind")} < 84 THEN '创业培训' WHEN ${drawnOf("kind")} < 96 THEN '金蓝领培训' ELSE '其他培训' END,
      c.occupation, (ARRAY['直补机构', '整建制购买', '补个人'])[1 + ${drawnOf("payment", 3)}], c.month + ${drawnOf("first day", 14)}, c.month + ${drawnOf("first day", 14)} + 9 + ${drawnOf("days", 8)},
      80 + 8 * ${drawnOf("days", 8)}, ${drawnOf("together")} < 90, CASE WHEN ${drawnOf("standard")} < 94 THEN true WHEN ${drawnOf("standard")} < 97 THEN false END, c.county, ${day}
    FROM (SELECT c.county, o.occupation, ${month} AS month, ${code("c.county", "m", "o.n - 1")} AS code, 1 + (m + o.n) % 2 AS provider,
        -- One of next month's is of the 金蓝领 project, whatever chance says.
        m = ${sql.lit(MONTHS - 1)} AND o.n = 3 AS senior
      FROM (${counties}) c CROSS JOIN generate_series(0, ${sql.lit(MONTHS - 1)}) m CROSS JOIN unnest(${OCCUPATIONS}::text[]) WITH ORDINALITY AS o(occupation, n)) c
    JOIN training.provider v ON v.code = c.county || '-PJ-' || c.provider
    ON CONFLICT (code) DO NOTHING`.execute(tx);
  // In a small county chance would leave next month's classes empty: some of those lifted from poverty are enrolled in them already, of whom
  // a third came back to found something and of a third nobody has said.
  await sql`
    INSERT INTO training.enrolment (class_id, person_id, rural_worker, returnee, local_founder, region, recorded_on)
    SELECT c.class_id, p.person_id, true, CASE p.place % 3 WHEN 0 THEN true WHEN 1 THEN false END, false, c.county, ${day}
    FROM (SELECT p.person_id, left(p.home_region, 6) AS county, row_number() OVER (PARTITION BY left(p.home_region, 6) ORDER BY ${draw("next month", 1_000_000)}, p.person_id) AS place
      FROM registry.person p WHERE ${within("p.home_region", region)} AND length(p.home_region) >= 6 AND p.life_state = 'active' AND EXISTS (SELECT FROM registry.person_category k
        WHERE k.person_id = p.person_id AND k.category = 'lifted-from-poverty' AND k.valid_from <= ${day} AND coalesce(k.valid_to, 'infinity') >= ${day})) p
    JOIN training.training_class c ON c.code = ${code("p.county", String(MONTHS - 1), `p.place % ${OCCUPATIONS.length}`)}
    WHERE p.place <= ${sql.lit(2 * OCCUPATIONS.length)}
    ON CONFLICT (class_id, person_id) DO NOTHING`.execute(tx);
  // Whoever is still in class has come so far; of those who have left it, some never came and some did not pass.
  await sql`
    INSERT INTO training.enrolment (class_id, person_id, days_attended, rural_worker, returnee, local_founder, passed, level_reached, certificate_no, certified_on, region, recorded_on)
    SELECT c.class_id, p.person_id, CASE WHEN ${draw("attended")} >= 4 THEN greatest(0, least(c.ended_on, ${day}) - c.started_on + 1 - CASE WHEN ${draw("attended")} < 8 THEN 99 ELSE ${draw("missed", 3)} END) END,
      ${mostly("rural", 93, 4)}, ${mostly("returnee", 45, 50)}, ${mostly("local founder", 15, 80)},
      o.passed, CASE WHEN o.passed AND c.training_kind = '金蓝领培训' THEN (ARRAY['中级工', '高级工', '高级工', '技师'])[1 + ${draw("level", 4)}]
        WHEN o.passed THEN (ARRAY['初级工', '初级工', '中级工', '高级工'])[1 + ${draw("level", 4)}] WHEN NOT o.passed THEN '未达到等级' END,
      CASE WHEN o.passed THEN 'ZS' || c.code || '-' || right(p.person_id::text, 5) END, CASE WHEN o.passed THEN c.ended_on + 12 END, c.county, ${day}
    FROM registry.person p
    JOIN training.training_class c ON c.code = ${code("left(p.home_region, 6)", drawSql("p.person_id", "month", MONTHS), drawSql("p.person_id", "occupation", OCCUPATIONS.length))}
    CROSS JOIN LATERAL (SELECT CASE WHEN c.ended_on + 12 > ${day} OR ${draw("passed")} >= 96 THEN NULL ELSE ${draw("passed")} < 88 END AS passed) o
    WHERE ${within("p.home_region", region)} AND ${draw("trained", 1000)} < ${sql.lit(TRAINED_PER_THOUSAND)} AND p.life_state = 'active'
    ON CONFLICT (class_id, person_id) DO NOTHING`.execute(tx);
}
