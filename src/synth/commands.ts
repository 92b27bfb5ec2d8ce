import { loadRegionIndex } from "#registry";
import { plantErrors } from "#plant";
import type { Command } from "commander";
import { choiceOption } from "../platform/command-words.ts";
import type { Services } from "../platform/module.ts";
import { platformProblems, refuse } from "../platform/problem.ts";
import { fileFormats, sizes, writeProvince, type FileFormat, type Size } from "./write-province.ts";
import { formKinds, type FormKind } from "./forms.ts";

interface SynthOptions {
  size: Size;
  region: string;
  month: string;
  out: string;
  seed: string;
  format: FileFormat[];
  kind: FormKind[];
  persons?: string;
  differences?: boolean;
  json?: boolean;
}

interface PlantCommandOptions {
  out: string;
  seed: string;
  count: string;
  renamed?: string;
  foreign?: string;
  json?: boolean;
}

/** `wengang synth` writes the synthetic province's files; `wengang plant` plants errors in finished ones. */
export function synthCommands(program: Command, open: () => Promise<Services>): void {
  program
    .command("synth")
    .description("生成合成台账文件（由种子决定，无真实人员）")
    .requiredOption("--out <目录>")
    .addOption(choiceOption("--size <规模>", sizes).default("county"))
    .option("--region <区划>", "如 433124、43", "433124")
    .option("--month <月份>", "如 2025-05", "2025-05")
    .option("--seed <种子>", "", "wengang-demo")
    .addOption(choiceOption("--format <格式...>", fileFormats).default(["csv"]))
    .addOption(choiceOption("--kind <种类...>", formKinds).default(["work-ledger"]))
    .option("--persons <人数>", "台账人数，默认由规模决定")
    .option("--differences", "另写与上月的差异清单 differences.json")
    .option("--json", "以 JSON 输出")
    .action(async (options: SynthOptions) => {
      if (!/^\d{4}-(0[1-9]|1[0-2])$/u.test(options.month))
        refuse(platformProblems.invalidInput("--month 应写作 2025-05。", ["month"]));
      const { database } = await open();
      const { divisions } = await database.worker.transaction().execute((tx) => loadRegionIndex(tx));
      if (!divisions.has(options.region))
        refuse(platformProblems.invalidInput(`没有区划 ${options.region}，如 433124（县）、43（省）。`, ["region"]));
      const written = await writeProvince({
        size: options.size,
        seed: options.seed,
        region: options.region,
        ...(options.persons ? { persons: Number(options.persons) } : {}),
        divisions: divisions.values(),
        month: options.month,
        outFolder: options.out,
        formats: options.format,
        kinds: options.kind,
        withDifferences: options.differences ?? false,
        onFile: (file) => {
          if (!options.json) process.stdout.write(`${file.name}  ${file.rows.toLocaleString("en-US")} 行\n`);
        },
      });
      if (options.json) process.stdout.write(`${JSON.stringify(written)}\n`);
    });
  program
    .command("plant")
    .description("在已生成的台账文件中埋入错误，并写出答案（每处一行 JSON）")
    .argument("<文件...>")
    .requiredOption("--out <目录>")
    .option("--seed <种子>", "", "wengang-plant")
    .option("--count <处数>", "每种错误的处数", "5")
    .option("--renamed <文件>", "更名村清单（TSV：原名、现名、乡镇）")
    .option("--foreign <文件>", "外县人员清单（TSV：姓名、证号）")
    .option("--json", "以 JSON 输出")
    .action(async (files: string[], options: PlantCommandOptions) => {
      const result = await plantErrors({
        files,
        outFolder: options.out,
        seed: options.seed,
        counts: Number(options.count),
        ...(options.renamed ? { renamedVillagesFile: options.renamed } : {}),
        ...(options.foreign ? { foreignPersonsFile: options.foreign } : {}),
      });
      process.stdout.write(
        options.json
          ? `${JSON.stringify({ files: result.files, keyFile: result.keyFile, planted: result.planted, missing: result.missing })}\n`
          : `已埋入 ${result.key.length} 处，答案见 ${result.keyFile}\n`,
      );
    });
}
