import type { FactSource } from "#kernel/contract";
import { WORKSHOP_ABSORPTIONS } from "#policy";
import { continuousSpellsSql, countySql, personFactsSql } from "#registry";

const isWorkshop = (carrier: string) => `${carrier}.kind IN ('帮扶车间', '乡村就业工厂')`;
const liesWhereWorkIs = (carrier: string) => `left(e.work_region, 6) IS NOT DISTINCT FROM left(${carrier}.county, 6)`;

/**
 * Work in a workshop is the registry's spells with the employer that runs it. One that runs several is taken for the one in the county
 * of the work, else the first on record: a spell must not earn two awards.
 */
const SPELLS = `SELECT s.* FROM (
      SELECT e.person_id, e.employment_id, e.start_date, e.end_date, e.work_region, c.carrier_id, c.county AS region
      FROM carriers.carrier c JOIN registry.employer_alias n ON n.employer_id = c.employer_id JOIN registry.employment e ON e.employer_key = n.name_key
      WHERE ${isWorkshop("c")} AND NOT EXISTS (
        SELECT 1 FROM carriers.carrier o WHERE o.employer_id = c.employer_id AND ${isWorkshop("o")}
          AND (${liesWhereWorkIs("o")}, -o.carrier_id) > (${liesWhereWorkIs("c")}, -c.carrier_id))
    ) s WHERE {{scope}}`;

/** Times without a gap in which a workshop was recognised, by whatever level: merged as spells are. */
const RECOGNISED = continuousSpellsSql({
  spells:
    "SELECT carrier_id, recognition_id AS employment_id, recognised_on AS start_date, recognised_to AS end_date, NULL::text AS work_region FROM carriers.recognition",
  by: ["carrier_id"],
});

/**
 * A row for each calendar year that a spell without gaps reaches into (AMB-05, AMB-16), up to the business date's. What belongs to the
 * spell is settled once, behind the fence (OFFSET 0), and not again for each year. The recognition is the one that has begun when the six
 * months of that year are full, else the first to come.
 */
const absorptions = `SELECT work.employment_id, work.person_id, work.carrier_id AS workshop_id, ${countySql("c.county")} AS workshop_county, c.township AS workshop_township,
  rec.started_on AS recognised_on, rec.ended_on AS recognised_to, g.day::date AS year_from, work.started_on, work.ended_on,
  ${countySql("c.county")} AS row_region, work.person_id AS row_person,
  work.home_county, work.home_township, work.residence_county, work.residence_township, work.lifted_from_poverty, work.monitored
FROM (
  SELECT spell.*, ${personFactsSql({
    person: "p",
    on: "spell.started_on",
    fields: [
      "home_county",
      "home_township",
      "residence_county",
      "residence_township",
      "lifted_from_poverty",
      "monitored",
    ],
  })}
  FROM (${continuousSpellsSql({ spells: SPELLS, by: ["person_id", "carrier_id"] })}) spell
  JOIN registry.person p ON p.person_id = spell.person_id OFFSET 0
) work
JOIN carriers.carrier c ON c.carrier_id = work.carrier_id
CROSS JOIN LATERAL generate_series(date_trunc('year', work.started_on::timestamp), least(coalesce(work.ended_on, {{as_of}}), {{as_of}})::timestamp, interval '1 year') AS g(day)
LEFT JOIN (
  SELECT span.*, row_number() OVER spans AS turn, lead(span.started_on) OVER spans AS next_on
  FROM (${RECOGNISED}) span WINDOW spans AS (PARTITION BY span.carrier_id ORDER BY span.started_on)
) rec ON rec.carrier_id = work.carrier_id
  AND (rec.turn = 1 OR rec.started_on <= greatest(work.started_on, g.day) + interval '6 months')
  AND (rec.next_on IS NULL OR rec.next_on > greatest(work.started_on, g.day) + interval '6 months')`;

export const workshopAbsorptions: FactSource = { ...WORKSHOP_ABSORPTIONS, sql: absorptions };
