import { handleExport } from "#exports";
import { regionNames } from "#registry";
import { sql, type RawBuilder } from "kysely";
import { inPieces } from "../../platform/db/pieces.ts";
import { handle, type ActionContext, type Handler } from "../../platform/module.ts";
import { refuse } from "../../platform/problem.ts";
import {
  applyBatch,
  approveVanished,
  countDifferences,
  decideDifferences,
  differenceKinds,
  exportDifferences,
  listDifferences,
  previewApply,
  previewUndo,
  undoBatch,
  type Decision,
  type DifferenceKind,
  type DifferenceRow,
  type ReasonCode,
} from "../contract.ts";
import { previewUndoOf } from "../apply/preview-undo.ts";
import { previewApplyOf } from "../apply/preview-apply.ts";
import { VANISH_LIMIT } from "../limits.ts";
import { batchMonth, requireOpenMonth } from "../months.ts";
import { ledgerProblems } from "../problems.ts";
import { batchSubject, patchBatch, type BatchRow } from "../store.ts";
import { ledgerTasks } from "../tasks.ts";
import { batchOf, move, queueTask, scopeOf, vanishApproval } from "./batches.ts";
import { showCells, type StoredCell } from "./show-cells.ts";
import { differencesList } from "../marked/write-differences.ts";

interface DifferenceFilter {
  readonly region?: string | undefined;
  readonly kind?: DifferenceKind | undefined;
  readonly reason?: ReasonCode | undefined;
  readonly name?: string | undefined;
}

interface StoredDifference {
  difference_id: number;
  kind: DifferenceKind;
  reason: ReasonCode;
  person_id: string;
  new_person: boolean;
  name: string;
  identity_mask: string;
  home_region: string;
  row_no: number | null;
  cells: StoredCell[];
  decision: Decision;
}

function matching(context: ActionContext, batch: BatchRow, filter: DifferenceFilter): RawBuilder<unknown> {
  return sql`d.batch_id = ${batch.batch_id} AND starts_with(d.home_region, ${scopeOf(context)})
    ${filter.region ? sql`AND d.home_region >= ${filter.region} AND d.home_region < ${`${filter.region}:`}` : sql``}
    ${filter.kind ? sql`AND d.kind = ${filter.kind}` : sql``} ${filter.reason ? sql`AND d.reason = ${filter.reason}` : sql``}
    ${filter.name ? sql`AND starts_with(d.name, ${filter.name})` : sql``}`;
}

/** In the order of the villages. */
function selected(context: ActionContext, batch: BatchRow, filter: DifferenceFilter): RawBuilder<StoredDifference> {
  return sql<StoredDifference>`SELECT d.difference_id, d.kind, d.reason, d.person_id, d.new_person, d.name, d.identity_mask, d.home_region, d.row_no, ledger.cells_of(d.cells, d.new_category, d.new_spell) AS cells, d.decision
    FROM ledger.difference d WHERE ${matching(context, batch, filter)} ORDER BY d.home_region, d.difference_id`;
}

async function countMatching(context: ActionContext, batch: BatchRow, filter: DifferenceFilter): Promise<number> {
  const { rows } = await sql<{
    n: string;
  }>`SELECT count(*) AS n FROM ledger.difference d WHERE ${matching(context, batch, filter)}`.execute(context.tx);
  return Number(rows[0]!.n);
}

/** As the browser and the sheet show them. */
async function asShown(
  context: ActionContext,
  batch: BatchRow,
  stored: readonly StoredDifference[],
): Promise<DifferenceRow[]> {
  const codes = new Set<string>();
  for (const row of stored) {
    codes.add(row.home_region);
    for (const cell of row.cells)
      for (const value of [cell.held, cell.claimed])
        for (const code of value?.match(/\d{2,12}/g) ?? []) codes.add(code);
  }
  const names = await regionNames(context.tx, [...codes]);
  const nameOf = (code: string) => names(code).name;
  return stored.map((row) => ({
    differenceId: row.difference_id,
    kind: row.kind,
    reason: row.reason,
    personId: row.person_id,
    newPerson: row.new_person,
    name: row.name,
    identityMask: row.identity_mask,
    region: row.home_region,
    village: nameOf(row.home_region).split(" ").at(-1)!,
    rowNo: row.row_no,
    cells: showCells(row.cells, nameOf),
    decision: row.decision,
    applied: batch.state === "applied" && row.decision !== "leave",
  }));
}

const actingOfficer = (context: ActionContext) => ({
  id: context.caller.officerId!,
  name: context.caller.name,
  organisation: context.caller.organisation,
});

/** A counter-batch stands as "applied" and has changes of its own; taking those back would be an undo nobody could follow. */
function undoable(batch: BatchRow): BatchRow {
  return batch.counter_of === null ? batch : refuse(ledgerProblems.undoOfUndo());
}

export const differenceHandlers: readonly Handler[] = [
  handle(listDifferences, async (context, input) => {
    const batch = await batchOf(context, input.batchId);
    const stored =
      await sql<StoredDifference>`${selected(context, batch, input)} LIMIT ${input.size} OFFSET ${(input.page - 1) * input.size}`.execute(
        context.tx,
      );
    const rows = await asShown(context, batch, stored.rows);
    context.audit({
      subject: batchSubject(batch.batch_id),
      count: rows.length,
      persons: rows.map(({ personId }) => personId),
    });
    return { rows, total: await countMatching(context, batch, input) };
  }),

  handle(countDifferences, async (context, input) => {
    const batch = await batchOf(context, input.batchId);
    const under = input.under ?? scopeOf(context);
    const where = matching(context, batch, { region: under === "" ? undefined : under });
    // The level below `under`: county → town, town → village.
    const digits = under.length >= 9 ? 12 : under.length >= 6 ? 9 : under.length >= 4 ? 6 : 4;
    const byRegion = await sql<{ code: string; kind: DifferenceKind; n: string }>`
      SELECT left(d.home_region, ${digits}) AS code, d.kind, count(*) AS n FROM ledger.difference d WHERE ${where} GROUP BY 1, 2 ORDER BY 1`.execute(
      context.tx,
    );
    const reasons = await sql<{
      reason: ReasonCode;
      n: string;
    }>`SELECT d.reason, count(*) AS n FROM ledger.difference d WHERE ${where} GROUP BY 1 ORDER BY 1`.execute(
      context.tx,
    );
    const names = await regionNames(context.tx, [...new Set(byRegion.rows.map((row) => row.code))]);
    const regions = new Map<
      string,
      { code: string; name: string; total: number; kinds: Partial<Record<DifferenceKind, number>> }
    >();
    const kinds: Partial<Record<DifferenceKind, number>> = {};
    for (const { code, kind, n } of byRegion.rows) {
      const region = regions.get(code) ?? { code, name: names(code).name, total: 0, kinds: {} };
      region.kinds[kind] = Number(n);
      region.total += Number(n);
      regions.set(code, region);
      kinds[kind] = (kinds[kind] ?? 0) + Number(n);
    }
    const ordered = Object.fromEntries(differenceKinds.flatMap((kind) => (kinds[kind] ? [[kind, kinds[kind]]] : [])));
    return {
      regions: [...regions.values()],
      reasons: reasons.rows.map((row) => ({ reason: row.reason, total: Number(row.n) })),
      kinds: ordered,
    };
  }),

  handle(decideDifferences, async (context, input) => {
    const batch = await batchOf(context, input.batchId, true);
    if (batch.state !== "compared") refuse(ledgerProblems.notPossible("已不在比对阶段", "改动处理意见"));
    const chosen = input.filter
      ? matching(context, batch, input.filter)
      : sql`${matching(context, batch, {})} AND d.difference_id = ANY(${input.differenceIds})`;
    // "Adopt" of a conflict means that its disputed cells become tasks.
    const decision =
      input.decision === "leave" ? sql`'leave'` : sql`CASE WHEN d.kind = 'conflicting' THEN 'task' ELSE 'adopt' END`;
    const result =
      await sql`UPDATE ledger.difference d SET decision = ${decision}, decided_by = ${context.caller.officerId} WHERE ${chosen} AND d.decision IS DISTINCT FROM ${decision}`.execute(
        context.tx,
      );
    const decided = Number(result.numAffectedRows ?? 0);
    if (input.decision === "leave" && decided > 0) await patchBatch(context.tx, batch.batch_id, { leftOut: true });
    context.audit({ subject: batchSubject(batch.batch_id), count: decided, decision: input.decision });
    return { decided };
  }),

  handle(previewApply, async (context, input) =>
    previewApplyOf(context.tx, scopeOf(context), await batchOf(context, input.batchId)),
  ),

  handle(applyBatch, async (context, input) => {
    const batch = await batchOf(context, input.batchId, true);
    if (vanishApproval(batch) === "needed")
      refuse(ledgerProblems.vanishNeedsApproval(`${(batch.counts.vanishedPerTenThousand / 100).toFixed(2)}%`));
    await requireOpenMonth(context.tx, batchMonth(batch), "应用");
    await move(context, batch, "apply", "应用");
    context.audit({ subject: batchSubject(batch.batch_id) });
    return { taskId: await queueTask(context, batch, ledgerTasks.apply, { officer: actingOfficer(context) }) };
  }),

  handle(approveVanished, async (context, input) => {
    const batch = await batchOf(context, input.batchId, true);
    if (batch.received_by === context.caller.officerId) refuse(ledgerProblems.approveOwn());
    if (batch.state !== "compared" || batch.counts.vanishedPerTenThousand <= VANISH_LIMIT)
      refuse(ledgerProblems.notPossible("无需复核", "复核消失人员"));
    await patchBatch(context.tx, batch.batch_id, { vanishApprovedBy: context.caller.officerId });
    context.audit({ subject: batchSubject(batch.batch_id), count: batch.counts.differences.vanished ?? 0 });
    return { approved: true as const };
  }),

  handle(previewUndo, async (context, input) =>
    previewUndoOf(context.tx, scopeOf(context), undoable(await batchOf(context, input.batchId))),
  ),

  handle(undoBatch, async (context, input) => {
    const batch = undoable(await batchOf(context, input.batchId, true));
    await requireOpenMonth(context.tx, batchMonth(batch), "撤销");
    await move(context, batch, "undo", "撤销");
    context.audit({ subject: batchSubject(batch.batch_id) });
    return { taskId: await queueTask(context, batch, ledgerTasks.undo, { officer: actingOfficer(context) }) };
  }),

  handleExport(exportDifferences, async (context, { purpose: _purpose, ...filter }) => {
    const batch = await batchOf(context, filter.batchId);
    const total = await countMatching(context, batch, filter);
    return differencesList(batch, total, async function* () {
      for await (const stored of inPieces(context.tx, selected(context, batch, filter)))
        yield await asShown(context, batch, stored);
    });
  }),
];
