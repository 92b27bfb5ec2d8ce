import type { SqlRunner } from "../../platform/db/database.ts";
import { comparedSpellColumns } from "../compare/person-columns.ts";
import { spellColumns, stageColumns, type LedgerKindDefinition } from "../kinds/kind.ts";
import { assignments, changeSql, logChangesSql, nextSources, type ApplyFacts } from "./statements.ts";

/**
 * Employment spells: ends, corrections, new ones. The chain that keeps spells at one employer apart (`previous_end`, see the
 * registry's migration 0003) is taken off the touched groups first and laid anew afterwards.
 */
export async function applyEmployment(
  client: SqlRunner,
  definition: LedgerKindDefinition,
  facts: ApplyFacts,
  firstLoad: boolean,
): Promise<void> {
  if (!definition.spell) return;
  const rows = `(SELECT a.* FROM ${facts.assessed} a WHERE ${facts.adopted})`;
  if (firstLoad) {
    await addSpells(client, definition, rows, facts, false);
    return grantSight(client, facts);
  }
  // Only groups that have or get a second spell have a chain to lay; nearly all spells are the only one at their employer.
  await client.query(`CREATE TEMP TABLE touched_group ON COMMIT DROP AS
    SELECT t.person_id, t.employer_key FROM (
      SELECT a.person_id, a.employer_key, CASE a.spell_act WHEN 'update' THEN 0 WHEN 'rename' THEN 2 ELSE 1 END AS added FROM ${rows} a
        WHERE a.spell_act IN ('create', 'switch', 'past', 'update', 'rename') AND NOT a.new_person AND NOT a.spell_disputed
      -- A spell that changes over to another employer (rename) leaves one chain and takes its place in another, both even if alone.
      UNION ALL SELECT e.person_id, e.employer_key, CASE WHEN a.spell_act = 'rename' THEN 2 ELSE 0 END FROM ${rows} a JOIN registry.employment e ON e.person_id = a.person_id AND e.employment_id IN (a.spell_id, a.open_id)
        WHERE a.spell_act IN ('switch', 'update', 'rename') AND NOT a.spell_disputed) t
    GROUP BY t.person_id, t.employer_key
    HAVING sum(t.added) + (SELECT count(*) FROM registry.employment e WHERE e.person_id = t.person_id AND e.employer_key = t.employer_key) >= 2`);
  await unchain(client);
  await endOpenSpells(client, rows, facts);
  await correctSpells(client, definition, rows, facts);
  await addSpells(client, definition, rows, facts, true);
  await rechain(client);
  await grantSight(client, facts);
}

/**
 * A value no other spell of the group has: its own start, moved so far back that it stays before every start, also one that
 * is corrected or restored while the chain is off. The foreign key is checked at commit.
 */
const UNCHAINED = "start_date - 500000";

/** Takes the chain off the groups in `touched_group`. */
export async function unchain(client: SqlRunner): Promise<void> {
  await client.query("CREATE INDEX ON touched_group (person_id, employer_key)");
  await client.query("ANALYZE touched_group");
  await client.query(`UPDATE registry.employment e SET previous_end = e.${UNCHAINED} FROM touched_group g
    WHERE e.person_id = g.person_id AND e.employer_key = g.employer_key`);
}

/** Lays the chain anew: each spell follows the end of the one before it at the same employer. */
export async function rechain(client: SqlRunner): Promise<void> {
  await client.query(`UPDATE registry.employment e SET previous_end = n.before_end
    FROM (SELECT e.person_id, e.employment_id, lag(e.end_date) OVER (PARTITION BY e.person_id, e.employer_key ORDER BY e.start_date) AS before_end
          FROM registry.employment e JOIN touched_group g ON e.person_id = g.person_id AND e.employer_key = g.employer_key) n
    WHERE e.person_id = n.person_id AND e.employment_id = n.employment_id AND e.previous_end IS DISTINCT FROM n.before_end`);
}

async function endOpenSpells(client: SqlRunner, rows: string, facts: ApplyFacts): Promise<void> {
  const sources = nextSources("e", "ARRAY['end_date', 'end_reason']", facts);
  const switching = `(SELECT a.* FROM ${rows} a WHERE a.spell_act = 'switch' AND NOT a.spell_disputed)`;
  await client.query(
    logChangesSql("employment", facts, {
      key: "jsonb_build_object('employment_id', e.employment_id::text)",
      before:
        "jsonb_build_object('end_date', e.end_date, 'end_precision', e.end_precision, 'end_reason', e.end_reason, 'version', e.version, 'batch_id', e.batch_id, 'cell_sources', e.cell_sources)",
      after: `jsonb_build_object('end_date', a.start_date - 1, 'end_precision', a.start_precision, 'end_reason', '换单位', 'version', e.version + 1, 'batch_id', ${facts.batchId},
        'cell_sources', ${sources})`,
      home: "e.home_region",
      from: `${switching} a JOIN registry.employment e ON e.person_id = a.person_id AND e.employment_id = a.open_id`,
    }),
  );
  await client.query(`UPDATE registry.employment e SET end_date = a.start_date - 1, end_precision = a.start_precision, end_reason = '换单位', version = e.version + 1, batch_id = ${facts.batchId},
      cell_sources = ${sources}
    FROM ${switching} a WHERE e.person_id = a.person_id AND e.employment_id = a.open_id`);
}

async function correctSpells(
  client: SqlRunner,
  definition: LedgerKindDefinition,
  rows: string,
  facts: ApplyFacts,
): Promise<void> {
  const columns = comparedSpellColumns(definition);
  const { before, after } = changeSql(columns, "e", "c.spell_adopt", facts);
  const corrected = `(SELECT a.* FROM ${rows} a WHERE a.spell_act IN ('update', 'rename') AND a.spell_adopt <> '{}') c`;
  await client.query(
    logChangesSql("employment", facts, {
      alias: "c",
      key: "jsonb_build_object('employment_id', e.employment_id::text)",
      before,
      after,
      home: "e.home_region",
      from: `${corrected} JOIN registry.employment e ON e.person_id = c.person_id AND e.employment_id = c.spell_id`,
    }),
  );
  await client.query(
    `UPDATE registry.employment e SET ${assignments(columns, "e", "c.spell_adopt", facts)} FROM ${corrected} WHERE e.person_id = c.person_id AND e.employment_id = c.spell_id`,
  );
}

async function addSpells(
  client: SqlRunner,
  definition: LedgerKindDefinition,
  rows: string,
  facts: ApplyFacts,
  chained: boolean,
): Promise<void> {
  const staged = new Set(stageColumns(definition).map((column) => column.name));
  const optional = Object.values(spellColumns)
    .map((target) => target.column)
    .filter(
      (column) => staged.has(column) && !["employer_name", "work_region", "start_date", "end_date"].includes(column),
    );
  const list = optional.map((column) => `, ${column}`).join("");
  await client.query(`INSERT INTO registry.employment (person_id, employment_id, employer_key, employer_name, work_region, start_date, start_precision, end_date, end_precision, previous_end, home_region,
      recorded_on, source, batch_id, created_batch${list})
    SELECT a.person_id, ${facts.batchId}::bigint * 4294967296 + a.difference_id, a.employer_key, a.employer_name, a.work_region, a.start_date, a.start_precision, a.end_date, a.end_precision,
      ${chained ? `CASE WHEN g.person_id IS NOT NULL THEN a.${UNCHAINED} END` : "NULL"}, coalesce(${definition.home ? "a.home_region, " : ""}a.held_region), ${facts.recordedOn}, ${facts.source}, ${facts.batchId}, ${facts.batchId}
      ${optional.map((column) => `, a.${column}`).join("")}
    FROM ${rows} a ${chained ? "LEFT JOIN touched_group g ON g.person_id = a.person_id AND g.employer_key = a.employer_key" : ""}
    WHERE a.spell_act IN ('create', 'switch', 'past') AND NOT a.spell_disputed`);
}

/** A county of this installation in which somebody from elsewhere works sees his card. */
async function grantSight(client: SqlRunner, facts: ApplyFacts): Promise<void> {
  await client.query(`INSERT INTO registry.person_access (person_id, region, ground, valid_from, valid_to, home_region, created_batch)
    SELECT e.person_id, e.work_region, 'work', e.start_date, e.end_date, e.home_region, ${facts.batchId}
    FROM registry.employment e JOIN registry.region r ON r.code = left(e.work_region, 2) AND r.hosted
    WHERE e.created_batch = ${facts.batchId} AND left(e.work_region, 6) <> left(e.home_region, 6)
    ON CONFLICT DO NOTHING`);
}
