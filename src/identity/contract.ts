import { z } from "zod";
import { action, defineFlow, id, pageOf, paging, plainDate, query, regionCode } from "../platform/contract.ts";
import { departments } from "./accounts/departments.ts";
import { duties, dutiesConflict, identityPermissions } from "./accounts/duties.ts";
import { PASSWORD_LENGTH_LIMIT } from "./sessions/password-rules.ts";

export { departmentLabels, departments, type Department } from "./accounts/departments.ts";
export {
  administratorDuties,
  businessDuties,
  duties,
  dutiesConflict,
  dutyLabels,
  identityPermissions,
  keeperPermission,
  type Duty,
} from "./accounts/duties.ts";
export * from "./grants-contract.ts";
export * from "./second-factor-contract.ts";
export * from "./single-sign-on-contract.ts";
export { PASSWORD_LEAST_LENGTH, passwordFaults } from "./sessions/password-rules.ts";

// ── Signing in ──────────────────────────────────────────────────────────────────────────────────────────────────────────

/** Wrong passwords in a row before an account is locked, and for how long. */
export const SIGN_IN_ATTEMPTS = 5;
export const SIGN_IN_LOCK_MINUTES = 15;
export const SESSION_IDLE_MINUTES = 15;
export const SESSIONS_PER_OFFICER = 2;

export const signIn = action({
  path: "/api/identity/sign-in",
  summary: "登录",
  access: "public",
  audit: "sign-in",
  input: z.object({
    login: z.string("请输入登录名").trim().toLowerCase().min(1, "请输入登录名").max(64, "登录名最多 64 个字符"),
    password: z
      .string("请输入密码")
      .min(1, "请输入密码")
      .max(PASSWORD_LENGTH_LIMIT, `密码最多 ${PASSWORD_LENGTH_LIMIT} 位`),
  }),
  output: z.object({
    mustChangePassword: z.boolean(),
    /** The code is still to come; `csrf` goes with it. */
    secondFactor: z.object({ csrf: z.string() }).nullable(),
  }),
});

export const signOut = action({
  path: "/api/identity/sign-out",
  summary: "退出登录",
  access: "signed-in",
  audit: "sign-in",
  input: z.object({}),
  /** Where the single sign-on ends its own session; null when it was not used. */
  output: z.object({ leaveAt: z.string().nullable() }),
});

/** The officer at the screen, in the shape of the shell's session. */
const signedInOfficer = z.object({
  officerId: id,
  login: z.string(),
  name: z.string(),
  organisation: z.string(),
  duties: z.array(z.enum(duties)),
  dutyLabels: z.array(z.string()),
  /** `path` names the place from the prefecture down: 湘西土家族苗族自治州 · 花垣县. */
  region: z.object({ code: regionCode, name: z.string(), fullName: z.string(), path: z.string() }),
  permissions: z.array(z.string()),
  csrf: z.string(),
  mustChangePassword: z.boolean(),
  /** The office asks for a second factor and he has none yet. */
  mustEnrol: z.boolean(),
});
export type SignedInOfficer = z.output<typeof signedInOfficer>;

const demoAccount = z.object({
  login: z.string(),
  name: z.string(),
  organisation: z.string(),
  dutyLabels: z.array(z.string()),
  /** Heading under which the sign-in page lists it. */
  group: z.string(),
});
export type DemoAccount = z.output<typeof demoAccount>;

export const whoAmI = query({
  path: "/api/identity/me",
  summary: "查看当前登录人员",
  access: "public",
  input: z.object({}),
  output: z.object({
    /** Null when nobody is signed in. */
    officer: signedInOfficer.nullable(),
    /** The password was right and the second factor is awaited. */
    awaiting: z.object({ csrf: z.string() }).nullable(),
    /** What the single sign-on is called; null when there is none. */
    singleSignOn: z.string().nullable(),
    businessDate: plainDate,
    demo: z.boolean(),
    /** Only in a demo installation. */
    demoAccess: z.object({ password: z.string(), accounts: z.array(demoAccount) }).nullable(),
  }),
});

export const changePassword = action({
  path: "/api/identity/password",
  summary: "修改本人密码",
  access: "signed-in",
  input: z.object({
    current: z
      .string("请输入当前密码")
      .min(1, "请输入当前密码")
      .max(PASSWORD_LENGTH_LIMIT, `密码最多 ${PASSWORD_LENGTH_LIMIT} 位`),
    next: z
      .string("请输入新密码")
      .min(1, "请输入新密码")
      .max(PASSWORD_LENGTH_LIMIT, `密码最多 ${PASSWORD_LENGTH_LIMIT} 位`),
  }),
  /** Sessions elsewhere that were ended. */
  output: z.object({ sessionsEnded: z.int() }),
});

// ── Organisations ───────────────────────────────────────────────────────────────────────────────────────────────────────

const organisationName = z
  .string("请填写单位名称")
  .trim()
  .min(2, "单位名称至少 2 个字")
  .max(60, "单位名称最多 60 个字");

const organisationRow = z.object({
  organisationId: id,
  name: z.string(),
  department: z.enum(departments),
  region: regionCode,
  regionName: z.string(),
  active: z.boolean(),
  /** Accounts that may sign in. */
  officers: z.int(),
});
export type OrganisationRow = z.output<typeof organisationRow>;

export const listOrganisations = query({
  path: "/api/identity/organisations",
  summary: "查询单位",
  access: { permission: identityPermissions.accounts },
  input: z.object({
    ...paging,
    text: z.string().trim().max(60, "最多 60 个字").optional(),
    department: z.enum(departments).optional(),
    region: regionCode.optional(),
    active: z.enum(["yes", "no"]).optional(),
  }),
  output: pageOf(organisationRow),
});

export const createOrganisation = action({
  path: "/api/identity/organisations",
  summary: "新增单位",
  access: { permission: identityPermissions.organisations },
  input: z.object({ name: organisationName, department: z.enum(departments, "请选择部门"), region: regionCode }),
  output: z.object({ organisationId: id }),
});

export const renameOrganisation = action({
  path: "/api/identity/organisations/:organisationId",
  method: "PUT",
  summary: "修改单位名称",
  access: { permission: identityPermissions.organisations },
  input: z.object({ organisationId: id, name: organisationName, department: z.enum(departments, "请选择部门") }),
  output: z.object({ organisationId: id }),
});

export const setOrganisationActive = action({
  path: "/api/identity/organisations/:organisationId/active",
  method: "PUT",
  summary: "停用或启用单位",
  access: { permission: identityPermissions.organisations },
  input: z.object({ organisationId: id, active: z.boolean() }),
  /** Accounts that can no longer, or can again, sign in. */
  output: z.object({ officersAffected: z.int() }),
});

// ── Officers ────────────────────────────────────────────────────────────────────────────────────────────────────────────

export const officerStates = ["active", "waiting", "locked", "inactive"] as const;
export type OfficerState = (typeof officerStates)[number];
export const officerStateLabels: Record<OfficerState, string> = {
  active: "正常",
  waiting: "待批准",
  locked: "已锁定",
  inactive: "已停用",
};

const officerActs = ["assign", "reset-password", "sign-out", "lock", "unlock", "deactivate", "activate"] as const;
export type OfficerAct = (typeof officerActs)[number];
export const officerActLabels: Record<OfficerAct, string> = {
  assign: "调整职责与区域",
  "reset-password": "重置密码",
  "sign-out": "强制下线",
  lock: "锁定",
  unlock: "解锁",
  deactivate: "停用",
  activate: "启用",
};

/** 账号的生命周期. A lock after wrong passwords ends by itself; one set by an administrator is ended by an administrator. */
export const officerFlow = defineFlow<OfficerState, OfficerAct>({
  active: {
    assign: "active",
    "reset-password": "active",
    "sign-out": "active",
    lock: "locked",
    deactivate: "inactive",
  },
  // Made by one administrator; comes to life when another agrees.
  waiting: { "reset-password": "waiting" },
  locked: { assign: "locked", "reset-password": "locked", unlock: "active", deactivate: "inactive" },
  inactive: { activate: "active" },
});

const officerRow = z.object({
  officerId: id,
  login: z.string(),
  name: z.string(),
  organisationId: id,
  organisation: z.string(),
  organisationActive: z.boolean(),
  region: regionCode,
  regionName: z.string(),
  duties: z.array(z.enum(duties)),
  state: z.enum(officerStates),
  /** End of a lock that ends by itself. */
  lockedUntil: z.iso.datetime({ offset: true }).nullable(),
  mustChangePassword: z.boolean(),
  lastSignIn: z.iso.datetime({ offset: true }).nullable(),
  createdAt: z.iso.datetime({ offset: true }),
  sessions: z.int(),
  /** 动态口令 is set up. */
  secondFactor: z.boolean(),
});
export type OfficerRow = z.output<typeof officerRow>;

export const officerSorts = ["name", "login", "last-sign-in", "created"] as const;

export const listOfficers = query({
  path: "/api/identity/officers",
  summary: "查询用户",
  access: { permission: identityPermissions.accounts },
  audit: "query",
  input: z.object({
    ...paging,
    /** Part of name, login or organisation. */
    text: z.string().trim().max(60, "最多 60 个字").optional(),
    organisationId: id.optional(),
    region: regionCode.optional(),
    duty: z.enum(duties).optional(),
    state: z.enum(officerStates).optional(),
    sort: z.enum(officerSorts).default("name"),
    order: z.enum(["asc", "desc"]).default("asc"),
  }),
  output: pageOf(officerRow),
});

const login = z
  .string("请填写登录名")
  .trim()
  .toLowerCase()
  .regex(/^[a-z0-9][a-z0-9._-]{2,39}$/, "登录名为 3 至 40 位小写字母、数字、点、下划线或短横线，以字母或数字开头");
const personName = z.string("请填写姓名").trim().min(2, "姓名至少 2 个字").max(30, "姓名最多 30 个字");
const heldDuties = z
  .array(z.enum(duties), "请选择职责")
  .min(1, "请至少选择一项职责")
  .transform((held) => [...new Set(held)])
  .superRefine((held, context) => {
    const conflict = dutiesConflict(held);
    if (conflict) context.addIssue({ code: "custom", message: conflict });
  });

export const createOfficer = action({
  path: "/api/identity/officers",
  summary: "新增用户",
  access: { permission: identityPermissions.accounts },
  input: z.object({ login, name: personName, organisationId: id, region: regionCode, duties: heldDuties }),
  /** The one-time password is shown here and nowhere else. */
  output: z.object({ officerId: id, oneTimePassword: z.string() }),
});

export const assignOfficer = action({
  path: "/api/identity/officers/:officerId/assignment",
  method: "PUT",
  summary: "调整用户职责与区域",
  access: { permission: identityPermissions.accounts },
  input: z.object({ officerId: id, name: personName, organisationId: id, region: regionCode, duties: heldDuties }),
  /** `waiting`: it gives him more than he holds, and another administrator must agree. */
  output: z.object({ officerId: id, waiting: z.boolean(), sessionsEnded: z.int() }),
});

const oneOfficer = z.object({ officerId: id });

export const resetOfficerPassword = action({
  path: "/api/identity/officers/:officerId/password-reset",
  summary: "重置用户密码",
  access: { permission: identityPermissions.accounts },
  input: oneOfficer,
  output: z.object({ oneTimePassword: z.string(), sessionsEnded: z.int() }),
});

function officerChange(act: OfficerAct, summary: string) {
  return action({
    path: `/api/identity/officers/:officerId/${act}`,
    summary,
    access: { permission: identityPermissions.accounts },
    input: oneOfficer,
    output: z.object({ sessionsEnded: z.int() }),
  });
}
export const signOutOfficer = officerChange("sign-out", "强制用户下线");
export const lockOfficer = officerChange("lock", "锁定用户");
export const unlockOfficer = officerChange("unlock", "解锁用户");
export const deactivateOfficer = officerChange("deactivate", "停用用户");
export const activateOfficer = officerChange("activate", "启用用户");
