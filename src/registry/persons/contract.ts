import { z } from "zod";
import {
  action,
  download,
  exportPurpose,
  id,
  pageOf,
  paging,
  plainDate,
  query,
  regionCode,
} from "../../platform/contract.ts";
import { registryPermissions } from "../permissions.ts";
import { regionName } from "../regions/contract.ts";

export const workStates = ["working", "idle", "to-verify", "unknown"] as const;
export type WorkState = (typeof workStates)[number];
export const workStateLabels: Record<WorkState, string> = {
  working: "在务工",
  idle: "未务工",
  "to-verify": "待核实",
  unknown: "未掌握",
};

export const lifeStates = ["active", "moved", "deceased"] as const;
export type LifeState = (typeof lifeStates)[number];
export const lifeStateLabels: Record<LifeState, string> = { active: "在册", moved: "户籍迁出", deceased: "已去世" };

export const insuranceStatuses = ["paid", "deferred", "owed", "refunded"] as const;
export type InsuranceStatus = (typeof insuranceStatuses)[number];
export const insuranceStatusLabels: Record<InsuranceStatus, string> = {
  paid: "已缴",
  deferred: "缓缴",
  owed: "欠缴",
  refunded: "已退",
};

export const personSorts = ["region", "name", "age", "recorded"] as const;
export type PersonSort = (typeof personSorts)[number];

/** Several values of one filter, comma-separated, so that the filter fits an address. */
const several = z
  .string()
  .max(600)
  .optional()
  .transform((text) => (text ? text.split(",").filter((part) => part !== "") : []));
const yesNo = z.enum(["yes", "no", "unset"]).optional();
const age = z.coerce.number().int().min(0).max(130).optional();

/** The filters of the person list; the same for the list, its count and its export, so that the sheet is what the screen showed. */
export const personFilter = {
  name: z.string().trim().max(30, "姓名最多 30 个字").optional(),
  region: regionCode.optional(),
  categories: several,
  workStates: several.pipe(z.array(z.enum(workStates))),
  labourCapacities: several,
  jobWilling: yesNo,
  trainingWilling: yesNo,
  ageFrom: age,
  ageTo: age,
  sort: z.enum(personSorts).default("region"),
  descending: z
    .enum(["true", "false"])
    .default("false")
    .transform((value) => value === "true"),
};

export const personRow = z.object({
  personId: id,
  name: z.string(),
  sex: z.int().nullable(),
  age: z.int().nullable(),
  identityMask: z.string(),
  phoneMask: z.string().nullable(),
  home: regionName,
  /** Categories valid on the business date. */
  categories: z.array(z.string()),
  workState: z.enum(workStates),
  /** Current place of work, when known. */
  employerName: z.string().nullable(),
  workRegion: regionName.nullable(),
  labourCapacity: z.string().nullable(),
  jobWilling: z.boolean().nullable(),
  trainingWilling: z.boolean().nullable(),
  recordedOn: plainDate,
});
export type PersonRow = z.output<typeof personRow>;

export const listPersons = query({
  path: "/api/registry/persons",
  summary: "查看人员名单",
  access: { permission: registryPermissions.read },
  audit: "query",
  input: z.object({ ...paging, ...personFilter }),
  output: pageOf(personRow),
});

export const exportPersons = download({
  path: "/api/registry/persons.xlsx",
  summary: "导出人员名单",
  access: { permission: registryPermissions.export },
  input: z.object({
    ...personFilter,
    purpose: exportPurpose,
    /** Columns as chosen on the screen, comma-separated; empty: all. */
    columns: several,
    /** Numbers whole instead of masked: given out with a second officer's approval only. */
    unmasked: z
      .enum(["true", "false"])
      .default("false")
      .transform((value) => value === "true"),
  }),
});

/**
 * One box for everything: a name, an 18-digit number, a phone number or its last four digits, a village. Sent in the body,
 * because numbers of persons must not stand in addresses, which proxies and browsers keep.
 */
export const find = action({
  path: "/api/registry/find",
  summary: "查找人员",
  access: { permission: registryPermissions.read },
  audit: "query",
  input: z.object({ text: z.string().trim().min(2, "请至少输入 2 个字").max(60, "最多 60 个字") }),
  output: z.object({
    /** How the text was understood: shown above the hits. */
    readAs: z.enum(["identity", "phone", "phone-tail", "text"]),
    persons: z.array(
      z.object({
        personId: id,
        name: z.string(),
        identityMask: z.string(),
        phoneMask: z.string().nullable(),
        home: regionName,
        workState: z.enum(workStates),
      }),
    ),
    /** More persons match than are shown. */
    more: z.boolean(),
    regions: z.array(regionName),
  }),
});

export const unmaskedFields = ["identity", "phone", "bank-account"] as const;
export type UnmaskedField = (typeof unmaskedFields)[number];
export const unmaskedFieldLabels: Record<UnmaskedField, string> = {
  identity: "证件号码",
  phone: "联系电话",
  "bank-account": "银行账号",
};

/** One number of one person, for a stated purpose; always audited. */
export const unmask = action({
  path: "/api/registry/persons/:personId/unmask",
  summary: "查看完整号码",
  access: { permission: registryPermissions.unmask },
  audit: "unmask",
  input: z.object({
    personId: id,
    field: z.enum(unmaskedFields),
    purpose: z.string().trim().min(4, "请写明查看用途，至少 4 个字").max(100, "用途最多 100 个字"),
  }),
  output: z.object({ field: z.enum(unmaskedFields), value: z.string().nullable() }),
});

/** Grounds other than 户籍地 on which a region knows somebody. */
export const accessGrounds = ["residence", "work", "insurance"] as const;
export type AccessGround = (typeof accessGrounds)[number];
export const accessGroundLabels: Record<AccessGround, string> = { residence: "常住", work: "就业", insurance: "参保" };

/** People of other places who live, work or are insured here: the minimal card, no number, no contact. */
export const listCards = query({
  path: "/api/registry/cards",
  summary: "查看外来人员名片",
  access: { permission: registryPermissions.read },
  audit: "query",
  input: z.object({
    ...paging,
    ground: z.enum(accessGrounds).optional(),
    region: regionCode.optional(),
    name: z.string().trim().max(30).optional(),
  }),
  output: pageOf(
    z.object({
      personId: id,
      name: z.string(),
      sex: z.int().nullable(),
      identityMask: z.string(),
      homeCounty: regionName,
      region: regionName,
      ground: z.enum(accessGrounds),
      validFrom: plainDate,
      validTo: plainDate.nullable(),
    }),
  ),
});
