import { defineFlow } from "../platform/contract.ts";

export const applicationStates = ["draft", "forwarded", "returned", "lodged", "withdrawn"] as const;
export type ApplicationState = (typeof applicationStates)[number];
export const applicationStateLabels: Record<ApplicationState, string> = {
  draft: "草稿",
  forwarded: "已转出，待签收",
  returned: "被退回",
  lodged: "已提交",
  withdrawn: "已撤回",
};

const applicationActs = ["submit", "forward", "receive", "return", "withdraw"] as const;
export type ApplicationAct = (typeof applicationActs)[number];
/** 申请: until claims are made of it. A draft that is dropped leaves nothing. */
export const applicationFlow = defineFlow<ApplicationState, ApplicationAct>({
  draft: { submit: "lodged", forward: "forwarded" },
  forwarded: { receive: "lodged", return: "returned", withdraw: "withdrawn" },
  returned: { forward: "forwarded", withdraw: "withdrawn" },
  lodged: {},
  withdrawn: {},
});

export const lineStates = ["draft", "waiting", "claimed", "refused"] as const;
export type LineState = (typeof lineStates)[number];
export const lineStateLabels: Record<LineState, string> = {
  draft: "待提交",
  waiting: "待核实登记",
  claimed: "已立件",
  refused: "不符合",
};

/** How somebody came to apply: himself, or an officer for him. */
export const applicationWays = ["self", "counter", "visit", "authorised"] as const;
export type ApplicationWay = (typeof applicationWays)[number];
export const applicationWayLabels: Record<ApplicationWay, string> = {
  self: "本人网上申请",
  counter: "窗口代填（本人在场）",
  visit: "上门办",
  authorised: "受托代办",
};

/** What there is for an applicant under one measure, before anything is asked for. */
export const offerKinds = ["found", "ready", "facts", "report", "not-yet", "running", "refused"] as const;
export type OfferKind = (typeof offerKinds)[number];
export const offerKindLabels: Record<OfferKind, string> = {
  found: "已比对符合，确认即可",
  ready: "符合，可以申请",
  facts: "还差情况，可以申请",
  report: "没有登记，可以申请登记",
  "not-yet": "还没到时间",
  running: "正在办理",
  refused: "目前不符合",
};

export const applicationViews = ["drafts", "waiting", "received", "sent", "lodged"] as const;
export type ApplicationViewName = (typeof applicationViews)[number];
export const applicationViewLabels: Record<ApplicationViewName, string> = {
  drafts: "我的草稿",
  received: "外地转来",
  sent: "转出",
  waiting: "待核实登记",
  lodged: "全部已提交",
};
