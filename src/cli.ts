import { Command, CommanderError } from "commander";
import { randomUUID } from "node:crypto";
import { basename } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { callerByLogin, createGate } from "#identity";
import { modules } from "./app.ts";
import { speakChinese, usageSentence } from "./platform/command-words.ts";
import { readConfig } from "./platform/config.ts";
import type { OutputOf, Route } from "./platform/contract.ts";
import { problemOfFile, readGivenFile } from "./platform/files/faults.ts";
import { runAct } from "./platform/http/run-action.ts";
import type { CommandActs, Services, UploadedFile } from "./platform/module.ts";
import { platformProblems, Refusal, refuse } from "./platform/problem.ts";
import { openRuntime, type Runtime } from "./platform/runtime.ts";
import { startWorker, type RunningWorker } from "./platform/tasks/worker.ts";
import { serve } from "./server.ts";
import { work } from "./worker.ts";

/** Documented in docs/cli.md. */
const EXIT = { done: 0, refused: 1, usage: 2, fault: 3 } as const;
const UPLOAD_LIMIT_BYTES = 64 * 1024 ** 3;

let runtime: Promise<Runtime> | undefined;
let worker: RunningWorker | undefined;
const open = () =>
  (runtime ??= openRuntime({ ...readConfig(), logLevel: process.env["WENGANG_LOG"] ?? "warn" }, modules));

const acts: CommandActs = {
  async run<R extends Route>(route: R, as: string, input: unknown, filePath?: string): Promise<OutputOf<R>> {
    const services = await open();
    const handler = modules.flatMap((module) => module.handlers ?? []).find((one) => one.route === route);
    if (!handler) throw new Error(`no handler for ${route.path}`);
    const caller = await callerByLogin(services, modules, as);
    const file = filePath ? await storeFile(services, filePath) : undefined;
    const request = { ip: "", userAgent: "wengang" };
    const result = await runAct(services, createGate(modules), {
      handler,
      caller,
      input,
      request,
      ...(file ? { file } : {}),
    });
    return route.output.parse(result) as OutputOf<R>;
  },
  async finish(taskId, onProgress) {
    const services = await open();
    // Works itself, whether or not a worker process runs beside it: the queue gives each task to one of them.
    worker ??= await startWorker(services, modules);
    for (;;) {
      const task = await services.database.worker
        .selectFrom("platform.task")
        .selectAll()
        .where("task_id", "=", taskId)
        .executeTakeFirst();
      if (!task) refuse(platformProblems.notFound("该任务"));
      if (task.state === "done") return;
      if (task.state === "failed")
        throw new Refusal({ status: 409, ...(task.problem as { code: string; message: string }) });
      onProgress?.(task.stage, Number(task.done));
      await sleep(100);
    }
  },
};

async function storeFile(services: Services, path: string): Promise<UploadedFile> {
  const key = `upload/${randomUUID()}`;
  const stored = await services.files.put(key, await readGivenFile(path), UPLOAD_LIMIT_BYTES);
  return { fileId: "", key, name: basename(path), ...stored, fields: {} };
}

// Whoever reads our output may have read enough (`wengang … | head`).
process.stdout.on("error", (cause: NodeJS.ErrnoException) =>
  process.exit(cause.code === "EPIPE" ? EXIT.done : EXIT.fault),
);

const program = new Command("wengang").description("稳岗：农村劳动力就业帮扶平台");
speakChinese(program);
program
  .command("serve")
  .description("启动服务（首次启动会建库并装入演示数据）")
  .option("--no-worker", "不带后台进程：后台任务由另外启动的 wengang worker 办理")
  .action((options: { worker: boolean }) => serve(readConfig(), options));
program
  .command("worker")
  .description("只启动后台进程：办理导入、核查、备份等任务，可在多台机器上各启动一个")
  .action(() => work(readConfig()));
program
  .command("migrate")
  .description("建库或升级到当前版本")
  .option("--json", "以 JSON 输出")
  .action(async (options: { json?: boolean }) => {
    const { database } = await open();
    const rows = await database.pools.worker.query<{ n: string }>("SELECT count(*) AS n FROM registry.region");
    process.stdout.write(
      options.json
        ? `${JSON.stringify({ migrated: true, regions: Number(rows.rows[0]!.n) })}\n`
        : "数据库已是当前版本。\n",
    );
  });
for (const module of modules) module.commands?.(program, open, acts);

/** Says what went wrong, in words or as the documented JSON, and gives the exit code. */
function tell(cause: unknown): number {
  const json = process.argv.includes("--json");
  const say = (error: { code: string; message: string }, more = "") =>
    process.stderr.write(json ? `${JSON.stringify({ error })}\n` : `${error.message}${more}\n`);
  if (cause instanceof CommanderError) {
    // Help was asked for, or shown where a command was left out.
    if (cause.exitCode === 0) return EXIT.done;
    if (cause.code !== "commander.help")
      say({ code: "usage", message: usageSentence(cause) }, "（用 --help 查看用法）");
    return EXIT.usage;
  }
  const problem = cause instanceof Refusal ? cause.problem : problemOfFile(cause);
  if (problem) {
    say(problem);
    return EXIT.refused;
  }
  const { message, stack } = cause as Error;
  say({ code: "fault", message: !json && process.env["WENGANG_LOG"] === "debug" ? (stack ?? message) : message });
  return EXIT.fault;
}

async function main(): Promise<number> {
  try {
    await program.parseAsync();
    return EXIT.done;
  } catch (cause) {
    return tell(cause);
  } finally {
    await worker?.stop();
    await (await runtime?.catch(() => undefined))?.close();
  }
}

process.exitCode = await main();
