import { z } from "zod";
import { action, download, id, plainDate, query } from "../platform/contract.ts";
import { letterKindLabels, letterKinds } from "./payee-words.ts";
import { payeePermissions, subsidiesPermissions } from "./permissions.ts";

/** Wordings that an office keeps: of letters, and of the message that tells of a claim. */
export const templateKinds = [...letterKinds, "message"] as const;
export type TemplateKind = (typeof templateKinds)[number];
export const templateKindLabels: Record<TemplateKind, string> = { ...letterKindLabels, message: "补贴消息" };

const may = (permission: string) => ({ permission });
const moment = z.iso.datetime({ offset: true });

const wording = {
  title: z.string("请填写标题").trim().min(2, "标题至少 2 个字").max(60, "标题最多 60 个字"),
  body: z.string("请填写正文").trim().min(10, "正文至少 10 个字").max(4000, "正文最多 4000 个字"),
};

const template = z.object({
  kind: z.enum(templateKinds),
  /** 0: the program's own wording, which holds until an office has one. */
  version: z.int(),
  title: z.string(),
  body: z.string(),
  approvedByName: z.string().nullable(),
  approvedAt: moment.nullable(),
  draft: z
    .object({
      templateId: id,
      version: z.int(),
      title: z.string(),
      body: z.string(),
      draftedByName: z.string(),
      draftedAt: moment,
      /** The caller drafted it: another must approve. */
      own: z.boolean(),
    })
    .nullable(),
  placeholders: z.array(z.object({ name: z.string(), says: z.string(), needed: z.boolean() })),
  /** Versions that were approved before. */
  earlier: z.array(
    z.object({
      templateId: id,
      version: z.int(),
      title: z.string(),
      body: z.string(),
      approvedByName: z.string(),
      approvedAt: moment,
    }),
  ),
});
export type TemplateView = z.output<typeof template>;

export const listTemplates = query({
  path: "/api/subsidies/templates",
  summary: "查看文书模板",
  access: may(subsidiesPermissions.read),
  input: z.object({}),
  output: z.object({ region: z.string(), rows: z.array(template) }),
});
export const draftTemplate = action({
  path: "/api/subsidies/templates",
  summary: "起草文书模板",
  access: may(payeePermissions.templates),
  input: z.strictObject({ kind: z.enum(templateKinds), ...wording }),
  output: z.object({ templateId: id }),
});
export const approveTemplate = action({
  path: "/api/subsidies/templates/:templateId/approve",
  summary: "批准文书模板",
  access: may(payeePermissions.approveTemplates),
  input: z.strictObject({ templateId: id }),
  output: z.object({ version: z.int() }),
});
/** The wording on a claim that there is: by its number, or the last one of the office. Nothing is issued. */
export const previewTemplate = action({
  path: "/api/subsidies/templates/preview",
  summary: "预览文书模板",
  access: may(payeePermissions.templates),
  audit: "query",
  input: z.strictObject({ kind: z.enum(templateKinds), ...wording, number: z.string().trim().max(40).default("") }),
  output: z.object({ claimNumber: z.string(), title: z.string(), body: z.string() }),
});

const letter = z.object({
  letterId: id,
  claimId: id,
  kind: z.enum(letterKinds),
  number: z.string(),
  title: z.string(),
  body: z.string(),
  office: z.string(),
  issuedOn: plainDate,
  issuedByName: z.string(),
  version: z.int(),
  digest: z.string(),
});
export type LetterView = z.output<typeof letter>;

export const listLetters = query({
  path: "/api/subsidies/claims/:claimId/letters",
  summary: "查看补贴件文书",
  access: may(subsidiesPermissions.read),
  audit: "query",
  input: z.object({ claimId: id }),
  output: z.object({ rows: z.array(letter) }),
});

export const letterFormats = ["docx", "pdf"] as const;
export const downloadLetter = download({
  path: "/api/subsidies/letters/:letterId",
  summary: "下载文书",
  access: may(subsidiesPermissions.read),
  input: z.object({ letterId: id, format: z.enum(letterFormats) }),
});
