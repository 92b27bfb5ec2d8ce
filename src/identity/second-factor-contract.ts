import { z } from "zod";
import { action, id, query, regionCode } from "../platform/contract.ts";
import { duties, identityPermissions } from "./accounts/duties.ts";

/** Codes that replace a lost device, each good once. */
export const RECOVERY_CODES = 10;
/** How long the code may be awaited after the password was right. */
export const SECOND_FACTOR_MINUTES = 5;
/** Wrong codes before the next must wait; each wait in a row is twice as long. */
export const SECOND_FACTOR_ATTEMPTS = 5;

export const factorKinds = ["totp"] as const;
export type FactorKind = (typeof factorKinds)[number];
export const factorKindLabels: Record<FactorKind, string> = { totp: "动态口令（TOTP）" };

const password = z.string("请输入当前密码").min(1, "请输入当前密码").max(128, "密码最多 128 位");
/** Six digits, or a recovery code as printed. */
const factorCode = z
  .string("请输入动态口令")
  .trim()
  .transform((text) => text.replaceAll(/[\s-]/g, "").toUpperCase())
  .pipe(z.string().regex(/^(\d{6}|[A-Z2-7]{12})$/, "动态口令为 6 位数字；恢复码为 12 位字母数字"));

const ownSession = z.object({
  sessionId: id,
  current: z.boolean(),
  createdAt: z.iso.datetime({ offset: true }),
  seenAt: z.iso.datetime({ offset: true }),
  ip: z.string(),
  userAgent: z.string(),
  singleSignOn: z.boolean(),
});
export type OwnSession = z.output<typeof ownSession>;

export const mySecurity = query({
  path: "/api/identity/security",
  summary: "查看本人账号安全",
  access: "signed-in",
  input: z.object({}),
  output: z.object({
    login: z.string(),
    secondFactor: z.object({
      /** Null: none is set up. */
      kind: z.enum(factorKinds).nullable(),
      since: z.iso.datetime({ offset: true }).nullable(),
      codesLeft: z.int(),
      /** The rules of the office ask for one. */
      demanded: z.boolean(),
    }),
    sessions: z.array(ownSession),
  }),
});

export const beginSecondFactor = action({
  path: "/api/identity/second-factor",
  summary: "设置动态口令",
  access: "signed-in",
  /** `code`: of the one in use, when there is one. */
  input: z.object({ password, code: factorCode.optional() }),
  output: z.object({ secret: z.string(), uri: z.string(), qr: z.string() }),
});

export const confirmSecondFactor = action({
  path: "/api/identity/second-factor/confirmation",
  summary: "启用动态口令",
  access: "signed-in",
  input: z.object({ code: factorCode }),
  /** Shown here and nowhere else. */
  output: z.object({ recoveryCodes: z.array(z.string()), sessionsEnded: z.int() }),
});

export const removeSecondFactor = action({
  path: "/api/identity/second-factor/removal",
  summary: "停用动态口令",
  access: "signed-in",
  input: z.object({ password, code: factorCode }),
  output: z.object({}),
});

/** The second step of signing in: the session that the password opened gives no rights before it. */
export const passSecondFactor = action({
  path: "/api/identity/sign-in/second-factor",
  summary: "登录第二步",
  access: "public",
  audit: "sign-in",
  input: z.object({ code: factorCode }),
  output: z.object({ codesLeft: z.int().nullable() }),
});

export const endOwnSession = action({
  path: "/api/identity/sessions/:sessionId/end",
  summary: "结束本人的一处登录",
  access: "signed-in",
  input: z.object({ sessionId: id }),
  output: z.object({}),
});

export const endOtherSessions = action({
  path: "/api/identity/sessions/end-others",
  summary: "结束本人的其他登录",
  access: "signed-in",
  input: z.object({}),
  output: z.object({ sessionsEnded: z.int() }),
});

export const resetSecondFactor = action({
  path: "/api/identity/officers/:officerId/second-factor-reset",
  summary: "重置用户的动态口令",
  access: { permission: identityPermissions.secondFactor },
  input: z.object({ officerId: id }),
  output: z.object({ sessionsEnded: z.int() }),
});

const secondFactorRule = z.object({
  ruleId: id,
  region: z.string(),
  regionName: z.string(),
  duty: z.enum(duties).nullable(),
  organisationId: id.nullable(),
  organisation: z.string().nullable(),
  /** Comes with the program and holds everywhere. */
  fixed: z.boolean(),
});
export type SecondFactorRule = z.output<typeof secondFactorRule>;

export const listSecondFactorRules = query({
  path: "/api/identity/second-factor-rules",
  summary: "查看动态口令要求",
  access: { permission: identityPermissions.accounts },
  input: z.object({}),
  output: z.object({ rules: z.array(secondFactorRule) }),
});

export const addSecondFactorRule = action({
  path: "/api/identity/second-factor-rules",
  summary: "要求使用动态口令",
  access: { permission: identityPermissions.secondFactor },
  input: z.union([
    z.strictObject({ duty: z.enum(duties, "请选择职责"), region: regionCode }),
    z.strictObject({ organisationId: id }),
  ]),
  output: z.object({ ruleId: id, officersWithout: z.int() }),
});

export const removeSecondFactorRule = action({
  path: "/api/identity/second-factor-rules/:ruleId/removal",
  summary: "取消动态口令要求",
  access: { permission: identityPermissions.secondFactor },
  input: z.object({ ruleId: id }),
  output: z.object({}),
});
