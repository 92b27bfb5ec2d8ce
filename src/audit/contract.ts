import { z } from "zod";
import { action, download, id, pageOf, paging, plainDate, query, regionCode, taskState } from "../platform/contract.ts";

export const auditKinds = ["query", "export", "change", "unmask", "sign-in"] as const;
export type AuditKind = (typeof auditKinds)[number];
export const auditKindLabels: Record<AuditKind, string> = {
  query: "查询",
  export: "导出",
  change: "办理",
  unmask: "查看原文",
  "sign-in": "登录",
};

export const auditOutcomes = ["done", "refused"] as const;
export type AuditOutcome = (typeof auditOutcomes)[number];
export const auditOutcomeLabels: Record<AuditOutcome, string> = { done: "完成", refused: "未通过" };

/** What may be asked of the log. Days are days in China, both ends included. */
const filters = {
  from: plainDate.optional(),
  to: plainDate.optional(),
  /** Part of an officer's name or organisation. */
  officer: z.string().trim().max(40, "最多 40 个字").optional(),
  officerId: id.optional(),
  kind: z.enum(auditKinds).optional(),
  /** Part of the act's words, e.g. 台账. */
  act: z.string().trim().max(40, "最多 40 个字").optional(),
  outcome: z.enum(auditOutcomes).optional(),
  /** What was touched: one thing, `ledger.batch:12`, or all of a kind, `ledger.batch`. */
  subject: z.string().trim().max(80, "最多 80 个字").optional(),
  region: regionCode.optional(),
};

/** Counting stops here: a wider search is narrowed by its user, and the exact number of a million rows helps nobody. */
export const AUDIT_COUNT_LIMIT = 10_000;
export const AUDIT_EXPORT_LIMIT = 50_000;

const auditRow = z.object({
  entryId: id,
  /** ISO 8601 with offset. */
  at: z.iso.datetime({ offset: true }),
  kind: z.enum(auditKinds),
  act: z.string(),
  outcome: z.enum(auditOutcomes),
  /** Null when nobody was signed in. */
  officerId: id.nullable(),
  officerName: z.string(),
  organisation: z.string(),
  region: z.string(),
  regionName: z.string(),
  subject: z.string().nullable(),
  count: z.int().nullable(),
  problem: z.string().nullable(),
  detail: z.record(z.string(), z.unknown()),
  ip: z.string(),
  requestId: z.string(),
});
export type AuditRow = z.output<typeof auditRow>;

export const auditPermissions = { read: "audit.read" } as const;

export const listAuditEntries = query({
  path: "/api/audit/entries",
  summary: "查询审计日志",
  access: { permission: auditPermissions.read },
  audit: "query",
  input: z.object({ ...paging, ...filters }),
  /** `total` is AUDIT_COUNT_LIMIT and `capped` true when there are more. */
  output: pageOf(auditRow).extend({ capped: z.boolean() }),
});

export const auditExportFormats = ["csv", "xlsx"] as const;
export type AuditExportFormat = (typeof auditExportFormats)[number];

/** A zip of the table and 存证.jsonl, which `wengang verify` checks without a database. */
export const exportAuditEntries = download({
  path: "/api/audit/entries/export",
  summary: "导出审计日志",
  access: { permission: auditPermissions.read },
  input: z.object({
    ...filters,
    format: z.enum(auditExportFormats).default("csv"),
    purpose: z.string().trim().min(4, "请用至少 4 个字写明导出用途").max(100, "用途最多 100 个字"),
  }),
});

const moment = z.iso.datetime({ offset: true });

export const getSeals = query({
  path: "/api/audit/seals",
  summary: "查看封存与核验",
  access: { permission: auditPermissions.read },
  input: z.object({}),
  output: z.object({
    seals: z.int(),
    entries: z.int(),
    lastSealAt: moment.nullable(),
    /** Public key of this installation, as its file says it. */
    publicKey: z.string(),
    keyMark: z.string(),
    /** Newest first, at most 60. */
    digests: z.array(
      z.object({
        day: plainDate,
        entries: z.int(),
        seal: z.string(),
        algorithm: z.enum(["ed25519", "sm2"]),
        keyMark: z.string(),
        signedAt: moment,
      }),
    ),
    /** Newest first, at most 30. */
    verifications: z.array(
      z.object({ at: moment, entries: z.int(), seals: z.int(), digests: z.int(), problems: z.array(z.string()) }),
    ),
    archives: z.array(z.object({ month: z.string(), entries: z.int(), bytes: z.number(), archivedAt: moment })),
    task: id.nullable(),
  }),
});

export const verifyNow = action({
  path: "/api/audit/verifications",
  summary: "核验审计日志",
  access: { permission: auditPermissions.read },
  input: z.object({}),
  output: z.object({ taskId: id }),
});

export const getVerifyTask = query({
  path: "/api/audit/verifications/tasks/:taskId",
  summary: "查看核验进度",
  access: { permission: auditPermissions.read },
  input: z.object({ taskId: id }),
  output: taskState,
});
