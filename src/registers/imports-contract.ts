import { z } from "zod";
import { action, download, id, pageOf, paging, plainDate, query, taskState, upload } from "../platform/contract.ts";
import { registersPermissions } from "./permissions.ts";
import { registerName, shownValue } from "./rows-contract.ts";

const { read, write } = registersPermissions;

export const importStates = ["checking", "checked", "applied", "undone", "failed", "discarded"] as const;
export type ImportState = (typeof importStates)[number];
export const importStateLabels: Record<ImportState, string> = {
  checking: "检查中",
  checked: "待导入",
  applied: "已导入",
  undone: "已撤销",
  failed: "未能读取",
  discarded: "已作废",
};

/** Rows of a table by what importing it does with them. */
export const importCounts = z.object({
  rows: z.int().default(0),
  new: z.int().default(0),
  changed: z.int().default(0),
  same: z.int().default(0),
  faulty: z.int().default(0),
});
export type ImportCounts = z.output<typeof importCounts>;

/** How the file was understood: which column of the register each of its columns is. */
export const readSheet = z.object({
  sheet: z.int(),
  name: z.string(),
  /** False: no table of this register in it. */
  used: z.boolean(),
  headerRows: z.array(z.int()),
  columns: z.array(
    z.object({ column: z.int(), header: z.string(), samples: z.array(z.string()), field: z.string().nullable() }),
  ),
});

/** What a column may be taken for: a column of the register, or what stands beside one. */
const importField = z.object({ field: z.string(), label: z.string(), required: z.boolean() });

export const importSummary = z.object({
  importId: id,
  register: registerName,
  title: z.string(),
  fileName: z.string(),
  state: z.enum(importStates),
  counts: importCounts,
  problem: z.object({ code: z.string(), message: z.string() }).nullable(),
  businessDate: plainDate,
  receivedBy: z.string(),
  receivedAt: z.string(),
  appliedAt: z.string().nullable(),
  undoneAt: z.string().nullable(),
  /** The task that works on it or did last. */
  taskId: id.nullable(),
});
export type ImportSummary = z.output<typeof importSummary>;

export const importTable = upload({
  path: "/api/registers/:register/imports",
  summary: "导入登记簿",
  access: { permission: write },
  input: z.object({ register: registerName }),
  output: z.object({ importId: id, taskId: id }),
});

export const downloadTemplate = download({
  path: "/api/registers/:register/template.xlsx",
  summary: "下载导入模板",
  access: { permission: write },
  audit: "none",
  input: z.object({ register: registerName }),
});

export const listImports = query({
  path: "/api/register-imports",
  summary: "查看导入记录",
  access: { permission: read },
  input: z.object({
    ...paging,
    register: registerName.optional(),
    state: z.enum(importStates).optional(),
    /** Only those that wait for somebody: checked, with rows to be written. */
    waiting: z.enum(["true"]).optional(),
  }),
  output: pageOf(importSummary),
});

/** One line of the preview: a row that would change, cell by cell. */
export const previewedChange = z.object({
  sheet: z.int(),
  rowNo: z.int(),
  /** The row's key in words. */
  row: z.string(),
  cells: z.array(z.object({ label: z.string(), before: shownValue, after: shownValue })),
});

export const getImport = query({
  path: "/api/register-imports/:importId",
  summary: "查看导入记录",
  access: { permission: read },
  audit: "query",
  input: z.object({ importId: id }),
  output: importSummary.extend({
    sheets: z.array(readSheet),
    fields: z.array(importField),
    /** The columns are as an officer has set them. */
    byHand: z.boolean(),
    /** The first rows that would change, cell by cell. */
    changes: z.array(previewedChange),
    /** What an undo would meet: rows changed since, by hand or by a later table. */
    later: z.int(),
  }),
});
export type ImportDetail = z.output<typeof getImport.output>;

export const importFault = z.object({
  sheet: z.int(),
  rowNo: z.int(),
  label: z.string(),
  message: z.string(),
  /** What stood in the cell, masked. */
  value: z.string(),
});
export type ImportFault = z.output<typeof importFault>;

export const listImportFaults = query({
  path: "/api/register-imports/:importId/faults",
  summary: "查看导入错误",
  access: { permission: read },
  audit: "query",
  input: z.object({ importId: id, ...paging, label: z.string().max(60).optional() }),
  output: pageOf(importFault).extend({
    /** Faults by column, the most frequent first. */
    labels: z.array(z.object({ label: z.string(), faults: z.int() })),
  }),
});

export const downloadFaultyRows = download({
  path: "/api/register-imports/:importId/faulty-rows.xlsx",
  summary: "下载有错的行",
  access: { permission: write },
  input: z.object({ importId: id }),
});

/** Says which column is which; the table is then read and compared anew. */
export const mapImport = action({
  method: "PUT",
  path: "/api/register-imports/:importId/mapping",
  summary: "改登记簿导入的列对应",
  access: { permission: write },
  input: z.object({
    importId: id,
    sheets: z
      .array(
        z.object({
          sheet: z.int().min(0),
          used: z.boolean(),
          columns: z
            .array(z.object({ column: z.int().min(1), field: z.string().max(60).nullable() }))
            .max(500, "列太多，请删去无关的列"),
        }),
      )
      .min(1)
      .max(200),
  }),
  output: z.object({ taskId: id }),
});

export const applyImport = action({
  path: "/api/register-imports/:importId/apply",
  summary: "确认导入登记簿",
  access: { permission: write },
  input: z.object({ importId: id }),
  output: z.object({ taskId: id }),
});

export const undoImport = action({
  path: "/api/register-imports/:importId/undo",
  summary: "撤销登记簿导入",
  access: { permission: write },
  input: z.object({ importId: id }),
  output: z.object({ taskId: id }),
});

export const discardImport = action({
  path: "/api/register-imports/:importId/discard",
  summary: "作废登记簿导入",
  access: { permission: write },
  input: z.object({ importId: id }),
  output: z.object({ discarded: z.literal(true) }),
});

export const getRegisterTask = query({
  path: "/api/register-tasks/:taskId",
  summary: "查看后台进度",
  access: { permission: read },
  input: z.object({ taskId: id }),
  output: taskState,
});
