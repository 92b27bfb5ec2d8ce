/** What the telephone's pages need too: no schemas, which would weigh more than the pages. */

/** What a payee may say of a claim that waits for him. */
export const payeeAnswers = ["confirm", "notMine", "decline", "otherAccount"] as const;
export type PayeeAnswer = (typeof payeeAnswers)[number];
export const payeeAnswerLabels: Record<PayeeAnswer, string> = {
  confirm: "确认领取",
  notMine: "不是我的",
  decline: "我不领取",
  otherAccount: "要换收款账户",
};

/** How he said it. */
export const answerWays = ["link", "account", "visit"] as const;
export type AnswerWay = (typeof answerWays)[number];
export const answerWayLabels: Record<AnswerWay, string> = { link: "链接", account: "本人账号", visit: "上门" };

/** 复核申请: what a payee holds to be wrong. */
export const reviewKinds = ["refusal", "amount", "facts"] as const;
export type ReviewKind = (typeof reviewKinds)[number];
export const reviewKindLabels: Record<ReviewKind, string> = {
  refusal: "对不予发放有异议",
  amount: "对金额有异议",
  facts: "所用的信息有误",
};
export const reviewStates = ["open", "upheld", "rejected", "withdrawn"] as const;
export type ReviewState = (typeof reviewStates)[number];
export const reviewStateLabels: Record<ReviewState, string> = {
  open: "办理中",
  upheld: "已采纳",
  rejected: "未采纳",
  withdrawn: "已撤回",
};

/** Letters that offices issue: 受理通知, 补正通知, 不予发放决定, 发放决定. */
export const letterKinds = ["acceptance", "correction", "refusal", "award"] as const;
export type LetterKind = (typeof letterKinds)[number];
export const letterKindLabels: Record<LetterKind, string> = {
  acceptance: "受理通知书",
  correction: "补正通知书",
  refusal: "不予发放决定书",
  award: "发放决定书",
};
