import { regionNames, registryFields, type PersonTable } from "#registry";
import { nextState } from "../../platform/contract.ts";
import { handle, type ActionContext, type Handler } from "../../platform/module.ts";
import { platformProblems, refuse } from "../../platform/problem.ts";
import { askerOf } from "../pairs/asker.ts";
import { lockPairs, setPairState, sidesOf } from "../pairs/store.ts";
import { duplicatesProblems } from "../problems.ts";
import { DUPLICATES_QUEUE, duplicatesTasks } from "../task-names.ts";
import { titleOf } from "./conflicts.ts";
import {
  decideMerge,
  getMerge,
  listMerges,
  mergeFlow,
  mergeStateLabels,
  proposeMerge,
  undoMerge,
  type MergeAct,
  type MergeRow,
} from "./contract.ts";
import { findMerge, hasRows, insertMerge, listStoredMerges, patchMerge, type StoredMerge } from "./store.ts";

/** Whether money was paid because of one of two records: asked with the worker's eyes, for offices keep their own rows. */
export async function isPaid(
  services: ActionContext["services"],
  tables: readonly PersonTable[],
  persons: readonly string[],
): Promise<boolean> {
  return services.database.worker.transaction().execute(async (tx) => {
    for (const { table, column } of tables.filter(({ money }) => money))
      if (await hasRows(tx, table, column, persons)) return true;
    return false;
  });
}

export function mergeHandlers(tables: readonly PersonTable[]): readonly Handler[] {
  return [
    handle(proposeMerge, async (context, { pairId, survivorId, cells, note }) => {
      const { tx, caller, services, businessDate } = context;
      const asker = askerOf(context);
      const [pair] = await lockPairs(tx, [pairId], "open", asker);
      if (!pair) return refuse(duplicatesProblems.pairGone(1));
      const sides = await sidesOf(tx, asker.scope, [pairId]);
      if (sides.length < 2) refuse(duplicatesProblems.notBothHere());
      const loser = sides.find(({ person_id }) => person_id !== survivorId)!;
      if (!sides.some(({ person_id }) => person_id === survivorId)) refuse(duplicatesProblems.notOfPair());
      const unknown = Object.keys(cells).find((field) => !(field in registryFields.person));
      if (unknown) refuse(duplicatesProblems.fieldUnknown(unknown));
      const persons = sides.map(({ person_id }) => person_id);
      const whySecond = pair.across ? "county" : (await isPaid(services, tables, persons)) ? "money" : null;
      const mergeId = await insertMerge(tx, {
        pairId,
        survivorId,
        loserId: loser.person_id,
        cells,
        state: whySecond === null ? "working" : "proposed",
        whySecond,
        note,
        officerId: caller.officerId,
        officerName: caller.name,
        businessDate,
      });
      await setPairState(tx, [pairId], "merging", null);
      context.audit({
        subject: `registry.person:${survivorId}`,
        region: sides[0]!.home_region,
        count: 2,
        mergeId,
        note,
      });
      const taskId = whySecond === null ? await queue(context, duplicatesTasks.merge, mergeId) : null;
      return { mergeId, state: whySecond === null ? ("working" as const) : ("proposed" as const), taskId };
    }),

    handle(listMerges, async (context, { page, size, state }) => {
      const { tx, caller } = context;
      const { rows, total } = await listStoredMerges(tx, caller.sight.region, state, { page, size });
      context.audit({ count: rows.length });
      return { rows: await toMergeRows(context, rows, tables), total };
    }),

    handle(getMerge, async (context, { mergeId }) => {
      const merge = await seenMerge(context, mergeId);
      context.audit({ subject: `registry.person:${merge.survivor_id}`, count: 1 });
      const [row] = await toMergeRows(context, [merge], tables);
      return row!;
    }),

    handle(decideMerge, async (context, { mergeId, act, note }) => {
      const { tx, caller } = context;
      const merge = await seenMerge(context, mergeId, true);
      const state = stateAfter(merge, act);
      if (merge.proposed_by === caller.officerId) refuse(duplicatesProblems.sameOfficer());
      await patchMerge(tx, mergeId, {
        state,
        decided_by: caller.officerId,
        decided_by_name: caller.name,
        decided_at: new Date(),
        decision_note: note,
      });
      if (act === "reject") await setPairState(tx, [merge.pair_id], "open", null);
      context.audit({ subject: `registry.person:${merge.survivor_id}`, count: 2, mergeId, act, note });
      return { state, taskId: act === "confirm" ? await queue(context, duplicatesTasks.merge, mergeId) : null };
    }),

    handle(undoMerge, async (context, { mergeId, note }) => {
      const { tx, caller } = context;
      const merge = await seenMerge(context, mergeId, true);
      const state = stateAfter(merge, "undo");
      await patchMerge(tx, mergeId, {
        state,
        undone_by: caller.officerId,
        undone_by_name: caller.name,
        undo_note: note,
      });
      context.audit({ subject: `registry.person:${merge.survivor_id}`, count: 2, mergeId, note });
      return { state, taskId: await queue(context, duplicatesTasks.unmerge, mergeId) };
    }),
  ];
}

async function seenMerge({ tx, caller }: ActionContext, mergeId: string, lock = false): Promise<StoredMerge> {
  return (await findMerge(tx, caller.sight.region, mergeId, lock)) ?? refuse(platformProblems.notFound("该合并"));
}

function stateAfter(merge: StoredMerge, act: MergeAct) {
  return nextState(mergeFlow, merge.state, act) ?? refuse(duplicatesProblems.mergeState(mergeStateLabels[merge.state]));
}

function queue(context: ActionContext, name: string, mergeId: string): Promise<string> {
  const { caller } = context;
  return context.enqueue({
    name,
    payload: {
      mergeId,
      actor: { id: caller.officerId, name: caller.name, organisation: caller.organisation },
    },
    subject: `duplicates.merge:${mergeId}`,
    region: caller.sight.region ?? refuse(platformProblems.outOfScope()),
    queue: DUPLICATES_QUEUE,
  });
}

async function toMergeRows(
  { tx, caller }: ActionContext,
  merges: readonly StoredMerge[],
  tables: readonly PersonTable[],
): Promise<MergeRow[]> {
  const nameOf = await regionNames(
    tx,
    merges.flatMap(({ loser_home, survivor_home }) => [loser_home, survivor_home]),
  );
  const counted = (counts: Readonly<Record<string, number>> | undefined) =>
    Object.entries(counts ?? {}).map(([table, count]) => ({
      title: titleOf(tables.find((one) => one.table === table) ?? { table }),
      count,
    }));
  return merges.map((merge) => {
    const mine = merge.proposed_by !== null && merge.proposed_by === caller.officerId;
    return {
      mergeId: merge.merge_id,
      pairId: merge.pair_id,
      state: merge.state,
      survivorId: merge.survivor_home === null ? null : merge.survivor_id,
      survivorName: merge.survivor_name,
      survivorHome: merge.survivor_home === null ? null : nameOf(merge.survivor_home),
      loserName: merge.loser_name,
      loserMask: merge.loser_mask,
      loserHome: nameOf(merge.loser_home),
      whySecond: merge.why_second,
      note: merge.note,
      proposedByName: merge.proposed_by_name,
      proposedAt: merge.proposed_at.toISOString(),
      decidedByName: merge.decided_by_name,
      decisionNote: merge.decision_note,
      undoneByName: merge.undone_by_name,
      undoneAt: merge.undone_at?.toISOString() ?? null,
      undoNote: merge.undo_note,
      moved: counted(merge.counts.moved),
      aside: counted(merge.counts.aside),
      mine,
    };
  });
}
