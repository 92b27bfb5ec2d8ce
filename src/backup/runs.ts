import { sql } from "kysely";
import { existsSync } from "node:fs";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { Temporal } from "temporal-polyfill";
import type { Services } from "../platform/module.ts";
import { Refusal } from "../platform/problem.ts";
import { readBackup } from "./file/read-backup.ts";
import { writeBackup, type BackupSummary } from "./file/write-backup.ts";
import { keptRuns } from "./retention.ts";
import { locks } from "../platform/db/locks.ts";

export type RunProgress = (stage: string, done?: number, total?: number) => Promise<void>;

/** `wengang-20260731-013000.backup`, the clock of China. */
export function backupName(moment: Temporal.ZonedDateTime): string {
  const text = moment.toPlainDateTime().round("second").toString().replaceAll(/[-:]/g, "").replace("T", "-");
  return `wengang-${text}.backup`;
}

/** Writes a backup, reads it again from front to end, and notes both; what is too old by the rule of retention is removed. */
export async function runBackup(
  services: Services,
  progress: RunProgress = async () => {},
  options: { readonly path?: string; readonly signal?: AbortSignal } = {},
): Promise<BackupSummary & { readonly verified: true }> {
  const { worker } = services.database;
  const path =
    options.path ?? join(services.config.backupFolder, backupName(Temporal.Now.zonedDateTimeISO("Asia/Shanghai")));
  const { run_id } = await worker
    .insertInto("backup.run")
    .values({ path, state: "running" })
    .returning("run_id")
    .executeTakeFirstOrThrow();
  const note = (values: Record<string, unknown>) =>
    worker.updateTable("backup.run").set(values).where("run_id", "=", run_id).execute();
  try {
    const summary = await writeBackup(services, path, {
      onProgress: (done, total) => progress("写入备份", done, total),
      ...(options.signal ? { signal: options.signal } : {}),
    });
    const { bytes, tables, rows, files, missing } = summary;
    await note({ bytes, tables, rows, files, missing: missing.length });
    await verifyBackup(services, path, progress);
    await note({ state: "done", finished_at: sql`now()`, verified_at: sql`now()` });
    if (options.path === undefined) await removeOutdated(services);
    return { ...summary, verified: true };
  } catch (cause) {
    const problem =
      cause instanceof Refusal ? cause.problem.message : "备份没有完成，请查看运行日志；常见原因是存放备份的磁盘已满。";
    await note({ state: "failed", finished_at: sql`now()`, problem }).catch(() => {});
    throw cause;
  }
}

export async function verifyBackup({ keys }: Pick<Services, "keys">, path: string, progress: RunProgress) {
  return readBackup(path, keys, undefined, (done, total) => progress("核对备份", done, total));
}

/** Removes backups of the folder that no rule keeps. Only files that a run of ours has written are ever touched. */
async function removeOutdated(services: Services): Promise<void> {
  const { worker } = services.database;
  const runs = await worker
    .selectFrom("backup.run")
    .select(["run_id", "path", "started_at"])
    .where("state", "=", "done")
    .orderBy("started_at", "desc")
    .execute();
  const ours = runs.filter(({ path }) => path.startsWith(services.config.backupFolder));
  const kept = keptRuns(ours.map((run) => Temporal.Instant.from(run.started_at.toISOString())));
  for (const [nth, { run_id, path }] of ours.entries()) {
    if (kept.has(nth)) continue;
    await rm(path, { force: true });
    await worker.updateTable("backup.run").set({ state: "removed" }).where("run_id", "=", run_id).execute();
  }
}

/** A worker that was killed in the middle leaves its run as running, and half a file. */
export async function closeAbandonedRuns(services: Services): Promise<void> {
  const { worker } = services.database;
  const { rows } = await sql<{ free: boolean }>`SELECT pg_try_advisory_xact_lock(${locks.backup}) AS free`.execute(
    worker,
  );
  if (!rows[0]!.free) return;
  const left = await worker
    .selectFrom("backup.run")
    .select(["run_id", "path"])
    .where("state", "=", "running")
    .execute();
  for (const { run_id, path } of left) {
    if (existsSync(`${path}.partial`)) await rm(`${path}.partial`, { force: true });
    await worker
      .updateTable("backup.run")
      .set({ state: "failed", finished_at: sql`now()`, problem: "备份中断（程序被停止）。下次会重新备份。" })
      .where("run_id", "=", run_id)
      .execute();
  }
}
