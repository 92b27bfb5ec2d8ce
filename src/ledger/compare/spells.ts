import type { FieldAuthority } from "#registry";
import type { LedgerKindDefinition } from "../kinds/kind.ts";
import { sameKindSql } from "./person-columns.ts";
import { NO_CELLS } from "./sql.ts";

/**
 * SQL joins of candidate `c` with what is held of its person's work: `same`, the spell at the same employer that the claim speaks
 * of; `o`, the open one; `past`, an ended one elsewhere in the time of the claim; `b`, how many there are and when the last one ended.
 */
export function spellJoins(definition: LedgerKindDefinition): string {
  if (!definition.spell) return "";
  const of = "FROM registry.employment e WHERE e.person_id = c.person_id";
  return `
      LEFT JOIN LATERAL (SELECT e AS spell ${of} AND e.employer_key = c.employer_key AND c.start_date IS NOT NULL
        AND (e.start_date = c.start_date OR (e.start_date <= coalesce(c.end_date, 'infinity') AND coalesce(e.end_date, 'infinity') >= c.start_date))
        ORDER BY e.start_date = c.start_date DESC, e.start_date DESC LIMIT 1) same ON true
      LEFT JOIN LATERAL (SELECT e AS spell ${of} AND e.end_date IS NULL AND ${sameKindSql(definition, "e")} ORDER BY e.start_date DESC LIMIT 1) o ON true
      LEFT JOIN LATERAL (SELECT e AS spell ${of} AND e.employer_key <> c.employer_key AND e.end_date IS NOT NULL AND ${sameKindSql(definition, "e")}
        AND ${latestStart("c.start_date", "c.start_precision")} <= ${earliestEnd("e.end_date", "e.end_precision")}
        AND ${earliestEnd("c.end_date", "c.end_precision")} >= ${latestStart("e.start_date", "e.start_precision")}
        ORDER BY e.start_date DESC LIMIT 1) past ON true
      LEFT JOIN LATERAL (SELECT max(e.end_date) AS last_end, count(*) AS spells ${of} AND ${sameKindSql(definition, "e")}) b ON true`;
}

/**
 * none · create · update · rename (same start, other employer: a correction) · switch (ends the open spell the day before) ·
 * past (a closed spell before the open one) · overlap · stop (said to be idle, but without an end).
 * Starts known to the month are the same when they may be.
 */
export function spellAct(definition: LedgerKindDefinition): string {
  if (!definition.spell) return "'none'::text";
  const openStart = "(o.spell).start_date";
  return `CASE WHEN c.start_date IS NULL AND NOT c.working AND (o.spell).employment_id IS NOT NULL THEN 'stop'
        WHEN c.start_date IS NULL THEN 'none'
        -- An ended spell that is to go on, or to go on longer, must not run into the one that followed it.
        WHEN (same.spell).employment_id <> (o.spell).employment_id AND coalesce(c.end_date, 'infinity') > (same.spell).end_date AND coalesce(c.end_date, 'infinity') >= ${openStart} THEN 'overlap'
        WHEN (same.spell).employment_id IS NOT NULL THEN 'update'
        WHEN ${openStart} = c.start_date OR (c.start_precision = 'month' AND date_trunc('month', ${openStart}) = c.start_date)
          OR ((o.spell).start_precision = 'month' AND date_trunc('month', c.start_date) = ${openStart}) THEN 'rename'
        WHEN (past.spell).employment_id IS NOT NULL THEN 'overlap'
        WHEN (o.spell).employment_id IS NULL THEN 'create'
        WHEN ${openStart} < c.start_date THEN 'switch'
        WHEN c.end_date < ${openStart} THEN 'past'
        ELSE 'overlap' END`;
}

/** Ending the open spell contradicts a source that is believed before this one, e.g. running insurance. */
export function switchDisputed(definition: LedgerKindDefinition, source: number, authority: FieldAuthority): string {
  if (!definition.spell) return "false";
  const ranks = Array.from({ length: 32 }, (_, index) => authority.rank("employment", "end_date", index + 1));
  return `(sa.spell_act = 'switch' AND (ARRAY[${ranks.join(",")}])[coalesce(((o.spell).cell_sources->>'end_date')::int, (o.spell).source)] < ${authority.rank("employment", "end_date", source)})`;
}

/** SQL: the claim in the words of `spellSummary`. */
export function claimedSpell(row: string): string {
  return `concat_ws('|', ${row}.start_date::text, coalesce(${row}.end_date::text, ''), coalesce(${row}.work_region, ''), ${row}.employer_name)`;
}

/** What the reader sees when a whole spell begins: `start|end|region|employer`, the screen makes words of it. */
export function spellSummary(definition: LedgerKindDefinition): string {
  if (!definition.spell) return NO_CELLS;
  return `CASE WHEN sa.spell_act IN ('create', 'switch', 'past', 'overlap') THEN jsonb_build_array(jsonb_build_object('entity', 'employment', 'field', 'spell',
      'held', CASE WHEN sa.spell_act = 'overlap' AND (past.spell).employment_id IS NOT NULL THEN concat_ws('|', (past.spell).start_date::text, (past.spell).end_date::text, coalesce((past.spell).work_region, ''), (past.spell).employer_name)
                   WHEN sa.spell_act IN ('switch', 'overlap') THEN concat_ws('|', (o.spell).start_date::text, '', coalesce((o.spell).work_region, ''), (o.spell).employer_name)
                   WHEN b.last_end IS NOT NULL THEN '|' || b.last_end::text || '||' END,
      'claimed', ${claimedSpell("c")}, 'source', (o.spell).source,
      'act', CASE WHEN a.spell_disputed OR sa.spell_act = 'overlap' THEN 'task' ELSE 'adopt' END))
    WHEN sa.spell_act = 'stop' THEN jsonb_build_array(jsonb_build_object('entity', 'employment', 'field', 'end_date', 'held', 'ongoing', 'claimed', NULL, 'source', (o.spell).source, 'act', 'task'))
    ELSE ${NO_CELLS} END`;
}

/**
 * Correcting or reopening a spell must not turn it round, nor make it overlap another one at that employer: the constraints
 * would stop the batch. Nor may it begin to overlap a spell elsewhere, by all that their precision lets one say.
 */
export function clashSql(definition: LedgerKindDefinition): string {
  const next = (field: string, column = field) =>
    `CASE WHEN '${field}' = ANY(a.spell_adopt) THEN c.${column} ELSE e.${column} END`;
  const [start, end] = [next("start_date"), `coalesce(${next("end_date")}, 'infinity')`];
  const [surelyFrom, surelyTo] = [
    latestStart(start, next("start_date", "start_precision")),
    earliestEnd(next("end_date"), next("end_date", "end_precision")),
  ];
  return `(sa.spell_act IN ('update', 'rename') AND a.spell_adopt && ARRAY['start_date', 'end_date', 'employer_name'] AND (${end} < ${start} OR EXISTS (SELECT 1 FROM registry.employment x
      WHERE x.person_id = c.person_id AND x.employment_id <> e.employment_id AND CASE WHEN x.employer_key = ${next("employer_name", "employer_key")}
        THEN x.start_date <= ${end} AND coalesce(x.end_date, 'infinity') >= ${start}
        ELSE ${sameKindSql(definition, "x")} AND ${latestStart("x.start_date", "x.start_precision")} <= ${surelyTo} AND ${earliestEnd("x.end_date", "x.end_precision")} >= ${surelyFrom}
          AND NOT (x.start_date <= coalesce(e.end_date, 'infinity') AND coalesce(x.end_date, 'infinity') >= e.start_date) END)))`;
}

/** SQL: the last day on which a spell may have begun, the first on which it may have ended: a month is some day of it. */
function latestStart(date: string, precision: string): string {
  return `CASE WHEN ${precision} = 'month' THEN (${date} + interval '1 month' - interval '1 day')::date ELSE ${date} END`;
}

function earliestEnd(date: string, precision: string): string {
  return `coalesce(CASE WHEN ${precision} = 'month' THEN date_trunc('month', ${date})::date ELSE ${date} END, 'infinity')`;
}
