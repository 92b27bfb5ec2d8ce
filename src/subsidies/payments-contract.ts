import { z } from "zod";
import {
  action,
  defineFlow,
  download,
  fen,
  id,
  pageOf,
  paging,
  plainDate,
  query,
  regionCode,
  upload,
} from "../platform/contract.ts";
import { subsidiesPermissions } from "./permissions.ts";

export const batchStates = ["draft", "frozen", "released", "sent", "settled", "cancelled"] as const;
export type BatchState = (typeof batchStates)[number];
export const batchStateLabels: Record<BatchState, string> = {
  draft: "编制中",
  frozen: "待签发",
  released: "已签发",
  sent: "银行办理中",
  settled: "已对账",
  cancelled: "已取消",
};
export const batchActs = ["freeze", "release", "countersign", "send", "settle", "cancel"] as const;
export type BatchAct = (typeof batchActs)[number];
export const batchActLabels: Record<BatchAct, string> = {
  freeze: "冻结",
  release: "签发",
  countersign: "会签",
  send: "送银行发放",
  settle: "导入回盘",
  cancel: "取消",
};
/** 发放批次的生命周期. A frozen batch stays frozen until its second hand has signed. */
export const batchFlow = defineFlow<BatchState, BatchAct>({
  draft: { freeze: "frozen", cancel: "cancelled" },
  frozen: { release: "frozen", countersign: "released", cancel: "cancelled" },
  released: { send: "sent" },
  sent: { settle: "sent" },
  // What a bank gives back later is answered to a batch that was settled.
  settled: { settle: "settled" },
  cancelled: {},
});

export const paymentStates = ["planned", "sent", "paid", "returned", "cancelled"] as const;
export type PaymentState = (typeof paymentStates)[number];
export const paymentStateLabels: Record<PaymentState, string> = {
  planned: "待发",
  sent: "已送银行",
  paid: "已发放",
  returned: "银行退回",
  cancelled: "已取消",
};

const batchRow = z.object({
  batchId: id,
  number: z.string(),
  place: z.object({ code: z.string(), name: z.string(), fullName: z.string() }),
  fund: z.string(),
  document: z.string(),
  state: z.enum(batchStates),
  payments: z.int(),
  totalFen: fen,
  paidFen: fen,
  returned: z.int(),
  builtByName: z.string(),
  builtOn: plainDate,
  releasedByName: z.string().nullable(),
  countersignedByName: z.string().nullable(),
});
export type BatchRow = z.output<typeof batchRow>;

export const listBatches = query({
  path: "/api/subsidies/batches",
  summary: "查看发放批次",
  access: { permission: subsidiesPermissions.read },
  audit: "query",
  input: z.object({ ...paging, state: z.enum(batchStates).optional(), region: regionCode.optional() }),
  output: pageOf(batchRow),
});

export const getBatch = query({
  path: "/api/subsidies/batches/:batchId",
  summary: "查看发放批次详情",
  access: { permission: subsidiesPermissions.read },
  audit: "query",
  input: z.object({ batchId: id }),
  output: batchRow.extend({
    digest: z.string().nullable(),
    acts: z.array(z.enum(batchActs)),
    lock: z.int(),
  }),
});
export type BatchView = z.output<typeof getBatch.output>;

export const listPayments = query({
  path: "/api/subsidies/batches/:batchId/payments",
  summary: "查看发放明细",
  access: { permission: subsidiesPermissions.read },
  audit: "query",
  input: z.object({ batchId: id, state: z.enum(paymentStates).optional(), ...paging }),
  output: pageOf(
    z.object({
      paymentId: id,
      line: z.int(),
      claimId: id,
      claimNumber: z.string(),
      title: z.string(),
      payeeName: z.string(),
      accountMask: z.string(),
      amountFen: fen,
      state: z.enum(paymentStates),
      bankReference: z.string().nullable(),
      answeredOn: plainDate.nullable(),
      reason: z.string().nullable(),
    }),
  ),
});

/** Everything that waits under one line of one fund, with an account to go to. */
export const buildBatch = action({
  path: "/api/subsidies/batches",
  summary: "编制发放批次",
  access: { permission: subsidiesPermissions.pay },
  input: z.object({ fundLineId: id, rule: z.string().max(80).optional() }),
  output: z.object({ batchId: id, payments: z.int(), totalFen: fen, withoutAccount: z.int() }),
});

const one = { batchId: id, lock: z.int() };
export const freezeBatch = action({
  path: "/api/subsidies/batches/:batchId/freeze",
  summary: "冻结发放批次",
  access: { permission: subsidiesPermissions.pay },
  input: z.object(one),
  output: z.object({ digest: z.string() }),
});
export const releaseBatch = action({
  path: "/api/subsidies/batches/:batchId/release",
  summary: "签发发放批次",
  access: { permission: subsidiesPermissions.release },
  input: z.object(one),
  /** Whether the second signature is there now. */
  output: z.object({ released: z.boolean() }),
});
export const cancelBatch = action({
  path: "/api/subsidies/batches/:batchId/cancel",
  summary: "取消发放批次",
  access: { permission: subsidiesPermissions.pay },
  input: z.object({ ...one, note: z.string().trim().min(2, "请写明理由").max(500) }),
  output: z.object({}),
});
/** Hands the batch over to the bank: from now on its file can be taken, and nothing of it is cancelled. */
export const sendBatch = action({
  path: "/api/subsidies/batches/:batchId/send",
  summary: "送银行发放",
  access: { permission: subsidiesPermissions.pay },
  input: z.object(one),
  output: z.object({}),
});
/** The bank's file of a batch that was sent: the same bytes however often it is taken. */
export const takeBankFile = download({
  path: "/api/subsidies/batches/:batchId/bank.csv",
  summary: "导出银行发放文件",
  access: { permission: subsidiesPermissions.pay },
  input: z.object({ batchId: id }),
});
/** The bank's answer, whole or in parts; the same line twice changes nothing. */
export const importBankResult = upload({
  path: "/api/subsidies/batches/:batchId/result",
  summary: "导入银行回盘文件",
  access: { permission: subsidiesPermissions.pay },
  input: z.object({ batchId: id }),
  output: z.object({
    paid: z.int(),
    paidFen: fen,
    returned: z.int(),
    returnedFen: fen,
    known: z.int(),
    waiting: z.int(),
  }),
});
