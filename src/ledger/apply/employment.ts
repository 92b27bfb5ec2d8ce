import type { SqlRunner } from "../../platform/db/database.ts";
import { comparedSpellColumns } from "../compare/person-columns.ts";
import { spellColumns, stageColumns, type LedgerKindDefinition } from "../kinds/kind.ts";
import { nextSources } from "../compare/change.ts";
import { writeAsCompared } from "./moved.ts";
import { assignments, logChangesSql, type ApplyFacts } from "./statements.ts";

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
  await findGroups(client, rows);
  await unchain(client);
  await endOpenSpells(client, rows, facts);
  await correctSpells(client, definition, rows, facts);
  await addSpells(client, definition, rows, facts, true);
  await rechain(client);
  await grantSight(client, facts);
}

/**
 * Groups of spells of one person at one employer with a chain to lay: nearly all spells are the only one at their employer, and
 * what an update leaves of start and end concerns no chain. Where the batch does no more than add one spell after all that is held
 * there, the new one is written with what it `follows`; the others are `touched_group`, their chain is taken off and laid anew.
 * A spell that another employer's ends (switch) is the open one and therefore the last of its own group.
 */
async function findGroups(client: SqlRunner, rows: string): Promise<void> {
  await client.query(`CREATE TEMP TABLE spell_group ON COMMIT DROP AS
    SELECT t.person_id, t.employer_key, CASE WHEN t.added = 1 AND NOT t.corrected AND h.last_end < t.starts THEN h.last_end END AS follows
    FROM (SELECT t.person_id, t.employer_key, sum(t.added) AS added, bool_or(t.corrected) AS corrected, min(t.start_date) AS starts FROM (
        SELECT a.person_id, a.employer_key, CASE WHEN a.spell_act = 'update' THEN 0 ELSE 1 END AS added, a.spell_act = 'update' AS corrected, a.start_date FROM ${rows} a
          WHERE (a.spell_act IN ('create', 'switch', 'past') OR a.spell_act = 'update' AND a.spell_adopt && ARRAY['start_date', 'end_date']) AND NOT a.new_person AND NOT a.spell_disputed
        -- A spell that changes over to another employer leaves one chain and takes its place in another, both even if alone.
        UNION ALL SELECT r.person_id, k.employer_key, 2, true, NULL FROM ${rows} r JOIN registry.employment e ON e.person_id = r.person_id AND e.employment_id IN (r.spell_id, r.open_id)
          CROSS JOIN LATERAL (VALUES (r.employer_key), (e.employer_key)) k(employer_key) WHERE r.spell_act = 'rename' AND NOT r.spell_disputed) t
      GROUP BY t.person_id, t.employer_key) t
      CROSS JOIN LATERAL (SELECT count(*) AS spells, max(coalesce(e.end_date, 'infinity')) AS last_end FROM registry.employment e WHERE e.person_id = t.person_id AND e.employer_key = t.employer_key) h
    WHERE t.added + h.spells >= 2`);
  await client.query(
    "CREATE TEMP TABLE touched_group ON COMMIT DROP AS SELECT person_id, employer_key FROM spell_group WHERE follows IS NULL",
  );
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
  const corrected = `(SELECT a.* FROM ${rows} a WHERE a.spell_act IN ('update', 'rename') AND a.spell_adopt <> '{}') c`;
  await client.query(
    logChangesSql("employment", facts, {
      alias: "c",
      key: "jsonb_build_object('employment_id', c.spell_id::text)",
      before: "c.spell_before",
      after: "c.spell_after",
      home: definition.home
        ? "CASE WHEN 'home_region' = ANY(c.person_adopt) THEN c.home_region ELSE c.held_region END"
        : "c.held_region",
      from: corrected,
    }),
  );
  await writeAsCompared(
    client,
    `UPDATE registry.employment e SET ${assignments(comparedSpellColumns(definition), "e", "c.spell_adopt", facts)} FROM ${corrected}
      WHERE e.person_id = c.person_id AND e.employment_id = c.spell_id AND e.version = (c.spell_before->>'version')::int`,
    `SELECT count(DISTINCT (c.person_id, c.spell_id)) FROM ${corrected}`,
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
      ${chained ? `CASE WHEN g.follows IS NOT NULL THEN g.follows WHEN g.person_id IS NOT NULL THEN a.${UNCHAINED} END` : "NULL"}, coalesce(${definition.home ? "a.home_region, " : ""}a.held_region), ${facts.recordedOn}, ${facts.source}, ${facts.batchId}, ${facts.batchId}
      ${optional.map((column) => `, a.${column}`).join("")}
    FROM ${rows} a ${chained ? "LEFT JOIN spell_group g ON g.person_id = a.person_id AND g.employer_key = a.employer_key" : ""}
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
