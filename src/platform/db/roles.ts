import type { Client } from "pg";
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

/** Roles belong to the whole cluster, so concurrent starts are serialised by an advisory lock and existing roles are kept. */
export async function ensureRoles(owner: Client, keys: Keys): Promise<void> {
  await owner.query("BEGIN");
  await owner.query("SELECT pg_advisory_xact_lock(7146001)");
  for (const role of databaseRoles) {
    const known = await owner.query("SELECT 1 FROM pg_roles WHERE rolname = $1", [role]);
    if (known.rowCount === 0) await owner.query(`CREATE ROLE ${role} LOGIN NOINHERIT`);
    await owner.query(`ALTER ROLE ${role} LOGIN PASSWORD '${rolePassword(keys, role)}'`);
  }
  await owner.query("COMMIT");
}
