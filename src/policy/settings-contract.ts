import { z } from "zod";
import { action, id, plainDate, query, regionCode } from "../platform/contract.ts";
import { policyPermissions } from "./permissions.ts";
import { basis } from "./words-contract.ts";

export const settingRow = z.object({
  settingId: id,
  region: regionCode,
  regionName: z.string(),
  forCase: z.string().nullable(),
  value: z.unknown(),
  from: plainDate,
  to: plainDate.nullable(),
  document: z.string(),
  documentDate: plainDate.nullable(),
  sample: z.boolean(),
  setByName: z.string(),
  /** Lies in the asker's own area: may be withdrawn. */
  own: z.boolean(),
});

export const parameterRow = z.object({
  /** What `setParameter` wants: the shared id, or `<measure>/<region>:<name>`. */
  parameter: z.string(),
  name: z.string(),
  says: z.string(),
  kind: z.string(),
  openTo: z.array(z.string()),
  awaits: z.string().nullable(),
  bounds: z.string().nullable(),
  /** Cases of `by` that are known from values and codes. */
  cases: z.array(z.string()),
  measures: z.array(z.object({ versionId: id, title: z.string(), region: z.string(), regionName: z.string() })),
  shipped: z.array(
    z.object({
      region: z.string().nullable(),
      regionName: z.string(),
      forCase: z.string().nullable(),
      value: z.unknown(),
      from: plainDate,
      to: plainDate.nullable(),
      basis: basis.nullable(),
    }),
  ),
  settings: z.array(settingRow),
  /** The asker may set it for a division of his area. */
  maySet: z.boolean(),
});
export type ParameterRow = z.output<typeof parameterRow>;

export const listParameters = query({
  path: "/api/policy/parameters",
  summary: "查看补贴标准与参数",
  access: { permission: policyPermissions.read },
  input: z.object({ words: z.string().max(40).optional(), open: z.coerce.boolean().optional() }),
  output: z.object({ rows: z.array(parameterRow) }),
});
export const setParameter = action({
  path: "/api/policy/parameters",
  summary: "设定当地标准",
  access: { permission: policyPermissions.settings },
  input: z.object({
    parameter: z.string().max(200),
    region: z.string().regex(/^\d{6}$/, "请选择市（州）或县（市、区）"),
    forCase: z.string().max(100).nullable(),
    value: z.union([z.string().max(200), z.int(), z.boolean(), z.object({ of: z.int().positive(), value: z.int() })]),
    from: plainDate,
    to: plainDate.nullable(),
    document: z.string().trim().min(2, "请写明依据的文件名称和文号").max(200),
    documentDate: plainDate.nullable(),
  }),
  output: z.object({ settingId: id }),
});
export const removeParameter = action({
  path: "/api/policy/parameters/:settingId/remove",
  summary: "撤销当地标准",
  access: { permission: policyPermissions.settings },
  input: z.object({ settingId: id }),
  output: z.object({}),
});
