import { nextState } from "../../platform/contract.ts";
import { handle, type ActionContext, type Handler } from "../../platform/module.ts";
import { refuse } from "../../platform/problem.ts";
import { changeCells } from "../cells/change.ts";
import { readIdentityNumber } from "../dictionaries/index.ts";
import { entityLabels, fieldLabel, isRegistryEntity } from "../fields.ts";
import { householdByNumber } from "../households/store.ts";
import { registryProblems } from "../problems.ts";
import { comparisonFlow, countComparisons, decideComparisons, listComparisons } from "./contract.ts";
import { toComparisonRows } from "./rows.ts";
import { comparisonCounts, listStoredComparisons, lockOpenComparisons, settleComparisons, type OpenComparison } from "./store.ts";

const COUNTY_DIGITS = 6;

export const comparisonHandlers: readonly Handler[] = [
  handle(listComparisons, async (context, { page, size, ...filter }) => {
    const { tx, caller, businessDate } = context;
    const { rows, total } = await listStoredComparisons(tx, caller.sight.region, filter, businessDate, { page, size });
    context.audit({ count: rows.length });
    return { rows: await toComparisonRows(tx, rows, businessDate), total };
  }),

  handle(countComparisons, async ({ tx, caller, businessDate }, { region }) => {
    const counts = await comparisonCounts(tx, caller.sight.region, region, businessDate);
    const byField = counts.flatMap(({ entity, field, open }) =>
      isRegistryEntity(entity) ? [{ entity, field, label: fieldLabel(entity, field), open: Number(open) }] : [],
    );
    return {
      open: byField.reduce((sum, { open }) => sum + open, 0),
      overdue: counts.reduce((sum, { overdue }) => sum + Number(overdue), 0),
      byField,
    };
  }),

  handle(decideComparisons, async (context, { comparisonIds, act, note }) => {
    const { tx, caller, services, businessDate } = context;
    const scope = caller.sight.region;
    const ids = [...new Set(comparisonIds)];
    const open = await lockOpenComparisons(tx, scope, ids);
    if (open.length < ids.length) refuse(registryProblems.comparisonGone(ids.length - open.length));
    const author = { id: caller.officerId, name: caller.name };
    if (act === "adopt") {
      for (const task of open) {
        const value = await claimedValueOf(context, task);
        const reading = task.field === "identity" && value !== null ? readIdentityNumber(value) : null;
        await changeCells(
          tx,
          { entity: task.entity, personId: task.personId, entityKey: task.entityKey },
          [{ field: task.field, value, ...(reading?.ok ? { identityKind: reading.kind } : {}) }],
          { keys: services.keys, scope, source: task.claimedSource, reason: `比对采纳：${note}`, officer: author, businessDate },
        );
      }
    }
    const state = nextState(comparisonFlow, "open", act)!;
    await settleComparisons(tx, scope, ids, { state, note, officerId: author.id, officerName: author.name });
    context.audit({ count: open.length, subject: open.length === 1 ? `registry.comparison:${ids[0]}` : undefined, act, note });
    return { decided: open.length, state };
  }),
];

/** The value to store: the number behind a mask, the household behind its number. */
async function claimedValueOf({ tx, services }: ActionContext, task: OpenComparison): Promise<string | null> {
  if (task.claimedSecret !== null) return services.keys.open(task.claimedSecret);
  if (task.entity !== "person" || task.field !== "household_id" || task.claimedValue === null) return task.claimedValue;
  const household = await householdByNumber(tx, task.homeRegion.slice(0, COUNTY_DIGITS), task.claimedValue);
  return household ?? refuse(registryProblems.rowGone(entityLabels.household));
}
