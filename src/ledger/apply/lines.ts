import type { SqlRunner } from "../../platform/db/database.ts";
import { quote } from "../compare/sql.ts";
import { firstDay } from "../../platform/dates/index.ts";
import type { ApplyFacts } from "./statements.ts";

/**
 * Changes the lines of `said`, a query of their keys, of what they said until now (`line_hash`, `line_text`, `line_month`, `missing_since`,
 * `line_batch`) and of what the assignments `set` need of `s`, and keeps the former for an undo: one statement, so that every
 * line is looked for once.
 */
async function changeLines(
  client: SqlRunner,
  kind: string,
  { batchId }: ApplyFacts,
  said: string,
  set: string,
): Promise<void> {
  await client.query(`WITH changed AS (UPDATE ledger.line l SET ${set}, batch_id = ${batchId} FROM (${said}) s WHERE l.kind = ${quote(kind)} AND l.line_key = s.line_key
      RETURNING l.line_key, s.line_hash, s.line_text, s.line_month, s.missing_since, s.line_batch)
    INSERT INTO ledger.line_before (batch_id, kind, line_key, row_hash, text_hash, month, missing_since, latest_batch)
    SELECT ${batchId}, ${quote(kind)}, line_key, line_hash, line_text, line_month, missing_since, line_batch FROM changed`);
}

/** What this kind of table now says of each person, so that next month only what changed is looked at. */
export async function applyLines(client: SqlRunner, kind: string, month: string, facts: ApplyFacts): Promise<void> {
  const day = quote(firstDay(month));
  const rows = `(SELECT a.* FROM ${facts.assessed} a WHERE ${facts.adopted}) a`;
  await changeLines(
    client,
    kind,
    facts,
    // Held since the comparison: lines change by applies and undos alone, and the batch would have been compared anew.
    `SELECT a.* FROM ${rows} WHERE a.known_line`,
    `row_hash = s.row_hash, text_hash = s.text_hash, month = ${day}, missing_since = NULL`,
  );
  await client.query(`INSERT INTO ledger.line (kind, line_key, person_id, home_region, row_hash, text_hash, month, batch_id, created_batch)
    SELECT ${quote(kind)}, a.line_key, a.person_id, a.home_region, a.row_hash, a.text_hash, ${day}::date, ${facts.batchId}, ${facts.batchId} FROM ${rows} WHERE NOT a.known_line AND a.new_person
    UNION ALL SELECT ${quote(kind)}, a.line_key, p.person_id, p.home_region, a.row_hash, a.text_hash, ${day}::date, ${facts.batchId}, ${facts.batchId}
    FROM ${rows} JOIN registry.person p ON p.person_id = a.person_id WHERE NOT a.known_line AND NOT a.new_person`);
}

/** People no longer reported: the line remembers since when, and whoever was at work is to be verified by the village. */
export async function applyVanished(client: SqlRunner, kind: string, month: string, facts: ApplyFacts): Promise<void> {
  const day = quote(firstDay(month));
  const gone = `(SELECT d.* FROM ledger.difference d WHERE d.batch_id = ${facts.batchId} AND d.kind = 'vanished' AND d.decision = 'adopt') d`;
  const held =
    "l.line_key, l.row_hash AS line_hash, l.text_hash AS line_text, l.month AS line_month, l.missing_since, l.batch_id AS line_batch";
  const said = `SELECT ${held} FROM ${gone} JOIN ledger.line l ON l.kind = ${quote(kind)} AND l.line_key = d.line_key`;
  await changeLines(client, kind, facts, said, `missing_since = ${day}`);
  await client.query(`INSERT INTO registry.change (person_id, entity, entity_key, act, before, after, batch_id, source, reason, home_region)
    SELECT p.person_id, 'person', '{}'::jsonb, 'update', jsonb_build_object('work_state', p.work_state, 'version', p.version, 'batch_id', p.batch_id),
      jsonb_build_object('work_state', 'to-verify', 'version', p.version + 1, 'batch_id', ${facts.batchId}), ${facts.batchId}, ${facts.source}, d.reason, p.home_region
    FROM ${gone} JOIN registry.person p USING (person_id) WHERE d.reason = 'V1' AND p.work_state = 'working'`);
  await client.query(`UPDATE registry.person p SET work_state = 'to-verify', version = p.version + 1, batch_id = ${facts.batchId}
    FROM ${gone} WHERE p.person_id = d.person_id AND d.reason = 'V1' AND p.work_state = 'working'`);
}
