import { divisionPrefix } from "#kernel";
import { narrow, regionNames } from "#registry";
import { handle, type Handler } from "../../platform/module.ts";
import { platformProblems, refuse } from "../../platform/problem.ts";
import { listEntitlements, screenNow, summariseResults } from "../contract.ts";
import { divisionName } from "../rules/views.ts";
import { policyTasks, SCREEN_ALL } from "../task-names.ts";
import { entitlementsOf, ORDER } from "./of-person.ts";
import { isListed } from "./run.ts";
import { isScreening, listTallies, seesPerson } from "./store.ts";
import type { RuleServices } from "./tasks.ts";

export function screeningHandlers(rules: RuleServices): readonly Handler[] {
  const { rulebook } = rules;
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

    handle(screenNow, async (context, { versionId }) => {
      const region = context.caller.sight.region ?? refuse(platformProblems.outOfScope());
      if (versionId === undefined) return { taskId: await context.enqueue({ ...SCREEN_ALL, region }) };
      const { measures } = await rulebook.get(context.tx);
      if (!measures.some(({ version }) => version.version_id === versionId))
        refuse(platformProblems.notFound("正在执行的这项政策"));
      const one = { name: policyTasks.screenRule, payload: { versionId }, subject: `policy.version:${versionId}` };
      return { taskId: await context.enqueue({ ...one, region, queue: "policy" }) };
    }),

    handle(listEntitlements, async (context, { personId }) => {
      const { tx, caller, services } = context;
      const home = (await seesPerson(tx, caller.sight.region, personId)) ?? refuse(platformProblems.notFound("此人"));
      context.audit({ subject: `registry.person:${personId}`, region: home, count: 1 });
      return { asOf: services.businessDate(home), rows: await entitlementsOf(tx, services, rules, personId) };
    }),
  ];
}
