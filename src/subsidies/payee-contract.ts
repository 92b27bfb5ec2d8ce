import { z } from "zod";
import { action, download, fen, id, pageOf, paging, plainDate, query, regionCode } from "../platform/contract.ts";
import { claimStates } from "./claims-contract.ts";
import { letterKinds, payeeAnswers, reviewKinds, reviewStates } from "./payee-words.ts";
import { payeePermissions } from "./permissions.ts";

export * from "./payee-words.ts";

const token = z.string().regex(/^[A-Za-z0-9_-]{43}$/, "链接不完整，请从原信息重新打开");
const lastSix = z
  .string("请填写证件号码后六位")
  .trim()
  .toUpperCase()
  .regex(/^\d{5}[\dX]$/, "请填写证件号码的后六位");
const said = z.string().trim().max(200, "最多 200 个字").default("");

// ── One-time link: without an account ───────────────────────────────────────────────────────────────────────────────────

export const readBenefitLink = action({
  path: "/api/citizen/benefit-link",
  summary: "打开补贴确认链接",
  access: "public",
  audit: "none",
  input: z.strictObject({ token }),
  output: z.object({
    title: z.string(),
    amountFen: fen,
    /** 龙*平 */
    person: z.string(),
    identityMask: z.string(),
    accountMask: z.string().nullable(),
    /** What the rule asks and pays, in its own words. */
    why: z.array(z.string()),
    basis: z.array(z.object({ source: z.string(), quote: z.string().nullable() })),
    office: z.string(),
    contact: z.string(),
    expiresOn: plainDate,
  }),
});
export type BenefitLink = z.output<typeof readBenefitLink.output>;

export const answerBenefitLink = action({
  path: "/api/citizen/benefit-link/answer",
  summary: "用链接答复补贴",
  access: "public",
  input: z.strictObject({
    token,
    lastSix,
    answer: z.enum(payeeAnswers, "请选择答复"),
    said,
    /** No more messages. */
    stop: z.boolean().default(false),
  }),
  output: z.object({ number: z.string(), dueOn: plainDate.nullable() }),
});

/** How far a claim is, for whoever knows its number and proves that it is his. */
export const askProgress = action({
  path: "/api/citizen/progress",
  summary: "按编号查补贴进度",
  access: "public",
  audit: "none",
  input: z.strictObject({
    number: z
      .string("请填写编号")
      .trim()
      .toUpperCase()
      .regex(/^BT\d{6}-\d{8,}$/, "编号应像 BT433124-00000012"),
    lastSix: z
      .string("请填写后六位")
      .trim()
      .toUpperCase()
      .regex(/^[0-9A-Z]{6}$/, "请填写证件号码（单位为统一社会信用代码）的后六位"),
  }),
  output: z.object({ title: z.string(), says: z.string(), next: z.string(), dueOn: plainDate.nullable() }),
});

// ── 我的补贴: from the account ──────────────────────────────────────────────────────────────────────────────────────────

const ownClaim = z.object({
  claimId: id,
  number: z.string(),
  title: z.string(),
  amountFen: fen,
  state: z.enum(claimStates),
  says: z.string(),
  next: z.string(),
  dueOn: plainDate.nullable(),
  receivedOn: plainDate,
  paidOn: plainDate.nullable(),
});
export type OwnClaim = z.output<typeof ownClaim>;

const possible = z.object({
  title: z.string(),
  /** 将来可领, 待核实, 待认定. */
  outcome: z.string(),
  amountFen: fen.nullable(),
  /** What is still lacking or awaited, in words. */
  lacks: z.array(z.string()),
  /** The sentences of the documents. */
  basis: z.array(z.object({ source: z.string(), quote: z.string().nullable() })),
  /** How many months or other rows it is of. */
  rows: z.int(),
});

export const myBenefits = query({
  path: "/api/citizen/benefits",
  summary: "查看我的补贴",
  access: "account",
  input: z.object(paging),
  output: pageOf(ownClaim).extend({
    /** Of a person: what screening finds possible and nobody has claimed. */
    possible: z.array(possible),
    /** Null for an enterprise. */
    messages: z.boolean().nullable(),
  }),
});
export type MyBenefits = z.output<typeof myBenefits.output>;

const reviewRow = z.object({
  reviewId: id,
  number: z.string(),
  kind: z.enum(reviewKinds),
  content: z.string(),
  askedOn: plainDate,
  dueOn: plainDate,
  state: z.enum(reviewStates),
  answer: z.string().nullable(),
  decidedOn: plainDate.nullable(),
});

const ownLetter = z.object({
  letterId: id,
  kind: z.enum(letterKinds),
  number: z.string(),
  title: z.string(),
  body: z.string(),
  office: z.string(),
  issuedOn: plainDate,
});

const ownItem = z.object({
  itemId: id,
  /** 龙*平; null where no person stands behind the item. */
  person: z.string().nullable(),
  eventDate: plainDate,
  amountFen: fen,
  live: z.boolean(),
  /** Why it was left out. */
  dropped: z.string().nullable(),
  /** Conditions that it does not fulfil, by the facts that were used. */
  failed: z.array(z.string()),
});

export const myBenefit = query({
  path: "/api/citizen/benefits/:claimId",
  summary: "查看我的一件补贴",
  access: "account",
  input: z.object({ claimId: id, ...paging }),
  output: ownClaim.extend({
    accountMask: z.string().nullable(),
    office: z.string(),
    contact: z.string(),
    answers: z.array(z.enum(payeeAnswers)),
    /** What the office wrote when it asked for more (补正) or refused; empty otherwise. */
    told: z.string(),
    /** 补正: what was asked for is handed over with the application, where the claim came of one. */
    maySupply: z.boolean(),
    applicationId: id.nullable(),
    /** Nobody has examined it yet, so that it can be taken back. */
    mayWithdraw: z.boolean(),
    /** Paid to a person, whose account is corrected in the register; the account of an enterprise its office writes down. */
    ofPerson: z.boolean(),
    /** The bank has given the money back, and it waits to be sent anew. */
    bounced: z.boolean(),
    /** What a payee may hold to be wrong now; empty while a request is open. */
    mayAsk: z.array(z.enum(reviewKinds)),
    basis: z.array(z.object({ source: z.string(), quote: z.string().nullable() })),
    /** Conditions with the facts that were used, of the first item; empty where the rule has changed since. */
    conditions: z.array(
      z.object({ says: z.string(), facts: z.array(z.object({ label: z.string(), value: z.string().nullable() })) }),
    ),
    items: z.array(ownItem),
    itemTotal: z.int(),
    /** How many of them were left out. */
    itemsOut: z.int(),
    /** It is paid for people who work for the payee: who else works there is asked for apart. */
    forWorkers: z.boolean(),
    timeline: z.array(z.object({ on: plainDate, says: z.string(), note: z.string() })),
    payments: z.array(
      z.object({
        on: plainDate.nullable(),
        amountFen: fen,
        accountMask: z.string(),
        says: z.string(),
      }),
    ),
    letters: z.array(ownLetter),
    reviews: z.array(reviewRow),
  }),
});
export type MyBenefit = z.output<typeof myBenefit.output>;

export const answerMyBenefit = action({
  path: "/api/citizen/benefits/:claimId/answer",
  summary: "答复我的补贴",
  access: "account",
  input: z.strictObject({ claimId: id, answer: z.enum(payeeAnswers, "请选择答复"), said }),
  output: z.object({ dueOn: plainDate.nullable() }),
});

export const supplyMyBenefit = action({
  path: "/api/citizen/benefits/:claimId/supply",
  summary: "补正我的补贴",
  access: "account",
  input: z.strictObject({
    claimId: id,
    said: z.string("请写明补充了什么").trim().min(2, "请写明补充了什么，至少 2 个字").max(300, "最多 300 个字"),
  }),
  output: z.object({ dueOn: plainDate.nullable() }),
});
export const withdrawMyBenefit = action({
  path: "/api/citizen/benefits/:claimId/withdraw",
  summary: "撤回我的补贴",
  access: "account",
  input: z.strictObject({ claimId: id }),
  output: z.object({}),
});

export const setMessageWish = action({
  path: "/api/citizen/messages",
  summary: "设置是否接收补贴消息",
  access: "account",
  input: z.strictObject({ wanted: z.boolean() }),
  output: z.object({}),
});

export const askReview = action({
  path: "/api/citizen/benefits/:claimId/reviews",
  summary: "申请复核补贴",
  access: "account",
  input: z.strictObject({
    claimId: id,
    kind: z.enum(reviewKinds, "请选择要说的是哪一种"),
    content: z.string("请写明理由").trim().min(4, "请写明理由，至少 4 个字").max(500, "最多 500 个字"),
  }),
  output: z.object({ number: z.string(), dueOn: plainDate }),
});
export const withdrawReview = action({
  path: "/api/citizen/reviews/:reviewId/withdraw",
  summary: "撤回复核申请",
  access: "account",
  input: z.strictObject({ reviewId: id }),
  output: z.object({}),
});

export const downloadMyLetter = download({
  path: "/api/citizen/letters/:letterId",
  summary: "下载我的文书",
  access: "account",
  input: z.object({ letterId: id }),
});

// ── 复核申请 at the office ──────────────────────────────────────────────────────────────────────────────────────────────

export const listReviews = query({
  path: "/api/subsidies/reviews",
  summary: "查看复核申请",
  access: { permission: payeePermissions.reviews },
  audit: "query",
  input: z.object({ ...paging, region: regionCode.optional(), state: z.enum(reviewStates).optional() }),
  output: pageOf(
    reviewRow.extend({
      claimId: id,
      claimNumber: z.string(),
      title: z.string(),
      payeeName: z.string(),
      place: z.string(),
      claimState: z.enum(claimStates),
      late: z.boolean(),
      decidedByName: z.string().nullable(),
      /** The caller decided what it is about, so that another must answer. */
      own: z.boolean(),
    }),
  ),
});
export type QueuedReview = z.output<typeof listReviews.output>["rows"][number];

export const countReviews = query({
  path: "/api/subsidies/reviews/counts",
  summary: "查看待答复复核申请数",
  access: { permission: payeePermissions.reviews },
  input: z.object({}),
  output: z.object({ waiting: z.int(), late: z.int() }),
});

export const decideReview = action({
  path: "/api/subsidies/reviews/:reviewId/decide",
  summary: "答复复核申请",
  access: { permission: payeePermissions.reviews },
  input: z.strictObject({
    reviewId: id,
    upheld: z.boolean(),
    answer: z.string("请填写答复").trim().min(4, "请写明答复，至少 4 个字").max(500, "最多 500 个字"),
  }),
  /** The claim's state after it: what was decided wrongly is examined anew. */
  output: z.object({ claimState: z.enum(claimStates) }),
});
