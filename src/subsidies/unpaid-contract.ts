import { z } from "zod";
import {
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
import { subsidiesPermissions } from "./permissions.ts";

/** Why somebody who is entitled has not got his money yet, in the order of the work; each is on exactly one. */
export const unpaidReasons = [
  "not-made",
  "proposed",
  "unanswered",
  "submitted",
  "accepted",
  "off-list",
  "correction",
  "checked",
  "no-fund",
  "escalated",
  "approved",
  "published",
  "objection",
  "cleared",
  "no-account",
  "returned",
  "paying",
  "arrears",
] as const;
export type UnpaidReason = (typeof unpaidReasons)[number];
export const unpaidReasonLabels: Record<UnpaidReason, string> = {
  "not-made": "尚未生成",
  proposed: "待确认",
  unanswered: "提示未响应",
  submitted: "待受理",
  accepted: "待初审",
  "off-list": "移出公示名单",
  correction: "补正中",
  checked: "待复核",
  "no-fund": "资金不足",
  escalated: "待领导审批",
  approved: "待公示",
  published: "公示中",
  objection: "公示异议",
  cleared: "待发放",
  "no-account": "缺收款账户",
  returned: "银行退回",
  paying: "发放中",
  arrears: "少发待补",
};

/** Days since the day on which it was earned. */
export const unpaidAges = ["to-30", "to-90", "over-90"] as const;
export type UnpaidAge = (typeof unpaidAges)[number];
export const unpaidAgeLabels: Record<UnpaidAge, string> = {
  "to-30": "30 天以内",
  "to-90": "31 至 90 天",
  "over-90": "90 天以上",
};

const figure = z.object({ rows: z.int(), amountFen: fen });
const byAge = z.object({ "to-30": figure, "to-90": figure, "over-90": figure });
export type UnpaidFigures = z.output<typeof byAge>;
const place = z.object({ code: z.string(), name: z.string(), fullName: z.string() });

export const countUnpaid = query({
  path: "/api/subsidies/unpaid/counts",
  summary: "查看应补尽补情况",
  access: { permission: subsidiesPermissions.read },
  input: z.object({ region: regionCode.optional(), rule: z.string().max(80).optional() }),
  output: z.object({
    total: byAge,
    byReason: z.array(z.object({ reason: z.enum(unpaidReasons), figures: byAge })),
    /** Counties of a city or province; towns of a county, where the payee's home is known. */
    byPlace: z.array(z.object({ place, figures: byAge })),
    byRule: z.array(z.object({ rule: z.string(), title: z.string(), figures: byAge })),
  }),
});

const filter = {
  reason: z.enum(unpaidReasons).optional(),
  age: z.enum(unpaidAges).optional(),
  rule: z.string().max(80).optional(),
  region: regionCode.optional(),
};

const unpaidRow = z.object({
  /** Of what kind of row it comes, and its number among them. */
  key: z.string(),
  claimId: id.nullable(),
  number: z.string().nullable(),
  title: z.string(),
  fund: z.string(),
  place,
  payeeName: z.string(),
  personId: id.nullable(),
  reason: z.enum(unpaidReasons),
  amountFen: fen,
  entitledOn: plainDate,
  days: z.int(),
  age: z.enum(unpaidAges),
});
export type UnpaidRow = z.output<typeof unpaidRow>;

/** Who has waited longest stands first. */
export const listUnpaid = query({
  path: "/api/subsidies/unpaid",
  summary: "查看应发未发名单",
  access: { permission: subsidiesPermissions.read },
  audit: "query",
  input: z.object({ ...paging, ...filter }),
  output: pageOf(unpaidRow),
});

export const exportUnpaid = download({
  path: "/api/subsidies/unpaid.xlsx",
  summary: "导出应发未发名单",
  access: { permission: subsidiesPermissions.export },
  input: z.object({ ...filter, purpose: exportPurpose }),
});
