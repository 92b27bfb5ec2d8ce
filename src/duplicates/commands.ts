import type { Command } from "commander";
import type { Services } from "../platform/module.ts";
import { refuse } from "../platform/problem.ts";
import { matchPersons } from "./matching/match.ts";
import { setThresholds, thresholds } from "./matching/store.ts";
import { duplicatesProblems } from "./problems.ts";

const print = (text: string): void => void process.stdout.write(`${text}\n`);

/** `wengang duplicates match|thresholds`. */
export function duplicatesCommands(program: Command, open: () => Promise<Services>): void {
  const duplicates = program.command("duplicates").description("查重：比对全库人员、设定分数线");

  duplicates
    .command("match")
    .description("比对全库人员，列出疑似重复档案")
    .option("--json", "输出 JSON")
    .action(async ({ json }: { json?: true }) => {
      const services = await open();
      const result = await services.database.worker.transaction().execute((tx) => matchPersons(tx, services, null));
      print(
        json
          ? JSON.stringify(result)
          : `比较 ${result.compared} 对，疑似 ${result.found} 对，其中新列 ${result.raised} 对，撤回 ${result.withdrawn} 对。`,
      );
    });

  duplicates
    .command("thresholds")
    .description("查看或设定分数线：达到上线建议合并，两线之间由人判断，低于下线不列")
    .option("--upper <score>", "上线，1 至 100")
    .option("--lower <score>", "下线，1 至 100")
    .option("--json", "输出 JSON")
    .action(async (asked: { upper?: string; lower?: string; json?: true }) => {
      const services = await open();
      const kept = await services.database.worker.transaction().execute(async (tx) => {
        const held = await thresholds(tx);
        const wanted = { upper: Number(asked.upper ?? held.upper), lower: Number(asked.lower ?? held.lower) };
        const fits = (score: number) => Number.isInteger(score) && score >= 1 && score <= 100;
        if (!fits(wanted.upper) || !fits(wanted.lower) || wanted.lower > wanted.upper)
          return refuse(duplicatesProblems.thresholdsUnfit());
        await setThresholds(tx, wanted);
        return wanted;
      });
      print(asked.json ? JSON.stringify(kept) : `上线 ${kept.upper}，下线 ${kept.lower}。下一次查重起生效。`);
    });
}
