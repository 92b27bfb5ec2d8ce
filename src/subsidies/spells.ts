import { continuousSpellsSql } from "#registry";

/** SELECT of spells whose written employer somebody has linked to a registered one, with that one's region and kind. */
export const LINKED_SPELLS = `SELECT e.person_id, e.employment_id, e.start_date, e.end_date, e.work_region, r.employer_id, r.region, r.kind
    FROM registry.employment e JOIN registry.employer_alias n ON n.name_key = e.employer_key JOIN registry.employer r ON r.employer_id = n.employer_id`;

/**
 * SELECT of at most one row: 用工 of a person with an employer on a day, the spell without gaps (AMB-05) that covers the day, else the last
 * that began before it, else the first after it. The same text for what is claimed and for what was, as a limit compares the two.
 */
export function spellOnSql(person: string, employer: string, day: string): string {
  const spells = `SELECT e.person_id, e.employment_id, e.start_date, e.end_date, e.work_region
      FROM registry.employment e JOIN registry.employer_alias n ON n.name_key = e.employer_key WHERE e.person_id = ${person} AND n.employer_id = ${employer}`;
  return `SELECT spell.employment_id, spell.started_on, spell.ended_on FROM (${continuousSpellsSql({ spells, by: ["person_id"] })}) spell
    ORDER BY spell.started_on > ${day}, abs(spell.started_on - ${day}) LIMIT 1`;
}
