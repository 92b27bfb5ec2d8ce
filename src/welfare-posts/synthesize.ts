import { sql, type RawBuilder } from "kysely";
import { drawSql, within, type SyntheticScope } from "#registry";
import type { Tx } from "../platform/db/database.ts";
import { monthEndSql, monthOfSql, monthsSql } from "../platform/db/months.ts";

/** Months of attendance that the registers hold before the one that is running. */
const MONTHS_REPORTED = 12;
const JINING = "3708";
const HUNAN = "43";
/** Year of the plan that pays for Hunan's posts of 就业困难人员 (HN03-5.5). */
const PLAN = { from: "2021-01-01", to: "2021-12-31" };
const KINDS = ["保洁", "护林", "护路", "河道巡查", "养老护理", "农家书屋管理"];
const CLASSES = ["公共管理类", "公共服务类", "社会事业类", "设施维护类", "社会治理类"];

/**
 * Fills the registers of welfare posts from the ledgers: whoever works as 公益性岗位 for a village committee holds a post of it. Posts
 * follow Jining's scheme there and the village scheme elsewhere, beside which Hunan has had others since 2021 or before (HN03-5.5). Shares are estimates (README). A second run adds nothing.
 */
export async function synthesizeWelfarePosts(tx: Tx, { region, asOf }: SyntheticScope): Promise<void> {
  const day = sql.raw(`DATE '${asOf}'`);
  const isUrban = region.startsWith(JINING)
    ? sql`true`
    : sql`left(e.home_region, 2) = ${HUNAN} AND e.start_date <= ${PLAN.to}::date AND ${sql.raw(drawSql("e.person_id", "scheme", 100))} < 40`;
  const draw = (purpose: string, below = 100) => sql.raw(drawSql("e.person_id", purpose, below));
  // One post per person and committee: whoever comes back to the committee comes back to the post.
  const spells = sql`SELECT e.*, left(e.home_region, 6) AS county,
      left(e.home_region, 6) || '-GW-' || lpad(dense_rank() OVER (PARTITION BY left(e.home_region, 6) ORDER BY e.employer_key, e.person_id)::text, 6, '0') AS code,
      row_number() OVER (PARTITION BY e.employer_key, e.person_id ORDER BY e.start_date) AS turn
    FROM registry.employment e WHERE ${within("e.home_region", region)} AND length(e.home_region) >= 6 AND e.form = 'welfare-post' AND e.start_date <= ${day}`;
  await sql`
    INSERT INTO welfare_posts.welfare_post (code, name, county, scheme, post_kind, post_class, owner, registered, recognised, part_time, quota, exception, opened_on, region, recorded_on)
    SELECT e.code, ${oneOf(KINDS, "kind")} || '岗', e.county, CASE WHEN ${isUrban} THEN '城乡公益性岗位' ELSE '乡村公益性岗位' END, ${oneOf(KINDS, "kind")}, CASE WHEN ${isUrban} THEN ${oneOf(CLASSES, "class")} END,
      CASE WHEN ${draw("owner")} < 97 THEN e.employer_name END, ${draw("registered")} < 98, ${mostly(draw("recognised"), 60, 37)}, ${draw("part-time")} < 70, 1,
      ${draw("exception")} < 2, e.start_date, e.county, ${day}
    FROM (${spells}) e WHERE e.turn = 1
    ON CONFLICT (code) DO NOTHING`.execute(tx);
  await sql`
    INSERT INTO welfare_posts.placement (code, post_id, person_id, started_on, ended_on, end_reason, meets_conditions, rural_surplus, hard_to_employ, hard_to_place, meets_cited, insured_by_employer, insured_from, insured_to, region, recorded_on)
    SELECT e.code || '-' || e.turn, w.post_id, e.person_id, e.start_date, e.end_date, e.end_reason, ${mostly(draw("conditions"), 95, 2)}, ${mostly(draw("surplus"), 80, 10)},
      ${mostly(draw("hard-to-employ"), 88, 8)}, ${mostly(draw("hard-to-place"), 85, 11)}, ${mostly(draw("cited"), 90, 5)}, ${mostly(draw("by employer"), 94, 2)}, CASE WHEN i.insured THEN e.start_date END, CASE WHEN i.insured THEN greatest(${day}, coalesce(e.end_date, ${day})) + 180 END, e.county, ${day}
    FROM (${spells}) e JOIN welfare_posts.welfare_post w ON w.code = e.code CROSS JOIN LATERAL (SELECT ${draw("insured")} < 97 AS insured) i
    ON CONFLICT (code) DO NOTHING`.execute(tx);
  // Signed for a year at a time, as the text has it; a few for two, some not at all, some not renewed this year.
  await sql`
    INSERT INTO welfare_posts.signing (placement_id, kind, from_on, to_on, region, recorded_on)
    SELECT e.placement_id, e.kind, g.day::date, CASE WHEN e.kind <> '未签订' THEN (g.day + e.term - interval '1 day')::date END, e.region, ${day}
    FROM (SELECT e.*, CASE WHEN ${draw("contract")} < 35 THEN '劳动合同' WHEN ${draw("contract")} < 97 THEN '劳务协议' ELSE '未签订' END AS kind,
        CASE WHEN ${draw("term")} < 2 THEN interval '2 years' ELSE interval '1 year' END AS term, ${draw("renewed")} < 96 AS renewed
      FROM welfare_posts.placement e WHERE ${within("e.region", region)}) e
    CROSS JOIN LATERAL generate_series(e.started_on::timestamp, least(coalesce(e.ended_on, ${day}), ${day})::timestamp, e.term) AS g(day)
    WHERE e.renewed OR g.day <= ${day} - interval '1 year'
    ON CONFLICT (placement_id, from_on) DO NOTHING`.execute(tx);
  // Reported up to last month, by every fifth for the running one too; one month in fifty is left out, in one of forty nobody came. Paid
  // on the tenth of the next month, but for the last one of a few: they are in arrears.
  const running = monthOfSql(`DATE '${asOf}'`);
  const reported = `(${running} - interval '${MONTHS_REPORTED} months')::date`;
  const first = `greatest(e.started_on, CASE WHEN w.scheme = '城乡公益性岗位' AND left(e.region, 2) = '${HUNAN}' THEN DATE '${PLAN.from}' ELSE ${reported} END)`;
  const last = `least(coalesce(e.ended_on, DATE '${asOf}'), DATE '${asOf}')`;
  const end = monthEndSql("g.day");
  await sql`
    INSERT INTO welfare_posts.placement_month (placement_id, month, days_on_post, hours, appraised, flexible_income_fen, allowance_fen, paid_on, region, recorded_on)
    SELECT e.placement_id, e.month, e.days, CASE WHEN e.days = 0 THEN 0 ELSE 30 + ${draw("hours", 60)} END, ${mostly(draw("appraised"), 90, 5)},
      CASE WHEN ${draw("income")} < 55 THEN 0 WHEN ${draw("income")} < 90 THEN ${draw("modest", 80)} * 10000 WHEN ${draw("income")} < 96 THEN 1200000 + ${draw("ample", 50)} * 10000 END,
      CASE WHEN e.paid THEN CASE WHEN ${draw("underpaid")} < 2 THEN 80000 ELSE 85000 + ${draw("allowance", 4)} * 10000 END END, CASE WHEN e.paid THEN (e.month + interval '1 month 9 days')::date END, e.region, ${day}
    FROM (SELECT e.*, days > 0 AND month < ${sql.raw(running)} AND (month < ${sql.raw(running)} - 31 OR ${draw("in arrears")} >= 4) AS paid
      FROM (SELECT e.*, g.day::date AS month,
          CASE WHEN ${absentIn("e", "absent", 40)} THEN 0 ELSE least(coalesce(e.ended_on, ${sql.raw(end)}), ${sql.raw(end)}) - greatest(e.started_on, g.day::date) + 1 END AS days
        FROM welfare_posts.placement e JOIN welfare_posts.welfare_post w ON w.post_id = e.post_id CROSS JOIN LATERAL ${sql.raw(monthsSql(first, last))} AS g(day)
        WHERE ${within("e.region", region)} AND NOT ${absentIn("e", "left out", 50)} AND (g.day < ${sql.raw(running)} OR ${draw("ahead")} < 20)) e) e
    ON CONFLICT (placement_id, month) DO NOTHING`.execute(tx);
}

/** Yes for so many in a hundred, no for so many more, and for the rest nobody has said. */
function mostly(draw: RawBuilder<unknown>, yes: number, no: number): RawBuilder<boolean> {
  return sql`CASE WHEN ${draw} < ${sql.lit(yes)} THEN true WHEN ${draw} < ${sql.lit(yes + no)} THEN false END`;
}

function oneOf(words: readonly string[], purpose: string): RawBuilder<string> {
  return sql`(${words}::text[])[1 + ${sql.raw(drawSql("e.person_id", purpose, words.length))}]`;
}

/** One month in so many, another one for each person; `g.day` is the month. */
function absentIn(alias: string, purpose: string, every: number): RawBuilder<boolean> {
  return sql.raw(`(${drawSql(`${alias}.person_id`, purpose, every)} + extract(month FROM g.day)::int) % ${every} = 0`);
}
