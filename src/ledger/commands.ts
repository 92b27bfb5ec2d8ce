import type { Command } from "commander";
import { choiceOption } from "../platform/command-words.ts";
import type { CommandActs, Services } from "../platform/module.ts";
import {
  applyBatch,
  batchStateLabels,
  differenceKindLabels,
  getBatch,
  ledgerKindLabels,
  ledgerKinds,
  receiveBatch,
  undoBatch,
  type BatchSummary,
  type DifferenceKind,
} from "./contract.ts";

interface Options {
  as: string;
  json?: boolean;
}

interface ImportOptions extends Options {
  kind: (typeof ledgerKinds)[number];
  month: string;
  sender: string;
  coverage: string;
  supplement?: boolean;
  title: string;
  apply?: boolean;
}

/** `wengang import|compare|apply|undo`: a month's ledger without a browser. */
export function ledgerCommands(program: Command, _open: () => Promise<Services>, acts: CommandActs): void {
  const inNameOf = ["--as <登录名>", "以哪位工作人员的名义办理（按其职责和管辖区域）"] as const;
  program
    .command("import")
    .description("接收一份台账，校验并与登记库比对")
    .argument("<文件>", "xlsx、xls、ods 或 csv")
    .requiredOption(...inNameOf)
    .addOption(choiceOption("--kind <种类>", ledgerKinds, ledgerKindLabels).makeOptionMandatory())
    .requiredOption("--month <月份>", "所属月份，如 2025-05")
    .option("--sender <单位>", "移交单位", "命令行导入")
    .option("--coverage <区划>", "申报完整的区划代码，逗号分隔；默认为本人管辖区域", "")
    .option("--supplement", "补充表：不计算“消失”")
    .option("--title <表名>", "种类为 other 时的表名", "")
    .option("--apply", "比对后直接应用")
    .option("--json", "以 JSON 输出")
    .action(async (file: string, options: ImportOptions) => {
      const input = {
        kind: options.kind,
        month: options.month,
        sender: options.sender,
        coverage: options.coverage,
        complete: options.supplement ? ("false" as const) : ("true" as const),
        title: options.title,
      };
      const { batchId, taskId } = await acts.run(receiveBatch, options.as, input, file);
      await acts.finish(taskId, showProgress(options));
      if (options.apply) await applyOne(acts, options, batchId);
      report(options, await acts.run(getBatch, options.as, { batchId }));
    });
  program
    .command("compare")
    .description("查看一个批次的校验与比对结果")
    .argument("<批次>")
    .requiredOption(...inNameOf)
    .option("--json", "以 JSON 输出")
    .action(async (batchId: string, options: Options) =>
      report(options, await acts.run(getBatch, options.as, { batchId })),
    );
  program
    .command("apply")
    .description("应用一个已比对的批次")
    .argument("<批次>")
    .requiredOption(...inNameOf)
    .option("--json", "以 JSON 输出")
    .action(async (batchId: string, options: Options) => {
      await applyOne(acts, options, batchId);
      report(options, await acts.run(getBatch, options.as, { batchId }));
    });
  program
    .command("undo")
    .description("撤销一个已应用的批次")
    .argument("<批次>")
    .requiredOption(...inNameOf)
    .option("--json", "以 JSON 输出")
    .action(async (batchId: string, options: Options) => {
      const { taskId } = await acts.run(undoBatch, options.as, { batchId });
      await acts.finish(taskId, showProgress(options));
      report(options, await acts.run(getBatch, options.as, { batchId }));
    });
}

async function applyOne(acts: CommandActs, options: Options, batchId: string): Promise<void> {
  const { taskId } = await acts.run(applyBatch, options.as, { batchId });
  await acts.finish(taskId, showProgress(options));
}

function showProgress(options: Options): (stage: string, done: number) => void {
  if (options.json || !process.stderr.isTTY) return () => {};
  return (stage, done) => process.stderr.write(`\r${stage} ${done > 0 ? done.toLocaleString("en-US") : ""}      `);
}

function report(options: Options, batch: BatchSummary): void {
  if (options.json) {
    process.stdout.write(`${JSON.stringify(batch)}\n`);
    return;
  }
  const { counts } = batch;
  const differences = (Object.entries(counts.differences) as [DifferenceKind, number][])
    .map(([kind, n]) => `${differenceKindLabels[kind]} ${n}`)
    .join("，");
  const lines = [
    `批次 ${batch.batchId}  ${batch.month} ${ledgerKindLabels[batch.kind]}  ${batchStateLabels[batch.state]}`,
    `共 ${counts.rows} 行：有效 ${counts.valid}，待修 ${counts.waiting}，已按规则修复 ${counts.repaired}，无变化 ${counts.unchanged}`,
    `差异：${differences || "无"}`,
    ...(batch.problem ? [batch.problem.message] : []),
  ];
  process.stdout.write(`${lines.join("\n")}\n`);
}
