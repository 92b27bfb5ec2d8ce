import { z } from "zod";
import {
  action,
  download,
  exportPurpose,
  id,
  month,
  pageOf,
  paging,
  plainDate,
  query,
  regionCode,
  taskState,
} from "../platform/contract.ts";
import { kind, text, access, oneBatch, ledgerPermissions } from "./batch-contract.ts";
import { batchStates, differenceKinds, reasonCodes, decisions } from "./vocabulary-contract.ts";

export const differenceCell = z.object({
  field: z.string(),
  label: z.string(),
  held: z.string().nullable(),
  claimed: z.string().nullable(),
  act: z.enum(["adopt", "task", "info"]),
  heldSource: z.string().nullable(),
});

export const differenceRow = z.object({
  differenceId: z.int(),
  kind: z.enum(differenceKinds),
  reason: z.enum(reasonCodes),
  personId: id,
  newPerson: z.boolean(),
  name: z.string(),
  identityMask: z.string(),
  region: regionCode,
  village: z.string(),
  rowNo: z.int().nullable(),
  cells: z.array(differenceCell),
  decision: z.enum(decisions),
  applied: z.boolean(),
});
export type DifferenceRow = z.output<typeof differenceRow>;

const differenceFilter = {
  region: regionCode.optional(),
  kind: z.enum(differenceKinds).optional(),
  reason: z.enum(reasonCodes).optional(),
  name: text(40).optional(),
};

export const listDifferences = query({
  path: "/api/ledger/batches/:batchId/differences",
  summary: "查看差异",
  access: access(ledgerPermissions.read),
  audit: "query",
  input: oneBatch.extend({ ...paging, ...differenceFilter }),
  output: pageOf(differenceRow),
});

/** Counts for the tree at the left: towns under the batch's regions, and villages of one opened town. */
export const countDifferences = query({
  path: "/api/ledger/batches/:batchId/difference-counts",
  summary: "查看差异",
  access: access(ledgerPermissions.read),
  input: oneBatch.extend({ under: regionCode.optional() }),
  output: z.object({
    regions: z.array(
      z.object({
        code: regionCode,
        name: z.string(),
        total: z.int(),
        kinds: z.partialRecord(z.enum(differenceKinds), z.int()),
      }),
    ),
    reasons: z.array(z.object({ reason: z.enum(reasonCodes), total: z.int() })),
    kinds: z.partialRecord(z.enum(differenceKinds), z.int()),
  }),
});

export const decideDifferences = action({
  path: "/api/ledger/batches/:batchId/decisions",
  summary: "决定差异处理",
  access: access(ledgerPermissions.write),
  input: oneBatch.extend({
    differenceIds: z.array(z.int()).max(1000).default([]),
    /** Instead of ids: everything that the filter matches. */
    filter: z.object(differenceFilter).optional(),
    decision: z.enum(["adopt", "leave"]),
  }),
  output: z.object({ decided: z.int() }),
});

/** What applying will change, in numbers, with the decisions as they stand. */
export const previewApply = query({
  path: "/api/ledger/batches/:batchId/preview",
  summary: "查看应用影响",
  access: access(ledgerPermissions.read),
  input: oneBatch,
  output: z.object({
    places: z.int(),
    newPersons: z.int(),
    newRecords: z.int(),
    changedCells: z.int(),
    changedPersons: z.int(),
    resumed: z.int(),
    moved: z.int(),
    toVerify: z.int(),
    tasks: z.int(),
    left: z.int(),
    unchanged: z.int(),
    workingBefore: z.int(),
    workingAfter: z.int(),
  }),
});

export const applyBatch = action({
  path: "/api/ledger/batches/:batchId/apply",
  summary: "应用台账",
  access: access(ledgerPermissions.apply),
  input: oneBatch,
  output: z.object({ taskId: id }),
});
export const approveVanished = action({
  path: "/api/ledger/batches/:batchId/approve-vanished",
  summary: "复核消失人员",
  access: access(ledgerPermissions.approve),
  input: oneBatch,
  output: z.object({ approved: z.literal(true) }),
});

export const previewUndo = query({
  path: "/api/ledger/batches/:batchId/undo-preview",
  summary: "查看撤销影响",
  access: access(ledgerPermissions.read),
  input: oneBatch,
  output: z.object({
    restored: z.int(),
    removed: z.int(),
    left: z.int(),
    later: z.array(z.object({ personId: id, name: z.string(), what: z.string(), changedBy: z.string() })),
  }),
});
export const undoBatch = action({
  path: "/api/ledger/batches/:batchId/undo",
  summary: "撤销台账",
  access: access(ledgerPermissions.apply),
  input: oneBatch,
  output: z.object({ taskId: id }),
});
export const discardBatch = action({
  path: "/api/ledger/batches/:batchId/discard",
  summary: "作废台账批次",
  access: access(ledgerPermissions.write),
  input: oneBatch,
  output: z.object({ state: z.enum(batchStates) }),
});

export const exportDifferences = download({
  path: "/api/ledger/batches/:batchId/differences.xlsx",
  summary: "导出差异表",
  access: access(ledgerPermissions.read),
  input: oneBatch.extend({ ...differenceFilter, purpose: exportPurpose }),
});

export const getTask = query({
  path: "/api/ledger/tasks/:taskId",
  summary: "查看后台进度",
  access: "signed-in",
  input: z.object({ taskId: id }),
  output: taskState,
});

/** For a month: which regions have handed over which kind, and how far each is. Feeds the workbench. */
export const monthProgress = query({
  path: "/api/ledger/progress",
  summary: "查看月度进度",
  access: access(ledgerPermissions.read),
  input: z.object({ month, kind: kind.default("work-ledger") }),
  output: z.object({
    /** Null where no text sets a day for this table. */
    dueOn: plainDate.nullable(),
    regions: z.array(
      z.object({
        code: regionCode,
        name: z.string(),
        received: z.boolean(),
        waiting: z.int(),
        toVerify: z.int(),
        confirmed: z.boolean(),
        reported: z.int(),
        known: z.int(),
      }),
    ),
  }),
});
