import { sql, type RawBuilder } from "kysely";
import type { Tx } from "../../platform/db/database.ts";
import { within, type Scope } from "../scope.ts";

/** What another domain's list shows of a person. */
export interface ShortPerson {
  readonly personId: string;
  readonly name: string;
  readonly identityMask: string;
  /** False: at home elsewhere, known here by the minimal card only; there is no page to open. */
  readonly own: boolean;
}

/** The persons of a list by id: those at home in the area, and the minimal cards of those who live, work or are insured in it. */
export async function shortPersons(tx: Tx, scope: Scope, ids: readonly string[]): Promise<Map<string, ShortPerson>> {
  if (ids.length === 0 || scope === null) return new Map();
  const own = await sql<{ person_id: string; name: string; identity_mask: string }>`
    SELECT p.person_id, p.name, p.identity_mask FROM registry.person p
    WHERE p.person_id = ANY(${ids}::bigint[]) AND ${within("p.home_region", scope)}`.execute(tx);
  const found = new Map(own.rows.map((row) => [row.person_id, shortOf(row, true)]));
  const others = ids.filter((id) => !found.has(id));
  if (others.length === 0) return found;
  const cards = await sql<{ person_id: string; name: string; identity_mask: string }>`
    SELECT DISTINCT ON (person_id) person_id, name, identity_mask FROM registry.person_card(NULL, ${scope})
    WHERE person_id = ANY(${others}::bigint[]) ORDER BY person_id`.execute(tx);
  for (const row of cards.rows) found.set(row.person_id, shortOf(row, false));
  return found;
}

function shortOf(row: { person_id: string; name: string; identity_mask: string }, own: boolean): ShortPerson {
  return { personId: row.person_id, name: row.name, identityMask: row.identity_mask, own };
}

/**
 * The first wall for work in the background, which row security does not bind: the person in `alias` is at home in the area,
 * or known to it because he lives, works or is insured there.
 */
export function personKnownTo(alias: string, scope: Scope): RawBuilder<boolean> {
  return sql<boolean>`(${within(`${alias}.home_region`, scope)} OR EXISTS (SELECT FROM registry.person_access known
    WHERE known.person_id = ${sql.ref(`${alias}.person_id`)} AND ${within("known.region", scope)}))`;
}
