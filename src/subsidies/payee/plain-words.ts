import type { ClaimState } from "../contract.ts";

interface PlainState {
  /** The state in words that need no explanation. */
  readonly says: string;
  /** What happens next, and who does it; empty where nothing is awaited. */
  readonly next: string;
}

/** The life cycle as its payee reads it. */
export const plainStates: Record<ClaimState, PlainState> = {
  proposed: { says: "您可以领取，等您确认", next: "请您确认，确认后人社部门受理" },
  submitted: { says: "已确认，等人社部门受理", next: "人社部门受理" },
  accepted: { says: "已受理，正在核对", next: "人社部门核对您的信息" },
  correction: { says: "需要您补充材料", next: "请按补正通知补充，补齐后接着办理" },
  checked: { says: "核对通过，等另一人复核", next: "由另一名工作人员复核" },
  escalated: { says: "复核通过，等领导审批", next: "由领导审批" },
  approved: { says: "已决定发放，等公示", next: "公示名单" },
  published: { says: "正在公示", next: "公示期满、没有异议就发放" },
  cleared: { says: "公示已结束，等发放", next: "交银行发放" },
  paying: { says: "正在由银行发放", next: "等银行回复" },
  paid: { says: "已发放到账", next: "" },
  closed: { says: "已发放，办结", next: "" },
  refused: { says: "决定不予发放", next: "" },
  withdrawn: { says: "已撤销，不再办理", next: "" },
};
