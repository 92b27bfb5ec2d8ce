import { sql } from "kysely";
import type { Tx } from "../../platform/db/database.ts";
import type { z } from "zod";
import type { previewApply } from "../contract.ts";
import type { BatchRow } from "../store.ts";

type Preview = z.output<(typeof previewApply)["output"]>;

/** What applying would change with the decisions as they stand, from the differences alone: one pass over them. */
export async function previewApplyOf(tx: Tx, batch: BatchRow): Promise<Preview> {
  const result = await sql<Record<string, string>>`
    WITH d AS (SELECT d.*, d.decision <> 'leave' AS taken FROM ledger.difference d WHERE d.batch_id = ${batch.batch_id}),
      c AS (SELECT d.difference_id, d.person_id, d.kind, d.reason, cell->>'field' AS field, cell->>'act' AS act, cell->>'held' AS held
            FROM d CROSS JOIN LATERAL jsonb_array_elements(d.cells) AS cell WHERE d.taken)
    SELECT
      (SELECT count(*) FROM d WHERE taken AND kind <> 'conflicting') AS places,
      (SELECT count(*) FROM d WHERE taken AND new_person AND kind <> 'conflicting') AS "newPersons",
      (SELECT count(*) FROM c WHERE act = 'adopt' AND field = 'spell' AND kind <> 'conflicting') + (SELECT count(*) FROM d WHERE taken AND reason = 'N3') AS "newRecords",
      (SELECT count(*) FROM c WHERE act = 'adopt' AND kind IN ('changed', 'moved', 'returned') AND field NOT IN ('spell', 'new')) AS "changedCells",
      (SELECT count(DISTINCT person_id) FROM c WHERE act = 'adopt' AND kind IN ('changed', 'moved', 'returned') AND field NOT IN ('spell', 'new')) AS "changedPersons",
      (SELECT count(*) FROM d WHERE taken AND kind = 'returned') AS resumed,
      (SELECT count(*) FROM d WHERE taken AND kind = 'moved') AS moved,
      (SELECT count(*) FROM d WHERE taken AND kind = 'vanished') AS "toVerify",
      (SELECT count(*) FROM d WHERE taken AND kind = 'conflicting') AS tasks,
      (SELECT count(*) FROM d WHERE NOT taken) AS "left",
      (SELECT count(*) FROM registry.person p WHERE p.work_state = 'working' AND EXISTS (SELECT 1 FROM unnest(${batch.coverage}::text[]) r WHERE p.home_region >= r AND p.home_region < r || ':')) AS "workingBefore",
      (SELECT count(*) FROM d WHERE taken AND kind <> 'conflicting' AND (reason IN ('N1', 'N2', 'R1'))) AS "startWorking",
      (SELECT count(*) FROM d WHERE taken AND kind = 'vanished' AND reason = 'V1' AND cells->0->>'held' = 'working') AS "stopWorking",
      (SELECT count(*) FROM c WHERE act = 'adopt' AND field = 'end_date' AND held = 'ongoing') AS ended`.execute(tx);
  const n = Object.fromEntries(Object.entries(result.rows[0]!).map(([name, value]) => [name, Number(value)])) as Record<string, number>;
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
    workingAfter: workingBefore + n["startWorking"]! - n["stopWorking"]! - n["ended"]!,
  };
}
