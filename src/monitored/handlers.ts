import { PassThrough } from "node:stream";
import { regionNames, sourceLabel, type HelpSource } from "#registry";
import type { Tx } from "../platform/db/database.ts";
import { handle, handleDownload, type Handler } from "../platform/module.ts";
import { refuse } from "../platform/problem.ts";
import { writeWorkbook, type WriteColumn, type WriteValue } from "../platform/sheets/index.ts";
import {
  countMonitored,
  EXPORT_QUOTA_ROWS,
  exportMonitored,
  getMonitored,
  lateKindLabels,
  listMonitored,
  monitoredStageLabels,
  type MonitoredRow,
} from "./contract.ts";
import { monitoredProblems } from "./problems.ts";
import { countStages, listStages, type StoredStages } from "./store.ts";

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
      context.audit({ count: rows.length, total });
      return { rows: await toRows(tx, rows), total };
    }),

    handle(countMonitored, async ({ tx, caller, businessDate }, { region }) => {
      const scope = caller.sight.region;
      const counted = await countStages(tx, helps, scope, region, businessDate, digitsBelow(region ?? scope ?? ""));
      const nameOf = await regionNames(
        tx,
        counted.map((row) => row.region),
      );
      return counted.map((row) => ({ ...row, region: nameOf(row.region) }));
    }),

    handleDownload(exportMonitored, async (context, { purpose, ...filter }) => {
      const { tx, caller, businessDate, requestId } = context;
      context.audit({ purpose });
      const page = { page: 1, size: EXPORT_QUOTA_ROWS };
      const { rows, total } = await listStages(tx, helps, caller.sight.region, filter, businessDate, page);
      if (total > EXPORT_QUOTA_ROWS) refuse(monitoredProblems.exportTooLarge(total));
      const number = requestId.slice(0, 8).toUpperCase();
      context.audit({ count: rows.length, exportNumber: number });
      const shown = await toRows(tx, rows);
      const target = new PassThrough();
      const chunks: Buffer[] = [];
      target.on("data", (chunk: Buffer) => chunks.push(chunk));
      await writeWorkbook(target, {
        sheets: [
          {
            name: "监测对象",
            titleLine: `监测对象早发现早帮扶早就业　${caller.organisation} ${caller.name} ${businessDate} 导出，编号 ${number}，用途：${purpose}。内部资料，不得外传`,
            columns,
            rows: shown.map((row) => columns.map((column) => column.value(row))),
          },
        ],
      });
      return {
        fileName: `监测对象早发现早帮扶早就业-${businessDate}-${number}.xlsx`,
        mediaType: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        body: Buffer.concat(chunks),
      };
    }),

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
