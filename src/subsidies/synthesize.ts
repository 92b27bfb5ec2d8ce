import { sql } from "kysely";
import { drawSql, numberOf, sex, within, type SyntheticScope } from "#registry";
import type { Tx } from "../platform/db/database.ts";

/** 以工代训 was paid for from the document's day to the end of 2021 (HN10-09b). */
const TRAINED = { from: "2021-07-26", to: "2021-12-31" };

const FEMALE = numberOf(sex, "female")!;

/**
 * Fills the registers of subsidies from the ledgers: months of 以工代训 of those employed here in the second half of 2021, and what has been
 * paid: introductions, contributions, training, start-ups. Shares are estimates (README). A second run adds nothing.
 */
export async function synthesizeSubsidies(tx: Tx, { region, asOf }: SyntheticScope): Promise<void> {
  const day = sql.raw(`DATE '${asOf}'`);
  const draw = (purpose: string, below = 100) => sql.raw(drawSql("p.person_id", purpose, below));
  const county = sql.raw("left(p.home_region, 6)");
  const here = sql`${within("p.home_region", region)} AND length(p.home_region) >= 6`;
  // Offices pay whom they have papers of, and whom the fund may pay (HN10-02); a few they should not have paid.
  const isEvidenced = (on: string) => sql`(${draw("without papers")} < 2 OR EXISTS (SELECT 1 FROM registry.contract k
    WHERE k.person_id = p.person_id AND k.start_date <= ${sql.raw(on)} AND (k.end_date IS NULL OR k.end_date >= ${sql.raw(on)} - 365))
    OR EXISTS (SELECT 1 FROM registry.insurance_month i WHERE i.person_id = p.person_id AND i.month BETWEEN ${sql.raw(on)} - 365 AND ${sql.raw(on)}))`;
  const isOfAge = (on: string) =>
    sql`(${draw("past working age")} < 8 OR p.birth_date + interval '1 year' * CASE WHEN p.sex = ${sql.lit(FEMALE)} THEN 55 ELSE 60 END > ${sql.raw(on)})`;
  await sql`
    INSERT INTO subsidies.work_training (person_id, employer_id, month_from, trained, reviewed, meets_cited, region, recorded_on)
    SELECT p.person_id, p.employer_id, (p.first_on + interval '1 month' * g.n)::date, CASE WHEN ${draw("trained")} < 93 THEN true WHEN ${draw("trained")} < 97 THEN false END,
      CASE WHEN ${draw("reviewed")} < 90 THEN true WHEN ${draw("reviewed")} < 94 THEN false END, CASE WHEN ${draw("cited")} < 88 THEN true WHEN ${draw("cited")} < 94 THEN false END, p.region, ${day}
    FROM (SELECT DISTINCT ON (e.person_id, r.employer_id) e.person_id, r.employer_id, left(r.region, 6) AS region, greatest(e.start_date, DATE '${sql.raw(TRAINED.from)}') AS first_on, e.end_date
      FROM registry.employment e JOIN registry.employer_alias n ON n.name_key = e.employer_key JOIN registry.employer r ON r.employer_id = n.employer_id
      WHERE ${within("r.region", region)} AND length(r.region) >= 6 AND r.kind IN ('enterprise', 'cooperative', 'workshop')
        AND e.start_date <= DATE '${sql.raw(TRAINED.to)}' AND (e.end_date IS NULL OR e.end_date >= DATE '${sql.raw(TRAINED.from)}')
      ORDER BY e.person_id, r.employer_id, e.start_date) p
    CROSS JOIN generate_series(0, 4) AS g(n)
    WHERE ${draw("on the job")} < 40 AND g.n <= ${draw("months on the job", 5)} AND p.first_on + interval '1 month' * g.n <= LEAST(coalesce(p.end_date, 'infinity'), DATE '${sql.raw(TRAINED.to)}')
    ON CONFLICT (person_id, employer_id, month_from) DO NOTHING`.execute(tx);
  // Paid on the day half a year of work away was full, for some this year and for some last year.
  await sql`
    INSERT INTO subsidies.past_benefit (code, benefit, person_id, event_date, amount_fen, paid_on, fund, region, recorded_on)
    SELECT ${county} || '-BT-LW-' || p.person_id, '劳务输出就业创业服务补助', p.person_id, p.earned_on, 30000, LEAST(p.earned_on + 40, ${day}), '就业专项资金', ${county}, ${day}
    FROM (SELECT DISTINCT ON (p.person_id) p.person_id, p.home_region, p.sex, p.birth_date, (e.start_date + interval '6 months' - interval '1 day')::date AS earned_on
      FROM registry.person p JOIN registry.employment e ON e.person_id = p.person_id
      WHERE ${here} AND e.channel IN ('government', 'agency', 'broker', 'cooperation') AND e.start_date BETWEEN ${day} - 900 AND ${day} - 190 ORDER BY p.person_id, e.start_date) p
    WHERE ${draw("introduced before")} < 12 AND ${isOfAge("p.earned_on")}
    ON CONFLICT (code) DO NOTHING`.execute(tx);
  // One in thirty has drawn subsidies for contributions already: most for a year or two, some for all the months there are. Whoever
  // insures himself was subsidised to the last month on record.
  await sql`
    INSERT INTO subsidies.past_benefit (code, benefit, person_id, event_date, month_from, month_to, amount_fen, paid_on, fund, region, recorded_on)
    SELECT ${county} || '-BT-SB-' || p.person_id, '社会保险补贴', p.person_id, p.until, (p.until - interval '1 month' * (p.months - 1))::date, p.until, p.months * 52000, p.until + 45, '就业专项资金', ${county}, ${day}
    FROM (SELECT p.person_id, p.home_region, p.sex, p.birth_date, coalesce(own.last, (date_trunc('month', ${day}::timestamp) - interval '1 month' * (2 + ${draw("subsidised until", 24)}))::date) AS until,
        CASE WHEN ${draw("subsidised")} < 3 THEN 36 ELSE 6 + ${draw("months subsidised", 19)} END AS months FROM registry.person p
      CROSS JOIN LATERAL (SELECT max(i.month) AS last FROM registry.insurance_month i WHERE i.person_id = p.person_id AND i.employer_part_fen = 0) own
      WHERE ${here} AND ${draw("subsidised")} < 8) p
    WHERE ${isEvidenced("p.until")} AND ${isOfAge("p.until")}
    ON CONFLICT (code) DO NOTHING`.execute(tx);
  // Who was paid for 以工代训 before the present roster: a few, some of them with another employer.
  await sql`
    INSERT INTO subsidies.past_benefit (code, benefit, person_id, employer_id, event_date, month_from, month_to, amount_fen, paid_on, fund, region, recorded_on)
    SELECT ${county} || '-BT-DX-' || p.person_id, '以工代训职业培训补贴', p.person_id, CASE WHEN ${draw("elsewhere")} < 50 THEN p.employer_id END, p.month_from, date_trunc('month', p.month_from::timestamp)::date, date_trunc('month', p.month_from::timestamp)::date,
      50000, p.month_from + 60, '职业技能提升行动专账资金', ${county}, ${day}
    FROM (SELECT DISTINCT ON (p.person_id) p.person_id, p.home_region, t.employer_id, t.month_from
      FROM subsidies.work_training t JOIN registry.person p ON p.person_id = t.person_id WHERE ${within("t.region", region)} AND length(p.home_region) >= 6 ORDER BY p.person_id, t.month_from) p
    WHERE ${draw("trained before")} < 14 AND ${isEvidenced("p.month_from")}
    ON CONFLICT (code) DO NOTHING`.execute(tx);
  // What the office decided: of those who work with a registered employer, and of the flexibly employed.
  await sql`
    INSERT INTO subsidies.insurance_review (code, person_id, employer_id, decided_on, meets_cited, rural_worker, founded_by_returnee, meets_returnee_rules, region, recorded_on)
    SELECT ${county} || '-SH-' || p.person_id || coalesce('-' || p.employer_id, ''), p.person_id, p.employer_id, ${day} - 30 - ${draw("reviewed on", 200)},
      CASE WHEN ${draw("contributions cited")} < 80 THEN true WHEN ${draw("contributions cited")} < 90 THEN false END, CASE WHEN ${draw("rural")} < 90 THEN true WHEN ${draw("rural")} < 95 THEN false END,
      ${draw("founder")} < 50, CASE WHEN ${draw("returnee rules")} < 80 THEN true WHEN ${draw("returnee rules")} < 90 THEN false END, ${county}, ${day}
    FROM (SELECT DISTINCT p.person_id, p.home_region, r.employer_id FROM registry.person p JOIN registry.employment e ON e.person_id = p.person_id
        LEFT JOIN registry.employer_alias n ON n.name_key = e.employer_key AND e.form NOT IN ('flexible', 'new-form') LEFT JOIN registry.employer r ON r.employer_id = n.employer_id
      WHERE ${here} AND (r.employer_id IS NOT NULL OR e.form IN ('flexible', 'new-form'))
        AND EXISTS (SELECT 1 FROM registry.insurance_month i WHERE i.person_id = p.person_id)) p
    WHERE ${draw("asked for contributions")} < 70
    ON CONFLICT (code) DO NOTHING`.execute(tx);
  await sql`
    INSERT INTO subsidies.past_benefit (code, benefit, person_id, event_date, amount_fen, paid_on, fund, region, recorded_on)
    SELECT ${county} || '-BT-CY-' || p.person_id, '一次性创业补贴', p.person_id, p.founded_on, 500000, p.founded_on + 50, '就业专项资金', ${county}, ${day}
    FROM (SELECT p.*, ${day} - 300 - ${draw("founded before", 900)} AS founded_on FROM registry.person p WHERE ${here} AND ${draw("start-up paid")} < 3
      AND EXISTS (SELECT 1 FROM registry.employment e WHERE e.person_id = p.person_id AND e.form = 'startup' AND e.start_date < ${day} - 700)) p
    WHERE ${isOfAge("p.founded_on")}
    ON CONFLICT (code) DO NOTHING`.execute(tx);
}
