import type { Problem } from "../platform/problem.ts";
import { CODE_MINUTES } from "./words.ts";

export const citizensProblems = {
  noCarrier: (): Problem => ({
    code: "citizens.no-carrier",
    status: 503,
    message: "短信通道还没有开通，暂时不能用手机号登录。请到当地人社窗口办理，或拨打 12333。",
  }),
  codeWrong: (): Problem => ({
    code: "citizens.code-wrong",
    status: 422,
    message: `验证码不正确或已过期（${CODE_MINUTES} 分钟内有效，用一次即失效）。请核对，或重新获取。`,
    path: ["code"],
  }),
  accountLocked: (): Problem => ({
    code: "citizens.account-locked",
    status: 423,
    message: "该账号已停用，请带身份证到当地人社窗口办理。",
  }),
  /** The same words whether the person is not there, the name or the telephone differs, or somebody else has bound him. */
  notVerified: (): Problem => ({
    code: "citizens.not-verified",
    status: 422,
    message:
      "没有核验通过：姓名、身份证号与登记的手机号须一致。请核对后再试；手机号已更换的，请带身份证到村（社区）或乡镇服务窗口，由工作人员核实后发给您绑定链接。",
  }),
  needsRealName: (): Problem => ({
    code: "citizens.needs-real-name",
    status: 403,
    message: "请先完成实名核验，再查看本人信息。",
  }),
  boundAlready: (): Problem => ({
    code: "citizens.bound-already",
    status: 409,
    message: "该账号已完成实名核验，不能再绑定他人。",
  }),
  forHimself: (): Problem => ({
    code: "citizens.for-himself",
    status: 403,
    message: "当前以企业身份办理，请先切换回本人。",
  }),
  notMember: (): Problem => ({
    code: "citizens.not-member",
    status: 403,
    message: "您不是该企业的工作人员，或当前没有以企业身份办理。",
  }),
  mayNotInvite: (): Problem => ({
    code: "citizens.may-not-invite",
    status: 403,
    message: "您的角色不能发出这项邀请：管理员由法定代表人邀请，经办人由法定代表人或管理员邀请；本人不能邀请自己。",
  }),
  linkGone: (): Problem => ({
    code: "citizens.link-gone",
    status: 422,
    message: "该链接已使用、已作废或已过期，请联系发给您链接的工作人员重新发放。",
  }),
  mandateNotInForce: (): Problem => ({
    code: "citizens.mandate-not-in-force",
    status: 403,
    message: "没有可用的代办授权：授权须由本人登记、在有效期内且未被撤销。",
  }),
  mandateDates: (): Problem => ({
    code: "citizens.mandate-dates",
    status: 422,
    message: "授权日期不合：生效日不早于授权日，截止日不早于生效日和今天，有效期最长一年，授权日不能晚于今天。",
    path: ["validTo"],
  }),
  correctionSettled: (): Problem => ({
    code: "citizens.correction-settled",
    status: 409,
    message: "该申请已经办结，请刷新页面。",
  }),
  askedAlready: (): Problem => ({
    code: "citizens.asked-already",
    status: 409,
    message: "这一项已有一件更正申请在办理中，请等答复，或先撤回再重新提交。",
    path: ["field"],
  }),
  representedAlready: (): Problem => ({
    code: "citizens.represented-already",
    status: 409,
    message: "该企业已有法定代表人账号，请先核实并由原账号退出后再审核。",
  }),
  evidenceUnfit: (): Problem => ({
    code: "citizens.evidence-unfit",
    status: 422,
    message: "证明材料只收 JPG、PNG 图片或 PDF 文件，10 MB 以内。",
    path: ["file"],
  }),
} as const;
