import type { PoolClient } from "pg";
import { faultLabels, ledgerFieldLabels } from "../contract.ts";
import { quote } from "./sql.ts";

/**
 * Insurance, wages and contracts are kept of many more people than the registry knows, and tell of nobody where he lives.
 * Rows of somebody unknown are not applied; each says so, and counts again once he is known.
 */
export async function noteStrangers(client: PoolClient, batchId: string, rows: string, region: string): Promise<void> {
  const { label, mend } = faultLabels["person-unknown"];
  await client.query(`INSERT INTO ledger.fault (batch_id, sheet, row_no, field, code, severity, column_no, message, value_mask, name, region, birth_date)
    SELECT ${batchId}, s.sheet, s.row_no, 'identity', 'person-unknown', 'notice', 0, ${quote(`${ledgerFieldLabels.identity}：${label}，本行未采用。请${mend}。`)}, s.identity_mask, s.name,
      coalesce(s.home_region, ${quote(region)}), s.birth_date
    FROM ${rows} s WHERE NOT s.held AND NOT EXISTS (SELECT 1 FROM registry.person_key k WHERE k.key_hash = s.id_hash) ON CONFLICT DO NOTHING`);
}
