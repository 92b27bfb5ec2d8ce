import { z } from "zod";
import {
  action,
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
import {
  applicationStates,
  applicationViews,
  applicationWays,
  lineStates,
  offerKinds,
} from "./application-words-contract.ts";
import { claimStates } from "./claims-contract.ts";
import { subsidiesPermissions } from "./permissions.ts";

export * from "./application-words-contract.ts";

const offer = z.object({
  rule: z.string(),
  title: z.string(),
  kind: z.enum(offerKinds),
  amountFen: fen.nullable(),
  /** What is missing, why not, or from when. */
  why: z.array(z.string()),
  handling: z.string(),
});
export type Offer = z.output<typeof offer>;
const bundleOffer = z.object({
  bundle: z.string(),
  title: z.string(),
  about: z.string(),
  measures: z.array(z.object({ rule: z.string(), title: z.string() })),
});
export const offers = z.object({ measures: z.array(offer), bundles: z.array(bundleOffer) });
export type Offers = z.output<typeof offers>;

export const answerForms = ["yes-no", "choice", "county", "text", "number", "money", "date", "month", "year"] as const;

const question = z.object({
  fact: z.string(),
  label: z.string(),
  /** The measure that asks for it first. */
  about: z.string(),
  question: z.string(),
  form: z.enum(answerForms),
  choices: z.array(z.object({ value: z.string(), label: z.string() })),
  /** As it was stated; empty: not yet. */
  value: z.string(),
  shown: z.string(),
  checked: z.enum(["waiting", "accepted", "rejected"]),
  checkedBy: z.string().nullable(),
  reason: z.string(),
});
export type ApplicationQuestion = z.output<typeof question>;

const applicationFile = z.object({
  fileId: id,
  material: z.string(),
  name: z.string(),
  bytes: z.int(),
  sha256: z.string(),
  addedBy: z.string(),
  addedAt: z.iso.datetime({ offset: true }),
});

const applicationLine = z.object({
  lineId: id,
  rule: z.string(),
  title: z.string(),
  state: z.enum(lineStates),
  why: z.string(),
  dueOn: plainDate.nullable(),
  decidedBy: z.string().nullable(),
  /** As far as it is told where the application was taken: number, state and amount, not the case. */
  claims: z.array(
    z.object({
      claimId: id,
      number: z.string(),
      state: z.enum(claimStates),
      amountFen: fen,
      /** The claim lies where the caller may open it. */
      own: z.boolean(),
    }),
  ),
  /** Of a draft: what is known by now. */
  offer: offer.nullable(),
});
export type ApplicationLine = z.output<typeof applicationLine>;

const applicationHead = z.object({
  applicationId: id,
  number: z.string(),
  title: z.string(),
  bundle: z.string().nullable(),
  applicantName: z.string(),
  personId: id.nullable(),
  identityMask: z.string().nullable(),
  way: z.enum(applicationWays),
  agent: z.string().nullable(),
  state: z.enum(applicationStates),
  takenBy: z.string(),
  organisation: z.string(),
  takenAt: z.string(),
  paysAt: z.string(),
  begunOn: plainDate,
  submittedOn: plainDate.nullable(),
  answeredOn: plainDate.nullable(),
  answeredBy: z.string().nullable(),
  answer: z.string(),
});

export const applicationView = applicationHead.extend({
  lines: z.array(applicationLine),
  /** What registers hold and nobody asks again. */
  known: z.array(z.object({ label: z.string(), value: z.string(), source: z.string() })),
  knownOn: plainDate,
  questions: z.array(question),
  materials: z.array(
    z.object({ name: z.string(), certifiedBy: z.string().nullable(), optional: z.boolean(), title: z.string() }),
  ),
  files: z.array(applicationFile),
  /** The caller wrote it and may go on with it. */
  mayWrite: z.boolean(),
  /** The applicant himself: an office has asked for more, and it may be added. */
  maySupply: z.boolean(),
  /** The caller decides what waits in it. */
  mayDecide: z.boolean(),
  mayWithdraw: z.boolean(),
  lock: z.int(),
});
export type ApplicationView = z.output<typeof applicationView>;

const applicationRow = applicationHead.extend({
  lines: z.array(z.object({ title: z.string(), state: z.enum(lineStates) })),
  waiting: z.int(),
  dueOn: plainDate.nullable(),
});
export type ApplicationRow = z.output<typeof applicationRow>;

const words = (least: number, most: number, missing: string) =>
  z.string(missing).trim().min(least, missing).max(most, `最多 ${most} 个字`);
const asked = {
  /** Ids of measures; a bundle brings its own. */
  rules: z
    .array(z.string().regex(/^[a-z0-9-]{1,80}$/, "没有这个项目"))
    .max(12, "一次最多申请 12 项")
    .default([]),
  bundle: z
    .string()
    .regex(/^[a-z0-9-]{1,80}$/, "没有这件事")
    .optional(),
};
const statements = z
  .record(z.string().max(80), z.string().trim().max(200, "每项最多 200 个字"))
  .refine((given) => Object.keys(given).length <= 80, "一次最多填 80 项");
const material = words(1, 60, "请选择材料名称");

const { read, handle } = subsidiesPermissions;
const of = (permission: string) => ({ permission });
const office = (path: string) => `/api/subsidies/applications${path}`;

// ── At the office ───────────────────────────────────────────────────────────────────────────────────────────────────────

export const listApplications = query({
  path: office(""),
  summary: "查看补贴申请",
  access: of(read),
  audit: "query",
  input: z.object({
    ...paging,
    view: z.enum(applicationViews).default("waiting"),
    search: z.string().trim().max(60).optional(),
  }),
  output: pageOf(applicationRow),
});

export const countApplications = query({
  path: office("/counts"),
  summary: "查看补贴申请数量",
  access: of(read),
  input: z.object({}),
  output: z.object({
    drafts: z.int(),
    received: z.int(),
    sent: z.int(),
    waiting: z.int(),
    lodged: z.int(),
    late: z.int(),
  }),
});

export const offersForPerson = query({
  path: office("/offers/:personId"),
  summary: "查看个人可申请的补贴",
  access: of(handle),
  audit: "query",
  input: z.object({ personId: id }),
  output: offers.extend({ name: z.string(), identityMask: z.string(), home: z.string() }),
});

/** Measures of another county's rulebook, for somebody whom only that county knows. */
export const offersElsewhere = query({
  path: office("/elsewhere"),
  summary: "查看外地可申请的补贴",
  access: of(handle),
  input: z.object({ region: regionCode }),
  output: z.object({ place: z.string(), measures: z.array(z.object({ rule: z.string(), title: z.string() })) }),
});

const taken = {
  way: z.enum(["counter", "visit", "authorised"]),
  agent: words(2, 200, "请写明由谁代填、凭什么，如“柜台本人在场，已核身份证”"),
};

export const beginForPerson = action({
  path: office("/of-person"),
  summary: "代办补贴申请",
  access: of(handle),
  input: z.strictObject({ personId: id, ...asked, ...taken }),
  output: z.object({ applicationId: id }),
});

/** 跨省通办: for somebody of a county whose office works with this installation too. */
export const beginElsewhere = action({
  path: office("/elsewhere"),
  summary: "代收外地补贴申请",
  access: of(handle),
  input: z.strictObject({
    name: words(2, 30, "请填写姓名"),
    identity: z
      .string("请填写公民身份号码")
      .trim()
      .transform((text) => text.toUpperCase())
      .pipe(z.string().regex(/^\d{17}[\dX]$/, "公民身份号码为 18 位")),
    paysRegion: z.string().regex(/^\d{6}$/, "请选择到县（市、区）"),
    ...asked,
    ...taken,
  }),
  output: z.object({ applicationId: id }),
});

const one = { applicationId: id };
const view = (path: string, summary: string, access: "account" | { permission: string }) =>
  query({ path, summary, access, audit: "query", input: z.object(one), output: applicationView });
const write = (path: string, summary: string, access: "account" | { permission: string }) =>
  action({ path, summary, access, input: z.strictObject({ ...one, statements }), output: z.object({}) });
const attach = (path: string, summary: string, access: "account" | { permission: string }) =>
  upload({ path, summary, access, input: z.strictObject({ ...one, material }), output: z.object({ fileId: id }) });
const fileAct = (path: string, summary: string, access: "account" | { permission: string }) =>
  action({ path, summary, access, input: z.strictObject({ ...one, fileId: id }), output: z.object({}) });
const take = (path: string, summary: string, access: "account" | { permission: string }) =>
  download({ path, summary, access, input: z.object({ ...one, fileId: id }) });
const submit = (path: string, summary: string, access: "account" | { permission: string }) =>
  action({
    path,
    summary,
    access,
    input: z.strictObject({ ...one, declared: z.literal(true, "请先确认：所填情况属实，愿意承担不实的后果") }),
    output: z.object({ number: z.string(), state: z.enum(applicationStates) }),
  });
const drop = (path: string, summary: string, access: "account" | { permission: string }) =>
  action({ path, summary, access, input: z.strictObject(one), output: z.object({}) });

export const getApplication = view(office("/:applicationId"), "查看补贴申请详情", of(read));
export const stateFacts = write(office("/:applicationId/statements"), "填写申请情况", of(handle));
export const attachFile = attach(office("/:applicationId/files"), "上传申请材料", of(handle));
export const removeFile = fileAct(office("/:applicationId/files/remove"), "删除申请材料", of(handle));
export const takeFile = take(office("/:applicationId/files/:fileId"), "下载申请材料", of(read));
export const submitApplication = submit(office("/:applicationId/submit"), "提交补贴申请", of(handle));
export const dropApplication = drop(office("/:applicationId/drop"), "删除申请草稿", of(handle));
export const withdrawApplication = drop(office("/:applicationId/withdraw"), "撤回转出的申请", of(handle));

export const receiveApplication = action({
  path: office("/:applicationId/receive"),
  summary: "签收外地转来的申请",
  access: of(handle),
  input: z.strictObject(one),
  output: z.object({}),
});
export const returnApplication = action({
  path: office("/:applicationId/return"),
  summary: "退回外地转来的申请",
  access: of(handle),
  input: z.strictObject({ ...one, reason: words(2, 300, "请写明退回的理由和要补什么") }),
  output: z.object({}),
});

/** What waits is looked at once more: the fact stands in the register by now, or the office has decided. */
export const lookAgain = action({
  path: office("/:applicationId/look-again"),
  summary: "重新核对申请",
  access: of(handle),
  input: z.strictObject(one),
  output: z.object({ claimed: z.int(), waiting: z.int(), refused: z.int() }),
});
export const refuseLine = action({
  path: office("/:applicationId/refuse"),
  summary: "申请事项不予立件",
  access: of(handle),
  input: z.strictObject({ ...one, lineId: id, reason: words(2, 300, "请写明理由和条款") }),
  output: z.object({}),
});
/** 核实承诺: the office has looked at what was only stated. */
export const checkStatement = action({
  path: office("/:applicationId/check"),
  summary: "核实申请人承诺的情况",
  access: of(handle),
  input: z
    .strictObject({
      ...one,
      fact: z.string().max(80),
      accepted: z.boolean(),
      reason: z.string().trim().max(300).default(""),
    })
    .refine(({ accepted, reason }) => accepted || reason.length >= 2, {
      path: ["reason"],
      message: "不属实的请写明核实到的情况",
    }),
  output: z.object({}),
});

/** The application that a claim came of, if it came of one. */
export const applicationOfClaim = query({
  path: "/api/subsidies/claims/:claimId/application",
  summary: "查看补贴件的申请",
  access: of(read),
  input: z.object({ claimId: id }),
  output: z.object({
    application: z
      .object({ applicationId: id, number: z.string(), unchecked: z.int(), stated: z.int(), files: z.int() })
      .nullable(),
  }),
});

// ── At the telephone ────────────────────────────────────────────────────────────────────────────────────────────────────

const my = (path: string) => `/api/citizen/applications${path}`;
export const myOffers = query({
  path: my("/offers"),
  summary: "查看我可申请的补贴",
  access: "account",
  audit: "query",
  input: z.object({}),
  output: offers.extend({ name: z.string() }),
});
export const myApplications = query({
  path: my(""),
  summary: "查看我的申请",
  access: "account",
  input: z.object({ ...paging }),
  output: pageOf(
    applicationRow.pick({
      applicationId: true,
      number: true,
      title: true,
      state: true,
      submittedOn: true,
      begunOn: true,
      lines: true,
    }),
  ),
});
export type MyApplicationRow = z.output<typeof myApplications.output>["rows"][number];
export const beginMine = action({
  path: my(""),
  summary: "开始申请补贴",
  access: "account",
  input: z.strictObject(asked),
  output: z.object({ applicationId: id }),
});
export const getMine = view(my("/:applicationId"), "查看我的申请详情", "account");
export const stateMine = write(my("/:applicationId/statements"), "填写我的申请", "account");
export const attachMine = attach(my("/:applicationId/files"), "上传我的申请材料", "account");
export const removeMine = fileAct(my("/:applicationId/files/remove"), "删除我的申请材料", "account");
export const takeMine = take(my("/:applicationId/files/:fileId"), "下载我的申请材料", "account");
export const submitMine = submit(my("/:applicationId/submit"), "提交我的申请", "account");
export const dropMine = drop(my("/:applicationId/drop"), "删除我的申请草稿", "account");
