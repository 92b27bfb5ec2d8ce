import { sql, type RawBuilder } from "kysely";
import { narrow, within, type HelpSource, type Scope } from "#registry";
import type { Tx } from "../platform/db/database.ts";
import { HELP_WITHIN_DAYS, WORK_WITHIN_DAYS, type LateKind, type MonitoredStage } from "./contract.ts";

export interface StageFilter {
  readonly region?: string | undefined;
  readonly stage?: MonitoredStage | undefined;
  readonly late?: LateKind | undefined;
  readonly personId?: string;
}

export interface StoredStages {
  readonly person_id: string;
  readonly name: string;
  readonly identity_mask: string;
  readonly home_region: string;
  readonly detail: string | null;
  readonly found_on: string;
  readonly found_precision: "day" | "month" | "year";
  readonly found_source: number;
  readonly helped_on: string | null;
  readonly help_label: string | null;
  readonly help_detail: string | null;
  readonly worked_on: string | null;
  readonly employer_name: string | null;
  readonly work_source: number | null;
  readonly stage: MonitoredStage;
  readonly help_days: number | null;
  readonly work_days: number | null;
  readonly late_help: boolean;
  readonly late_work: boolean;
}

/** What a monitored person without capacity for work is spared. */
const WITHOUT_CAPACITY = ["lost", "none"];

/**
 * Every monitored person of a scope on a day, with his three stamps: 发现, when the list names him since; 帮扶, the first help given
 * since then; 就业, the first spell that was running then or began since. Set-based: one statement over whoever the scope holds.
 */
function stages(helps: readonly HelpSource[], scope: Scope, filter: StageFilter, on: string): RawBuilder<unknown> {
  const given = sql.raw(
    helps.length === 0
      ? "SELECT NULL::bigint AS person_id, NULL::date AS given_on, NULL::text AS label, NULL::text AS detail WHERE false"
      : helps
          .map(
            ({ label, rows }) => `SELECT x.person_id, x.given_on, '${label}' AS label, x.detail::text FROM (${rows}) x`,
          )
          .join(" UNION ALL "),
  );
  const person = filter.personId ? sql`AND p.person_id = ${filter.personId}` : sql``;
  return sql`
    SELECT s.*, CASE WHEN worked_on IS NOT NULL THEN 'employed' WHEN unable THEN 'unable' WHEN helped_on IS NOT NULL THEN 'helped' ELSE 'found' END AS stage,
      CASE WHEN helped_on IS NOT NULL THEN helped_on - found_on WHEN worked_on IS NULL AND NOT unable THEN ${on}::date - found_on END AS help_days,
      CASE WHEN worked_on IS NOT NULL THEN greatest(worked_on - found_on, 0) WHEN NOT unable THEN ${on}::date - found_on END AS work_days,
      worked_on IS NULL AND helped_on IS NULL AND NOT unable AND ${on}::date - found_on > ${HELP_WITHIN_DAYS}::int AS late_help,
      worked_on IS NULL AND NOT unable AND ${on}::date - found_on > ${WORK_WITHIN_DAYS}::int AS late_work
    FROM (
      WITH found AS MATERIALIZED (
        SELECT p.person_id, p.name, p.identity_mask, p.home_region, c.detail, c.valid_from AS found_on, c.valid_from_precision AS found_precision,
          coalesce((c.cell_sources ->> 'valid_from')::int, c.source) AS found_source, coalesce(p.labour_capacity = ANY (${WITHOUT_CAPACITY}::text[]), false) AS unable
        FROM registry.person_category c JOIN registry.person p USING (person_id)
        WHERE c.category = 'monitored' AND c.valid_from <= ${on}::date AND (c.valid_to IS NULL OR c.valid_to >= ${on}::date) AND p.life_state = 'active'
          AND ${within("p.home_region", narrow(scope, filter.region))} AND ${within("c.home_region", narrow(scope, filter.region))} ${person}),
      helped AS MATERIALIZED (SELECT DISTINCT ON (f.person_id) f.person_id, g.given_on AS helped_on, g.label AS help_label, g.detail AS help_detail
        FROM found f JOIN (${given}) g ON g.person_id = f.person_id AND g.given_on BETWEEN f.found_on AND ${on}::date ORDER BY f.person_id, g.given_on)
      SELECT f.*, helped_on, help_label, help_detail, worked_on, employer_name, work_source
      FROM found f LEFT JOIN helped USING (person_id)
        LEFT JOIN LATERAL (SELECT e.start_date AS worked_on, e.employer_name, e.source AS work_source FROM registry.employment e
          WHERE e.person_id = f.person_id AND coalesce(e.end_date, 'infinity') >= f.found_on AND e.start_date <= ${on}::date
          ORDER BY e.start_date LIMIT 1) w ON true) s`;
}

function matching({ stage, late }: StageFilter): RawBuilder<boolean> {
  const conditions = [
    sql`true`,
    ...(stage ? [sql`t.stage = ${stage}`] : []),
    ...(late === "help" ? [sql`t.late_help`] : []),
    ...(late === "work" ? [sql`t.late_work`] : []),
  ];
  return sql<boolean>`${sql.join(conditions, sql` AND `)}`;
}

const IN_ORDER = sql`t.late_help DESC, t.late_work DESC, t.found_on, t.person_id`;

/** All of the list, to be read in pieces. */
export function allStages(
  helps: readonly HelpSource[],
  scope: Scope,
  filter: StageFilter,
  on: string,
): RawBuilder<StoredStages> {
  return sql<StoredStages>`SELECT t.* FROM (${stages(helps, scope, filter, on)}) t WHERE ${matching(filter)} ORDER BY ${IN_ORDER}`;
}

/** The latest first: whoever waits longest for work, then whoever waits longest for help. */
export async function listStages(
  tx: Tx,
  helps: readonly HelpSource[],
  scope: Scope,
  filter: StageFilter,
  on: string,
  page: { page: number; size: number },
): Promise<{ rows: StoredStages[]; total: number }> {
  const from = stages(helps, scope, filter, on);
  const { rows } = await sql<StoredStages & { total: string }>`
    SELECT t.*, count(*) OVER () AS total FROM (${from}) t WHERE ${matching(filter)}
    ORDER BY ${IN_ORDER} LIMIT ${page.size} OFFSET ${(page.page - 1) * page.size}`.execute(tx);
  return { rows, total: Number(rows[0]?.total ?? 0) };
}

export interface StageCounts {
  readonly region: string;
  readonly total: number;
  readonly found: number;
  readonly helped: number;
  readonly employed: number;
  readonly unable: number;
  readonly lateHelp: number;
  readonly lateWork: number;
}

export async function countStages(
  tx: Tx,
  helps: readonly HelpSource[],
  scope: Scope,
  region: string | undefined,
  on: string,
  digits: number,
): Promise<StageCounts[]> {
  const at = (stage: MonitoredStage) => sql`count(*) FILTER (WHERE t.stage = ${stage})::int`;
  const { rows } = await sql<StageCounts>`
    SELECT left(t.home_region, ${digits}::int) AS region, count(*)::int AS total, ${at("found")} AS found, ${at("helped")} AS helped, ${at("employed")} AS employed, ${at("unable")} AS unable,
      count(*) FILTER (WHERE t.late_help)::int AS "lateHelp", count(*) FILTER (WHERE t.late_work)::int AS "lateWork"
    FROM (${stages(helps, scope, { region }, on)}) t GROUP BY 1 ORDER BY "lateHelp" DESC, "lateWork" DESC, 1`.execute(
    tx,
  );
  return rows;
}
