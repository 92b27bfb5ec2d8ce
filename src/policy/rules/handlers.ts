import { divisionPrefix, factsOf, FUNCTIONS, type FactSource, type RuleDefinition } from "#kernel";
import { regionNames, sees } from "#registry";
import type { Tx } from "../../platform/db/database.ts";
import { handle, handleDownload, type ActionContext, type Caller, type Handler } from "../../platform/module.ts";
import { platformProblems, refuse } from "../../platform/problem.ts";
import { findTaskState, latestTasks } from "../../platform/tasks/state.ts";
import {
  checkRule,
  exportRule,
  gateReport,
  getRule,
  getRuleTask,
  getVocabulary,
  listRules,
  policyPermissions,
  ruleKinds,
  ruleStatuses,
  type RuleRow,
  type RuleView,
} from "../contract.ts";
import { asOfFor, type RuleServices } from "../screening/tasks.ts";
import { listTallies, seesPerson, type TallyRow } from "../screening/store.ts";
import { explainRows } from "../screening/entitlements.ts";
import { basesOf } from "../library/bases.ts";
import { statusOfText, TEXT_STATUS_LABELS } from "../texts/text.ts";
import { findVersion, versionsAtWork, versionsOfRule, type VersionRow } from "../versions/store.ts";
import { saysOf } from "../simulation/simulate.ts";
import { readDraft, toCaseResults, tryCases } from "./draft.ts";
import { divisionsIn, toExplanation } from "./explanations.ts";
import { signatureOf, toSources } from "./vocabulary.ts";
import { toCheckConditions, toConditions, toParameters, toRuleRow, toVersion } from "./views.ts";

export interface RuleHandlersOptions extends RuleServices {
  readonly sources: readonly FactSource[];
}

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
  regionNames(
    tx,
    codes.map(divisionPrefix).filter((code) => code !== ""),
  );

/** What is still being written or waits for approval is for those who write and approve; others see what has been published. */
const WORKED_ON: ReadonlySet<string> = new Set(["draft", "proposed", "withdrawn"]);
const mayRead = ({ permissions }: Caller, { state }: VersionRow): boolean =>
  !WORKED_ON.has(state) || permissions.has(policyPermissions.draft) || permissions.has(policyPermissions.publish);

/** The version, as far as the asker may read it: a draft of others is as good as not there. */
export async function readableVersion(
  { tx, caller }: Pick<ActionContext, "tx" | "caller">,
  versionId: string,
  what = "该规则版本",
): Promise<VersionRow> {
  const found = await findVersion(tx, versionId);
  return found && mayRead(caller, found) ? found : refuse(platformProblems.notFound(what));
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
    const all = await versionsOfRule(tx, { kind: version.kind, ruleId: version.rule_id, region: version.region });
    const versions = all.filter((one) => mayRead(caller, one));
    const tallies = await listTallies(tx, caller.sight.region, version.version_id);
    const settled = definition?.kind === "measure" || definition?.kind === "check" ? definition : null;
    const settings = settled ? book.settings : [];
    const nameOf = await namesFor(tx, [
      ...versions.map(({ region }) => region),
      ...tallies.map(({ county }) => county),
      ...settings.map(({ region }) => region),
      ...(settled?.parameters.flatMap(({ values }) => values.flatMap(({ region }) => region ?? [])) ?? []),
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
      ownDraft: version.drafted_by !== null && version.drafted_by === caller.officerId,
      ownDivision: caller.sight.region !== null && sees(caller.sight.region, divisionPrefix(version.region)),
      taskId: (await latestTasks(tx, [`policy.version:${version.version_id}`])).values().next().value ?? null,
      payee: measure?.payee ?? null,
      payer: measure?.payer ?? null,
      jurisdiction: definition?.jurisdiction ?? null,
      grain: measure?.grain ?? null,
      amountSays: measure?.amount?.says ?? null,
      eventDate: settled?.eventDate.feel ?? null,
      conditions: rule
        ? toConditions(rule, draft!.library, (id) => prepared.get(id) ?? [])
        : draft?.check
          ? toCheckConditions(draft.check, draft.library)
          : [],
      evidence: [...(measure?.evidence ?? [])],
      parameters: settled ? toParameters(settled, draft!.library, book.settings, nameOf) : [],
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
      conditionWords: Object.fromEntries(
        [...new Set(tallies.flatMap(({ failed }) => Object.keys(failed)))].map((id) => [
          id,
          rule ? saysOf(rule, id) : id,
        ]),
      ),
    };
  }

  return [
    handle(listRules, async ({ tx, caller, businessDate }, filter) => {
      const book = await rulebook.get(tx);
      const date = filter.date ?? businessDate;
      // Whoever asks for a document wants all that was made of it, wherever it holds.
      const place = filter.region ?? (filter.text ? "" : (caller.sight.region ?? ""));
      const waiting = (await versionsAtWork(tx)).filter((version) => mayRead(caller, version));
      const tallies = await listTallies(tx, caller.sight.region);
      const nameOf = await namesFor(
        tx,
        [...waiting, ...book.versions].map(({ region }) => region),
      );
      const byPath = new Map(book.rules.map((rule) => [rule.file, rule]));
      const words = filter.words?.trim() ?? "";
      const rows = book.versions.flatMap((version): RuleRow[] => {
        const rule = byPath.get(version.path) ?? null;
        if (filter.kind && version.kind !== filter.kind) return [];
        // What holds in a place: its own rules, those of what it lies in, and those of the places in it.
        if (version.region !== "") {
          const own = divisionPrefix(version.region);
          if (!place.startsWith(own) && !own.startsWith(place)) return [];
        }
        // Parameters cite beside each value what their conditions do not.
        const cited = rule && (filter.text || filter.article) ? basesOf(rule) : [];
        if (filter.text && !cited.some(({ text }) => text === filter.text)) return [];
        if (filter.article && !cited.some(({ text, article }) => text === filter.text && article === filter.article))
          return [];
        const row = toRuleRow(version, rule, {
          library: book.library,
          nameOf,
          date,
          problems: book.measures.find((one) => one.version.version_id === version.version_id)?.problems.length ?? 0,
          tally: tallyOf(tallies, version.version_id),
        });
        const said = [
          row.title,
          row.ruleId,
          ...row.catalogue,
          ...row.basis.flatMap((one) => [one.number, one.article, one.quote ?? ""]),
        ].join(" ");
        return words === "" || said.includes(words) ? [row] : [];
      });
      // Somebody who looks for a benefit finds benefits first, and first those that hold.
      const rank = (row: RuleRow) =>
        ruleKinds.indexOf(row.kind) * ruleStatuses.length + ruleStatuses.indexOf(row.status);
      const shown = (filter.status ? rows.filter(({ status }) => status === filter.status) : rows).toSorted(
        (a, b) => rank(a) - rank(b),
      );
      const standing = { "in-force": 0, "not-yet": 0, ended: 0 };
      for (const { status } of rows) standing[status] += 1;
      return {
        rows: shown.slice((filter.page - 1) * filter.size, filter.page * filter.size),
        total: shown.length,
        standing,
        measures: shown.filter(({ kind }) => kind === "measure").length,
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

    handle(getRule, async (context, { versionId }) => view(context, await readableVersion(context, versionId))),

    handle(
      getRuleTask,
      async ({ tx, caller }, { taskId }) =>
        (await findTaskState(tx, taskId, caller.sight.region ?? refuse(platformProblems.outOfScope()))) ??
        refuse(platformProblems.notFound("该任务")),
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
        // A rule may be read by everybody; what is known of a person may not.
        if (!caller.permissions.has(policyPermissions.results))
          refuse(platformProblems.notPermitted("用真实人员检查规则"));
        if ((await seesPerson(tx, caller.sight.region, person)) === null) refuse(platformProblems.notFound("此人"));
        context.audit({ subject: `registry.person:${person}`, count: 1 });
        const measure = { version: { version_id: "0", path } as VersionRow, definition, rule, problems: [] };
        const found = await services.database.worker.transaction().execute((worker) =>
          explainRows(worker, [measure], claims, {
            scope: { kind: "persons", table: `(SELECT ${BigInt(person)}::bigint AS person_id) one` },
            asOf: () => asOfFor(services, { definition }),
          }),
        );
        const nameOf = await regionNames(
          tx,
          found.flatMap(({ explanation, ways }) => divisionsIn(explanation, ways, rule.source.fields)),
        );
        return found.map(({ rowKey, explanation, ways }) => ({
          rowKey,
          explanation: toExplanation(explanation, ways, rule.source.fields, draft.library, (code) => nameOf(code).name),
        }));
      }
    }),

    handleDownload(exportRule, async (context, { versionId }) => {
      const version = await readableVersion(context, versionId);
      context.audit({ subject: `policy.version:${versionId}` });
      const fileName = `${version.rule_id}-${version.region || "shared"}.yaml`;
      return { fileName, mediaType: "application/yaml; charset=utf-8", body: version.source };
    }),
  ];
}
