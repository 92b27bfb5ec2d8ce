import { sql } from "kysely";
import type { Db, Tx } from "../../platform/db/database.ts";
import {
  divisionMatcher,
  type Division,
  type DivisionAlias,
  type DivisionLevel,
  type DivisionMatcher,
} from "../divisions/index.ts";
import { within, type Scope } from "../scope.ts";
import type { RegionName, RegionRow } from "./contract.ts";

/** Kept for every alias without a known beginning; the matcher writes that as null. */
const ALWAYS = "1900-01-01";

export interface StoredRegion {
  readonly code: string;
  readonly name: string;
  readonly full_name: string;
  readonly level: string;
  readonly parent: string | null;
  readonly hosted: boolean;
}

const shown = [
  "region.code",
  "region.name",
  "region.full_name",
  "region.level",
  "region.parent",
  "region.hosted",
] as const;

function regionQuery(tx: Tx) {
  return tx
    .selectFrom("registry.region as region")
    .select(shown)
    .select((eb) =>
      eb
        .exists(
          eb.selectFrom("registry.region as child").select("child.code").whereRef("child.parent", "=", "region.code"),
        )
        .as("has_children"),
    )
    .where("region.valid_to", "is", null);
}

type RegionQueryRow = StoredRegion & { has_children: unknown };

function toRow(row: RegionQueryRow): RegionRow {
  return {
    code: row.code,
    name: row.name,
    fullName: row.full_name,
    level: row.level as DivisionLevel,
    parent: row.parent,
    hasChildren: row.has_children === true,
    hosted: row.hosted,
  };
}

export async function regionsUnder(tx: Tx, parent: string | null): Promise<RegionRow[]> {
  const rows = await regionQuery(tx)
    .where("region.parent", parent === null ? "is" : "=", parent)
    .orderBy("region.code")
    .execute();
  return rows.map(toRow);
}

export async function regionsByCode(tx: Tx, codes: readonly string[]): Promise<RegionRow[]> {
  if (codes.length === 0) return [];
  const rows = await regionQuery(tx).where("region.code", "in", codes).orderBy("region.code").execute();
  return rows.map(toRow);
}

/** Own names that contain the text, and names met through an alias; those that begin with it first, wider ones first. */
export async function searchRegions(
  tx: Tx,
  scope: Scope,
  text: string,
  level: string | undefined,
  limit: number,
): Promise<RegionRow[]> {
  const pattern = `%${text.replaceAll(/[\\%_]/g, String.raw`\$&`)}%`;
  const rows = await regionQuery(tx)
    .where(within("region.code", scope))
    .$if(level !== undefined, (query) => query.where("region.level", "=", level!))
    .where((eb) =>
      eb.or([
        eb("region.name", "like", pattern),
        eb("region.code", "in", eb.selectFrom("registry.region_alias").select("code").where("alias", "like", pattern)),
      ]),
    )
    .orderBy(sql`NOT starts_with(region.name, ${text})`)
    .orderBy(sql`length(region.code)`)
    .orderBy("region.code")
    .limit(limit)
    .execute();
  return rows.map(toRow);
}

/** A village is said with its town (双龙镇 十八洞村), because names of villages repeat; everything else by its own name. */
export async function regionNames(tx: Tx, codes: Iterable<string | null>): Promise<(code: string) => RegionName> {
  const wanted = [...new Set([...codes].filter((code) => code !== null))];
  const rows =
    wanted.length === 0
      ? []
      : await tx
          .selectFrom("registry.region as region")
          .leftJoin("registry.region as parent", "parent.code", "region.parent")
          .select(["region.code", "region.name", "region.full_name", "region.level", "parent.name as parent_name"])
          .where(sql<boolean>`region.code = ANY(${wanted}::text[])`)
          .execute();
  const names = new Map(
    rows.map((row) => [
      row.code,
      {
        code: row.code,
        name: row.level === "village" ? `${row.parent_name ?? ""} ${row.name}`.trim() : row.name,
        fullName: row.full_name,
      },
    ]),
  );
  return (code) => names.get(code) ?? { code, name: `区划 ${code}`, fullName: `区划 ${code}` };
}

export interface RegionIndex {
  /** Changes whenever a region or alias does. */
  readonly mark: string;
  /** Reads place names as offices write them, with this installation's aliases. */
  readonly matcher: DivisionMatcher;
  readonly divisions: ReadonlyMap<string, Division>;
  /** Regions whose offices work in this installation. */
  readonly hosted: ReadonlySet<string>;
}

/** Building takes a third of a second; the last one is kept for as long as regions and aliases stay the same. */
let latest: { readonly mark: string; readonly index: RegionIndex } | undefined;

/** The division matcher over the regions and aliases of the database. */
export async function loadRegionIndex(tx: Tx | Db): Promise<RegionIndex> {
  const mark = await regionsMark(tx);
  if (latest?.mark === mark) return latest.index;
  const regions = await tx
    .selectFrom("registry.region")
    .select(["code", "name", "full_name", "level", "parent", "hosted"])
    .where("valid_to", "is", null)
    .orderBy("code")
    .execute();
  const aliases = await tx
    .selectFrom("registry.region_alias")
    .select(["alias", "code", "valid_from", "valid_to", "note"])
    .orderBy("alias_id")
    .execute();
  const divisions = regions.map((row): Division => ({
    code: row.code,
    name: row.name,
    fullName: row.full_name,
    level: row.level as DivisionLevel,
    parent: row.parent,
  }));
  const matcher = divisionMatcher(
    divisions,
    aliases.map((row): DivisionAlias => ({
      alias: row.alias,
      code: row.code,
      validFrom: String(row.valid_from) === ALWAYS ? null : String(row.valid_from),
      validTo: row.valid_to === null ? null : String(row.valid_to),
      note: row.note,
    })),
  );
  const index: RegionIndex = {
    mark,
    matcher,
    divisions: matcher.divisions,
    hosted: new Set(regions.filter((row) => row.hosted).map((row) => row.code)),
  };
  latest = { mark, index };
  return index;
}

/** The mark alone, for whoever looks nothing up. */
export async function regionsMark(tx: Tx | Db): Promise<string> {
  const { rows } = await sql<{ mark: string }>`
    SELECT concat_ws('|',
      (SELECT count(*) || ':' || coalesce(sum(hashtext(code || full_name || coalesce(valid_to::text, ''))::bigint), 0) FROM registry.region),
      (SELECT md5(coalesce(string_agg(concat_ws(',', alias, code, valid_from, valid_to, note), ';' ORDER BY alias_id), '')) FROM registry.region_alias)) AS mark`.execute(
    tx,
  );
  return rows[0]!.mark;
}

export interface StoredAlias {
  readonly alias_id: string;
  readonly alias: string;
  readonly code: string;
  readonly renamed: boolean;
  readonly valid_from: string | null;
  readonly valid_to: string | null;
  readonly note: string;
}

export async function listAliases(
  tx: Tx,
  scope: Scope,
  filter: { text?: string | undefined; page: number; size: number },
): Promise<{ rows: StoredAlias[]; total: number }> {
  const base = tx
    .selectFrom("registry.region_alias as a")
    .where(within("a.code", scope))
    .$if(filter.text !== undefined && filter.text !== "", (query) =>
      query.where(sql<boolean>`position(${filter.text} IN a.alias) > 0`),
    );
  const { total } = await base.select((eb) => eb.fn.countAll<string>().as("total")).executeTakeFirstOrThrow();
  const rows = await base
    .select(["a.alias_id", "a.alias", "a.code", "a.renamed", "a.valid_to", "a.note"])
    .select(sql<string | null>`nullif(a.valid_from, ${ALWAYS}::date)::text`.as("valid_from"))
    .orderBy("a.code")
    .orderBy("a.alias")
    .limit(filter.size)
    .offset((filter.page - 1) * filter.size)
    .execute();
  return {
    rows: rows.map((row) => ({ ...row, valid_to: row.valid_to === null ? null : String(row.valid_to) })),
    total: Number(total),
  };
}

/** Null when that alias of that region is known already. */
export async function insertAlias(
  tx: Tx,
  alias: {
    alias: string;
    code: string;
    renamed: boolean;
    validFrom: string | null;
    validTo: string | null;
    note: string;
  },
): Promise<string | null> {
  const row = await tx
    .insertInto("registry.region_alias")
    .values({
      alias: alias.alias,
      code: alias.code,
      renamed: alias.renamed,
      valid_from: alias.validFrom ?? ALWAYS,
      valid_to: alias.validTo,
      note: alias.note,
    })
    .onConflict((conflict) => conflict.columns(["alias", "code"]).doNothing())
    .returning("alias_id")
    .executeTakeFirst();
  return row?.alias_id ?? null;
}

export async function deleteAlias(
  tx: Tx,
  scope: Scope,
  aliasId: string,
): Promise<{ alias: string; code: string } | undefined> {
  return tx
    .deleteFrom("registry.region_alias as a")
    .where("a.alias_id", "=", aliasId)
    .where(within("a.code", scope))
    .returning(["a.alias", "a.code"])
    .executeTakeFirst();
}

/** Codes from the province down to the region itself. */
export function pathOf(code: string): string[] {
  return [2, 4, 6, 9, 12].filter((length) => length <= code.length).map((length) => code.slice(0, length));
}
