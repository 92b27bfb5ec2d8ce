import { within, type Scope } from "#registry";
import { sql } from "kysely";
import type { Tx } from "../../platform/db/database.ts";
import type { z } from "zod";
import type { previewApply } from "../contract.ts";
import type { BatchRow } from "../store.ts";

type Preview = z.output<(typeof previewApply)["output"]>;

/**
 * What applying would change with the decisions as they stand, from the differences in `scope` alone. Of conflicts nothing is adopted
 * but of X2 what is not in dispute. Who is at work afterwards follows from the spells that begin, end or go on.
 */
export async function previewApplyOf(tx: Tx, scope: Scope, batch: BatchRow): Promise<Preview> {
  const result = await sql<Record<string, string>>`
    WITH d AS (SELECT d.*, d.decision <> 'leave' AS taken, d.decision <> 'leave' AND d.reason NOT IN ('X1', 'X3', 'X4', 'X5', 'X6') AS written FROM ledger.difference d WHERE d.batch_id = ${batch.batch_id} AND ${within("d.home_region", scope)}),
      c AS (SELECT d.difference_id, d.person_id, d.kind, cell->>'field' AS field, cell->>'held' AS held, cell->>'claimed' AS claimed, (cell->>'created')::boolean IS TRUE AS created
            FROM d CROSS JOIN LATERAL jsonb_array_elements(d.cells) AS cell WHERE d.written AND cell->>'act' = 'adopt'
            UNION ALL SELECT difference_id, person_id, kind, 'spell', NULL, new_spell, false FROM d WHERE written AND new_spell IS NOT NULL),
      cell AS (SELECT * FROM c WHERE kind <> 'vanished' AND field NOT IN ('spell', 'new') AND NOT created),
      spell AS (SELECT person_id, CASE field WHEN 'spell' THEN split_part(claimed, '|', 1)::date END AS start_date,
              CASE WHEN field = 'spell' THEN nullif(split_part(claimed, '|', 2), '') WHEN claimed ~ '^\\d{4}-\\d{2}$' THEN claimed || '-01' ELSE nullif(claimed, 'ongoing') END::date AS end_date
            FROM c WHERE field = 'spell' OR (field = 'end_date' AND kind <> 'vanished' AND 'ongoing' IN (held, claimed))),
      state AS (SELECT p.person_id, p.work_state = 'working' AS was, s.end_date IS NULL OR s.end_date > ${batch.business_date} OR EXISTS (SELECT 1 FROM registry.employment e WHERE e.person_id = s.person_id AND e.end_date IS NULL
                AND (e.start_date > s.start_date OR (e.form IS NOT DISTINCT FROM 'welfare-post') <> ${batch.kind === "post-roster"})) AS still
              FROM spell s LEFT JOIN registry.person p USING (person_id)
            UNION ALL SELECT d.person_id, p.work_state = 'working', CASE WHEN d.kind = 'vanished' THEN p.work_state = 'working' AND d.reason <> 'V1'
                ELSE EXISTS (SELECT 1 FROM registry.employment e WHERE e.person_id = d.person_id AND e.end_date IS NULL) END
              FROM d JOIN registry.person p USING (person_id) WHERE d.written AND d.kind IN ('vanished', 'returned') AND NOT EXISTS (SELECT 1 FROM spell s WHERE s.person_id = d.person_id))
    SELECT
      (SELECT count(*) FROM d WHERE taken AND kind <> 'conflicting') AS places,
      (SELECT count(*) FROM d WHERE written AND new_person) AS "newPersons",
      (SELECT count(*) FROM c WHERE field = 'spell') + (SELECT count(DISTINCT difference_id) FROM c WHERE created) AS "newRecords",
      (SELECT count(*) FROM cell) AS "changedCells",
      (SELECT count(DISTINCT person_id) FROM cell) AS "changedPersons",
      (SELECT count(*) FROM d WHERE taken AND kind = 'returned') AS resumed,
      (SELECT count(*) FROM d WHERE taken AND kind = 'moved') AS moved,
      (SELECT count(*) FROM d WHERE taken AND kind = 'vanished') AS "toVerify",
      (SELECT count(*) FROM d WHERE taken AND kind = 'conflicting') AS tasks,
      (SELECT count(*) FROM d WHERE NOT taken) AS "left",
      (SELECT count(*) FROM registry.person p WHERE p.work_state = 'working' AND ${within("p.home_region", scope)} AND EXISTS (SELECT 1 FROM unnest(${batch.coverage}::text[]) r WHERE p.home_region >= r AND p.home_region < r || ':')) AS "workingBefore",
      (SELECT count(*) FILTER (WHERE still AND was IS NOT TRUE) - count(*) FILTER (WHERE was AND still IS NOT TRUE) FROM state) AS delta`.execute(
    tx,
  );
  const n = Object.fromEntries(Object.entries(result.rows[0]!).map(([name, value]) => [name, Number(value)])) as Record<
    string,
    number
  >;
  const workingBefore = n["workingBefore"]!;
  return {
    places: n["places"]!,
    newPersons: n["newPersons"]!,
    newRecords: n["newRecords"]!,
    changedCells: n["changedCells"]!,
    changedPersons: n["changedPersons"]!,
    resumed: n["resumed"]!,
    moved: n["moved"]!,
    toVerify: n["toVerify"]!,
    tasks: n["tasks"]!,
    left: n["left"]!,
    unchanged: batch.counts.unchanged,
    workingBefore,
    workingAfter: workingBefore + n["delta"]!,
  };
}
