import { z } from "zod";
import { action, id, pageOf, paging, plainDate, query, upload } from "../platform/contract.ts";
import { correctionForm, correctionRow, mandateRow, moment, words } from "./forms-contract.ts";
import { correctionFields } from "./words.ts";

export * from "./office-contract.ts";
export * from "./words.ts";

const phone = z
  .string("请填写手机号")
  .trim()
  .regex(/^1[3-9]\d{9}$/, "手机号为 11 位数字");
const token = z.string().regex(/^[A-Za-z0-9_-]{43}$/, "链接不完整，请从原信息重新打开");
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
