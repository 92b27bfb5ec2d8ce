import { recordEntry } from "#audit";
import { sql } from "kysely";
import { emit } from "../../platform/tasks/queue.ts";
import { runnerOf, type SqlRunner, type Tx } from "../../platform/db/database.ts";
import { ledgerKindLabels } from "../contract.ts";
import type { BatchRow } from "../store.ts";
import { changeDigest, LEDGER_APPLIED, type ActingOfficer } from "./apply-batch.ts";
import type { UndoFacts } from "./undo-batch.ts";

/** Makes the counter-batch, takes the batch back under it, and writes both states and the audit row in one transaction. */
export async function recordUndo(
  tx: Tx,
  batch: BatchRow,
  officer: ActingOfficer,
  undo: (run: SqlRunner, facts: UndoFacts) => Promise<void>,
): Promise<void> {
  const counter = await sql<{ batch_id: string }>`
    INSERT INTO ledger.batch (kind, month, sender, coverage, region, complete, title, file_id, file_name, file_sha256, state, business_date, counter_of, received_by, received_by_name, applied_by, applied_by_name, applied_at)
    SELECT kind, month, sender, coverage, region, complete, title, file_id, file_name, file_sha256, 'applied', business_date, batch_id, ${officer.id}, ${officer.name}, ${officer.id}, ${officer.name}, now()
    FROM ledger.batch WHERE batch_id = ${batch.batch_id} RETURNING batch_id`.execute(tx);
  const counterBatch = counter.rows[0]!.batch_id;
  const run = runnerOf(tx);
  await undo(run, { batchId: batch.batch_id, counterBatch, kind: batch.kind });
  const digest = await changeDigest(run, counterBatch);
  await sql`UPDATE ledger.batch SET change_digest = ${digest} WHERE batch_id = ${counterBatch}`.execute(tx);
  await sql`UPDATE ledger.batch SET state = 'undone', undone_by = ${counterBatch}, version = version + 1, problem = NULL WHERE batch_id = ${batch.batch_id}`.execute(
    tx,
  );
  await recordEntry(tx, {
    kind: "change",
    act: "撤销台账",
    outcome: "done",
    officerId: officer.id,
    officerName: officer.name,
    organisation: officer.organisation,
    region: batch.region,
    subject: `ledger.batch:${batch.batch_id}`,
    detail: { kind: ledgerKindLabels[batch.kind], month: batch.month.slice(0, 7), counterBatch, digest },
  });
  await emit(tx, LEDGER_APPLIED, { batchId: counterBatch, region: batch.region });
}
