import { COMPARISON_DUE_DAYS } from "#registry";
import type { SqlRunner } from "../../platform/db/database.ts";
import type { ApplyFacts } from "./statements.ts";

/**
 * Every disputed cell and every vanished person becomes a task. One that is open already is not raised twice, nor one that
 * an officer has settled by keeping the very value that is held. A claimed number goes along in its envelope.
 * Differences of other kinds are left out first, by OFFSET 0: the cells of all who are new are not made to find one conflict.
 */
export async function raiseComparisons(client: SqlRunner, facts: ApplyFacts): Promise<void> {
  await client.query(`INSERT INTO registry.comparison (person_id, home_region, reason, entity, entity_key, field, held_value, held_source, claimed_value, claimed_secret, claimed_source, batch_id, due_on)
    SELECT d.person_id, d.home_region, d.reason, cell->>'entity', CASE WHEN cell->>'entity' = 'employment' THEN jsonb_strip_nulls(jsonb_build_object('employment_id', coalesce(a.spell_id, a.open_id)::text)) ELSE '{}' END,
      cell->>'field', cell->>'held', (cell->>'source')::smallint, cell->>'claimed', CASE WHEN cell->>'field' IN ('phone', 'bank_account') THEN a.secret END, ${facts.source}, ${facts.batchId}, ${facts.recordedOn}::date + ${COMPARISON_DUE_DAYS}
    FROM (SELECT * FROM ledger.difference WHERE batch_id = ${facts.batchId} AND kind IN ('conflicting', 'vanished') AND decision <> 'leave' OFFSET 0) d LEFT JOIN ${facts.assessed} a ON a.difference_id = d.difference_id AND d.kind <> 'vanished'
      CROSS JOIN LATERAL jsonb_array_elements(ledger.cells_of(d.cells, d.new_category, d.new_spell)) WITH ORDINALITY AS x(cell, place)
    WHERE EXISTS (SELECT 1 FROM registry.person p WHERE p.person_id = d.person_id)
      AND ((d.kind = 'conflicting' AND (cell->>'act' = 'task' OR a.blocked)) OR d.kind = 'vanished')
      AND NOT EXISTS (SELECT 1 FROM registry.comparison o WHERE o.person_id = d.person_id AND o.reason = d.reason
        AND (o.state = 'open' OR (d.kind = 'conflicting' AND o.state = 'kept' AND o.held_value IS NOT DISTINCT FROM cell->>'held'))
        AND o.field = cell->>'field' AND o.claimed_value IS NOT DISTINCT FROM cell->>'claimed')
    ORDER BY d.difference_id, x.place`);
}
