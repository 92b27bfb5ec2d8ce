import type { Command } from "commander";
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import {
  divisionPrefix,
  explainMeasure,
  prepareMeasure,
  waysToEligible,
  type FactSource,
  type PreparedMeasure,
} from "#kernel";
import { z } from "zod";
import { readConfig } from "../platform/config.ts";
import { runnerOf } from "../platform/db/database.ts";
import type { Services } from "../platform/module.ts";
import { formatYuan } from "../platform/money.ts";
import { refuse } from "../platform/problem.ts";
import { policyProblems } from "./problems.ts";
import { outcomeLabels, type OutcomeName } from "./contract.ts";
import { toExplanation } from "./rules/explanations.ts";
import { toSources } from "./rules/vocabulary.ts";
import { decideRows, type OutcomeCount } from "./screening/run.ts";
import { asOfFor, type RuleServices } from "./screening/tasks.ts";
import { readLibrary, type Library } from "./library/library.ts";
import { shippedFiles } from "./versions/shipped.ts";

interface Options extends RuleServices {
  readonly sources: readonly FactSource[];
}

const value = z.union([
  z.string(),
  z.number(),
  z.boolean(),
  z.null(),
  z.array(z.union([z.string(), z.number(), z.boolean()])),
]);
/** Facts by their names, or besides them the subjects whom limits count and the claims they had. */
const question = z.object({
  facts: z.record(z.string(), value),
  subjects: z.record(z.string(), z.string()).optional(),
  claims: z
    .array(
      z.object({
        key: z.string(),
        subjects: z.record(z.string(), z.string()),
        date: z.iso.date(),
        months: z.int().optional(),
      }),
    )
    .optional(),
});
const factsFile = z.union([question, z.record(z.string(), value).transform((facts) => ({ facts }))]);

const print = (text: string): void => void process.stdout.write(`${text}\n`);

interface Ready {
  readonly library: Library;
  readonly measures: readonly {
    readonly definition: PreparedMeasure["definition"];
    readonly rule: PreparedMeasure | null;
  }[];
}

/** The installation's rulebook where there is one, else the one that this program ships. */
async function readyRules(open: () => Promise<Services>, { rulebook, sources }: Options): Promise<Ready> {
  const config = readConfig();
  if (config.databaseUrl !== undefined || existsSync(join(config.dataFolder, "postgres")))
    return rulebook.get((await open()).database.worker);
  const library = readLibrary(shippedFiles());
  return {
    library,
    measures: library.rules.flatMap((definition) =>
      definition.kind === "measure" ? [{ definition, rule: prepareMeasure(definition, sources).rule }] : [],
    ),
  };
}

async function factsOf(file: string | undefined): Promise<z.output<typeof factsFile>> {
  if (file === undefined) return { facts: {} };
  const text = await readFile(file, "utf8");
  try {
    return factsFile.parse(JSON.parse(text));
  } catch {
    return refuse(policyProblems.factsUnreadable(file));
  }
}

/** `wengang explain` and `wengang screen`: the rulebook without a browser. */
export function policyCommands(program: Command, open: () => Promise<Services>, options: Options): void {
  program
    .command("explain")
    .description("一条政策对一个人怎么算：逐项条件、原因和条款")
    .argument("[政策]", "政策编号（如 export-introduction）、编号/区划，或条款编号（如 HN10-04a）")
    .option("--schema", "列出可用的事实来源、名称和类型")
    .option("--facts <文件>", "事实的 JSON 文件：{名称: 值}，或 {facts, subjects, claims}")
    .option("--date <日期>", "观察日，如 2025-06-18")
    .option("--region <区划>", "同一政策有几个地方版本时，取适用于该区划的")
    .option("--json", "以 JSON 输出")
    .action(
      async (
        name: string | undefined,
        given: { schema?: boolean; facts?: string; date?: string; region?: string; json?: boolean },
      ) => {
        if (given.schema) return printSchema(options.sources, given.json ?? false);
        const { library, measures } = await readyRules(open, options);
        const matching = measures.filter(
          ({ definition }) =>
            (name === definition.id ||
              name === `${definition.id}/${definition.region}` ||
              definition.catalogue.includes(name ?? "")) &&
            (given.region === undefined || given.region.startsWith(divisionPrefix(definition.region))),
        );
        const rule = matching.find((one) => one.rule !== null)?.rule ?? refuse(policyProblems.ruleUnknown(name ?? ""));
        const asked = await factsOf(given.facts);
        const strange = Object.keys(asked.facts).filter(
          (fact) => !rule.source.fields.some((field) => field.name === fact),
        );
        if (strange.length > 0) refuse(policyProblems.factsUnknown(strange));
        const asOf = given.date ?? new Intl.DateTimeFormat("sv-SE", { timeZone: "Asia/Shanghai" }).format();
        const about = { ...asked, asOf };
        const shown = toExplanation(
          explainMeasure(rule, about as Parameters<typeof explainMeasure>[1]),
          waysToEligible(rule, about as Parameters<typeof explainMeasure>[1]),
          rule.source.fields,
          library,
        );
        const { id, region, title } = rule.definition;
        if (given.json) return print(JSON.stringify({ measure: { id, region, title }, date: asOf, ...shown }));
        print(`${title}（${id}/${region}），${asOf}：${outcomeLabels[shown.outcome]}`);
        if (shown.amount !== null) print(`金额：${formatYuan(shown.amount)} 元${shown.fund ? `，${shown.fund}` : ""}`);
        for (const condition of shown.conditions)
          print(
            `  ${STATE_WORDS[condition.state] ?? condition.state}  ${condition.says}${condition.on ? `（${condition.on} 起）` : ""}${condition.basis?.article ? `  ${condition.basis.number} ${condition.basis.article}` : ""}`,
          );
        for (const { label, supplier } of shown.missing) print(`  缺：${label}（由${supplier}提供）`);
        for (const way of shown.ways)
          print(
            `  差什么：${way.changes.map(({ label, to }) => `${label} → ${to ?? "无"}`).join("，") || "时间"}${way.from ? `，${way.from} 起` : ""}`,
          );
      },
    );
  program
    .command("screen")
    .description("按规则筛查一个区域：每项政策符合、未到期、待核实各多少（不写入）")
    .option("--region <区划>", "区划代码，如 433124；默认全部")
    .option("--date <日期>", "观察日；默认各地业务日期")
    .option("--measure <政策>", "只筛查一项政策")
    .option("--json", "以 JSON 输出")
    .action(async (given: { region?: string; date?: string; measure?: string; json?: boolean }) => {
      const services = await open();
      const { worker } = services.database;
      const { measures } = await options.rulebook.get(worker);
      const rows: {
        measure: string;
        region: string;
        title: string;
        date: string;
        seconds: number;
        counts: readonly OutcomeCount[];
      }[] = [];
      for (const measure of measures) {
        if (!measure.rule || (given.measure && measure.definition.id !== given.measure)) continue;
        const asOf = given.date ?? asOfFor(services, measure);
        const begun = performance.now();
        const counts = await worker.transaction().execute((tx) =>
          decideRows(runnerOf(tx), measure, options.claims, {
            scope: given.region ? { kind: "region", region: given.region } : { kind: "whole" },
            asOf,
          }),
        );
        const { id, region, title } = measure.definition;
        rows.push({
          measure: id,
          region,
          title,
          date: asOf,
          seconds: Math.round(performance.now() - begun) / 1000,
          counts,
        });
      }
      if (given.measure && rows.length === 0) refuse(policyProblems.ruleUnknown(given.measure));
      if (given.json) return print(JSON.stringify({ region: given.region ?? "", rows }));
      for (const { title, region, date, counts } of rows)
        print(
          `${title}（${region}，${date}）：${counts.map(({ outcome, rows: n, amountFen }) => `${outcomeLabels[outcome as OutcomeName]} ${n}${amountFen > 0 ? `（${formatYuan(amountFen)} 元）` : ""}`).join("，") || "没有记录"}`,
        );
    });
}

const STATE_WORDS: Readonly<Record<string, string>> = {
  met: "√",
  failed: "×",
  unknown: "？",
  "parameter-missing": "标准未定",
  review: "人工研判",
  "not-yet": "未到期",
};

function printSchema(sources: readonly FactSource[], json: boolean): void {
  const shown = toSources(sources);
  if (json) return print(JSON.stringify({ sources: shown }));
  for (const source of shown) {
    print(`${source.name}  ${source.label}（${source.subjects.join("、")}）`);
    for (const field of source.fields)
      print(
        `  ${field.name}  ${field.type}  ${field.label}（${field.supplier}）${field.codes.length > 0 ? `：${field.codes.join(" | ")}` : ""}`,
      );
  }
}
