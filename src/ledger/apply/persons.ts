import type { SqlRunner } from "../../platform/db/database.ts";
import { comparedPersonColumns } from "../compare/person-columns.ts";
import { personColumns, stageColumns, type LedgerKindDefinition } from "../kinds/kind.ts";
import { assignments, logChangesSql, type ApplyFacts } from "./statements.ts";
import { writeAsCompared } from "./moved.ts";

/** New people, their keys, households and categories, and the cells of those known (not on the first load) that are adopted. */
export async function applyPersons(
  client: SqlRunner,
  definition: LedgerKindDefinition,
  facts: ApplyFacts,
  firstLoad: boolean,
): Promise<void> {
  const staged = new Set(stageColumns(definition).map((column) => column.name));
  if (definition.household) await addHouseholds(client, staged, facts);
  if (definition.home) await addPersons(client, definition, staged, facts);
  if (!firstLoad) await updatePersons(client, definition, facts);
  if (!definition.category) return;
  await addCategories(client, facts);
  if (!firstLoad) await closeCategories(client, facts);
}

async function addHouseholds(client: SqlRunner, staged: ReadonlySet<string>, facts: ApplyFacts): Promise<void> {
  const income = staged.has("per_capita_income_fen") ? "a.per_capita_income_fen" : "NULL";
  await client.query(`INSERT INTO registry.household (household_id, household_no, head_name, home_region, kind, per_capita_income_fen, recorded_on, source, batch_id, created_batch)
    SELECT DISTINCT ON (id) id, a.household_no, a.head_name, coalesce(a.home_region, a.held_region),
      CASE a.category WHEN 'lifted-from-poverty' THEN 'lifted-from-poverty' WHEN 'monitored' THEN 'monitored' WHEN 'rural-low-income' THEN 'low-income' WHEN 'relocated' THEN 'relocated' END,
      ${income}, ${facts.recordedOn}, ${facts.source}, ${facts.batchId}, ${facts.batchId}
    FROM ${facts.assessed} a CROSS JOIN LATERAL (SELECT CASE WHEN a.new_person THEN a.household_id ELSE ledger.household_id(a.household_no, left(coalesce(a.home_region, a.held_region), 6)) END AS id) h
    WHERE a.household_no IS NOT NULL AND (a.new_person OR 'household_id' = ANY(a.person_adopt)) AND ${facts.adopted}
    ORDER BY id, a.sheet, a.row_no
    ON CONFLICT DO NOTHING`);
}

async function addPersons(
  client: SqlRunner,
  definition: LedgerKindDefinition,
  staged: ReadonlySet<string>,
  facts: ApplyFacts,
): Promise<void> {
  const plain = Object.values(personColumns)
    .map((target) => target.column)
    .filter((column) => staged.has(column));
  const columns = new Map<string, string>(plain.map((column) => [column, `a.${column}`]));
  if (staged.has("phone_mask"))
    for (const column of ["phone_mask", "phone_hash", "phone_tail"]) columns.set(column, `a.${column}`);
  if (staged.has("bank_mask")) for (const column of ["bank_mask", "bank_hash"]) columns.set(column, `a.${column}`);
  if (definition.household) columns.set("household_id", "a.household_id");
  columns.set("work_state", definition.spell ? "CASE WHEN a.working THEN 'working' ELSE 'idle' END" : "'unknown'");
  const names = [...columns.keys()].join(", ");
  await client.query(`INSERT INTO registry.person (person_id, identity_kind, identity_mask, home_region, secret, recorded_on, source, batch_id, created_batch, ${names})
    SELECT a.person_id, a.identity_kind, a.identity_mask, a.home_region, a.secret, ${facts.recordedOn}, ${facts.source}, ${facts.batchId}, ${facts.batchId}, ${[...columns.values()].join(", ")}
    FROM ${facts.assessed} a WHERE a.new_person AND ${facts.adopted}`);
  await client.query(`INSERT INTO registry.person_key (key_hash, person_id, kind, home_region, created_batch)
    SELECT a.id_hash, a.person_id, a.identity_kind, a.home_region, ${facts.batchId} FROM ${facts.assessed} a WHERE a.new_person AND ${facts.adopted}`);
}

async function updatePersons(client: SqlRunner, definition: LedgerKindDefinition, facts: ApplyFacts): Promise<void> {
  // The compared columns speak of `c`; one alias serves both the comparison and the write.
  const rows = `(SELECT a.* FROM ${facts.assessed} a WHERE NOT a.new_person AND a.person_adopt <> '{}' AND ${facts.adopted}) c`;
  await client.query(
    logChangesSql("person", facts, {
      alias: "c",
      key: "'{}'::jsonb",
      before: "c.person_before",
      after: "c.person_after",
      home: "c.held_region",
      from: rows,
    }),
  );
  await writeAsCompared(
    client,
    `UPDATE registry.person p SET ${assignments(comparedPersonColumns(definition), "p", "c.person_adopt", facts)} FROM ${rows}
      WHERE p.person_id = c.person_id AND p.version = (c.person_before->>'version')::int`,
    `SELECT count(DISTINCT c.person_id) FROM ${rows}`,
  );
  if (definition.home)
    await syncHome(
      client,
      `SELECT a.person_id FROM ${facts.assessed} a WHERE 'home_region' = ANY(a.person_adopt) AND ${facts.adopted}`,
    );
}

/**
 * Tables that carry a copy of the person's home for row security follow it. `persons` is a query of ids. They are few or none
 * in a month; counted first, so that the planner finds their rows by their ids and does not read the tables.
 */
export async function syncHome(client: SqlRunner, persons: string): Promise<void> {
  const tables = [
    "person_key",
    "person_access",
    "person_category",
    "employment",
    "contract",
    "insurance_month",
    "wage_month",
    "other_record",
    "comparison",
  ].map((table) => `registry.${table}`);
  await client.query(
    `CREATE TEMP TABLE moved_home ON COMMIT DROP AS SELECT p.person_id, p.home_region FROM registry.person p WHERE p.person_id IN (${persons})`,
  );
  const moved = await client.query<{ some: boolean }>("SELECT EXISTS (SELECT 1 FROM moved_home) AS some");
  if (moved.rows[0]!.some) {
    await client.query("ANALYZE moved_home");
    for (const table of [...tables, "ledger.line"])
      await client.query(
        `UPDATE ${table} t SET home_region = p.home_region FROM moved_home p WHERE t.person_id = p.person_id AND t.home_region <> p.home_region`,
      );
  }
  await client.query("DROP TABLE moved_home");
}

async function addCategories(client: SqlRunner, facts: ApplyFacts): Promise<void> {
  await client.query(`INSERT INTO registry.person_category (person_id, category, valid_from, valid_from_precision, valid_to, detail, home_region, recorded_on, source, batch_id, created_batch)
    SELECT a.person_id, a.category, a.category_from, a.category_precision, CASE WHEN a.category_to >= a.category_from THEN a.category_to END, a.category_detail, coalesce(a.home_region, a.held_region),
      ${facts.recordedOn}, ${facts.source}, ${facts.batchId}, ${facts.batchId}
    FROM ${facts.assessed} a WHERE a.category_act = 'create' AND ${facts.adopted} ON CONFLICT DO NOTHING`);
}

async function closeCategories(client: SqlRunner, facts: ApplyFacts): Promise<void> {
  const closing = `(SELECT a.* FROM ${facts.assessed} a WHERE a.category_act = 'close' AND ${facts.adopted}) a JOIN registry.person_category g
    ON g.person_id = a.person_id AND g.category = a.category AND g.valid_to IS NULL AND g.valid_from <= a.category_to`;
  await client.query(
    logChangesSql("person_category", facts, {
      key: "jsonb_build_object('category', g.category, 'valid_from', g.valid_from)",
      before: "jsonb_build_object('valid_to', g.valid_to, 'version', g.version, 'batch_id', g.batch_id)",
      after: `jsonb_build_object('valid_to', a.category_to, 'version', g.version + 1, 'batch_id', ${facts.batchId})`,
      home: "g.home_region",
      from: closing,
    }),
  );
  await client.query(`UPDATE registry.person_category g SET valid_to = a.category_to, version = g.version + 1, batch_id = ${facts.batchId}
    FROM (SELECT a.* FROM ${facts.assessed} a WHERE a.category_act = 'close' AND ${facts.adopted}) a
    WHERE g.person_id = a.person_id AND g.category = a.category AND g.valid_to IS NULL AND g.valid_from <= a.category_to`);
}
