import { createHash } from "node:crypto";
import { sql } from "kysely";
import type { Db, Tx } from "../../platform/db/database.ts";
import type { VersionState } from "../contract.ts";

export type RuleKindOrParameter = "measure" | "check" | "duty" | "indicator" | "parameter";

export interface VersionRow {
  readonly version_id: string;
  readonly path: string;
  readonly kind: RuleKindOrParameter;
  readonly rule_id: string;
  readonly region: string;
  readonly title: string;
  readonly source: string;
  readonly cases: string | null;
  readonly hash: string;
  readonly in_force_from: string | null;
  readonly in_force_to: string | null;
  readonly origin: "shipped" | "local";
  readonly state: VersionState;
  readonly based_on: string | null;
  readonly gate: unknown;
  readonly override_reason: string | null;
  readonly drafted_by: string | null;
  readonly drafted_by_name: string;
  readonly drafted_at: Date;
  readonly published_by_name: string | null;
  readonly published_at: Date | null;
  readonly lock: number;
}

/** What a version is made of; the rest is its life. */
export interface VersionText {
  readonly path: string;
  readonly kind: RuleKindOrParameter;
  readonly ruleId: string;
  readonly region: string;
  readonly title: string;
  readonly source: string;
  readonly cases: string | null;
  readonly inForceFrom: string | null;
  readonly inForceTo: string | null;
}

export const hashOf = ({ source, cases }: Pick<VersionText, "source" | "cases">): string =>
  createHash("sha256")
    .update(source)
    .update("\0")
    .update(cases ?? "")
    .digest("hex");

const columns = sql`version_id, path, kind, rule_id, region, title, source, cases, hash, in_force_from, in_force_to, origin, state, based_on, gate,
  override_reason, drafted_by, drafted_by_name, drafted_at, published_by_name, published_at, lock`;

export async function publishedVersions(db: Db | Tx): Promise<readonly VersionRow[]> {
  return (
    await sql<VersionRow>`SELECT ${columns} FROM policy.version WHERE state = 'published' ORDER BY path`.execute(db)
  ).rows;
}

export async function findVersion(db: Db | Tx, versionId: string, lock = false): Promise<VersionRow | null> {
  const found =
    await sql<VersionRow>`SELECT ${columns} FROM policy.version WHERE version_id = ${versionId} ${lock ? sql`FOR UPDATE` : sql``}`.execute(
      db,
    );
  return found.rows[0] ?? null;
}

/** Every version of one rule in one division, latest first. */
export async function versionsOfRule(
  db: Db | Tx,
  rule: { kind: string; ruleId: string; region: string },
): Promise<readonly VersionRow[]> {
  return (
    await sql<VersionRow>`SELECT ${columns} FROM policy.version WHERE kind = ${rule.kind} AND rule_id = ${rule.ruleId} AND region = ${rule.region} ORDER BY version_id DESC`.execute(
      db,
    )
  ).rows;
}

export async function versionsAtWork(db: Db | Tx): Promise<readonly VersionRow[]> {
  return (
    await sql<VersionRow>`SELECT ${columns} FROM policy.version WHERE state IN ('draft', 'proposed') ORDER BY version_id DESC`.execute(
      db,
    )
  ).rows;
}

/**
 * SELECT of at most one row, `version_id`: the version of a path by which a case of `day` is judged. That is the text that holds there
 * now, for what takes the place of an earlier text of the same window holds from the window's beginning; where its window does not
 * reach the day, the last text that did. A text that was withdrawn still judges what happened under it. Both are SQL.
 */
export const versionOfDaySql = (path: string, day: string): string =>
  `SELECT v.version_id FROM policy.version v WHERE v.path = ${path} AND v.published_at IS NOT NULL
    AND coalesce(v.in_force_from, '-infinity') <= ${day} AND coalesce(v.in_force_to, 'infinity') >= ${day}
    ORDER BY v.state = 'published' DESC, v.published_at DESC, v.version_id DESC LIMIT 1`;

/** Whether this very text was ever brought before the office under this path. */
export async function isKnown(db: Db | Tx, text: VersionText): Promise<boolean> {
  const found =
    await sql`SELECT 1 FROM policy.version WHERE path = ${text.path} AND hash = ${hashOf(text)} AND state <> 'superseded' LIMIT 1`.execute(
      db,
    );
  return found.rows.length > 0;
}

/** Changes whenever what is in force may have changed: published rules and what localities have set. */
export async function rulebookMark(db: Db | Tx): Promise<string> {
  const found = await sql<{ mark: string }>`SELECT concat_ws('/',
    (SELECT concat(count(*), '-', max(version_id), '-', sum(version_id)) FROM policy.version WHERE state = 'published'),
    (SELECT concat(count(*) FILTER (WHERE removed_at IS NULL), '-', max(setting_id)) FROM policy.setting)) AS mark`.execute(
    db,
  );
  return found.rows[0]!.mark;
}

interface Author {
  readonly officerId: string | null;
  readonly name: string;
}

export async function insertDraft(
  tx: Db | Tx,
  text: VersionText,
  author: Author,
  more: { readonly basedOn?: string | null; readonly origin?: "shipped" | "local" } = {},
): Promise<string> {
  const inserted = await sql<{ version_id: string }>`INSERT INTO policy.version
      (path, kind, rule_id, region, title, source, cases, hash, in_force_from, in_force_to, origin, state, based_on, drafted_by, drafted_by_name)
    VALUES (${text.path}, ${text.kind}, ${text.ruleId}, ${text.region}, ${text.title}, ${text.source}, ${text.cases}, ${hashOf(text)},
      ${text.inForceFrom}, ${text.inForceTo}, ${more.origin ?? "local"}, 'draft', ${more.basedOn ?? null}, ${author.officerId}, ${author.name})
    RETURNING version_id`.execute(tx);
  return inserted.rows[0]!.version_id;
}

/** Writes a draft's text anew; false when somebody else has in the meantime, or it is no draft any more. */
export async function updateDraft(
  tx: Tx,
  versionId: string,
  lock: number,
  text: VersionText,
  author: Author,
): Promise<boolean> {
  const done =
    await sql`UPDATE policy.version SET path = ${text.path}, kind = ${text.kind}, rule_id = ${text.ruleId}, region = ${text.region}, title = ${text.title},
      source = ${text.source}, cases = ${text.cases}, hash = ${hashOf(text)}, in_force_from = ${text.inForceFrom}, in_force_to = ${text.inForceTo},
      drafted_by = ${author.officerId}, drafted_by_name = ${author.name}, drafted_at = now(), lock = lock + 1, gate = NULL
    WHERE version_id = ${versionId} AND state = 'draft' AND lock = ${lock}`.execute(tx);
  return done.numAffectedRows === 1n;
}

export async function moveVersion(tx: Db | Tx, versionId: string, state: VersionState, gate?: unknown): Promise<void> {
  await sql`UPDATE policy.version SET state = ${state}, lock = lock + 1 ${gate === undefined ? sql`` : sql`, gate = ${JSON.stringify(gate)}::jsonb`} WHERE version_id = ${versionId}`.execute(
    tx,
  );
}

export async function keepGate(db: Db | Tx, versionId: string, gate: unknown): Promise<void> {
  await sql`UPDATE policy.version SET gate = ${JSON.stringify(gate)}::jsonb WHERE version_id = ${versionId}`.execute(
    db,
  );
}

/** Puts a version in force in place of the one of the same path that was. */
export async function publishVersion(
  tx: Db | Tx,
  version: Pick<VersionRow, "version_id" | "path">,
  publisher: Author,
  overrideReason: string | null,
): Promise<void> {
  await sql`UPDATE policy.version SET state = 'superseded' WHERE path = ${version.path} AND state = 'published'`.execute(
    tx,
  );
  await sql`UPDATE policy.version SET state = 'published', published_by = ${publisher.officerId}, published_by_name = ${publisher.name}, published_at = now(),
      override_reason = ${overrideReason}, lock = lock + 1 WHERE version_id = ${version.version_id}`.execute(tx);
}
