import { sql, type RawBuilder } from "kysely";
import { within, type Scope } from "#registry";
import type { Db, Tx } from "../../platform/db/database.ts";
import type { StoredFile } from "../../platform/files/store.ts";
import type { ApplicationState, ApplicationViewName, ApplicationWay, ClaimState, LineState } from "../contract.ts";

export interface StoredApplication {
  readonly application_id: string;
  readonly number: string;
  readonly region: string;
  readonly pays_region: string;
  readonly bundle: string | null;
  readonly person_id: string | null;
  readonly employer_id: string | null;
  readonly applicant_name: string;
  readonly identity_mask: string | null;
  readonly identity_hash: string | null;
  readonly way: ApplicationWay;
  readonly agent: string | null;
  readonly account_id: string | null;
  readonly taken_by: string | null;
  readonly taken_by_name: string;
  readonly organisation: string;
  readonly state: ApplicationState;
  readonly begun_on: string;
  readonly submitted_on: string | null;
  readonly answered_on: string | null;
  readonly answered_by_name: string | null;
  readonly answer: string;
  readonly lock: number;
}
export interface StoredLine {
  readonly line_id: string;
  readonly application_id: string;
  readonly rule_path: string;
  readonly rule_id: string;
  readonly title: string;
  readonly state: LineState;
  readonly why: string;
  readonly due_on: string | null;
  readonly claim_ids: readonly string[];
  readonly decided_by_name: string | null;
}
export interface StoredStatement {
  readonly fact: string;
  readonly label: string;
  readonly value: string | number | boolean;
  readonly shown: string;
  readonly checked: "waiting" | "accepted" | "rejected";
  readonly checked_by_name: string | null;
  readonly reason: string;
}
export interface StoredAttachment {
  readonly file_id: string;
  readonly material: string;
  readonly key: string;
  readonly name: string;
  readonly bytes: string;
  readonly sha256: string;
  readonly media_type: string;
  readonly added_by_name: string;
  readonly added_at: Date;
}

const columns = sql.raw(
  "a.application_id, a.number, a.region, a.pays_region, a.bundle, a.person_id, a.employer_id, a.applicant_name, a.identity_mask, a.identity_hash, a.way, a.agent, a.account_id, a.taken_by, a.taken_by_name, a.organisation, a.state, a.begun_on, a.submitted_on, a.answered_on, a.answered_by_name, a.answer, a.lock",
);

/** The first wall: applications that an office sees, where they were taken or are decided, and never an account's draft. */
const ofOffice = (scope: Scope): RawBuilder<boolean> =>
  sql<boolean>`(${within("a.region", scope)} AND (a.account_id IS NULL OR a.state <> 'draft') OR ${within("a.pays_region", scope)} AND a.state <> 'draft')`;
/** Those of the person or the enterprise whose account asks; what an officer has not handed in yet is not shown to him. */
const ofAccount = (self: {
  readonly accountId: string;
  readonly personId: string | null;
  readonly employerId: string | null;
}) =>
  sql<boolean>`((a.person_id = ${self.personId} OR a.employer_id = ${self.employerId}) AND (a.account_id = ${self.accountId} OR a.state <> 'draft'))`;
export type Wall = RawBuilder<boolean>;
export const walls = { ofOffice, ofAccount };

export async function findApplication(tx: Tx, wall: Wall, applicationId: string): Promise<StoredApplication | null> {
  const found =
    await sql<StoredApplication>`SELECT ${columns} FROM subsidies.application a WHERE a.application_id = ${applicationId} AND ${wall}`.execute(
      tx,
    );
  return found.rows[0] ?? null;
}

/** Without a wall, for the worker: locked until its transaction ends. */
export async function lockApplication(tx: Tx, applicationId: string): Promise<StoredApplication | null> {
  const found =
    await sql<StoredApplication>`SELECT ${columns} FROM subsidies.application a WHERE a.application_id = ${applicationId} FOR UPDATE`.execute(
      tx,
    );
  return found.rows[0] ?? null;
}

export interface NewApplication {
  readonly region: string;
  readonly paysRegion: string;
  readonly bundle: string | null;
  readonly personId: string | null;
  readonly employerId: string | null;
  readonly name: string;
  readonly identity: { readonly mask: string; readonly hash: string; readonly secret: Buffer } | null;
  readonly way: ApplicationWay;
  readonly agent: string | null;
  readonly mandateId: string | null;
  readonly accountId: string | null;
  readonly officerId: string | null;
  readonly by: string;
  readonly organisation: string;
  readonly on: string;
  readonly lines: readonly { readonly path: string; readonly rule: string; readonly title: string }[];
}

/** A draft, or the one that is there already: asked twice, it is one. */
export async function insertApplication(tx: Tx, given: NewApplication): Promise<string> {
  const subject = given.lines
    .map(({ rule }) => rule)
    .toSorted()
    .join(" ");
  const same = await sql<{
    application_id: string;
  }>`SELECT application_id FROM subsidies.application a WHERE a.state = 'draft' AND a.subject = ${subject} AND a.pays_region = ${given.paysRegion}
    AND a.person_id IS NOT DISTINCT FROM ${given.personId}::bigint AND a.employer_id IS NOT DISTINCT FROM ${given.employerId}::bigint AND a.identity_hash IS NOT DISTINCT FROM ${given.identity?.hash ?? null}::uuid
    AND a.account_id IS NOT DISTINCT FROM ${given.accountId}::bigint AND a.taken_by IS NOT DISTINCT FROM ${given.officerId}::bigint`.execute(
    tx,
  );
  if (same.rows[0]) return same.rows[0].application_id;
  const made = await sql<{
    application_id: string;
  }>`INSERT INTO subsidies.application (region, pays_region, bundle, subject, person_id, employer_id, applicant_name, identity_mask, identity_hash, secret,
      way, agent, mandate_id, account_id, taken_by, taken_by_name, organisation, begun_on)
    VALUES (${given.region}, ${given.paysRegion}, ${given.bundle}, ${subject}, ${given.personId}::bigint, ${given.employerId}::bigint, ${given.name}, ${given.identity?.mask ?? null},
      ${given.identity?.hash ?? null}::uuid, ${given.identity?.secret ?? null}::bytea, ${given.way}, ${given.agent}, ${given.mandateId}::bigint, ${given.accountId}::bigint, ${given.officerId}::bigint, ${given.by}, ${given.organisation}, ${given.on}::date)
    RETURNING application_id`.execute(tx);
  const { application_id } = made.rows[0]!;
  await sql`INSERT INTO subsidies.application_line (application_id, rule_path, rule_id, title)
    SELECT ${application_id}::bigint, l.path, l.rule, l.title FROM unnest(${given.lines.map(({ path }) => path)}::text[], ${given.lines.map(({ rule }) => rule)}::text[], ${given.lines.map(({ title }) => title)}::text[]) AS l(path, rule, title)`.execute(
    tx,
  );
  return application_id;
}

export async function linesOf(tx: Tx | Db, applicationIds: readonly string[]): Promise<readonly StoredLine[]> {
  if (applicationIds.length === 0) return [];
  const found =
    await sql<StoredLine>`SELECT line_id, application_id, rule_path, rule_id, title, state, why, due_on, claim_ids, decided_by_name FROM subsidies.application_line
    WHERE application_id = ANY(${applicationIds}::bigint[]) ORDER BY line_id`.execute(tx);
  return found.rows;
}

/** Whether one of its claims, as the caller sees them, is in 补正. */
export async function waitsForApplicant(tx: Tx, applicationId: string): Promise<boolean> {
  const found = await sql<{ waits: boolean }>`SELECT EXISTS (SELECT FROM subsidies.application_line l
    JOIN subsidies.claim c ON c.claim_id = ANY(l.claim_ids) WHERE l.application_id = ${applicationId} AND c.state = 'correction') AS waits`.execute(
    tx,
  );
  return found.rows[0]!.waits;
}

/** Several lines, each with what has become of it. */
export async function settleLines(
  tx: Tx,
  lines: readonly {
    readonly lineId: string;
    readonly state: LineState;
    readonly why: string;
    readonly dueOn: string | null;
    readonly claimIds: readonly string[];
  }[],
): Promise<void> {
  for (const { lineId, state, why, dueOn, claimIds } of lines)
    await sql`UPDATE subsidies.application_line SET state = ${state}, why = ${why}, due_on = ${dueOn}::date, claim_ids = ${claimIds}::bigint[] WHERE line_id = ${lineId}`.execute(
      tx,
    );
}

export async function refuseStoredLine(
  tx: Tx,
  applicationId: string,
  lineId: string,
  why: string,
  by: string,
): Promise<boolean> {
  const done =
    await sql`UPDATE subsidies.application_line SET state = 'refused', why = ${why}, due_on = NULL, decided_by_name = ${by}
    WHERE application_id = ${applicationId} AND line_id = ${lineId} AND state = 'waiting'`.execute(tx);
  return done.numAffectedRows === 1n;
}

export async function statementsOf(tx: Tx | Db, applicationId: string): Promise<readonly StoredStatement[]> {
  const found =
    await sql<StoredStatement>`SELECT fact, label, value, shown, checked, checked_by_name, reason FROM subsidies.application_statement WHERE application_id = ${applicationId} ORDER BY fact`.execute(
      tx,
    );
  return found.rows;
}

/** What is stated now, in the place of what was stated before. */
export async function replaceStatements(
  tx: Tx,
  applicationId: string,
  given: readonly Pick<StoredStatement, "fact" | "label" | "value" | "shown">[],
): Promise<void> {
  await sql`DELETE FROM subsidies.application_statement WHERE application_id = ${applicationId}`.execute(tx);
  await sql`INSERT INTO subsidies.application_statement (application_id, fact, label, value, shown)
    SELECT ${applicationId}::bigint, s.fact, s.label, s.value, s.shown FROM jsonb_to_recordset(${JSON.stringify(given)}::jsonb) AS s(fact text, label text, value jsonb, shown text)`.execute(
    tx,
  );
}

export async function decideStatement(
  tx: Tx,
  applicationId: string,
  fact: string,
  given: { readonly accepted: boolean; readonly reason: string; readonly by: string },
): Promise<boolean> {
  const done =
    await sql`UPDATE subsidies.application_statement SET checked = ${given.accepted ? "accepted" : "rejected"}, reason = ${given.reason}, checked_by_name = ${given.by}
    WHERE application_id = ${applicationId} AND fact = ${fact}`.execute(tx);
  return done.numAffectedRows === 1n;
}

export async function filesOf(tx: Tx, applicationId: string): Promise<readonly StoredAttachment[]> {
  const found =
    await sql<StoredAttachment>`SELECT file_id, material, key, name, bytes, sha256, media_type, added_by_name, added_at FROM subsidies.application_file
    WHERE application_id = ${applicationId} ORDER BY file_id`.execute(tx);
  return found.rows;
}

export async function insertFile(
  tx: Tx,
  applicationId: string,
  file: Omit<StoredFile, "fileId"> & { readonly material: string; readonly mediaType: string; readonly by: string },
): Promise<string> {
  const made = await sql<{
    file_id: string;
  }>`INSERT INTO subsidies.application_file (application_id, material, key, name, bytes, sha256, media_type, added_by_name)
    VALUES (${applicationId}, ${file.material}, ${file.key}, ${file.name}, ${file.bytes}, ${file.sha256}, ${file.mediaType}, ${file.by}) RETURNING file_id`.execute(
    tx,
  );
  return made.rows[0]!.file_id;
}

/** Returns the keys of what went. Without a number all of the application's files go. */
export async function deleteFiles(tx: Tx, applicationId: string, fileId?: string): Promise<readonly string[]> {
  const gone = await sql<{
    key: string;
  }>`DELETE FROM subsidies.application_file WHERE application_id = ${applicationId} ${fileId ? sql`AND file_id = ${fileId}` : sql``} RETURNING key`.execute(
    tx,
  );
  return gone.rows.map(({ key }) => key);
}

export async function deleteApplication(tx: Tx, applicationId: string): Promise<void> {
  await sql`DELETE FROM subsidies.application WHERE application_id = ${applicationId} AND state = 'draft'`.execute(tx);
}

export interface ApplicationStep {
  readonly from: ApplicationState;
  readonly to: ApplicationState;
  readonly declared?: boolean;
  readonly submittedOn?: string;
  readonly personId?: string;
  readonly answer?: { readonly on: string; readonly by: string; readonly words: string };
}

/** One step of one application; false where it has moved on meanwhile. */
export async function stepApplication(tx: Tx, applicationId: string, step: ApplicationStep): Promise<boolean> {
  const done = await sql`UPDATE subsidies.application SET state = ${step.to}, lock = lock + 1
      ${step.declared ? sql`, declared = true` : sql``} ${step.submittedOn ? sql`, submitted_on = ${step.submittedOn}::date` : sql``}
      ${step.personId ? sql`, person_id = ${step.personId}::bigint` : sql``}
      ${step.answer ? sql`, answered_on = ${step.answer.on}::date, answered_by_name = ${step.answer.by}, answer = ${step.answer.words}` : sql``}
    WHERE application_id = ${applicationId} AND state = ${step.from}`.execute(tx);
  return done.numAffectedRows === 1n;
}

const WAITING = sql<boolean>`EXISTS (SELECT FROM subsidies.application_line l WHERE l.application_id = a.application_id AND l.state = 'waiting')`;

function matching(view: ApplicationViewName, scope: Scope, officerId: string | null): RawBuilder<boolean> {
  const here = within("a.pays_region", scope);
  const taken = within("a.region", scope);
  switch (view) {
    case "drafts":
      return sql`a.taken_by = ${officerId} AND a.state IN ('draft', 'returned')`;
    case "received":
      return sql`${here} AND a.identity_hash IS NOT NULL AND a.state = 'forwarded'`;
    case "sent":
      return sql`${taken} AND a.identity_hash IS NOT NULL AND a.state <> 'draft'`;
    case "waiting":
      return sql`${here} AND a.state = 'lodged' AND ${WAITING}`;
    case "lodged":
      return sql`a.state = 'lodged'`;
  }
}

export async function listStoredApplications(
  tx: Tx,
  wall: Wall,
  filter: { readonly where: RawBuilder<boolean>; readonly page: number; readonly size: number },
): Promise<{ rows: readonly StoredApplication[]; total: number }> {
  const rows =
    await sql<StoredApplication>`SELECT ${columns} FROM subsidies.application a WHERE ${wall} AND ${filter.where}
    ORDER BY a.application_id DESC LIMIT ${filter.size} OFFSET ${(filter.page - 1) * filter.size}`.execute(tx);
  const counted = await sql<{
    n: string;
  }>`SELECT count(*) AS n FROM subsidies.application a WHERE ${wall} AND ${filter.where}`.execute(tx);
  return { rows: rows.rows, total: Number(counted.rows[0]!.n) };
}

export const everything = sql<boolean>`true`;

export const officeFilter = (
  view: ApplicationViewName,
  scope: Scope,
  officerId: string | null,
  search: string | undefined,
): RawBuilder<boolean> =>
  sql`${matching(view, scope, officerId)} ${search ? sql`AND (a.number = ${search.toUpperCase()} OR strpos(a.applicant_name, ${search}) > 0)` : sql``}`;

export async function countStoredApplications(
  tx: Tx,
  scope: Scope,
  officerId: string | null,
  businessDate: string,
): Promise<Record<ApplicationViewName | "late", number>> {
  const count = (view: ApplicationViewName) => sql`count(*) FILTER (WHERE ${matching(view, scope, officerId)})::int`;
  const found = await sql<
    Record<ApplicationViewName | "late", number>
  >`SELECT ${count("drafts")} AS drafts, ${count("received")} AS received, ${count("sent")} AS sent,
      ${count("waiting")} AS waiting, ${count("lodged")} AS lodged,
      count(*) FILTER (WHERE ${matching("waiting", scope, officerId)} AND EXISTS (SELECT FROM subsidies.application_line l WHERE l.application_id = a.application_id AND l.state = 'waiting' AND l.due_on < ${businessDate}::date))::int AS late
    FROM subsidies.application a WHERE ${ofOffice(scope)}`.execute(tx);
  return found.rows[0]!;
}

/** What is told of claims where their application was taken: number, state and amount. The caller has seen the application. */
export async function claimsTold(
  worker: Db,
  claimIds: readonly string[],
): Promise<
  ReadonlyMap<
    string,
    { readonly number: string; readonly state: ClaimState; readonly amountFen: number; readonly region: string }
  >
> {
  if (claimIds.length === 0) return new Map();
  const found = await sql<{ claim_id: string; number: string; state: ClaimState; amount_fen: string; region: string }>`
    SELECT claim_id, number, state, amount_fen, region FROM subsidies.claim WHERE claim_id = ANY(${claimIds}::bigint[])`.execute(
    worker,
  );
  return new Map(
    found.rows.map(({ claim_id, number, state, amount_fen, region }) => [
      claim_id,
      { number, state, amountFen: Number(amount_fen), region },
    ]),
  );
}

export async function applicationOf(
  tx: Tx,
  claimId: string,
): Promise<{ application_id: string; number: string; unchecked: number; stated: number; files: number } | null> {
  const found = await sql<{ application_id: string; number: string; unchecked: number; stated: number; files: number }>`
    SELECT a.application_id, a.number, (SELECT count(*) FROM subsidies.application_statement s WHERE s.application_id = a.application_id AND s.checked = 'waiting')::int AS unchecked,
      (SELECT count(*) FROM subsidies.application_statement s WHERE s.application_id = a.application_id)::int AS stated,
      (SELECT count(*) FROM subsidies.application_file f WHERE f.application_id = a.application_id)::int AS files
    FROM subsidies.application a JOIN subsidies.application_line l USING (application_id) WHERE l.claim_ids @> ARRAY[${claimId}::bigint] ORDER BY a.application_id LIMIT 1`.execute(
    tx,
  );
  return found.rows[0] ?? null;
}

/** Claims with facts that were only stated and that nobody has looked at yet, and how many. */
export async function uncheckedStatements(tx: Tx, claimIds: readonly string[]): Promise<ReadonlyMap<string, number>> {
  const found = await sql<{ claim_id: string; n: number }>`
    SELECT c.claim_id, count(DISTINCT s.fact)::int AS n FROM unnest(${claimIds}::bigint[]) c(claim_id)
    JOIN subsidies.application_line l ON l.claim_ids @> ARRAY[c.claim_id] JOIN subsidies.application_statement s USING (application_id)
    WHERE s.checked = 'waiting' GROUP BY c.claim_id`.execute(tx);
  return new Map(found.rows.map(({ claim_id, n }) => [claim_id, n]));
}

/** Applications of which something still waits, with the county that decides. */
export async function waitingApplications(worker: Db): Promise<readonly string[]> {
  const found = await sql<{
    application_id: string;
  }>`SELECT DISTINCT a.application_id FROM subsidies.application a JOIN subsidies.application_line l USING (application_id)
    WHERE a.state = 'lodged' AND l.state = 'waiting' ORDER BY 1`.execute(worker);
  return found.rows.map(({ application_id }) => application_id);
}
