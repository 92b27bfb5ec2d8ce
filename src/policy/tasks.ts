import { divisionPrefix, type FactSource } from "#kernel";
import { regionNames } from "#registry";
import type { TaskContext, TaskDefinition } from "../platform/tasks/definition.ts";
import { refuse } from "../platform/problem.ts";
import { judgeDraft } from "./gate/gate.ts";
import { policyProblems } from "./problems.ts";
import { readDraft, tryCases } from "./rules/draft.ts";
import { isReady, screenMeasures } from "./screening/run.ts";
import { dropOutdated } from "./screening/store.ts";
import { asOfFor, screenBatch, screenEverything, screenPersons, type RuleServices } from "./screening/tasks.ts";
import { simulate } from "./simulation/simulate.ts";
import { findSimulation, keepReport } from "./simulation/store.ts";
import { policyTasks } from "./task-names.ts";
import { findVersion, keepGate, versionsOfRule, type VersionRow } from "./versions/store.ts";

/** After midnight in China, when offices and citizens sleep. */
const NIGHTLY = "30 18 * * *";

export function policyTaskDefinitions(
  options: RuleServices & { readonly sources: readonly FactSource[] },
): readonly TaskDefinition[] {
  const { rulebook, claims, sources } = options;

  /** A version, in force or not, made ready as if it were. */
  async function prepared(context: TaskContext, version: VersionRow) {
    const book = await rulebook.get(context.services.database.worker);
    const draft = readDraft(book, sources, version);
    if (!draft.rule) refuse(policyProblems.ruleBroken(draft.problems));
    return { ...draft, rule: draft.rule };
  }

  async function gate(context: TaskContext, versionId: string): Promise<void> {
    const { services } = context;
    const { worker } = services.database;
    const version = await findVersion(worker, versionId);
    if (version?.state !== "proposed") return;
    // Rules without cases and amounts have nothing to be judged by here; the second officer still reads them.
    if (version.kind !== "measure")
      return keepGate(worker, versionId, { asOf: services.businessDate(divisionPrefix(version.region)), findings: [] });
    await context.progress("发布前检查");
    const { rule, definition, cases } = await prepared(context, version);
    const siblings = await versionsOfRule(worker, {
      kind: version.kind,
      ruleId: version.rule_id,
      region: version.region,
    });
    const published = siblings.filter(({ state }) => state === "published");
    const inPlace = published.find(({ path }) => path === version.path);
    const report = await judgeDraft(worker, claims.before ?? claims, {
      rule,
      tried: tryCases(definition, cases, sources),
      current: inPlace ? (await prepared(context, inPlace)).rule : null,
      others: published
        .filter(({ path }) => path !== version.path)
        .map(({ path, in_force_from, in_force_to }) => ({ path, from: in_force_from ?? "", to: in_force_to })),
      asOf: services.businessDate(divisionPrefix(version.region)),
    });
    await keepGate(worker, versionId, report);
  }

  async function runSimulation(context: TaskContext, simulationId: string): Promise<void> {
    const { worker } = context.services.database;
    const row = await findSimulation(worker, "", simulationId);
    if (!row || row.finished_at) return;
    await context.progress("测算");
    const version = (await findVersion(worker, row.version_id))!;
    const beside = row.beside === null ? null : await findVersion(worker, row.beside);
    const { rule } = await prepared(context, version);
    const other = beside && (await prepared(context, beside)).rule;
    const names = new Map<string, string>();
    const report = await simulate(worker, rule, other, claims.before ?? claims, {
      region: row.region,
      asOf: row.as_of,
      countyName: (county) => names.get(county) ?? county,
    });
    const counties = [...report.byCounty, ...(report.difference?.byCounty ?? [])].map(({ county }) => county);
    const nameOf = await worker.transaction().execute((tx) => regionNames(tx, counties));
    const named = <T extends { county: string }>(rows: readonly T[]) =>
      rows.map((one) => ({ ...one, countyName: nameOf(one.county).name }));
    await keepReport(worker, simulationId, {
      ...report,
      byCounty: named(report.byCounty),
      difference: report.difference && { ...report.difference, byCounty: named(report.difference.byCounty) },
    });
  }

  async function screenRule(context: TaskContext, versionId: string): Promise<void> {
    const { worker } = context.services.database;
    const book = await rulebook.get(worker);
    const measure = book.measures.find(({ version }) => version.version_id === versionId);
    await dropOutdated(worker);
    if (!measure || !isReady(measure)) return;
    await context.progress("筛查");
    const asOf = asOfFor(context.services, measure);
    await screenMeasures(worker, [measure], claims, { scope: { kind: "whole" }, asOf, reason: "rule" });
  }

  const text = (payload: Record<string, unknown>, name: string) => String(payload[name]);
  return [
    {
      name: policyTasks.screenAll,
      schedule: NIGHTLY,
      run: async (context) => void (await screenEverything({ rulebook, claims }, context, "nightly")),
    },
    {
      name: policyTasks.screenBatch,
      run: (context, payload) => screenBatch({ rulebook, claims }, context, text(payload, "batchId")),
    },
    {
      name: policyTasks.screenPersons,
      run: (context, payload) => screenPersons({ rulebook, claims }, context, payload["personIds"] as string[]),
    },
    { name: policyTasks.screenRule, run: (context, payload) => screenRule(context, text(payload, "versionId")) },
    { name: policyTasks.gate, run: (context, payload) => gate(context, text(payload, "versionId")) },
    { name: policyTasks.simulate, run: (context, payload) => runSimulation(context, text(payload, "simulationId")) },
  ];
}
