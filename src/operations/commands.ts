import type { Command } from "commander";
import { Option } from "commander";
import type { Services } from "../platform/module.ts";
import { pageOfSlow } from "./store.ts";

interface Options {
  hours: number;
  limit: number;
  json?: boolean;
}

const HOURS = { most: 336, usual: 24 };
const ROWS = { most: 200, usual: 20 };
const within =
  (most: number) =>
  (text: string): number =>
    Math.min(most, Math.max(1, Math.trunc(Number(text)) || 1));

/** `wengang slow-queries`: for whoever tunes the database. Reads what was noted; holds no values. */
export function operationsCommands(program: Command, open: () => Promise<Services>): void {
  program
    .command("slow-queries")
    .description("列出最近的慢语句（已去掉全部数值），按总耗时排列")
    .addOption(
      new Option("--hours <小时>", "最近多少小时，最多 336").default(HOURS.usual).argParser(within(HOURS.most)),
    )
    .addOption(new Option("--limit <条数>", "最多列多少条，最多 200").default(ROWS.usual).argParser(within(ROWS.most)))
    .option("--json", "以 JSON 输出")
    .action(async (options: Options) => {
      const { database, config } = await open();
      const { rows, total } = await pageOfSlow(database.worker, options.hours, { page: 1, size: options.limit });
      if (options.json)
        return void process.stdout.write(`${JSON.stringify({ limitMs: config.slowMs, rows, total })}\n`);
      const lines = rows.map(
        (row) =>
          `${(row.totalMs / 1_000).toFixed(1)} 秒 / ${row.count} 次（最长 ${row.longestMs} 毫秒，至多 ${row.mostRows} 行，范围 ${row.scopes.join("、")}）  ${row.name}\n    ${row.text.slice(0, 300)}`,
      );
      process.stdout.write(
        rows.length === 0
          ? `最近 ${options.hours} 小时没有超过 ${config.slowMs} 毫秒的语句。\n`
          : `最近 ${options.hours} 小时共 ${total} 种慢语句：\n${lines.join("\n")}\n`,
      );
    });
}
