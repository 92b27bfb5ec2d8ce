import { z } from "zod";
import { regionName, registryPermissions } from "#registry/contract";
import { download, exportPurpose, id, pageOf, paging, plainDate, query, regionCode } from "../platform/contract.ts";

/**
 * Days from finding to helping and to work after which the list reminds. GS25-10 asks for 早发现、早帮扶、早就业 without naming days:
 * these are the program's own, and the screen says so.
 */
export const HELP_WITHIN_DAYS = 30;
export const WORK_WITHIN_DAYS = 90;

export const monitoredStages = ["found", "helped", "employed", "unable"] as const;
export type MonitoredStage = (typeof monitoredStages)[number];
export const monitoredStageLabels: Record<MonitoredStage, string> = {
  found: "已发现，待帮扶",
  helped: "已帮扶，待就业",
  employed: "已就业",
  unable: "无劳动能力",
};

export const lateKinds = ["help", "work"] as const;
export type LateKind = (typeof lateKinds)[number];
export const lateKindLabels: Record<LateKind, string> = { help: "逾期未帮扶", work: "逾期未就业" };

const stamp = z.object({
  on: plainDate,
  /** Who says so: the list, the kind of help, the ledger. */
  sourceLabel: z.string(),
  detail: z.string().nullable(),
});

/** One monitored person's three time stamps. */
export const monitoredRow = z.object({
  personId: id,
  name: z.string(),
  identityMask: z.string(),
  home: regionName,
  risk: z.string().nullable(),
  stage: z.enum(monitoredStages),
  found: stamp,
  foundPrecision: z.enum(["day", "month", "year"]),
  helped: stamp.nullable(),
  employed: stamp.nullable(),
  /** Days from finding; of what has not come yet, until today. Null where there is nothing to wait for. */
  helpDays: z.int().nullable(),
  workDays: z.int().nullable(),
  late: z.array(z.enum(lateKinds)),
});
export type MonitoredRow = z.output<typeof monitoredRow>;

const filter = {
  region: regionCode.optional(),
  stage: z.enum(monitoredStages).optional(),
  late: z.enum(lateKinds).optional(),
};

export const listMonitored = query({
  path: "/api/monitored/persons",
  summary: "查看监测对象早发现早帮扶早就业",
  access: { permission: registryPermissions.read },
  audit: "query",
  input: z.object({ ...paging, ...filter }),
  output: pageOf(monitoredRow),
});

/** By town (of a wider area: by county): how many stand where. */
export const countMonitored = query({
  path: "/api/monitored/counts",
  summary: "查看监测对象早发现早帮扶早就业",
  access: { permission: registryPermissions.read },
  input: z.object({ region: regionCode.optional() }),
  output: z.array(
    z.object({
      region: regionName,
      total: z.int(),
      found: z.int(),
      helped: z.int(),
      employed: z.int(),
      unable: z.int(),
      lateHelp: z.int(),
      lateWork: z.int(),
    }),
  ),
});

export const exportMonitored = download({
  path: "/api/monitored/persons.xlsx",
  summary: "导出监测对象早发现早帮扶早就业",
  access: { permission: registryPermissions.export },
  input: z.object({
    ...filter,
    purpose: exportPurpose,
  }),
});

/** Of one person; null when he is not monitored. */
export const getMonitored = query({
  path: "/api/monitored/persons/:personId",
  summary: "查看监测对象早发现早帮扶早就业",
  access: { permission: registryPermissions.read },
  audit: "query",
  input: z.object({ personId: id }),
  output: z.object({ row: monitoredRow.nullable() }),
});
