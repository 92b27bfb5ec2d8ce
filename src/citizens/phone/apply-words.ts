import type { ApplicationState, ClaimState, LineState, OfferKind } from "#subsidies/contract";
import { el } from "../../platform/browser/dom.ts";

/** Words for the telephone and the tone of their mark; the contract's own would bring its schemas along. */
type Marked = readonly [words: string, tone: "" | "in-force" | "not-yet" | "ended"];

export const offerTags: Record<OfferKind, Marked> = {
  found: ["已比对符合，确认即可", "in-force"],
  ready: ["符合，可以申请", "in-force"],
  facts: ["还差一些情况", "not-yet"],
  report: ["还没有登记", ""],
  "not-yet": ["还没到时间", "not-yet"],
  running: ["正在办理", "in-force"],
  refused: ["目前不符合", "ended"],
};
export const applicationTags: Record<ApplicationState, Marked> = {
  draft: ["草稿", "not-yet"],
  forwarded: ["已转往办理地", "not-yet"],
  returned: ["被退回", "ended"],
  lodged: ["已提交", "in-force"],
  withdrawn: ["已撤回", "ended"],
};
export const lineTags: Record<LineState, Marked> = {
  draft: ["待提交", ""],
  waiting: ["等经办机构核实登记", "not-yet"],
  claimed: ["已立件", "in-force"],
  refused: ["不符合", "ended"],
};
export const claimTags: Record<ClaimState, Marked> = {
  proposed: ["待确认", "not-yet"],
  submitted: ["待受理", "not-yet"],
  accepted: ["审核中", "in-force"],
  correction: ["要补正", "ended"],
  checked: ["审核中", "in-force"],
  escalated: ["审核中", "in-force"],
  approved: ["审核通过", "in-force"],
  published: ["公示中", "in-force"],
  cleared: ["待发放", "in-force"],
  paying: ["发放中", "in-force"],
  paid: ["已发放", "in-force"],
  closed: ["已办结", "in-force"],
  refused: ["不予发放", "ended"],
  withdrawn: ["已撤销", "ended"],
};

export const tag = ([words, tone]: Marked): HTMLElement => el("span", { class: `tag ${tone}` }, words);
