import { z } from "zod";
import { ownActs, regionName, registryPermissions } from "#registry/contract";
import {
  action,
  defineFlow,
  id,
  pageOf,
  paging,
  plainDate,
  query,
  regionCode,
  taskState,
} from "../../platform/contract.ts";
import { duplicatesPermissions } from "../permissions.ts";

/** Days an office has to judge a pair before it counts as late; the comparison of two sources has as many. */
export const PAIR_DUE_DAYS = 10;

export const pairStates = ["open", "merging", "transferring", "different", "merged", "swapped", "withdrawn"] as const;
export type PairState = (typeof pairStates)[number];
export const pairStateLabels: Record<PairState, string> = {
  open: "待判断",
  merging: "合并中",
  transferring: "转移中",
  different: "不是同一人",
  merged: "已合并",
  swapped: "号码已互换",
  withdrawn: "已撤回",
};

export const pairActs = ["differ", "merge", "swap", "transfer", "return", "finish", "unmerge", "withdraw"] as const;
export type PairAct = (typeof pairActs)[number];

/** 疑似重复的生命周期. `return`: a merge rejected or a transfer refused; `withdraw`: matching no longer finds the pair. */
export const pairFlow = defineFlow<PairState, PairAct>({
  open: { differ: "different", merge: "merging", swap: "swapped", transfer: "transferring", withdraw: "withdrawn" },
  merging: { finish: "merged", return: "open" },
  transferring: { finish: "merged", return: "open" },
  merged: { unmerge: "different" },
  different: {},
  swapped: {},
  withdrawn: {},
});

export const pairKinds = ["duplicate", "swapped"] as const;
export type PairKind = (typeof pairKinds)[number];
export const pairKindLabels: Record<PairKind, string> = { duplicate: "疑似重复建档", swapped: "证件号码疑似互换" };

export const bands = ["likely", "possible"] as const;
export type Band = (typeof bands)[number];
export const bandLabels: Record<Band, string> = { likely: "建议合并", possible: "待人工判断" };

/** Whom to call in another county: all that is shown of a record there. */
export const countyContact = z.object({
  county: regionName,
  office: z.string().nullable(),
  personName: z.string().nullable(),
  phone: z.string().nullable(),
});
export type CountyContact = z.output<typeof countyContact>;

const reason = z.object({ label: z.string(), weight: z.int() });

const ownSide = z.object({
  personId: id,
  name: z.string(),
  identityMask: z.string(),
  home: regionName,
});

export const pairRow = z.object({
  pairId: id,
  kind: z.enum(pairKinds),
  score: z.int(),
  band: z.enum(bands),
  reasons: z.array(reason),
  state: z.enum(pairStates),
  across: z.boolean(),
  /** The records that the asker may see: two, or one and a county. */
  sides: z.array(ownSide),
  other: countyContact.nullable(),
  ownerName: z.string().nullable(),
  ownerOffice: z.string().nullable(),
  ownedByMe: z.boolean(),
  raisedOn: plainDate,
  dueOn: plainDate,
  overdue: z.boolean(),
  decidedByName: z.string().nullable(),
  decidedAt: z.string().nullable(),
  decisionNote: z.string().nullable(),
});
export type PairRow = z.output<typeof pairRow>;

const pairFilter = {
  region: regionCode.optional(),
  state: z.enum(pairStates).default("open"),
  band: z.enum(bands).optional(),
  kind: z.enum(pairKinds).optional(),
  across: z
    .enum(["true", "false"])
    .optional()
    .transform((value) => (value === undefined ? undefined : value === "true")),
  owner: z.enum(["mine", "nobody"]).optional(),
  overdue: z
    .enum(["true", "false"])
    .default("false")
    .transform((value) => value === "true"),
};

export const listPairs = query({
  path: "/api/duplicates/pairs",
  summary: "查看疑似重复档案",
  access: { permission: registryPermissions.read },
  audit: "query",
  input: z.object({ ...paging, ...pairFilter }),
  output: pageOf(pairRow),
});

export const countPairs = query({
  path: "/api/duplicates/pairs/counts",
  summary: "查看疑似重复档案",
  access: { permission: registryPermissions.read },
  input: z.object({ region: regionCode.optional() }),
  output: z.object({
    open: z.int(),
    likely: z.int(),
    possible: z.int(),
    across: z.int(),
    overdue: z.int(),
    mine: z.int(),
  }),
});

const personColumn = z.object({
  field: z.string(),
  label: z.string(),
  /** In the order of `sides`. */
  values: z.array(z.string().nullable()),
  sources: z.array(z.string()),
  differs: z.boolean(),
});

const sideFacts = z.object({
  personId: id,
  name: z.string(),
  identityMask: z.string(),
  home: regionName,
  recordedOn: plainDate,
  categories: z.array(z.string()),
  /** Rows in each table of the program that speak of him, by the table's name in the office's words. */
  rows: z.array(z.object({ title: z.string(), count: z.int() })),
  currentWork: z.string().nullable(),
});
export type SideFacts = z.output<typeof sideFacts>;

export const cellChoice = z.object({
  field: z.string(),
  label: z.string(),
  /** In the order of `sides`: which record's value is proposed when it survives or not is the same. */
  proposed: id,
});

export const getPair = query({
  path: "/api/duplicates/pairs/:pairId",
  summary: "查看疑似重复档案",
  access: { permission: registryPermissions.read },
  audit: "query",
  input: z.object({ pairId: id }),
  output: z.object({
    pair: pairRow,
    sides: z.array(sideFacts),
    columns: z.array(personColumn),
    choices: z.array(cellChoice),
    /** Which record is proposed to stay: the one with more behind it. */
    proposedSurvivor: id.nullable(),
    /** Why a second officer must agree to a merge. */
    whySecond: z.enum(["money", "county"]).nullable(),
    thresholds: z.object({ upper: z.int(), lower: z.int() }),
    merges: z.array(z.object({ mergeId: id, state: z.string(), at: z.string() })),
    transferId: id.nullable(),
  }),
});

const note = z.string().trim().min(2, "请写明依据").max(200, "依据最多 200 个字");

export const differPairs = action({
  path: "/api/duplicates/pairs/differ",
  summary: "认定不是同一人",
  access: { permission: duplicatesPermissions.merge },
  input: z.object({ pairIds: z.array(id).min(1).max(200), note }),
  output: z.object({ decided: z.int() }),
});

export const swapNumbers = action({
  path: "/api/duplicates/pairs/:pairId/swap",
  summary: "互换证件号码",
  access: { permission: duplicatesPermissions.merge },
  input: z.object({ pairId: id, note }),
  output: z.object({ state: z.enum(pairStates) }),
});

export const ownPairs = action({
  path: "/api/duplicates/pairs/owner",
  summary: "认领、退回、分派疑似重复任务",
  access: { permission: registryPermissions.compare },
  input: z.object({
    pairIds: z.array(id).min(1).max(200),
    act: z.enum(ownActs),
    /** Of an assignment. */
    officerId: id.optional(),
  }),
  output: z.object({ changed: z.int() }),
});

export const matchNow = action({
  path: "/api/duplicates/match",
  summary: "全库查重",
  access: { permission: duplicatesPermissions.transfer },
  input: z.object({}),
  output: z.object({ taskId: id }),
});

export const getDuplicatesTask = query({
  path: "/api/duplicates/tasks/:taskId",
  summary: "查看查重与合并进度",
  access: { permission: registryPermissions.read },
  input: z.object({ taskId: id }),
  output: taskState,
});
