import {
  handle,
  handleDownload,
  handleUpload,
  type ActionContext,
  type Caller,
  type DownloadBody,
  type Handler,
} from "../platform/module.ts";
import { nextState } from "../platform/contract.ts";
import { platformProblems, refuse } from "../platform/problem.ts";
import {
  decideExport,
  EXPORT_MOST_TAKES,
  exportFlow,
  exportNumber,
  exportPermissions,
  exportStateLabels,
  listExports,
  requestExport,
  takeExport,
  traceFile,
  traceText,
  withdrawExport,
  type ExportAct,
  type ExportState,
} from "./contract.ts";
import type { ExportableInput, ExportHandler, ExportList } from "./list.ts";
import { exportProblems } from "./problems.ts";
import { showExport } from "./show.ts";
import { addExport, decide, findExport, pageOfExports, withdraw, type ExportEyes, type StoredExport } from "./store.ts";
import { exportSubject, giveOut, tooLarge } from "./take.ts";
import { traceLines, traceSheet } from "./trace.ts";

/** Rows that may have come since the approval: a list lives on while it waits. */
const MOST_GROWTH = 1.1;

/** Of administrators only those who audit know of others' exports. */
function eyesOf({ sight, officerId }: Caller): ExportEyes {
  return { region: sight.region ?? (sight.audits ? sight.administers : null), officerId: officerId! };
}

const list = handle(listExports, async (context, { view, page, size, ...filter }) => {
  const { caller, tx } = context;
  const needed = { mine: null, waiting: exportPermissions.approve, all: exportPermissions.trace }[view];
  if (needed !== null && !caller.permissions.has(needed)) refuse(platformProblems.notPermitted(listExports.summary));
  const found = await pageOfExports(tx, eyesOf(caller), { view, ...filter }, { page, size });
  return { rows: found.rows.map((row) => showExport(row, caller.officerId!)), total: found.total };
});

/** The list that a stored or wished export speaks of, opened for the caller as he stands now: his duties and his area. */
async function openFor(
  handlers: () => readonly ExportHandler[],
  context: ActionContext,
  path: string,
  input: unknown,
): Promise<{ handler: ExportHandler; input: ExportableInput; list: ExportList }> {
  const handler = handlers().find(({ route }) => route.path === path) ?? refuse(exportProblems.notAList());
  const { route } = handler;
  if (typeof route.access === "object" && !context.caller.permissions.has(route.access.permission))
    refuse(exportProblems.notPermittedNow(route.summary));
  const parsed = route.input.safeParse(input);
  if (!parsed.success)
    return refuse(platformProblems.invalidInput(`导出条件有误：${parsed.error.issues[0]!.message}。`, ["input"]));
  return {
    handler,
    input: parsed.data as ExportableInput,
    list: await handler.openList(context, parsed.data as never),
  };
}

const request = (handlers: () => readonly ExportHandler[]) =>
  handle(requestExport, async (context, { route, input }) => {
    const opened = await openFor(handlers, context, route, input);
    if (opened.list.total === 0) refuse(exportProblems.nothing());
    const problem = tooLarge(opened.list);
    if (problem) refuse(problem);
    const { purpose } = opened.input;
    // What was sent is kept, not what it was read as: it is read anew, and checked anew, when the list is taken.
    const exportId = await addExport(context, {
      route,
      input: { ...input, purpose },
      purpose,
      list: opened.list,
      state: "waiting",
    });
    context.audit({ subject: exportSubject(exportId), count: opened.list.total, purpose });
    return { exportId, number: exportNumber(context.businessDate, exportId), rows: opened.list.total };
  });

async function getExport(context: ActionContext, exportId: string, act: ExportAct): Promise<StoredExport> {
  // Administrators may know of an export and act on none.
  const { sight, officerId } = context.caller;
  const row = await findExport(context.tx, exportId, { region: sight.region, officerId: officerId! });
  if (!row) return refuse(platformProblems.notFound("这份导出"));
  context.audit({ subject: exportSubject(exportId) });
  const state = row.state as ExportState;
  if (nextState(exportFlow, state, act) === null) refuse(exportProblems.otherState(exportStateLabels[state]));
  return row;
}

const decision = handle(decideExport, async (context, { exportId, act, note }) => {
  const row = await getExport(context, exportId, act);
  if (row.officer_id === context.caller.officerId) refuse(exportProblems.ownRequest());
  if (act === "refuse" && note.length < 2) refuse(exportProblems.reasonMissing());
  const state = act === "approve" ? ("approved" as const) : ("refused" as const);
  await decide(context, exportId, state, note);
  context.audit({ count: row.rows_asked, decision: exportStateLabels[state] });
  return { state };
});

const withdrawal = handle(withdrawExport, async (context, { exportId }) => {
  const row = await getExport(context, exportId, "withdraw");
  if (row.officer_id !== context.caller.officerId) refuse(platformProblems.notFound("这份导出"));
  await withdraw(context.tx, exportId);
  return { state: "withdrawn" as const };
});

const take = (handlers: () => readonly ExportHandler[]) =>
  handleDownload(takeExport, async (context, { exportId }): Promise<DownloadBody> => {
    const row = await getExport(context, exportId, "take");
    if (row.officer_id !== context.caller.officerId) refuse(platformProblems.notFound("这份导出"));
    if (row.expired) refuse(exportProblems.expired());
    if (row.takes >= EXPORT_MOST_TAKES) refuse(exportProblems.takenOut());
    const opened = await openFor(handlers, context, row.route, row.input);
    if (opened.list.total > Math.max(row.rows_asked * MOST_GROWTH, row.rows_asked + 10))
      refuse(exportProblems.grown(row.rows_asked, opened.list.total));
    context.audit({ purpose: row.purpose });
    return giveOut(context, exportId, row.purpose, opened.list);
  });

const traceUploaded = handleUpload(traceFile, async (context, _input, file) => {
  try {
    return await traceSheet(context, file);
  } finally {
    // Somebody's leaked list is not to lie about here as well.
    await context.services.files.remove(file.key);
  }
});

const tracePasted = handle(traceText, (context, { text }) => traceLines(context, text));

export function exportHandlers(lists: () => readonly ExportHandler[]): Handler[] {
  return [list, request(lists), decision, withdrawal, take(lists), traceUploaded, tracePasted];
}
