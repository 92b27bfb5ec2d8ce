import { z } from "zod";
import {
  action,
  download,
  id,
  month,
  pageOf,
  paging,
  plainDate,
  query,
  regionCode,
  upload,
} from "../platform/contract.ts";
import {
  ledgerKinds,
  batchStates,
  faultCodes,
  faultSeverities,
  differenceKinds,
  ledgerFields,
} from "./vocabulary-contract.ts";

export const kind = z.enum(ledgerKinds);
export const text = (max: number) => z.string().trim().max(max, `最多 ${max} 个字`);

export const batchCounts = z.object({
  rows: z.int().default(0),
  /** Rows that are applied: valid, or repaired by rule. */
  valid: z.int().default(0),
  waiting: z.int().default(0),
  repaired: z.int().default(0),
  notices: z.int().default(0),
  unchanged: z.int().default(0),
  differences: z.partialRecord(z.enum(differenceKinds), z.int()).default({}),
  /** Of the persons this batch covers, those not reported, in 1/10,000. */
  vanishedPerTenThousand: z.int().default(0),
});
export type BatchCounts = z.output<typeof batchCounts>;

export const batchSummary = z.object({
  batchId: id,
  kind,
  month,
  title: z.string(),
  sender: z.string(),
  coverage: z.array(z.object({ code: regionCode, name: z.string() })),
  region: regionCode,
  fileName: z.string(),
  format: z.string().nullable(),
  state: z.enum(batchStates),
  round: z.int(),
  counts: batchCounts,
  problem: z.object({ code: z.string(), message: z.string() }).nullable(),
  receivedBy: z.string(),
  /** The business day of the receipt, by which it is in time or late. */
  receivedOn: plainDate,
  receivedAt: z.string(),
  appliedAt: z.string().nullable(),
  appliedBy: z.string().nullable(),
  complete: z.boolean(),
  /** Second officer's consent to the vanished, needed above 3 %. */
  vanishApproval: z.enum(["not-needed", "needed", "given"]),
  undoneBy: id.nullable(),
  counterOf: id.nullable(),
  taskId: id.nullable(),
});
export type BatchSummary = z.output<typeof batchSummary>;

export const access = (permission: string) => ({ permission });
export const ledgerPermissions = {
  read: "ledger.read",
  write: "ledger.write",
  apply: "ledger.apply",
  approve: "ledger.approve",
} as const;

export const receiveBatch = upload({
  path: "/api/ledger/batches",
  summary: "接收台账",
  access: access(ledgerPermissions.write),
  input: z.object({
    kind,
    month,
    sender: text(60).min(1, "请填写移交单位"),
    /** Regions the table is complete for, comma-separated codes; empty: the officer's own area. */
    coverage: z
      .string()
      .default("")
      .transform((value) => value.split(",").filter(Boolean))
      .pipe(z.array(regionCode).max(200)),
    complete: z
      .enum(["true", "false"])
      .default("true")
      .transform((value) => value === "true"),
    title: text(60).default(""),
  }),
  output: z.object({
    batchId: id,
    taskId: id,
    sameFileAs: z.object({ batchId: id, appliedAt: z.string().nullable() }).nullable(),
  }),
});

export const listBatches = query({
  path: "/api/ledger/batches",
  summary: "查看台账批次",
  access: access(ledgerPermissions.read),
  input: z.object({ ...paging, kind: kind.optional(), month: month.optional(), state: z.enum(batchStates).optional() }),
  output: pageOf(batchSummary),
});

export const oneBatch = z.object({ batchId: id });

export const getBatch = query({
  path: "/api/ledger/batches/:batchId",
  summary: "查看台账批次",
  access: access(ledgerPermissions.read),
  input: oneBatch,
  output: batchSummary,
});

/** What the file looks like and how its columns are understood. */
export const sheetMapping = z.object({
  sheet: z.int(),
  name: z.string(),
  used: z.boolean(),
  headerRows: z.array(z.int()),
  firstDataRow: z.int(),
  rows: z.int().nullable(),
  columns: z.array(
    z.object({
      column: z.int(),
      header: z.string(),
      samples: z.array(z.string()),
      field: z.enum(ledgerFields).nullable(),
    }),
  ),
  missing: z.array(z.enum(ledgerFields)),
});
export type SheetMapping = z.output<typeof sheetMapping>;

export const getMapping = query({
  path: "/api/ledger/batches/:batchId/mapping",
  summary: "查看列对应",
  access: access(ledgerPermissions.read),
  input: oneBatch,
  output: z.object({
    remembered: z.object({ usedAt: z.string() }).nullable(),
    sheets: z.array(sheetMapping),
    fields: z.array(z.object({ field: z.enum(ledgerFields), required: z.boolean() })),
  }),
});

export const confirmMapping = action({
  path: "/api/ledger/batches/:batchId/mapping",
  method: "PUT",
  summary: "确认列对应",
  access: access(ledgerPermissions.write),
  input: oneBatch.extend({
    sheets: z
      .array(
        z.object({
          sheet: z.int(),
          used: z.boolean(),
          columns: z.array(z.object({ column: z.int(), field: z.enum(ledgerFields).nullable() })),
        }),
      )
      .max(500),
  }),
  output: z.object({ taskId: id }),
});

export const listFaultCounts = query({
  path: "/api/ledger/batches/:batchId/fault-counts",
  summary: "查看校验结果",
  access: access(ledgerPermissions.read),
  input: oneBatch,
  output: z.array(
    z.object({ code: z.enum(faultCodes), severity: z.enum(faultSeverities), rows: z.int(), suggested: z.int() }),
  ),
});

export const faultRow = z.object({
  sheet: z.int(),
  rowNo: z.int(),
  field: z.enum(ledgerFields),
  code: z.enum(faultCodes),
  severity: z.enum(faultSeverities),
  message: z.string(),
  value: z.string(),
  suggestion: z.string().nullable(),
  name: z.string().nullable(),
  village: z.string().nullable(),
});

export const listFaults = query({
  path: "/api/ledger/batches/:batchId/faults",
  summary: "查看校验结果",
  access: access(ledgerPermissions.read),
  input: oneBatch.extend({
    ...paging,
    code: z.enum(faultCodes).optional(),
    severity: z.enum(faultSeverities).optional(),
  }),
  output: pageOf(faultRow),
});

/**
 * Mends cells: with a new text, by the suggestion of the fault named (which the screen may know only masked), or all faults
 * of one code by their suggestions. The batch is then checked again.
 */
export const repairCells = action({
  path: "/api/ledger/batches/:batchId/repairs",
  summary: "修复台账",
  access: access(ledgerPermissions.write),
  input: oneBatch.extend({
    cells: z
      .array(z.object({ sheet: z.int(), rowNo: z.int(), field: z.enum(ledgerFields), value: text(200) }))
      .max(1000)
      .default([]),
    suggested: z
      .array(z.object({ sheet: z.int(), rowNo: z.int(), field: z.enum(ledgerFields), code: z.enum(faultCodes) }))
      .max(1000)
      .default([]),
    acceptSuggestionsOf: z.enum(faultCodes).optional(),
  }),
  output: z.object({ taskId: id, repaired: z.int() }),
});

/** The same workbook with marked and commented cells (up to 50,000 rows), else a workbook of the faulty rows. */
export const downloadMarked = download({
  path: "/api/ledger/batches/:batchId/marked",
  summary: "下载标错原表",
  access: access(ledgerPermissions.read),
  input: oneBatch,
});
export const uploadMended = upload({
  path: "/api/ledger/batches/:batchId/mended",
  summary: "上传修好的表",
  access: access(ledgerPermissions.write),
  input: oneBatch,
  output: z.object({ taskId: id, mendedRows: z.int().nullable() }),
});
