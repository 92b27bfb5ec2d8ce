import type { SqlRunner } from "../../platform/db/database.ts";
import type { LedgerKindDefinition } from "../kinds/kind.ts";
import { logChangesSql, type ApplyFacts } from "./statements.ts";

/** Rows of a register (insurance, wages, contracts, other tables): added, or their content changed. */
export async function applyRegister(
  client: SqlRunner,
  definition: LedgerKindDefinition,
  facts: ApplyFacts,
): Promise<void> {
  const { register } = definition;
  if (!register) return;
  const table = `registry.${register.table}`;
  const value = (stage: string) => (stage === "content" ? "a.content::jsonb" : `a.${stage}`);
  const columns = [...register.key, ...register.content];
  // A column with a default keeps it where the table says nothing.
  const claimed = (stage: string) =>
    stage === "insurance_status" ? "coalesce(a.insurance_status, 'paid')" : value(stage);
  await client.query(`INSERT INTO ${table} (person_id, home_region, recorded_on, source, batch_id, created_batch, ${columns.map(({ column }) => column).join(", ")})
    SELECT a.person_id, a.held_region, ${facts.recordedOn}, ${facts.source}, ${facts.batchId}, ${facts.batchId}, ${columns.map(({ stage }) => claimed(stage)).join(", ")}
    FROM ${facts.assessed} a WHERE a.register_act = 'create' AND ${facts.adopted}`);
  const keyJoin = register.key.map(({ stage, column }) => `r.${column} = a.${stage}`).join(" AND ");
  const next = ({ stage, column }: { stage: string; column: string }) => `coalesce(${value(stage)}, r.${column})`;
  const updated = `(SELECT a.* FROM ${facts.assessed} a WHERE a.register_act = 'update' AND ${facts.adopted}) a`;
  await client.query(
    logChangesSql(register.table, facts, {
      key: `jsonb_build_object(${register.key.map(({ column }) => `'${column}', r.${column}::text`).join(", ")})`,
      before: `jsonb_build_object(${register.content.map(({ column }) => `'${column}', r.${column}`).join(", ")}, 'version', r.version, 'batch_id', r.batch_id)`,
      after: `jsonb_build_object(${register.content.map((target) => `'${target.column}', ${next(target)}`).join(", ")}, 'version', r.version + 1, 'batch_id', ${facts.batchId})`,
      home: "r.home_region",
      from: `${updated} JOIN ${table} r ON r.person_id = a.person_id AND ${keyJoin}`,
    }),
  );
  await client.query(`UPDATE ${table} r SET ${register.content.map((target) => `${target.column} = ${next(target)}`).join(", ")}, version = r.version + 1, batch_id = ${facts.batchId}
    FROM ${updated} WHERE r.person_id = a.person_id AND ${keyJoin}`);
}
