import { within, type Scope } from "#registry";
import { sql } from "kysely";
import type { Db, Tx } from "../platform/db/database.ts";
import { keepFile } from "../platform/files/kept.ts";
import type { BatchOrigin } from "../platform/module.ts";
import {
  batchCounts,
  type BatchCounts,
  type BatchState,
  type LedgerField,
  type LedgerKind,
  type SheetMapping,
} from "./contract.ts";
import { locks } from "../platform/db/locks.ts";

export interface BatchRow {
  readonly batch_id: string;
  readonly kind: LedgerKind;
  /** First day of the month. */
  readonly month: string;
  readonly sender: string;
  readonly coverage: readonly string[];
  readonly region: string;
  readonly complete: boolean;
  readonly title: string;
  readonly file_id: string;
  readonly file_name: string;
  readonly file_key: string;
  readonly format: string | null;
  readonly state: BatchState;
  readonly round: number;
  readonly mapping: readonly SheetMapping[] | null;
  readonly remembered_at: string | null;
  readonly counts: BatchCounts;
  readonly problem: { code: string; message: string } | null;
  readonly business_date: string;
  readonly counter_of: string | null;
  readonly undone_by: string | null;
  readonly received_by: string;
  readonly received_by_name: string;
  readonly received_at: Date;
  readonly vanish_approved_by: string | null;
  readonly applied_by_name: string | null;
  readonly applied_at: Date | null;
  readonly compared_mark: string | null;
  readonly left_out: boolean;
}

type Executor = Db | Tx;

export interface BatchFilter {
  readonly kind?: LedgerKind | undefined;
  readonly month?: string | undefined;
  readonly state?: BatchState | undefined;
}

const selectBatch = sql`SELECT b.*, f.key AS file_key FROM ledger.batch b JOIN platform.file f USING (file_id)`;

function toBatch(row: Record<string, unknown>): BatchRow {
  return { ...(row as unknown as BatchRow), counts: batchCounts.parse(row["counts"]) };
}

export async function findBatch(db: Executor, batchId: string, lock = false): Promise<BatchRow | undefined> {
  const result = await sql<
    Record<string, unknown>
  >`${selectBatch} WHERE b.batch_id = ${batchId} ${lock ? sql`FOR UPDATE OF b` : sql``}`.execute(db);
  return result.rows[0] ? toBatch(result.rows[0]) : undefined;
}

/** Batches of the area, the newest first, and how many there are. Counter-batches are shown with the batch they undo. */
export async function listBatchRows(
  tx: Tx,
  scope: string,
  filter: BatchFilter,
  page: number,
  size: number,
): Promise<{ rows: BatchRow[]; total: number }> {
  const where = sql`WHERE starts_with(b.region, ${scope}) AND b.counter_of IS NULL
    ${filter.kind ? sql`AND b.kind = ${filter.kind}` : sql``} ${filter.month ? sql`AND b.month = ${`${filter.month}-01`}` : sql``} ${filter.state ? sql`AND b.state = ${filter.state}` : sql``}`;
  const rows = await sql<
    Record<string, unknown>
  >`${selectBatch} ${where} ORDER BY b.batch_id DESC LIMIT ${size} OFFSET ${(page - 1) * size}`.execute(tx);
  const total = await sql<{ n: string }>`SELECT count(*) AS n FROM ledger.batch b ${where}`.execute(tx);
  return { rows: rows.rows.map(toBatch), total: Number(total.rows[0]!.n) };
}

/** Who applied each batch and its business day: all that a town may know of its county's. */
export async function originsOf(db: Db, batchIds: readonly string[]): Promise<Map<string, BatchOrigin>> {
  if (batchIds.length === 0) return new Map();
  const { rows } = await sql<{ batch_id: string; officer: string; business_date: string }>`
    SELECT batch_id, coalesce(applied_by_name, received_by_name) AS officer, business_date FROM ledger.batch WHERE batch_id = ANY(${batchIds}::bigint[])`.execute(
    db,
  );
  return new Map(
    rows.map((row) => [row.batch_id, { officerName: row.officer, businessDate: row.business_date }] as const),
  );
}

/** A month's batches of one kind that cover anything of the area, whichever office has them: its own, one below, one above. */
export async function batchesSpeakingFor(
  db: Db,
  scope: string,
  kind: LedgerKind,
  month: string,
): Promise<{ batch_id: string; coverage: string[]; state: BatchState }[]> {
  const result = await sql<{ batch_id: string; coverage: string[]; state: BatchState }>`
    SELECT batch_id, coverage, state FROM ledger.batch
    WHERE kind = ${kind} AND month = ${`${month}-01`} AND counter_of IS NULL AND state NOT IN ('discarded', 'refused', 'undone')
      AND (starts_with(region, ${scope}) OR EXISTS (SELECT 1 FROM unnest(coverage) AS covered WHERE starts_with(${scope}, covered)))`.execute(
    db,
  );
  return result.rows;
}

export interface NewBatch {
  readonly kind: LedgerKind;
  readonly month: string;
  readonly sender: string;
  readonly coverage: readonly string[];
  readonly region: string;
  readonly complete: boolean;
  readonly title: string;
  readonly file: { key: string; name: string; bytes: number; sha256: string };
  readonly officerId: string;
  readonly officerName: string;
  readonly businessDate: string;
}

export async function insertBatch(tx: Executor, batch: NewBatch): Promise<string> {
  const fileId = await keepFile(tx, batch.file, {
    region: batch.region,
    purpose: "台账原件",
    officerId: batch.officerId,
  });
  const row = await sql<{ batch_id: string }>`
    INSERT INTO ledger.batch (kind, month, sender, coverage, region, complete, title, file_id, file_name, file_sha256, state, business_date, received_by, received_by_name)
    VALUES (${batch.kind}, ${`${batch.month}-01`}, ${batch.sender}, ${batch.coverage}, ${batch.region}, ${batch.complete}, ${batch.title}, ${fileId}, ${batch.file.name}, ${batch.file.sha256},
      'receiving', ${batch.businessDate}, ${batch.officerId}, ${batch.officerName}) RETURNING batch_id`.execute(tx);
  return row.rows[0]!.batch_id;
}

/** The newest batch in force made from the very same bytes, for the same kind and month. The record of an undo bears the file of the batch it took back, but is none. */
export async function findSameFile(
  tx: Tx,
  scope: Scope,
  kind: LedgerKind,
  month: string,
  sha256: string,
): Promise<{ batchId: string; appliedAt: string | null } | null> {
  const result = await sql<{ batch_id: string; applied_at: Date | null }>`
    SELECT batch_id, applied_at FROM ledger.batch WHERE kind = ${kind} AND month = ${`${month}-01`} AND file_sha256 = ${sha256} AND state NOT IN ('discarded', 'refused', 'undone')
      AND counter_of IS NULL AND ${within("region", scope)}
    ORDER BY batch_id DESC LIMIT 1`.execute(tx);
  const row = result.rows[0];
  return row ? { batchId: row.batch_id, appliedAt: row.applied_at?.toISOString() ?? null } : null;
}

export interface BatchPatch {
  readonly state?: BatchState;
  readonly format?: string;
  readonly mapping?: readonly SheetMapping[];
  readonly rememberedAt?: string | null;
  readonly counts?: BatchCounts;
  readonly problem?: { code: string; message: string } | null;
  readonly round?: number;
  readonly comparedMark?: string;
  readonly leftOut?: true;
  readonly vanishApprovedBy?: string | null;
  readonly undoneBy?: string;
  readonly file?: { id: string; name: string; sha256: string };
}

export async function patchBatch(db: Executor, batchId: string, patch: BatchPatch): Promise<void> {
  const set = [sql`version = version + 1`];
  if (patch.state !== undefined) set.push(sql`state = ${patch.state}`);
  if (patch.format !== undefined) set.push(sql`format = ${patch.format}`);
  if (patch.mapping !== undefined) set.push(sql`mapping = ${JSON.stringify(patch.mapping)}::jsonb`);
  if (patch.rememberedAt !== undefined) set.push(sql`remembered_at = ${patch.rememberedAt}`);
  if (patch.counts !== undefined) set.push(sql`counts = ${JSON.stringify(patch.counts)}::jsonb`);
  if (patch.problem !== undefined)
    set.push(sql`problem = ${patch.problem === null ? null : JSON.stringify(patch.problem)}::jsonb`);
  if (patch.round !== undefined) set.push(sql`round = ${patch.round}`);
  if (patch.leftOut) set.push(sql`left_out = true`);
  if (patch.comparedMark !== undefined) set.push(sql`compared_mark = ${patch.comparedMark}`);
  if (patch.vanishApprovedBy !== undefined) set.push(sql`vanish_approved_by = ${patch.vanishApprovedBy}`);
  if (patch.undoneBy !== undefined) set.push(sql`undone_by = ${patch.undoneBy}`);
  if (patch.file !== undefined)
    set.push(sql`file_id = ${patch.file.id}, file_name = ${patch.file.name}, file_sha256 = ${patch.file.sha256}`);
  await sql`UPDATE ledger.batch SET ${sql.join(set)} WHERE batch_id = ${batchId}`.execute(db);
}

/** The latest task that works or worked on a batch. */
export function batchSubject(batchId: string): string {
  return `ledger.batch:${batchId}`;
}

/**
 * How far the registry has come: any change or applied batch moves it. Kept with a comparison, so that an apply knows
 * whether it compares with the registry as it is.
 */
export async function registryMark(db: Executor): Promise<string> {
  const result = await sql<{ mark: string }>`
    SELECT (SELECT coalesce(max(change_id), 0) FROM registry.change) || '/' || (SELECT count(*) FROM ledger.batch WHERE state IN ('applied', 'undone')) AS mark`.execute(
    db,
  );
  return result.rows[0]!.mark;
}

/** One apply or undo at a time: two that change the same registry from different comparisons would each be right alone only. */
export async function lockApply(tx: Tx): Promise<void> {
  await sql`SELECT pg_advisory_xact_lock(${locks.ledgerApply})`.execute(tx);
}

export type Repairs = Map<string, Partial<Record<LedgerField, string>>>;

export interface StoredRepair {
  readonly sheet: number;
  readonly row_no: number;
  readonly field: LedgerField;
  readonly value_secret: Buffer;
}

export async function loadRepairs(db: Executor, batchId: string): Promise<StoredRepair[]> {
  const result =
    await sql<StoredRepair>`SELECT sheet, row_no, field, value_secret FROM ledger.repair WHERE batch_id = ${batchId}`.execute(
      db,
    );
  return result.rows;
}

export async function saveRepairs(
  db: Executor,
  batchId: string,
  region: string,
  officerId: string | null,
  cells: readonly { sheet: number; rowNo: number; field: LedgerField; sealed: Buffer }[],
): Promise<void> {
  if (cells.length === 0) return;
  const rows = JSON.stringify(
    cells.map((cell) => ({
      sheet: cell.sheet,
      row_no: cell.rowNo,
      field: cell.field,
      sealed: cell.sealed.toString("hex"),
    })),
  );
  await sql`INSERT INTO ledger.repair (batch_id, sheet, row_no, field, value_secret, region, repaired_by)
    SELECT ${batchId}, r.sheet, r.row_no, r.field, decode(r.sealed, 'hex'), ${region}, ${officerId} FROM jsonb_to_recordset(${rows}::jsonb) AS r(sheet int, row_no int, field text, sealed text)
    ON CONFLICT (batch_id, sheet, row_no, field) DO UPDATE SET value_secret = excluded.value_secret, repaired_by = excluded.repaired_by, repaired_at = now()`.execute(
    db,
  );
}

export async function clearRepairs(db: Executor, batchId: string): Promise<void> {
  await sql`DELETE FROM ledger.repair WHERE batch_id = ${batchId}`.execute(db);
}

export interface RememberedMapping {
  readonly used_at: Date;
  /** Normalised header → field. */
  readonly mapping: Readonly<Record<string, LedgerField | null>>;
}

export async function findRememberedMapping(
  db: Executor,
  batch: BatchRow,
  signature: string,
): Promise<RememberedMapping | undefined> {
  const result = await sql<RememberedMapping>`SELECT used_at, mapping FROM ledger.remembered_mapping
    WHERE region = ${batch.region} AND kind = ${batch.kind} AND sender = ${batch.sender} AND signature = ${signature}`.execute(
    db,
  );
  return result.rows[0];
}

export async function rememberMapping(
  db: Executor,
  batch: BatchRow,
  signature: string,
  mapping: RememberedMapping["mapping"],
): Promise<void> {
  await sql`INSERT INTO ledger.remembered_mapping (region, sender, kind, signature, mapping, used_at) VALUES (${batch.region}, ${batch.sender}, ${batch.kind}, ${signature}, ${JSON.stringify(mapping)}::jsonb, now())
    ON CONFLICT (region, kind, sender, signature) DO UPDATE SET mapping = excluded.mapping, used_at = now()`.execute(
    db,
  );
}
