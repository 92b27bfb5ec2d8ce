import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Client } from "pg";

/** SQL files of one domain, applied in the order of their names, each once and in a transaction of its own. */
export interface MigrationSet {
  readonly domain: string;
  readonly folder: string;
}

const LOCK = 7_146_002;

/**
 * Applies what is missing; returns the names applied. A migration already applied whose text has changed is refused:
 * installations would silently differ.
 */
export async function migrate(owner: Client, sets: readonly MigrationSet[]): Promise<string[]> {
  await owner.query("SELECT pg_advisory_lock($1)", [LOCK]);
  try {
    await owner.query(`CREATE SCHEMA IF NOT EXISTS platform;
      CREATE TABLE IF NOT EXISTS platform.migration (
        domain text NOT NULL, name text NOT NULL, digest text NOT NULL, applied_at timestamptz NOT NULL DEFAULT now(),
        PRIMARY KEY (domain, name))`);
    const applied = await owner.query<{ domain: string; name: string; digest: string }>(
      "SELECT domain, name, digest FROM platform.migration",
    );
    const known = new Map(applied.rows.map((row) => [`${row.domain}/${row.name}`, row.digest]));
    const fresh: string[] = [];
    for (const { domain, folder } of sets) {
      const names = readdirSync(folder)
        .filter((name) => name.endsWith(".sql"))
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
    await owner.query("SELECT pg_advisory_unlock($1)", [LOCK]);
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
