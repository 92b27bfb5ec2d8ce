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
import { claimStates } from "./claims-contract.ts";
import { fundLevels, movementKinds } from "./funds-contract.ts";
import { batchStates, paymentStates } from "./payments-contract.ts";
import { subsidiesPermissions } from "./permissions.ts";

/**
 * What a trace may start from: 补贴件编号, a line of a bank's file (批次编号/行号, or the line itself), 发放编号; and backwards 额度:编号,
 * 规则:编号, 文件:编号 条款, 人员:编号, a whole batch, an amount (1,500.00).
 */
const of = z.string().trim().min(1, "请输入要追溯的编号").max(300);

/** Two sums that must be one: of the step from one level to the next. */
const step = z.object({ says: z.string(), leftFen: fen, rightFen: fen, equal: z.boolean() });
export type TraceStep = z.output<typeof step>;

const row = z.object({
  claimId: id,
  claimNumber: z.string(),
  title: z.string(),
  payeeName: z.string(),
  state: z.enum(claimStates),
  claimFen: fen,
  /** Null: nothing of it was paid or is on its way. */
  payment: z
    .object({
      paymentId: id,
      batchNumber: z.string(),
      line: z.int(),
      amountFen: fen,
      state: z.enum(paymentStates),
      bankReference: z.string().nullable(),
      answeredOn: plainDate.nullable(),
    })
    .nullable(),
});
export type TraceRow = z.output<typeof row>;

const article = z.object({
  text: z.string(),
  textTitle: z.string(),
  number: z.string(),
  article: z.string().nullable(),
  /** The sentence as it stands in the document; null where the whole article is meant. */
  quote: z.string().nullable(),
  /** What of the rule it bears. */
  says: z.string(),
});
export type TraceArticle = z.output<typeof article>;

/** From the bank's line to the sentence of the law, of one claim. */
const way = z.object({
  claim: z.object({
    claimId: id,
    number: z.string(),
    place: z.string(),
    title: z.string(),
    handling: z.string(),
    payeeName: z.string(),
    amountFen: fen,
    items: z.int(),
    state: z.enum(claimStates),
    decidedOn: plainDate.nullable(),
  }),
  payments: z.array(
    z.object({
      paymentId: id,
      line: z.int(),
      payeeName: z.string(),
      accountMask: z.string(),
      amountFen: fen,
      state: z.enum(paymentStates),
      bankReference: z.string().nullable(),
      answeredOn: plainDate.nullable(),
      reason: z.string().nullable(),
      batch: z.object({
        batchId: id,
        number: z.string(),
        state: z.enum(batchStates),
        payments: z.int(),
        totalFen: fen,
        digest: z.string().nullable(),
        builtByName: z.string(),
        builtOn: plainDate,
        releasedByName: z.string().nullable(),
        countersignedByName: z.string().nullable(),
        sentOn: plainDate.nullable(),
      }),
    }),
  ),
  events: z.array(
    z.object({
      act: z.string(),
      state: z.enum(claimStates),
      amountFen: fen,
      officerName: z.string(),
      organisation: z.string(),
      note: z.string(),
      businessDate: plainDate,
      at: z.iso.datetime({ offset: true }),
    }),
  ),
  /** At most a hundred; `sums` counts all. */
  items: z.array(
    z.object({
      itemId: id,
      personName: z.string().nullable(),
      identityMask: z.string().nullable(),
      eventDate: plainDate,
      amountFen: fen,
      live: z.boolean(),
      /** As they were when it was decided: the fact's name and its value. */
      facts: z.array(z.object({ label: z.string(), value: z.string() })),
    }),
  ),
  rule: z.object({
    rule: z.string(),
    versionId: id,
    title: z.string(),
    /** SHA-256 of the version's text. */
    hash: z.string(),
    publishedByName: z.string().nullable(),
    publishedAt: z.iso.datetime({ offset: true }).nullable(),
  }),
  articles: z.array(article),
  fundLine: z
    .object({
      fundLineId: id,
      fund: z.string(),
      level: z.enum(fundLevels),
      year: z.int(),
      document: z.string(),
      sample: z.boolean(),
    })
    .nullable(),
  movements: z.array(
    z.object({
      movementId: id,
      kind: z.enum(movementKinds),
      amountFen: fen,
      paymentId: id.nullable(),
      officerName: z.string(),
      businessDate: plainDate,
    }),
  ),
});
export type TraceWay = z.output<typeof way>;

export const traceMoney = query({
  path: "/api/subsidies/trace",
  summary: "追溯资金",
  access: { permission: subsidiesPermissions.read },
  audit: "query",
  input: z.object({ of, ...paging }),
  output: pageOf(row).extend({
    /** What was asked for, in words. */
    what: z.string(),
    claims: z.int(),
    claimedFen: fen,
    payments: z.int(),
    paidFen: fen,
    /** What the levels come to, each beside the next. */
    steps: z.array(step),
    /** Of one claim; of a fund line, an article or a batch the rows lead on. */
    way: way.nullable(),
  }),
});
export type Trace = z.output<typeof traceMoney.output>;

export const exportTrace = download({
  path: "/api/subsidies/trace.xlsx",
  summary: "导出资金追溯表",
  access: { permission: subsidiesPermissions.export },
  input: z.object({ of, purpose: exportPurpose }),
});

export const sumKinds = ["net", "paid", "recovered", "refunded", "written-off", "prepaid"] as const;
export const sumKindLabels: Record<(typeof sumKinds)[number], string> = {
  net: "支出",
  paid: "发放",
  recovered: "追回",
  refunded: "退还",
  "written-off": "核销",
  prepaid: "预付",
};

/** 总账核对: every list's sums beside each other, and every row that does not fit. */
export const reconcileMoney = query({
  path: "/api/subsidies/reconcile",
  summary: "核对资金总账",
  access: { permission: subsidiesPermissions.read },
  audit: "query",
  input: z.object({ region: regionCode.optional() }),
  output: z.object({
    /** Those of one kind are one sum. */
    sums: z.array(z.object({ says: z.string(), fen, of: z.enum(sumKinds) })),
    /** At most 200. */
    faults: z.array(z.object({ says: z.string(), subject: z.string(), leftFen: fen, rightFen: fen })),
  }),
});
export type Reconciliation = z.output<typeof reconcileMoney.output>;
