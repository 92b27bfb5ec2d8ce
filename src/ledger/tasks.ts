import { sql } from "kysely";
import { noSight, runnerOf, withSight, type Tx } from "../platform/db/database.ts";
import type { Services } from "../platform/module.ts";
import { Refusal, refuse } from "../platform/problem.ts";
import { headRows, isProblem, normaliseHeader, openSheets } from "../platform/sheets/index.ts";
import type { TaskContext, TaskDefinition } from "../platform/tasks/definition.ts";
import { whenMoved } from "./apply/moved.ts";
import { applyBatch, type ActingOfficer } from "./apply/apply-batch.ts";
import { undoBatch } from "./apply/undo-batch.ts";
import { recordUndo } from "./apply/record-undo.ts";
import { compareBatch } from "./compare/compare-batch.ts";
import { findLayout, layoutSignature } from "./columns/layout.ts";
import {
  ledgerFieldLabels,
  ledgerKindLabels,
  batchFlow,
  type BatchCounts,
  type BatchAct,
  type LedgerField,
  type SheetMapping,
} from "./contract.ts";
import { nextState } from "../platform/contract.ts";
import { joinHistory } from "#registry";
import { batchMonth, requireOpenMonth } from "./months.ts";
import { kindDefinitions } from "./kinds/index.ts";
import { ledgerProblems } from "./problems.ts";
import { stageBatch, type Staged } from "./stage/stage-batch.ts";
import { dropStage, stageTables } from "./stage/table.ts";
import { countClaims } from "./stage/claims.ts";
import { rememberTexts } from "./stage/recall.ts";
import {
  findBatch,
  findRememberedMapping,
  loadRepairs,
  lockApply,
  patchBatch,
  registryMark,
  rememberMapping,
  type BatchRow,
  type Repairs,
} from "./store.ts";

/** Names of the ledger's background work; the handlers queue them. */
export const ledgerTasks = {
  read: "ledger.read",
  check: "ledger.check",
  apply: "ledger.apply",
  undo: "ledger.undo",
  discard: "ledger.discard",
} as const;

/** From here on a batch changes the tables enough to mislead the planner of the next statement. */
const LARGE_BATCH_ROWS = 20_000;

export const taskDefinitions: readonly TaskDefinition[] = [
  { name: ledgerTasks.read, run: (context, payload) => onBatch(context, payload, readFile) },
  { name: ledgerTasks.check, run: (context, payload) => onBatch(context, payload, checkBatch) },
  { name: ledgerTasks.apply, run: (context, payload) => onBatch(context, payload, applyTask) },
  { name: ledgerTasks.undo, run: (context, payload) => onBatch(context, payload, undoTask) },
  { name: ledgerTasks.discard, run: (context, payload) => onBatch(context, payload, discardTask) },
];

type BatchWork = (context: TaskContext, batch: BatchRow, payload: Record<string, unknown>) => Promise<void>;

/** Runs one step of a batch; a refusal is kept with the batch and leads back to a state from which it can go on. */
async function onBatch(context: TaskContext, payload: Record<string, unknown>, work: BatchWork): Promise<void> {
  const { worker } = context.services.database;
  const batch = await findBatch(worker, String(payload["batchId"]));
  if (!batch) return;
  try {
    await work(context, batch, payload);
  } catch (cause) {
    const now = await findBatch(worker, batch.batch_id);
    const back = now && nextState(batchFlow, now.state, "fail");
    if (back) {
      const problem =
        cause instanceof Refusal
          ? { code: cause.problem.code, message: cause.problem.message }
          : { code: "ledger.interrupted", message: "处理中断，登记库没有变动。系统会自动重试；也可以稍后手动再试。" };
      // A crash of the work is retried by the queue, which finds the batch in its working state.
      if (cause instanceof Refusal) await patchBatch(worker, batch.batch_id, { state: back, problem });
      else await patchBatch(worker, batch.batch_id, { problem });
    }
    throw cause;
  }
}

/** Moves the batch on, or returns false when it is no longer where the step expects it (done before, or discarded). */
async function advance(
  services: Services,
  batch: BatchRow,
  act: BatchAct,
  patch: Parameters<typeof patchBatch>[2] = {},
): Promise<boolean> {
  return services.database.worker.transaction().execute(async (tx) => {
    const now = await findBatch(tx, batch.batch_id, true);
    const state = now && nextState(batchFlow, now.state, act);
    if (!state) return false;
    await patchBatch(tx, batch.batch_id, { ...patch, state, problem: null });
    return true;
  });
}

/** received → mapped: opens the file, finds the tables in its sheets and what their columns mean. */
async function readFile(context: TaskContext, batch: BatchRow): Promise<void> {
  const { services } = context;
  if (batch.state !== "receiving") return;
  await context.progress("读取文件");
  const local = await services.files.asLocalFile(batch.file_key);
  try {
    const opened = await openSheets(local.path, { fileName: batch.file_name });
    if (isProblem(opened)) refuse(opened);
    await using source = opened;
    const definition = kindDefinitions[batch.kind];
    const mapping: SheetMapping[] = [];
    const layouts = [];
    for (const sheet of source.sheets) {
      const layout = findLayout(
        await headRows(source, sheet.index),
        await source.mergedRanges(sheet.index),
        definition,
      );
      layouts.push(layout);
      const columns = (layout?.columns ?? []).map((column) => ({ ...column, samples: [...column.samples] }));
      mapping.push({
        sheet: sheet.index,
        name: sheet.name,
        used: layout !== null && !sheet.hidden,
        headerRows: [...(layout?.headerRows ?? [])],
        firstDataRow: layout?.firstDataRow ?? 1,
        rows: null,
        columns,
        missing: missingFields(batch, columns),
      });
    }
    if (!mapping.some((sheet) => sheet.used)) refuse(ledgerProblems.noTable(ledgerKindLabels[batch.kind]));
    const signature = layoutSignature(layouts);
    const remembered = await findRememberedMapping(services.database.worker, batch, signature);
    const final = remembered ? mapping.map((sheet) => recall(batch, sheet, remembered.mapping)) : mapping;
    const complete = final.every((sheet) => !sheet.used || sheet.missing.length === 0);
    const patch = {
      format: source.format,
      mapping: final,
      rememberedAt: remembered ? remembered.used_at.toISOString() : null,
    };
    // A table known from before, or one whose every needed column is understood, needs no question.
    await advance(services, batch, complete ? "check" : "read", patch);
    if (complete) await checkBatch(context, (await findBatch(services.database.worker, batch.batch_id))!);
  } finally {
    await local.release();
  }
}

export function missingFields(
  batch: Pick<BatchRow, "kind">,
  columns: readonly { field: LedgerField | null }[],
): LedgerField[] {
  const { fields } = kindDefinitions[batch.kind];
  const mapped = new Set(columns.map((column) => column.field));
  return (Object.keys(fields) as LedgerField[]).filter((field) => fields[field]?.required && !mapped.has(field));
}

function recall(
  batch: BatchRow,
  sheet: SheetMapping,
  known: Readonly<Record<string, LedgerField | null>>,
): SheetMapping {
  const columns = sheet.columns.map((column) => {
    const header = normaliseHeader(column.header);
    return header in known ? { ...column, field: known[header] ?? null } : column;
  });
  return { ...sheet, columns, missing: missingFields(batch, columns) };
}

/** mapped → checked → compared. Also after every repair: the file is read again with the mended cells laid over it. */
async function checkBatch(context: TaskContext, batch: BatchRow): Promise<void> {
  const { services } = context;
  if (batch.state !== "checking" && batch.state !== "comparing") return;
  const mapping = batch.mapping ?? [];
  for (const sheet of mapping) {
    if (sheet.used && sheet.missing.length > 0)
      refuse(
        ledgerProblems.missingColumns(
          sheet.name,
          sheet.missing.map((field) => ledgerFieldLabels[field]),
        ),
      );
  }
  const { rows, counts, mark } = await stageAndCompare(context, batch, true);
  await rememberMapping(services.database.worker, batch, signatureOf(mapping), memoryOf(mapping));
  await advance(services, batch, "finish", { counts: { ...counts, rows }, comparedMark: mark, vanishApprovedBy: null });
}

interface Compared {
  readonly rows: number;
  readonly counts: BatchCounts;
  /** How far the registry was when it was compared. */
  readonly mark: string;
}

/**
 * Reads and compares. With `recall`, rows whose text is known are not read; should the registry move between the two so
 * that one of them is needed after all, everything is read.
 */
async function stageAndCompare(context: TaskContext, batch: BatchRow, recall: boolean): Promise<Compared> {
  const { services } = context;
  const staged = await stageBatch(
    services,
    {
      batchId: batch.batch_id,
      kind: batch.kind,
      month: batch.month.slice(0, 7),
      businessDate: batch.business_date,
      coverage: batch.coverage,
      title: batch.title,
      region: batch.region,
      fileKey: batch.file_key,
      fileName: batch.file_name,
      mapping: batch.mapping ?? [],
      repairs: await openRepairs(services, batch.batch_id),
      recall,
    },
    (done, fraction) => context.progress("校验", done, fraction > 0 ? Math.round(done / fraction) : undefined),
  );
  const { rows } = staged;
  if (rows === 0) refuse(ledgerProblems.emptyTable());
  await advance(services, batch, "compare");
  const compared = await compareStaged(context, batch, staged);
  return compared ? { ...compared, rows } : stageAndCompare(context, batch, false);
}

/** Compares what is staged with the registry as it is; null when it must be staged again. `staged`: just now, and how. */
async function compareStaged(
  context: TaskContext,
  batch: BatchRow,
  staged: Staged | null,
): Promise<Omit<Compared, "rows"> | null> {
  const { services } = context;
  const client = await services.database.pools.worker.connect();
  try {
    const mark = await registryMark(services.database.worker);
    const counts = await compareBatch(
      services,
      client,
      { ...requestOf(batch), recalledHold: mark === staged?.mark, repeated: staged?.repeated ?? true },
      (stage, done) => context.progress(stage, done),
    );
    return counts && { counts, mark };
  } finally {
    client.release();
  }
}

function requestOf(batch: BatchRow) {
  return {
    batchId: batch.batch_id,
    definition: kindDefinitions[batch.kind],
    month: batch.month.slice(0, 7),
    coverage: batch.coverage,
    region: batch.region,
    complete: batch.complete,
  };
}

async function openRepairs(services: Services, batchId: string): Promise<Repairs> {
  const repairs: Repairs = new Map();
  for (const repair of await loadRepairs(services.database.worker, batchId)) {
    const key = `${repair.sheet}:${repair.row_no}`;
    repairs.set(key, { ...repairs.get(key), [repair.field]: services.keys.open(repair.value_secret) });
  }
  return repairs;
}

function signatureOf(mapping: readonly SheetMapping[]): string {
  const first = mapping.find((sheet) => sheet.used);
  return first ? first.columns.map((column) => normaliseHeader(column.header)).join("|") : "";
}

function memoryOf(mapping: readonly SheetMapping[]): Record<string, LedgerField | null> {
  return Object.fromEntries(
    mapping
      .filter((sheet) => sheet.used)
      .flatMap((sheet) => sheet.columns.map((column) => [normaliseHeader(column.header), column.field] as const)),
  );
}

/**
 * compared → applied. When the registry has moved since, or a crash of the database has emptied the stage (it is unlogged),
 * compares again instead, and asks to look again.
 */
async function applyTask(context: TaskContext, batch: BatchRow, payload: Record<string, unknown>): Promise<void> {
  const { services } = context;
  // Killed after the commit and before the cleaning up: numbers of people must not stay behind.
  if (batch.state === "applied") return cleanUp(services, batch.batch_id);
  if (batch.state !== "applying") return;
  const { worker } = services.database;
  const officer = payload["officer"] as ActingOfficer;
  const found = await worker
    .transaction()
    .execute(async (tx) => {
      await lockApply(tx);
      // Before looking: a month being closed is either closed then, or waits until this is done.
      await joinHistory(tx);
      const now = await findBatch(tx, batch.batch_id, true);
      if (now?.state !== "applying") return "done";
      await requireOpenMonth(tx, batchMonth(now), "应用");
      if (!(await stageIsWhole(tx, now))) return "lost";
      if ((await registryMark(tx)) !== now.compared_mark) return "moved";
      await applyBatch(tx, now, officer, (stage) => context.progress(stage));
      return "done";
    })
    .catch(whenMoved);
  if (found === "done") {
    await settle(services, batch);
    return cleanUp(services, batch.batch_id);
  }
  await compareAgain(context, batch, found === "moved");
  refuse(found === "moved" ? ledgerProblems.registryMoved() : ledgerProblems.stageLost());
}

/**
 * Every row that the comparison found to differ is still there, and every one that it found to say nothing: a table emptied
 * by a crash looks like one that reports nobody.
 */
async function stageIsWhole(tx: Tx, batch: BatchRow): Promise<boolean> {
  const { assessed, rows } = stageTables(batch.batch_id);
  const known = await sql<{ known: boolean }>`SELECT to_regclass(${assessed}) IS NOT NULL AS known`.execute(tx);
  if (!known.rows[0]!.known) return false;
  const counted = await sql<{ differing: string; read: string }>`
    SELECT (SELECT count(*) FROM ${sql.raw(assessed)} WHERE reason IS NOT NULL) AS differing,
      (SELECT count(*) FROM ${sql.raw(rows)} WHERE NOT held) AS read`.execute(tx);
  const { differing, read } = counted.rows[0]!;
  const valid = Number(read) + (await countClaims(runnerOf(tx), batch.batch_id));
  return Number(differing) === batch.counts.valid - batch.counts.unchanged && valid >= batch.counts.valid;
}

async function compareAgain(context: TaskContext, batch: BatchRow, staged: boolean): Promise<void> {
  const { rows } = batch.counts;
  const kept = staged ? await compareStaged(context, batch, null) : null;
  const compared = kept ?? (await stageAndCompare(context, batch, false));
  await patchBatch(context.services.database.worker, batch.batch_id, {
    counts: { ...compared.counts, rows },
    comparedMark: compared.mark,
    vanishApprovedBy: null,
  });
}

/** What an applied batch leaves for later: the memory of its texts, and the planner's of the tables' new sizes. */
export async function settle(services: Services, batch: BatchRow): Promise<void> {
  await Promise.all([rememberRows(services, batch), refreshStatistics(services, batch)]);
}

/**
 * So that next month only rows with other words are read: also those that said the same as before in another form, where
 * they are more than the odd one. Losing this costs time and nothing else.
 */
async function rememberRows(services: Services, batch: BatchRow): Promise<void> {
  if (!kindDefinitions[batch.kind].timeless) return;
  const { valid, unchanged } = batch.counts;
  await services.database.worker.transaction().execute(async (tx) => {
    await lockApply(tx);
    const run = runnerOf(tx);
    if (unchanged - (await countClaims(run, batch.batch_id)) < valid * WORTH_REMEMBERING) return;
    await rememberTexts(run, batch.batch_id, batch.kind);
  });
}

/** Share of a table's rows, unchanged but read. */
const WORTH_REMEMBERING = 0.01;

/** An ordinary month changes too little of the tables for the planner to be misled until autovacuum comes by. */
async function refreshStatistics(services: Services, { counts }: BatchRow): Promise<void> {
  const changed = counts.valid - counts.unchanged;
  if (changed < LARGE_BATCH_ROWS || changed * 5 <= counts.valid) return;
  const { worker } = services.database;
  await Promise.all([
    sql`SELECT registry.refresh_people_statistics()`.execute(worker),
    sql`SELECT registry.refresh_work_statistics()`.execute(worker),
    sql`SELECT ledger.refresh_statistics()`.execute(worker),
  ]);
}

/** What the batch needed only until it was applied: its staged rows, and the numbers in them, are not kept longer than that. */
async function cleanUp(services: Services, batchId: string): Promise<void> {
  const client = await services.database.pools.worker.connect();
  try {
    await dropStage(client, batchId);
  } finally {
    client.release();
  }
}

/** applied → undone, as a counter-batch of its own. */
async function undoTask(context: TaskContext, batch: BatchRow, payload: Record<string, unknown>): Promise<void> {
  const { services } = context;
  if (batch.state !== "undoing") return;
  await context.progress("撤销");
  await withSight(services.database.worker, noSight, async (tx) => {
    await lockApply(tx);
    await joinHistory(tx);
    const now = await findBatch(tx, batch.batch_id, true);
    if (now?.state !== "undoing") return;
    await requireOpenMonth(tx, batchMonth(now), "撤销");
    await recordUndo(tx, now, payload["officer"] as ActingOfficer, undoBatch);
  });
}

/** Removes what a discarded batch had staged; its faults and differences, which may name people, go too. */
async function discardTask(context: TaskContext, batch: BatchRow): Promise<void> {
  if (batch.state === "discarded") await forgetStaged(context.services, batch.batch_id);
}

/** All that was staged of people, and what was found of them. */
export async function forgetStaged(services: Services, batchId: string): Promise<void> {
  await cleanUp(services, batchId);
  await sql`DELETE FROM ledger.difference WHERE batch_id = ${batchId}`.execute(services.database.worker);
  await sql`DELETE FROM ledger.fault WHERE batch_id = ${batchId}`.execute(services.database.worker);
}
