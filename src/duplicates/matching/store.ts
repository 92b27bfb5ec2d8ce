import { sql } from "kysely";
import type { SqlRunner, Tx } from "../../platform/db/database.ts";
import type { ComparedPerson } from "./score.ts";

export interface StoredSide extends Omit<ComparedPerson, "number"> {
  readonly secret: Buffer;
  readonly digest: string;
}

export interface CandidatePair {
  readonly a: StoredSide;
  readonly b: StoredSide;
}

const sideColumns = (alias: "a" | "b") =>
  sql.raw(`${alias}.person_id AS ${alias}_id, ${alias}.name AS ${alias}_name, ${alias}.sex AS ${alias}_sex, ${alias}.birth_date AS ${alias}_birth, ${alias}.home_region AS ${alias}_home,
    ${alias}.household_id AS ${alias}_household, ${alias}.identity_kind AS ${alias}_kind, ${alias}.phone_hash AS ${alias}_phone, ${alias}.bank_hash AS ${alias}_bank, ${alias}.secret AS ${alias}_secret,
    md5(concat_ws('|', ${alias}.name, ${alias}.sex, ${alias}.birth_date, ${alias}.home_region, ${alias}.household_id, ${alias}.identity_kind, ${alias}.identity_mask, ${alias}.phone_hash, ${alias}.bank_hash)) AS ${alias}_digest`);

/** The next pairs of a temporary table after one, in order. */
export async function nextPairs(
  tx: Tx,
  table: "candidate" | "swapped",
  after: readonly [string, string],
  limit: number,
): Promise<CandidatePair[]> {
  const { rows } = await sql<Record<string, unknown>>`
    SELECT ${sideColumns("a")}, ${sideColumns("b")}
    FROM (SELECT * FROM ${sql.table(table)} c WHERE (c.a, c.b) > (${after[0]}::bigint, ${after[1]}::bigint) ORDER BY c.a, c.b LIMIT ${limit}) c
      JOIN registry.person a ON a.person_id = c.a JOIN registry.person b ON b.person_id = c.b ORDER BY c.a, c.b`.execute(
    tx,
  );
  return rows.map((row) => ({ a: sideOf(row, "a"), b: sideOf(row, "b") }));
}

function sideOf(row: Record<string, unknown>, alias: "a" | "b"): StoredSide {
  const at = <T>(name: string) => row[`${alias}_${name}`] as T;
  return {
    personId: at("id"),
    name: at("name"),
    sex: at("sex"),
    birthDate: at("birth"),
    home: at("home"),
    householdId: at("household"),
    identityKind: at("kind"),
    phoneHash: at("phone"),
    bankHash: at("bank"),
    secret: at("secret"),
    digest: at("digest"),
  };
}

export interface FoundPair {
  readonly a: string;
  readonly b: string;
  readonly kind: "duplicate" | "swapped";
  readonly score: number;
  readonly reasons: readonly string[];
  readonly band: "likely" | "possible";
  readonly facts: string;
  readonly countyA: string;
  readonly countyB: string;
  readonly raisedOn: string;
  readonly dueOn: string;
}

/** SQL: what tells a pair, whichever of the two is named first. */
const PAIR_KEY = "md5(f.a || '|' || f.b)::uuid";

export async function prepareFound(run: SqlRunner): Promise<void> {
  await run.query(
    `CREATE TEMP TABLE found (a text, b text, kind text, score smallint, reasons text[], band text, facts uuid, "countyA" text, "countyB" text, "raisedOn" date, "dueOn" date) ON COMMIT DROP`,
  );
}

export async function addFound(tx: Tx, pairs: readonly FoundPair[]): Promise<void> {
  if (pairs.length === 0) return;
  await sql`INSERT INTO found SELECT f.* FROM jsonb_to_recordset(${JSON.stringify(pairs)}::jsonb)
    AS f(a text, b text, kind text, score smallint, reasons text[], band text, facts uuid, "countyA" text, "countyB" text, "raisedOn" date, "dueOn" date)`.execute(
    tx,
  );
}

export interface MatchCounts {
  readonly raised: number;
  readonly withdrawn: number;
}

/**
 * Keeps what was found. A pair that somebody has judged stays judged unless what was compared has changed; an open one that is no
 * longer found is withdrawn. `touched`: the relation of persons that were compared; null: everybody.
 */
export async function keepFound(tx: Tx, touched: string | null): Promise<MatchCounts> {
  const kept = await sql<{ pair_id: string; created: boolean }>`
    INSERT INTO duplicates.pair AS p (pair_key, kind, score, reasons, band, across, facts, raised_on, due_on)
    SELECT ${sql.raw(PAIR_KEY)}, f.kind, f.score, f.reasons, f.band, f."countyA" <> f."countyB", f.facts, f."raisedOn", f."dueOn" FROM (SELECT DISTINCT ON (a, b) * FROM found ORDER BY a, b, score DESC) f
    ON CONFLICT (pair_key) DO UPDATE SET kind = excluded.kind, score = excluded.score, reasons = excluded.reasons, band = excluded.band, across = excluded.across, facts = excluded.facts,
      state = 'open', raised_on = CASE WHEN p.state = 'open' THEN p.raised_on ELSE excluded.raised_on END, due_on = CASE WHEN p.state = 'open' THEN p.due_on ELSE excluded.due_on END,
      decided_by = NULL, decided_by_name = NULL, decided_at = NULL, decision_note = NULL
    WHERE p.state = 'withdrawn' OR p.state = 'open' AND (p.score, p.reasons, p.facts, p.across, p.band) IS DISTINCT FROM (excluded.score, excluded.reasons, excluded.facts, excluded.across, excluded.band)
      OR p.state IN ('different', 'swapped') AND p.facts <> excluded.facts
    RETURNING pair_id, xmax = 0 AS created`.execute(tx);
  await sql`INSERT INTO duplicates.side AS s (pair_id, person_id, other_county)
    SELECT p.pair_id, x.person_id::bigint, x.other FROM found f JOIN duplicates.pair p ON p.pair_key = ${sql.raw(PAIR_KEY)}
      CROSS JOIN LATERAL (VALUES (f.a, f."countyB"), (f.b, f."countyA")) AS x(person_id, other)
    ON CONFLICT (pair_id, person_id) DO UPDATE SET other_county = excluded.other_county WHERE s.other_county <> excluded.other_county`.execute(
    tx,
  );
  const concerned =
    touched === null
      ? sql`true`
      : sql`EXISTS (SELECT FROM duplicates.side s JOIN ${sql.raw(touched)} USING (person_id) WHERE s.pair_id = p.pair_id)`;
  const withdrawn =
    await sql`UPDATE duplicates.pair p SET state = 'withdrawn', decided_at = now(), decision_note = '档案已更正，不再相似'
    WHERE p.state = 'open' AND ${concerned} AND NOT EXISTS (SELECT FROM found f WHERE ${sql.raw(PAIR_KEY)} = p.pair_key)`.execute(
      tx,
    );
  return {
    raised: kept.rows.filter(({ created }) => created).length,
    withdrawn: Number(withdrawn.numAffectedRows ?? 0),
  };
}

export interface Thresholds {
  readonly upper: number;
  readonly lower: number;
}

export async function thresholds(tx: Tx): Promise<Thresholds> {
  const { rows } = await sql<Thresholds>`SELECT upper, lower FROM duplicates.threshold`.execute(tx);
  return rows[0]!;
}

export async function setThresholds(tx: Tx, { upper, lower }: Thresholds): Promise<void> {
  await sql`UPDATE duplicates.threshold SET upper = ${upper}, lower = ${lower}`.execute(tx);
}
