import { z } from "zod";
import {
  action,
  download,
  exportPurpose,
  fen,
  id,
  pageOf,
  paging,
  plainDate,
  query,
  regionCode,
} from "../platform/contract.ts";
import { claimStates } from "./claims-contract.ts";
import { subsidiesPermissions } from "./permissions.ts";

export const differenceStates = ["open", "arrears", "recovery", "re-examined", "dismissed", "gone"] as const;
export type DifferenceState = (typeof differenceStates)[number];
export const differenceStateLabels: Record<DifferenceState, string> = {
  open: "待处理",
  arrears: "已补发立件",
  recovery: "已追回立案",
  "re-examined": "已退回重审",
  dismissed: "不处理",
  gone: "已自行消除",
};

/** Why an item comes to something else than it was decided at. */
export const differenceCauses = ["fact", "rule", "parameter", "limit"] as const;
export type DifferenceCause = (typeof differenceCauses)[number];
export const differenceCauseLabels: Record<DifferenceCause, string> = {
  fact: "事实有变",
  rule: "规则改版",
  parameter: "标准调整",
  limit: "已享受的补贴有变",
};

/** Which way it goes: less was paid than is due, more, or it cannot be said. */
export const differenceKinds = ["short", "over", "unclear"] as const;
export type DifferenceKind = (typeof differenceKinds)[number];
export const differenceKindLabels: Record<DifferenceKind, string> = {
  short: "应补发",
  over: "应追回",
  unclear: "待核实",
};

const place = z.object({ code: z.string(), name: z.string(), fullName: z.string() });

const difference = z.object({
  differenceId: id,
  place,
  claimId: id,
  claimNumber: z.string(),
  claimState: z.enum(claimStates),
  title: z.string(),
  payeeName: z.string(),
  /** Whom the item is about, where it is about a person of this office's area. */
  personName: z.string().nullable(),
  personId: id.nullable(),
  eventDate: plainDate,
  wasFen: fen,
  /** Null where it cannot be said today. */
  nowFen: fen.nullable(),
  outcome: z.string(),
  kind: z.enum(differenceKinds),
  causes: z.array(z.enum(differenceCauses)),
  /** Conditions and limits that refuse it now, in the rule's words. */
  failed: z.array(z.string()),
  versionId: id,
  changed: z.array(z.object({ label: z.string(), before: z.string().nullable(), after: z.string().nullable() })),
  foundOn: plainDate,
  state: z.enum(differenceStates),
  arrearsClaimId: id.nullable(),
  recoveryId: id.nullable(),
  reason: z.string().nullable(),
  endedByName: z.string().nullable(),
  endedOn: plainDate.nullable(),
});
export type Difference = z.output<typeof difference>;

const filter = {
  state: z.enum(differenceStates).default("open"),
  kind: z.enum(differenceKinds).optional(),
  cause: z.enum(differenceCauses).optional(),
  rule: z.string().max(80).optional(),
  region: regionCode.optional(),
  /** Part of the payee's name, or a claim's whole number. */
  search: z.string().trim().max(60).optional(),
};

export const listDifferences = query({
  path: "/api/subsidies/differences",
  summary: "查看重算差异",
  access: { permission: subsidiesPermissions.read },
  audit: "query",
  input: z.object({ ...paging, ...filter, claimId: id.optional() }),
  output: pageOf(difference),
});

export const countDifferences = query({
  path: "/api/subsidies/differences/counts",
  summary: "查看重算差异数量",
  access: { permission: subsidiesPermissions.read },
  input: z.object({ region: regionCode.optional() }),
  output: z.object({
    /** Open ones. `amountFen` of those unclear: what was decided. */
    kinds: z.array(z.object({ kind: z.enum(differenceKinds), differences: z.int(), claims: z.int(), amountFen: fen })),
    rules: z.array(z.object({ rule: z.string(), title: z.string(), differences: z.int() })),
    /** The last time that it was asked over all of the area. */
    last: z.object({ on: plainDate, at: z.iso.datetime({ offset: true }), items: z.int() }).nullable(),
  }),
});

export const exportDifferencesOfClaims = download({
  path: "/api/subsidies/differences.xlsx",
  summary: "导出重算差异",
  access: { permission: subsidiesPermissions.export },
  input: z.object({ ...filter, purpose: exportPurpose }),
});

/** Decides everything that was decided in the area once more; every night, and after something was published, it comes by itself. */
export const recalculateClaims = action({
  path: "/api/subsidies/recalculate",
  summary: "重新计算已审定的补贴",
  access: { permission: subsidiesPermissions.handle },
  input: z.object({}),
  output: z.object({ taskId: id }),
});

const chosen = z.array(id).min(1, "请勾选要处理的差异").max(500, "一次最多选 500 条");
const left = z.array(z.object({ differenceId: id, why: z.string() }));

/** Paid too little becomes a claim of arrears, paid too much a case of recovery, claim by claim. */
export const takeUpDifferences = action({
  path: "/api/subsidies/differences/take-up",
  summary: "处理重算差异",
  access: { permission: subsidiesPermissions.handle },
  input: z.object({ differenceIds: chosen, note: z.string().trim().max(500).default("") }),
  output: z.object({
    arrears: z.array(z.object({ claimId: id, number: z.string(), amountFen: fen })),
    recoveries: z.array(z.object({ recoveryId: id, number: z.string(), amountFen: fen })),
    left,
  }),
});

/** Of what was approved and is not paid yet: the claims go back to be examined anew, with all of their differences. */
export const reExamineDifferences = action({
  path: "/api/subsidies/differences/re-examine",
  summary: "按重算差异退回重审",
  access: { permission: subsidiesPermissions.approve },
  input: z.object({ differenceIds: chosen, note: z.string().trim().max(500).default("") }),
  output: z.object({ claims: z.int(), done: z.int(), left }),
});

/** By the reviewer: a difference that nobody acts on is nobody's convenience. */
export const dismissDifferences = action({
  path: "/api/subsidies/differences/dismiss",
  summary: "不处理重算差异",
  access: { permission: subsidiesPermissions.approve },
  input: z.object({ differenceIds: chosen, reason: z.string().trim().min(2, "请写明为什么不处理").max(500) }),
  output: z.object({ done: z.int(), left }),
});
