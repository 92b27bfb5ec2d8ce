import { sql, type RawBuilder } from "kysely";
import { within, type Scope } from "#registry";
import type { Tx } from "../../platform/db/database.ts";
import type { LetterKind, TemplateKind } from "../contract.ts";
import { ownWordings, templateRules } from "./placeholders.ts";
import { readWording, type WordingPart } from "./wording.ts";

export interface StoredTemplate {
  readonly template_id: string;
  readonly kind: TemplateKind;
  readonly version: number;
  readonly title: string;
  readonly body: string;
  readonly state: "draft" | "approved";
  readonly drafted_by: string;
  readonly drafted_by_name: string;
  readonly drafted_at: Date;
  readonly approved_by_name: string | null;
  readonly approved_at: Date | null;
}

const columns = sql.raw(
  "t.template_id, t.kind, t.version, t.title, t.body, t.state, t.drafted_by, t.drafted_by_name, t.drafted_at, t.approved_by_name, t.approved_at",
);

export async function templatesOf(tx: Tx, region: string): Promise<readonly StoredTemplate[]> {
  const found =
    await sql<StoredTemplate>`SELECT ${columns} FROM subsidies.letter_template t WHERE t.region = ${region} ORDER BY t.kind, t.version DESC`.execute(
      tx,
    );
  return found.rows;
}

/** The wording that holds: the office's last approved one, or the program's own. */
export interface Wording {
  readonly templateId: string | null;
  readonly title: readonly WordingPart[];
  readonly body: readonly WordingPart[];
  /** As it was written, where no template names it. */
  readonly written: string | null;
}

export async function wordingOf(tx: Tx, region: string, kind: TemplateKind): Promise<Wording> {
  const found = await sql<StoredTemplate>`SELECT ${columns} FROM subsidies.letter_template t
    WHERE t.region = ${region} AND t.kind = ${kind} AND t.state = 'approved' ORDER BY t.version DESC LIMIT 1`.execute(
    tx,
  );
  const [row] = found.rows;
  const { title, body } = row ?? ownWordings[kind];
  return {
    templateId: row?.template_id ?? null,
    title: partsOf(kind, title),
    body: partsOf(kind, body),
    written: row ? null : `${title}\n${body}`,
  };
}

function partsOf(kind: TemplateKind, text: string): readonly WordingPart[] {
  const read = readWording(text, new Set<string>(templateRules[kind].names));
  // It was read when it was written down; a placeholder of then is never taken away.
  if ("fault" in read) throw new Error(`the wording of ${kind} cannot be read: ${read.fault.says}`);
  return read.parts;
}

/** Writes the office's draft of a kind: the one that waits, or the next version. Null where somebody else's waits. */
export async function keepDraft(
  tx: Tx,
  draft: {
    readonly region: string;
    readonly kind: TemplateKind;
    readonly title: string;
    readonly body: string;
    readonly officerId: string;
    readonly name: string;
  },
): Promise<string> {
  const made = await sql<{ template_id: string }>`
    INSERT INTO subsidies.letter_template (region, kind, version, title, body, state, drafted_by, drafted_by_name)
    SELECT ${draft.region}, ${draft.kind}, coalesce(max(t.version), 0) + 1, ${draft.title}, ${draft.body}, 'draft', ${draft.officerId}::bigint, ${draft.name}
    FROM subsidies.letter_template t WHERE t.region = ${draft.region} AND t.kind = ${draft.kind} AND t.state = 'approved'
    ON CONFLICT (region, kind) WHERE state = 'draft' DO UPDATE SET title = EXCLUDED.title, body = EXCLUDED.body, drafted_by = EXCLUDED.drafted_by,
      drafted_by_name = EXCLUDED.drafted_by_name, drafted_at = now()
    RETURNING template_id`.execute(tx);
  return made.rows[0]!.template_id;
}

/** A draft of the county, locked. */
export async function findDraft(tx: Tx, region: string, templateId: string): Promise<StoredTemplate | null> {
  const found =
    await sql<StoredTemplate>`SELECT ${columns} FROM subsidies.letter_template t WHERE t.region = ${region} AND t.template_id = ${templateId} AND t.state = 'draft' FOR UPDATE`.execute(
      tx,
    );
  return found.rows[0] ?? null;
}

export async function approveDraft(
  tx: Tx,
  templateId: string,
  by: { readonly officerId: string; readonly name: string },
): Promise<void> {
  await sql`UPDATE subsidies.letter_template SET state = 'approved', approved_by = ${by.officerId}::bigint, approved_by_name = ${by.name}, approved_at = now()
    WHERE template_id = ${templateId}`.execute(tx);
}

export interface LetterRow {
  readonly letter_id: string;
  readonly claim_id: string;
  readonly region: string;
  readonly kind: LetterKind;
  readonly number: string;
  readonly title: string;
  readonly body: string;
  readonly office: string;
  readonly issued_on: string;
  readonly issued_by_name: string;
  readonly digest: string;
  readonly version: number;
}

const letters = (where: RawBuilder<unknown>) => sql<LetterRow>`
  SELECT l.letter_id, l.claim_id, l.region, l.kind, l.number, l.title, l.body, l.office, l.issued_on, l.issued_by_name, l.digest, coalesce(t.version, 0) AS version
  FROM subsidies.letter l LEFT JOIN subsidies.letter_template t ON t.template_id = l.template_id WHERE ${where} ORDER BY l.letter_id DESC`;

export async function lettersOfClaim(tx: Tx, claimId: string): Promise<readonly LetterRow[]> {
  return (await letters(sql`l.claim_id = ${claimId}`).execute(tx)).rows;
}

/** A letter of the officer's area. */
export async function findLetter(tx: Tx, scope: Scope, letterId: string): Promise<LetterRow | null> {
  return (await letters(sql`l.letter_id = ${letterId} AND ${within("l.region", scope)}`).execute(tx)).rows[0] ?? null;
}
