import type { Command } from "commander";
import { writeFile } from "node:fs/promises";
import { buffer } from "node:stream/consumers";
import { Readable } from "node:stream";
import type { CommandActs, DownloadBody, Services } from "../platform/module.ts";
import {
  applyImport,
  exportRegisterRows,
  getImport,
  getRegister,
  importStateLabels,
  importTable,
  listImportFaults,
  listRegisters,
  undoImport,
  type ImportDetail,
  type RegisterSummary,
} from "./contract.ts";

interface Options {
  as: string;
  json?: boolean;
}

const FAULTS_SHOWN = 20;

/** `wengang register …`: the registers without a browser. */
export function registerCommands(program: Command, _open: () => Promise<Services>, acts: CommandActs): void {
  const inNameOf = ["--as <登录名>", "以哪位工作人员的名义办理（按其职责和管辖区域）"] as const;
  const asJson = ["--json", "以 JSON 输出"] as const;
  const register = program.command("register").description("登记簿：查看、导入、导出、撤销导入");

  register
    .command("list")
    .description("列出登记簿和本辖区的记录数")
    .requiredOption(...inNameOf)
    .option(...asJson)
    .action(async (options: Options) => {
      const registers = await acts.run(listRegisters, options.as, {});
      say(options, registers, () =>
        registers.map((one) => `${one.name}  ${one.group}·${one.title}  ${one.rows.toLocaleString("zh-CN")} 条`),
      );
    });

  register
    .command("show")
    .description("查看一个登记簿有哪些栏目、怎么填")
    .argument("<登记簿>")
    .requiredOption(...inNameOf)
    .option(...asJson)
    .action(async (name: string, options: Options) => {
      const found = await acts.run(getRegister, options.as, { register: name });
      say(options, found, () => describe(found));
    });

  register
    .command("import")
    .description("检查一份表；加 --apply 即写入登记簿")
    .argument("<登记簿>")
    .argument("<文件>", "xlsx、xls、ods 或 csv")
    .requiredOption(...inNameOf)
    .option("--apply", "检查后直接导入没有错的行")
    .option(...asJson)
    .action(async (name: string, file: string, options: Options & { apply?: boolean }) => {
      const { importId, taskId } = await acts.run(importTable, options.as, { register: name }, file);
      await acts.finish(taskId);
      const checked = await acts.run(getImport, options.as, { importId });
      if (options.apply && checked.counts.new + checked.counts.changed > 0) await applyOne(acts, options, importId);
      await report(acts, options, importId);
    });

  register
    .command("apply")
    .description("写入一份检查过的表")
    .argument("<导入编号>")
    .requiredOption(...inNameOf)
    .option(...asJson)
    .action(async (importId: string, options: Options) => {
      await applyOne(acts, options, importId);
      await report(acts, options, importId);
    });

  register
    .command("undo")
    .description("撤销一次导入")
    .argument("<导入编号>")
    .requiredOption(...inNameOf)
    .option(...asJson)
    .action(async (importId: string, options: Options) => {
      const { taskId } = await acts.run(undoImport, options.as, { importId });
      await acts.finish(taskId);
      await report(acts, options, importId);
    });

  register
    .command("export")
    .description("导出登记簿为 xlsx")
    .argument("<登记簿>")
    .argument("<文件>")
    .requiredOption(...inNameOf)
    .requiredOption("--purpose <用途>", "用途，记入审计日志")
    .option("--region <区划>", "只导出这个区划的记录")
    .option(...asJson)
    .action(async (name: string, file: string, options: Options & { purpose: string; region?: string }) => {
      const input = {
        register: name,
        purpose: options.purpose,
        ...(options.region ? { region: options.region } : {}),
      };
      const { body } = (await acts.run(exportRegisterRows, options.as, input)) as DownloadBody;
      const bytes = body instanceof Readable ? await buffer(body) : Buffer.from(body);
      await writeFile(file, bytes);
      say(options, { file, bytes: bytes.length }, () => [`已导出到 ${file}`]);
    });
}

async function applyOne(acts: CommandActs, options: Options, importId: string): Promise<void> {
  const { taskId } = await acts.run(applyImport, options.as, { importId });
  await acts.finish(taskId);
}

async function report(acts: CommandActs, options: Options, importId: string): Promise<void> {
  const found = await acts.run(getImport, options.as, { importId });
  const faults = await acts.run(listImportFaults, options.as, { importId, size: FAULTS_SHOWN });
  say(options, { ...found, faults: faults.rows }, () => [
    ...outcome(found),
    ...faults.rows.map((fault) => `第 ${fault.rowNo} 行  ${fault.message}`),
    ...(faults.total > faults.rows.length ? [`……共 ${faults.total} 处`] : []),
  ]);
}

function outcome({ importId, title, state, counts, problem }: ImportDetail): string[] {
  return [
    `导入 ${importId}  ${title}  ${importStateLabels[state]}`,
    `共 ${counts.rows} 行：新增 ${counts.new}，变更 ${counts.changed}，无变化 ${counts.same}，有错 ${counts.faulty}`,
    ...(problem ? [problem.message] : []),
  ];
}

function describe({ title, about, columns }: RegisterSummary): string[] {
  return [
    `${title}：${about}`,
    ...columns.map((column) => {
      const marks = [column.key ? "主键" : "", column.required ? "必填" : ""].filter(Boolean).join("、");
      const codes = column.codes.length > 0 ? `  可填：${column.codes.join("、")}` : "";
      return `  ${column.label}（${column.column}，${column.type}${marks ? `，${marks}` : ""}）${codes}${column.hint ? `  ${column.hint}` : ""}`;
    }),
  ];
}

function say(options: Options, json: unknown, lines: () => readonly string[]): void {
  process.stdout.write(options.json ? `${JSON.stringify(json)}\n` : `${lines().join("\n")}\n`);
}
