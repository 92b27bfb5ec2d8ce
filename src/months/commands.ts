import { writeFile } from "node:fs/promises";
import { buffer } from "node:stream/consumers";
import type { Readable } from "node:stream";
import type { Command } from "commander";
import { choiceOption } from "../platform/command-words.ts";
import type { CommandActs, DownloadBody, Services } from "../platform/module.ts";
import {
  downloadReport,
  getMonths,
  getRegionMonth,
  monthStateLabels,
  reportFormats,
  type ReportFormat,
} from "./contract.ts";
import { verifyClosing } from "./count.ts";

interface Options {
  as: string;
  region: string;
  month: string;
  json?: boolean;
}

/** `wengang months|report`: where months stand, and the monthly report as a file. */
export function monthsCommands(program: Command, open: () => Promise<Services>, acts: CommandActs): void {
  const inNameOf = ["--as <登录名>", "以哪位工作人员的名义办理（按其职责和管辖区域）"] as const;
  program
    .command("months")
    .description("查看一地一月的关账情况")
    .requiredOption(...inNameOf)
    .requiredOption("--region <区划>", "乡镇、县、市州或省的区划代码")
    .option("--month <月份>", "如 2025-05；默认为正在办理的月份")
    .option("--verify", "按关账时点重新汇总，与关账时的数逐村核对")
    .option("--json", "以 JSON 输出")
    .action(async (options: Omit<Options, "month"> & { month?: string; verify?: boolean }) => {
      const month = options.month ?? (await acts.run(getMonths, options.as, {})).month;
      const found = await acts.run(getRegionMonth, options.as, { region: options.region, month });
      const services = options.verify ? await open() : null;
      const faults: string[] = [];
      if (services)
        for (const { closingId } of found.closings) faults.push(...(await verifyClosing(services, closingId)));
      if (faults.length > 0) process.exitCode = 1;
      if (options.json) {
        process.stdout.write(
          `${JSON.stringify({ ...found, ...(services ? { verified: faults.length === 0, faults } : {}) })}\n`,
        );
        return;
      }
      const { region, state, words, closing } = found.month;
      const lines = [
        `${region.name}  ${month}  ${monthStateLabels[state]}  ${words}`,
        ...(closing ? [`${closing.closedOn} ${closing.organisation} ${closing.closedBy} 关账`] : []),
        ...(services
          ? [
              faults.length === 0
                ? `${found.closings.length} 次关账按时点重新汇总，逐村一致`
                : `不一致：\n${faults.join("\n")}`,
            ]
          : []),
      ];
      process.stdout.write(`${lines.join("\n")}\n`);
    });
  program
    .command("report")
    .description("导出一地一月的月报")
    .requiredOption(...inNameOf)
    .requiredOption("--region <区划>", "乡镇、县、市州或省的区划代码")
    .requiredOption("--month <月份>", "如 2025-05")
    .addOption(choiceOption("--format <格式>", reportFormats).makeOptionMandatory())
    .requiredOption("--out <文件>", "写到哪里")
    .option("--json", "以 JSON 输出")
    .action(async (options: Options & { format: ReportFormat; out: string }) => {
      const { region, month, format } = options;
      const { body, fileName } = (await acts.run(downloadReport, options.as, {
        region,
        month,
        format,
      })) as DownloadBody;
      const bytes =
        typeof body === "string" ? Buffer.from(body) : Buffer.isBuffer(body) ? body : await buffer(body as Readable);
      await writeFile(options.out, bytes);
      const done = { fileName, out: options.out, bytes: bytes.length };
      process.stdout.write(options.json ? `${JSON.stringify(done)}\n` : `已写入 ${options.out}（${fileName}）\n`);
    });
}
