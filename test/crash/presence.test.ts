import type { Client } from "pg";
import type { RunningWorker } from "../../src/platform/tasks/worker.ts";
import { sql } from "kysely";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { modules as all } from "../../src/app.ts";
import type { DomainModule } from "../../src/platform/module.ts";
import { enqueue } from "../../src/platform/tasks/queue.ts";
import { startWorker } from "../../src/platform/tasks/worker.ts";
import { testRuntime, type TestRuntime } from "../../src/platform/testing/index.ts";
import { waitUntil } from "./installation.ts";
import { locks } from "../../src/platform/db/locks.ts";

const done: string[] = [];
const noting: DomainModule = {
  name: "noting",
  tasks: [{ name: "noting.note", run: async (_, payload) => void done.push(String(payload["word"])) }],
};
let runtime: TestRuntime;
let owner: Client;
let worker: RunningWorker | undefined;

beforeAll(async () => {
  runtime = await testRuntime(all);
  owner = await runtime.owner();
});
afterAll(async () => {
  await worker?.stop();
  await runtime?.close();
});
beforeEach(() => {
  done.length = 0;
});

/** A piece of work that a worker of that name has taken and not finished: in one transaction, lest a real one is faster. */
function takenBy(name: string, word: string, attempts = 1): Promise<string> {
  return runtime.database.worker.transaction().execute(async (tx) => {
    const task = { name: "noting.note", payload: { word }, subject: "", region: "43", queue: `queue of ${word}` };
    const taskId = await enqueue(tx, task, null);
    await sql`UPDATE platform.task SET state = 'running' WHERE task_id = ${taskId}`.execute(tx);
    await sql`WITH taken AS (UPDATE graphile_worker._private_jobs SET locked_by = ${name}, locked_at = now(), attempts = ${attempts}
        WHERE payload ->> 'taskId' = ${taskId} RETURNING job_queue_id)
      UPDATE graphile_worker._private_job_queues q SET locked_by = ${name}, locked_at = now() FROM taken WHERE q.id = taken.job_queue_id`.execute(
      tx,
    );
    return taskId;
  });
}

/** The session by which a worker shows that it lives. */
async function presence(): Promise<{ name: string; pid: number } | undefined> {
  const { rows } = await owner.query<{ name: string; pid: number }>(
    "SELECT application_name AS name, pid FROM pg_stat_activity WHERE datname = current_database() AND application_name LIKE 'pool-%'",
  );
  return rows[0];
}

test("the work of a dead worker is done by the next, and that of a living one is left alone", async () => {
  const living = await runtime.owner();
  await living.query("SELECT pg_advisory_lock(hashtextextended('pool-living', $1))", [locks.presence]);
  await takenBy("pool-living", "of the living");
  await takenBy("pool-dead", "of the dead");
  worker = await startWorker(runtime, [noting]);
  await waitUntil(() => done.length > 0, 10_000, "the dead worker's work");
  // As long again: time enough to have taken the other too.
  await expect(waitUntil(() => done.length > 1, 6_000, "the living worker's work")).rejects.toThrow("not within");
  expect(done).toEqual(["of the dead"]);
  await living.end();
  await waitUntil(() => done.length > 1, 15_000, "the other's work once it has died too");
  expect(done).toEqual(["of the dead", "of the living"]);
});

test("work that has killed as many workers as it may is given up, and says so", async () => {
  const taskId = await takenBy("pool-killed", "that kills", 5);
  const task = async () =>
    (
      await owner.query<{ state: string; problem: { message: string } }>(
        "SELECT state, problem FROM platform.task WHERE task_id = $1",
        [taskId],
      )
    ).rows[0]!;
  await waitUntil(async () => (await task()).state === "failed", 15_000, "giving up");
  expect((await task()).problem.message).toContain("已停止重试");
  expect(done).toEqual([]);
});

test("a claim whose answer was lost on the way is made again", async () => {
  await takenBy((await presence())!.name, "lost on the way");
  await waitUntil(() => done.length > 0, 20_000, "the lost claim");
  expect(done).toEqual(["lost on the way"]);
});

test("a worker cut off for a moment comes back under its name", async () => {
  const before = (await presence())!;
  await owner.query("SELECT pg_terminate_backend($1)", [before.pid]);
  const back = async () => ((await presence())?.pid ?? before.pid) !== before.pid;
  await waitUntil(back, 5_000, "the worker's return");
  expect((await presence())!.name).toBe(before.name);
});
