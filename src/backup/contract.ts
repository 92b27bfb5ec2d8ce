import { z } from "zod";
import { action, id, query, taskState } from "../platform/contract.ts";

export const runStates = ["running", "done", "failed", "removed"] as const;
export type RunState = (typeof runStates)[number];
export const runStateLabels: Record<RunState, string> = {
  running: "进行中",
  done: "完成",
  failed: "未完成",
  removed: "已按期清理",
};

const moment = z.iso.datetime({ offset: true });
const run = z.object({
  runId: id,
  fileName: z.string(),
  state: z.enum(runStates),
  startedAt: moment,
  finishedAt: moment.nullable(),
  bytes: z.number().nullable(),
  rows: z.number().nullable(),
  files: z.int().nullable(),
  /** Files that the records name and the store did not have. */
  missing: z.int().nullable(),
  verifiedAt: moment.nullable(),
  problem: z.string().nullable(),
});
export type BackupRun = z.output<typeof run>;

const keyVersion = z.object({
  version: z.int(),
  mark: z.string(),
  addedAt: moment,
  /** When everything sealed before had been sealed anew; null while that is going on. */
  rewrittenAt: moment.nullable(),
  state: z.enum(["current", "rewriting", "retired"]),
});
export type KeyVersion = z.output<typeof keyVersion>;
export const keyStateLabels: Record<KeyVersion["state"], string> = {
  current: "使用中",
  rewriting: "正在换下",
  retired: "已换下",
};

export const backupPermissions = { manage: "backup.manage" } as const;

export const getBackups = query({
  path: "/api/backup",
  summary: "查看备份与密钥",
  access: { permission: backupPermissions.manage },
  input: z.object({}),
  output: z.object({
    folder: z.string(),
    nextAt: moment,
    /** Newest first, at most 50. */
    runs: z.array(run),
    keys: z.array(keyVersion),
    /** The newest task of each, whatever its state; null: none was ever asked for. */
    backupTask: id.nullable(),
    rotationTask: id.nullable(),
  }),
});

export const runBackupNow = action({
  path: "/api/backup/runs",
  summary: "立即备份",
  access: { permission: backupPermissions.manage },
  input: z.object({}),
  output: z.object({ taskId: id }),
});

export const rotateKeyNow = action({
  path: "/api/backup/key-versions",
  summary: "更换密钥",
  access: { permission: backupPermissions.manage },
  input: z.object({}),
  output: z.object({ taskId: id }),
});

export const getBackupTask = query({
  path: "/api/backup/tasks/:taskId",
  summary: "查看备份进度",
  access: { permission: backupPermissions.manage },
  input: z.object({ taskId: id }),
  output: taskState,
});
