import { sql } from "kysely";
import { basename } from "node:path";
import { Temporal } from "temporal-polyfill";
import { handle, type ActionContext } from "../platform/module.ts";
import { platformProblems, refuse } from "../platform/problem.ts";
import { findTaskState, latestTasks } from "../platform/tasks/state.ts";
import { getBackups, getBackupTask, rotateKeyNow, runBackupNow, type KeyVersion } from "./contract.ts";
import { backupProblems } from "./problems.ts";
import { BACKUP_AT, backupTasks } from "./tasks.ts";
import { locks } from "../platform/db/locks.ts";

const RUNS_SHOWN = 50;

/** Backups are the whole installation's; the task's row belongs to the area of the administrator who asked. */
const areaOf = ({ caller }: ActionContext) => caller.sight.administers ?? refuse(platformProblems.outOfScope());

const overview = handle(getBackups, async ({ tx, services, caller }) => {
  const runs = await tx.selectFrom("backup.run").selectAll().orderBy("started_at", "desc").limit(RUNS_SHOWN).execute();
  const versions = await tx.selectFrom("platform.key_version").selectAll().orderBy("version", "desc").execute();
  const tasks = await latestTasks(tx, Object.values(backupTasks));
  const newest = versions[0];
  const stateOf = (version: number): KeyVersion["state"] =>
    version === newest?.version ? "current" : newest?.rewritten_at ? "retired" : "rewriting";
  const visible = async (subject: string) => {
    const taskId = tasks.get(subject);
    return taskId !== undefined && (await findTaskState(tx, taskId, caller.sight.administers ?? "-")) ? taskId : null;
  };
  return {
    folder: services.config.backupFolder,
    nextAt: nextRun(Temporal.Now.zonedDateTimeISO("Asia/Shanghai")),
    runs: runs.map((run) => ({
      runId: run.run_id,
      fileName: basename(run.path),
      state: run.state as "running",
      startedAt: run.started_at.toISOString(),
      finishedAt: run.finished_at?.toISOString() ?? null,
      bytes: run.bytes === null ? null : Number(run.bytes),
      rows: run.rows === null ? null : Number(run.rows),
      files: run.files,
      missing: run.missing,
      verifiedAt: run.verified_at?.toISOString() ?? null,
      problem: run.problem,
    })),
    keys: versions.map(({ version, fingerprint, added_at, rewritten_at }) => ({
      version,
      mark: fingerprint,
      addedAt: added_at.toISOString(),
      rewrittenAt: rewritten_at?.toISOString() ?? null,
      state: stateOf(version),
    })),
    backupTask: await visible(backupTasks.run),
    rotationTask: await visible(backupTasks.rotate),
  };
});

function nextRun(now: Temporal.ZonedDateTime): string {
  const today = now.withPlainTime(BACKUP_AT);
  return (Temporal.ZonedDateTime.compare(today, now) > 0 ? today : today.add({ days: 1 })).toInstant().toString();
}

async function refuseWhileRunning({ tx }: ActionContext, name: string): Promise<void> {
  // Whoever asks twice, or at the same time as another, gets one.
  await sql`SELECT pg_advisory_xact_lock(${locks.backupRequests})`.execute(tx);
  const { rows } =
    await sql`SELECT 1 FROM platform.task WHERE subject = ${name} AND state IN ('queued', 'running') LIMIT 1`.execute(
      tx,
    );
  if (rows.length > 0) refuse(backupProblems.running());
}

const runNow = handle(runBackupNow, async (context) => {
  await refuseWhileRunning(context, backupTasks.run);
  context.audit({ subject: backupTasks.run });
  const taskId = await context.enqueue({
    name: backupTasks.run,
    payload: {},
    subject: backupTasks.run,
    region: areaOf(context),
    queue: "backup",
  });
  return { taskId };
});

const rotateNow = handle(rotateKeyNow, async (context) => {
  await refuseWhileRunning(context, backupTasks.rotate);
  const from = context.services.keys.versions().length;
  context.audit({ subject: backupTasks.rotate, version: from + 1 });
  const taskId = await context.enqueue({
    name: backupTasks.rotate,
    payload: { from },
    subject: backupTasks.rotate,
    region: areaOf(context),
    queue: "backup",
  });
  return { taskId };
});

const task = handle(
  getBackupTask,
  async (context, { taskId }) =>
    (await findTaskState(context.tx, taskId, areaOf(context))) ?? refuse(platformProblems.notFound("该任务")),
);

export const backupHandlers = [overview, runNow, rotateNow, task];
