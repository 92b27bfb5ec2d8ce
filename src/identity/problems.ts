import type { Problem } from "../platform/problem.ts";
import { SIGN_IN_ATTEMPTS, SIGN_IN_LOCK_MINUTES } from "./contract.ts";

export const identityProblems = {
  /** The same words for an unknown login and for a wrong password: the answer must not tell which logins exist. */
  wrongPassword: (): Problem => ({
    code: "identity.wrong-password",
    status: 422,
    message: `登录名或密码不正确。连续 ${SIGN_IN_ATTEMPTS} 次不正确，该登录名将锁定 ${SIGN_IN_LOCK_MINUTES} 分钟。`,
  }),
  lockedForNow: (minutes: number): Problem => ({
    code: "identity.locked-for-now",
    status: 423,
    message: `密码连续 ${SIGN_IN_ATTEMPTS} 次不正确，该登录名已锁定，请 ${minutes} 分钟后再试，或请本单位系统管理员解锁。`,
  }),
  accountLocked: (): Problem => ({
    code: "identity.account-locked",
    status: 423,
    message: "该账号已被管理员锁定，请联系本单位系统管理员解锁。",
  }),
  accountInactive: (): Problem => ({
    code: "identity.account-inactive",
    status: 403,
    message: "该账号或所在单位已停用，请联系本单位系统管理员。",
  }),
  wrongCurrentPassword: (): Problem => ({
    code: "identity.wrong-current-password",
    status: 422,
    message: `当前密码不正确。连续 ${SIGN_IN_ATTEMPTS} 次不正确，账号将锁定 ${SIGN_IN_LOCK_MINUTES} 分钟。`,
    path: ["current"],
  }),
  weakPassword: (faults: readonly string[]): Problem => ({
    code: "identity.weak-password",
    status: 422,
    message: `新密码不符合要求：${faults.join("；")}。`,
    path: ["next"],
  }),
  samePassword: (): Problem => ({
    code: "identity.same-password",
    status: 422,
    message: "新密码与当前密码相同，请换一个。",
    path: ["next"],
  }),
  ownAccount: (): Problem => ({
    code: "identity.own-account",
    status: 403,
    message: "不能变更本人的账号、职责或区域，请由另一位管理员办理；修改本人密码请用“修改密码”。",
  }),
  keptBySecurityAdministrator: (): Problem => ({
    code: "identity.kept-by-security-administrator",
    status: 403,
    message: "系统管理员、安全管理员、审计员的账号由安全管理员管理，您不能办理。",
  }),
  keptBySystemAdministrator: (): Problem => ({
    code: "identity.kept-by-system-administrator",
    status: 403,
    message: "业务人员的账号由系统管理员管理，您不能办理。",
  }),
  administratorsApart: (): Problem => ({
    code: "identity.administrators-apart",
    status: 422,
    message: "业务账号与管理员账号不能互相转换，请停用原账号并另建新账号。",
    path: ["duties"],
  }),
  regionOutsideOrganisation: (organisation: string): Problem => ({
    code: "identity.region-outside-organisation",
    status: 422,
    message: `负责区域须在所属单位（${organisation}）的区域之内，请重新选择。`,
    path: ["region"],
  }),
  loginTaken: (login: string): Problem => ({
    code: "identity.login-taken",
    status: 409,
    message: `登录名“${login}”已被使用，请换一个。`,
    path: ["login"],
  }),
  organisationExists: (name: string): Problem => ({
    code: "identity.organisation-exists",
    status: 409,
    message: `该区域已有名为“${name}”的单位，请勿重复新增。`,
    path: ["name"],
  }),
  ownOrganisation: (): Problem => ({
    code: "identity.own-organisation",
    status: 409,
    message: "不能停用本人所在的单位，请由上级单位的系统管理员办理。",
  }),
  organisationInactive: (name: string): Problem => ({
    code: "identity.organisation-inactive",
    status: 409,
    message: `单位“${name}”已停用，请先启用或另选单位。`,
    path: ["organisationId"],
  }),
  regionUnknown: (code: string): Problem => ({
    code: "identity.region-unknown",
    status: 422,
    message: `没有代码为 ${code} 的区划，请重新选择。`,
    path: ["region"],
  }),
} as const;
