import { sql } from "kysely";
import { within, type Scope } from "#registry";
import type { Db, Tx } from "../../platform/db/database.ts";

export interface StoredPublication {
  readonly publication_id: string;
  readonly number: string;
  readonly region: string;
  /** Code of the town or village that the list is of; "": of the whole county. */
  readonly area: string;
  readonly rule_id: string;
  readonly title: string;
  readonly fund: string;
  readonly claims: number;
  readonly amount_fen: string;
  readonly starts_on: string;
  readonly ends_on: string;
  readonly state: "open" | "ended";
  readonly digest: string;
  readonly contact: string;
  readonly published_by_name: string;
  readonly objections: number;
}

const columns = sql.raw(
  `u.publication_id, u.number, u.region, u.area, u.rule_id, u.title, u.fund, u.claims, u.amount_fen, u.starts_on, u.ends_on, u.state, u.digest, u.contact, u.published_by_name,
   (SELECT count(*) FROM subsidies.objection o WHERE o.publication_id = u.publication_id AND o.state = 'open')::int AS objections`,
);

export async function listStoredPublications(
  tx: Tx,
  scope: Scope,
  state: "open" | "ended" | undefined,
  { page, size }: { readonly page: number; readonly size: number },
): Promise<{ rows: readonly StoredPublication[]; total: number }> {
  const where = sql`${within("u.region", scope)} ${state ? sql`AND u.state = ${state}` : sql``}`;
  const rows = await sql<StoredPublication>`SELECT ${columns} FROM subsidies.publication u WHERE ${where}
    ORDER BY u.state = 'ended', u.ends_on, u.publication_id DESC LIMIT ${size} OFFSET ${(page - 1) * size}`.execute(tx);
  const counted = await sql<{ n: string }>`SELECT count(*) AS n FROM subsidies.publication u WHERE ${where}`.execute(
    tx,
  );
  return { rows: rows.rows, total: Number(counted.rows[0]!.n) };
}

export async function findPublication(tx: Tx, scope: Scope, publicationId: string): Promise<StoredPublication | null> {
  const found =
    await sql<StoredPublication>`SELECT ${columns} FROM subsidies.publication u WHERE u.publication_id = ${publicationId} AND ${within("u.region", scope)}`.execute(
      tx,
    );
  return found.rows[0] ?? null;
}

/** Lists that are open on a day, of everywhere: everybody may read them. */
export async function openPublications(
  db: Db | Tx,
  on: (region: string) => string,
): Promise<readonly StoredPublication[]> {
  const found =
    await sql<StoredPublication>`SELECT ${columns} FROM subsidies.publication u WHERE u.state = 'open' ORDER BY u.region, u.ends_on, u.publication_id LIMIT 1000`.execute(
      db,
    );
  return found.rows.filter(({ region, ends_on, starts_on }) => starts_on <= on(region) && on(region) <= ends_on);
}

/** A list by its number, open or over: for whoever has a copy of it and asks whether it is true. */
export async function publicationByNumber(db: Db | Tx, number: string): Promise<StoredPublication | null> {
  const found =
    await sql<StoredPublication>`SELECT ${columns} FROM subsidies.publication u WHERE u.number = ${number}`.execute(db);
  return found.rows[0] ?? null;
}

export interface PublicationLine {
  readonly line: number;
  readonly claim_id: string;
  readonly village: string;
  readonly payee_name: string;
  readonly identity_mask: string;
  readonly persons: number;
  readonly amount_fen: string;
  readonly taken_out: boolean;
}

export async function linesOf(
  db: Db | Tx,
  publicationId: string,
  { page, size }: { readonly page: number; readonly size: number },
): Promise<readonly PublicationLine[]> {
  const found =
    await sql<PublicationLine>`SELECT line, claim_id, village, payee_name, identity_mask, persons, amount_fen, taken_out
    FROM subsidies.publication_line WHERE publication_id = ${publicationId} ORDER BY line LIMIT ${size} OFFSET ${(page - 1) * size}`.execute(
      db,
    );
  return found.rows;
}

/** Where a person is at home, as far as the paying county is his; of others the office's own county. */
const VILLAGE = sql.raw("CASE WHEN starts_with(p.home_region, c.region) THEN p.home_region ELSE c.region END");

export interface WaitingRule {
  readonly rule_id: string;
  readonly village: string;
  readonly title: string;
  readonly claims: number;
  readonly amount: string;
}

/** Approved claims that wait to be published, by rule and village. */
export async function waitingRules(tx: Tx, scope: Scope): Promise<readonly WaitingRule[]> {
  const found = await sql<WaitingRule>`
    SELECT c.rule_id, ${VILLAGE} AS village, min(c.title) AS title, count(*)::int AS claims, sum(c.amount_fen) AS amount
    FROM subsidies.claim c LEFT JOIN registry.person p ON p.person_id = c.payee_person_id AND c.payee_kind = 'person'
    WHERE c.state = 'approved' AND ${within("c.region", scope)} GROUP BY 1, 2 ORDER BY 3, 2`.execute(tx);
  return found.rows;
}

/**
 * Publishes the approved claims of one rule in one county: persons by village with their masked number, others by name. Null where
 * none waits.
 */
export async function insertPublication(
  tx: Tx,
  given: {
    readonly region: string;
    /** A town or village of the county; "": all of it. */
    readonly area: string;
    readonly rule: string;
    readonly startsOn: string;
    readonly endsOn: string;
    readonly contact: string;
    readonly by: string;
  },
): Promise<{
  readonly publicationId: string;
  readonly claimIds: readonly string[];
  readonly amountFen: number;
  readonly digest: string;
} | null> {
  await sql`CREATE TEMP TABLE publishing ON COMMIT DROP AS
    SELECT row_number() OVER (ORDER BY w.village, w.payee_name, w.claim_id)::int AS line, w.* FROM (
      SELECT c.claim_id, c.region, ${VILLAGE} AS village, c.payee_name, coalesce(p.identity_mask, '') AS identity_mask, c.persons, c.amount_fen, c.title, c.fund
      FROM subsidies.claim c LEFT JOIN registry.person p ON p.person_id = c.payee_person_id AND c.payee_kind = 'person'
      WHERE c.state = 'approved' AND c.rule_id = ${given.rule} AND c.region = ${given.region}
        AND (${given.area} = '' OR starts_with(p.home_region, ${given.area})) FOR UPDATE OF c) w`.execute(tx);
  const summed = await sql<{
    claims: number;
    amount: string;
    title: string;
    fund: string;
    digest: string;
    ids: string[];
  }>`
    SELECT count(*)::int AS claims, sum(amount_fen) AS amount, min(title) AS title, string_agg(DISTINCT fund, '、') AS fund,
      encode(sha256(convert_to(coalesce(string_agg(concat_ws('|', line, village, payee_name, identity_mask, persons, amount_fen), E'\n' ORDER BY line), ''), 'UTF8')), 'hex') AS digest,
      coalesce(array_agg(claim_id::text ORDER BY line), '{}') AS ids FROM publishing`.execute(tx);
  const sums = summed.rows[0]!;
  if (sums.claims === 0) return null;
  const made = await sql<{
    publication_id: string;
  }>`INSERT INTO subsidies.publication (region, area, rule_id, title, fund, claims, amount_fen, starts_on, ends_on, state, digest, contact, published_by_name)
    VALUES (${given.region}, ${given.area}, ${given.rule}, ${sums.title}, ${sums.fund}, ${sums.claims}, ${sums.amount}, ${given.startsOn}::date, ${given.endsOn}::date, 'open', ${sums.digest}, ${given.contact}, ${given.by})
    RETURNING publication_id`.execute(tx);
  const publicationId = made.rows[0]!.publication_id;
  await sql`INSERT INTO subsidies.publication_line (publication_id, line, claim_id, region, village, payee_name, identity_mask, persons, amount_fen)
    SELECT ${publicationId}, line, claim_id, region, village, payee_name, identity_mask, persons, amount_fen FROM publishing`.execute(
    tx,
  );
  return { publicationId, claimIds: sums.ids, amountFen: Number(sums.amount), digest: sums.digest };
}

export interface StoredObjection {
  readonly objection_id: string;
  readonly publication_id: string;
  readonly claim_id: string;
  readonly claim_number: string;
  readonly payee_name: string;
  readonly region: string;
  readonly raised_by: string;
  readonly content: string;
  readonly raised_on: string;
  readonly due_on: string;
  readonly state: "open" | "upheld" | "rejected";
  readonly answer: string | null;
  readonly recorded_by: string | null;
  readonly decided_by_name: string | null;
  readonly decided_on: string | null;
}

const objectionColumns = sql.raw(
  "o.objection_id, o.publication_id, o.claim_id, c.number AS claim_number, c.payee_name, o.region, o.raised_by, o.content, o.raised_on, o.due_on, o.state, o.answer, o.recorded_by, o.decided_by_name, o.decided_on",
);

export async function objectionsOf(tx: Tx, publicationId: string): Promise<readonly StoredObjection[]> {
  const found =
    await sql<StoredObjection>`SELECT ${objectionColumns} FROM subsidies.objection o JOIN subsidies.claim c ON c.claim_id = o.claim_id
    WHERE o.publication_id = ${publicationId} ORDER BY o.state <> 'open', o.objection_id`.execute(tx);
  return found.rows;
}

export async function findObjection(tx: Tx, scope: Scope, objectionId: string): Promise<StoredObjection | null> {
  const found =
    await sql<StoredObjection>`SELECT ${objectionColumns} FROM subsidies.objection o JOIN subsidies.claim c ON c.claim_id = o.claim_id
    WHERE o.objection_id = ${objectionId} AND ${within("o.region", scope)} FOR UPDATE OF o`.execute(tx);
  return found.rows[0] ?? null;
}

export async function insertObjection(
  tx: Tx,
  given: {
    readonly publicationId: string;
    readonly claimId: string;
    readonly region: string;
    readonly raisedBy: string;
    readonly content: string;
    readonly raisedOn: string;
    readonly dueOn: string;
    readonly officerId: string | null;
  },
): Promise<string> {
  const made = await sql<{
    objection_id: string;
  }>`INSERT INTO subsidies.objection (publication_id, claim_id, region, raised_by, content, raised_on, due_on, state, recorded_by)
    VALUES (${given.publicationId}, ${given.claimId}, ${given.region}, ${given.raisedBy}, ${given.content}, ${given.raisedOn}::date, ${given.dueOn}::date, 'open', ${given.officerId}::bigint)
    RETURNING objection_id`.execute(tx);
  return made.rows[0]!.objection_id;
}

export async function closeObjection(
  tx: Tx,
  objectionId: string,
  decision: {
    readonly upheld: boolean;
    readonly answer: string;
    readonly officerId: string | null;
    readonly name: string;
    readonly on: string;
  },
): Promise<void> {
  await sql`UPDATE subsidies.objection SET state = ${decision.upheld ? "upheld" : "rejected"}, answer = ${decision.answer}, decided_by = ${decision.officerId}::bigint,
    decided_by_name = ${decision.name}, decided_on = ${decision.on}::date WHERE objection_id = ${objectionId}`.execute(
    tx,
  );
}

/** Takes claims off the lists that are open: a line that stays would let a claim go on that was approved again since, by another list. */
export async function takeOffLists(tx: Tx, claimIds: readonly string[]): Promise<void> {
  await sql`UPDATE subsidies.publication_line l SET taken_out = true FROM subsidies.publication u
    WHERE l.claim_id = ANY(${claimIds}::bigint[]) AND NOT l.taken_out AND u.publication_id = l.publication_id AND u.state = 'open'`.execute(
    tx,
  );
}

/**
 * Claims whose list has run its time (its last day lies before `on` of its place) and that nobody objects to; lists of which no claim is
 * left waiting are ended.
 */
export async function runOut(tx: Tx, publications: readonly string[]): Promise<readonly string[]> {
  const claims = await sql<{
    claim_id: string;
  }>`SELECT c.claim_id FROM subsidies.publication_line l JOIN subsidies.claim c ON c.claim_id = l.claim_id
    WHERE l.publication_id = ANY(${publications}::bigint[]) AND NOT l.taken_out AND c.state = 'published'
      AND NOT EXISTS (SELECT 1 FROM subsidies.objection o WHERE o.claim_id = c.claim_id AND o.state = 'open')
    ORDER BY c.claim_id FOR UPDATE OF c`.execute(tx);
  return claims.rows.map(({ claim_id }) => claim_id);
}

/** Returns how many are over. */
export async function endPublications(tx: Tx, publications: readonly string[]): Promise<number> {
  const ended =
    await sql`UPDATE subsidies.publication u SET state = 'ended' WHERE u.publication_id = ANY(${publications}::bigint[]) AND u.state = 'open'
    AND NOT EXISTS (SELECT 1 FROM subsidies.publication_line l JOIN subsidies.claim c ON c.claim_id = l.claim_id
      WHERE l.publication_id = u.publication_id AND NOT l.taken_out AND c.state = 'published')`.execute(tx);
  return Number(ended.numAffectedRows ?? 0);
}

export async function openOnes(
  db: Db | Tx,
): Promise<readonly { publication_id: string; region: string; ends_on: string }[]> {
  const found = await sql<{
    publication_id: string;
    region: string;
    ends_on: string;
  }>`SELECT publication_id, region, ends_on FROM subsidies.publication WHERE state = 'open'`.execute(db);
  return found.rows;
}
