import { divisionPrefix } from "#kernel";
import { narrow, regionNames } from "#registry";
import type { Tx } from "../../platform/db/database.ts";
import { handle, handleDownload, type DownloadBody, type Handler } from "../../platform/module.ts";
import { platformProblems, refuse } from "../../platform/problem.ts";
import type { OutputOf } from "../../platform/contract.ts";
import { latestTasks } from "../../platform/tasks/state.ts";
import { workbookBody, XLSX } from "../../platform/sheets/index.ts";
import { exportSimulation, getSimulation, listSimulations, simulateRule, simulationReport } from "../contract.ts";
import { policyProblems } from "../problems.ts";
import { readDraft } from "../rules/draft.ts";
import { readableVersion, type RuleHandlersOptions } from "../rules/handlers.ts";
import { toVersion } from "../rules/views.ts";
import { policyTasks } from "../task-names.ts";
import { findVersion } from "../versions/store.ts";
import { reportSheets } from "./report-sheets.ts";
import { findSimulation, insertSimulation, listSimulationRows, type SimulationRow } from "./store.ts";

type Row = OutputOf<typeof listSimulations>["rows"][number];

const subjectOf = (simulationId: string) => `policy.simulation:${simulationId}`;

async function toRow(tx: Tx, row: SimulationRow): Promise<Row> {
  const version = (await findVersion(tx, row.version_id))!;
  const beside = row.beside === null ? null : await findVersion(tx, row.beside);
  const nameOf = await regionNames(
    tx,
    [divisionPrefix(version.region), row.region].filter((code) => code !== ""),
  );
  return {
    simulationId: row.simulation_id,
    title: version.title,
    versionId: row.version_id,
    version: toVersion(version, nameOf),
    beside: beside && toVersion(beside, nameOf),
    region: row.region,
    regionName: row.region === "" ? "全系统" : nameOf(row.region).name,
    asOf: row.as_of,
    askedByName: row.asked_by_name,
    askedAt: row.asked_at.toISOString(),
    finished: row.finished_at !== null,
    taskId: (await latestTasks(tx, [subjectOf(row.simulation_id)])).values().next().value ?? null,
  };
}

export function simulationHandlers({ rulebook, sources }: RuleHandlersOptions): readonly Handler[] {
  return [
    handle(simulateRule, async (context, { versionId, beside, region, asOf }) => {
      const { tx, caller, services } = context;
      const version = await readableVersion(context, versionId);
      const other = beside ? await readableVersion(context, beside, "作对照的规则版本") : null;
      // Said at once: the work in the background would only fail.
      const book = await rulebook.get(tx);
      for (const one of other ? [version, other] : [version]) {
        if (one.kind !== "measure") refuse(policyProblems.onlyMeasures());
        const { rule, problems } = readDraft(book, sources, one);
        if (!rule) refuse(policyProblems.ruleBroken(problems));
      }
      const scope = narrow(caller.sight.region, region) ?? refuse(platformProblems.outOfScope());
      const simulationId = await insertSimulation(
        tx,
        {
          region: scope,
          asOf: asOf ?? services.businessDate(divisionPrefix(version.region)),
          versionId,
          beside: beside ?? null,
        },
        { officerId: caller.officerId, name: caller.name },
      );
      context.audit({ subject: subjectOf(simulationId), region: scope });
      const taskId = await context.enqueue({
        name: policyTasks.simulate,
        payload: { simulationId },
        subject: subjectOf(simulationId),
        region: scope,
        queue: "policy",
      });
      return { simulationId, taskId };
    }),

    handle(getSimulation, async ({ tx, caller }, { simulationId }) => {
      const row =
        (await findSimulation(tx, caller.sight.region, simulationId)) ?? refuse(platformProblems.notFound("这次测算"));
      return { ...(await toRow(tx, row)), report: row.report && simulationReport.parse(row.report) };
    }),

    handleDownload(exportSimulation, async (context, { simulationId }): Promise<DownloadBody> => {
      const { tx, caller, businessDate, requestId } = context;
      const row =
        (await findSimulation(tx, caller.sight.region, simulationId)) ?? refuse(platformProblems.notFound("这次测算"));
      if (!row.report) refuse(policyProblems.notPossible("导出", "测算中"));
      const exportNumber = requestId.slice(0, 8).toUpperCase();
      context.audit({ subject: subjectOf(simulationId), region: row.region, exportNumber });
      const shown = await toRow(tx, row);
      const words = `${shown.title}　版本 ${shown.versionId}${shown.beside ? ` 对版本 ${shown.beside.versionId}` : ""}，${shown.regionName}，按 ${shown.asOf} 测算，只算不写。${caller.organisation} ${caller.name} ${businessDate} 导出，编号 ${exportNumber}`;
      return {
        fileName: `测算报告-${shown.title}-${simulationId}.xlsx`,
        mediaType: XLSX,
        body: await workbookBody(reportSheets(simulationReport.parse(row.report), words)),
      };
    }),

    handle(listSimulations, async ({ tx, caller }, { versionId, ...page }) => {
      const { rows, total } = await listSimulationRows(tx, caller.sight.region, versionId, page);
      const shown: Row[] = [];
      for (const row of rows) shown.push(await toRow(tx, row));
      return { rows: shown, total };
    }),
  ];
}
