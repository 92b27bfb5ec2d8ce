import { sql } from "kysely";
import type { Tx } from "../platform/db/database.ts";
import { Refusal } from "../platform/problem.ts";
import type { TaskContext, TaskDefinition } from "../platform/tasks/definition.ts";
import { matchPersons } from "./matching/match.ts";
import { executeMerge, executeUnmerge, type Actor, type MergeServices } from "./merge/execute.ts";
import { findMerge, patchMerge, type StoredMerge } from "./merge/store.ts";
import { setPairState } from "./pairs/store.ts";
import { duplicatesTasks } from "./task-names.ts";
import { executeTransfer } from "./transfers/execute.ts";
import { escalateOverdue, findTransfer, patchTransfer } from "./transfers/store.ts";

/** At night, when nobody applies tables. */
const NIGHTLY = "20 2 * * *";
const EARLY = "10 6 * * *";
const EVERYWHERE = "";
/** From so many persons on, everybody is compared: asking name by name is then slower than the whole. */
const MANY_TOUCHED = 100_000;

export function taskDefinitions(parts: MergeServices): readonly TaskDefinition[] {
  return [
    { name: duplicatesTasks.match, schedule: NIGHTLY, run: matchAll },
    { name: duplicatesTasks.matchBatch, run: matchBatch },
    { name: duplicatesTasks.merge, run: (context, payload) => onMerge(context, payload, "working", executeMergeTask) },
    {
      name: duplicatesTasks.unmerge,
      run: (context, payload) => onMerge(context, payload, "undoing", executeUnmergeTask),
    },
    { name: duplicatesTasks.transfer, run: transferTask },
    { name: duplicatesTasks.escalate, schedule: EARLY, run: escalate },
  ];

  async function executeMergeTask(tx: Tx, context: TaskContext, merge: StoredMerge, actor: Actor): Promise<void> {
    await executeMerge(tx, context.services, parts, merge, actor);
  }

  async function executeUnmergeTask(tx: Tx, _context: TaskContext, merge: StoredMerge, actor: Actor): Promise<void> {
    await executeUnmerge(tx, parts, merge, actor);
  }

  async function transferTask(context: TaskContext, payload: Record<string, unknown>): Promise<void> {
    const { services } = context;
    const { worker } = services.database;
    const transferId = String(payload["transferId"]);
    await context.progress("办理转移");
    try {
      await worker.transaction().execute(async (tx) => {
        const transfer = await findTransfer(tx, EVERYWHERE, transferId, true);
        if (transfer?.state !== "consented") return;
        await executeTransfer(tx, services, parts, transfer, payload["actor"] as Actor);
      });
    } catch (cause) {
      if (!(cause instanceof Refusal)) throw cause;
      await worker.transaction().execute(async (tx) => {
        const transfer = await findTransfer(tx, EVERYWHERE, transferId, true);
        await patchTransfer(tx, transferId, { state: "failed", effect: cause.problem.message });
        if (transfer?.pair_id) await setPairState(tx, [transfer.pair_id], "open", null);
      });
      throw cause;
    }
  }
}

async function matchAll(context: TaskContext): Promise<void> {
  const { services } = context;
  await context.progress("全库查重");
  const result = await services.database.worker
    .transaction()
    .execute((tx) => matchPersons(tx, services, null, (compared) => context.progress("比较疑似档案", compared)));
  services.log.info(result, "duplicates matched");
}

/** Persons whom an applied or undone batch has touched. */
async function matchBatch(context: TaskContext, payload: Record<string, unknown>): Promise<void> {
  const { services } = context;
  const batchId = BigInt(String(payload["batchId"]));
  await context.progress("本批人员查重");
  await services.database.worker.transaction().execute(async (tx) => {
    await sql
      .raw(`CREATE TEMP TABLE touched ON COMMIT DROP AS SELECT person_id FROM registry.change WHERE batch_id = ${batchId} AND entity = 'person'
      UNION SELECT person_id FROM registry.person WHERE created_batch = ${batchId}`)
      .execute(tx);
    const { rows } = await sql<{ n: number }>`SELECT count(*)::int AS n FROM touched`.execute(tx);
    if (rows[0]!.n > 0) await matchPersons(tx, services, rows[0]!.n > MANY_TOUCHED ? null : "touched");
  });
}

/** A refusal leaves the records as they were and says so; the pair can be judged again. */
async function onMerge(
  context: TaskContext,
  payload: Record<string, unknown>,
  state: "working" | "undoing",
  work: (tx: Tx, context: TaskContext, merge: StoredMerge, actor: Actor) => Promise<void>,
): Promise<void> {
  const { worker } = context.services.database;
  const mergeId = String(payload["mergeId"]);
  await context.progress(state === "working" ? "合并档案" : "撤销合并");
  try {
    await worker.transaction().execute(async (tx) => {
      const merge = await findMerge(tx, EVERYWHERE, mergeId, true);
      if (merge?.state !== state) return;
      await work(tx, context, merge, payload["actor"] as Actor);
    });
  } catch (cause) {
    if (!(cause instanceof Refusal)) throw cause;
    await worker.transaction().execute(async (tx) => {
      const merge = await findMerge(tx, EVERYWHERE, mergeId, true);
      if (!merge) return;
      await patchMerge(tx, mergeId, {
        state: state === "working" ? "failed" : "done",
        decision_note: cause.problem.message,
      });
      if (state === "working") await setPairState(tx, [merge.pair_id], "open", null);
    });
    throw cause;
  }
}

async function escalate({ services }: TaskContext): Promise<void> {
  const count = await services.database.worker
    .transaction()
    .execute((tx) => escalateOverdue(tx, (county) => services.businessDate(county)));
  if (count > 0) services.log.info({ count }, "transfers escalated");
}
