import { setTimeout as sleep } from "node:timers/promises";
import { Client, type ClientConfig } from "pg";
import type { Keys } from "../keys.ts";

/**
 * The database's own second wall (trust.md): the program logs in as roles that own nothing and cannot bypass row security.
 * app serves requests, worker runs batches, auditor reads the audit log; the owner (the URL's role) only migrates.
 */
export const databaseRoles = ["wengang_app", "wengang_worker", "wengang_auditor"] as const;
export type DatabaseRole = (typeof databaseRoles)[number];

export function rolePassword(keys: Keys, role: DatabaseRole): string {
  return keys.derive(`database-role:${role}`);
}

/**
 * Roles belong to the whole cluster, and advisory locks to one database: two installations of a cluster that start at the
 * same time may meet here. A role that already lets us in is left alone; a collision is tried again.
 */
export async function ensureRoles(owner: Client, endpoint: ClientConfig, keys: Keys): Promise<void> {
  for (const role of databaseRoles) {
    const password = rolePassword(keys, role);
    if (await letsIn({ ...endpoint, user: role, password })) continue;
    for (let attempt = 1; ; attempt++) {
      try {
        const known = await owner.query("SELECT 1 FROM pg_roles WHERE rolname = $1", [role]);
        await owner.query(
          known.rowCount === 0
            ? `CREATE ROLE ${role} LOGIN NOINHERIT PASSWORD '${password}'`
            : `ALTER ROLE ${role} LOGIN PASSWORD '${password}'`,
        );
        break;
      } catch (cause) {
        if (attempt === ATTEMPTS || !COLLISIONS.has((cause as { code?: string }).code ?? "")) throw cause;
        await sleep(50 * attempt);
      }
    }
  }
}

/**
 * An owner that is no superuser is blinded by row security that is forced, and his backup would silently hold no people. He
 * serves nobody; what he may do anyway (take the force away, with a lock that stops everybody) is given him without.
 */
export async function letOwnerRead(owner: Client): Promise<void> {
  const { rows } = await owner.query<{ name: string }>(
    `SELECT c.oid::regclass::text AS name FROM pg_class c WHERE c.relforcerowsecurity AND NOT EXISTS (SELECT FROM pg_policy p WHERE p.polrelid = c.oid AND p.polname = 'owner_reads')
       AND NOT (SELECT r.rolsuper OR r.rolbypassrls FROM pg_roles r WHERE r.rolname = current_user) AND pg_get_userbyid(c.relowner) = current_user`,
  );
  for (const { name } of rows)
    await owner.query(`CREATE POLICY owner_reads ON ${name} FOR SELECT TO CURRENT_USER USING (true)`);
}

const ATTEMPTS = 20;
/** "tuple concurrently updated", and the role made by somebody else in the meantime. */
const COLLISIONS = new Set(["XX000", "42710", "23505"]);

async function letsIn(config: ClientConfig): Promise<boolean> {
  const client = new Client(config);
  client.on("error", () => {});
  try {
    await client.connect();
    return true;
  } catch {
    return false;
  } finally {
    await client.end().catch(() => {});
  }
}
