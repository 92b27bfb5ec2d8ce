import { sql } from "kysely";
import type { Tx } from "../../platform/db/database.ts";
import { within, type Scope } from "../scope.ts";

/** Sorts after every Chinese character, so that `prefix + this` ends the range of names that begin with the prefix. */
const AFTER_CHARACTERS = "\u{10FFFF}";

const shown = ["p.person_id", "p.name", "p.identity_mask", "p.phone_mask", "p.home_region", "p.work_state"] as const;

function persons(tx: Tx, scope: Scope) {
  return tx.selectFrom("registry.person as p").select(shown).where(within("p.home_region", scope));
}

export type FoundPerson = Awaited<ReturnType<ReturnType<typeof persons>["execute"]>>[number];

export function findByIdentityHash(tx: Tx, scope: Scope, hashes: readonly string[]): Promise<FoundPerson[]> {
  return persons(tx, scope)
    .innerJoin("registry.person_key as k", "k.person_id", "p.person_id")
    .where("k.key_hash", "in", hashes)
    .distinct()
    .execute();
}

export function findByPhoneHash(tx: Tx, scope: Scope, hash: string, limit: number): Promise<FoundPerson[]> {
  return persons(tx, scope).where("p.phone_hash", "=", hash).orderBy("p.person_id").limit(limit).execute();
}

export function findByPhoneTail(tx: Tx, scope: Scope, tail: string, limit: number): Promise<FoundPerson[]> {
  return persons(tx, scope)
    .where("p.phone_tail", "=", tail)
    .orderBy("p.home_region")
    .orderBy("p.person_id")
    .limit(limit)
    .execute();
}

/** Names that begin with the text, a whole name first; `regions` narrows to homes in any of them. */
export function findByName(
  tx: Tx,
  scope: Scope,
  name: string,
  regions: readonly string[] | null,
  limit: number,
): Promise<FoundPerson[]> {
  return persons(tx, scope)
    .where(sql<boolean>`p.name COLLATE "C" >= ${name} AND p.name COLLATE "C" < ${name + AFTER_CHARACTERS}`)
    .$if(regions !== null, (query) =>
      query.where((eb) => eb.or(regions!.map((region) => within("p.home_region", region)))),
    )
    .orderBy(sql`p.name <> ${name}`)
    .orderBy("p.home_region")
    .orderBy("p.person_id")
    .limit(limit)
    .execute();
}
