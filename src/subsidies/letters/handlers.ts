import { sql } from "kysely";
import { within } from "#registry";
import { findClaim } from "../claims/store.ts";
import { handle, handleDownload, type ActionContext, type Handler } from "../../platform/module.ts";
import { platformProblems, refuse } from "../../platform/problem.ts";
import {
  approveTemplate,
  downloadLetter,
  draftTemplate,
  listLetters,
  listTemplates,
  previewTemplate,
  templateKinds,
  type LetterView,
  type TemplateKind,
  type TemplateView,
} from "../contract.ts";
import type { SubsidiesOptions } from "../options.ts";
import { officeOf, ownCounty } from "../payee/office.ts";
import { payeeProblems } from "../payee/problems.ts";
import { ownWordings, placeholderOf, templateRules } from "./placeholders.ts";
import {
  approveDraft,
  findDraft,
  findLetter,
  keepDraft,
  lettersOfClaim,
  templatesOf,
  type LetterRow,
  type StoredTemplate,
} from "./store.ts";
import { basisWords, conditionWords, letterValues, wordingSql } from "./values.ts";
import { readWording, type WordingPart } from "./wording.ts";
import { writeLetterDocx } from "./write-docx.ts";
import { writeLetterPdf } from "./write-pdf.ts";

const writers = {
  docx: {
    media: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    write: writeLetterDocx,
  },
  pdf: { media: "application/pdf", write: writeLetterPdf },
} as const;

function toTemplate(kind: TemplateKind, stored: readonly StoredTemplate[], officerId: string | null): TemplateView {
  const own = stored.filter((one) => one.kind === kind);
  const approved = own.filter(({ state }) => state === "approved");
  const draft = own.find(({ state }) => state === "draft");
  const [current, ...earlier] = approved;
  const { names, needed } = templateRules[kind];
  return {
    kind,
    version: current?.version ?? 0,
    title: current?.title ?? ownWordings[kind].title,
    body: current?.body ?? ownWordings[kind].body,
    approvedByName: current?.approved_by_name ?? null,
    approvedAt: current?.approved_at?.toISOString() ?? null,
    draft: draft
      ? {
          templateId: draft.template_id,
          version: draft.version,
          title: draft.title,
          body: draft.body,
          draftedByName: draft.drafted_by_name,
          draftedAt: draft.drafted_at.toISOString(),
          own: draft.drafted_by === officerId,
        }
      : null,
    placeholders: names.map((name) => ({
      name,
      says: placeholderOf(name).says,
      needed: needed.includes(name),
    })),
    earlier: earlier.map((one) => ({
      templateId: one.template_id,
      version: one.version,
      title: one.title,
      body: one.body,
      approvedByName: one.approved_by_name ?? "",
      approvedAt: one.approved_at!.toISOString(),
    })),
  };
}

/** Both parts of a wording, read; refused with the place where one cannot be, and where something must be said that is not. */
function readBoth(
  kind: TemplateKind,
  { title, body }: { readonly title: string; readonly body: string },
): { readonly title: readonly WordingPart[]; readonly body: readonly WordingPart[] } {
  const { names, needed } = templateRules[kind];
  const known = new Set<string>(names);
  const read = (field: "title" | "body", text: string) => {
    const found = readWording(text, known);
    return "fault" in found ? refuse(payeeProblems.wordingFault(field, found.fault)) : found;
  };
  const [head, text] = [read("title", title), read("body", body)];
  const missing = needed.filter((name) => !text.names.has(name) && !head.names.has(name));
  if (missing.length > 0) refuse(payeeProblems.wordingLacks(missing));
  return { title: head.parts, body: text.parts };
}

const toLetter = (row: LetterRow): LetterView => ({
  letterId: row.letter_id,
  claimId: row.claim_id,
  kind: row.kind,
  number: row.number,
  title: row.title,
  body: row.body,
  office: row.office,
  issuedOn: row.issued_on,
  issuedByName: row.issued_by_name,
  version: row.version,
  digest: row.digest,
});

export function letterHandlers({ rulebook }: Pick<SubsidiesOptions, "rulebook">): readonly Handler[] {
  /** A claim of the county by its number, or the last one that there is. */
  async function claimFor({ tx, caller }: ActionContext, number: string) {
    const found = await sql<{ claim_id: string; number: string; region: string; version_id: string }>`
      SELECT c.claim_id, c.number, c.region, c.version_id FROM subsidies.claim c
      WHERE ${within("c.region", caller.sight.region)} ${number ? sql`AND c.number = ${number.toUpperCase()}` : sql``}
      ORDER BY c.claim_id DESC LIMIT 1`.execute(tx);
    return found.rows[0] ?? refuse(number ? payeeProblems.noSuchClaim() : payeeProblems.noClaimYet());
  }

  return [
    handle(listTemplates, async (context) => {
      const region = ownCounty(context);
      const stored = await templatesOf(context.tx, region);
      return { region, rows: templateKinds.map((kind) => toTemplate(kind, stored, context.caller.officerId)) };
    }),

    handle(draftTemplate, async (context, { kind, title, body }) => {
      const { tx, caller } = context;
      const region = ownCounty(context);
      readBoth(kind, { title, body });
      const draft = { region, kind, title, body, officerId: caller.officerId!, name: caller.name };
      const templateId = await keepDraft(tx, draft);
      context.audit({ subject: `subsidies.template:${templateId}`, region, kind });
      return { templateId };
    }),

    handle(approveTemplate, async (context, { templateId }) => {
      const { tx, caller } = context;
      const region = ownCounty(context);
      const draft = (await findDraft(tx, region, templateId)) ?? refuse(platformProblems.notFound("这份待批准的模板"));
      if (draft.drafted_by === caller.officerId) refuse(payeeProblems.ownWording());
      await approveDraft(tx, templateId, { officerId: caller.officerId!, name: caller.name });
      context.audit({ subject: `subsidies.template:${templateId}`, region, kind: draft.kind, version: draft.version });
      return { version: draft.version };
    }),

    handle(previewTemplate, async (context, { kind, title, body, number }) => {
      const { tx, businessDate } = context;
      const parts = readBoth(kind, { title, body });
      const claim = await claimFor(context, number);
      const { office } = await officeOf(tx, claim.region);
      const book = await rulebook.get(tx);
      const measure = await rulebook.versionOf(tx, claim.version_id);
      const values = {
        ...letterValues({
          office,
          basis: measure ? basisWords(book, measure) : "",
          conditions: measure ? conditionWords(measure) : "",
          note: "（办理时填写的意见）",
          number: sql<string>`${`${office.mark}〔${businessDate.slice(0, 4)}〕×号`}::text`,
        }),
        链接: sql<string>`'（本人的一次性链接）'::text`,
        截止日期: sql<string>`'（链接的最后一天）'::text`,
      };
      const filled = await sql<{ title: string; body: string }>`
        SELECT ${wordingSql(parts.title, values)} AS title, ${wordingSql(parts.body, values)} AS body
        FROM subsidies.claim c CROSS JOIN (SELECT ${businessDate}::date AS today) d WHERE c.claim_id = ${claim.claim_id}`.execute(
        tx,
      );
      context.audit({ subject: `subsidies.claim:${claim.claim_id}`, region: claim.region, count: 1 });
      return { claimNumber: claim.number, ...filled.rows[0]! };
    }),

    handle(listLetters, async (context, { claimId }) => {
      const { tx, caller } = context;
      const claim =
        (await findClaim(tx, caller.sight.region, claimId)) ?? refuse(platformProblems.notFound("这件补贴"));
      const rows = await lettersOfClaim(tx, claimId);
      context.audit({ subject: `subsidies.claim:${claimId}`, region: claim.region, count: rows.length });
      return { rows: rows.map(toLetter) };
    }),

    handleDownload(downloadLetter, async (context, { letterId, format }) => {
      const letter =
        (await findLetter(context.tx, context.caller.sight.region, letterId)) ??
        refuse(platformProblems.notFound("这份文书"));
      context.audit({ subject: `subsidies.letter:${letterId}`, region: letter.region, count: 1, format });
      const { media, write } = writers[format];
      return { fileName: `${letter.title}-${letter.number}.${format}`, mediaType: media, body: await write(letter) };
    }),
  ];
}
