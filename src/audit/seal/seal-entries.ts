import { sql } from "kysely";
import type { Db, Tx } from "../../platform/db/database.ts";
import { CHAIN_START, sealDigest } from "./chain.ts";

/** Rows of one seal: the proof of a single row carries the digests of all rows of its seal. */
const MOST_ROWS = 10_000;

/**
 * Seals what has committed since the last time; returns the number of rows. A row belongs to the next seal after its transaction
 * has ended, whatever its number: those that began before the oldest transaction still running are all there or will never be.
 * Nothing is written to the rows, and no writer waits.
 */
export function sealEntries(worker: Db): Promise<number> {
  return worker.transaction().execute(async (tx) => {
    const state = await lockState(tx);
    // A statement of its own: the next one sees everything that had ended by now.
    const { rows: horizons } = await sql<{
      horizon: string;
    }>`SELECT pg_snapshot_xmin(pg_current_snapshot()) AS horizon`.execute(tx);
    const horizon = horizons[0]!.horizon;
    const unsealed = sql`NOT EXISTS (SELECT FROM audit.seal s WHERE s.entries @> e.entry_id)`;
    const since = state.moved ? sql`${unsealed}` : sql`e.tx >= ${state.horizon}::xid8`;
    const due = sql`${since} AND e.tx < ${horizon}::xid8 ${state.carried ? sql`AND ${unsealed}` : sql``}`;
    const { rows: slices } = await sql<{ entries: string; count: number; root: Buffer }>`
      WITH due AS (
        SELECT e.entry_id, sha256(convert_to(audit.canonical(e), 'UTF8')) AS digest, (row_number() OVER (ORDER BY e.entry_id) - 1) / ${sql.lit(MOST_ROWS)} AS slice
        FROM audit.entry e WHERE ${due})
      SELECT range_agg(int8range(entry_id, entry_id, '[]'))::text AS entries, count(*)::int AS count, sha256(string_agg(digest, '' ORDER BY entry_id)) AS root
      FROM due GROUP BY slice ORDER BY slice`.execute(tx);
    await appendSeals(tx, slices);
    const carried = state.carried || state.moved;
    await sql`UPDATE audit.sealer SET cluster = ${state.cluster}, horizon = ${horizon}::xid8, carried = ${carried}`.execute(
      tx,
    );
    return slices.reduce((sum, slice) => sum + slice.count, 0);
  });
}

interface SealerState {
  readonly cluster: string;
  readonly horizon: string;
  readonly carried: boolean;
  /** The data were carried here from another cluster, whose transactions were counted otherwise. */
  readonly moved: boolean;
}

async function lockState(tx: Tx): Promise<SealerState> {
  const { rows } = await sql<{
    cluster: string;
  }>`SELECT system_identifier::text || '/' || current_database() AS cluster FROM pg_control_system()`.execute(tx);
  const cluster = rows[0]!.cluster;
  await sql`INSERT INTO audit.sealer (cluster, horizon, carried) VALUES (${cluster}, '0'::xid8, false) ON CONFLICT DO NOTHING`.execute(
    tx,
  );
  const known = await tx.selectFrom("audit.sealer").selectAll().forUpdate().executeTakeFirstOrThrow();
  return { cluster, horizon: String(known.horizon), carried: known.carried, moved: known.cluster !== cluster };
}

async function appendSeals(tx: Tx, slices: readonly { entries: string; count: number; root: Buffer }[]): Promise<void> {
  const last = await tx
    .selectFrom("audit.seal")
    .select(["seal_id", "digest"])
    .orderBy("seal_id", "desc")
    .executeTakeFirst();
  let sealId = BigInt(last?.seal_id ?? 0);
  let previous = last?.digest.toString("hex") ?? CHAIN_START;
  for (const { entries, count, root } of slices) {
    const seal = {
      sealId: String(++sealId),
      sealedAt: new Date().toISOString(),
      entries,
      count,
      root: root.toString("hex"),
      previous,
    };
    const digest = sealDigest(seal);
    await sql`INSERT INTO audit.seal (seal_id, sealed_at, entries, count, root, previous, digest)
      VALUES (${seal.sealId}, ${seal.sealedAt}, ${entries}::int8multirange, ${count}, ${root}, decode(${previous}, 'hex'), decode(${digest}, 'hex'))`.execute(
      tx,
    );
    previous = digest;
  }
}
