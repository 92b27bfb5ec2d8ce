import { z } from "zod";
import { action, download, id, pageOf, paging, plainDate, query, regionCode, upload } from "../platform/contract.ts";
import { correctionForm, correctionRow, mandateRow, moment, words } from "./forms-contract.ts";
import { correctionStates } from "./words.ts";

export const citizensPermissions = {
  /** Answers requests for correction, and agrees to legal representatives. */
  answer: "citizens.answer",
  /** Records authorities, acts on them, and hands out one-time links. */
  act: "citizens.act",
} as const;

// ── At the office ───────────────────────────────────────────────────────────────────────────────────────────────────────

export const listCorrections = query({
  path: "/api/corrections",
  summary: "查询更正申请",
  access: { permission: citizensPermissions.answer },
  audit: "query",
  input: z.object({
    ...paging,
    region: regionCode.optional(),
    state: z.enum(correctionStates).optional(),
    late: z.enum(["true", "false"]).optional(),
  }),
  output: pageOf(
    correctionRow.extend({
      personId: id,
      personName: z.string(),
      identityMask: z.string(),
      home: z.string(),
      late: z.boolean(),
      decidedBy: z.string().nullable(),
    }),
  ),
});
/** What waits at the desk, for the navigation: no names, so nothing for the audit log. */
export const countCorrections = query({
  path: "/api/corrections/counts",
  summary: "查看待答复更正申请数",
  access: { permission: citizensPermissions.answer },
  input: z.object({}),
  output: z.object({ waiting: z.int(), late: z.int() }),
});
export type QueuedCorrection = z.output<typeof listCorrections.output>["rows"][number];
const answer = words("答复", 300);
const decided = z.object({ state: z.enum(correctionStates), raised: z.array(z.string()) });
export const acceptCorrection = action({
  path: "/api/corrections/:correctionId/accept",
  summary: "采纳更正申请",
  access: { permission: citizensPermissions.answer },
  input: z.strictObject({ correctionId: id, answer }),
  /** Labels of cells where another source is believed more, and a comparison task was raised. */
  output: decided,
});
export const refuseCorrection = action({
  path: "/api/corrections/:correctionId/refuse",
  summary: "不采纳更正申请",
  access: { permission: citizensPermissions.answer },
  input: z.strictObject({ correctionId: id, answer }),
  output: decided,
});
export const downloadEvidence = download({
  path: "/api/corrections/:correctionId/evidence",
  summary: "查看更正证明材料",
  access: { permission: citizensPermissions.answer },
  input: z.object({ correctionId: id }),
});

export const personAccount = query({
  path: "/api/citizens/persons/:personId",
  summary: "查看本人账号与代办授权",
  access: { permission: citizensPermissions.act },
  input: z.object({ personId: id }),
  output: z.object({
    account: z.object({ phoneMask: z.string(), boundAt: moment, boundBy: z.enum(["registry", "officer"]) }).nullable(),
    mandates: z.array(mandateRow.extend({ own: z.boolean(), inForce: z.boolean() })),
    links: z.array(
      z.object({
        linkId: id,
        purpose: z.enum(["bind-account", "correction"]),
        reason: z.string(),
        issuedBy: z.string(),
        expiresAt: moment,
        state: z.enum(["open", "used", "revoked", "expired"]),
      }),
    ),
  }),
});
export type PersonAccount = z.output<typeof personAccount.output>;

export const recordMandate = upload({
  path: "/api/citizens/persons/:personId/mandates",
  summary: "登记代办授权",
  access: { permission: citizensPermissions.act },
  input: z.strictObject({
    personId: id,
    authority: z.enum(["written", "witnessed", "guardian"], "请选择授权方式"),
    authorisedOn: plainDate,
    validFrom: plainDate,
    validTo: plainDate,
    note: z.string().trim().max(200, "说明最多 200 个字").default(""),
  }),
  output: z.object({ mandateId: id }),
});
export const endMandate = action({
  path: "/api/citizens/mandates/:mandateId/end",
  summary: "终止代办授权",
  access: { permission: citizensPermissions.act },
  input: z.strictObject({ mandateId: id }),
  output: z.object({}),
});
export const askOnMandate = action({
  path: "/api/citizens/mandates/:mandateId/corrections",
  summary: "代办更正申请",
  access: { permission: citizensPermissions.act },
  input: z.strictObject({ mandateId: id, ...correctionForm }),
  output: z.object({ correctionId: id, dueOn: plainDate }),
});
export const issueLink = action({
  path: "/api/citizens/persons/:personId/links",
  summary: "发放一次性链接",
  access: { permission: citizensPermissions.act },
  input: z.strictObject({
    personId: id,
    purpose: z.enum(["bind-account", "correction"], "请选择用途"),
    reason: words("依据", 100),
    hours: z.int().min(1).max(168).default(24),
  }),
  /** The address is shown here and nowhere else. */
  output: z.object({ path: z.string(), expiresAt: moment }),
});
export const revokeLink = action({
  path: "/api/citizens/links/:linkId/revoke",
  summary: "作废一次性链接",
  access: { permission: citizensPermissions.act },
  input: z.strictObject({ linkId: id }),
  output: z.object({}),
});

export const listRepresentatives = query({
  path: "/api/citizens/representatives",
  summary: "查询企业账号申请",
  access: { permission: citizensPermissions.answer },
  audit: "query",
  input: z.object({ ...paging, state: z.enum(["asked", "active", "refused", "ended"]).optional() }),
  output: pageOf(
    z.object({
      memberId: id,
      employerId: id,
      employerName: z.string(),
      creditCode: z.string().nullable(),
      regionName: z.string(),
      name: z.string(),
      phoneMask: z.string(),
      state: z.enum(["asked", "invited", "active", "refused", "ended"]),
      askedAt: moment,
      evidence: z.string().nullable(),
      decidedBy: z.string().nullable(),
      answer: z.string(),
    }),
  ),
});
export const decideRepresentative = action({
  path: "/api/citizens/representatives/:memberId/decision",
  summary: "审核企业账号申请",
  access: { permission: citizensPermissions.answer },
  input: z.strictObject({ memberId: id, approve: z.boolean(), answer }),
  output: z.object({}),
});
export const downloadLicence = download({
  path: "/api/citizens/representatives/:memberId/evidence",
  summary: "查看企业账号证明材料",
  access: { permission: citizensPermissions.answer },
  input: z.object({ memberId: id }),
});
