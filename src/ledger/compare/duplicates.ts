import type { PoolClient } from "pg";
import { faultLabels, ledgerFieldLabels } from "../contract.ts";
import type { LedgerKindDefinition } from "../kinds/kind.ts";
import { stageClaims } from "../stage/claims.ts";
import { stageTables } from "../stage/table.ts";
import { quote } from "./sql.ts";

/** SQL: who a row speaks of. Of one recalled by its text only the key is staged (`stageContested`); its person is known. */
const recalledSql =
  "LEFT JOIN registry.person_key rk ON s.recalled AND rk.key_hash = s.id_hash LEFT JOIN registry.person rp ON rp.person_id = rk.person_id";

function whoSql(region: string): string {
  return `coalesce(s.identity_mask, rp.identity_mask), coalesce(s.name, rp.name), coalesce(s.home_region, rp.home_region, ${quote(region)}), coalesce(s.birth_date, rp.birth_date)`;
}

/**
 * The same line twice in one file: equal rows count once (the last stays), differing ones are all held back until
 * somebody says which is right. Only SQL sees the whole file.
 */
export async function resolveDuplicates(client: PoolClient, batchId: string, region: string): Promise<void> {
  const { rows, faults } = stageTables(batchId);
  // A comparison that failed half-way may have left its own in this connection.
  await client.query("DROP TABLE IF EXISTS pg_temp.repeated");
  await client.query(`CREATE TEMP TABLE repeated AS
    SELECT line_key, count(DISTINCT row_hash) > 1 AS differs, (array_agg(row_no ORDER BY sheet DESC, row_no DESC))[1] AS last_row, (array_agg(row_no ORDER BY sheet, row_no))[1:5] AS row_nos, max(sheet * 10000000000 + row_no) AS last
    FROM ${rows} WHERE NOT held AND line_key IN (SELECT line_key FROM ${rows} WHERE NOT held GROUP BY line_key HAVING count(*) > 1)
    GROUP BY line_key`);
  const fault = (code: "duplicate-same" | "duplicate-differs", severity: string, message: string, where: string) => `
    INSERT INTO ${faults} (sheet, row_no, field, code, severity, column_no, message, value_mask, name, region, birth_date)
    SELECT s.sheet, s.row_no, 'identity', ${quote(code)}, ${quote(severity)}, 0, ${message}, ${whoSql(region)}
    FROM ${rows} s JOIN repeated r USING (line_key) ${recalledSql} WHERE NOT s.held AND ${where}`;
  const label = ledgerFieldLabels.identity;
  await client.query(
    fault(
      "duplicate-same",
      "repaired",
      `'${label}：与第 ' || r.last_row || ' 行完全相同。已按规则${faultLabels["duplicate-same"].mend}。'`,
      "NOT r.differs AND s.sheet * 10000000000 + s.row_no < r.last",
    ),
  );
  await client.query(
    fault(
      "duplicate-differs",
      "waiting",
      `'${label}：同一人出现在第 ' || array_to_string(r.row_nos, '、') || ' 行且内容不同。请只${faultLabels["duplicate-differs"].mend}。'`,
      "r.differs",
    ),
  );
  await client.query(
    `DELETE FROM ${rows} s USING repeated r WHERE s.line_key = r.line_key AND NOT s.held AND NOT r.differs AND s.sheet * 10000000000 + s.row_no < r.last`,
  );
  await client.query(`UPDATE ${rows} s SET held = true FROM repeated r WHERE s.line_key = r.line_key AND r.differs`);
  await client.query("DROP TABLE repeated");
}

/**
 * The same line twice under two numbers of one person, an old and a corrected one. Only people with a later number can be
 * meant, so that the file is looked through for those alone.
 */
export async function holdTwins(
  client: PoolClient,
  batchId: string,
  definition: LedgerKindDefinition,
  region: string,
): Promise<void> {
  const { rows, faults, candidates } = stageTables(batchId);
  const later = await client.query(`SELECT 1 FROM ${candidates} WHERE by_other_key LIMIT 1`);
  if (later.rows.length === 0) return;
  await stageClaims(
    client,
    batchId,
    `SELECT l.line_key, l.row_hash, l.text_hash FROM ${candidates} c JOIN registry.person_key k ON k.person_id = c.person_id AND k.key_hash <> c.line_key
      JOIN ledger.line l ON l.kind = ${quote(definition.kind)} AND l.line_key = k.key_hash WHERE c.by_other_key AND l.text_hash IS NOT NULL`,
  );
  const sameLine = definition.lineKey.map((column) => `AND s.${column} IS NOT DISTINCT FROM c.${column}`).join(" ");
  await client.query("DROP TABLE IF EXISTS pg_temp.twins");
  await client.query(`CREATE TEMP TABLE twins AS
    SELECT c.sheet, c.row_no, s.sheet AS other_sheet, s.row_no AS other_row
    FROM ${candidates} c JOIN registry.person_key k ON k.person_id = c.person_id JOIN ${rows} s ON s.id_hash = k.key_hash AND s.line_key <> c.line_key ${sameLine}
    WHERE c.by_other_key AND NOT s.held`);
  await client.query("INSERT INTO twins SELECT other_sheet, other_row, sheet, row_no FROM twins");
  const message = `'${ledgerFieldLabels.identity}：与第 ' || t.other_rows || ' 行是同一人，但证号不同。请只${faultLabels["duplicate-differs"].mend}。'`;
  await client.query(`INSERT INTO ${faults} (sheet, row_no, field, code, severity, column_no, message, value_mask, name, region, birth_date)
    SELECT s.sheet, s.row_no, 'identity', 'duplicate-differs', 'waiting', 0, ${message}, ${whoSql(region)}
    FROM ${rows} s ${recalledSql} JOIN (SELECT sheet, row_no, array_to_string(array_agg(DISTINCT other_row ORDER BY other_row), '、') AS other_rows FROM twins GROUP BY 1, 2) t ON t.sheet = s.sheet AND t.row_no = s.row_no`);
  await client.query(`UPDATE ${rows} x SET held = true FROM twins t WHERE x.sheet = t.sheet AND x.row_no = t.row_no`);
  await client.query(`DELETE FROM ${candidates} x USING twins t WHERE x.sheet = t.sheet AND x.row_no = t.row_no`);
  await client.query("DROP TABLE twins");
}
