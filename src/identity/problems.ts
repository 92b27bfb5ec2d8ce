import type { Problem } from "../platform/problem.ts";
import { SIGN_IN_ATTEMPTS, SIGN_IN_LOCK_MINUTES } from "./contract.ts";

export const identityProblems = {
  /** The same words for an unknown login and for a wrong password: the answer must not tell which logins exist. */
  wrongPassword: (): Problem => ({
    code: "identity.wrong-password",
    status: 422,
    message: `登录名或密码不正确。连续 ${SIGN_IN_ATTEMPTS} 次不正确，该登录名将锁定 ${SIGN_IN_LOCK_MINUTES} 分钟，再次锁定时间加倍。`,
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
  wrongCurrentPassword: (field: string): Problem => ({
    code: "identity.wrong-current-password",
    status: 422,
    message: `当前密码不正确。连续 ${SIGN_IN_ATTEMPTS} 次不正确，账号将锁定 ${SIGN_IN_LOCK_MINUTES} 分钟。`,
    path: [field],
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
  wrongSecondFactor: (): Problem => ({
    code: "identity.wrong-second-factor",
    status: 422,
    message: "动态口令不正确，或已经用过。请等手机上换出下一个口令再输入；手机不在身边可用恢复码。",
    path: ["code"],
  }),
  secondFactorNeeded: (): Problem => ({
    code: "identity.second-factor-needed",
    status: 422,
    message: "您已启用动态口令，更换设备须先输入当前的动态口令或一个恢复码。",
    path: ["code"],
  }),
  noSecondFactor: (): Problem => ({
    code: "identity.no-second-factor",
    status: 409,
    message: "还没有设置动态口令，请先在“账号安全”中设置。",
  }),
  noSecondFactorOf: (name: string): Problem => ({
    code: "identity.no-second-factor-of",
    status: 409,
    message: `${name}没有启用动态口令，无需重置。`,
  }),
  secondFactorDemanded: (): Problem => ({
    code: "identity.second-factor-demanded",
    status: 409,
    message: "您的职责或单位要求使用动态口令，不能停用；更换设备请用“更换”。",
  }),
  ruleExists: (): Problem => ({
    code: "identity.rule-exists",
    status: 409,
    message: "该项要求已经有了，无需重复添加。",
  }),
  grantWaiting: (): Problem => ({
    code: "identity.grant-waiting",
    status: 409,
    message: "该用户已有一项授权申请在等待批准，请先撤回或等批准后再申请。",
  }),
  notYoursToApprove: (): Problem => ({
    code: "identity.not-yours-to-approve",
    status: 403,
    message: "授权须由另一类管理员批准：业务人员的由安全管理员批准，管理员的由系统管理员批准；本人提出的只能撤回。",
  }),
  singleSignOnFailed: (): Problem => ({
    code: "identity.single-sign-on-failed",
    status: 422,
    message: "统一身份认证没有成功或已超时，请回到登录页重新开始。",
  }),
  singleSignOnOff: (): Problem => ({
    code: "identity.single-sign-on-off",
    status: 409,
    message: "本系统没有配置统一身份认证，请用登录名和密码登录。",
  }),
  linkedAlready: (): Problem => ({
    code: "identity.linked-already",
    status: 409,
    message: "该用户已关联另一个统一身份，请先取消原关联。",
  }),
  /** The same words whether an account of that name exists or not. */
  notLinked: (): Problem => ({
    code: "identity.not-linked",
    status: 403,
    message:
      "该统一身份尚未与本系统账号关联。如您在本系统有账号，关联申请已提交安全管理员，批准后即可登录；也可先用登录名和密码登录。",
  }),
  regionUnknown: (code: string): Problem => ({
    code: "identity.region-unknown",
    status: 422,
    message: `没有代码为 ${code} 的区划，请重新选择。`,
    path: ["region"],
  }),
} as const;
