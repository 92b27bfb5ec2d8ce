import { z } from "zod";
import {
  action,
  defineFlow,
  download,
  exportPurpose,
  fen,
  id,
  pageOf,
  paging,
  plainDate,
  possibleActs,
  query,
  regionCode,
  taskState,
} from "../platform/contract.ts";
import { subsidiesPermissions } from "./permissions.ts";

export const claimStates = [
  "proposed",
  "submitted",
  "accepted",
  "correction",
  "checked",
  "escalated",
  "approved",
  "published",
  "cleared",
  "paying",
  "paid",
  "closed",
  "refused",
  "withdrawn",
] as const;
export type ClaimState = (typeof claimStates)[number];
export const claimStateLabels: Record<ClaimState, string> = {
  proposed: "待确认",
  submitted: "待受理",
  accepted: "待初审",
  correction: "补正中",
  checked: "待复核",
  escalated: "待领导审批",
  approved: "待公示",
  published: "公示中",
  cleared: "待发放",
  paying: "发放中",
  paid: "已发放",
  closed: "已办结",
  refused: "不予发放",
  withdrawn: "已撤销",
};

export const claimActs = [
  "confirm",
  "accept",
  "return",
  "supply",
  "check",
  "sendBack",
  "approve",
  "escalate",
  "agree",
  "endorse",
  "publish",
  "clear",
  "batch",
  "pay",
  "bounce",
  "close",
  "refuse",
  "withdraw",
  "reopen",
] as const;
export type ClaimAct = (typeof claimActs)[number];
export const claimActLabels: Record<ClaimAct, string> = {
  confirm: "确认申领",
  accept: "受理",
  return: "退回补正",
  supply: "补正",
  check: "初审通过",
  sendBack: "退回重审",
  approve: "复核通过",
  escalate: "复核通过，报领导审批",
  agree: "审批同意，报上一级",
  endorse: "审批同意",
  publish: "公示",
  clear: "公示期满",
  batch: "编入发放批次",
  pay: "发放",
  bounce: "银行退回",
  close: "办结",
  refuse: "不予发放",
  withdraw: "撤销",
  reopen: "重新受理",
};

/** 补贴件的生命周期. What batches and publicity lists do to a claim stands in it too; officers do the acts of `ownActs` alone. */
export const claimFlow = defineFlow<ClaimState, ClaimAct>({
  proposed: { confirm: "submitted", accept: "accepted", withdraw: "withdrawn" },
  submitted: { accept: "accepted", return: "correction", withdraw: "withdrawn" },
  accepted: { check: "checked", return: "correction", withdraw: "withdrawn" },
  correction: { supply: "accepted", withdraw: "withdrawn" },
  checked: { approve: "approved", escalate: "escalated", sendBack: "accepted", refuse: "refused" },
  escalated: { agree: "escalated", endorse: "approved", sendBack: "accepted", refuse: "refused" },
  approved: { publish: "published", clear: "cleared", sendBack: "accepted" },
  published: { clear: "cleared", sendBack: "accepted", refuse: "refused" },
  cleared: { batch: "paying", sendBack: "accepted" },
  paying: { pay: "paid", bounce: "cleared" },
  // A bank may give money back after it has said that it was paid.
  paid: { close: "closed", bounce: "cleared" },
  closed: { bounce: "cleared" },
  refused: { reopen: "accepted" },
  withdrawn: {},
});

/** Acts that officers do on claims themselves, each with the permission it asks for. */
export const ownActs = {
  confirm: subsidiesPermissions.handle,
  accept: subsidiesPermissions.handle,
  return: subsidiesPermissions.handle,
  supply: subsidiesPermissions.handle,
  check: subsidiesPermissions.handle,
  withdraw: subsidiesPermissions.handle,
  reopen: subsidiesPermissions.approve,
  sendBack: subsidiesPermissions.approve,
  refuse: subsidiesPermissions.approve,
  approve: subsidiesPermissions.approve,
  endorse: subsidiesPermissions.endorse,
  close: subsidiesPermissions.pay,
} as const satisfies Partial<Record<ClaimAct, string>>;
export type OwnAct = keyof typeof ownActs;
export const isOwnAct = (act: ClaimAct): act is OwnAct => Object.hasOwn(ownActs, act);

/** What the caller may do with a claim now; whether he is the one who must not is for the server to say. */
export function actsOn(state: ClaimState, permissions: ReadonlySet<string>): OwnAct[] {
  return possibleActs(claimFlow, state)
    .filter(isOwnAct)
    .filter((act) => permissions.has(ownActs[act]));
}

export const claimWays = ["proactive", "applied", "prepaid", "arrears"] as const;
export type ClaimWay = (typeof claimWays)[number];
export const claimWayLabels: Record<ClaimWay, string> = {
  proactive: "主动发现",
  applied: "申请",
  prepaid: "预付",
  arrears: "补发",
};

const place = z.object({ code: z.string(), name: z.string(), fullName: z.string() });

const claimRow = z.object({
  claimId: id,
  number: z.string(),
  place,
  way: z.enum(claimWays),
  title: z.string(),
  fund: z.string(),
  payeeName: z.string(),
  payeePersonId: id.nullable(),
  items: z.int(),
  persons: z.int(),
  amountFen: fen,
  state: z.enum(claimStates),
  receivedOn: plainDate,
  dueOn: plainDate.nullable(),
  overdue: z.boolean(),
  paidOn: plainDate.nullable(),
});
export type ClaimRow = z.output<typeof claimRow>;

const claimFilter = {
  rule: z.string().max(80).optional(),
  fund: z.string().max(80).optional(),
  region: regionCode.optional(),
  /** Part of the payee's name, or a claim's whole number. */
  search: z.string().trim().max(60).optional(),
  overdue: z.enum(["true", "false"]).optional(),
};
const stateFilter = { state: z.enum([...claimStates, "open"]).default("open") };

export const listClaims = query({
  path: "/api/subsidies/claims",
  summary: "查看补贴件",
  access: { permission: subsidiesPermissions.read },
  audit: "query",
  input: z.object({ ...paging, ...claimFilter, ...stateFilter }),
  output: pageOf(claimRow),
});

export const countClaims = query({
  path: "/api/subsidies/claims/counts",
  summary: "查看补贴件数量",
  access: { permission: subsidiesPermissions.read },
  input: z.object({ region: regionCode.optional() }),
  output: z.object({
    byState: z.array(z.object({ state: z.enum(claimStates), claims: z.int(), amountFen: fen, overdue: z.int() })),
    rules: z.array(z.object({ rule: z.string(), title: z.string(), claims: z.int() })),
    funds: z.array(z.string()),
  }),
});

export const exportClaims = download({
  path: "/api/subsidies/claims.xlsx",
  summary: "导出补贴件清单",
  access: { permission: subsidiesPermissions.export },
  input: z.object({ ...claimFilter, ...stateFilter, purpose: exportPurpose }),
});

const claimItem = z.object({
  itemId: id,
  personId: id.nullable(),
  personName: z.string().nullable(),
  identityMask: z.string().nullable(),
  eventDate: plainDate,
  months: z.int().nullable(),
  amountFen: fen,
  live: z.boolean(),
  dropped: z.string().nullable(),
  /** Conditions on the facts that lie with the item; empty where the rule has changed since it was decided. */
  conditions: z.array(
    z.object({
      says: z.string(),
      state: z.string(),
      facts: z.array(z.object({ label: z.string(), value: z.string().nullable() })),
    }),
  ),
});

const claimEvent = z.object({
  eventId: id,
  act: z.string(),
  state: z.enum(claimStates),
  amountFen: fen,
  officerName: z.string(),
  organisation: z.string(),
  note: z.string(),
  businessDate: plainDate,
  at: z.iso.datetime({ offset: true }),
});

export const claimView = claimRow.extend({
  rulePath: z.string(),
  versionId: id,
  handling: z.string(),
  agent: z.string().nullable(),
  accountMask: z.string().nullable(),
  bank: z.string().nullable(),
  fundLine: z.object({ fundLineId: id, document: z.string() }).nullable(),
  decidedOn: plainDate.nullable(),
  basis: z.array(
    z.object({
      text: z.string(),
      textTitle: z.string(),
      number: z.string(),
      article: z.string().nullable(),
      quote: z.string().nullable(),
    }),
  ),
  evidence: z.array(z.string()),
  acts: z.array(z.enum(Object.keys(ownActs) as [OwnAct, ...OwnAct[]])),
  events: z.array(claimEvent),
  payments: z.array(
    z.object({
      paymentId: id,
      batchId: id,
      batchNumber: z.string(),
      line: z.int(),
      accountMask: z.string(),
      amountFen: fen,
      state: z.enum(["planned", "sent", "paid", "returned", "cancelled"]),
      bankReference: z.string().nullable(),
      answeredOn: plainDate.nullable(),
      reason: z.string().nullable(),
    }),
  ),
  lock: z.int(),
});
export type ClaimView = z.output<typeof claimView>;

export const getClaim = query({
  path: "/api/subsidies/claims/:claimId",
  summary: "查看补贴件详情",
  access: { permission: subsidiesPermissions.read },
  audit: "query",
  input: z.object({ claimId: id }),
  output: claimView,
});

export const listClaimItems = query({
  path: "/api/subsidies/claims/:claimId/items",
  summary: "查看补贴件明细",
  access: { permission: subsidiesPermissions.read },
  audit: "query",
  input: z.object({ claimId: id, ...paging }),
  output: pageOf(claimItem),
});

/** Of one person: as payee, and as the person because of whom somebody else is paid. */
export const listPersonClaims = query({
  path: "/api/subsidies/persons/:personId/claims",
  summary: "查看个人补贴",
  access: { permission: subsidiesPermissions.read },
  audit: "query",
  input: z.object({ personId: id }),
  output: z.object({ rows: z.array(claimRow.extend({ toOther: z.boolean(), shareFen: fen })) }),
});

const note = z.string().trim().max(500, "最多 500 个字");
const needed = note.min(2, "请写明理由，至少 2 个字");
/** Either those marked, or all that the filter shows. */
const chosen = z.object({
  claimIds: z.array(id).max(500, "一次最多选 500 件；更多请按筛选条件整批办理").default([]),
  all: z.object({ state: z.enum(claimStates), ...claimFilter }).optional(),
  note: note.default(""),
});
const outcome = z.object({
  done: z.int(),
  amountFen: fen,
  /** Those that could not go on, and why; nothing happened to them. */
  left: z.array(z.object({ claimId: id, number: z.string(), why: z.string() })),
});

/** A step of many claims; `reasoned`: it needs words. */
const step = (name: string, summary: string, permission: string) =>
  action({ path: `/api/subsidies/claims/${name}`, summary, access: { permission }, input: chosen, output: outcome });
const reasoned = (name: string, summary: string, permission: string) =>
  action({
    path: `/api/subsidies/claims/${name}`,
    summary,
    access: { permission },
    input: chosen.extend({ note: needed }),
    output: outcome,
  });

export const confirmClaims = action({
  path: "/api/subsidies/claims/confirm",
  summary: "代为确认申领",
  access: { permission: subsidiesPermissions.handle },
  input: chosen.extend({ agent: z.string().trim().min(2, "请写明由谁、凭什么代办，如“柜台本人确认”").max(200) }),
  output: outcome,
});
export const acceptClaims = step("accept", "受理补贴件", subsidiesPermissions.handle);
export const returnClaims = reasoned("return", "退回补正", subsidiesPermissions.handle);
export const supplyClaims = reasoned("supply", "登记补正", subsidiesPermissions.handle);
export const checkClaims = step("check", "初审通过", subsidiesPermissions.handle);
export const withdrawClaims = reasoned("withdraw", "撤销补贴件", subsidiesPermissions.handle);
export const sendBackClaims = reasoned("send-back", "退回重审", subsidiesPermissions.approve);
export const refuseClaims = reasoned("refuse", "不予发放", subsidiesPermissions.approve);
export const reopenClaims = reasoned("reopen", "重新受理", subsidiesPermissions.approve);
export const closeClaims = step("close", "办结补贴件", subsidiesPermissions.pay);
export const endorseClaims = step("endorse", "审批同意", subsidiesPermissions.endorse);
/** Decides every item once more by the rule as it is today, and keeps the money: of the line named, or of the one that ends first. */
export const approveClaims = action({
  path: "/api/subsidies/claims/approve",
  summary: "复核通过",
  access: { permission: subsidiesPermissions.approve },
  input: chosen.extend({ fundLineId: id.optional() }),
  output: outcome,
});

/** Makes claims of everything that screening found payable in the area and nobody has claimed. */
export const gatherClaims = action({
  path: "/api/subsidies/gather",
  summary: "由筛查结果生成补贴件",
  access: { permission: subsidiesPermissions.handle },
  input: z.object({}),
  output: z.object({ taskId: id }),
});

export const getSubsidyTask = query({
  path: "/api/subsidies/tasks/:taskId",
  summary: "查看补贴任务进度",
  access: { permission: subsidiesPermissions.read },
  input: z.object({ taskId: id }),
  output: taskState,
});

export const setPayeeAccount = action({
  path: "/api/subsidies/claims/:claimId/account",
  summary: "登记收款账户",
  access: { permission: subsidiesPermissions.handle },
  input: z.object({
    claimId: id,
    holder: z.string().trim().min(2, "请填写账户名称").max(60),
    bank: z.string().trim().min(2, "请填写开户银行").max(60),
    account: z
      .string()
      .trim()
      .regex(/^\d{8,30}$/, "银行账号应为 8 至 30 位数字"),
  }),
  output: z.object({}),
});
