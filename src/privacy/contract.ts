import { z } from "zod";
import {
  action,
  download,
  exportPurpose,
  id,
  pageOf,
  paging,
  plainDate,
  query,
  taskState,
} from "../platform/contract.ts";
import { consentKinds, periodIds } from "../platform/privacy/index.ts";
import { requestStates, runKinds, settingStates } from "./words.ts";

export * from "./words.ts";

export const privacyPermissions = {
  /** Sees lengths, previews and runs. */
  read: "privacy.read",
  /** Proposes lengths, asks for previews and runs. */
  manage: "privacy.manage",
  /** Agrees to what another proposed. */
  approve: "privacy.approve",
  /** Decides what citizens ask to be erased. */
  decide: "privacy.decide",
} as const;
const may = (permission: string) => ({ permission });
const moment = z.iso.datetime({ offset: true });
const periodId = z.enum(periodIds as unknown as readonly [string, ...string[]]);

// ── 字段台账 ────────────────────────────────────────────────────────────────────────────────────────────────────────────

const fieldRow = z.object({
  key: z.string(),
  domain: z.string(),
  table: z.string(),
  tableTitle: z.string(),
  column: z.string(),
  label: z.string(),
  /** Null: 一般. Otherwise why it is sensitive. */
  sensitive: z.string().nullable(),
  /** A mask or a keyed hash of the value, or a number of ours. */
  derived: z.boolean(),
  masked: z.boolean(),
  consent: z.string().nullable(),
  basis: z.array(z.object({ words: z.string(), says: z.string() })),
  purpose: z.string(),
  seenBy: z.string(),
  /** 5 年，自死亡或迁出登记之日. */
  kept: z.string(),
  /** No norm gives the length: an example that the office sets. */
  example: z.boolean(),
  end: z.string(),
});
export type FieldRow = z.output<typeof fieldRow>;

export const listFields = query({
  path: "/api/privacy/fields",
  summary: "查看字段台账",
  access: "signed-in",
  input: z.object({
    ...paging,
    domain: z.string().max(40).optional(),
    sensitivity: z.enum(["ordinary", "sensitive", "consent"]).optional(),
    text: z.string().trim().max(40, "最多 40 个字").optional(),
  }),
  output: pageOf(fieldRow).extend({
    domains: z.array(z.string()),
    counts: z.object({ tables: z.int(), fields: z.int(), sensitive: z.int(), consent: z.int() }),
  }),
});

// ── 保存期限与清除 ──────────────────────────────────────────────────────────────────────────────────────────────────────

const setting = z.object({
  settingId: id,
  area: z.string(),
  words: z.string(),
  state: z.enum(settingStates),
  reason: z.string(),
  wouldGo: z.int().nullable(),
  proposedBy: z.string(),
  proposedAt: moment,
  decidedBy: z.string().nullable(),
  note: z.string(),
  mine: z.boolean(),
});
export type Setting = z.output<typeof setting>;

const period = z.object({
  period: z.string(),
  label: z.string(),
  from: z.string(),
  /** The example, or the program's own. */
  length: z.int(),
  unit: z.enum(["months", "days"]),
  words: z.string(),
  norm: z.string().nullable(),
  fixed: z.boolean(),
  /** What is agreed to in the administrator's province, and what waits. */
  agreed: setting.nullable(),
  waiting: setting.nullable(),
});
export type PeriodRow = z.output<typeof period>;

export const getRetention = query({
  path: "/api/privacy/retention",
  summary: "查看保存期限",
  access: may(privacyPermissions.read),
  input: z.object({}),
  output: z.object({
    /** Two digits; null: the officer's area is less than a province, who sees and does not propose. */
    area: z.string().nullable(),
    periods: z.array(period),
    preview: z
      .object({ asOf: plainDate, computedAt: moment, rows: z.int(), held: z.int(), agreed: z.int() })
      .nullable(),
    taskId: id.nullable(),
    /** Changes with every run that ends and every preview. */
    latest: z.string(),
  }),
});

const previewRow = z.object({
  key: z.string(),
  rule: z.string(),
  title: z.string(),
  period: z.string(),
  words: z.string(),
  county: z.string(),
  countyName: z.string(),
  table: z.string(),
  rows: z.int(),
  held: z.int(),
  agreed: z.boolean(),
});
export type PreviewRow = z.output<typeof previewRow>;
export const listPreview = query({
  path: "/api/privacy/preview",
  summary: "查看清除预览",
  access: may(privacyPermissions.read),
  input: z.object(paging),
  output: pageOf(previewRow),
});
export const askPreview = action({
  path: "/api/privacy/preview",
  summary: "预览将清除的数据",
  access: may(privacyPermissions.manage),
  input: z.object({}),
  output: z.object({ taskId: id }),
});
export const proposeSetting = action({
  path: "/api/privacy/settings",
  summary: "提出保存期限",
  access: may(privacyPermissions.manage),
  input: z.object({
    period: periodId,
    length: z.coerce.number().int().min(1, "期限至少为 1").max(1200, "期限最长 1200"),
    reason: z.string("请写明理由").trim().min(4, "请写明理由，至少 4 个字").max(200, "理由最多 200 个字"),
  }),
  output: z.object({ settingId: id }),
});
export const decideSetting = action({
  path: "/api/privacy/settings/:settingId/decision",
  summary: "批准保存期限",
  access: may(privacyPermissions.approve),
  input: z.object({
    settingId: id,
    act: z.enum(["approve", "refuse"]),
    note: z.string().trim().max(200, "意见最多 200 个字").default(""),
  }),
  output: z.object({}),
});
export const withdrawSetting = action({
  path: "/api/privacy/settings/:settingId/withdrawal",
  summary: "撤回提出的保存期限",
  access: may(privacyPermissions.manage),
  input: z.object({ settingId: id }),
  output: z.object({}),
});
export const runNow = action({
  path: "/api/privacy/runs",
  summary: "立即按期清除",
  access: may(privacyPermissions.manage),
  input: z.object({}),
  output: z.object({ taskId: id }),
});
const run = z.object({
  runId: id,
  kind: z.enum(runKinds),
  businessDate: plainDate,
  running: z.boolean(),
  startedAt: moment,
  finishedAt: moment.nullable(),
  /** Rows of the counties that the officer may know of. */
  rows: z.int(),
  digest: z.string().nullable(),
});
export type RunRow = z.output<typeof run>;
export const listRuns = query({
  path: "/api/privacy/runs",
  summary: "查看清除记录",
  access: may(privacyPermissions.read),
  input: z.object(paging),
  output: pageOf(run),
});
const certificateRow = z.object({
  key: z.string(),
  county: z.string(),
  countyName: z.string(),
  title: z.string(),
  table: z.string(),
  rows: z.int(),
  lastDay: plainDate.nullable(),
});
export type CertificateLine = z.output<typeof certificateRow>;
export const listCertificate = query({
  path: "/api/privacy/runs/:runId/certificate",
  summary: "查看清除证明",
  access: may(privacyPermissions.read),
  input: z.object({ ...paging, runId: id }),
  output: pageOf(certificateRow).extend({ run }),
});
export const exportCertificate = download({
  path: "/api/privacy/runs/:runId/certificate.xlsx",
  summary: "导出清除证明",
  access: may(privacyPermissions.read),
  input: z.object({ runId: id, purpose: exportPurpose }),
});
export const getPrivacyTask = query({
  path: "/api/privacy/tasks/:taskId",
  summary: "查看清除进度",
  access: may(privacyPermissions.read),
  input: z.object({ taskId: id }),
  output: taskState,
});

// ── 删除申请 ────────────────────────────────────────────────────────────────────────────────────────────────────────────

const requestRow = z.object({
  requestId: id,
  personId: id.nullable(),
  personName: z.string().nullable(),
  identityMask: z.string().nullable(),
  regionName: z.string(),
  reason: z.string(),
  askedOn: plainDate,
  dueOn: plainDate,
  late: z.boolean(),
  state: z.enum(requestStates),
  keptUntil: plainDate.nullable(),
  answer: z.string(),
  decidedBy: z.string().nullable(),
});
export type RequestRow = z.output<typeof requestRow>;
export const listRequests = query({
  path: "/api/privacy/requests",
  summary: "查看删除申请",
  access: may(privacyPermissions.decide),
  input: z.object({ ...paging, state: z.enum(requestStates).optional() }),
  output: pageOf(requestRow),
});
const kept = z.object({ title: z.string(), until: plainDate.nullable() });
export const whatKeepsRequest = query({
  path: "/api/privacy/requests/:requestId/kept",
  summary: "查看哪些信息须继续保存",
  access: may(privacyPermissions.decide),
  input: z.object({ requestId: id }),
  output: z.object({ kept: z.array(kept), held: z.array(z.string()), until: plainDate.nullable() }),
});
export const decideRequest = action({
  path: "/api/privacy/requests/:requestId/decision",
  summary: "办理删除申请",
  access: may(privacyPermissions.decide),
  input: z.object({
    requestId: id,
    act: z.enum(["approve", "refuse"]),
    answer: z.string("请写明理由").trim().min(4, "请写明理由，至少 4 个字").max(300, "理由最多 300 个字"),
  }),
  output: z.object({}),
});

// ── At the telephone ────────────────────────────────────────────────────────────────────────────────────────────────────

const consent = z.object({
  kind: z.enum(consentKinds),
  label: z.string(),
  /** What it is about, in words. */
  fields: z.array(z.string()),
  givenAt: moment.nullable(),
  withdrawnAt: moment.nullable(),
});
export const myPrivacy = query({
  path: "/api/citizen/privacy",
  summary: "查看本人的同意和删除申请",
  access: "account",
  input: z.object({}),
  output: z.object({
    consents: z.array(consent),
    requests: z.array(
      requestRow.pick({
        requestId: true,
        reason: true,
        askedOn: true,
        dueOn: true,
        state: true,
        keptUntil: true,
        answer: true,
      }),
    ),
    kept: z.array(kept),
  }),
});
export type MyPrivacy = z.output<typeof myPrivacy.output>;
export const setConsent = action({
  path: "/api/citizen/consents",
  summary: "同意或撤回同意",
  access: "account",
  input: z.strictObject({ kind: z.enum(consentKinds), given: z.boolean() }),
  output: z.object({}),
});
export const askErasure = action({
  path: "/api/citizen/erasures",
  summary: "申请删除我的信息",
  access: "account",
  input: z.strictObject({
    reason: z.string("请填写理由").trim().min(2, "理由至少 2 个字").max(300, "理由最多 300 个字"),
  }),
  output: z.object({ requestId: id, dueOn: plainDate }),
});
export const withdrawErasure = action({
  path: "/api/citizen/erasures/:requestId/withdraw",
  summary: "撤回删除申请",
  access: "account",
  input: z.strictObject({ requestId: id }),
  output: z.object({}),
});
