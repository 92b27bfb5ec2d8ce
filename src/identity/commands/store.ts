import { sql } from "kysely";
import type { Tx } from "../../platform/db/database.ts";

// The operator at the machine acts as the worker role, which row security does not narrow.

export interface ListedUser {
  login: string;
  name: string;
  organisation: string;
  region: string;
  duties: string[];
  active: boolean;
  locked: boolean;
  lastSignIn: string | null;
}

export async function usersOf(tx: Tx, region: string): Promise<ListedUser[]> {
  const rows = await tx
    .selectFrom("identity.officer as o")
    .innerJoin("identity.organisation as g", "g.organisation_id", "o.organisation_id")
    .select(["o.login", "o.name", "g.name as organisation", "o.region", "o.duties", "o.active", "o.last_sign_in"])
    .select(sql<boolean>`o.locked OR coalesce(o.locked_until > now(), false)`.as("locked"))
    .where(sql<boolean>`starts_with(o.region, ${region})`)
    .orderBy("o.region")
    .orderBy("o.login")
    .execute();
  return rows.map(({ last_sign_in, ...row }) => ({ ...row, lastSignIn: last_sign_in?.toISOString() ?? null }));
}

export interface NamedUser {
  officer_id: string;
  name: string;
  region: string;
}

export function findUser(tx: Tx, login: string): Promise<NamedUser | undefined> {
  return tx
    .selectFrom("identity.officer")
    .select(["officer_id", "name", "region"])
    .where("login", "=", login)
    .executeTakeFirst();
}

/** The organisation of that name in that region; made when there is none. */
export async function ensureOrganisation(tx: Tx, organisation: { name: string; department: string; region: string }) {
  const known = await tx
    .selectFrom("identity.organisation")
    .select(["organisation_id", "name", "department", "region", "active"])
    .where("region", "=", organisation.region)
    .where("name", "=", organisation.name)
    .executeTakeFirst();
  if (known) return known;
  return tx
    .insertInto("identity.organisation")
    .values(organisation)
    .returning(["organisation_id", "name", "department", "region", "active"])
    .executeTakeFirstOrThrow();
}

export async function endSessions(tx: Tx, officerId: string): Promise<void> {
  await tx.deleteFrom("identity.session").where("officer_id", "=", officerId).execute();
}
