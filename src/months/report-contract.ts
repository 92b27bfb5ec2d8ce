import { z } from "zod";
import { download, id, month, pageOf, paging, plainDate, query, regionCode } from "../platform/contract.ts";
import { indicators } from "./figures-contract.ts";
import { monthStates } from "./flow-contract.ts";
import { monthsPermissions } from "./months-contract.ts";

const access = { permission: monthsPermissions.read };
const asked = z.object({
  region: regionCode,
  month,
  /** An earlier closing of the month; without it the one that stands, or, of an open month, what is known now. */
  closingId: id.optional(),
});

/** 上月数 + 上月调整 + 本月新增 − 本月减少 = 本月数. The first two are null where the month before was not closed. */
export const bridge = z.object({
  indicator: z.enum(indicators),
  previous: z.int().nullable(),
  adjusted: z.int().nullable(),
  entered: z.int(),
  gone: z.int(),
  total: z.int(),
  lifted: z.int(),
  monitored: z.int(),
  lowIncome: z.int(),
});
export type Bridge = z.output<typeof bridge>;

const part = z.object({
  region: z.object({ code: regionCode, name: z.string() }),
  bridges: z.array(bridge),
});
export type ReportPart = z.output<typeof part>;

const quality = z.object({
  region: z.object({ code: regionCode, name: z.string() }),
  persons: z.int(),
  waitingRows: z.int(),
  comparisons: z.int(),
  overdue: z.int(),
  decided: z.int(),
  toVerify: z.int(),
  /** Days the region's own closing came after the due day; null: it has not closed. */
  lateDays: z.int().nullable(),
});
export type QualityRow = z.output<typeof quality>;

export const monthReport = z.object({
  region: z.object({ code: regionCode, name: z.string(), fullName: z.string() }),
  month,
  state: z.enum(monthStates),
  closingId: id.nullable(),
  /** What was known: the moment of the closing; null: now. */
  asOf: z.string().nullable(),
  closedOn: plainDate.nullable(),
  organisation: z.string().nullable(),
  preparedBy: z.string().nullable(),
  acknowledgedBy: z.string().nullable(),
  missing: z.array(z.object({ code: regionCode, name: z.string() })),
  late: z.array(z.object({ code: regionCode, name: z.string(), lateDays: z.int() })),
  note: z.string(),
  /** False while the figures of a closing are still being counted. */
  counted: z.boolean(),
  bridges: z.array(bridge),
  /** By the regions right below. */
  parts: z.array(part),
  quality: z.array(quality),
  /** Whether there are lists of people: of towns and counties; above them each county's own report has them. */
  lists: z.boolean(),
});
export type MonthReport = z.output<typeof monthReport>;

const COUNTY_DIGITS = 6;

/**
 * Who was missing, and what that means for the figures: a county counts its whole area whether or not its towns have confirmed; a city
 * adds up what its counties submitted, without those that have not. Null: nobody was.
 */
export function missingWords({ region, missing }: Pick<MonthReport, "region" | "missing">): string | null {
  if (missing.length === 0) return null;
  const names = missing.map(({ name }) => name).join("、");
  return region.code.length >= COUNTY_DIGITS
    ? `未确认的下级 ${missing.length} 个：${names}。其数据由本级统一核对，已计入。`
    : `缺报 ${missing.length} 个：${names}。其数据不含在内，补报后计入下月“上月调整”。`;
}

export const getReport = query({
  path: "/api/months/:region/:month/report",
  summary: "查看月度报告",
  access,
  input: asked,
  output: monthReport,
});

export const changeLists = ["entered", "gone", "adjusted"] as const;
export type ChangeList = (typeof changeLists)[number];
export const changeListLabels: Record<ChangeList, string> = {
  entered: "本月新增",
  gone: "本月减少",
  adjusted: "上月调整",
};

export const changedPerson = z.object({
  indicator: z.enum(indicators),
  /** 1: counted in, −1: out. */
  sign: z.int(),
  /** Masked; of a workshop its name. */
  name: z.string(),
  mask: z.string(),
  village: z.string(),
  /** For an adjustment, which cells are known otherwise now: "务工：… → …". */
  cells: z.array(z.string()),
});
export type ChangedPerson = z.output<typeof changedPerson>;

export const listChanged = query({
  path: "/api/months/:region/:month/report/people",
  summary: "查看月度变化名单",
  access,
  audit: "query",
  input: asked.extend({ ...paging, list: z.enum(changeLists) }),
  output: pageOf(changedPerson),
});

export const reportFormats = ["xlsx", "docx", "pdf"] as const;
export type ReportFormat = (typeof reportFormats)[number];

export const downloadReport = download({
  path: "/api/months/:region/:month/report/:format",
  summary: "导出月度报告",
  access,
  input: asked.extend({ format: z.enum(reportFormats) }),
});
