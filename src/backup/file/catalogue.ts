import type { ClientBase } from "pg";
import type { BackupHeader, Manifest } from "./frames.ts";

/** Ours and the queue's. Whatever else lies in the database is not the program's. */
const OURS = "n.nspname !~ '^pg_' AND n.nspname NOT IN ('information_schema', 'public')";

export interface TableToKeep {
  /** Quoted, with its schema. */
  readonly name: string;
  readonly columns: readonly string[];
  readonly bytes: number;
}

/**
 * Tables that hold what must come back, largest first. Left out: unlogged ones (what a crash may empty heals by itself), what
 * migrations write, and columns that the database computes or that mean something in this cluster only (transaction numbers).
 */
export async function tablesToKeep(client: ClientBase): Promise<TableToKeep[]> {
  const { rows } = await client.query<{ name: string; columns: string[]; bytes: string }>(
    `SELECT c.oid::regclass::text AS name, pg_table_size(c.oid) AS bytes,
       array_agg(quote_ident(a.attname) ORDER BY a.attnum) FILTER (WHERE a.attgenerated = '' AND a.atttypid <> 'xid8'::regtype OR c.relname = 'sealer') AS columns
     FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
     WHERE ${OURS} AND c.relkind = 'r' AND c.relpersistence = 'p' AND NOT (n.nspname = 'platform' AND c.relname IN ('migration', 'set_aside', 'restoring'))
       AND NOT (n.nspname = 'graphile_worker' AND c.relname = 'migrations')
     GROUP BY c.oid ORDER BY pg_table_size(c.oid) DESC, 1`,
  );
  return rows.map((row) => ({ ...row, bytes: Number(row.bytes) }));
}

export async function partitionsOf(client: ClientBase): Promise<BackupHeader["partitions"]> {
  const { rows } = await client.query<BackupHeader["partitions"][number]>(
    `SELECT c.oid::regclass::text AS name, i.inhparent::regclass::text AS parent, pg_get_expr(c.relpartbound, c.oid) AS bound
     FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace JOIN pg_inherits i ON i.inhrelid = c.oid WHERE ${OURS} AND c.relispartition AND c.relkind = 'r' ORDER BY c.oid`,
  );
  return rows;
}

/** Read after the snapshot was taken: numbers at or beyond every row in it. Those of unlogged tables go with them. */
export async function sequencesOf(client: ClientBase): Promise<Manifest["sequences"]> {
  const { rows } = await client.query<{ name: string }>(
    `SELECT c.oid::regclass::text AS name FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE ${OURS} AND c.relkind = 'S' AND c.relpersistence = 'p' ORDER BY 1`,
  );
  if (rows.length === 0) return [];
  const texts = rows.map(
    ({ name }) =>
      `SELECT '${name.replaceAll("'", "''")}' AS name, last_value::text AS last, is_called AS called FROM ${name}`,
  );
  return (await client.query<Manifest["sequences"][number]>(texts.join(" UNION ALL "))).rows;
}

export async function migrationsOf(client: ClientBase): Promise<BackupHeader["migrations"]> {
  return (
    await client.query<BackupHeader["migrations"][number]>(
      "SELECT domain, name, digest FROM platform.migration ORDER BY domain, name",
    )
  ).rows;
}
