import { handle } from "../../platform/module.ts";
import { platformProblems, refuse } from "../../platform/problem.ts";
import { toPersonRows, withRowColumns } from "../persons/list-store.ts";
import { regionNames } from "../regions/store.ts";
import { sourceLabel } from "../sources.ts";
import { getHousehold } from "./contract.ts";
import { householdById, membersOf } from "./store.ts";

/** 户主 first, then by age: how the household book lists them. */
function byPlaceInHousehold(a: { relationToHead: string | null; birthDate: string | null }, b: typeof a): number {
  const rank = (relation: string | null) => (relation === "户主" || relation === "本人" ? 0 : 1);
  return rank(a.relationToHead) - rank(b.relationToHead) || (a.birthDate ?? "9").localeCompare(b.birthDate ?? "9");
}

export const householdHandler = handle(getHousehold, async (context, { householdId }) => {
  const { tx, caller, businessDate } = context;
  const scope = caller.sight.region;
  const household = (await householdById(tx, scope, householdId)) ?? refuse(platformProblems.notFound("该家庭"));
  const found = await withRowColumns(membersOf(tx, scope, householdId), businessDate).execute();
  const rows = await toPersonRows(tx, found, businessDate);
  const nameOf = await regionNames(tx, [household.home_region]);
  context.audit({ subject: `registry.household:${householdId}`, region: household.home_region, count: rows.length });
  return {
    householdId,
    householdNo: household.household_no,
    headName: household.head_name,
    home: nameOf(household.home_region),
    kind: household.kind,
    perCapitaIncomeFen: household.per_capita_income_fen === null ? null : Number(household.per_capita_income_fen),
    relocationSite: household.relocation_site,
    recordedOn: household.recorded_on,
    sourceLabel: sourceLabel(household.source),
    batchId: household.batch_id,
    members: rows
      .map((row, index) => ({
        ...row,
        relationToHead: found[index]!.relation_to_head,
        birthDate: found[index]!.birth_date,
      }))
      .toSorted(byPlaceInHousehold),
  };
});
