import type { Command } from "commander";
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import type { Services } from "../platform/module.ts";
import { formatYuan } from "../platform/money.ts";
import { platformProblems, refuse } from "../platform/problem.ts";
import { subsidiesProblems } from "./problems.ts";
import { checkStored } from "./publicity/check-stored.ts";
import { checkListFile, type ListAnswer } from "./publicity/list-check.ts";
import { readListFile } from "./publicity/list-file.ts";

const NUMBER = /^GS\d{6}-\d+$/;

/** `wengang verify-list`: a list by its file without any database, or by its number where the database is. */
export function subsidiesCommands(program: Command, open: () => Promise<Services>): void {
  program
    .command("verify-list")
    .description("核对公示名单：给出文件（XLSX、PDF）和公钥则离线逐行核对；给出编号则与本机数据库和审计日志核对")
    .argument("<文件或编号>", "下载的公示名单，或编号 GS…")
    .option("--digest <校验码>", "名单上印的校验码（只有纸质名单时）")
    .option("--key <公钥文件...>", "信任的公钥（密钥目录中的 audit-*.pub）；离线核对必须给出")
    .option("--json", "以 JSON 输出")
    .action(async (given: string, options: { digest?: string; key?: string[]; json?: boolean }) => {
      const answer =
        NUMBER.test(given) && !existsSync(given)
          ? await verifyNumber(await open(), given, options.digest)
          : await verifyListFile(given, options.key);
      if (options.json) process.stdout.write(`${JSON.stringify(answer)}\n`);
      if (answer.problems.length > 0) refuse(subsidiesProblems.listAltered(answer.problems));
      if (!options.json) process.stdout.write(`${wordsOf(answer)}\n`);
    });
}

async function verifyListFile(path: string, keyFiles: readonly string[] | undefined): Promise<ListAnswer> {
  if (!keyFiles) return refuse(subsidiesProblems.listKeyNeeded());
  const keys = await Promise.all(keyFiles.map((file) => readFile(file, "utf8")));
  return checkListFile(await readListFile(path), keys);
}

async function verifyNumber(services: Services, number: string, digest: string | undefined): Promise<ListAnswer> {
  const stored = (await checkStored(services, number)) ?? refuse(platformProblems.notFound(`编号为 ${number} 的公示`));
  const wrong = digest !== undefined && digest.toLowerCase() !== stored.digest;
  return {
    ...stored,
    lines: stored.lines.length,
    problems: [...stored.problems, ...(wrong ? ["给出的校验码与公示的不一致。"] : [])],
  };
}

function wordsOf({ number, lines, totalFen, digest, signedDay }: ListAnswer): string {
  return [
    `核对一致：${number} 共 ${lines} 行、${formatYuan(totalFen)} 元，没有一行被改动。`,
    `校验码 ${digest}`,
    signedDay ? `已由 ${signedDay} 的每日摘要签名封存。` : "下载时公示尚未由每日摘要签名，只由文件自己的签名证明。",
  ].join("\n");
}
