import type { Client } from "pg";

/** Ours; the queue's tables are small and keep what they have. */
const OURS = "n.nspname !~ '^pg_' AND n.nspname NOT IN ('information_schema', 'public', 'graphile_worker')";
/** Tables of their own: what belongs to a partition goes with its parent. */
const PLAIN = `SELECT c.oid FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE ${OURS} AND c.relkind = 'r' AND NOT c.relispartition`;

/**
 * Makes freshly migrated tables ready to take rows in any order: empties them (migrations write rows too), lets no trigger run,
 * frees them from row security, which forbids COPY, and takes indexes and keys away, which sorting makes again faster.
 */
export async function setAside(
  owner: Client,
): Promise<{ again(onProgress: (done: number, total: number) => Promise<void>): Promise<void> }> {
  const list = async (text: string) => (await owner.query<{ sql: string }>(text)).rows.map((row) => row.sql);
  const foreign = `FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid JOIN pg_namespace n ON n.oid = c.relnamespace WHERE ${OURS} AND k.contype = 'f' AND k.conparentid = 0`;
  const keys = `FROM pg_constraint k WHERE k.contype IN ('p', 'u', 'x') AND k.conrelid IN (${PLAIN})`;
  const indexes = `FROM pg_index i WHERE i.indrelid IN (${PLAIN}) AND NOT EXISTS (SELECT FROM pg_constraint k WHERE k.conindid = i.indexrelid AND k.contype IN ('p', 'u', 'x'))`;
  const triggered =
    "FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname !~ '^pg_' AND c.relkind = 'r' AND EXISTS (SELECT FROM pg_trigger t WHERE t.tgrelid = c.oid AND NOT t.tgisinternal)";
  const forced = `FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE ${OURS} AND c.relforcerowsecurity`;
  const nameOf = "c.oid::regclass";
  // Made again in this order: keys, other indexes, then what refers to the keys and is checked by a query.
  const again = [
    ...(await list(
      `SELECT format('ALTER TABLE %s ADD CONSTRAINT %I %s', k.conrelid::regclass, k.conname, pg_get_constraintdef(k.oid)) AS sql ${keys} ORDER BY k.conrelid, k.contype, k.conname`,
    )),
    ...(await list(`SELECT pg_get_indexdef(i.indexrelid) AS sql ${indexes} ORDER BY i.indexrelid`)),
    ...(await list(
      `SELECT format('ALTER TABLE %s ADD CONSTRAINT %I %s', k.conrelid::regclass, k.conname, pg_get_constraintdef(k.oid)) AS sql ${foreign} ORDER BY k.conrelid, k.conname`,
    )),
    ...(await list(`SELECT format('ALTER TABLE %s ENABLE TRIGGER USER', ${nameOf}) AS sql ${triggered}`)),
    ...(await list(`SELECT format('ALTER TABLE %s FORCE ROW LEVEL SECURITY', ${nameOf}) AS sql ${forced}`)),
  ];
  const away = [
    ...(await list(`SELECT format('ALTER TABLE %s NO FORCE ROW LEVEL SECURITY', ${nameOf}) AS sql ${forced}`)),
    ...(await list(`SELECT format('ALTER TABLE %s DISABLE TRIGGER USER', ${nameOf}) AS sql ${triggered}`)),
    ...(await list(
      `SELECT format('ALTER TABLE %s DROP CONSTRAINT %I', k.conrelid::regclass, k.conname) AS sql ${foreign}`,
    )),
    ...(await list(
      `SELECT format('ALTER TABLE %s DROP CONSTRAINT %I', k.conrelid::regclass, k.conname) AS sql ${keys}`,
    )),
    ...(await list(`SELECT format('DROP INDEX %s', i.indexrelid::regclass) AS sql ${indexes}`)),
    ...(await list(
      `SELECT 'TRUNCATE ' || string_agg(c.oid::regclass::text, ', ') || ' CASCADE' AS sql FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
       WHERE ${OURS.replace(", 'graphile_worker'", "")} AND c.relkind = 'r' AND NOT (n.nspname = 'platform' AND c.relname = 'migration') AND NOT (n.nspname = 'graphile_worker' AND c.relname = 'migrations')`,
    )),
  ];
  for (const statement of away) await owner.query(statement);
  return {
    async again(onProgress) {
      await owner.query("SET maintenance_work_mem = '512MB'");
      for (const [done, statement] of again.entries()) {
        await owner.query(statement);
        await onProgress(done + 1, again.length);
      }
      await owner.query("RESET maintenance_work_mem");
    },
  };
}
