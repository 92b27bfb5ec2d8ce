import { sql, type RawBuilder } from "kysely";
import { continuousSpellsSql, drawSql, within, type SyntheticScope } from "#registry";
import type { Tx } from "../platform/db/database.ts";
import { monthOfSql, monthsSql } from "../platform/db/months.ts";

/** Months of rent on record before the running one. */
const MONTHS_REPORTED = 12;
/** Days back within which loans were applied for: last year's lie outside a plan of one year (AMB-43). A few were when 2021's was in force. */
const LOAN_DAYS = 300;
const LONG_AGO_DAYS = 1270;
const DAYS_TO_JUDGE = 45;

/**
 * Fills the registers of businesses founded: whoever the ledgers say founded one did; some of them rent in a park or borrow, small
 * firms of the county too; three incubators a county. Shares are estimates (README). A second run adds nothing.
 */
export async function synthesizeStartups(tx: Tx, scope: SyntheticScope): Promise<void> {
  await entities(tx, scope);
  await incubators(tx, scope);
  await parks(tx, scope);
  await loans(tx, scope);
}

const dayOf = ({ asOf }: SyntheticScope): RawBuilder<string> => sql.raw(`DATE '${asOf}'`);
const draw = (id: string, purpose: string, below = 100) => sql.raw(drawSql(id, purpose, below));
const mostly = (drawn: RawBuilder<unknown>, yes: number, no: number): RawBuilder<boolean> =>
  sql`CASE WHEN ${drawn} < ${sql.lit(yes)} THEN true WHEN ${drawn} < ${sql.lit(yes + no)} THEN false END`;
const countiesIn = (region: string): RawBuilder<unknown> =>
  sql`SELECT DISTINCT left(p.home_region, 6) AS county FROM registry.person p WHERE ${within("p.home_region", region)} AND length(p.home_region) >= 6`;

async function entities(tx: Tx, scope: SyntheticScope): Promise<void> {
  const day = dayOf(scope);
  const spells = `SELECT person_id, employer_key, employment_id, start_date, end_date, work_region FROM registry.employment
    WHERE form = 'startup' AND home_region >= '${scope.region}' AND home_region < '${scope.region}:' AND length(home_region) >= 6`;
  await sql`
    INSERT INTO startups.entity (code, name, person_id, county, entity_kind, registered_on, closed_on, first_founded, operating, returnee, region, recorded_on)
    SELECT e.county || '-CY-' || lpad(e.serial::text, 6, '0'), e.name || '的' || CASE WHEN e.kind < 70 THEN '个体经营' ELSE '公司' END, e.person_id, e.county,
      CASE WHEN e.kind < 70 THEN '个体工商户' WHEN e.kind < 95 THEN '小微企业' ELSE '其他企业' END, e.started_on, e.ended_on,
      ${mostly(draw("e.person_id", "first"), 88, 8)}, CASE WHEN e.ended_on IS NOT NULL THEN false ELSE ${mostly(draw("e.person_id", "operating"), 90, 5)} END,
      ${mostly(draw("e.person_id", "returnee"), 45, 50)}, e.county, ${day}
    FROM (SELECT s.*, p.name, left(p.home_region, 6) AS county, ${draw("s.person_id", "entity kind")} AS kind,
        row_number() OVER (PARTITION BY left(p.home_region, 6) ORDER BY s.person_id, s.started_on) AS serial
      FROM (${sql.raw(continuousSpellsSql({ spells, by: ["person_id", "employer_key"] }))}) s JOIN registry.person p ON p.person_id = s.person_id
      WHERE s.started_on <= ${day}) e
    ON CONFLICT (code) DO NOTHING`.execute(tx);
}

/** One that has long been recognised, one only after last year's selection, and one of which nobody has said. */
async function incubators(tx: Tx, scope: SyntheticScope): Promise<void> {
  const day = dayOf(scope);
  await sql`
    INSERT INTO startups.incubator (code, name, county, recognised_on, region, recorded_on)
    SELECT c.county || '-FH-' || k, coalesce(r.name, '') || word || '创业孵化基地', c.county, made.on, c.county, ${day}
    FROM (${countiesIn(scope.region)}) c LEFT JOIN registry.region r ON r.code = c.county
    CROSS JOIN (VALUES (1, '榆禾', ${day} - 900), (2, '澧棠', ${day} - 200), (3, '岚穗', NULL)) AS made(k, word, "on")
    ON CONFLICT (code) DO NOTHING`.execute(tx);
  await sql`
    INSERT INTO startups.incubator_selection (incubator_id, selected_on, selected, brings_jobs, sets_example, succeeds, has_prospects, region, recorded_on)
    SELECT b.incubator_id, ${day} + made.days, made.selected, true, true, made.succeeds, made.selected, b.county, ${day}
    FROM startups.incubator b JOIN (VALUES (1, -400, true, true), (1, -35, true, true), (1, 25, true, true), (2, -400, true, true), (2, -35, true, NULL), (3, -400, false, true), (3, -35, true, true))
      AS made(k, days, selected, succeeds) ON b.code = b.county || '-FH-' || made.k
    WHERE ${within("b.county", scope.region)}
    ON CONFLICT (incubator_id, selected_on) DO NOTHING`.execute(tx);
}

async function parks(tx: Tx, scope: SyntheticScope): Promise<void> {
  const day = dayOf(scope);
  await sql`
    INSERT INTO startups.park (code, name, county, for_returnees, region, recorded_on)
    SELECT c.county || '-YQ-' || k, coalesce(r.name, '') || word, c.county, made.returnees, c.county, ${day}
    FROM (${countiesIn(scope.region)}) c LEFT JOIN registry.region r ON r.code = c.county
    CROSS JOIN (VALUES (1, '农民工返乡创业园', true), (2, '创业产业园', false)) AS made(k, word, returnees)
    ON CONFLICT (code) DO NOTHING`.execute(tx);
  await sql`
    INSERT INTO startups.tenancy (code, park_id, entity_id, moved_in_on, moved_out_on, region, recorded_on)
    SELECT e.code || '-RZ', k.park_id, e.entity_id, e.registered_on + ${draw("e.person_id", "moved in", 25)}, e.closed_on, e.county, ${day}
    FROM startups.entity e JOIN startups.park k ON k.code = e.county || '-YQ-' || CASE WHEN ${draw("e.person_id", "park")} < 80 THEN 1 ELSE 2 END
    WHERE ${within("e.county", scope.region)} AND ${draw("e.person_id", "tenant")} < 18 AND (e.closed_on IS NULL OR e.closed_on > e.registered_on + 25) AND e.registered_on + 25 <= ${day}
    ON CONFLICT (code) DO NOTHING`.execute(tx);
  const running = monthOfSql(`DATE '${scope.asOf}'`);
  const first = `greatest(t.moved_in_on, (${running} - interval '${MONTHS_REPORTED} months')::date)`;
  const last = `least(coalesce(t.moved_out_on, DATE '${scope.asOf}'), DATE '${scope.asOf}')`;
  await sql`
    INSERT INTO startups.tenancy_month (tenancy_id, month, rent_fen, fee_fen, charged_fen, region, recorded_on)
    SELECT t.tenancy_id, g.day::date, CASE WHEN ${draw("t.tenancy_id", "rent known")} < 95 THEN 60000 + ${draw("t.tenancy_id", "rent", 20)} * 10000 END, 10000 + ${draw("t.tenancy_id", "fee", 5)} * 2000, NULL, t.region, ${day}
    FROM startups.tenancy t CROSS JOIN LATERAL ${sql.raw(monthsSql(first, last))} AS g(day)
    WHERE ${within("t.region", scope.region)} AND g.day < ${sql.raw(running)}
    ON CONFLICT (tenancy_id, month) DO NOTHING`.execute(tx);
}

/** Whether a borrower qualifies: of the last weeks' applications nobody has judged yet. */
const judged = (id: string): RawBuilder<boolean> =>
  sql`CASE WHEN ${draw(id, "asked on", LOAN_DAYS)} >= ${sql.lit(DAYS_TO_JUDGE)} THEN ${draw(id, "qualifies")} < 88 END`;

async function loans(tx: Tx, scope: SyntheticScope): Promise<void> {
  const day = dayOf(scope);
  await sql`
    INSERT INTO startups.loan_application (code, borrower_kind, person_id, county, returnee, local_founder, partners, qualifies, requested_fen, requested_on, granted_fen, granted_on, due_on, counter_guarantee, region, recorded_on)
    SELECT l.*, CASE WHEN l.qualifies THEN requested_fen END, CASE WHEN l.qualifies THEN requested_on + 20 END, CASE WHEN l.qualifies THEN requested_on + 750 END, l.qualifies AND requested_fen > 10000000, county, ${day}
    FROM (SELECT e.code || '-DK' AS code, CASE WHEN ${draw("e.person_id", "partners")} < 75 THEN '个人' ELSE '合伙' END AS borrower_kind, e.person_id, e.county, e.returnee,
        ${mostly(draw("e.person_id", "local founder"), 20, 76)} AS local_founder,
        CASE WHEN ${draw("e.person_id", "partners")} >= 77 THEN 2 + ${draw("e.person_id", "how many", 3)} WHEN ${draw("e.person_id", "partners")} >= 75 THEN 1 END AS partners,
        ${judged("e.person_id")} AS qualifies,
        CASE WHEN ${draw("e.person_id", "partners")} < 75 THEN 4000000 + ${draw("e.person_id", "asked", 22)} * 1000000 ELSE 20000000 + ${draw("e.person_id", "asked", 22)} * 2500000 END::bigint AS requested_fen,
        CASE WHEN e.registered_on < ${day} - ${sql.lit(LONG_AGO_DAYS)} AND ${draw("e.person_id", "long ago")} < 60 THEN greatest(e.registered_on, ${day} - ${sql.lit(LONG_AGO_DAYS)} - ${draw("e.person_id", "asked on", 100)})
          ELSE ${day} - ${draw("e.person_id", "asked on", LOAN_DAYS)} END AS requested_on
      FROM startups.entity e WHERE ${within("e.county", scope.region)} AND ${draw("e.person_id", "borrows")} < 45 AND e.closed_on IS NULL) l
    WHERE requested_on + 20 <= ${day} OR NOT coalesce(qualifies, false)
    ON CONFLICT (code) DO NOTHING`.execute(tx);
  await sql`
    INSERT INTO startups.loan_application (code, borrower_kind, employer_id, county, assisted_employees, qualifies, requested_fen, requested_on, region, recorded_on)
    SELECT left(r.region, 6) || '-DQ-' || r.employer_id, '小微企业', r.employer_id, left(r.region, 6),
      CASE WHEN ${draw("r.employer_id", "employees")} < 95 THEN ${draw("r.employer_id", "employees", 12)} END, ${judged("r.employer_id")},
      (50 + ${draw("r.employer_id", "asked", 42)} * 10) * 1000000::bigint, ${day} - ${draw("r.employer_id", "asked on", LOAN_DAYS)}, left(r.region, 6), ${day}
    FROM registry.employer r WHERE ${within("r.region", scope.region)} AND r.kind = 'enterprise' AND r.size IN ('small', 'micro') AND ${draw("r.employer_id", "borrows")} < 25
    ON CONFLICT (code) DO NOTHING`.execute(tx);
}
