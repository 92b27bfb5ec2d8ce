import { sql } from "kysely";
import { noSight, withSight, type Tx } from "../../platform/db/database.ts";
import type { Services } from "../../platform/module.ts";
import { Refusal, refuse } from "../../platform/problem.ts";
import type { TaskContext, TaskDefinition } from "../../platform/tasks/definition.ts";
import { tableFacts } from "../facts.ts";
import { registersProblems } from "../problems.ts";
import type { Shape } from "../shape.ts";
import type { Shelf } from "../shelf.ts";
import { violationOf } from "../violations.ts";
import { assess, keepFaults, sampleChanges } from "./assess.ts";
import type { ImportSheet } from "./layout.ts";
import { dropStage, stageTable, stageTables } from "./stage.ts";
import {
  changedSince,
  findImport,
  lockRegister,
  patchImport,
  stageHolds,
  type ActingOfficer,
  type ImportPatch,
  type StoredImport,
} from "./store.ts";
import { takeBack, writeRows } from "./write.ts";

/** Names of the background work; the handlers queue them. */
export const importTasks = {
  check: "registers.check",
  apply: "registers.apply",
  undo: "registers.undo",
  discard: "registers.discard",
} as const;

type Work = (
  context: TaskContext,
  given: StoredImport,
  shape: Shape,
  payload: Record<string, unknown>,
) => Promise<void>;

export function taskDefinitions(shelf: Shelf): readonly TaskDefinition[] {
  const task = (name: string, work: Work): TaskDefinition => ({
    name,
    async run(context, payload) {
      const given = await findImport(context.services.database.worker, String(payload["importId"]));
      if (given) await work(context, given, shelf.get(given.register), payload);
    },
  });
  return [
    task(importTasks.check, (context, given, shape) => check(shelf, context, given, shape)),
    task(importTasks.apply, (context, given, shape, payload) =>
      apply(shelf, context, given, shape, payload["officer"] as ActingOfficer),
    ),
    task(importTasks.undo, (context, given, shape, payload) =>
      undo(context, given, shape, payload["officer"] as ActingOfficer & { businessDate: string }),
    ),
    task(importTasks.discard, (context, given) => dropStage(context.services, given.import_id)),
  ];
}

/** checking → checked: reads the file and sets it beside the register. A refusal is kept with the import. */
async function check(shelf: Shelf, context: TaskContext, given: StoredImport, shape: Shape): Promise<void> {
  if (given.state !== "checking") return;
  const { worker } = context.services.database;
  try {
    const patch = await readAndAssess(shelf, context, given, shape);
    await worker.transaction().execute(async (tx) => {
      const now = await findImport(tx, given.import_id, true);
      if (now?.state === "checking")
        await patchImport(tx, given.import_id, { ...patch, state: "checked", problem: null });
    });
  } catch (cause) {
    if (cause instanceof Refusal) {
      const { code, message } = cause.problem;
      await patchImport(worker, given.import_id, { state: "failed", problem: { code, message } });
      await dropStage(context.services, given.import_id);
    }
    throw cause;
  }
}

async function readAndAssess(
  shelf: Shelf,
  context: TaskContext,
  given: StoredImport,
  shape: Shape,
): Promise<ImportPatch> {
  const { services } = context;
  await context.progress("读取表格");
  const { rows, sheets } = await stageTable(
    services,
    shape,
    given,
    (done) => context.progress("读取表格", done),
    (mapping) => patchImport(services.database.worker, given.import_id, { mapping }),
  );
  await context.progress("与登记簿核对", rows, rows);
  return { ...(await assessStaged(services, shelf, given, shape, sheets)), mapping: sheets };
}

async function assessStaged(
  services: Services,
  shelf: Shelf,
  given: StoredImport,
  shape: Shape,
  sheets: readonly ImportSheet[],
): Promise<ImportPatch> {
  return asWorker(services, async (tx) => {
    const { counts, mark, facts } = await assess(tx, shelf, shape, given, sheets, true);
    await keepFaults(tx, given);
    return { counts, mark, sample: await sampleChanges(tx, shape, facts, given) };
  });
}

/** Set statements over staged rows see everything; the area of the import is part of each of them. */
function asWorker<T>(services: Services, work: (tx: Tx) => Promise<T>): Promise<T> {
  return withSight(services.database.worker, noSight, work);
}

/**
 * checked → applied, in one transaction. When the register has moved since it was checked, or a crash has emptied the stage,
 * everything is checked again and nothing is written: what the officer agreed to is what is done.
 */
async function apply(
  shelf: Shelf,
  context: TaskContext,
  given: StoredImport,
  shape: Shape,
  officer: ActingOfficer,
): Promise<void> {
  const { services } = context;
  if (given.state === "applied") return dropStage(services, given.import_id);
  if (given.state !== "checked") return;
  await context.progress("写入登记簿", 0, given.counts.new + given.counts.changed);
  const outcome = await asWorker(services, async (tx) => {
    await lockRegister(tx, shape.name, "alone");
    const now = await findImport(tx, given.import_id, true);
    if (now?.state !== "checked") return "done";
    if (!(await stageHolds(tx, stageTables(given.import_id).assessed, now.counts.rows))) return "lost";
    const found = await assess(tx, shelf, shape, given, now.mapping, false);
    if (found.mark !== now.mark) return "moved";
    await writeRows(tx, shape, found.facts, given, officer);
    await patchImport(tx, given.import_id, { state: "applied", applied: true, problem: null });
    return "done";
  }).catch((cause: unknown) => {
    // Another row has come in between that a rule of the table sets against one of these.
    if (violationOf(cause)) return "moved" as const;
    throw cause;
  });
  if (outcome === "done") return dropStage(services, given.import_id);
  const patch =
    outcome === "lost"
      ? await readAndAssess(shelf, context, given, shape)
      : await assessStaged(services, shelf, given, shape, given.mapping);
  await patchImport(services.database.worker, given.import_id, patch);
  refuse(registersProblems.moved());
}

/** applied → undone, in one transaction, while nothing stands on its rows. */
async function undo(
  context: TaskContext,
  given: StoredImport,
  shape: Shape,
  officer: ActingOfficer & { businessDate: string },
): Promise<void> {
  const { services } = context;
  if (given.state !== "applied") return;
  await context.progress("撤销导入");
  await asWorker(services, async (tx) => {
    await lockRegister(tx, shape.name, "alone");
    const now = await findImport(tx, given.import_id, true);
    if (now?.state !== "applied") return;
    const later = await changedSince(tx, shape.name, given.import_id);
    if (later > 0) refuse(registersProblems.changedSince(later));
    await takeBack(tx, shape, await tableFacts(tx, shape), given, officer);
    await patchImport(tx, given.import_id, { state: "undone", undone: true });
    // What refers to a row that goes is found now, not at the end of the transaction.
    await sql`SET CONSTRAINTS ALL IMMEDIATE`.execute(tx);
  }).catch((cause: unknown) => {
    if (violationOf(cause)?.kind === "referred-to") refuse(registersProblems.importReferredTo());
    throw cause;
  });
}
