import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Client } from "pg";
import { locks } from "./locks.ts";

/** SQL files of one domain, applied in the order of their names, each once and in a transaction of its own. */
export interface MigrationSet {
  readonly domain: string;
  readonly folder: string;
}

/**
 * Applies what is missing; returns the names applied. A migration already applied whose text has changed is refused:
 * installations would silently differ. `wanted` stops short of the present: a backup is loaded into the tables it was made from.
 */
export async function migrate(
  owner: Client,
  sets: readonly MigrationSet[],
  wanted: (domain: string, name: string) => boolean = () => true,
): Promise<string[]> {
  await owner.query("SELECT pg_advisory_lock($1)", [locks.migrations]);
  try {
    await owner.query(`CREATE SCHEMA IF NOT EXISTS platform;
      CREATE TABLE IF NOT EXISTS platform.migration (
        domain text NOT NULL, name text NOT NULL, digest text NOT NULL, applied_at timestamptz NOT NULL DEFAULT now(),
        PRIMARY KEY (domain, name));
      CREATE TABLE IF NOT EXISTS platform.prepared (step text PRIMARY KEY, upto text NOT NULL, prepared_at timestamptz NOT NULL DEFAULT now())`);
    const applied = await owner.query<{ domain: string; name: string; digest: string }>(
      "SELECT domain, name, digest FROM platform.migration",
    );
    const known = new Map(applied.rows.map((row) => [`${row.domain}/${row.name}`, row.digest]));
    const fresh: string[] = [];
    for (const { domain, folder } of sets) {
      const names = readdirSync(folder)
        .filter((name) => name.endsWith(".sql") && wanted(domain, name))
        .toSorted();
      for (const name of names) {
        const text = readFileSync(join(folder, name), "utf8");
        const digest = createHash("sha256").update(text).digest("hex");
        const before = known.get(`${domain}/${name}`);
        if (before === digest) continue;
        if (before !== undefined)
          throw new Error(`迁移 ${domain}/${name} 在应用之后被改动。请恢复原文件，另写一个新的迁移。`);
        await applyOne(owner, domain, name, text, digest);
        fresh.push(`${domain}/${name}`);
      }
    }
    return fresh;
  } finally {
    await owner.query("SELECT pg_advisory_unlock($1)", [locks.migrations]);
  }
}

async function applyOne(owner: Client, domain: string, name: string, text: string, digest: string): Promise<void> {
  await owner.query("BEGIN");
  try {
    await owner.query(text);
    await owner.query("INSERT INTO platform.migration (domain, name, digest) VALUES ($1, $2, $3)", [
      domain,
      name,
      digest,
    ]);
    await owner.query("COMMIT");
  } catch (cause) {
    await owner.query("ROLLBACK");
    throw new Error(`迁移 ${domain}/${name} 失败：${(cause as Error).message}`, { cause });
  }
}

/** Names of all migrations of these sets, in order: what a preparation stands on. */
export function migrationNames(sets: readonly MigrationSet[]): string[] {
  return sets.flatMap(({ domain, folder }) =>
    readdirSync(folder)
      .filter((name) => name.endsWith(".sql"))
      .toSorted()
      .map((name) => `${domain}/${name}`),
  );
}

/**
 * Does `work` unless it was done to its end since the last of `names` was applied. What fills the tables may be killed like
 * anything else; the next start must find it undone rather than the tables empty. `work` must bear being done twice.
 */
export async function prepareOnce(
  owner: Client,
  step: string,
  names: readonly string[],
  work: () => Promise<unknown>,
): Promise<void> {
  const upto = createHash("sha256").update(names.join("\n")).digest("hex").slice(0, 16);
  const done = await owner.query("SELECT 1 FROM platform.prepared WHERE step = $1 AND upto = $2", [step, upto]);
  if (done.rowCount !== 0) return;
  await work();
  await owner.query(
    "INSERT INTO platform.prepared (step, upto) VALUES ($1, $2) ON CONFLICT (step) DO UPDATE SET upto = $2, prepared_at = now()",
    [step, upto],
  );
}

/** `domain/name` → digest of every migration that this program brings. */
export function migrationDigests(sets: readonly MigrationSet[]): Map<string, string> {
  const digests = new Map<string, string>();
  for (const { domain, folder } of sets)
    for (const name of readdirSync(folder).filter((file) => file.endsWith(".sql")))
      digests.set(
        `${domain}/${name}`,
        createHash("sha256")
          .update(readFileSync(join(folder, name)))
          .digest("hex"),
      );
  return digests;
}
