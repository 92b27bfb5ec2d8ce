import { judgeRows, type CheckCount, type LoadedCheck, type ScreeningScope } from "#policy";
import { runnerOf, type Db, type SqlRunner } from "../../platform/db/database.ts";
import { dueOn } from "../../platform/dates/workdays.ts";
import { locks } from "../../platform/db/locks.ts";

/** Digits of a division's code at the level whose office holds a case. */
const LEVEL_DIGITS = { 省: 2, 市: 4, 县: 6, 乡镇: 9 } as const;
const CHECKER = "系统核查";
const quoted = (text: string): string => `'${text.replaceAll("'", "''")}'`;

/** Findings that the scope covers: what lies outside it was not asked about. */
function coveredSql(scope: ScreeningScope): string {
  switch (scope.kind) {
    case "whole":
      return "true";
    case "region":
      return `starts_with(o.region, ${quoted(scope.region)})`;
    case "persons":
      return `o.person_id IN (SELECT person_id FROM ${scope.table})`;
  }
}

/** What was found, `f`, is what was found before, `o`. Most keys are the person alone: both parts are needed to look it up. */
const SAME = "f.subject_key = o.subject_key AND coalesce(f.person_id, 0) = coalesce(o.person_id, 0)";

export interface CheckRun {
  readonly scope: ScreeningScope;
  readonly asOf: string;
}

/**
 * Asks one check over a scope and brings the findings in line with the answer, in one transaction: what is new is opened once, what is found
 * again keeps its case, what is not found any more closes by itself unless a person has decided on it, and what comes back is opened
 * again. Set by set; no finding is looked at by itself.
 */
export async function runCheck(db: Db, check: LoadedCheck, request: CheckRun): Promise<readonly CheckCount[]> {
  const { rule, version } = check;
  if (!rule) return [];
  return db.transaction().execute(async (tx) => {
    const run = runnerOf(tx);
    await run.query("SET LOCAL work_mem = '128MB'");
    await run.query(`SELECT pg_advisory_xact_lock(${locks.checking}, ${Number(version.version_id) % 2_147_483_647})`);
    const counts = await judgeRows(run, rule, request);
    await bringInLine(run, check, request);
    if (request.scope.kind !== "persons") await keepTally(run, version.path, request);
    return counts;
  });
}

async function bringInLine(
  run: SqlRunner,
  { definition, version }: LoadedCheck,
  { scope, asOf }: CheckRun,
): Promise<void> {
  const path = quoted(version.path);
  const day = `${quoted(asOf)}::date`;
  const due = `${quoted(dueOn(asOf, definition.case.within, definition.case.unit))}::date`;
  const event = (
    act: string,
    note: string,
  ) => `INSERT INTO oversight.finding_event (finding_id, region, act, state, officer_name, note, business_date)
    SELECT finding_id, region, '${act}', state, '${CHECKER}', ${quoted(note)}, ${day} FROM moved`;
  // Found again: what a person has decided on, or what had gone, comes back only where something new has happened since.
  await run.query(`WITH moved AS (
      UPDATE oversight.finding n SET version_id = ${version.version_id}, severity = '${definition.severity}', outcome = f.outcome, region = f.region, person_id = f.person_id,
        facts = f.facts, rows = f.rows, first_event_on = f.first_event_on, event_on = f.event_on, seen_on = ${day}, holds = true,
        state = CASE WHEN b.back THEN 'found' ELSE n.state END, due_on = CASE WHEN b.back THEN ${due} ELSE n.due_on END,
        closed_on = CASE WHEN b.back THEN NULL ELSE n.closed_on END, closing = CASE WHEN b.back THEN NULL ELSE n.closing END,
        decision = CASE WHEN b.back THEN NULL ELSE n.decision END, decided_by_name = CASE WHEN b.back THEN NULL ELSE n.decided_by_name END,
        decided_on = CASE WHEN b.back THEN NULL ELSE n.decided_on END, officer_id = CASE WHEN b.back THEN NULL ELSE n.officer_id END,
        officer_name = CASE WHEN b.back THEN NULL ELSE n.officer_name END, lock = n.lock + CASE WHEN b.back THEN 1 ELSE 0 END
      FROM found f JOIN oversight.finding o ON o.rule_path = ${path} AND ${SAME}
      CROSS JOIN LATERAL (SELECT (o.closing = 'cleared' AND o.decision IS NULL) IS TRUE
        OR o.state IN ('decided', 'closed') AND (f.event_on > o.event_on AND f.rows > o.rows) IS TRUE AS back) b
      WHERE n.finding_id = o.finding_id AND (o.seen_on, o.facts, o.rows, o.holds, o.outcome) IS DISTINCT FROM (${day}, f.facts, f.rows::int, true, f.outcome)
      RETURNING n.finding_id, n.region, n.state, b.back),
    reopened AS (SELECT * FROM moved WHERE back)
    ${event("reappear", "核查又查出此疑点，或出现了新的情况，重新待分派。").replace("FROM moved", "FROM reopened")}`);
  await run.query(`WITH moved AS (
      INSERT INTO oversight.finding (rule_path, version_id, severity, subject_key, region, person_id, outcome, facts, rows, first_event_on, event_on,
        found_on, seen_on, state, due_on, office_region, department)
      SELECT ${path}, ${version.version_id}, '${definition.severity}', f.subject_key, f.region, f.person_id, f.outcome, f.facts, f.rows, f.first_event_on, f.event_on,
        ${day}, ${day}, 'found', ${due}, left(f.region, ${LEVEL_DIGITS[definition.case.level]}), ${quoted(definition.case.owner)}
      FROM found f WHERE NOT EXISTS (SELECT 1 FROM oversight.finding o WHERE o.rule_path = ${path} AND ${SAME})
      RETURNING finding_id, region, state)
    ${event("found", "核查查出。")}`);
  // Not found any more: the case of whoever was still looking into it has nothing left.
  await run.query(`WITH moved AS (
      UPDATE oversight.finding o SET holds = false, lock = lock + 1,
        state = CASE WHEN o.state IN ('found', 'assigned', 'heard') THEN 'closed' ELSE o.state END,
        closing = CASE WHEN o.state IN ('found', 'assigned', 'heard') THEN 'cleared' ELSE o.closing END,
        closed_on = CASE WHEN o.state IN ('found', 'assigned', 'heard') THEN ${day} ELSE o.closed_on END
      WHERE o.rule_path = ${path} AND o.holds AND ${coveredSql(scope)} AND NOT EXISTS (SELECT 1 FROM found f WHERE ${SAME})
      RETURNING finding_id, region, state)
    ${event("clear", "数据已变，按同一规则核查不再成立。")}`);
}

async function keepTally(run: SqlRunner, rulePath: string, { scope, asOf }: CheckRun): Promise<void> {
  const within = scope.kind === "region" ? `AND starts_with(county, ${quoted(scope.region)})` : "";
  await run.query(`DELETE FROM oversight.tally WHERE rule_path = ${quoted(rulePath)} ${within}`);
  await run.query(`INSERT INTO oversight.tally (rule_path, county, outcome, rows, as_of)
    SELECT ${quoted(rulePath)}, county, outcome, rows, ${quoted(asOf)} FROM judged_count`);
}
