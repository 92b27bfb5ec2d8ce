import type { Command } from "commander";
import { resolve } from "node:path";
import { readConfig } from "../platform/config.ts";
import { loadKeys } from "../platform/keys.ts";
import { createLog } from "../platform/log.ts";
import type { DomainModule, Services } from "../platform/module.ts";
import { restoreBackup } from "./file/restore.ts";
import { rewriteEnvelopes, rotateKey } from "./rotation/rewrite.ts";
import { runBackup, verifyBackup, type RunProgress } from "./runs.ts";

interface Options {
  json?: boolean;
}

/** `wengang backup | verify-backup | restore`. `modules`: every module of the program, whose tables a restore makes again. */
export function backupCommands(modules: () => readonly DomainModule[]) {
  return (program: Command, open: () => Promise<Services>): void => {
    program
      .command("backup")
      .description("备份数据库与文件到一个加密文件，并读一遍核对；程序运行时也可执行")
      .option("--out <文件>", "默认写到备份目录（WENGANG_BACKUPS）并按期清理旧备份")
      .option("--json", "以 JSON 输出")
      .action(async (options: Options & { out?: string }) => {
        const services = await open();
        const path = options.out === undefined ? {} : { path: resolve(options.out) };
        const summary = await runBackup(services, showProgress(options), path);
        const { bytes, tables, rows, files, missing } = summary;
        say(options, summary, [
          `备份完成并已核对：${summary.path}（${megabytes(bytes)}，${tables} 张表 ${rows} 行，${files} 个文件）。`,
          ...(missing.length > 0
            ? [`注意：有 ${missing.length} 个登记过的文件在文件库中找不到，备份中没有它们。`]
            : []),
          "恢复时需要密钥目录中的主密钥，备份中不含密钥。",
        ]);
      });
    program
      .command("verify-backup")
      .description("从头到尾核对一份备份，不写入任何内容；不需要数据库，只需要主密钥")
      .argument("<文件>")
      .option("--json", "以 JSON 输出")
      .action(async (file: string, options: Options) => {
        const keys = loadKeys(readConfig().keyFolder, false);
        const { header, bytes, manifest } = await verifyBackup({ keys }, resolve(file), showProgress(options));
        const rows = manifest.parts.reduce((sum, part) => sum + part.rows, 0);
        say(
          options,
          { path: resolve(file), bytes, createdAt: header.createdAt, parts: manifest.parts.length, rows, whole: true },
          [`备份完好：制作于 ${header.createdAt}，${megabytes(bytes)}，${manifest.parts.length} 部分，${rows} 行。`],
        );
      });
    program
      .command("rotate-key")
      .description("更换加密号码的密钥：加一个版本并在后台重新加密，程序不必停；中断后再执行 --continue")
      .option("--continue", "不加新版本，只把旧版本的密文换完")
      .option("--json", "以 JSON 输出")
      .action(async (options: Options & { continue?: boolean }) => {
        const services = await open();
        const from = services.keys.versions().length;
        const rewritten = await (options.continue
          ? rewriteEnvelopes(services, modules(), showProgress(options))
          : rotateKey(services, modules(), from, showProgress(options)));
        const version = services.keys.versions().length;
        say(options, { version, rewritten }, [
          `密钥已是第 ${version} 版，${rewritten} 条密文已重新加密。`,
          "请立即把密钥目录中的 master.key 另存两份保管：此后的数据要用新的一版才能打开。",
        ]);
      });
    program
      .command("restore")
      .description("把备份恢复到空的安装（WENGANG_DATA 或 DATABASE_URL 指向的位置）")
      .argument("<文件>")
      .option("--json", "以 JSON 输出")
      .action(async (file: string, options: Options) => {
        const log = createLog(process.env["WENGANG_LOG"] ?? "warn");
        const summary = await restoreBackup(readConfig(), modules(), log, resolve(file), showProgress(options));
        const { createdAt, tables, rows, files } = summary;
        say(options, summary, [
          `恢复完成：数据回到 ${createdAt}，${tables} 张表 ${rows} 行，${files} 个文件。`,
          "所有人需要重新登录；备份时尚未应用的批次会在继续办理时重新校验。",
        ]);
      });
  };
}

function megabytes(bytes: number): string {
  return `${(bytes / 1024 ** 2).toFixed(1)} MB`;
}

function say(options: Options, result: object, lines: readonly string[]): void {
  process.stdout.write(options.json ? `${JSON.stringify(result)}\n` : `${lines.join("\n")}\n`);
}

const SAY_EVERY_MS = 1_000;

function showProgress(options: Options): RunProgress {
  let last = 0;
  return async (stage, done, total) => {
    if (options.json || Date.now() - last < SAY_EVERY_MS) return;
    last = Date.now();
    process.stderr.write(total ? `${stage} ${Math.floor((100 * (done ?? 0)) / total)}%\n` : `${stage}\n`);
  };
}
