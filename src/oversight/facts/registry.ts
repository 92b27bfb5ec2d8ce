import type { FactSource } from "#kernel/contract";
import { MONITORED_STAGES, SUSPECTED_DUPLICATES } from "#policy";
import { countySql, type HelpSource } from "#registry";

/** Of pairs judged or still to be judged, each record beside its own county; what was withdrawn says nothing any more. */
const suspectedDuplicates = `SELECT s.pair_id, s.person_id, ${countySql("s.region")} AS home_county, s.band = 'likely' AS likely, s.score::bigint AS score, s.raised_on, s.due_on,
  s.state <> 'open' AS settled, s.region AS row_region, s.person_id AS row_person
FROM (SELECT d.pair_id, d.band, d.score, d.raised_on, d.due_on, d.state, p.person_id, p.home_region AS region
  FROM duplicates.pair d JOIN duplicates.side e ON e.pair_id = d.pair_id JOIN registry.person p ON p.person_id = e.person_id
  WHERE d.kind = 'duplicate' AND d.state <> 'withdrawn') s
WHERE {{scope}}`;

/** The days of the list 监测对象 (src/monitored): the first help and the first work since the person was found. */
const monitoredStages = (
  helps: readonly HelpSource[],
) => `SELECT s.person_id, ${countySql("s.region")} AS home_county, s.valid_from AS found_on,
  (SELECT min(g.given_on) FROM (${helps.map(({ rows }) => `SELECT x.person_id, x.given_on FROM (${rows}) x`).join(" UNION ALL ")}) g
    WHERE g.person_id = s.person_id AND g.given_on BETWEEN s.valid_from AND {{as_of}}) AS helped_on,
  (SELECT min(e.start_date) FROM registry.employment e
    WHERE e.person_id = s.person_id AND coalesce(e.end_date, 'infinity') >= s.valid_from AND e.start_date <= {{as_of}}) AS worked_on,
  coalesce(s.labour_capacity IN ('lost', 'none'), false) AS unable, s.region AS row_region, s.person_id AS row_person
FROM (SELECT c.person_id, c.valid_from, p.labour_capacity, p.home_region AS region FROM registry.person_category c JOIN registry.person p ON p.person_id = c.person_id
  WHERE c.category = 'monitored' AND c.valid_from <= {{as_of}} AND (c.valid_to IS NULL OR c.valid_to >= {{as_of}}) AND p.life_state = 'active') s
WHERE {{scope}}`;

export const registryFacts = (helps: readonly HelpSource[]): readonly FactSource[] => [
  { ...SUSPECTED_DUPLICATES, sql: suspectedDuplicates },
  { ...MONITORED_STAGES, sql: monitoredStages(helps) },
];
