import { divisionPrefix, factsOf, FUNCTIONS, type FactSource, type RuleDefinition } from "#kernel";
import { regionNames, sees, type RegionName } from "#registry";
import { readFile } from "node:fs/promises";
import type { Tx } from "../../platform/db/database.ts";
import { handle, handleDownload, handleUpload, type ActionContext, type Handler } from "../../platform/module.ts";
import { platformProblems, refuse } from "../../platform/problem.ts";
import { nextState } from "../../platform/contract.ts";
import { policyProblems } from "../problems.ts";
import {
  checkRule,
  exportRule,
  gateReport,
  getRule,
  getVocabulary,
  importRule,
  listRules,
  proposeRule,
  publishRule,
  returnRule,
  saveDraft,
  withdrawRule,
  type RuleRow,
  type RuleView,
} from "../contract.ts";
import { asOfFor, type RuleServices } from "../screening/tasks.ts";
import { listTallies, seesPerson, type TallyRow } from "../screening/store.ts";
import { explainRows } from "../screening/entitlements.ts";
import { policyTasks } from "../task-names.ts";
import { statusOfText, TEXT_STATUS_LABELS } from "../texts/text.ts";
import { versionActLabels, versionFlow, versionStateLabels, type VersionAct } from "../contract.ts";
import {
  findVersion,
  insertDraft,
  moveVersion,
  publishVersion,
  updateDraft,
  versionsAtWork,
  versionsOfRule,
  type VersionRow,
} from "../versions/store.ts";
import type { SettingRow } from "../settings/store.ts";
import { readDraft, RULE_PATH, textOf, toCaseResults, tryCases } from "./draft.ts";
import { toExplanation } from "./explanations.ts";
import { signatureOf, toSources } from "./vocabulary.ts";
import { divisionName, toConditions, toRuleRow, toVersion } from "./views.ts";

export interface RuleHandlersOptions extends RuleServices {
  readonly sources: readonly FactSource[];
}

/** As long as `saveDraft` takes. */
const FILE_LIMIT = 60_000;
const author = ({ caller }: ActionContext) => ({ officerId: caller.officerId, name: caller.name });

function tallyOf(tallies: readonly TallyRow[], versionId: string): RuleRow["tally"] {
  const own = tallies.filter(({ version_id }) => version_id === versionId);
  const [first] = own;
  if (!first) return null;
  const sum = (rows: readonly TallyRow[]) => rows.reduce((total, { rows: n }) => total + Number(n), 0);
  const eligible = own.filter(({ outcome }) => outcome === "ELIGIBLE" || outcome === "ELIGIBLE_UP_TO_CAP");
  return {
    eligible: sum(eligible),
    amountFen: eligible.reduce((total, { amount_fen }) => total + Number(amount_fen), 0),
    waiting: sum(own.filter(({ outcome }) => ["NOT_YET", "UNKNOWN", "REVIEW", "PARAM_MISSING"].includes(outcome))),
    asOf: first.as_of,
  };
}

const namesFor = (tx: Tx, codes: readonly string[]) =>
  regionNames(tx, codes.filter((code) => code !== "").map(divisionPrefix));

/** The version, if the officer's area holds its division. */
async function ownVersion(context: ActionContext, versionId: string): Promise<VersionRow> {
  const version = (await findVersion(context.tx, versionId, true)) ?? refuse(platformProblems.notFound("该规则版本"));
  requireDivision(context, version.region);
  context.audit({ subject: `policy.version:${versionId}`, path: version.path });
  return version;
}

function requireDivision({ caller }: ActionContext, region: string): void {
  const scope = caller.sight.region;
  if (scope === null || !sees(scope, divisionPrefix(region))) refuse(policyProblems.outsideDivision());
}

function requireAct(version: VersionRow, act: VersionAct): void {
  if (!nextState(versionFlow, version.state, act))
    refuse(policyProblems.notPossible(versionActLabels[act], versionStateLabels[version.state]));
}

export function ruleHandlers(options: RuleHandlersOptions): readonly Handler[] {
  const { rulebook, claims, sources } = options;

  async function view(context: ActionContext, version: VersionRow): Promise<RuleView> {
    const { tx, caller, businessDate } = context;
    const book = await rulebook.get(tx);
    const draft =
      version.kind === "parameter"
        ? null
        : readDraft(book, sources, { path: version.path, source: version.source, cases: version.cases });
    const definition = draft?.definition ?? null;
    const measure = definition?.kind === "measure" ? definition : null;
    const versions = await versionsOfRule(tx, {
      kind: version.kind,
      ruleId: version.rule_id,
      region: version.region,
    });
    const tallies = await listTallies(tx, caller.sight.region, version.version_id);
    const settings = measure ? book.settings : [];
    const nameOf = await namesFor(tx, [
      ...versions.map(({ region }) => region),
      ...tallies.map(({ county }) => county),
      ...settings.map(({ region }) => region),
      ...(measure?.parameters.flatMap(({ values }) => values.flatMap(({ region }) => region ?? [])) ?? []),
    ]);
    const rule = draft?.rule ?? null;
    const tried = draft ? tryCases(definition, draft.cases, sources) : [];
    const row = toRuleRow(version, definition, {
      library: draft?.library ?? book.library,
      nameOf,
      date: businessDate,
      problems: draft?.problems.length ?? 0,
      tally: tallyOf(tallies, version.version_id),
    });
    const prepared = rule ? new Map(rule.conditions.map((one) => [one.id, factsOf(one)])) : new Map<string, string[]>();
    return {
      ...row,
      cases: tried.length,
      yaml: version.source,
      casesYaml: version.cases,
      lock: version.lock,
      payee: measure?.payee ?? null,
      payer: measure?.payer ?? null,
      jurisdiction: definition?.jurisdiction ?? null,
      grain: measure?.grain ?? null,
      amountSays: measure?.amount?.says ?? null,
      eventDate: measure?.eventDate.feel ?? null,
      conditions: rule ? toConditions(rule, draft!.library, (id) => prepared.get(id) ?? []) : [],
      evidence: [...(measure?.evidence ?? [])],
      parameters: measure ? parametersView(measure, book.settings, nameOf) : [],
      notes: [...(definition?.notes ?? [])],
      ended: definition?.inForce.ended ?? null,
      versions: versions.map((one) => toVersion(one, nameOf)),
      caseResults: toCaseResults(tried),
      ruleProblems: (draft?.problems ?? []).map((problem) => ({ ...problem })),
      gate: gateReport.safeParse(version.gate).data ?? null,
      overrideReason: version.override_reason,
      basedOn: version.based_on,
      outcomesByCounty: tallies.map(({ county, outcome, rows, amount_fen, failed }) => ({
        county,
        countyName: nameOf(county).name,
        outcome,
        rows: Number(rows),
        amountFen: Number(amount_fen),
        failed,
      })),
      screenedOn: tallies[0]?.as_of ?? null,
    };
  }

  return [
    handle(listRules, async ({ tx, caller, businessDate }, filter) => {
      const book = await rulebook.get(tx);
      const date = filter.date ?? businessDate;
      const [waiting, tallies] = [await versionsAtWork(tx), await listTallies(tx, caller.sight.region)];
      const nameOf = await namesFor(
        tx,
        [...waiting, ...book.versions].map(({ region }) => region),
      );
      const byPath = new Map(book.rules.map((rule) => [rule.file, rule]));
      const words = filter.words?.trim() ?? "";
      const rows = book.versions.flatMap((version): RuleRow[] => {
        const rule = byPath.get(version.path) ?? null;
        if (filter.kind && version.kind !== filter.kind) return [];
        if (filter.region && version.region !== "" && !filter.region.startsWith(divisionPrefix(version.region)))
          return [];
        if (filter.text && !rule?.basis.some(({ text }) => text === filter.text)) return [];
        const row = toRuleRow(version, rule, {
          library: book.library,
          nameOf,
          date,
          problems: book.measures.find((one) => one.version.version_id === version.version_id)?.problems.length ?? 0,
          tally: tallyOf(tallies, version.version_id),
        });
        const said = [row.title, row.ruleId, ...row.catalogue, ...row.basis.map(({ quote }) => quote ?? "")].join(" ");
        return words === "" || said.includes(words) ? [row] : [];
      });
      return {
        rows,
        date,
        waiting: waiting.map((version) => toVersion(version, nameOf)),
        texts: book.library.texts.map((text) => ({
          id: text.id,
          title: text.title,
          number: text.number ?? "",
          region: text.region,
          status: TEXT_STATUS_LABELS[statusOfText(text, date, book.library.texts)],
          missing: text.cites.length,
        })),
      };
    }),

    handle(getRule, async (context, { versionId }) =>
      view(context, (await findVersion(context.tx, versionId)) ?? refuse(platformProblems.notFound("该规则版本"))),
    ),

    handle(getVocabulary, async () => ({
      sources: toSources(sources),
      functions: FUNCTIONS.map((one) => ({ name: one.name, signature: signatureOf(one), says: one.says })),
    })),

    handle(checkRule, async (context, { path, source, cases, personId }) => {
      const { tx, caller, services } = context;
      const book = await rulebook.get(tx);
      const draft = readDraft(book, sources, { path, source, cases });
      const tried = draft.problems.length === 0 ? tryCases(draft.definition, draft.cases, sources) : [];
      const rows =
        personId && draft.rule && draft.definition?.kind === "measure"
          ? await judgePerson(personId, draft.definition, draft.rule)
          : [];
      return { problems: draft.problems.map((problem) => ({ ...problem })), caseResults: toCaseResults(tried), rows };

      async function judgePerson(
        person: string,
        definition: RuleDefinition & { kind: "measure" },
        rule: NonNullable<typeof draft.rule>,
      ) {
        if ((await seesPerson(tx, caller.sight.region, person)) === null) refuse(platformProblems.notFound("此人"));
        context.audit({ subject: `registry.person:${person}`, count: 1 });
        const measure = { version: { version_id: "0", path } as VersionRow, definition, rule, problems: [] };
        const found = await services.database.worker.transaction().execute((worker) =>
          explainRows(worker, [measure], claims, {
            scope: { kind: "persons", table: `(SELECT ${BigInt(person)}::bigint AS person_id) one` },
            asOf: () => asOfFor(services, { definition }),
          }),
        );
        return found.map(({ rowKey, explanation, ways }) => ({
          rowKey,
          explanation: toExplanation(explanation, ways, rule.source.fields, draft.library),
        }));
      }
    }),

    handle(saveDraft, async (context, { versionId, lock, basedOn, path, source, cases }) => {
      if (!RULE_PATH.test(path)) refuse(policyProblems.pathFixed());
      const book = await rulebook.get(context.tx);
      const text = textOf({ path, source, cases }, readDraft(book, sources, { path, source, cases }).definition);
      requireDivision(context, text.region);
      if (!versionId) {
        const created = await insertDraft(context.tx, text, author(context), { basedOn: basedOn ?? null });
        context.audit({ subject: `policy.version:${created}`, path });
        return { versionId: created, lock: 1 };
      }
      const version = await ownVersion(context, versionId);
      requireAct(version, "save");
      if (!(await updateDraft(context.tx, versionId, lock ?? version.lock, text, author(context))))
        refuse(policyProblems.changedMeanwhile());
      return { versionId, lock: version.lock + 1 };
    }),

    handleUpload(importRule, async (context, { path }, file) => {
      if (!RULE_PATH.test(path)) refuse(policyProblems.pathFixed());
      const { services, tx } = context;
      const local = await services.files.asLocalFile(file.key);
      const source = await readFile(local.path, "utf8").finally(() => local.release());
      if (source.length > FILE_LIMIT) refuse(policyProblems.fileTooLong());
      const book = await rulebook.get(tx);
      const text = textOf(
        { path, source, cases: null },
        readDraft(book, sources, { path, source, cases: null }).definition,
      );
      requireDivision(context, text.region);
      const current = book.versions.find((one) => one.path === path) ?? null;
      const versionId = await insertDraft(tx, { ...text, cases: current?.cases ?? null }, author(context), {
        basedOn: current?.version_id ?? null,
      });
      context.audit({ subject: `policy.version:${versionId}`, path });
      return { versionId };
    }),

    handleDownload(exportRule, async (context, { versionId }) => {
      const version = (await findVersion(context.tx, versionId)) ?? refuse(platformProblems.notFound("该规则版本"));
      context.audit({ subject: `policy.version:${versionId}` });
      const fileName = `${version.rule_id}-${version.region || "shared"}.yaml`;
      return { fileName, mediaType: "application/yaml; charset=utf-8", body: version.source };
    }),

    handle(proposeRule, async (context, { versionId }) => {
      const version = await ownVersion(context, versionId);
      requireAct(version, "propose");
      const { problems } = readDraft(await rulebook.get(context.tx), sources, version);
      if (problems.length > 0) refuse(policyProblems.ruleBroken(problems));
      await moveVersion(context.tx, versionId, "proposed", null);
      return { taskId: await queue(context, version, policyTasks.gate) };
    }),

    handle(returnRule, async (context, { versionId, reason }) => {
      const version = await ownVersion(context, versionId);
      requireAct(version, "return");
      context.audit({ reason });
      await moveVersion(context.tx, versionId, "draft");
      return {};
    }),

    handle(withdrawRule, async (context, { versionId }) => {
      const version = await ownVersion(context, versionId);
      requireAct(version, "withdraw");
      await moveVersion(context.tx, versionId, "withdrawn");
      return {};
    }),

    handle(publishRule, async (context, { versionId, reason }) => {
      const { tx, caller } = context;
      const version = await ownVersion(context, versionId);
      requireAct(version, "publish");
      if (version.drafted_by !== null && version.drafted_by === caller.officerId) refuse(policyProblems.ownDraft());
      const { problems } = readDraft(await rulebook.get(tx), sources, version);
      if (problems.length > 0) refuse(policyProblems.ruleBroken(problems));
      const gate = gateReport.safeParse(version.gate).data ?? refuse(policyProblems.gateNotDone());
      const stopped = gate.findings.some(({ weight }) => weight === "stop");
      if (stopped && !reason) refuse(policyProblems.gateStops());
      await publishVersion(tx, version, author(context), stopped ? reason! : null);
      if (reason) context.audit({ reason });
      return { taskId: await queue(context, version, policyTasks.screenRule) };
    }),
  ];

  function queue(context: ActionContext, version: VersionRow, name: string): Promise<string> {
    return context.enqueue({
      name,
      payload: { versionId: version.version_id },
      subject: `policy.version:${version.version_id}`,
      region: divisionPrefix(version.region),
      queue: "policy",
    });
  }
}

function parametersView(
  measure: RuleDefinition & { kind: "measure" },
  settings: readonly SettingRow[],
  nameOf: (code: string) => RegionName,
): RuleView["parameters"] {
  return measure.parameters.map((parameter) => ({
    name: parameter.name,
    says: parameter.says,
    shared: parameter.shared ?? null,
    openTo: [...parameter.openTo],
    awaits: parameter.awaits ?? null,
    values: [
      ...parameter.values.map((value) => ({
        from: value.from,
        to: value.to ?? null,
        region: value.region ?? null,
        regionName: divisionName(nameOf, value.region ?? measure.region),
        forCase: value.for ?? null,
        value: value.value,
        document: value.basis?.quote ?? "",
        sample: false,
      })),
      ...settings
        .filter((row) => row.parameter === (parameter.shared ?? `${measure.id}/${measure.region}:${parameter.name}`))
        .map((row) => ({
          from: row.valid_from,
          to: row.valid_to,
          region: row.region,
          regionName: divisionName(nameOf, row.region),
          forCase: row.for_case,
          value: row.value,
          document: row.document,
          sample: row.sample,
        })),
    ],
  }));
}
