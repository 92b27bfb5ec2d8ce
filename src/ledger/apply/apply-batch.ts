import { markBatch, sourceNumbers, type SourceCode } from "#registry";
import { recordEntry } from "#audit";
import { sql } from "kysely";
import { emit } from "../../platform/tasks/queue.ts";
import { runnerOf, type SqlRunner, type Tx } from "../../platform/db/database.ts";
import { quote } from "../compare/sql.ts";
import { ledgerKindLabels, type BatchCounts } from "../contract.ts";
import { kindDefinitions } from "../kinds/index.ts";
import type { LedgerKindDefinition } from "../kinds/kind.ts";
import { stageTables } from "../stage/table.ts";
import type { BatchRow } from "../store.ts";
import { raiseComparisons } from "./comparisons.ts";
import { applyEmployment } from "./employment.ts";
import { applyLines, applyVanished } from "./lines.ts";
import { applyPersons } from "./persons.ts";
import { applyRegister } from "./registers.ts";
import { adoptedSql, type ApplyFacts } from "./statements.ts";

/** Told to other domains when the registry has changed by a batch, or by the counter-batch of one that was taken back. */
export const LEDGER_APPLIED = "ledger.applied";

export interface ActingOfficer {
  readonly id: string;
  readonly name: string;
  readonly organisation: string;
}

/**
 * compared → applied, in the caller's one transaction: registry, lines, comparison tasks, the batch's own state, the event
 * and the audit row exist together or not at all. The caller has made sure that the comparison is of the registry as it is.
 */
export async function applyBatch(
  tx: Tx,
  batch: BatchRow,
  officer: ActingOfficer,
  progress: (stage: string) => Promise<void>,
): Promise<void> {
  const definition = kindDefinitions[batch.kind];
  const run = runnerOf(tx);
  const month = batch.month.slice(0, 7);
  await run.query("SET LOCAL work_mem = '256MB'");
  await markBatch(tx, batch.batch_id);
  if (batch.left_out)
    await run.query(
      `CREATE TEMP TABLE left_out ON COMMIT DROP AS SELECT difference_id FROM ledger.difference WHERE batch_id = ${batch.batch_id} AND decision = 'leave' AND kind <> 'vanished'`,
    );
  const facts: ApplyFacts = {
    batchId: batch.batch_id,
    source: sourceNumbers[definition.source as SourceCode],
    recordedOn: quote(batch.business_date),
    assessed: stageTables(batch.batch_id).assessed,
    adopted: adoptedSql(batch.left_out),
  };
  const firstLoad = await beginFirstLoad(run, definition, batch.counts);
  await progress("写入人员");
  await applyPersons(run, definition, facts, firstLoad);
  await progress("写入务工记录");
  await applyEmployment(run, definition, facts, firstLoad);
  await applyRegister(run, definition, facts);
  await progress("登记台账行");
  await applyLines(run, batch.kind, month, facts);
  if ((batch.counts.differences.vanished ?? 0) > 0) await applyVanished(run, batch.kind, month, facts);
  if (firstLoad) {
    await progress("建立索引");
    await run.query("SELECT registry.end_first_load()");
  }
  if ((batch.counts.differences.conflicting ?? 0) + (batch.counts.differences.vanished ?? 0) > 0)
    await raiseComparisons(run, facts);
  const digest = await changeDigest(run, batch.batch_id);
  await sql`UPDATE ledger.batch SET state = 'applied', applied_at = now(), applied_by = ${officer.id}, applied_by_name = ${officer.name}, change_digest = ${digest}, version = version + 1 WHERE batch_id = ${batch.batch_id}`.execute(
    tx,
  );
  await recordEntry(tx, {
    kind: "change",
    act: "应用台账",
    outcome: "done",
    officerId: officer.id,
    officerName: officer.name,
    organisation: officer.organisation,
    region: batch.region,
    subject: `ledger.batch:${batch.batch_id}`,
    count: Object.values(batch.counts.differences).reduce((sum, n) => sum + (n ?? 0), 0),
    detail: { kind: ledgerKindLabels[batch.kind], month, digest },
  });
  await emit(tx, LEDGER_APPLIED, { batchId: batch.batch_id, region: batch.region });
}

/** From here on making the indexes by sorting is worth locking the registry's tables, empty as they are. */
const FIRST_LOAD_ROWS = 50_000;

/**
 * Sets the indexes of an empty registry aside for its first large load. Only for tables with one line a person: there no
 * statement needs a unique index to tell a second row from the first.
 */
async function beginFirstLoad(run: SqlRunner, definition: LedgerKindDefinition, counts: BatchCounts): Promise<boolean> {
  if (!definition.home || definition.lineKey.length > 0 || counts.valid < FIRST_LOAD_ROWS) return false;
  const begun = await run.query<{ begun: boolean }>("SELECT registry.begin_first_load() AS begun");
  if (!begun.rows[0]!.begun) return false;
  await run.query("SELECT ledger.begin_first_load()");
  return true;
}

/** SHA-256 over the batch's change rows in their order: the audit row proves what was changed without repeating it. */
export async function changeDigest(run: SqlRunner, batchId: string): Promise<string> {
  const result = await run.query<{ digest: string }>(
    `SELECT encode(sha256(convert_to(coalesce(string_agg(md5(concat_ws('|', person_id, entity, entity_key, act, before, after)), '' ORDER BY change_id), ''), 'UTF8')), 'hex') AS digest
     FROM registry.change WHERE batch_id = ${batchId}`,
  );
  return result.rows[0]!.digest;
}
