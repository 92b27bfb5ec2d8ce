import type { Problem } from "../../platform/problem.ts";
import type { WordingFault } from "../letters/wording.ts";

export const payeeProblems = {
  needsRealName: (): Problem => ({
    code: "subsidies.needs-real-name",
    status: 403,
    message: "请先完成实名核验，再查看本人的补贴。",
  }),
  /** The same whether it never was, was used, taken back, tried too often or is over. */
  linkGone: (): Problem => ({
    code: "subsidies.link-gone",
    status: 422,
    message: "该链接已使用、已失效或已过期。可以登录“我的”查看和确认补贴，或到当地人社窗口办理。",
  }),
  /** The same whether the digits or the link are wrong. */
  notHe: (): Problem => ({
    code: "subsidies.not-he",
    status: 422,
    message: "没有核对通过：请核对证件号码后六位。多次不符，链接会失效，请登录“我的”或到当地人社窗口办理。",
    path: ["lastSix"],
  }),
  /** The same whether the number is none, or another's. */
  noProgress: (): Problem => ({
    code: "subsidies.no-progress",
    status: 422,
    message: "没有查到：请核对编号和后六位。编号在消息、文书和“我的补贴”里；单位请填统一社会信用代码后六位。",
    path: ["number"],
  }),
  answeredAlready: (): Problem => ({
    code: "subsidies.answered-already",
    status: 409,
    message: "这件补贴已经不在等待确认，请刷新查看进度。",
  }),
  nothingToSupply: (): Problem => ({
    code: "subsidies.nothing-to-supply",
    status: 409,
    message: "这件补贴现在不在等您补充，可能刚有工作人员办理过。请刷新查看进度。",
  }),
  decidedAlready: (): Problem => ({
    code: "subsidies.decided-already",
    status: 409,
    message: "这件补贴已经审核，或者是补发、预付的，不能在网上撤回。不想领的，请联系办理的单位。",
  }),
  sayWhat: (): Problem => ({
    code: "subsidies.say-what",
    status: 422,
    message: "请写几个字说明情况，工作人员好联系您办理。",
    path: ["said"],
  }),
  nothingToReview: (): Problem => ({
    code: "subsidies.nothing-to-review",
    status: 409,
    message: "这件补贴现在不能这样申请复核：还没有作出决定，或者已有一件复核申请在办理。请刷新查看。",
    path: ["kind"],
  }),
  reviewSettled: (): Problem => ({
    code: "subsidies.review-settled",
    status: 409,
    message: "这件复核申请已经办结或撤回，请刷新。",
  }),
  ownDecision: (): Problem => ({
    code: "subsidies.own-decision",
    status: 403,
    message: "申请复核的决定是您作出的，须由另一人答复。",
  }),
  wordingFault: (field: "title" | "body", { line, column, says }: WordingFault): Problem => ({
    code: "subsidies.wording-fault",
    status: 422,
    message: `${field === "title" ? "标题" : "正文"}第 ${line} 行第 ${column} 个字：${says}。`,
    path: [field],
    details: { line, column },
  }),
  wordingLacks: (names: readonly string[]): Problem => ({
    code: "subsidies.wording-lacks",
    status: 422,
    message: `正文里还须写明${names.map((name) => `{${name}}`).join("、")}，缺了不能保存。`,
    path: ["body"],
  }),
  ownWording: (): Problem => ({
    code: "subsidies.own-wording",
    status: 403,
    message: "这份模板是您起草的，须由另一人批准。",
  }),
  noSuchClaim: (): Problem => ({
    code: "subsidies.no-such-claim",
    status: 422,
    message: "本县没有这个编号的补贴件。请核对，或不填编号，用最近的一件预览。",
    path: ["number"],
  }),
  noClaimYet: (): Problem => ({
    code: "subsidies.no-claim-yet",
    status: 409,
    message: "本县还没有补贴件，暂时不能预览。请先在“补贴办理”里由筛查结果生成。",
  }),
  noVisit: (): Problem => ({
    code: "subsidies.no-visit",
    status: 409,
    message: "这一户已登记上门，或这件补贴已经确认、撤销，不用再上门。请刷新。",
  }),
};
