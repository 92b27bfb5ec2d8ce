import { sql } from "kysely";
import { handle, type ActionContext } from "../../platform/module.ts";
import { platformProblems, refuse } from "../../platform/problem.ts";
import { findTaskState, latestTasks } from "../../platform/tasks/state.ts";
import { getSeals, getVerifyTask, verifyNow } from "../contract.ts";
import { auditProblems } from "../problems.ts";
import { loadSigner } from "./signing.ts";
import { VERIFY_TASK } from "./tasks.ts";

/** Seals say how many rows there are and nothing of them: the same for every auditor of the installation. */
const areaOf = ({ caller }: ActionContext) =>
  caller.sight.region ?? caller.sight.administers ?? refuse(platformProblems.outOfScope());

const seals = handle(getSeals, async (context) => {
  const { tx, services } = context;
  const { keyFolder, auditSignature } = services.config;
  const { publicKey, keyMark } = loadSigner(keyFolder, auditSignature);
  const known = await tx
    .selectFrom("audit.seal")
    .select((eb) => [
      eb.fn.countAll<string>().as("seals"),
      eb.fn.sum<string | null>("count").as("entries"),
      eb.fn.max("sealed_at").as("at"),
    ])
    .executeTakeFirstOrThrow();
  const digests = await tx.selectFrom("audit.digest").selectAll().orderBy("digest_id", "desc").limit(60).execute();
  const verifications = await tx
    .selectFrom("audit.verification")
    .selectAll()
    .orderBy("verification_id", "desc")
    .limit(30)
    .execute();
  const archives = await tx.selectFrom("audit.archive").selectAll().orderBy("month", "desc").execute();
  const taskId = (await latestTasks(tx, [VERIFY_TASK])).get(VERIFY_TASK);
  return {
    seals: Number(known.seals),
    entries: Number(known.entries ?? 0),
    lastSealAt: known.at?.toISOString() ?? null,
    publicKey,
    keyMark,
    digests: digests.map((row) => ({
      day: row.day,
      entries: Number(row.entries),
      seal: (JSON.parse(row.text) as { seal: string }).seal,
      algorithm: row.algorithm as "ed25519",
      keyMark: row.key_mark,
      signedAt: row.signed_at.toISOString(),
    })),
    verifications: verifications.map((row) => ({
      at: row.at.toISOString(),
      entries: Number(row.entries),
      seals: Number(row.seals),
      digests: Number(row.digests),
      problems: row.problems as string[],
    })),
    archives: archives.map((row) => ({
      month: row.month.slice(0, 7),
      entries: Number(row.entries),
      bytes: Number(row.bytes),
      archivedAt: row.archived_at.toISOString(),
    })),
    task: taskId !== undefined && (await findTaskState(tx, taskId, areaOf(context))) ? taskId : null,
  };
});

const verify = handle(verifyNow, async (context) => {
  const { rows } =
    await sql`SELECT 1 FROM platform.task WHERE subject = ${VERIFY_TASK} AND state IN ('queued', 'running') LIMIT 1`.execute(
      context.tx,
    );
  if (rows.length > 0) refuse(auditProblems.verifying());
  const taskId = await context.enqueue({
    name: VERIFY_TASK,
    payload: {},
    subject: VERIFY_TASK,
    region: areaOf(context),
    queue: "audit",
  });
  return { taskId };
});

const task = handle(
  getVerifyTask,
  async (context, { taskId }) =>
    (await findTaskState(context.tx, taskId, areaOf(context))) ?? refuse(platformProblems.notFound("该任务")),
);

export const sealHandlers = [seals, verify, task];
