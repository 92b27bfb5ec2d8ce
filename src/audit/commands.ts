import type { Command } from "commander";
import { readFile } from "node:fs/promises";
import type { Services } from "../platform/module.ts";
import { Refusal } from "../platform/problem.ts";
import { auditProblems } from "./problems.ts";
import { verifyFile } from "./seal/read-proof.ts";
import { sealEntries } from "./seal/seal-entries.ts";
import { verifyAndKeep } from "./seal/tasks.ts";

/** `wengang verify`: of a file without any database, or of the log where it lies. */
export function auditCommands(program: Command, open: () => Promise<Services>): void {
  program
    .command("verify")
    .description("核验审计日志：给出导出或归档文件则离线核验（不需要数据库），否则核验本机数据库中的全部日志")
    .argument("[文件]", "导出的 .zip、归档的 .jsonl.gz 或 .jsonl")
    .option("--key <公钥文件...>", "信任的公钥（密钥目录中的 audit-*.pub）；离线核验必须给出")
    .option("--json", "以 JSON 输出")
    .action(async (file: string | undefined, options: { key?: string[]; json?: boolean }) => {
      if (file !== undefined && !options.key) throw new Refusal(auditProblems.keyNeeded());
      const keys = await Promise.all((options.key ?? []).map((path) => readFile(path, "utf8")));
      const answer = file === undefined ? await verifyHere(open) : await verifyFile(file, keys);
      if (options.json) process.stdout.write(`${JSON.stringify(answer)}\n`);
      if (answer.problems.length > 0) throw new Refusal(auditProblems.tampered(answer.problems));
      if (!options.json) process.stdout.write(`${wordsOf(answer)}\n`);
    });
}

async function verifyHere(open: () => Promise<Services>) {
  const services = await open();
  await sealEntries(services.database.worker);
  const { entries, ...answer } = await verifyAndKeep(services);
  return { rows: entries, ...answer };
}

function wordsOf(answer: { rows: number; seals: number; digests: number; unsigned?: number; loose?: number }): string {
  const { rows, seals, digests, unsigned = 0, loose = 0 } = answer;
  return [
    `核验通过：${rows} 条记录、${seals} 个封存、${digests} 份每日摘要，没有被改动、移除、加入或调换。`,
    ...(unsigned > 0 ? [`其中 ${unsigned} 条在最后一份每日摘要之后封存，次日签名后方有摘要为证。`] : []),
    ...(loose > 0 ? [`另有 ${loose} 条导出时尚未封存，只由本文件的签名证明。`] : []),
  ].join("\n");
}
