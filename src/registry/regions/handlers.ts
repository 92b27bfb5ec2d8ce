import { handle, type Caller, type Handler } from "../../platform/module.ts";
import { platformProblems, refuse } from "../../platform/problem.ts";
import { registryProblems } from "../problems.ts";
import { narrow, sees, type Scope } from "../scope.ts";
import {
  addRegionAlias,
  getRegionPath,
  listRegionAliases,
  listRegionChildren,
  removeRegionAlias,
  searchRegions,
} from "./contract.ts";
import {
  deleteAlias,
  insertAlias,
  listAliases,
  pathOf,
  regionNames,
  regionsByCode,
  regionsUnder,
  searchRegions as findRegions,
} from "./store.ts";

const MOST_HITS = 30;
const ANYWHERE: Scope = "";

/** Administrators have no business area, but they place officers: they pick from what they administer. */
function areaOf(caller: Caller): Scope {
  return caller.sight.region ?? caller.sight.administers;
}

export const regionHandlers: readonly Handler[] = [
  handle(listRegionChildren, async ({ tx, caller }, { parent, reach }) => {
    if (reach === "anywhere") return regionsUnder(tx, parent ?? null);
    const area = areaOf(caller);
    if (area === null) return [];
    // Without a parent the tree begins with the area itself; the whole installation begins with the provinces it hosts.
    if (parent === undefined)
      return area === "" ? (await regionsUnder(tx, null)).filter((region) => region.hosted) : regionsByCode(tx, [area]);
    if (!sees(area, parent)) return refuse(platformProblems.outOfScope());
    return regionsUnder(tx, parent);
  }),

  handle(searchRegions, async ({ tx, caller }, { text, reach, level }) =>
    findRegions(tx, reach === "anywhere" ? ANYWHERE : areaOf(caller), text, level, MOST_HITS),
  ),

  handle(getRegionPath, async ({ tx }, { code }) => regionsByCode(tx, pathOf(code))),

  handle(listRegionAliases, async ({ tx, caller }, { region, ...filter }) => {
    const { rows, total } = await listAliases(tx, narrow(caller.sight.region, region), filter);
    const nameOf = await regionNames(
      tx,
      rows.map((row) => row.code),
    );
    return {
      rows: rows.map((row) => ({
        aliasId: row.alias_id,
        alias: row.alias,
        region: nameOf(row.code),
        renamed: row.renamed,
        validFrom: row.valid_from,
        validTo: row.valid_to,
        note: row.note,
      })),
      total,
    };
  }),

  handle(addRegionAlias, async (context, input) => {
    const { tx, caller } = context;
    if (!sees(caller.sight.region, input.code)) refuse(platformProblems.outOfScope());
    const [known] = await regionsByCode(tx, [input.code]);
    if (!known) refuse(registryProblems.regionUnknown(input.code));
    if (input.validFrom !== null && input.validTo !== null && input.validFrom >= input.validTo)
      refuse(registryProblems.datesReversed());
    const aliasId = (await insertAlias(tx, input)) ?? refuse(registryProblems.aliasKnown());
    context.audit({ subject: `registry.region-alias:${aliasId}`, region: input.code, alias: input.alias });
    const nameOf = await regionNames(tx, [input.code]);
    const { code: _, ...alias } = input;
    return { ...alias, aliasId, region: nameOf(input.code) };
  }),

  handle(removeRegionAlias, async (context, { aliasId }) => {
    const { tx, caller } = context;
    const removed =
      (await deleteAlias(tx, caller.sight.region, aliasId)) ?? refuse(platformProblems.notFound("该别名"));
    context.audit({ subject: `registry.region-alias:${aliasId}`, region: removed.code, alias: removed.alias });
    return { removed: true as const };
  }),
];
