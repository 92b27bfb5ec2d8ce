import { workshopsAsOfSql } from "#carriers";
import { categoriesAsOfSql, employerNamesAsOfSql, employmentAsOfSql, LATEST, personsAsOfSql } from "#registry";
import { placedAsOfSql } from "#welfare-posts";

/** What was known: marks of the registry's and of the registers' history. */
export interface Moment {
  readonly registry: string;
  readonly registers: string;
}
export const NOW: Moment = { registry: LATEST, registers: LATEST };

const COUNTY_DIGITS = 6;

export interface MembersOptions {
  /** A county or a town. */
  readonly scope: string;
  /** The day on which it is counted, YYYY-MM-DD: a month's last. */
  readonly day: string;
  readonly moment: Moment;
}

/**
 * SQL: everybody and everything that the four indicators of the dispatch report (HN24: 聚焦脱贫人口务工规模、乡村公益性岗位安置数量、
 * 帮扶车间数量、帮扶车间吸纳脱贫劳动力数量) count on a day, one row each: indicator, subject (person or workshop), region, lifted,
 * monitored, low_income. People count where they are at home, workshops and whom they employ where the workshop is.
 *
 * workers: 脱贫人口（含监测对象） with a spell of work that covers the day, of whatever form. posts: whoever holds a welfare post by
 * the monthly roster or by the register of placements, once. absorbed: 脱贫人口（含监测对象） whose spell is with the employer that runs a
 * workshop; of several in the county the one he began in last, so that towns add up to the county.
 */
export function membersSql({ scope, day, moment }: MembersOptions): string {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(day) || !/^(\d{6}|\d{9})$/.test(scope)) throw new Error(`${scope} ${day}`);
  const on = `DATE '${day}'`;
  const covers = `e.start_date <= ${on} AND (e.end_date IS NULL OR e.end_date >= ${on})`;
  const inside = (column: string, code: string) => `(${column} >= '${code}' AND ${column} < '${code}:')`;
  const county = scope.slice(0, COUNTY_DIGITS);
  const groups = (
    rows: string,
  ) => `(SELECT c.person_id, bool_or(c.category IN ('lifted-from-poverty', 'lifted-with-policy')) AS lifted,
      bool_or(c.category = 'monitored') AS monitored, bool_or(c.category = 'rural-low-income') AS low_income
    FROM ${rows} c WHERE c.valid_from <= ${on} AND (c.valid_to IS NULL OR c.valid_to >= ${on})
      AND c.category IN ('lifted-from-poverty', 'lifted-with-policy', 'monitored', 'rural-low-income') GROUP BY c.person_id)`;
  const workshops = workshopsAsOfSql(moment.registers, on);
  return `SELECT i.indicator, s.person_id AS subject, s.home_region AS region, s.lifted, s.monitored, s.low_income
    FROM (
      SELECT p.person_id, p.home_region, w.person_id IS NOT NULL AS working, coalesce(w.post, false) OR h.person_id IS NOT NULL AS post,
        coalesce(g.lifted, false) AS lifted, coalesce(g.monitored, false) AS monitored, coalesce(g.low_income, false) AS low_income
      FROM ${personsAsOfSql(moment.registry, scope)} p
      LEFT JOIN (SELECT e.person_id, bool_or(e.form = 'welfare-post') AS post FROM ${employmentAsOfSql(moment.registry, scope)} e WHERE ${covers} GROUP BY e.person_id) w ON w.person_id = p.person_id
      LEFT JOIN (SELECT DISTINCT person_id FROM ${placedAsOfSql(moment.registers, on)} placed) h ON h.person_id = p.person_id
      LEFT JOIN ${groups(categoriesAsOfSql(moment.registry, scope))} g ON g.person_id = p.person_id
      WHERE p.life_state = 'active' AND ${inside("p.home_region", scope)} AND (w.person_id IS NOT NULL OR h.person_id IS NOT NULL)
    ) s
    CROSS JOIN LATERAL (VALUES ('workers', s.working AND (s.lifted OR s.monitored)), ('posts', s.post)) AS i(indicator, counts)
    WHERE i.counts
    UNION ALL
    SELECT 'workshops', k.carrier_id, k.region, false, false, false FROM ${workshops} k WHERE ${inside("k.region", scope)}
    UNION ALL
    SELECT 'absorbed', a.person_id, a.region, coalesce(g.lifted, false), coalesce(g.monitored, false), coalesce(g.low_income, false)
    FROM (
      SELECT DISTINCT ON (e.person_id) e.person_id, k.region
      FROM ${workshops} k JOIN ${employerNamesAsOfSql(moment.registry)} n ON n.employer_id = k.employer_id
        JOIN ${employmentAsOfSql(moment.registry, "")} e ON e.employer_key = n.name_key
      WHERE ${inside("k.region", county)} AND ${covers} ORDER BY e.person_id, e.start_date DESC, k.carrier_id
    ) a
    JOIN ${personsAsOfSql(moment.registry, "")} p ON p.person_id = a.person_id AND p.life_state = 'active'
    JOIN ${groups(categoriesAsOfSql(moment.registry, ""))} g ON g.person_id = a.person_id
    WHERE ${inside("a.region", scope)} AND (g.lifted OR g.monitored)`;
}
