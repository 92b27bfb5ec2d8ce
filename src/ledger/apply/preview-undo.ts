import { entityLabels, isRegistryEntity, sourceLabel } from "#registry";
import { sql } from "kysely";
import type { z } from "zod";
import type { Tx } from "../../platform/db/database.ts";
import type { previewUndo } from "../contract.ts";
import type { BatchRow } from "../store.ts";

const SHOWN = 200;

/** What an undo would restore, what it would remove, and what it would leave because somebody touched it later. */
export async function previewUndoOf(tx: Tx, batch: BatchRow): Promise<z.output<(typeof previewUndo)["output"]>> {
  const id = batch.batch_id;
  const created = ["person", "employment", "person_category", "contract", "insurance_month", "wage_month", "other_record"];
  const removed = await sql<{ untouched: string; touched: string }>`
    SELECT coalesce(sum(untouched), 0) AS untouched, coalesce(sum(touched), 0) AS touched FROM (${sql.join(
      created.map((table) => sql`SELECT count(*) FILTER (WHERE version = 1 AND batch_id = ${id}) AS untouched, count(*) FILTER (WHERE version > 1 OR batch_id IS DISTINCT FROM ${id}) AS touched FROM ${sql.table(`registry.${table}`)} WHERE created_batch = ${id}`),
      sql` UNION ALL `,
    )}) t`.execute(tx);
  const changed = await sql<{ restored: string; later: string }>`
    SELECT count(*) FILTER (WHERE NOT EXISTS (${laterChange})) AS restored, count(*) FILTER (WHERE EXISTS (${laterChange})) AS later FROM registry.change h WHERE h.batch_id = ${id}`.execute(tx);
  const later = await sql<{ person_id: string; name: string; entity: string; source: number }>`
    SELECT h.person_id, p.name, h.entity, l.source FROM registry.change h JOIN registry.person p USING (person_id)
      JOIN LATERAL (SELECT x.source FROM registry.change x WHERE x.person_id = h.person_id AND x.change_id > h.change_id AND x.entity = h.entity AND x.entity_key = h.entity_key ORDER BY x.change_id LIMIT 1) l ON true
    WHERE h.batch_id = ${id} ORDER BY h.change_id LIMIT ${SHOWN}`.execute(tx);
  const counts = changed.rows[0]!;
  return {
    restored: Number(counts.restored),
    removed: Number(removed.rows[0]!.untouched),
    left: Number(counts.later) + Number(removed.rows[0]!.touched),
    later: later.rows.map((row) => ({ personId: row.person_id, name: row.name, what: isRegistryEntity(row.entity) ? entityLabels[row.entity] : row.entity, changedBy: sourceLabel(row.source) })),
  };
}

const laterChange = sql`SELECT 1 FROM registry.change x WHERE x.person_id = h.person_id AND x.change_id > h.change_id AND x.entity = h.entity AND x.entity_key = h.entity_key`;
