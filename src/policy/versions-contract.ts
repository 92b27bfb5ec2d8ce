import { defineFlow } from "../platform/contract.ts";

/** 草稿 → 待发布 → 施行; what a later text of the same path replaces is 已替代. */
export const versionStates = ["draft", "proposed", "published", "superseded", "withdrawn"] as const;
export type VersionState = (typeof versionStates)[number];
export const versionStateLabels: Record<VersionState, string> = {
  draft: "草稿",
  proposed: "待发布",
  published: "已发布",
  superseded: "已替代",
  withdrawn: "已撤回",
};
export const versionActs = ["save", "propose", "return", "publish", "withdraw", "supersede"] as const;
export type VersionAct = (typeof versionActs)[number];
export const versionActLabels: Record<VersionAct, string> = {
  save: "保存草稿",
  propose: "提交发布",
  return: "退回修改",
  publish: "发布",
  withdraw: "撤回",
  supersede: "被替代",
};
export const versionFlow = defineFlow<VersionState, VersionAct>({
  draft: { save: "draft", propose: "proposed", withdraw: "withdrawn" },
  proposed: { return: "draft", publish: "published", withdraw: "withdrawn" },
  published: { supersede: "superseded" },
  superseded: {},
  withdrawn: {},
});
