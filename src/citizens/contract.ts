import { z } from "zod";
import { action, id, pageOf, paging, plainDate, query, regionCode, upload, download } from "../platform/contract.ts";
import { correctionFields, type CorrectionState, correctionStates } from "./words.ts";

export * from "./words.ts";

export const citizensPermissions = {
  /** Answers requests for correction, and agrees to legal representatives. */
  answer: "citizens.answer",
  /** Records authorities, acts on them, and hands out one-time links. */
  act: "citizens.act",
} as const;

const moment = z.iso.datetime({ offset: true });
const phone = z
  .string("请填写手机号")
  .trim()
  .regex(/^1[3-9]\d{9}$/, "手机号为 11 位数字");
const token = z.string().regex(/^[A-Za-z0-9_-]{43}$/, "链接不完整，请从原信息重新打开");
const words = (label: string, most: number) =>
  z.string(`请填写${label}`).trim().min(2, `${label}至少 2 个字`).max(most, `${label}最多 ${most} 个字`);

// ── At the telephone ────────────────────────────────────────────────────────────────────────────────────────────────────

export const requestCode = action({
  path: "/api/citizen/code",
  summary: "发送短信验证码",
  access: "public",
  audit: "none",
  input: z.strictObject({ phone }),
  /** The same whether the number has an account or not: one is made when the code is right. */
  output: z.object({ minutes: z.int(), againInSeconds: z.int() }),
});

export const enterWithCode = action({
  path: "/api/citizen/sign-in",
  summary: "群众登录",
  access: "public",
  audit: "sign-in",
  input: z.strictObject({
    phone,
    code: z
      .string("请填写验证码")
      .trim()
      .regex(/^\d{6}$/, "验证码为 6 位数字"),
  }),
  output: z.object({}),
});

export const leave = action({
  path: "/api/citizen/sign-out",
  summary: "群众退出登录",
  access: "account",
  audit: "sign-in",
  input: z.strictObject({}),
  output: z.object({}),
});

const membership = z.object({
  memberId: id,
  employerId: id,
  employerName: z.string(),
  role: z.enum(["legal-representative", "manager", "clerk"]),
  state: z.enum(["asked", "invited", "active", "refused", "ended"]),
  answer: z.string(),
});

export const whoEntered = query({
  path: "/api/citizen/me",
  summary: "查看本人账号",
  access: "public",
  input: z.object({}),
  output: z.object({
    account: z
      .object({
        csrf: z.string(),
        phoneMask: z.string(),
        /** Null until the real name is bound. */
        name: z.string().nullable(),
        enterprise: z
          .object({ name: z.string(), role: z.enum(["legal-representative", "manager", "clerk"]) })
          .nullable(),
        memberships: z.array(membership),
      })
      .nullable(),
    demo: z.boolean(),
  }),
});
export type WhoEntered = z.output<typeof whoEntered.output>;

export const bindRealName = action({
  path: "/api/citizen/real-name",
  summary: "实名核验",
  access: "account",
  input: z.strictObject({
    name: words("姓名", 30),
    identity: z
      .string("请填写身份证号")
      .trim()
      .toUpperCase()
      .regex(/^\d{17}[\dX]$/, "身份证号为 18 位"),
  }),
  output: z.object({}),
});

export const actFor = action({
  path: "/api/citizen/acting",
  summary: "切换为企业或本人",
  access: "account",
  input: z.strictObject({ employerId: id.nullable() }),
  output: z.object({}),
});

const field = z.object({ label: z.string(), value: z.string(), source: z.string(), recordedOn: plainDate });
const entry = z.object({ title: z.string(), lines: z.array(z.string()), source: z.string() });
export const myData = query({
  path: "/api/citizen/data",
  summary: "查看我的信息",
  access: "account",
  input: z.object({}),
  output: z.object({
    name: z.string(),
    fields: z.array(field.extend({ field: z.string() })),
    /** What may be asked to be corrected; `choices` where it is one of a list. */
    correctable: z.array(
      z.object({
        field: z.enum(correctionFields),
        label: z.string(),
        choices: z.array(z.object({ value: z.string(), label: z.string() })).nullable(),
      }),
    ),
    categories: z.array(entry),
    employments: z.array(entry),
    contracts: z.array(entry),
    insurance: z.array(entry),
    wages: z.array(entry),
    /** Counties that see a card besides the home. */
    grounds: z.array(z.string()),
  }),
});
export type MyData = z.output<typeof myData.output>;

const opening = z.object({
  at: moment,
  office: z.string(),
  duties: z.array(z.string()),
  act: z.string(),
  purpose: z.string(),
});
export const myOpenings = query({
  path: "/api/citizen/openings",
  summary: "谁查看过我的信息",
  access: "account",
  input: z.object(paging),
  output: pageOf(opening),
});
export type Opening = z.output<typeof opening>;

const correctionForm = {
  field: z.enum(correctionFields, "请选择要更正的内容"),
  proposed: z.string("请填写更正后的内容").trim().min(1, "请填写更正后的内容").max(200, "最多 200 个字"),
  reason: words("理由", 300),
};
const correctionRow = z.object({
  correctionId: id,
  field: z.enum(correctionFields),
  label: z.string(),
  held: z.string().nullable(),
  proposed: z.string(),
  reason: z.string(),
  evidence: z.string().nullable(),
  askedAt: moment,
  dueOn: plainDate,
  state: z.enum(correctionStates),
  answer: z.string(),
  /** Who asked: 本人, 代办 with the officer and his authority, or 一次性链接. */
  askedBy: z.string(),
});
export type CorrectionRow = z.output<typeof correctionRow>;

export const myCorrections = query({
  path: "/api/citizen/corrections",
  summary: "查看我的更正申请",
  access: "account",
  input: z.object(paging),
  output: pageOf(correctionRow.extend({ decidedBy: z.string().nullable(), decidedAt: moment.nullable() })),
});
export const askCorrection = action({
  path: "/api/citizen/corrections",
  summary: "提交更正申请",
  access: "account",
  input: z.strictObject(correctionForm),
  output: z.object({ correctionId: id, dueOn: plainDate }),
});
export const askCorrectionWithEvidence = upload({
  path: "/api/citizen/corrections/with-evidence",
  summary: "提交更正申请（附证明）",
  access: "account",
  input: z.strictObject(correctionForm),
  output: z.object({ correctionId: id, dueOn: plainDate }),
});
export const withdrawCorrection = action({
  path: "/api/citizen/corrections/:correctionId/withdraw",
  summary: "撤回更正申请",
  access: "account",
  input: z.strictObject({ correctionId: id }),
  output: z.object({}),
});

const mandateRow = z.object({
  mandateId: id,
  officer: z.string(),
  organisation: z.string(),
  authority: z.string(),
  authorisedOn: plainDate,
  validFrom: plainDate,
  validTo: plainDate,
  note: z.string(),
  revokedBy: z.enum(["person", "officer"]).nullable(),
  /** Acts done on it. */
  acts: z.int(),
});
export type MandateRow = z.output<typeof mandateRow>;
export const myMandates = query({
  path: "/api/citizen/mandates",
  summary: "查看代办授权",
  access: "account",
  input: z.object({}),
  output: z.object({ rows: z.array(mandateRow) }),
});
export const revokeMandate = action({
  path: "/api/citizen/mandates/:mandateId/revoke",
  summary: "撤销代办授权",
  access: "account",
  input: z.strictObject({ mandateId: id }),
  output: z.object({}),
});

// ── One-time links ──────────────────────────────────────────────────────────────────────────────────────────────────────

export const readLink = action({
  path: "/api/citizen/link",
  summary: "打开一次性链接",
  access: "public",
  audit: "none",
  input: z.strictObject({ token }),
  output: z.object({
    purpose: z.enum(["bind-account", "correction"]),
    /** 龙*平 */
    person: z.string(),
    organisation: z.string(),
    expiresAt: moment,
  }),
});
export const bindByLink = action({
  path: "/api/citizen/link/bind",
  summary: "用一次性链接绑定实名",
  access: "account",
  input: z.strictObject({ token }),
  output: z.object({}),
});
export const askByLink = action({
  path: "/api/citizen/link/correction",
  summary: "用一次性链接提交更正申请",
  access: "public",
  input: z.strictObject({ token, ...correctionForm }),
  output: z.object({ dueOn: plainDate }),
});

// ── Enterprises ─────────────────────────────────────────────────────────────────────────────────────────────────────────

export const askToRepresent = upload({
  path: "/api/citizen/enterprise",
  summary: "申请企业账号",
  access: "account",
  input: z.strictObject({
    creditCode: z
      .string("请填写统一社会信用代码")
      .trim()
      .toUpperCase()
      .regex(/^[0-9A-HJ-NPQRTUWXY]{18}$/, "统一社会信用代码为 18 位"),
  }),
  output: z.object({}),
});
export const myEnterprise = query({
  path: "/api/citizen/enterprise",
  summary: "查看本企业",
  access: "account",
  input: z.object({}),
  output: z.object({
    name: z.string(),
    creditCode: z.string().nullable(),
    regionName: z.string(),
    kind: z.string(),
    size: z.string(),
    status: z.string(),
    recordedOn: plainDate,
    source: z.string(),
    staff: z.array(
      z.object({
        memberId: id,
        name: z.string(),
        phoneMask: z.string(),
        role: z.enum(["legal-representative", "manager", "clerk"]),
        state: z.enum(["asked", "invited", "active", "refused", "ended"]),
        /** The one who asks may end it. */
        mayEnd: z.boolean(),
      }),
    ),
    mayInvite: z.array(z.enum(["manager", "clerk"])),
  }),
});
export const inviteMember = action({
  path: "/api/citizen/enterprise/invitations",
  summary: "邀请企业工作人员",
  access: "account",
  input: z.strictObject({ phone, name: words("姓名", 30), role: z.enum(["manager", "clerk"], "请选择角色") }),
  output: z.object({}),
});
export const answerInvitation = action({
  path: "/api/citizen/invitations/:memberId",
  summary: "答复企业邀请",
  access: "account",
  input: z.strictObject({ memberId: id, accept: z.boolean() }),
  output: z.object({}),
});
export const endMember = action({
  path: "/api/citizen/enterprise/members/:memberId/end",
  summary: "结束企业工作人员账号",
  access: "account",
  input: z.strictObject({ memberId: id }),
  output: z.object({}),
});

// ── At the office ───────────────────────────────────────────────────────────────────────────────────────────────────────

export const listCorrections = query({
  path: "/api/corrections",
  summary: "查询更正申请",
  access: { permission: citizensPermissions.answer },
  audit: "query",
  input: z.object({
    ...paging,
    region: regionCode.optional(),
    state: z.enum(correctionStates).optional(),
    late: z.enum(["true", "false"]).optional(),
  }),
  output: pageOf(
    correctionRow.extend({
      personId: id,
      personName: z.string(),
      identityMask: z.string(),
      home: z.string(),
      late: z.boolean(),
      decidedBy: z.string().nullable(),
    }),
  ),
});
export type QueuedCorrection = z.output<typeof listCorrections.output>["rows"][number];
const answer = words("答复", 300);
const decided = z.object({ state: z.enum(correctionStates), raised: z.array(z.string()) });
export const acceptCorrection = action({
  path: "/api/corrections/:correctionId/accept",
  summary: "采纳更正申请",
  access: { permission: citizensPermissions.answer },
  input: z.strictObject({ correctionId: id, answer }),
  /** Labels of cells where another source is believed more, and a comparison task was raised. */
  output: decided,
});
export const refuseCorrection = action({
  path: "/api/corrections/:correctionId/refuse",
  summary: "不采纳更正申请",
  access: { permission: citizensPermissions.answer },
  input: z.strictObject({ correctionId: id, answer }),
  output: decided,
});
export const downloadEvidence = download({
  path: "/api/corrections/:correctionId/evidence",
  summary: "查看更正证明材料",
  access: { permission: citizensPermissions.answer },
  input: z.object({ correctionId: id }),
});

export const personAccount = query({
  path: "/api/citizens/persons/:personId",
  summary: "查看本人账号与代办授权",
  access: { permission: citizensPermissions.act },
  input: z.object({ personId: id }),
  output: z.object({
    account: z.object({ phoneMask: z.string(), boundAt: moment, boundBy: z.enum(["registry", "officer"]) }).nullable(),
    mandates: z.array(mandateRow.extend({ own: z.boolean(), inForce: z.boolean() })),
    links: z.array(
      z.object({
        linkId: id,
        purpose: z.enum(["bind-account", "correction"]),
        reason: z.string(),
        issuedBy: z.string(),
        expiresAt: moment,
        state: z.enum(["open", "used", "revoked", "expired"]),
      }),
    ),
  }),
});
export type PersonAccount = z.output<typeof personAccount.output>;

export const recordMandate = upload({
  path: "/api/citizens/persons/:personId/mandates",
  summary: "登记代办授权",
  access: { permission: citizensPermissions.act },
  input: z.strictObject({
    personId: id,
    authority: z.enum(["written", "witnessed", "guardian"], "请选择授权方式"),
    authorisedOn: plainDate,
    validFrom: plainDate,
    validTo: plainDate,
    note: z.string().trim().max(200, "说明最多 200 个字").default(""),
  }),
  output: z.object({ mandateId: id }),
});
export const endMandate = action({
  path: "/api/citizens/mandates/:mandateId/end",
  summary: "终止代办授权",
  access: { permission: citizensPermissions.act },
  input: z.strictObject({ mandateId: id }),
  output: z.object({}),
});
export const askOnMandate = action({
  path: "/api/citizens/mandates/:mandateId/corrections",
  summary: "代办更正申请",
  access: { permission: citizensPermissions.act },
  input: z.strictObject({ mandateId: id, ...correctionForm }),
  output: z.object({ correctionId: id, dueOn: plainDate }),
});
export const issueLink = action({
  path: "/api/citizens/persons/:personId/links",
  summary: "发放一次性链接",
  access: { permission: citizensPermissions.act },
  input: z.strictObject({
    personId: id,
    purpose: z.enum(["bind-account", "correction"], "请选择用途"),
    reason: words("依据", 100),
    hours: z.int().min(1).max(168).default(24),
  }),
  /** The address is shown here and nowhere else. */
  output: z.object({ path: z.string(), expiresAt: moment }),
});
export const revokeLink = action({
  path: "/api/citizens/links/:linkId/revoke",
  summary: "作废一次性链接",
  access: { permission: citizensPermissions.act },
  input: z.strictObject({ linkId: id }),
  output: z.object({}),
});

export const listRepresentatives = query({
  path: "/api/citizens/representatives",
  summary: "查询企业账号申请",
  access: { permission: citizensPermissions.answer },
  audit: "query",
  input: z.object({ ...paging, state: z.enum(["asked", "active", "refused", "ended"]).optional() }),
  output: pageOf(
    z.object({
      memberId: id,
      employerId: id,
      employerName: z.string(),
      creditCode: z.string().nullable(),
      regionName: z.string(),
      name: z.string(),
      phoneMask: z.string(),
      state: z.enum(["asked", "invited", "active", "refused", "ended"]),
      askedAt: moment,
      evidence: z.string().nullable(),
      decidedBy: z.string().nullable(),
      answer: z.string(),
    }),
  ),
});
export const decideRepresentative = action({
  path: "/api/citizens/representatives/:memberId/decision",
  summary: "审核企业账号申请",
  access: { permission: citizensPermissions.answer },
  input: z.strictObject({ memberId: id, approve: z.boolean(), answer }),
  output: z.object({}),
});
export const downloadLicence = download({
  path: "/api/citizens/representatives/:memberId/evidence",
  summary: "查看企业账号证明材料",
  access: { permission: citizensPermissions.answer },
  input: z.object({ memberId: id }),
});

export type CorrectionInput = z.output<typeof askCorrection.input>;
export type { CorrectionState };
