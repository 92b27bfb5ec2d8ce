import type { PoolClient } from "pg";
import type { Services } from "../../platform/module.ts";
import { stageColumns, type LedgerKindDefinition } from "../kinds/kind.ts";
import { storedParts, stageTables } from "../stage/table.ts";
import { runInThreads } from "../stage/threads.ts";
import { sealPart, type SealRequest } from "./seal-part.ts";
import { quote } from "./sql.ts";

/**
 * Rows that may say something new: their line is unknown, says something else than last time, or had been missing.
 * Everything that repeats last month's words ends at this one hash join. False when a row that was recalled by its text is
 * among them: the registry has moved since, and the rows must be read anew. With `recalledHold` they are known to say nothing.
 */
export async function findCandidates(
  client: PoolClient,
  batchId: string,
  definition: LedgerKindDefinition,
  recalledHold: boolean,
): Promise<boolean> {
  const { rows, candidates } = stageTables(batchId);
  const columns = stageColumns(definition).map((column) => `s.${column.name}`);
  // Where a person may have several lines, his own data is taken from one of them, the last: each cell is changed once.
  const leads =
    definition.lineKey.length === 0
      ? "true"
      : "row_number() OVER (PARTITION BY k.person_id ORDER BY s.sheet DESC, s.row_no DESC) = 1";
  await client.query(`DROP TABLE IF EXISTS ${candidates}`);
  await client.query(`CREATE UNLOGGED TABLE ${candidates} AS
    SELECT row_number() OVER ()::int AS difference_id, ${columns.join(", ")},
      coalesce(k.person_id, ledger.proposed_person_id(s.id_hash)) AS person_id, k.person_id IS NULL AS new_person, CASE WHEN k.person_id IS NOT NULL THEN k.person_id <> ledger.proposed_person_id(s.id_hash) END AS by_other_key, ${leads} AS leads,
      l.line_key IS NOT NULL AS known_line, l.missing_since, l.month AS line_month, l.home_region AS line_region, l.row_hash AS line_hash
    FROM ${rows} s
      LEFT JOIN ledger.line l ON l.kind = ${quote(definition.kind)} AND l.line_key = s.line_key
      LEFT JOIN registry.person_key k ON k.key_hash = s.id_hash
    WHERE NOT s.held ${recalledHold ? "AND s.recalled IS NOT TRUE" : ""} AND (l.row_hash IS DISTINCT FROM s.row_hash OR l.missing_since IS NOT NULL) ${definition.home ? "" : "AND k.person_id IS NOT NULL"}`);
  const stale = await client.query(`SELECT 1 FROM ${candidates} WHERE recalled LIMIT 1`);
  if (stale.rows.length > 0) return false;
  await client.query(`ANALYZE ${candidates} (sheet, row_no, person_id, new_person)`);
  return true;
}

/** From here on sealing is worth a thread for each part. */
const MANY_CANDIDATES = 50_000;

/** Makes the envelopes of all candidates from the batch's vaults. Returns how many there are. */
export async function sealSecrets(
  services: Services,
  client: PoolClient,
  batchId: string,
  progress: (done: number) => Promise<void>,
): Promise<void> {
  const { candidates, secrets } = stageTables(batchId);
  await client.query(`DROP TABLE IF EXISTS ${secrets}`);
  await client.query(
    `CREATE UNLOGGED TABLE ${secrets} (sheet smallint, row_no bigint, phone_hash uuid, phone_tail text, bank_hash uuid, secret bytea)`,
  );
  const counted = await client.query<{ n: string }>(`SELECT count(*) AS n FROM ${candidates}`);
  const parts = await storedParts(client, batchId);
  const requests = parts.map(({ part, first_row }, index): SealRequest => ({
    batchId,
    part,
    from: part === 0 ? 0 : first_row,
    to: parts[index + 1]?.first_row ?? null,
  }));
  if (Number(counted.rows[0]!.n) >= MANY_CANDIDATES && requests.length > 1)
    await runInThreads(
      services,
      requests.map((request) => ({ task: "seal", request })),
      progress,
    );
  else for (const request of requests) await sealPart(services, request, progress);
  await client.query(`ANALYZE ${secrets} (sheet, row_no)`);
}
