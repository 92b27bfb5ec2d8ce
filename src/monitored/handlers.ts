import { handleExport, type ExportHandler, type ExportList } from "#exports";
import { regionNames, sourceLabel, type HelpSource } from "#registry";
import type { Tx } from "../platform/db/database.ts";
import { inPieces } from "../platform/db/pieces.ts";
import { handle, type Handler } from "../platform/module.ts";
import type { WriteColumn, WriteValue } from "../platform/sheets/index.ts";
import {
  countMonitored,
  exportMonitored,
  getMonitored,
  lateKindLabels,
  listMonitored,
  monitoredStageLabels,
  type MonitoredRow,
} from "./contract.ts";
import { allStages, countStages, listStages, type StoredStages } from "./store.ts";

const [COUNTY_DIGITS, TOWN_DIGITS, VILLAGE_DIGITS] = [6, 9, 12];

/** The level below the one that somebody looks at: a prefecture sees counties, a county towns, a town villages. */
function digitsBelow(region: string): number {
  if (region.length < COUNTY_DIGITS) return COUNTY_DIGITS;
  return region.length < TOWN_DIGITS ? TOWN_DIGITS : VILLAGE_DIGITS;
}

export function monitoredHandlers(helps: readonly HelpSource[]): readonly Handler[] {
  return [
    handle(listMonitored, async (context, { page, size, ...filter }) => {
      const { tx, caller, businessDate } = context;
      const { rows, total } = await listStages(tx, helps, caller.sight.region, filter, businessDate, { page, size });
      context.audit({ count: rows.length, persons: rows.map((row) => row.person_id), total });
      return { rows: await toRows(tx, rows), total };
    }),

    handle(countMonitored, async ({ tx, caller, businessDate, services }, { region }) => {
      const scope = caller.sight.region;
      const counted = await services.figures.get(
        caller.officerId,
        JSON.stringify([countMonitored.path, scope, region, businessDate]),
        () => countStages(tx, helps, scope, region, businessDate, digitsBelow(region ?? scope ?? "")),
      );
      const nameOf = await regionNames(
        tx,
        counted.map((row) => row.region),
      );
      return counted.map((row) => ({ ...row, region: nameOf(row.region) }));
    }),

    exportHandler(helps),

    handle(getMonitored, async (context, { personId }) => {
      const { tx, caller, businessDate } = context;
      const { rows } = await listStages(tx, helps, caller.sight.region, { personId }, businessDate, {
        page: 1,
        size: 1,
      });
      context.audit({ subject: `registry.person:${personId}`, count: rows.length });
      const [row] = await toRows(tx, rows);
      return { row: row ?? null };
    }),
  ];
}

/** The list as the screen showed it, for whoever must go and see them. */
function exportHandler(helps: readonly HelpSource[]): ExportHandler {
  return handleExport(exportMonitored, async (context, { purpose: _purpose, ...filter }): Promise<ExportList> => {
    const { tx, caller, businessDate } = context;
    const scope = caller.sight.region;
    const { total } = await listStages(tx, helps, scope, filter, businessDate, { page: 1, size: 1 });
    const area = filter.region ?? scope ?? "";
    const place = area === "" ? "全部地区" : (await regionNames(tx, [area]))(area).fullName;
    const about = [
      place,
      filter.stage ? monitoredStageLabels[filter.stage] : "",
      filter.late ? lateKindLabels[filter.late] : "",
    ];
    return {
      title: "监测对象早发现早帮扶早就业",
      about: about.filter(Boolean).join("；"),
      persons: true,
      total,
      columns,
      tracedBy: ["姓名", "证件号码"],
      async *rows() {
        for await (const piece of inPieces(tx, allStages(helps, scope, filter, businessDate)))
          for (const row of await toRows(tx, piece)) yield columns.map((column) => column.value(row));
      },
    };
  });
}

async function toRows(tx: Tx, stored: readonly StoredStages[]): Promise<MonitoredRow[]> {
  const nameOf = await regionNames(
    tx,
    stored.map(({ home_region }) => home_region),
  );
  return stored.map((row) => ({
    personId: row.person_id,
    name: row.name,
    identityMask: row.identity_mask,
    home: nameOf(row.home_region),
    risk: row.detail,
    stage: row.stage,
    found: { on: row.found_on, sourceLabel: sourceLabel(row.found_source), detail: row.detail },
    foundPrecision: row.found_precision,
    helped:
      row.helped_on === null ? null : { on: row.helped_on, sourceLabel: row.help_label ?? "", detail: row.help_detail },
    employed:
      row.worked_on === null
        ? null
        : { on: row.worked_on, sourceLabel: sourceLabel(row.work_source ?? 0), detail: row.employer_name },
    helpDays: row.help_days,
    workDays: row.work_days,
    late: [...(row.late_help ? (["help"] as const) : []), ...(row.late_work ? (["work"] as const) : [])],
  }));
}

interface ExportColumn extends WriteColumn {
  value(row: MonitoredRow): WriteValue;
}

const columns: readonly ExportColumn[] = [
  { header: "姓名", kind: "text", width: 12, value: (row) => row.name },
  { header: "证件号码", kind: "text", width: 22, value: (row) => row.identityMask },
  { header: "户籍地", kind: "text", width: 44, value: (row) => row.home.fullName },
  { header: "监测类别", kind: "text", width: 16, value: (row) => row.risk },
  { header: "发现日期", kind: "date", width: 12, value: (row) => row.found.on },
  { header: "发现来源", kind: "text", width: 14, value: (row) => row.found.sourceLabel },
  { header: "帮扶日期", kind: "date", width: 12, value: (row) => row.helped?.on ?? null },
  { header: "帮扶方式", kind: "text", width: 14, value: (row) => row.helped?.sourceLabel ?? null },
  { header: "就业日期", kind: "date", width: 12, value: (row) => row.employed?.on ?? null },
  { header: "就业单位", kind: "text", width: 28, value: (row) => row.employed?.detail ?? null },
  { header: "发现到帮扶天数", kind: "int", width: 14, value: (row) => row.helpDays },
  { header: "发现到就业天数", kind: "int", width: 14, value: (row) => row.workDays },
  { header: "阶段", kind: "text", width: 16, value: (row) => monitoredStageLabels[row.stage] },
  {
    header: "逾期",
    kind: "text",
    width: 22,
    value: (row) => row.late.map((kind) => lateKindLabels[kind]).join("、") || null,
  },
];
