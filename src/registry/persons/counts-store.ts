import { sql } from "kysely";
import type { Tx } from "../../platform/db/database.ts";
import { AFTER_DIGITS, within, type Scope } from "../scope.ts";

const COUNTY_DIGITS = 6;

/** Codes of the counties that hold persons, and of wider regions where somebody is known to be from there only: one look-up each. */
export async function regionsWithPersons(tx: Tx, scope: Scope): Promise<string[]> {
  const next = sql`FROM registry.person p WHERE p.life_state = 'active' AND ${within("p.home_region", scope)}`;
  const { rows } = await sql<{ region: string }>`
    WITH RECURSIVE found AS (
      (SELECT left(p.home_region, ${COUNTY_DIGITS}::int) AS region ${next} ORDER BY p.home_region LIMIT 1)
      UNION ALL
      SELECT (SELECT left(p.home_region, ${COUNTY_DIGITS}::int) ${next}
          AND p.home_region > CASE WHEN length(f.region) < ${COUNTY_DIGITS}::int THEN f.region ELSE f.region || ${AFTER_DIGITS} END
        ORDER BY p.home_region LIMIT 1)
      FROM found f WHERE f.region IS NOT NULL)
    SELECT region FROM found WHERE region IS NOT NULL`.execute(tx);
  return rows.map(({ region }) => region);
}

/** How many persons' work somebody is to look after. */
export async function countToVerify(tx: Tx, scope: Scope): Promise<number> {
  const { rows } = await sql<{
    n: string;
  }>`SELECT count(*) AS n FROM registry.person_to_verify v WHERE ${within("v.home_region", scope)}`.execute(tx);
  return Number(rows[0]!.n);
}

/** The persons behind hashes of numbers, seen or not being for the caller's transaction to decide. Hash in the form of uuid columns. */
export async function findPersonIdsByHash(tx: Tx, hashes: readonly string[]): Promise<Map<string, string>> {
  if (hashes.length === 0) return new Map();
  const { rows } = await sql<{ key_hash: string; person_id: string }>`
    SELECT key_hash, person_id FROM registry.person_key WHERE key_hash = ANY(${hashes}::uuid[])`.execute(tx);
  return new Map(rows.map((row) => [row.key_hash, row.person_id]));
}
