import { sql } from "kysely";
import { sightStatement, type Tx } from "../../platform/db/database.ts";
import type { Keys } from "../../platform/keys.ts";
import type { ActionContext } from "../../platform/module.ts";
import { platformProblems, refuse } from "../../platform/problem.ts";

export interface AttemptLimit {
  readonly allowed: number;
  /** Minutes in which that many are allowed, and the first wait; each further wait in a row is twice as long, sixteenfold at most. */
  readonly minutes: number;
}

/**
 * Counts one attempt at something that may be guessed and refuses when there were too many. Counted in the database, for all processes
 * alike, and committed before anything is looked at (see beginSignIn): the refusal of a wrong guess must not take its count back.
 */
export async function takeAttempt(context: ActionContext, bucket: string, limit: AttemptLimit): Promise<void> {
  const { tx, services, caller } = context;
  const { rows } = await sql<{ free_at: Date | null }>`
    SELECT identity.take_attempt(${bucketDigest(services.keys, bucket)}, ${limit.allowed}, ${limit.minutes}) AS free_at`.execute(
    tx,
  );
  await sql`COMMIT AND CHAIN`.execute(tx);
  await sql.raw(sightStatement(caller.sight)).execute(tx);
  const freeAt = rows[0]?.free_at ?? null;
  if (freeAt !== null) refuse(platformProblems.tooMany(secondsUntil(freeAt)));
}

/** The attempt was right: those counted before it are forgotten. */
export async function forgiveBucket(tx: Tx, keys: Keys, bucket: string): Promise<void> {
  await sql`SELECT identity.forgive_bucket(${bucketDigest(keys, bucket)})`.execute(tx);
}

/** Buckets are named after phones and numbers, which stand nowhere in clear. */
function bucketDigest(keys: Keys, bucket: string): string {
  return keys.keyedHash("row", `attempt|${bucket}`);
}

export function secondsUntil(moment: Date | null): number {
  return moment === null ? 1 : Math.max(1, Math.ceil((moment.getTime() - Date.now()) / 1000));
}
