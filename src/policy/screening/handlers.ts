import { divisionPrefix } from "#kernel";
import { narrow, regionNames } from "#registry";
import { handle, type Handler } from "../../platform/module.ts";
import { platformProblems, refuse } from "../../platform/problem.ts";
import { listEntitlements, screenNow, summariseResults, type EntitlementRow, type OutcomeName } from "../contract.ts";
import { divisionsIn, toExplanation } from "../rules/explanations.ts";
import { divisionName } from "../rules/views.ts";
import { SCREEN_ALL } from "../task-names.ts";
import { explainRows, isConcerned } from "./entitlements.ts";
import { isListed } from "./run.ts";
import { isScreening, listTallies, seesPerson } from "./store.ts";
import { asOfFor, type RuleServices } from "./tasks.ts";

/** What stands first on a person's page. */
const ORDER: readonly OutcomeName[] = [
  "ELIGIBLE",
  "ELIGIBLE_UP_TO_CAP",
  "PARTLY_ELIGIBLE",
  "NOT_YET",
  "PARAM_MISSING",
  "REVIEW",
  "UNKNOWN",
  "NOT_ELIGIBLE",
];

export function screeningHandlers({ rulebook, claims }: RuleServices): readonly Handler[] {
  return [
    handle(summariseResults, async ({ tx, caller, services }, { region }) => {
      const book = await rulebook.get(tx);
      const tallies = await listTallies(tx, narrow(caller.sight.region, region));
      const nameOf = await regionNames(
        tx,
        book.measures.map(({ definition }) => divisionPrefix(definition.region)),
      );
      const byVersion = Map.groupBy(tallies, ({ version_id }) => version_id);
      return {
        screening: await isScreening(services.database.worker),
        rows: book.measures.flatMap(({ version, definition }) => {
          const own = byVersion.get(version.version_id);
          if (!own) return [];
          const byOutcome = Map.groupBy(own, ({ outcome }) => outcome);
          return [
            {
              versionId: version.version_id,
              title: definition.title,
              region: definition.region,
              regionName: divisionName(nameOf, definition.region),
              class: definition.class,
              listed: isListed(definition),
              asOf: own[0]!.as_of,
              counts: ORDER.flatMap((outcome) => {
                const counted = byOutcome.get(outcome);
                return counted
                  ? [
                      {
                        outcome,
                        rows: counted.reduce((sum, { rows }) => sum + Number(rows), 0),
                        amountFen: counted.reduce((sum, { amount_fen }) => sum + Number(amount_fen), 0),
                      },
                    ]
                  : [];
              }),
            },
          ];
        }),
      };
    }),

    handle(screenNow, async (context) => ({
      taskId: await context.enqueue({
        ...SCREEN_ALL,
        region: context.caller.sight.region ?? refuse(platformProblems.outOfScope()),
      }),
    })),

    handle(listEntitlements, async (context, { personId }) => {
      const { tx, caller, services } = context;
      const home = (await seesPerson(tx, caller.sight.region, personId)) ?? refuse(platformProblems.notFound("此人"));
      context.audit({ subject: `registry.person:${personId}`, region: home, count: 1 });
      const book = await rulebook.get(tx);
      // With the worker's eyes: what was recorded and paid for this person elsewhere counts as well.
      const found = await services.database.worker.transaction().execute((worker) =>
        explainRows(worker, book.measures, claims, {
          scope: { kind: "persons", table: `(SELECT ${BigInt(personId)}::bigint AS person_id) one` },
          asOf: (measure) => asOfFor(services, measure),
        }),
      );
      const concerned = found.filter(isConcerned);
      const nameOf = await regionNames(
        tx,
        concerned.flatMap(({ measure, explanation, ways }) =>
          divisionsIn(explanation, ways, measure.rule!.source.fields),
        ),
      );
      const rows = concerned.map(({ measure, rowKey, explanation, ways }): EntitlementRow => ({
        versionId: measure.version.version_id,
        title: measure.definition.title,
        measureRegion: measure.definition.region,
        class: measure.definition.class,
        rowKey,
        subject: measure.rule!.source.label,
        explanation: toExplanation(
          explanation,
          ways,
          measure.rule!.source.fields,
          book.library,
          (code) => nameOf(code).name,
        ),
      }));
      return {
        asOf: services.businessDate(home),
        rows: rows.toSorted(
          (a, b) =>
            ORDER.indexOf(a.explanation.outcome) - ORDER.indexOf(b.explanation.outcome) ||
            a.title.localeCompare(b.title, "zh-Hans-CN"),
        ),
      };
    }),
  ];
}
