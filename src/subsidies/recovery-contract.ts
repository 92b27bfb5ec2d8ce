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
} from "../platform/contract.ts";
import { subsidiesPermissions } from "./permissions.ts";

export const recoveryStates = [
  "filed",
  "notified",
  "heard",
  "repaying",
  "write-off",
  "settled",
  "written-off",
  "cancelled",
  "refunding",
  "refunded",
] as const;
export type RecoveryState = (typeof recoveryStates)[number];
export const recoveryStateLabels: Record<RecoveryState, string> = {
  filed: "待告知",
  notified: "待陈述申辩",
  heard: "待决定",
  repaying: "缴回中",
  "write-off": "待批核销",
  settled: "已结清",
  "written-off": "已核销",
  cancelled: "已撤销",
  refunding: "待退还",
  refunded: "已退还",
};

export const recoveryActs = [
  "notify",
  "hear",
  "decide",
  "plan",
  "receive",
  "settle",
  "propose",
  "agree",
  "decline",
  "cancel",
  "reduce",
  "come-back",
  "refund",
] as const;
export type RecoveryAct = (typeof recoveryActs)[number];
export const recoveryActLabels: Record<RecoveryAct, string> = {
  notify: "告知",
  hear: "记录陈述申辩",
  decide: "作出追回决定",
  plan: "订立分期",
  receive: "登记缴回",
  settle: "结清",
  propose: "提请核销",
  agree: "同意核销",
  decline: "不同意核销",
  cancel: "撤销",
  reduce: "减少应缴",
  "come-back": "银行退回",
  refund: "退还缴款",
};

/**
 * 追回的生命周期. The last receipt settles; nothing is cancelled that somebody has decided on and begun to repay. A settlement that was put right
 * reduces what is owed. A payment that the bank gives back ends its case: what had been paid in is given back to the payee (`come-back`).
 */
export const recoveryFlow = defineFlow<RecoveryState, RecoveryAct>({
  filed: { notify: "notified", cancel: "cancelled", reduce: "filed" },
  // Without a word until the last day of the term it may be decided as well.
  notified: { hear: "heard", decide: "repaying", cancel: "cancelled", reduce: "notified" },
  heard: { decide: "repaying", cancel: "cancelled", reduce: "heard" },
  repaying: {
    plan: "repaying",
    receive: "repaying",
    settle: "settled",
    propose: "write-off",
    cancel: "cancelled",
    reduce: "repaying",
    "come-back": "refunding",
  },
  "write-off": {
    agree: "written-off",
    decline: "repaying",
    reduce: "write-off",
    settle: "settled",
    "come-back": "refunding",
  },
  settled: { "come-back": "refunding" },
  "written-off": { "come-back": "refunding" },
  cancelled: {},
  refunding: { refund: "refunded" },
  refunded: {},
});

/** Each act of an officer with the permission that it asks for. */
export const recoveryPermissions = {
  notify: subsidiesPermissions.handle,
  hear: subsidiesPermissions.handle,
  decide: subsidiesPermissions.approve,
  plan: subsidiesPermissions.approve,
  receive: subsidiesPermissions.pay,
  propose: subsidiesPermissions.handle,
  agree: subsidiesPermissions.endorse,
  decline: subsidiesPermissions.endorse,
  cancel: subsidiesPermissions.approve,
  refund: subsidiesPermissions.pay,
} as const satisfies Partial<Record<RecoveryAct, string>>;
export type OwnRecoveryAct = keyof typeof recoveryPermissions;

export interface RecoveryHands {
  readonly state: RecoveryState;
  readonly filedBy: string;
  readonly heardBy: string | null;
  readonly proposedBy: string | null;
  readonly replyBy: string | null;
  readonly receivedFen: number;
}

/** What somebody may do with a case now; `today` is the business date of its place. */
export function recoveryActsOf(
  one: RecoveryHands,
  who: { readonly officerId: string | null; readonly permissions: ReadonlySet<string> },
  today: string,
): OwnRecoveryAct[] {
  return possibleActs(recoveryFlow, one.state)
    .filter((act): act is OwnRecoveryAct => Object.hasOwn(recoveryPermissions, act))
    .filter((act) => {
      if (!who.permissions.has(recoveryPermissions[act])) return false;
      if (act === "decide") {
        const waits = one.state === "notified" && (one.replyBy === null || today <= one.replyBy);
        return !waits && who.officerId !== one.filedBy && who.officerId !== one.heardBy;
      }
      if (act === "agree") return who.officerId !== one.proposedBy;
      if (act === "cancel") return one.receivedFen === 0;
      return true;
    });
}

/** Why what was asked for is not owed after all. */
export const reductionCauses = ["settlement", "returned"] as const;
export type ReductionCause = (typeof reductionCauses)[number];
export const reductionCauseLabels: Record<ReductionCause, string> = {
  settlement: "预付更正结算",
  returned: "银行退回原款",
};

export const receiptMethods = ["银行转账", "现金缴款", "非税缴款"] as const;
export type ReceiptMethod = (typeof receiptMethods)[number];

const place = z.object({ code: z.string(), name: z.string(), fullName: z.string() });

const recoveryRow = z.object({
  recoveryId: id,
  number: z.string(),
  place,
  claimId: id,
  claimNumber: z.string(),
  title: z.string(),
  payeeName: z.string(),
  payeePersonId: id.nullable(),
  amountFen: fen,
  receivedFen: fen,
  writtenOffFen: fen,
  /** Of the amount, what has turned out not to be owed. */
  reducedFen: fen,
  /** What is still to come in. */
  openFen: fen,
  /** Of instalments whose day has passed, what has not come in. */
  overdueFen: fen,
  state: z.enum(recoveryStates),
  dueOn: plainDate.nullable(),
  overdue: z.boolean(),
  filedOn: plainDate,
  endedOn: plainDate.nullable(),
});
export type RecoveryRow = z.output<typeof recoveryRow>;

const filter = {
  state: z.enum([...recoveryStates, "open"]).default("open"),
  region: regionCode.optional(),
  search: z.string().trim().max(60).optional(),
  overdue: z.enum(["true", "false"]).optional(),
};

export const listRecoveries = query({
  path: "/api/subsidies/recoveries",
  summary: "查看追回",
  access: { permission: subsidiesPermissions.read },
  audit: "query",
  input: z.object({ ...paging, ...filter, claimId: id.optional() }),
  output: pageOf(recoveryRow),
});

export const countRecoveries = query({
  path: "/api/subsidies/recoveries/counts",
  summary: "查看追回数量",
  access: { permission: subsidiesPermissions.read },
  input: z.object({ region: regionCode.optional() }),
  output: z.object({
    byState: z.array(
      z.object({
        state: z.enum(recoveryStates),
        recoveries: z.int(),
        amountFen: fen,
        receivedFen: fen,
        writtenOffFen: fen,
        overdue: z.int(),
      }),
    ),
  }),
});

export const exportRecoveries = download({
  path: "/api/subsidies/recoveries.xlsx",
  summary: "导出追回清单",
  access: { permission: subsidiesPermissions.export },
  input: z.object({ ...filter, purpose: exportPurpose }),
});

const basis = z.object({
  text: z.string(),
  textTitle: z.string(),
  number: z.string(),
  article: z.string().nullable(),
  quote: z.string().nullable(),
});

export const recoveryView = recoveryRow.extend({
  grounds: z.string(),
  contact: z.string().nullable(),
  /** Where a decision can be challenged, and within what time: the whole sentence. */
  remedy: z.string(),
  organisation: z.string(),
  fundLine: z.object({ fundLineId: id, fund: z.string(), document: z.string() }),
  paidOn: plainDate.nullable(),
  filedByName: z.string(),
  notifiedByName: z.string().nullable(),
  notifiedOn: plainDate.nullable(),
  replyBy: plainDate.nullable(),
  statement: z.string().nullable(),
  heardByName: z.string().nullable(),
  heardOn: plainDate.nullable(),
  decision: z.string().nullable(),
  decidedByName: z.string().nullable(),
  decidedOn: plainDate.nullable(),
  payBy: plainDate.nullable(),
  proposedByName: z.string().nullable(),
  proposedOn: plainDate.nullable(),
  writeOffReason: z.string().nullable(),
  agreedByName: z.string().nullable(),
  /** Of a case about a prepayment: the items are its settlement. */
  prepaid: z.object({ amountFen: fen, settledOn: plainDate }).nullable(),
  items: z.array(
    z.object({
      /** Null: the settlement of a prepayment. */
      differenceId: id.nullable(),
      personName: z.string().nullable(),
      eventDate: plainDate,
      wasFen: fen,
      nowFen: fen,
      why: z.array(z.string()),
      changed: z.array(z.object({ label: z.string(), before: z.string().nullable(), after: z.string().nullable() })),
    }),
  ),
  /** As the office had set them when the case was filed. */
  terms: z.object({ replyDays: z.int(), payDays: z.int(), instalments: z.int() }),
  basis: z.array(basis),
  instalments: z.array(
    z.object({
      line: z.int(),
      dueOn: plainDate,
      amountFen: fen,
      /** What has come in for it: receipts fill instalments in their order. */
      receivedFen: fen,
      overdue: z.boolean(),
    }),
  ),
  receipts: z.array(
    z.object({
      receiptId: id,
      amountFen: fen,
      receivedOn: plainDate,
      method: z.enum(receiptMethods),
      reference: z.string(),
      officerName: z.string(),
    }),
  ),
  reductions: z.array(
    z.object({
      reductionId: id,
      amountFen: fen,
      cause: z.enum(reductionCauses),
      note: z.string(),
      officerName: z.string(),
      on: plainDate,
    }),
  ),
  refund: z
    .object({ refundedOn: plainDate, method: z.enum(receiptMethods), reference: z.string(), officerName: z.string() })
    .nullable(),
  events: z.array(
    z.object({
      eventId: id,
      act: z.string(),
      state: z.enum(recoveryStates),
      amountFen: fen.nullable(),
      officerName: z.string(),
      organisation: z.string(),
      note: z.string(),
      businessDate: plainDate,
      at: z.iso.datetime({ offset: true }),
    }),
  ),
  acts: z.array(z.enum(Object.keys(recoveryPermissions) as [OwnRecoveryAct, ...OwnRecoveryAct[]])),
  lock: z.int(),
});
export type RecoveryView = z.output<typeof recoveryView>;

export const getRecovery = query({
  path: "/api/subsidies/recoveries/:recoveryId",
  summary: "查看追回详情",
  access: { permission: subsidiesPermissions.read },
  audit: "query",
  input: z.object({ recoveryId: id }),
  output: recoveryView,
});

/** The notice as it was given, the decision once there is one, and what has changed of either since. */
export const noticeKinds = ["notice", "decision", "change"] as const;
export type NoticeKind = (typeof noticeKinds)[number];
export const noticeKindLabels: Record<NoticeKind, string> = {
  notice: "追回告知书",
  decision: "追回决定书",
  change: "追回变更通知书",
};
export const downloadRecoveryLetter = download({
  path: "/api/subsidies/recoveries/:recoveryId/letter.docx",
  summary: "下载追回文书",
  access: { permission: subsidiesPermissions.read },
  input: z.object({ recoveryId: id, kind: z.enum(noticeKinds) }),
});

const one = { recoveryId: id, lock: z.int() };
const act = <I extends Record<string, z.ZodType>>(name: string, key: OwnRecoveryAct, input: I) =>
  action({
    path: `/api/subsidies/recoveries/:recoveryId/${name}`,
    summary: recoveryActLabels[key],
    access: { permission: recoveryPermissions[key] },
    input: z.object({ ...one, ...input }),
    output: z.object({ state: z.enum(recoveryStates) }),
  });

/** Most instalments that an office may allow. */
export const MOST_INSTALMENTS = 60;

export const notifyRecovery = act("notify", "notify", {
  grounds: z.string().trim().min(10, "请写明事实和理由，至少 10 个字").max(2000),
  contact: z.string().trim().min(4, "请写明陈述申辩和缴款的单位、地址、电话").max(200),
  /** Without it the shortest that the office's setting allows. */
  replyDays: z.int().min(1).max(60).optional(),
});
export const hearRecovery = act("hear", "hear", {
  statement: z.string().trim().min(2, "请照原话记下陈述申辩的内容；没有意见的写“无异议”").max(4000),
});
export const decideRecovery = act("decide", "decide", {
  decision: z.string().trim().min(10, "请写明采纳与否和理由，至少 10 个字").max(2000),
  /** Without it what the office has set. */
  payDays: z.int().min(1).max(120).optional(),
});
export const planRecovery = act("plan", "plan", {
  instalments: z
    .array(z.object({ dueOn: plainDate, amountFen: fen.min(1, "每期金额应大于 0") }))
    .min(2, "分期至少 2 期；一次缴回的不用订分期")
    .max(MOST_INSTALMENTS, `最多 ${MOST_INSTALMENTS} 期`)
    .refine((list) => list.every(({ dueOn }, index) => index === 0 || dueOn > list[index - 1]!.dueOn), {
      message: "各期日期应当一期比一期晚",
    }),
});
export const receiveRecovery = act("receive", "receive", {
  amountFen: fen.min(1, "金额应大于 0"),
  receivedOn: plainDate,
  method: z.enum(receiptMethods),
  reference: z.string().trim().min(2, "请填写票据号或银行流水号").max(60),
});
export const proposeWriteOff = act("write-off", "propose", {
  reason: z.string().trim().min(10, "请写明为什么追不回，附何证明，至少 10 个字").max(2000),
});
export const agreeWriteOff = act("write-off/agree", "agree", { note: z.string().trim().max(500).default("") });
export const declineWriteOff = act("write-off/decline", "decline", {
  note: z.string().trim().min(2, "请写明为什么不同意").max(500),
});
/** What a payee had paid in of a payment that the bank then gave back: it goes to him as it came. */
export const refundRecovery = act("refund", "refund", {
  refundedOn: plainDate,
  method: z.enum(receiptMethods),
  reference: z.string().trim().min(2, "请填写退还的票据号或银行流水号").max(60),
});
export const cancelRecovery = act("cancel", "cancel", {
  reason: z.string().trim().min(2, "请写明撤销的理由").max(500),
});
