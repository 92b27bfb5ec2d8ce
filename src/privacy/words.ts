/** Words of the privacy pages, without schemas: the telephone's pages need them too. */
export const settingStates = ["waiting", "approved", "refused", "withdrawn"] as const;
export const runKinds = ["nightly", "asked", "request", "consent", "restored"] as const;
export const runKindLabels: Record<(typeof runKinds)[number], string> = {
  nightly: "夜间自动",
  asked: "人工启动",
  request: "本人申请",
  consent: "撤回同意",
  restored: "恢复备份后重做",
};
export const requestStates = ["waiting", "approved", "refused", "withdrawn", "done"] as const;
export type RequestState = (typeof requestStates)[number];
export const requestStateLabels: Record<RequestState, string> = {
  waiting: "办理中",
  approved: "已同意，正在删除",
  refused: "未同意",
  withdrawn: "已撤回",
  done: "已删除",
};
/** As a correction: half of the thirty days of GB/T 35273-2020, 8.7 c). */
export const REQUEST_DAYS = 15;
/** 告知的版本 */
export const NOTICE_VERSION = "1.0";
export const NOTICE_DATE = "2026-11-22";
