import type { SqlRunner } from "../../platform/db/database.ts";
import type { ApplyFacts } from "./statements.ts";

/** Days a village has to answer a comparison task; a parameter of ours, the sources give none. */
const DAYS_TO_ANSWER = 10;

/** Every disputed cell and every vanished person becomes a task; one that is open already is not raised twice. */
export async function raiseComparisons(client: SqlRunner, facts: ApplyFacts): Promise<void> {
  await client.query(`INSERT INTO registry.comparison (person_id, home_region, reason, entity, entity_key, field, held_value, held_source, claimed_value, claimed_source, batch_id, due_on)
    SELECT d.person_id, d.home_region, d.reason, cell->>'entity', CASE WHEN cell->>'entity' = 'employment' THEN jsonb_strip_nulls(jsonb_build_object('employment_id', coalesce(a.spell_id, a.open_id)::text)) ELSE '{}' END,
      cell->>'field', cell->>'held', (cell->>'source')::smallint, cell->>'claimed', ${facts.source}, ${facts.batchId}, ${facts.recordedOn}::date + ${DAYS_TO_ANSWER}
    FROM ledger.difference d LEFT JOIN ${facts.assessed} a ON a.difference_id = d.difference_id AND d.kind <> 'vanished'
      CROSS JOIN LATERAL jsonb_array_elements(d.cells) AS cell
    WHERE d.batch_id = ${facts.batchId} AND d.decision <> 'leave' AND EXISTS (SELECT 1 FROM registry.person p WHERE p.person_id = d.person_id)
      AND ((d.kind = 'conflicting' AND (cell->>'act' = 'task' OR a.blocked)) OR d.kind = 'vanished')
      AND NOT EXISTS (SELECT 1 FROM registry.comparison o WHERE o.person_id = d.person_id AND o.state = 'open' AND o.reason = d.reason
        AND o.field = cell->>'field' AND o.claimed_value IS NOT DISTINCT FROM cell->>'claimed')`);
}
