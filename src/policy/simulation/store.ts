import { sql } from "kysely";
import { within, type Scope } from "#registry";
import type { Db, Tx } from "../../platform/db/database.ts";
import type { SimulationReport } from "../contract.ts";

export interface SimulationRow {
  readonly simulation_id: string;
  readonly region: string;
  readonly as_of: string;
  readonly version_id: string;
  readonly beside: string | null;
  readonly report: SimulationReport | null;
  readonly asked_by_name: string;
  readonly asked_at: Date;
  readonly finished_at: Date | null;
}

const columns = sql`simulation_id, region, as_of, version_id, beside, report, asked_by_name, asked_at, finished_at`;

export async function insertSimulation(
  tx: Tx,
  question: { region: string; asOf: string; versionId: string; beside: string | null },
  asker: { officerId: string | null; name: string },
): Promise<string> {
  const inserted = await sql<{
    simulation_id: string;
  }>`INSERT INTO policy.simulation (region, as_of, version_id, beside, asked_by, asked_by_name)
    VALUES (${question.region}, ${question.asOf}, ${question.versionId}, ${question.beside}, ${asker.officerId}, ${asker.name}) RETURNING simulation_id`.execute(
    tx,
  );
  return inserted.rows[0]!.simulation_id;
}

export async function findSimulation(db: Db | Tx, scope: Scope, simulationId: string): Promise<SimulationRow | null> {
  const found =
    await sql<SimulationRow>`SELECT ${columns} FROM policy.simulation WHERE simulation_id = ${simulationId} AND ${within("region", scope)}`.execute(
      db,
    );
  return found.rows[0] ?? null;
}

export async function listSimulationRows(
  tx: Tx,
  scope: Scope,
  versionId: string | undefined,
  { page, size }: { page: number; size: number },
): Promise<{ rows: readonly SimulationRow[]; total: number }> {
  const where = sql`${within("region", scope)} ${versionId ? sql`AND (version_id = ${versionId} OR beside = ${versionId})` : sql``}`;
  const rows =
    await sql<SimulationRow>`SELECT ${columns} FROM policy.simulation WHERE ${where} ORDER BY simulation_id DESC LIMIT ${size} OFFSET ${(page - 1) * size}`.execute(
      tx,
    );
  const counted = await sql<{ n: string }>`SELECT count(*) AS n FROM policy.simulation WHERE ${where}`.execute(tx);
  return { rows: rows.rows, total: Number(counted.rows[0]!.n) };
}

export async function keepReport(db: Db, simulationId: string, report: SimulationReport): Promise<void> {
  await sql`UPDATE policy.simulation SET report = ${JSON.stringify(report)}::jsonb, finished_at = now() WHERE simulation_id = ${simulationId}`.execute(
    db,
  );
}
