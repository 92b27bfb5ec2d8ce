import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Client } from "pg";
import { parse } from "yaml";
import { divisionPrefix, type MeasureDefinition, type Question } from "#kernel";
import { checkCatalogue, CurrentRulebook, judgeRows, type CatalogueItem } from "#policy";
import { claims } from "#subsidies";
import { modules, sources, synthesizeFacts } from "../src/app.ts";
import { checkedByInterpreter, checkedByScript, checkedBySql } from "../src/kernel/agreement/check-engines.ts";
import { interpreted, onPhone, screened } from "../src/kernel/agreement/engines.ts";
import { runnerOf } from "../src/platform/db/database.ts";
import { testRuntime, type TestRuntime } from "../src/platform/testing/index.ts";
import { examplesOfCheck } from "../src/policy/checks/examples.ts";
import { casesOf } from "../src/policy/library/library.ts";
import type { MeasureCases } from "../src/policy/measures/cases.ts";
import { examplesOf } from "../src/policy/measures/examples.ts";
import { decideRows } from "../src/policy/screening/run.ts";
import type { LoadedCheck, LoadedMeasure, Rulebook } from "../src/policy/versions/rulebook.ts";
import { addCounty, addEveryForm } from "../src/registry/fixtures.ts";

/** A county of each place whose documents the rulebook has, on the days of the demonstration. */
const COUNTIES = [
  { county: "433124", asOf: "2025-06-18" },
  { county: "370831", asOf: "2023-06-18" },
  { county: "622927", asOf: "2025-06-18" },
] as const;
const PERSONS = 1500;

export interface MeasureReport {
  readonly file: string;
  readonly class: string;
  readonly conditions: number;
  readonly limits: number;
  readonly cases: number;
  /** Cases on which the interpreter, the phone's script, PostgreSQL and the case itself are not of one mind. */
  readonly disagreements: readonly string[];
  /** The day of the rows: of the demonstration, or a later one of the cases, where nothing can be due before. */
  readonly asOf: string;
  readonly rows: {
    readonly eligible: number;
    readonly notYet: number;
    readonly refused: number;
    readonly unknown: number;
  };
  /** Why no row of the small installation can be 未到期, in words; null where one is expected. */
  readonly neverNotYet: string | null;
}

export interface ItemReport {
  readonly item: string;
  readonly class: string;
  readonly measures: readonly MeasureReport[];
}

export interface CheckReport {
  readonly file: string;
  readonly severity: string;
  readonly conditions: number;
  readonly cases: number;
  /** Cases on which the interpreter, the emitted script, PostgreSQL and the case itself are not of one mind. */
  readonly disagreements: readonly string[];
  readonly asOf: string;
  /** Of three small counties: what was found, and rows by outcome. */
  readonly findings: number;
  readonly rows: Readonly<Record<string, number>>;
}

/** An item of the catalogue of checks: the checks that stand for it, or the fact it waits for. */
export interface CheckItemReport extends CatalogueItem {
  readonly checks: readonly CheckReport[];
}

export interface PolicyReport {
  readonly items: readonly ItemReport[];
  readonly checks: readonly CheckItemReport[];
  /** Sentences that do not stand in their text, and other mistakes of the rulebook's files. */
  readonly mistakes: readonly string[];
}

/** Items of the catalogue's index with their classes. */
export function catalogueIndex(): readonly (readonly [item: string, of: string])[] {
  const file = join(import.meta.dirname, "../src/policy/texts/catalogue-index.yaml");
  const documents = parse(readFileSync(file, "utf8")) as Readonly<Record<string, Readonly<Record<string, string>>>>;
  return Object.values(documents).flatMap((items) => Object.entries(items));
}

export async function policyReport(): Promise<PolicyReport> {
  // Of the modules with data of their own, synth would bring a demonstration of its own size.
  const runtime = await testRuntime(modules.filter(({ name }) => name !== "synth"));
  try {
    const owner = await runtime.owner();
    const book = await installation(runtime, owner);
    const reports = new Map<LoadedMeasure, MeasureReport>();
    for (const measure of book.measures) reports.set(measure, await reportOf(runtime, owner, book, measure));
    const checked = new Map<LoadedCheck, CheckReport>();
    for (const check of book.checks) checked.set(check, await checkReportOf(runtime, owner, book, check));
    return {
      checks: checkCatalogue().map((item) => ({
        ...item,
        checks: book.checks
          .filter(({ definition }) => definition.catalogue.includes(item.item))
          .map((one) => checked.get(one)!),
      })),
      items: catalogueIndex().map(([item, of]) => ({
        item,
        class: of,
        measures: book.measures
          .filter(({ definition }) => definition.catalogue.includes(item))
          .map((one) => reports.get(one)!),
      })),
      mistakes: [
        ...book.library.problems.map(({ file, message }) => `${file}：${message}`),
        ...[...book.measures, ...book.checks].flatMap(({ version, problems }) =>
          problems.map(({ message }) => `${version.path}：${message}`),
        ),
      ],
    };
  } finally {
    await runtime.close();
  }
}

const dayOf = (region: string): string =>
  COUNTIES.find(({ county }) => county.startsWith(region))?.asOf ?? "2025-06-18";

/** Three counties with people, their work, and all that rules ask of them. */
async function installation(runtime: TestRuntime, owner: Client): Promise<Rulebook> {
  for (const county of COUNTIES) {
    await addCounty(owner, { ...county, persons: PERSONS });
    await addEveryForm(owner, { ...county, persons: PERSONS });
  }
  await synthesizeFacts({ ...runtime, businessDate: (region) => dayOf(region ?? "") });
  await owner.query("ANALYZE");
  return new CurrentRulebook(sources).get(runtime.database.worker);
}

async function reportOf(
  runtime: TestRuntime,
  owner: Client,
  book: Rulebook,
  measure: LoadedMeasure,
): Promise<MeasureReport> {
  const { definition, version } = measure;
  const cases = casesOf(book.library, definition);
  const asOf = [dayOf(divisionPrefix(definition.region)), cases?.["as-of"] ?? ""].toSorted().at(-1)!;
  const counts = await runtime.database.worker
    .transaction()
    .execute((tx) => decideRows(runnerOf(tx), measure, claims, { scope: { kind: "whole" }, asOf }));
  const rows = (...outcomes: string[]) =>
    counts.filter(({ outcome }) => outcomes.includes(outcome)).reduce((sum, one) => sum + one.rows, 0);
  return {
    file: version.path,
    class: definition.class,
    conditions: definition.conditions.length + definition.funds.reduce((sum, fund) => sum + fund.conditions.length, 0),
    limits: definition.limits.length,
    cases: cases?.cases.length ?? 0,
    disagreements: cases ? await disagreements(owner, definition, cases) : [],
    asOf,
    rows: {
      eligible: rows("ELIGIBLE", "ELIGIBLE_UP_TO_CAP"),
      notYet: rows("NOT_YET"),
      refused: rows("NOT_ELIGIBLE"),
      unknown: rows("UNKNOWN", "REVIEW", "PARAM_MISSING"),
    },
    neverNotYet: whyNeverNotYet(definition, asOf),
  };
}

/** What is written into a register only once it has happened, or lies beyond the demonstration's day. */
const WRITTEN_AFTERWARDS: Readonly<Record<string, string>> = {
  以工代赈项目阶段: "项目阶段到了才登记，问的是演示日之后的一天",
  创业实体: "停业之后才登记",
  创业担保贷款申请: "申请之后才登记",
  创业园租户月: "租金在月后登记",
  乡村公益性岗位月: "岗位月在月后登记，问的是演示日之后的一天",
  城乡公益性岗位月: "岗位月在月后登记，问的是演示日之后的一天",
};

/** Of single measures, where the reason is not their source's. */
const OF_THE_MEASURE: Readonly<Record<string, string>> = {
  "training-living-allowance": "出勤天数结业后才有，之前是待核实",
  "senior-worker-training": "考核等级结业后才有，之前是待核实",
};

function whyNeverNotYet(definition: MeasureDefinition, asOf: string): string | null {
  const conditions = [...definition.conditions, ...definition.funds.flatMap((fund) => fund.conditions)];
  if (!conditions.some(({ kind }) => kind === "time")) return "没有随时间满足的条件";
  const { to } = definition.inForce;
  if (to !== undefined && to < asOf) return `执行期到 ${to}，期内的日子都已到`;
  return OF_THE_MEASURE[definition.id] ?? WRITTEN_AFTERWARDS[definition.source] ?? null;
}

async function checkReportOf(
  runtime: TestRuntime,
  owner: Client,
  book: Rulebook,
  { definition, rule, version }: LoadedCheck,
): Promise<CheckReport> {
  const cases = casesOf(book.library, definition);
  const asOf = dayOf(divisionPrefix(definition.region));
  const [counts, findings] = rule
    ? await runtime.database.worker.transaction().execute(async (tx) => {
        const run = runnerOf(tx);
        const counted = await judgeRows(run, rule, { scope: { kind: "whole" }, asOf });
        const found = await run.query<{ n: string }>("SELECT count(*) AS n FROM found");
        return [counted, Number(found.rows[0]!.n)] as const;
      })
    : [[], 0];
  return {
    file: version.path,
    severity: definition.severity,
    conditions: definition.conditions.length,
    cases: cases?.cases.length ?? 0,
    disagreements: cases ? await disagreementsOfCheck(owner, definition, cases) : [],
    asOf,
    findings,
    rows: Object.fromEntries(counts.map(({ outcome, rows }) => [outcome, rows])),
  };
}

async function disagreementsOfCheck(
  owner: Client,
  definition: LoadedCheck["definition"],
  cases: MeasureCases,
): Promise<readonly string[]> {
  const found: string[] = [];
  const asked = examplesOfCheck(definition, cases, sources);
  for (const [asOf, ofDay] of Map.groupBy(asked, ({ question }) => question.asOf))
    for (const [rule, of] of Map.groupBy(ofDay, (one) => one.rule)) {
      const rows = of.map(({ question }) => question);
      const byInterpreter = checkedByInterpreter(rule, rows, asOf);
      const byScript = checkedByScript(rule, rows, asOf);
      const bySql = await checkedBySql(owner, rule, rows, asOf);
      for (const [index, { one }] of of.entries()) {
        const answers = [byInterpreter, byScript, bySql].map((answer) => JSON.stringify(answer[index]));
        if (new Set(answers).size > 1 || byInterpreter[index]!.outcome !== one.outcome) found.push(one.name);
      }
    }
  return found;
}

/** Names of the cases on which the engines differ. One statement for each day and each set of settings. */
async function disagreements(
  owner: Client,
  definition: MeasureDefinition,
  cases: MeasureCases,
): Promise<readonly string[]> {
  const asked = examplesOf(definition, cases, sources).map(({ rule, question }, index) => ({
    rule,
    question: apart(question, index),
    ...cases.cases[index]!,
  }));
  const found: string[] = [];
  for (const sameDay of Map.groupBy(asked, ({ question }) => question.asOf).values())
    for (const [rule, of] of Map.groupBy(sameDay, (one) => one.rule)) {
      const questions = of.map(({ question }) => question);
      const draws = questions.map(({ facts, subjects = {}, claims: paid = [] }) => ({ facts, subjects, claims: paid }));
      const byInterpreter = interpreted(rule, questions);
      const byPhone = onPhone(rule, questions);
      const bySql = await screened(owner, rule, draws, questions[0]!.asOf);
      for (const [index, { name, outcome }] of of.entries()) {
        const answers = [byInterpreter, byPhone, bySql].map((answer) => JSON.stringify(answer[index]));
        if (new Set(answers).size > 1 || byInterpreter[index]!.outcome !== outcome) found.push(name);
      }
    }
  return found;
}

/** The same with subjects under numbers that no other case has, so that none sees another's claims. */
function apart(question: Question, index: number): Question {
  const own = (subjects: NonNullable<Question["subjects"]>) =>
    Object.fromEntries(Object.entries(subjects).map(([name, subject]) => [name, subject && `${index + 1}0${subject}`]));
  return {
    ...question,
    subjects: own(question.subjects ?? {}),
    claims: (question.claims ?? []).map((claim) => ({ ...claim, subjects: own(claim.subjects) })),
  };
}

/** What a report must not show, in words. */
export function problemsOf({ items, checks, mistakes }: PolicyReport): readonly string[] {
  return [
    ...mistakes,
    ...items.flatMap(({ item, class: of, measures }) => [
      ...(measures.length === 0 ? [`${item} 没有规则`] : []),
      ...(measures.length === 0 || measures.some((measure) => measure.class === of)
        ? []
        : [`${item} 是 ${of} 类，没有这一类的规则`]),
    ]),
    ...checks.flatMap(({ item, waits, checks: of }) => [
      ...(of.length === 0 && waits === null ? [`${item} 没有核查规则，也没有写等什么事实`] : []),
      ...(of.length > 0 && waits !== null ? [`${item} 已有核查规则，却还写着等待`] : []),
      ...of.flatMap((check) => [
        ...(check.cases === 0 ? [`${check.file} 没有案例`] : []),
        ...check.disagreements.map((name) => `${check.file} 的案例“${name}”：三种引擎或案例不一致`),
      ]),
    ]),
    ...[...new Map(items.flatMap(({ measures }) => measures.map((one) => [one.file, one] as const))).values()].flatMap(
      ({ file, cases, disagreements: differing, rows, neverNotYet }) => [
        ...(cases === 0 ? [`${file} 没有案例`] : []),
        ...differing.map((name) => `${file} 的案例“${name}”：三种引擎或案例不一致`),
        ...(rows.notYet === 0 && neverNotYet === null ? [`${file} 在示例数据里没有一行未到期，也没有说为什么`] : []),
        ...(rows.eligible === 0 ? [`${file} 在示例数据里没有一行符合`] : []),
      ],
    ),
  ];
}
