import { z } from "zod";
import { action, id, pageOf, paging, query } from "../platform/contract.ts";
import { identityPermissions } from "./accounts/duties.ts";

/** Where the provider sends the browser back to. */
export const SINGLE_SIGN_ON_PATH = "/sign-in/single";
/** Where it sends him after signing out there. */
export const SIGN_IN_PAGE = "/sign-in";

export const startSingleSignOn = action({
  path: "/api/identity/single-sign-on",
  summary: "统一身份认证登录",
  access: "public",
  audit: "none",
  input: z.object({}),
  /** The provider's page, to which the browser goes. */
  output: z.object({ url: z.string() }),
});

export const finishSingleSignOn = action({
  path: "/api/identity/single-sign-on/return",
  summary: "统一身份认证返回",
  access: "public",
  audit: "sign-in",
  input: z.object({
    code: z.string().min(1).max(4000),
    state: z.string().min(1).max(200),
    iss: z.string().max(500).optional(),
  }),
  output: z.object({ mustChangePassword: z.boolean(), secondFactor: z.object({ csrf: z.string() }).nullable() }),
});

export const linkStates = ["waiting", "approved", "refused"] as const;
export type LinkState = (typeof linkStates)[number];
export const linkStateLabels: Record<LinkState, string> = { waiting: "待批准", approved: "已关联", refused: "未批准" };

const linkRow = z.object({
  linkId: id,
  subject: z.string(),
  claim: z.string(),
  officerId: id,
  login: z.string(),
  name: z.string(),
  organisation: z.string(),
  state: z.enum(linkStates),
  requestedAt: z.iso.datetime({ offset: true }),
  decidedBy: z.string().nullable(),
});
export type LinkRow = z.output<typeof linkRow>;

export const listLinks = query({
  path: "/api/identity/links",
  summary: "查看统一身份关联",
  access: { permission: identityPermissions.links },
  input: z.object({ ...paging, state: z.enum(linkStates).optional() }),
  output: pageOf(linkRow),
});

export const decideLink = action({
  path: "/api/identity/links/:linkId/decision",
  summary: "批准或取消统一身份关联",
  access: { permission: identityPermissions.links },
  input: z.object({ linkId: id, approve: z.boolean() }),
  output: z.object({ sessionsEnded: z.int() }),
});
