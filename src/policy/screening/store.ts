import { sql, type RawBuilder } from "kysely";
import { within, type Scope } from "#registry";
import type { Db, Tx } from "../../platform/db/database.ts";
import type { OutcomeName } from "../contract.ts";
import { policyTasks } from "../task-names.ts";

export interface TallyRow {
  readonly version_id: string;
  readonly county: string;
  readonly outcome: OutcomeName;
  readonly rows: string;
  readonly amount_fen: string;
  readonly failed: Record<string, number>;
  readonly as_of: string;
}

/** Counts of the last screening of the whole, in scope. A town sees none: counties are the smallest that are counted. */
export async function listTallies(db: Db | Tx, scope: Scope, versionId?: string): Promise<readonly TallyRow[]> {
  return (
    await sql<TallyRow>`SELECT version_id, county, outcome, rows, amount_fen, failed, as_of FROM policy.tally t
      WHERE ${within("t.county", scope)} ${versionId ? sql`AND version_id = ${versionId}` : sql``}
      ORDER BY version_id, county, outcome`.execute(db)
  ).rows;
}

/** Whether the whole is being screened, or waits to be: for everybody, whoever asked for it. */
export async function isScreening(worker: Db): Promise<boolean> {
  const found =
    await sql`SELECT 1 FROM platform.task WHERE name = ${policyTasks.screenAll} AND state IN ('queued', 'running') LIMIT 1`.execute(
      worker,
    );
  return found.rows.length > 0;
}

/** Whether the asker sees this person at all. */
export async function seesPerson(tx: Tx, scope: Scope, personId: string): Promise<string | null> {
  const found = await sql<{
    home_region: string;
  }>`SELECT p.home_region FROM registry.person p WHERE p.person_id = ${personId} AND ${within("p.home_region", scope)}`.execute(
    tx,
  );
  return found.rows[0]?.home_region ?? null;
}

/** Persons that a batch touched, as a relation with person_id for scopes: a temporary table of one connection. */
export const TOUCHED = "touched_person";

/** Whom `gatherTouched` found. */
export const touchedBy = (batchId: string): RawBuilder<unknown> =>
  sql`SELECT person_id FROM policy.touched WHERE batch_id = ${batchId} ORDER BY person_id`;

export const thesePersons = (personIds: readonly string[]): RawBuilder<unknown> =>
  sql`SELECT unnest(${personIds}::bigint[]) AS person_id`;

/** Lists the persons of a query in this connection. Planned for as many as there are, for the list has statistics. */
export async function listTouched(connection: Db, persons: RawBuilder<unknown>): Promise<void> {
  const table = sql.raw(`pg_temp.${TOUCHED}`);
  await sql`DROP TABLE IF EXISTS ${table}`.execute(connection);
  await sql`CREATE TEMP TABLE ${sql.raw(TOUCHED)} AS ${persons}`.execute(connection);
  await sql`ANALYZE ${table}`.execute(connection);
}

/** Finds the persons that a batch touched. Returns how many. */
export async function gatherTouched(db: Db, batchId: string): Promise<number> {
  return db.transaction().execute(async (tx) => {
    await sql`DELETE FROM policy.touched WHERE batch_id = ${batchId}`.execute(tx);
    const inserted =
      await sql`INSERT INTO policy.touched (batch_id, person_id) SELECT DISTINCT ${batchId}::bigint, person_id FROM (
        SELECT person_id FROM registry.change WHERE batch_id = ${batchId}
        UNION ALL SELECT person_id FROM registry.person WHERE created_batch = ${batchId}
        UNION ALL SELECT person_id FROM registry.person_category WHERE created_batch = ${batchId}
        UNION ALL SELECT person_id FROM registry.employment WHERE created_batch = ${batchId}
        UNION ALL SELECT person_id FROM registry.contract WHERE created_batch = ${batchId}
        UNION ALL SELECT person_id FROM registry.insurance_month WHERE created_batch = ${batchId}
        UNION ALL SELECT person_id FROM registry.wage_month WHERE created_batch = ${batchId}) t`.execute(tx);
    return Number(inserted.numAffectedRows ?? 0);
  });
}

/** How long each version took the last time that the whole was screened. */
export async function lastSeconds(db: Db): Promise<ReadonlyMap<string, number>> {
  const found = await sql<{ version_id: string; seconds: string }>`SELECT v.version_id, s.seconds FROM policy.version v
    CROSS JOIN LATERAL (SELECT seconds FROM policy.screening s WHERE s.version_id = v.version_id AND s.reason <> 'batch' ORDER BY s.screening_id DESC LIMIT 1) s
    WHERE v.state = 'published'`.execute(db);
  return new Map(found.rows.map(({ version_id, seconds }) => [version_id, Number(seconds)]));
}

export async function forgetTouched(db: Db, batchId: string): Promise<void> {
  await sql`DELETE FROM policy.touched WHERE batch_id = ${batchId}`.execute(db);
}

/** Of people whom an undone batch took away again nothing is left to act on. */
export async function dropVanished(db: Db): Promise<void> {
  await sql`DELETE FROM policy.result r WHERE person_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM registry.person p WHERE p.person_id = r.person_id)`.execute(
    db,
  );
}

/** Results of versions that are no longer in force are nobody's to act on. */
export async function dropOutdated(db: Db | Tx): Promise<void> {
  await sql`DELETE FROM policy.result r WHERE NOT EXISTS (SELECT 1 FROM policy.version v WHERE v.version_id = r.version_id AND v.state = 'published')`.execute(
    db,
  );
  await sql`DELETE FROM policy.tally r WHERE NOT EXISTS (SELECT 1 FROM policy.version v WHERE v.version_id = r.version_id AND v.state = 'published')`.execute(
    db,
  );
}
