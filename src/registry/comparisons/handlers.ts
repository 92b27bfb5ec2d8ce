import { nextState } from "../../platform/contract.ts";
import { handle, type Handler } from "../../platform/module.ts";
import { refuse } from "../../platform/problem.ts";
import { fieldLabel, isRegistryEntity } from "../fields.ts";
import { registryProblems } from "../problems.ts";
import { adoptClaim, keepHeld } from "./adopt.ts";
import { regionNames } from "../regions/store.ts";
import {
  comparisonFlow,
  countComparisons,
  decideComparisons,
  listColleagues,
  listComparisons,
  listComparisonVillages,
  ownComparisons,
} from "./contract.ts";
import { isOwnerDuty, ownerFor, queueByVillage, setComparisonOwner } from "./owners.ts";
import { toComparisonRows } from "./rows.ts";
import { comparisonCounts, listStoredComparisons, lockOpenComparisons, settleComparisons } from "./store.ts";

export const comparisonHandlers: readonly Handler[] = [
  handle(listComparisons, async (context, { page, size, owner, ...asked }) => {
    const { tx, caller, businessDate } = context;
    const filter = owner ? { ...asked, ownerId: owner === "mine" ? (caller.officerId ?? "0") : null } : asked;
    const { rows, total } = await listStoredComparisons(tx, caller.sight.region, filter, businessDate, { page, size });
    context.audit({ count: rows.length, persons: rows.map((row) => row.person_id) });
    return { rows: await toComparisonRows(tx, rows, businessDate), total };
  }),

  handle(countComparisons, async ({ tx, caller, businessDate }, { region }) => {
    const counts = await comparisonCounts(tx, caller.sight.region, region, businessDate, caller.officerId);
    const byField = counts.flatMap(({ entity, field, open }) =>
      isRegistryEntity(entity) ? [{ entity, field, label: fieldLabel(entity, field), open: Number(open) }] : [],
    );
    return {
      open: byField.reduce((sum, { open }) => sum + open, 0),
      overdue: counts.reduce((sum, { overdue }) => sum + Number(overdue), 0),
      mine: counts.reduce((sum, { mine }) => sum + Number(mine), 0),
      unowned: counts.reduce((sum, { unowned }) => sum + Number(unowned), 0),
      byField,
    };
  }),

  handle(listComparisonVillages, async ({ tx, caller, businessDate }, page) => {
    const { rows, total } = await queueByVillage(tx, caller.sight.region, businessDate, page);
    const nameOf = await regionNames(
      tx,
      rows.map(({ region }) => region),
    );
    return { rows: rows.map(({ region, ...row }) => ({ village: nameOf(region), ...row })), total };
  }),

  handle(ownComparisons, async (context, { comparisonIds, act, officerId }) => {
    const { tx, caller } = context;
    const ids = [...new Set(comparisonIds)];
    const owner = await ownerFor(context, act, officerId);
    const changed = await setComparisonOwner(tx, caller.sight.region, ids, owner);
    if (changed < ids.length) refuse(registryProblems.comparisonGone(ids.length - changed));
    context.audit({ count: changed, comparisonIds: ids, act, owner: owner.name });
    return { changed };
  }),

  handle(listColleagues, async ({ caller, services }) =>
    (await services.officersIn(caller.sight.region, isOwnerDuty)).map(({ officerId, name, organisation }) => ({
      officerId,
      name,
      organisation,
    })),
  ),

  handle(decideComparisons, async (context, { comparisonIds, act, note, endDate }) => {
    const { tx, caller, services, businessDate } = context;
    const scope = caller.sight.region;
    const ids = [...new Set(comparisonIds)];
    const open = await lockOpenComparisons(tx, scope, ids);
    if (open.length < ids.length) refuse(registryProblems.comparisonGone(ids.length - open.length));
    const officer = { id: caller.officerId, name: caller.name };
    const origin = {
      keys: services.keys,
      scope,
      officer,
      businessDate,
      reason: `比对${act === "adopt" ? "采纳" : "核实"}：${note}`,
    };
    for (const task of open) {
      if (act === "adopt") await adoptClaim(tx, task, endDate, origin);
      else await keepHeld(tx, task, origin);
    }
    const state = nextState(comparisonFlow, "open", act)!;
    await settleComparisons(tx, scope, ids, { state, note, officerId: officer.id, officerName: officer.name });
    context.audit({
      count: open.length,
      subject: open.length === 1 ? `registry.comparison:${ids[0]}` : undefined,
      act,
      note,
    });
    return { decided: open.length, state };
  }),
];
