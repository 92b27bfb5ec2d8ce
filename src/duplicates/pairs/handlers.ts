import { ownerFor, swapIdentities, type PersonTable } from "#registry";
import { nextState } from "../../platform/contract.ts";
import { handle, type Handler } from "../../platform/module.ts";
import { platformProblems, refuse } from "../../platform/problem.ts";
import { findTaskState } from "../../platform/tasks/state.ts";
import { duplicatesProblems } from "../problems.ts";
import { DUPLICATES_QUEUE, duplicatesTasks } from "../task-names.ts";
import { askerOf } from "./asker.ts";
import {
  countPairs,
  differPairs,
  getDuplicatesTask,
  getPair,
  listPairs,
  matchNow,
  ownPairs,
  pairFlow,
  swapNumbers,
} from "./contract.ts";
import { pairPage } from "./page.ts";
import { toPairRows } from "./rows.ts";
import { listStoredPairs, lockPairs, pairCounts, setPairOwner, setPairState, sidesOf } from "./store.ts";

export function pairHandlers(tables: readonly PersonTable[]): readonly Handler[] {
  return [
    handle(listPairs, async (context, { page, size, ...filter }) => {
      const asker = askerOf(context);
      const { rows, total } = await listStoredPairs(context.tx, filter, asker, { page, size });
      context.audit({ count: rows.length });
      return { rows: await toPairRows(context.tx, rows, asker), total };
    }),

    handle(countPairs, (context, { region }) => pairCounts(context.tx, region, askerOf(context))),

    handle(getPair, async (context, { pairId }) => {
      const page = await pairPage(context, tables, pairId);
      context.audit({
        count: page.sides.length,
        ...(page.sides[0]
          ? { subject: `registry.person:${page.sides[0].personId}`, region: page.sides[0].home.code }
          : {}),
      });
      return page;
    }),

    handle(differPairs, async (context, { pairIds, note }) => {
      const { tx, caller } = context;
      const ids = [...new Set(pairIds)];
      const open = await lockPairs(tx, ids, "open", askerOf(context));
      if (open.length < ids.length) refuse(duplicatesProblems.pairGone(ids.length - open.length));
      const state = nextState(pairFlow, "open", "differ")!;
      await setPairState(tx, ids, state, { officerId: caller.officerId, officerName: caller.name, note });
      context.audit({ count: ids.length, pairIds: ids, note });
      return { decided: ids.length };
    }),

    handle(swapNumbers, async (context, { pairId, note }) => {
      const { tx, caller, services, businessDate } = context;
      const asker = askerOf(context);
      const [pair] = await lockPairs(tx, [pairId], "open", asker);
      const sides = await sidesOf(tx, asker.scope, [pairId]);
      if (!pair || sides.length < 2) return refuse(duplicatesProblems.pairGone(1));
      if (pair.kind !== "swapped") refuse(duplicatesProblems.notSwapped());
      const officer = { id: caller.officerId, name: caller.name };
      const persons: [string, string] = [sides[0]!.person_id, sides[1]!.person_id];
      const swapped = await swapIdentities(tx, persons, {
        keys: services.keys,
        scope: asker.scope,
        businessDate,
        officer,
        reason: `证件号码互换更正：${note}`,
      });
      if (!swapped) refuse(duplicatesProblems.notSwapped());
      const state = nextState(pairFlow, "open", "swap")!;
      await setPairState(tx, [pairId], state, { officerId: officer.id, officerName: officer.name, note });
      context.audit({
        subject: `registry.person:${persons[0]}`,
        region: sides[0]!.home_region,
        count: 2,
        persons,
        note,
      });
      return { state };
    }),

    handle(ownPairs, async (context, { pairIds, act, officerId }) => {
      const { tx, caller } = context;
      const owner = await ownerFor(context, act, officerId);
      const changed = await setPairOwner(tx, caller.sight.region, [...new Set(pairIds)], owner);
      if (changed < new Set(pairIds).size) refuse(duplicatesProblems.pairGone(new Set(pairIds).size - changed));
      context.audit({ count: changed, pairIds, act, owner: owner.name });
      return { changed };
    }),

    handle(matchNow, async (context) => ({
      taskId: await context.enqueue({
        name: duplicatesTasks.match,
        payload: {},
        subject: "duplicates.match",
        region: context.caller.sight.region ?? refuse(platformProblems.outOfScope()),
        queue: DUPLICATES_QUEUE,
      }),
    })),

    handle(
      getDuplicatesTask,
      async ({ tx, caller }, { taskId }) =>
        (await findTaskState(tx, taskId, caller.sight.region ?? refuse(platformProblems.outOfScope()))) ??
        refuse(platformProblems.notFound("该任务")),
    ),
  ];
}
