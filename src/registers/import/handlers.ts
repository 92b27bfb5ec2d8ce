import { within, type Scope } from "#registry";
import { sql } from "kysely";
import type { Tx } from "../../platform/db/database.ts";
import { keepFile } from "../../platform/files/kept.ts";
import { handle, handleDownload, handleUpload, type ActionContext, type Handler } from "../../platform/module.ts";
import { platformProblems, refuse } from "../../platform/problem.ts";
import { findTaskState, latestTasks } from "../../platform/tasks/state.ts";
import {
  applyImport,
  discardImport,
  downloadFaultyRows,
  getImport,
  getRegisterTask,
  importStateLabels,
  importTable,
  listImportFaults,
  listImports,
  mapImport,
  undoImport,
  type ImportDetail,
  type ImportFault,
  type ImportState,
  type ImportSummary,
} from "../imports-contract.ts";
import { registersProblems } from "../problems.ts";
import { keyWords, showTexts } from "../rows/show.ts";
import type { Shape } from "../shape.ts";
import type { Shelf } from "../shelf.ts";
import { faultyRows } from "./faulty-rows.ts";
import { importFields, requireLayout, type ChosenSheet, type ImportSheet } from "./layout.ts";
import {
  changedSince,
  findSeenImport,
  insertImport,
  listStoredImports,
  patchImport,
  type StoredImport,
} from "./store.ts";
import { importTasks } from "./tasks.ts";
import { templateHandler } from "./template.ts";

const subjectOf = (importId: string) => `register-import:${importId}`;

export function importHandlers(shelf: Shelf): readonly Handler[] {
  const summarise = async (tx: Tx, rows: readonly StoredImport[]): Promise<ImportSummary[]> => {
    const tasks = await latestTasks(
      tx,
      rows.map(({ import_id }) => subjectOf(import_id)),
    );
    return rows.map((row) => ({
      importId: row.import_id,
      register: row.register,
      title: shelf.find(row.register)?.definition.title ?? row.register,
      fileName: row.file_name,
      state: row.state,
      counts: row.counts,
      problem: row.problem,
      businessDate: row.business_date,
      receivedBy: row.received_by_name,
      receivedAt: row.received_at.toISOString(),
      appliedAt: row.applied_at?.toISOString() ?? null,
      undoneAt: row.undone_at?.toISOString() ?? null,
      taskId: tasks.get(subjectOf(row.import_id)) ?? null,
    }));
  };

  return [
    templateHandler(shelf),

    handleUpload(importTable, async (context, { register }, file) => {
      const shape = shelf.get(register);
      const region = scopeOf(context);
      const { tx, caller, businessDate } = context;
      const fileId = await keepFile(tx, file, {
        region,
        purpose: `登记簿导入：${shape.definition.title}`,
        officerId: caller.officerId,
      });
      const importId = await insertImport(tx, {
        register,
        region,
        fileId,
        fileName: file.name,
        businessDate,
        officer: caller,
      });
      context.audit({ subject: subjectOf(importId), register, file: file.name, bytes: file.bytes });
      return { importId, taskId: await queue(context, { import_id: importId, region }, importTasks.check) };
    }),

    handle(listImports, async ({ tx, caller }, { page, size, ...filter }) => {
      const { rows, total } = await listStoredImports(tx, caller.sight.region, filter, { page, size });
      return { rows: await summarise(tx, rows), total };
    }),

    handle(getImport, async (context, { importId }) => {
      const { tx, caller } = context;
      const given = await importOf(context, importId);
      const [summary] = await summarise(tx, [given]);
      context.audit({ subject: subjectOf(importId), count: given.sample.length });
      return {
        ...summary!,
        sheets: given.mapping.map(({ sheet, name, used, headerRow, columns }) => ({
          sheet,
          name,
          used,
          headerRows: headerRow === null ? [] : [headerRow],
          columns: columns.map((column) => ({ ...column, samples: [...column.samples] })),
        })),
        fields: importFields(shelf.get(given.register)),
        byHand: given.chosen !== null,
        changes: await changesOf(tx, shelf, caller.sight.region, given),
        later: given.state === "applied" ? await changedSince(tx, given.register, importId) : 0,
      };
    }),

    handle(listImportFaults, async (context, { importId, page, size, label }) => {
      const { tx } = context;
      const given = await importOf(context, importId);
      const answer = await faultsOf(tx, given, label, { page, size });
      context.audit({ subject: subjectOf(importId), count: answer.rows.length });
      return answer;
    }),

    handleDownload(downloadFaultyRows, async (context, { importId }) => {
      const given = await importOf(context, importId);
      context.audit({ subject: subjectOf(importId), count: given.counts.faulty });
      return faultyRows(context, shelf.get(given.register), given);
    }),

    handle(mapImport, async (context, { importId, sheets }) => {
      const given = await importOf(context, importId, true);
      // What failed for its columns has a layout; what could not be opened has none.
      if (given.state !== "failed" || given.mapping.length === 0) requireState(given, "checked", "改列对应");
      const shape = shelf.get(given.register);
      const chosen = chosenSheets(shape, given.mapping, sheets);
      await patchImport(context.tx, importId, { chosen, state: "checking", problem: null });
      context.audit({ subject: subjectOf(importId), register: given.register, count: chosen.length });
      return { taskId: await queue(context, given, importTasks.check) };
    }),

    handle(applyImport, async (context, { importId }) => {
      const given = await importOf(context, importId, true);
      requireState(given, "checked", "导入");
      const { counts } = given;
      if (counts.new + counts.changed === 0) refuse(registersProblems.nothingToApply());
      context.audit({ subject: subjectOf(importId), register: given.register, count: counts.new + counts.changed });
      return { taskId: await queue(context, given, importTasks.apply, { officer: officerOf(context) }) };
    }),

    handle(undoImport, async (context, { importId }) => {
      const given = await importOf(context, importId, true);
      requireState(given, "applied", "撤销");
      const later = await changedSince(context.tx, given.register, importId);
      if (later > 0) refuse(registersProblems.changedSince(later));
      context.audit({
        subject: subjectOf(importId),
        register: given.register,
        count: given.counts.new + given.counts.changed,
      });
      return { taskId: await queue(context, given, importTasks.undo, { officer: officerOf(context) }) };
    }),

    handle(discardImport, async (context, { importId }) => {
      const given = await importOf(context, importId, true);
      requireState(given, "checked", "作废");
      await patchImport(context.tx, importId, { state: "discarded" });
      await queue(context, given, importTasks.discard);
      context.audit({ subject: subjectOf(importId), register: given.register });
      return { discarded: true as const };
    }),

    handle(
      getRegisterTask,
      async (context, { taskId }) =>
        (await findTaskState(context.tx, taskId, scopeOf(context))) ?? refuse(platformProblems.notFound("该任务")),
    ),
  ];

  async function importOf(context: ActionContext, importId: string, lock = false): Promise<StoredImport> {
    const found = await findSeenImport(context.tx, scopeOf(context), importId, lock);
    return found && shelf.find(found.register) ? found : refuse(platformProblems.notFound("这次导入"));
  }
}

function scopeOf({ caller }: ActionContext): string {
  return caller.sight.region ?? refuse(platformProblems.outOfScope());
}

function requireState(given: StoredImport, state: ImportState, act: string): void {
  if (given.state !== state) refuse(registersProblems.notPossible(importStateLabels[given.state], act));
}

function officerOf({ caller, businessDate }: ActionContext) {
  return { officerId: caller.officerId, name: caller.name, businessDate };
}

function queue(
  context: ActionContext,
  given: Pick<StoredImport, "import_id" | "region">,
  name: string,
  payload: Record<string, unknown> = {},
): Promise<string> {
  return context.enqueue({
    name,
    payload: { importId: given.import_id, ...payload },
    subject: subjectOf(given.import_id),
    region: given.region,
    queue: subjectOf(given.import_id),
  });
}

/** The choice, if it can be read by: known columns, each meaning once a sheet, nothing that names a row left out. */
function chosenSheets(
  shape: Shape,
  mapping: readonly ImportSheet[],
  sheets: readonly ChosenSheet[],
): readonly ChosenSheet[] {
  const known = new Map(importFields(shape).map(({ field, label }) => [field, label]));
  for (const { columns } of sheets) {
    const given = columns.flatMap(({ field }) => field ?? []);
    const wrong = given.find((field, at) => !known.has(field) || given.indexOf(field) !== at);
    if (wrong !== undefined) refuse(registersProblems.mappedTwice(known.get(wrong) ?? wrong));
  }
  requireLayout(
    shape,
    mapping.map((read) => {
      const wanted = sheets.find(({ sheet }) => sheet === read.sheet);
      const fields = new Map(wanted?.columns.map(({ column, field }) => [column, field]));
      return {
        ...read,
        used: wanted?.used ?? false,
        columns: read.columns.map((column) => ({ ...column, field: fields.get(column.column) ?? null })),
      };
    }),
  );
  return sheets;
}

async function changesOf(tx: Tx, shelf: Shelf, scope: Scope, given: StoredImport): Promise<ImportDetail["changes"]> {
  const shape = shelf.get(given.register);
  const shown = await showTexts(
    tx,
    shelf,
    scope,
    shape,
    given.sample.flatMap(({ before, after }) => [before, after]),
  );
  return given.sample.map(({ sheet, row_no, before, after }, index) => ({
    sheet,
    rowNo: row_no,
    row: keyWords(shape, shown[2 * index]!),
    cells: shape.columns
      .filter(({ column }) => before[column] !== after[column])
      .map(({ column, label }) => ({
        label,
        before: shown[2 * index]![column] ?? null,
        after: shown[2 * index + 1]![column] ?? null,
      })),
  }));
}

async function faultsOf(
  tx: Tx,
  given: StoredImport,
  label: string | undefined,
  page: { page: number; size: number },
): Promise<{ rows: ImportFault[]; total: number; labels: { label: string; faults: number }[] }> {
  const own = sql`f.import_id = ${given.import_id} AND ${within("f.region", given.region)}`;
  const where = sql`${own} ${label ? sql`AND f.label = ${label}` : sql``}`;
  const { rows } = await sql<ImportFault>`
    SELECT f.sheet, f.row_no AS "rowNo", f.label, f.message, f.value_mask AS value FROM registers.import_fault f
    WHERE ${where} ORDER BY f.sheet, f.row_no, f.column_name LIMIT ${page.size} OFFSET ${(page.page - 1) * page.size}`.execute(
    tx,
  );
  const labels = await sql<{ label: string; faults: number }>`
    SELECT f.label, count(*)::int AS faults FROM registers.import_fault f WHERE ${own} GROUP BY f.label ORDER BY 2 DESC, 1`.execute(
    tx,
  );
  const total = labels.rows.filter((one) => !label || one.label === label).reduce((sum, one) => sum + one.faults, 0);
  return { rows, total, labels: labels.rows };
}
