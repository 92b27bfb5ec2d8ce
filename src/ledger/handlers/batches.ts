import { regionNames, sees } from "#registry";
import { nextState } from "../../platform/contract.ts";
import { handle, handleUpload, type ActionContext, type Handler } from "../../platform/module.ts";
import { platformProblems, refuse } from "../../platform/problem.ts";
import { findTaskState, latestTasks } from "../../platform/tasks/state.ts";
import {
  batchFlow,
  batchStateLabels,
  confirmMapping,
  discardBatch,
  getBatch,
  getMapping,
  getTask,
  listBatches,
  receiveBatch,
  type BatchAct,
  type BatchSummary,
  type LedgerField,
} from "../contract.ts";
import { kindDefinitions } from "../kinds/index.ts";
import { VANISH_LIMIT } from "../limits.ts";
import { requireOpenMonth } from "../months.ts";
import { ledgerProblems } from "../problems.ts";
import {
  batchSubject,
  findBatch,
  findSameFile,
  insertBatch,
  listBatchRows,
  patchBatch,
  type BatchRow,
} from "../store.ts";
import { ledgerTasks, missingFields } from "../tasks.ts";

export function scopeOf(context: ActionContext): string {
  return context.caller.sight.region ?? refuse(platformProblems.outOfScope());
}

/** The batch, if it lies in the caller's area. */
export async function batchOf(context: ActionContext, batchId: string, lock = false): Promise<BatchRow> {
  const batch = await findBatch(context.tx, batchId, lock);
  if (!batch || !sees(scopeOf(context), batch.region)) refuse(platformProblems.notFound("该台账批次"));
  return batch;
}

/** Moves the batch by an act of the officer, or refuses in words when its state does not allow it. */
export async function move(context: ActionContext, batch: BatchRow, act: BatchAct, words: string): Promise<void> {
  const state = nextState(batchFlow, batch.state, act);
  if (!state) refuse(ledgerProblems.notPossible(batchStateLabels[batch.state], words));
  await patchBatch(context.tx, batch.batch_id, { state, problem: null });
}

export function queueTask(
  context: ActionContext,
  batch: Pick<BatchRow, "batch_id" | "region">,
  name: string,
  payload: Record<string, unknown> = {},
): Promise<string> {
  return context.enqueue({
    name,
    payload: { batchId: batch.batch_id, ...payload },
    subject: batchSubject(batch.batch_id),
    region: batch.region,
    queue: batchSubject(batch.batch_id),
  });
}

export function vanishApproval(batch: BatchRow): BatchSummary["vanishApproval"] {
  if (batch.counts.vanishedPerTenThousand <= VANISH_LIMIT) return "not-needed";
  return batch.vanish_approved_by === null ? "needed" : "given";
}

async function summarise(context: ActionContext, rows: readonly BatchRow[]): Promise<BatchSummary[]> {
  const names = await regionNames(context.tx, [...new Set(rows.flatMap((row) => row.coverage))]);
  const tasks = await latestTasks(
    context.tx,
    rows.map((row) => batchSubject(row.batch_id)),
  );
  return rows.map((row) => ({
    batchId: row.batch_id,
    kind: row.kind,
    month: row.month.slice(0, 7),
    title: row.title,
    sender: row.sender,
    coverage: row.coverage.map((code) => ({ code, name: names(code).name })),
    region: row.region,
    fileName: row.file_name,
    format: row.format,
    state: row.state,
    round: row.round,
    counts: row.counts,
    problem: row.problem,
    receivedBy: row.received_by_name,
    receivedOn: row.business_date,
    receivedAt: row.received_at.toISOString(),
    appliedAt: row.applied_at?.toISOString() ?? null,
    appliedBy: row.applied_by_name,
    complete: row.complete,
    vanishApproval: vanishApproval(row),
    undoneBy: row.undone_by,
    counterOf: row.counter_of,
    taskId: tasks.get(batchSubject(row.batch_id)) ?? null,
  }));
}

export const batchHandlers: readonly Handler[] = [
  handleUpload(receiveBatch, async (context, input, file) => {
    const scope = scopeOf(context);
    const coverage = input.coverage.length > 0 ? input.coverage : [scope];
    if (!coverage.every((code) => sees(scope, code))) refuse(ledgerProblems.coverageOutside());
    await requireOpenMonth(context.tx, { month: input.month, coverage }, "接收");
    const sameFileAs = await findSameFile(context.tx, scope, input.kind, input.month, file.sha256);
    const batchId = await insertBatch(context.tx, {
      ...input,
      coverage,
      region: scope,
      file,
      officerId: context.caller.officerId!,
      officerName: context.caller.name,
      businessDate: context.businessDate,
    });
    const taskId = await queueTask(context, { batch_id: batchId, region: scope }, ledgerTasks.read);
    context.audit({
      subject: batchSubject(batchId),
      file: file.name,
      bytes: file.bytes,
      kind: input.kind,
      month: input.month,
    });
    return { batchId, taskId, sameFileAs };
  }),

  handle(listBatches, async (context, input) => {
    const { rows, total } = await listBatchRows(context.tx, scopeOf(context), input, input.page, input.size);
    return { rows: await summarise(context, rows), total };
  }),

  handle(getBatch, async (context, input) => (await summarise(context, [await batchOf(context, input.batchId)]))[0]!),

  handle(getMapping, async (context, input) => {
    const batch = await batchOf(context, input.batchId);
    const { fields } = kindDefinitions[batch.kind];
    return {
      remembered: batch.remembered_at ? { usedAt: new Date(batch.remembered_at).toISOString() } : null,
      sheets: [...(batch.mapping ?? [])],
      fields: (Object.keys(fields) as LedgerField[]).map((field) => ({
        field,
        required: fields[field]?.required ?? false,
      })),
    };
  }),

  handle(confirmMapping, async (context, input) => {
    const batch = await batchOf(context, input.batchId, true);
    const mapping = (batch.mapping ?? []).map((sheet) => {
      const wanted = input.sheets.find((one) => one.sheet === sheet.sheet);
      if (!wanted) return sheet;
      const fields = new Map(wanted.columns.map((column) => [column.column, column.field]));
      const columns = sheet.columns.map((column) => ({
        ...column,
        field: fields.has(column.column) ? fields.get(column.column)! : column.field,
      }));
      return { ...sheet, used: wanted.used, columns, missing: missingFields(batch, columns) };
    });
    for (const sheet of mapping) {
      const given = sheet.columns.flatMap((column) => (column.field ? [column.field] : []));
      const twice = given.find((field, index) => given.indexOf(field) !== index);
      if (sheet.used && twice)
        refuse(platformProblems.invalidInput(`工作表“${sheet.name}”有两列都对应同一项，请只保留一列。`, ["sheets"]));
    }
    await move(context, batch, "map", "确认列对应");
    await patchBatch(context.tx, batch.batch_id, { mapping, rememberedAt: null });
    context.audit({ subject: batchSubject(batch.batch_id) });
    return { taskId: await queueTask(context, batch, ledgerTasks.check) };
  }),

  handle(discardBatch, async (context, input) => {
    const batch = await batchOf(context, input.batchId, true);
    await move(context, batch, "discard", "作废");
    await queueTask(context, batch, ledgerTasks.discard);
    context.audit({ subject: batchSubject(batch.batch_id) });
    return { state: "discarded" as const };
  }),

  handle(
    getTask,
    async (context, input) =>
      (await findTaskState(context.tx, input.taskId, scopeOf(context))) ?? refuse(platformProblems.notFound("该任务")),
  ),
];
