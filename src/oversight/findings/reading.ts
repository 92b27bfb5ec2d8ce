import { checkCatalogue, type CurrentRulebook } from "#policy";
import { narrow } from "#registry";
import { handle, handleDownload, type ActionContext, type Handler } from "../../platform/module.ts";
import { platformProblems, refuse } from "../../platform/problem.ts";
import { findTaskState } from "../../platform/tasks/state.ts";
import {
  countFindings,
  downloadEvidence,
  findingStates,
  getFinding,
  getRunState,
  listChecks,
  listFindings,
  listHandlers,
  listPersonFindings,
  runChecksNow,
  type FindingState,
  type SeverityName,
} from "../contract.ts";
import { HANDLING_DUTIES } from "../duties.ts";
import { oversightTasks } from "../task-names.ts";
import {
  countStoredFindings,
  findEvidence,
  findFinding,
  listFindingsOfPerson,
  listStoredFindings,
  listTallies,
  officersUnder,
  officesKnown,
} from "./store.ts";
import { toRows, toView } from "./views.ts";

const askerOf = ({ caller, businessDate }: ActionContext) => ({ officerId: caller.officerId, businessDate });

export function readingHandlers(rulebook: CurrentRulebook): readonly Handler[] {
  return [
    handle(listFindings, async (context, { page, size, region, ...filter }) => {
      const { tx, caller, businessDate } = context;
      const scope = narrow(caller.sight.region, region);
      const { rows, total } = await listStoredFindings(tx, scope, filter, askerOf(context), { page, size });
      context.audit({
        count: rows.length,
        persons: rows.map((row) => row.person_id),
        total,
        ...(region ? { region } : {}),
      });
      return { rows: await toRows(tx, rulebook, rows, businessDate), total };
    }),

    handle(countFindings, async (context, { region }) => {
      const { tx, caller } = context;
      const counts = await countStoredFindings(tx, narrow(caller.sight.region, region), askerOf(context));
      const book = await rulebook.get(tx);
      const titles = new Map(book.checks.map(({ version, definition }) => [version.path, definition.title]));
      const sum = (of: (one: (typeof counts)[number]) => number) => counts.reduce((total, one) => total + of(one), 0);
      const byState = Object.fromEntries(
        findingStates.map((state) => [state, sum((one) => (one.state === state ? one.n : 0))]),
      ) as Record<FindingState, number>;
      const byCheck = [...Map.groupBy(counts, ({ rule_path }) => rule_path)].map(([rulePath, of]) => ({
        rulePath,
        title: titles.get(rulePath) ?? rulePath,
        severity: of[0]!.severity,
        open: of.reduce((total, one) => total + (one.state === "closed" ? 0 : one.n), 0),
      }));
      const order: readonly SeverityName[] = ["H", "M", "L"];
      return {
        byState,
        overdue: sum(({ overdue }) => overdue),
        mine: sum(({ mine }) => mine),
        severe: sum((one) => (one.severity === "H" && one.state !== "closed" ? one.n : 0)),
        checks: byCheck.toSorted((a, b) => order.indexOf(a.severity) - order.indexOf(b.severity) || b.open - a.open),
      };
    }),

    handle(getFinding, async (context, { findingId }) => {
      const { tx, caller, businessDate } = context;
      const finding =
        (await findFinding(tx, caller.sight.region, findingId)) ?? refuse(platformProblems.notFound("该疑点"));
      context.audit({ subject: `oversight.finding:${findingId}`, region: finding.region, count: 1 });
      return toView(tx, rulebook, finding, businessDate);
    }),

    handle(listPersonFindings, async (context, { personId }) => {
      const { tx, caller, businessDate } = context;
      const rows = await listFindingsOfPerson(tx, caller.sight.region, personId);
      context.audit({ subject: `registry.person:${personId}`, count: rows.length });
      return { rows: await toRows(tx, rulebook, rows, businessDate) };
    }),

    handle(listHandlers, async ({ tx, caller, services }) => {
      const officers = await officersUnder(services.database.worker, caller.sight.region, HANDLING_DUTIES);
      const offices = await officesKnown(tx, caller.sight.region);
      return {
        officers: officers.map(({ officerId, name, organisation }) => ({ officerId, name, organisation })),
        organisations: offices.map(({ organisationId, name, department }) => ({ organisationId, name, department })),
      };
    }),

    handleDownload(downloadEvidence, async (context, { eventId }) => {
      const { tx, caller, services } = context;
      const file =
        (await findEvidence(tx, caller.sight.region, eventId)) ?? refuse(platformProblems.notFound("该材料"));
      context.audit({ subject: `oversight.finding:${file.finding_id}`, file: file.name });
      return {
        fileName: file.name,
        mediaType: "application/octet-stream",
        body: await services.files.read(file.key),
      };
    }),

    handle(listChecks, async (context) => {
      const { tx, caller } = context;
      const scope = caller.sight.region;
      const book = await rulebook.get(tx);
      const [counts, tallies] = [await countStoredFindings(tx, scope, askerOf(context)), await listTallies(tx, scope)];
      const found = (path: string, isOpen: boolean) =>
        counts.reduce(
          (sum, one) => sum + (one.rule_path === path && (one.state !== "closed") === isOpen ? one.n : 0),
          0,
        );
      return {
        rows: checkCatalogue().map((item) => ({
          ...item,
          checks: book.checks
            .filter(({ definition }) => definition.catalogue.includes(item.item))
            .map(({ version, definition }) => {
              const own = tallies.filter(({ rule_path }) => rule_path === version.path);
              return {
                versionId: version.version_id,
                rulePath: version.path,
                title: definition.title,
                open: found(version.path, true),
                closed: found(version.path, false),
                unknown: own.reduce((sum, { outcome, rows }) => sum + (outcome === "UNKNOWN" ? rows : 0), 0),
                judged: own.reduce((sum, { rows }) => sum + rows, 0),
                asOf: own[0]?.as_of ?? null,
              };
            }),
        })),
      };
    }),

    handle(runChecksNow, async (context) => ({
      taskId: await context.enqueue({
        name: oversightTasks.everything,
        payload: {},
        subject: "oversight.checks",
        region: context.caller.sight.region ?? refuse(platformProblems.outOfScope()),
        queue: "policy",
      }),
    })),

    handle(
      getRunState,
      async ({ tx, caller }, { taskId }) =>
        (await findTaskState(tx, taskId, caller.sight.region ?? refuse(platformProblems.outOfScope()))) ??
        refuse(platformProblems.notFound("该任务")),
    ),
  ];
}
