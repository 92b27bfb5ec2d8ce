import { sql } from "kysely";
import type { Tx } from "../../platform/db/database.ts";
import { narrow, within, type Scope } from "../scope.ts";

export interface RegionCount {
  readonly region: string;
  readonly persons: number;
  readonly working: number;
  readonly idle: number;
  readonly toVerify: number;
}

/**
 * Persons by region and work state. `digits` is the length of the codes to count by: 6 counties, 9 towns, 12 villages;
 * somebody known only to a wider region counts under that.
 */
export async function countPersonsByRegion(
  tx: Tx,
  scope: Scope,
  region: string | undefined,
  digits: 4 | 6 | 9 | 12,
): Promise<RegionCount[]> {
  const { rows } = await sql<RegionCount>`
    SELECT left(p.home_region, ${digits}) AS region, count(*)::int AS persons,
      (count(*) FILTER (WHERE p.work_state = 'working'))::int AS working,
      (count(*) FILTER (WHERE p.work_state = 'idle'))::int AS idle,
      (count(*) FILTER (WHERE p.work_state = 'to-verify'))::int AS "toVerify"
    FROM registry.person p WHERE p.life_state = 'active' AND ${within("p.home_region", narrow(scope, region))}
    GROUP BY 1 ORDER BY 1`.execute(tx);
  return rows;
}

/** The persons behind hashes of numbers, seen or not being for the caller's transaction to decide. Hash in the form of uuid columns. */
export async function findPersonIdsByHash(tx: Tx, hashes: readonly string[]): Promise<Map<string, string>> {
  if (hashes.length === 0) return new Map();
  const { rows } = await sql<{ key_hash: string; person_id: string }>`
    SELECT key_hash, person_id FROM registry.person_key WHERE key_hash = ANY(${hashes}::uuid[])`.execute(tx);
  return new Map(rows.map((row) => [row.key_hash, row.person_id]));
}
