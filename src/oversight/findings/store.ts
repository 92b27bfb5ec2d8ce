import { sql, type RawBuilder } from "kysely";
import { within, type Scope } from "#registry";
import type { Db, Tx } from "../../platform/db/database.ts";
import type { Decision, FindingOutcome, FindingState, SeverityName } from "../contract.ts";
import type { Facts } from "#kernel";

export interface StoredFinding {
  readonly finding_id: string;
  readonly rule_path: string;
  readonly version_id: string;
  readonly severity: SeverityName;
  readonly region: string;
  readonly person_id: string | null;
  readonly person_name: string | null;
  readonly identity_mask: string | null;
  readonly outcome: FindingOutcome;
  readonly facts: Facts;
  readonly rows: number;
  readonly first_event_on: string | null;
  readonly event_on: string | null;
  readonly found_on: string;
  readonly seen_on: string;
  readonly holds: boolean;
  readonly state: FindingState;
  readonly due_on: string;
  readonly office_region: string;
  readonly department: string;
  readonly organisation_name: string | null;
  readonly officer_id: string | null;
  readonly officer_name: string | null;
  readonly decision: Decision | null;
  readonly decided_by_name: string | null;
  readonly decided_on: string | null;
  readonly closed_on: string | null;
  readonly lock: number;
}

export interface FindingFilter {
  readonly check?: string | undefined;
  readonly severity?: SeverityName | undefined;
  readonly outcome?: FindingOutcome | undefined;
  readonly owner?: "mine" | "nobody" | undefined;
  readonly overdue?: "true" | "false" | undefined;
  readonly state: FindingState | "open";
  readonly personId?: string;
}

/** Still to be decided: a term runs. */
const RUNNING = sql`n.state IN ('found', 'assigned', 'heard')`;

function matching(
  scope: Scope,
  filter: FindingFilter,
  officerId: string | null,
  businessDate: string,
): RawBuilder<unknown> {
  const { check, severity, outcome, owner, overdue, state, personId } = filter;
  return sql`${within("n.region", scope)}
    ${state === "open" ? sql`AND n.state <> 'closed'` : sql`AND n.state = ${state}`}
    ${check ? sql`AND n.rule_path = ${check}` : sql``} ${severity ? sql`AND n.severity = ${severity}` : sql``}
    ${outcome ? sql`AND n.outcome = ${outcome}` : sql``} ${personId ? sql`AND n.person_id = ${personId}` : sql``}
    ${owner === "mine" ? sql`AND n.officer_id = ${officerId}` : owner === "nobody" ? sql`AND n.officer_id IS NULL` : sql``}
    ${overdue === "true" ? sql`AND ${RUNNING} AND n.due_on < ${businessDate}::date` : sql``}`;
}

const columns = sql`n.finding_id, n.rule_path, n.version_id, n.severity, n.region, n.person_id, p.name AS person_name, p.identity_mask, n.outcome, n.facts,
  n.rows, n.first_event_on, n.event_on, n.found_on, n.seen_on, n.holds, n.state, n.due_on, n.office_region, n.department, n.organisation_name,
  n.officer_id, n.officer_name, n.decision, n.decided_by_name, n.decided_on, n.closed_on, n.lock`;
const from = sql`oversight.finding n LEFT JOIN registry.person p ON p.person_id = n.person_id`;

export async function listStoredFindings(
  tx: Tx,
  scope: Scope,
  filter: FindingFilter,
  asker: { readonly officerId: string | null; readonly businessDate: string },
  { page, size }: { readonly page: number; readonly size: number },
): Promise<{ rows: readonly StoredFinding[]; total: number }> {
  const where = matching(scope, filter, asker.officerId, asker.businessDate);
  const rows = await sql<StoredFinding>`SELECT ${columns} FROM ${from} WHERE ${where}
    ORDER BY n.state = 'closed', array_position(ARRAY['H', 'M', 'L'], n.severity), n.due_on, n.finding_id LIMIT ${size} OFFSET ${(page - 1) * size}`.execute(
    tx,
  );
  const counted = await sql<{ n: string }>`SELECT count(*) AS n FROM oversight.finding n WHERE ${where}`.execute(tx);
  return { rows: rows.rows, total: Number(counted.rows[0]!.n) };
}

export async function listFindingsOfPerson(tx: Tx, scope: Scope, personId: string): Promise<readonly StoredFinding[]> {
  const found =
    await sql<StoredFinding>`SELECT ${columns} FROM ${from} WHERE n.person_id = ${personId} AND ${within("n.region", scope)}
    ORDER BY n.state = 'closed', n.due_on, n.finding_id LIMIT 100`.execute(tx);
  return found.rows;
}

export async function findFinding(
  tx: Tx,
  scope: Scope,
  findingId: string,
  lock = false,
): Promise<StoredFinding | null> {
  const found =
    await sql<StoredFinding>`SELECT ${columns} FROM ${from} WHERE n.finding_id = ${findingId} AND ${within("n.region", scope)}
    ${lock ? sql`FOR UPDATE OF n` : sql``}`.execute(tx);
  return found.rows[0] ?? null;
}

/** Locks those that are in scope, in order. */
export async function lockFindings(tx: Tx, scope: Scope, ids: readonly string[]): Promise<readonly StoredFinding[]> {
  const found =
    await sql<StoredFinding>`SELECT ${columns} FROM ${from} WHERE n.finding_id = ANY(${ids}::bigint[]) AND ${within("n.region", scope)}
    ORDER BY n.finding_id FOR UPDATE OF n`.execute(tx);
  return found.rows;
}

export interface FindingCounts {
  readonly rule_path: string;
  readonly severity: SeverityName;
  readonly state: FindingState;
  readonly n: number;
  readonly overdue: number;
  readonly mine: number;
}

export async function countStoredFindings(
  tx: Tx,
  scope: Scope,
  asker: { readonly officerId: string | null; readonly businessDate: string },
): Promise<readonly FindingCounts[]> {
  const found = await sql<FindingCounts>`SELECT n.rule_path, n.severity, n.state, count(*)::int AS n,
      count(*) FILTER (WHERE ${RUNNING} AND n.due_on < ${asker.businessDate}::date)::int AS overdue,
      count(*) FILTER (WHERE n.officer_id = ${asker.officerId} AND n.state <> 'closed')::int AS mine
    FROM oversight.finding n WHERE ${within("n.region", scope)} GROUP BY 1, 2, 3 ORDER BY 1, 3`.execute(tx);
  return found.rows;
}

/** Changes of one or several findings that make the same step. */
export interface FindingChange {
  readonly state: FindingState;
  readonly officer?: { readonly officerId: string; readonly name: string } | null;
  readonly organisation?: {
    readonly organisationId: string;
    readonly name: string;
    readonly department: string;
    readonly region: string;
  };
  readonly decision?: { readonly decision: Decision; readonly name: string; readonly on: string } | null;
  readonly closedOn?: string | null;
}

export async function changeFindings(
  tx: Tx,
  scope: Scope,
  ids: readonly string[],
  change: FindingChange,
): Promise<void> {
  const { state, officer, organisation, decision, closedOn } = change;
  await sql`UPDATE oversight.finding n SET state = ${state}, lock = lock + 1
      ${officer === undefined ? sql`` : sql`, officer_id = ${officer?.officerId ?? null}, officer_name = ${officer?.name ?? null}`}
      ${organisation ? sql`, organisation_id = ${organisation.organisationId}, organisation_name = ${organisation.name}, department = ${organisation.department}, office_region = ${organisation.region}` : sql``}
      ${decision === undefined ? sql`` : sql`, decision = ${decision?.decision ?? null}, decided_by_name = ${decision?.name ?? null}, decided_on = ${decision?.on ?? null}`}
      ${closedOn === undefined ? sql`` : sql`, closed_on = ${closedOn}, closing = ${closedOn === null ? null : "settled"}`}
    WHERE n.finding_id = ANY(${ids}::bigint[]) AND ${within("n.region", scope)}`.execute(tx);
}

export interface NewEvent {
  readonly act: string;
  readonly officerId: string | null;
  readonly officerName: string;
  readonly organisation: string;
  readonly party?: string;
  readonly note: string;
  readonly file?: { readonly fileId: string; readonly name: string };
  readonly businessDate: string;
}

/** Writes what has happened to findings, in the state they are in now. Returns the event's number, of one finding. */
export async function keepEvents(tx: Tx, ids: readonly string[], event: NewEvent): Promise<string> {
  const kept = await sql<{ event_id: string }>`INSERT INTO oversight.finding_event
      (finding_id, region, act, state, officer_id, officer_name, organisation, party, note, file_id, file_name, business_date)
    SELECT finding_id, region, ${event.act}, state, ${event.officerId}, ${event.officerName}, ${event.organisation}, ${event.party ?? null}, ${event.note},
      ${event.file?.fileId ?? null}, ${event.file?.name ?? null}, ${event.businessDate}
    FROM oversight.finding WHERE finding_id = ANY(${ids}::bigint[]) RETURNING event_id`.execute(tx);
  return kept.rows[0]?.event_id ?? "";
}

export interface StoredEvent {
  readonly event_id: string;
  readonly act: string;
  readonly state: FindingState;
  readonly officer_name: string;
  readonly organisation: string;
  readonly party: string | null;
  readonly note: string;
  readonly file_name: string | null;
  readonly business_date: string;
  readonly at: Date;
}

export async function eventsOf(tx: Tx, findingId: string): Promise<readonly StoredEvent[]> {
  return (
    await sql<StoredEvent>`SELECT event_id, act, state, officer_name, organisation, party, note, file_name, business_date, at
      FROM oversight.finding_event WHERE finding_id = ${findingId} ORDER BY event_id`.execute(tx)
  ).rows;
}

export async function findEvidence(
  tx: Tx,
  scope: Scope,
  eventId: string,
): Promise<{ key: string; name: string; finding_id: string } | null> {
  const found = await sql<{
    key: string;
    name: string;
    finding_id: string;
  }>`SELECT f.key, e.file_name AS name, e.finding_id
    FROM oversight.finding_event e JOIN platform.file f ON f.file_id = e.file_id
    WHERE e.event_id = ${eventId} AND ${within("e.region", scope)}`.execute(tx);
  return found.rows[0] ?? null;
}

export interface TallyRow {
  readonly rule_path: string;
  readonly outcome: string;
  readonly rows: number;
  readonly as_of: string;
}

export async function listTallies(tx: Tx, scope: Scope): Promise<readonly TallyRow[]> {
  return (
    await sql<TallyRow>`SELECT rule_path, outcome, sum(rows)::int AS rows, max(as_of) AS as_of FROM oversight.tally t
      WHERE ${within("t.county", scope)} GROUP BY 1, 2`.execute(tx)
  ).rows;
}

export interface Handling {
  readonly officerId: string;
  readonly name: string;
  readonly organisation: string;
  readonly region: string;
}

/**
 * Officers of an area who hold one of the duties. Accounts are hidden from whoever is no administrator, so this is asked with the worker's
 * eyes, for names alone, within the asker's area.
 */
export async function officersUnder(db: Db, scope: Scope, duties: readonly string[]): Promise<readonly Handling[]> {
  const found = await sql<Handling>`SELECT o.officer_id::text AS "officerId", o.name, g.name AS organisation, o.region
    FROM identity.officer o JOIN identity.organisation g ON g.organisation_id = o.organisation_id
    WHERE o.active AND NOT o.locked AND o.duties && ${duties}::text[] AND ${within("o.region", scope)} ORDER BY o.region, g.name, o.name LIMIT 500`.execute(
    db,
  );
  return found.rows;
}

export interface Office {
  readonly organisationId: string;
  readonly name: string;
  readonly department: string;
  readonly region: string;
}

/** Offices of the asker's area and above it, as he sees them. */
export async function officesKnown(tx: Tx, scope: Scope): Promise<readonly Office[]> {
  const found =
    await sql<Office>`SELECT organisation_id::text AS "organisationId", name, department, region FROM identity.organisation
    WHERE active AND (${within("region", scope)} OR starts_with(${scope ?? ""}, region)) ORDER BY length(region), region, name LIMIT 500`.execute(
      tx,
    );
  return found.rows;
}
