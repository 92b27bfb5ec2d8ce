import { z } from "zod";
import { action, id, pageOf, paging, query } from "../platform/contract.ts";
import { duties, identityPermissions } from "./accounts/duties.ts";

export const grantStates = ["waiting", "approved", "refused", "withdrawn"] as const;
export type GrantState = (typeof grantStates)[number];
export const grantStateLabels: Record<GrantState, string> = {
  waiting: "待批准",
  approved: "已批准",
  refused: "未批准",
  withdrawn: "已撤回",
};

export const grantKinds = ["create", "assign"] as const;
export type GrantKind = (typeof grantKinds)[number];
export const grantKindLabels: Record<GrantKind, string> = { create: "新增用户", assign: "扩大职责或区域" };

const grantRow = z.object({
  proposalId: id,
  kind: z.enum(grantKinds),
  officerId: id,
  login: z.string(),
  name: z.string(),
  organisation: z.string(),
  regionName: z.string(),
  duties: z.array(z.enum(duties)),
  /** What he holds today; null for a new account. */
  before: z.object({ regionName: z.string(), duties: z.array(z.enum(duties)) }).nullable(),
  state: z.enum(grantStates),
  proposedBy: z.string(),
  proposedAt: z.iso.datetime({ offset: true }),
  decidedBy: z.string().nullable(),
  reason: z.string(),
  /** The caller may approve or refuse it; may withdraw it. */
  mayDecide: z.boolean(),
  mayWithdraw: z.boolean(),
});
export type GrantRow = z.output<typeof grantRow>;

export const listGrants = query({
  path: "/api/identity/grants",
  summary: "查看授权申请",
  access: { permission: identityPermissions.accounts },
  input: z.object({ ...paging, state: z.enum(grantStates).optional() }),
  output: pageOf(grantRow),
});

const one = { proposalId: id };
const reason = z.string("请写明理由").trim().min(2, "请写明理由，至少 2 个字").max(200, "理由最多 200 个字");

export const approveGrant = action({
  path: "/api/identity/grants/:proposalId/approve",
  summary: "批准授权",
  access: { permission: identityPermissions.accounts },
  input: z.object(one),
  output: z.object({}),
});

export const refuseGrant = action({
  path: "/api/identity/grants/:proposalId/refuse",
  summary: "不批准授权",
  access: { permission: identityPermissions.accounts },
  input: z.object({ ...one, reason }),
  output: z.object({}),
});

export const withdrawGrant = action({
  path: "/api/identity/grants/:proposalId/withdraw",
  summary: "撤回授权申请",
  access: { permission: identityPermissions.accounts },
  input: z.object(one),
  output: z.object({}),
});
