import type { PoolClient } from "pg";
import { faultLabels, ledgerFieldLabels } from "../contract.ts";
import { stageTables } from "../stage/table.ts";
import { quote } from "./sql.ts";

/**
 * The same line twice in one file: equal rows count once (the last stays), differing ones are all held back until
 * somebody says which is right. Only SQL sees the whole file.
 */
export async function resolveDuplicates(client: PoolClient, batchId: string, region: string): Promise<void> {
  const { rows, faults } = stageTables(batchId);
  await client.query(`CREATE TEMP TABLE repeated AS
    SELECT line_key, count(DISTINCT row_hash) > 1 AS differs, (array_agg(row_no ORDER BY sheet DESC, row_no DESC))[1:5] AS row_nos, max(sheet * 10000000000 + row_no) AS last
    FROM ${rows} WHERE NOT held AND line_key IN (SELECT line_key FROM ${rows} WHERE NOT held GROUP BY line_key HAVING count(*) > 1)
    GROUP BY line_key`);
  const fault = (code: "duplicate-same" | "duplicate-differs", severity: string, message: string, where: string) => `
    INSERT INTO ${faults} (sheet, row_no, field, code, severity, column_no, message, value_mask, name, region, birth_date)
    SELECT s.sheet, s.row_no, 'identity', ${quote(code)}, ${quote(severity)}, 0, ${message}, s.identity_mask, s.name, coalesce(s.home_region, ${quote(region)}), s.birth_date
    FROM ${rows} s JOIN repeated r USING (line_key) WHERE NOT s.held AND ${where}`;
  const label = ledgerFieldLabels.identity;
  await client.query(fault("duplicate-same", "repaired", `'${label}：与第 ' || r.row_nos[1] || ' 行完全相同。已按规则${faultLabels["duplicate-same"].mend}。'`, "NOT r.differs AND s.sheet * 10000000000 + s.row_no < r.last"));
  await client.query(fault("duplicate-differs", "waiting", `'${label}：同一人出现在第 ' || array_to_string(r.row_nos, '、') || ' 行且内容不同。请只${faultLabels["duplicate-differs"].mend}。'`, "r.differs"));
  await client.query(`DELETE FROM ${rows} s USING repeated r WHERE s.line_key = r.line_key AND NOT s.held AND NOT r.differs AND s.sheet * 10000000000 + s.row_no < r.last`);
  await client.query(`UPDATE ${rows} s SET held = true FROM repeated r WHERE s.line_key = r.line_key AND r.differs`);
  await client.query("DROP TABLE repeated");
}
