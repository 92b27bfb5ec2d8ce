import { z } from "zod";
import { action, download, fen, id, plainDate, query, regionCode } from "../platform/contract.ts";
import { fundLine } from "./funds-contract.ts";
import { subsidiesPermissions } from "./permissions.ts";

const reportFormats = ["xlsx", "docx", "pdf"] as const;
const year = z.coerce.number().int().min(2000).max(2999);
const place = z.object({ code: z.string(), name: z.string(), fullName: z.string() });

/** How a line goes: shares are tenths of a percent, so that 12.5 % is 125. */
const progress = fundLine.extend({
  spentShare: z.int(),
  timeShare: z.int(),
  /** What will be spent by the end of its time, if it goes on as it has; never less than is kept, never more than there is. */
  forecastFen: fen,
  /** Days since anything was kept or spent of it. */
  idleDays: z.int(),
  idle: z.boolean(),
  slow: z.boolean(),
});
export type FundProgress = z.output<typeof progress>;

const progressAsked = { year: year.optional(), region: regionCode.optional(), fund: z.string().max(80).optional() };
export const getFundProgress = query({
  path: "/api/subsidies/fund-progress",
  summary: "查看资金使用进度",
  access: { permission: subsidiesPermissions.read },
  input: z.object(progressAsked),
  output: z.object({ year: z.int(), rows: z.array(progress), funds: z.array(z.string()) }),
});
export const downloadFundProgress = download({
  path: "/api/subsidies/fund-progress/:format",
  summary: "导出资金使用情况表",
  access: { permission: subsidiesPermissions.read },
  input: z.object({ ...progressAsked, format: z.enum(reportFormats) }),
});

/** 绩效指标, each with how it is counted. `better`: whether more or less of it is good. */
export const targetIndicators = {
  persons: {
    group: "产出数量",
    label: "补贴涉及人数",
    unit: "人",
    better: "more",
    counted: "本年发放的补贴件中不重复的人员",
  },
  claims: { group: "产出数量", label: "发放补贴件数", unit: "件", better: "more", counted: "本年银行确认到账的补贴件" },
  amount: { group: "产出成本", label: "发放金额", unit: "元", better: "more", counted: "本年银行确认到账的金额" },
  spent: { group: "产出时效", label: "资金支出率", unit: "%", better: "more", counted: "本年额度中已支出的比例" },
  days: {
    group: "产出时效",
    label: "平均办理天数",
    unit: "天",
    better: "less",
    counted: "本年发放的补贴件从受理到到账的日历天数",
  },
  overdue: {
    group: "产出时效",
    label: "在办逾期率",
    unit: "%",
    better: "less",
    counted: "目前计办理期限的在办件中已逾期的比例",
  },
  returned: {
    group: "产出质量",
    label: "银行退回率",
    unit: "%",
    better: "less",
    counted: "本年银行答复的付款中被退回的比例",
  },
  upheld: {
    group: "社会效益",
    label: "公示异议成立率",
    unit: "%",
    better: "less",
    counted: "本年公示的件中异议成立的比例",
  },
} as const satisfies Record<
  string,
  { group: string; label: string; unit: "人" | "件" | "元" | "%" | "天"; better: "more" | "less"; counted: string }
>;
export type TargetIndicator = keyof typeof targetIndicators;
export const targetIndicatorNames = Object.keys(targetIndicators) as [TargetIndicator, ...TargetIndicator[]];

/** Of 人 and 件 the number, of 元 fen, of % and 天 tenths. */
const measured = z.int();
const targetRow = z.object({
  indicator: z.enum(targetIndicatorNames),
  target: measured.nullable(),
  /** Null where nothing could be counted yet. */
  actual: measured.nullable(),
  reached: z.boolean().nullable(),
  document: z.string().nullable(),
});
export type TargetRow = z.output<typeof targetRow>;

const targetsAsked = { year: year.optional(), region: regionCode.optional(), fund: z.string().max(80).default("") };
export const listTargets = query({
  path: "/api/subsidies/fund-targets",
  summary: "查看绩效目标",
  access: { permission: subsidiesPermissions.read },
  input: z.object(targetsAsked),
  output: z.object({ year: z.int(), place, fund: z.string(), rows: z.array(targetRow), funds: z.array(z.string()) }),
});
export const downloadTargets = download({
  path: "/api/subsidies/fund-targets/:format",
  summary: "导出绩效目标表",
  access: { permission: subsidiesPermissions.read },
  input: z.object({ ...targetsAsked, format: z.enum(reportFormats) }),
});
export const setTarget = action({
  path: "/api/subsidies/fund-targets",
  summary: "设定绩效目标",
  access: { permission: subsidiesPermissions.funds },
  input: z.object({
    year: z.int().min(2000).max(2999),
    fund: z.string().max(80).default(""),
    indicator: z.enum(targetIndicatorNames),
    target: measured.min(0, "目标不能小于 0"),
    document: z.string().trim().min(2, "请填写依据的文件").max(120),
  }),
  output: z.object({}),
});

export const settlementKinds = ["carry", "claw"] as const;
export const settlementKindLabels: Record<(typeof settlementKinds)[number], string> = {
  carry: "结转下年",
  claw: "收回",
};
export const settlementStateLabels = { proposed: "待确认", done: "已办理", refused: "已退回" } as const;

const settlement = z.object({
  settlementId: id,
  kind: z.enum(settlementKinds),
  amountFen: fen,
  document: z.string(),
  state: z.enum(["proposed", "done", "refused"]),
  proposedByName: z.string(),
  proposedOn: plainDate,
  decidedByName: z.string().nullable(),
  decidedOn: plainDate.nullable(),
  toFundLineId: id.nullable(),
  /** Whether the caller may be the second hand. */
  mayDecide: z.boolean(),
});
export type Settlement = z.output<typeof settlement>;

export const listSettlements = query({
  path: "/api/subsidies/funds/:fundLineId/settlements",
  summary: "查看结转和收回",
  access: { permission: subsidiesPermissions.read },
  input: z.object({ fundLineId: id }),
  output: z.object({ rows: z.array(settlement) }),
});
export const proposeSettlement = action({
  path: "/api/subsidies/funds/:fundLineId/settlements",
  summary: "提出结转或收回",
  access: { permission: subsidiesPermissions.funds },
  input: z.object({
    fundLineId: id,
    kind: z.enum(settlementKinds),
    amountFen: fen.min(1, "金额应大于 0"),
    document: z.string().trim().min(2, "请填写依据的文件").max(120),
  }),
  output: z.object({ settlementId: id }),
});
export const decideSettlement = action({
  path: "/api/subsidies/settlements/:settlementId/decide",
  summary: "确认结转或收回",
  access: { permission: subsidiesPermissions.release },
  input: z.object({ settlementId: id, agree: z.boolean() }),
  output: z.object({}),
});
