import { entityLabels, isRegistryEntity, sourceLabel, within, type Scope } from "#registry";
import { sql } from "kysely";
import type { z } from "zod";
import { runnerOf, type Tx } from "../../platform/db/database.ts";
import type { previewUndo } from "../contract.ts";
import type { BatchRow } from "../store.ts";
import { leavingSql, removableSql, restorePlanSql, rowsElsewhere, UNDO_TABLES } from "./undo-plan.ts";

const SHOWN = 200;

interface LaterRow {
  person_id: string;
  name: string;
  entity: string;
  source: number;
}

/** Of the people in `scope`: what an undo would restore, what it would remove, and what it would leave because somebody touched it later: row by row as the undo itself decides. */
export async function previewUndoOf(
  tx: Tx,
  scope: Scope,
  batch: BatchRow,
): Promise<z.output<(typeof previewUndo)["output"]>> {
  const id = batch.batch_id;
  const changed = UNDO_TABLES.map(
    (table) =>
      `SELECT '${table.entity}' AS entity, person_id, entity_key, change_id, source, cells <> '{}' AS restored, kept FROM (${restorePlanSql(table, id)}) plan`,
  ).join(" UNION ALL ");
  const leaving = leavingSql(id, await rowsElsewhere(runnerOf(tx)));
  const created = UNDO_TABLES.map(
    ({ entity }) =>
      `SELECT '${entity}' AS entity, p.person_id, p.source, ${entity === "person" ? leaving : removableSql("p", id)} AS leaves FROM registry.${entity} p WHERE p.created_batch = ${id}`,
  ).join(" UNION ALL ");
  const seen = (rows: string) =>
    sql`(SELECT r.* FROM (${sql.raw(rows)}) r JOIN registry.person seen USING (person_id) WHERE ${within("seen.home_region", scope)})`;
  const counts = await sql<{ restored: string; kept: string; removed: string; stay: string }>`
    SELECT (SELECT count(*) FILTER (WHERE restored) FROM ${seen(changed)} c) AS restored, (SELECT count(*) FILTER (WHERE kept) FROM ${seen(changed)} c) AS kept,
      (SELECT count(*) FILTER (WHERE leaves) FROM ${seen(created)} n) AS removed, (SELECT count(*) FILTER (WHERE leaves IS NOT TRUE) FROM ${seen(created)} n) AS stay`.execute(
    tx,
  );
  // Who touched it: the row's next change, or, where only something was added beside it, the latest the person has.
  const later = await sql<LaterRow>`
    SELECT o.person_id, p.name, o.entity, coalesce(
        (SELECT x.source FROM registry.change x WHERE x.person_id = o.person_id AND x.change_id > o.change_id AND x.entity = o.entity AND x.entity_key = o.entity_key ORDER BY x.change_id LIMIT 1),
        (SELECT x.source FROM registry.change x WHERE x.person_id = o.person_id AND x.batch_id IS DISTINCT FROM ${id} AND x.change_id > o.change_id ORDER BY x.change_id DESC LIMIT 1), o.source) AS source
    FROM (SELECT entity, person_id, entity_key, change_id, source FROM ${seen(changed)} c WHERE kept
      UNION ALL SELECT entity, person_id, NULL, 0, source FROM ${seen(created)} n WHERE leaves IS NOT TRUE) o
      JOIN registry.person p USING (person_id) ORDER BY o.change_id, o.entity, o.person_id LIMIT ${SHOWN}`.execute(tx);
  const { restored, kept, removed, stay } = counts.rows[0]!;
  return {
    restored: Number(restored),
    removed: Number(removed),
    left: Number(kept) + Number(stay),
    later: later.rows.map((row) => ({
      personId: row.person_id,
      name: row.name,
      what: isRegistryEntity(row.entity) ? entityLabels[row.entity] : row.entity,
      changedBy: sourceLabel(row.source),
    })),
  };
}
