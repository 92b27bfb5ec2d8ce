import { z } from "zod";
import { action, id, pageOf, paging, plainDate, query, regionCode } from "../../platform/contract.ts";
import { registryPermissions } from "../permissions.ts";
import { regionName } from "../regions/contract.ts";

/** 用人单位类型 (C-11). */
export const employerKinds = [
  "enterprise",
  "cooperative",
  "family-farm",
  "sole-trader",
  "workshop",
  "public-body",
  "other",
] as const;
export type EmployerKind = (typeof employerKinds)[number];
export const employerKindLabels: Record<EmployerKind, string> = {
  enterprise: "企业",
  cooperative: "农民专业合作社",
  "family-farm": "家庭农场",
  "sole-trader": "个体工商户",
  workshop: "就业帮扶车间",
  "public-body": "机关事业单位、村（居）委会",
  other: "其他",
};
export const employerSizes = ["large", "medium", "small", "micro"] as const;
export type EmployerSize = (typeof employerSizes)[number];
export const employerSizeLabels: Record<EmployerSize, string> = {
  large: "大型",
  medium: "中型",
  small: "小型",
  micro: "微型",
};
export const employerStatuses = ["active", "abnormal", "closed"] as const;
export type EmployerStatus = (typeof employerStatuses)[number];
export const employerStatusLabels: Record<EmployerStatus, string> = {
  active: "正常",
  abnormal: "经营异常",
  closed: "已注销",
};

const nameKey = z.string().regex(/^\d{1,19}$/, "单位名称编号格式不正确");

export const employerRow = z.object({
  employerId: id,
  name: z.string(),
  creditCode: z.string().nullable(),
  region: regionName.nullable(),
  kind: z.enum(employerKinds).nullable(),
  size: z.enum(employerSizes).nullable(),
  industry: z.string().nullable(),
  status: z.enum(employerStatuses),
  /** Written names linked to it. */
  names: z.int(),
  /** People of the officer's area, or at work in it, who work there now. */
  workers: z.int(),
  version: z.int(),
});
export type EmployerRow = z.output<typeof employerRow>;

export const listEmployers = query({
  path: "/api/registry/employers",
  summary: "查看用人单位",
  access: { permission: registryPermissions.read },
  input: z.object({
    ...paging,
    text: z.string().trim().max(60).optional(),
    region: regionCode.optional(),
    status: z.enum(employerStatuses).optional(),
    sort: z.enum(["name", "workers"]).default("workers"),
  }),
  output: pageOf(employerRow),
});

export const employerWorker = z.object({
  personId: id,
  name: z.string(),
  identityMask: z.string(),
  home: regionName,
  writtenName: z.string(),
  startDate: plainDate,
  /** False: the person's home is elsewhere, only a minimal card is seen. */
  own: z.boolean(),
});

export const employerDetail = employerRow.extend({
  sourceLabel: z.string(),
  recordedOn: plainDate,
  linkedNames: z.array(z.object({ nameKey, name: z.string(), workers: z.int(), linkedAt: z.string() })),
});
export type EmployerDetail = z.output<typeof employerDetail>;

export const getEmployer = query({
  path: "/api/registry/employers/:employerId",
  summary: "查看用人单位",
  access: { permission: registryPermissions.read },
  input: z.object({ employerId: id }),
  output: employerDetail,
});

export const listEmployerWorkers = query({
  path: "/api/registry/employers/:employerId/workers",
  summary: "查看在岗人员",
  access: { permission: registryPermissions.read },
  audit: "query",
  input: z.object({ employerId: id, ...paging }),
  output: pageOf(employerWorker),
});

const employerFields = {
  name: z.string().trim().min(2, "请填写单位全称").max(120, "单位名称最多 120 个字"),
  creditCode: z.string().trim().max(18).nullable().default(null),
  region: regionCode.nullable().default(null),
  kind: z.enum(employerKinds).nullable().default(null),
  size: z.enum(employerSizes).nullable().default(null),
  industry: z.string().max(40).nullable().default(null),
  status: z.enum(employerStatuses).default("active"),
};

export const createEmployer = action({
  path: "/api/registry/employers",
  summary: "登记用人单位",
  access: { permission: registryPermissions.employers },
  input: z.object(employerFields),
  output: z.object({ employerId: id }),
});

export const editEmployer = action({
  path: "/api/registry/employers/:employerId",
  method: "PUT",
  summary: "修改用人单位",
  access: { permission: registryPermissions.employers },
  input: z.object({ employerId: id, version: z.int(), ...employerFields }),
  output: z.object({ version: z.int() }),
});

/** Names as ledgers write them that nobody has linked to a registered employer yet, most workers first. */
export const listUnlinkedNames = query({
  path: "/api/registry/employer-names",
  summary: "查看未关联单位名称",
  access: { permission: registryPermissions.read },
  input: z.object({ ...paging, text: z.string().trim().max(60).optional() }),
  output: pageOf(z.object({ nameKey, name: z.string(), workers: z.int(), region: regionName.nullable() })),
});

export const suggestEmployers = query({
  path: "/api/registry/employer-names/suggestions",
  summary: "查找相近单位",
  access: { permission: registryPermissions.read },
  input: z.object({ name: z.string().trim().min(2).max(120) }),
  output: z.array(
    z.object({
      employerId: id,
      name: z.string(),
      creditCode: z.string().nullable(),
      region: regionName.nullable(),
      likeness: z.int().min(0).max(100),
    }),
  ),
});

export const linkEmployerName = action({
  path: "/api/registry/employer-names/link",
  summary: "关联单位名称",
  access: { permission: registryPermissions.employers },
  input: z.object({ nameKeys: z.array(nameKey).min(1).max(100), employerId: id }),
  output: z.object({ linked: z.int(), workers: z.int() }),
});

export const unlinkEmployerName = action({
  path: "/api/registry/employer-names/unlink",
  summary: "取消单位名称关联",
  access: { permission: registryPermissions.employers },
  input: z.object({ nameKey, employerId: id }),
  output: z.object({ unlinked: z.literal(true) }),
});
