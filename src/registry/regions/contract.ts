import { z } from "zod";
import { action, id, pageOf, paging, plainDate, query, regionCode } from "../../platform/contract.ts";
import { DIVISION_LEVELS } from "../divisions/division.ts";
import { registryPermissions } from "../permissions.ts";

export const regionLevel = z.enum(DIVISION_LEVELS);

/** `scope`: within the officer's own area, for everything that is his; `anywhere`: the whole country, for places of work. */
export const regionReach = z.enum(["scope", "anywhere"]);

export const regionRow = z.object({
  code: regionCode,
  name: z.string(),
  fullName: z.string(),
  level: regionLevel,
  parent: regionCode.nullable(),
  hasChildren: z.boolean(),
  /** Its offices work in this installation. */
  hosted: z.boolean(),
});
export type RegionRow = z.output<typeof regionRow>;

/** A region as it stands beside a value: short name for tables, full name for hints. */
export const regionName = z.object({ code: regionCode, name: z.string(), fullName: z.string() });
export type RegionName = z.output<typeof regionName>;

/** Without `parent`: the officer's own area (scope) or the provinces (anywhere). */
export const listRegionChildren = query({
  path: "/api/registry/regions/children",
  summary: "查看下级区划",
  access: "signed-in",
  input: z.object({ parent: regionCode.optional(), reach: regionReach.default("scope") }),
  output: z.array(regionRow),
});

export const searchRegions = query({
  path: "/api/registry/regions/search",
  summary: "查找区划",
  access: "signed-in",
  input: z.object({
    text: z.string().trim().min(1, "请输入地名").max(40, "最多 40 个字"),
    reach: regionReach.default("scope"),
    level: regionLevel.optional(),
  }),
  output: z.array(regionRow),
});

/** The region and all that contain it, from the province down; works for codes outside the officer's area too. */
export const getRegionPath = query({
  path: "/api/registry/regions/:code/path",
  summary: "查看区划全称",
  access: "signed-in",
  input: z.object({ code: regionCode }),
  output: z.array(regionRow),
});

export const regionAliasRow = z.object({
  aliasId: id,
  alias: z.string(),
  region: regionName,
  /** The place itself was renamed or merged; else another way to write its name. */
  renamed: z.boolean(),
  validFrom: plainDate.nullable(),
  validTo: plainDate.nullable(),
  note: z.string(),
});
export type RegionAliasRow = z.output<typeof regionAliasRow>;

export const listRegionAliases = query({
  path: "/api/registry/region-aliases",
  summary: "查看区划别名",
  access: { permission: registryPermissions.read },
  input: z.object({ ...paging, text: z.string().trim().max(40).optional(), region: regionCode.optional() }),
  output: pageOf(regionAliasRow),
});

export const addRegionAlias = action({
  path: "/api/registry/region-aliases",
  summary: "登记区划别名",
  access: { permission: registryPermissions.edit },
  input: z.object({
    alias: z.string().trim().min(2, "别名至少 2 个字").max(60, "别名最多 60 个字"),
    code: regionCode,
    renamed: z.boolean().default(false),
    validFrom: plainDate.nullable().default(null),
    validTo: plainDate.nullable().default(null),
    note: z.string().trim().max(200, "说明最多 200 个字").default(""),
  }),
  output: regionAliasRow,
});

export const removeRegionAlias = action({
  path: "/api/registry/region-aliases/:aliasId",
  method: "DELETE",
  summary: "删除区划别名",
  access: { permission: registryPermissions.edit },
  input: z.object({ aliasId: id }),
  output: z.object({ removed: z.literal(true) }),
});
