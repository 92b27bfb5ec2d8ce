import { z } from "zod";
import { action, defineFlow, download, id, pageOf, paging, query, upload } from "../platform/contract.ts";

/** A list of people up to this long goes out at once; a longer one, or numbers in full, needs a second officer (trust.md). */
export const EXPORT_DIRECT_PERSONS = 1_000;
/** Rows of people that one officer may take in a day without asking anybody. */
export const EXPORT_DAILY_PERSONS = 5_000;
/** Lists without people (employers, posts, jobs). */
export const EXPORT_DIRECT_ROWS = 20_000;
/** Nothing larger is given out as a table. */
export const EXPORT_MOST_ROWS = 200_000;
/** Days within which an approved list may be taken, and how often: a connection may break. */
export const EXPORT_TAKE_DAYS = 7;
export const EXPORT_MOST_TAKES = 3;

export const exportPermissions = {
  approve: "exports.approve",
  trace: "exports.trace",
} as const;

export const exportStates = ["direct", "waiting", "approved", "refused", "withdrawn"] as const;
export type ExportState = (typeof exportStates)[number];
export const exportStateLabels: Record<ExportState, string> = {
  direct: "直接导出",
  waiting: "待审批",
  approved: "已批准",
  refused: "未批准",
  withdrawn: "已撤回",
};

export const exportActs = ["approve", "refuse", "withdraw", "take"] as const;
export type ExportAct = (typeof exportActs)[number];

/** 导出申请的生命周期. A direct export has ended with its file. */
export const exportFlow = defineFlow<ExportState, ExportAct>({
  direct: {},
  waiting: { approve: "approved", refuse: "refused", withdraw: "withdrawn" },
  approved: { take: "approved" },
  refused: {},
  withdrawn: {},
});

const exportRow = z.object({
  exportId: id,
  /** 导出编号, as it stands in the file. */
  number: z.string(),
  title: z.string(),
  about: z.string(),
  purpose: z.string(),
  persons: z.boolean(),
  unmasked: z.boolean(),
  officerName: z.string(),
  organisation: z.string(),
  mine: z.boolean(),
  state: z.enum(exportStates),
  rowsAsked: z.int(),
  rowsWritten: z.int().nullable(),
  takesLeft: z.int(),
  askedAt: z.iso.datetime(),
  takenAt: z.iso.datetime().nullable(),
  decidedName: z.string().nullable(),
  decidedOrganisation: z.string().nullable(),
  decidedAt: z.iso.datetime().nullable(),
  decisionNote: z.string().nullable(),
  expiresAt: z.iso.datetime().nullable(),
  expired: z.boolean(),
});
export type ExportRow = z.output<typeof exportRow>;

/** `mine`: one's own; `waiting`: what others of the area wait for one to decide; `all`: everything, for who traces leaks. */
export const exportViews = ["mine", "waiting", "all"] as const;
export type ExportView = (typeof exportViews)[number];

export const listExports = query({
  path: "/api/exports",
  summary: "查看导出记录",
  access: "signed-in",
  input: z.object({
    ...paging,
    view: z.enum(exportViews).default("mine"),
    state: z.enum(exportStates).optional(),
    text: z.string().trim().max(60, "最多 60 个字").optional(),
  }),
  output: pageOf(exportRow),
});

export const requestExport = action({
  path: "/api/exports/requests",
  summary: "申请导出",
  access: "signed-in",
  input: z.object({
    /** Path of the list's download route. */
    route: z.string().max(200),
    /** The list's filters, with the purpose, as they would be sent to it. */
    input: z.record(z.string().max(40), z.unknown()),
  }),
  output: z.object({ exportId: id, number: z.string(), rows: z.int() }),
});

export const decideExport = action({
  path: "/api/exports/:exportId/decision",
  summary: "审批导出",
  access: { permission: exportPermissions.approve },
  input: z.object({
    exportId: id,
    act: z.enum(["approve", "refuse"]),
    note: z.string().trim().max(200, "意见最多 200 个字").default(""),
  }),
  output: z.object({ state: z.enum(exportStates) }),
});

export const withdrawExport = action({
  path: "/api/exports/:exportId/withdrawal",
  summary: "撤回导出申请",
  access: "signed-in",
  input: z.object({ exportId: id }),
  output: z.object({ state: z.enum(exportStates) }),
});

export const takeExport = download({
  path: "/api/exports/:exportId/file",
  summary: "下载已批准的导出",
  access: "signed-in",
  input: z.object({ exportId: id }),
});

const traced = z.object({
  export: exportRow,
  /** The number stands in the file itself. */
  named: z.boolean(),
  /** Rows of the file that this export gave out. */
  rowsFound: z.int(),
});

/** 溯源: which export a found list comes from, by the number in it and by its rows. */
export const traceFile = upload({
  path: "/api/exports/trace",
  summary: "导出文件溯源",
  access: { permission: exportPermissions.trace },
  input: z.object({}),
  output: z.object({ rowsRead: z.int(), numbers: z.array(z.string()), exports: z.array(traced) }),
});

export const traceText = action({
  path: "/api/exports/trace-text",
  summary: "导出内容溯源",
  access: { permission: exportPermissions.trace },
  audit: "query",
  input: z.object({ text: z.string().trim().min(2, "请粘贴发现的内容").max(100_000, "最多 10 万字") }),
  output: traceFile.output,
});
export type Tracing = z.output<typeof traceFile.output>;

const NUMBER = /DC-\d{8}-\d{1,12}/g;

/** 导出编号: `DC-20250618-42`. */
export function exportNumber(businessDate: string, exportId: string): string {
  return `DC-${businessDate.replaceAll("-", "")}-${exportId}`;
}

export function exportNumbersIn(text: string): string[] {
  return [...new Set(text.match(NUMBER))];
}
