import type { Command } from "commander";
import { divisionPrefix } from "#kernel";
import { judgeRows, type CheckCount, type CurrentRulebook } from "#policy";
import { runnerOf } from "../platform/db/database.ts";
import type { Services } from "../platform/module.ts";
import { refuse } from "../platform/problem.ts";
import { oversightProblems } from "./problems.ts";

const WORDS: Readonly<Record<string, string>> = {
  COMPLIANT: "正常",
  VIOLATION: "违规",
  WARNING: "提示",
  SUSPECTED: "疑似",
  UNKNOWN: "待核实",
};
const REGION = /^\d{2,12}$/;

/** `wengang check`: the checks without a browser; writes nothing. */
export function oversightCommands(program: Command, open: () => Promise<Services>, rulebook: CurrentRulebook): void {
  program
    .command("check")
    .description("按核查规则查一个区域：每条规则查出多少疑点、多少待核实（不写入）")
    .option("--region <区划>", "区划代码，如 433124；默认全部")
    .option("--date <日期>", "观察日；默认各地业务日期")
    .option("--check <规则>", "只查一条：规则编号（如 two-posts）或目录编号（如 E-HN-09）")
    .option("--json", "以 JSON 输出")
    .action(async (given: { region?: string; date?: string; check?: string; json?: boolean }) => {
      const services = await open();
      const { worker } = services.database;
      const region = given.region && REGION.test(given.region) ? given.region : "";
      const { checks } = await rulebook.get(worker);
      const rows: {
        check: string;
        region: string;
        catalogue: readonly string[];
        title: string;
        severity: string;
        date: string;
        findings: number;
        seconds: number;
        counts: readonly CheckCount[];
      }[] = [];
      for (const { rule, definition } of checks) {
        const isAsked = [definition.id, ...definition.catalogue].includes(given.check ?? definition.id);
        const own = divisionPrefix(definition.region);
        if (!rule || !isAsked || !(region.startsWith(own) || own.startsWith(region))) continue;
        const asOf = given.date ?? services.businessDate(region || own);
        const begun = performance.now();
        const { counts, findings } = await worker.transaction().execute(async (tx) => {
          const run = runnerOf(tx);
          const scope = region === "" ? ({ kind: "whole" } as const) : ({ kind: "region", region } as const);
          const counted = await judgeRows(run, rule, { scope, asOf });
          const found = await run.query<{ n: string }>("SELECT count(*) AS n FROM found");
          return { counts: counted, findings: Number(found.rows[0]!.n) };
        });
        rows.push({
          check: definition.id,
          region: definition.region,
          catalogue: definition.catalogue,
          title: definition.title,
          severity: definition.severity,
          date: asOf,
          findings,
          seconds: Math.round(performance.now() - begun) / 1000,
          counts,
        });
      }
      if (given.check && rows.length === 0) refuse(oversightProblems.checkUnknown(given.check));
      if (given.json) return void process.stdout.write(`${JSON.stringify({ region, rows })}\n`);
      for (const { catalogue, title, severity, date, findings, counts } of rows) {
        const words = counts.map(({ outcome, rows: n }) => `${WORDS[outcome] ?? outcome} ${n}`).join("，");
        process.stdout.write(
          `${catalogue.join("、")} ${title}（${severity}，${date}）：疑点 ${findings}；${words || "没有记录"}\n`,
        );
      }
    });
}
