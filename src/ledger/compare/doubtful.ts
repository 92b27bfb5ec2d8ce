import type { PoolClient } from "pg";
import { stageTables } from "../stage/table.ts";

/**
 * Valid numbers that end in three zeros: real ones, or ones that Excel rounded and that pass the check by chance. Whoever is
 * known by his number has a real one. Whoever is not, but has name, place and birth date of somebody known, is that person
 * with a damaged number, and must become neither a new person nor a vanished one.
 */
export async function settleDoubtful(client: PoolClient, batchId: string): Promise<void> {
  const { rows, faults, candidates } = stageTables(batchId);
  // A handful of faults against all rows: without statistics of the two the planner would walk the rows once per fault.
  const counted = () => client.query(`ANALYZE ${faults} (sheet, row_no, field, code, severity)`);
  await counted();
  const doubtful = "f.field = 'identity' AND f.code = 'identity-number-format' AND f.severity = 'notice'";
  await client.query(
    `DELETE FROM ${faults} f USING ${rows} s, registry.person_key k WHERE ${doubtful} AND s.sheet = f.sheet AND s.row_no = f.row_no AND k.key_hash = s.id_hash`,
  );
  // Those left are far fewer, and are found among all persons by their names, in the order in which these are indexed.
  await counted();
  await client.query(`UPDATE ${faults} f SET severity = 'waiting'
    WHERE ${doubtful} AND EXISTS (SELECT 1 FROM registry.person p WHERE p.name = f.name COLLATE "C" AND p.birth_date = f.birth_date AND starts_with(p.home_region, f.region))`);
  const waiting = "f.field = 'identity' AND f.code = 'identity-number-format' AND f.severity = 'waiting'";
  await client.query(
    `UPDATE ${rows} s SET held = true FROM ${faults} f WHERE ${waiting} AND s.sheet = f.sheet AND s.row_no = f.row_no AND NOT s.held`,
  );
  await client.query(
    `DELETE FROM ${candidates} c USING ${faults} f WHERE ${waiting} AND c.sheet = f.sheet AND c.row_no = f.row_no`,
  );
}
