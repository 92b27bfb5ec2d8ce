import { fieldAuthority, maskIdentity, openPersonSecret, sourceNumbers, type SourceCode } from "#registry";
import { sql } from "kysely";
import type { PoolClient } from "pg";
import type { Services } from "../../platform/module.ts";
import { firstDay } from "../../platform/dates/index.ts";
import { batchCounts, type BatchCounts, type DifferenceKind } from "../contract.ts";
import type { LedgerKindDefinition } from "../kinds/kind.ts";
import { claimsHold, countClaims, findUnsaid } from "../stage/claims.ts";
import { dropComparison, stageTables } from "../stage/table.ts";
import { assessedViewSql, assessSql, type AssessOptions } from "./assess.ts";
import { findCandidates, findNewcomers } from "./candidates.ts";
import { settleDoubtful } from "./doubtful.ts";
import { holdTwins, resolveDuplicates } from "./duplicates.ts";
import { sealChanged } from "./seal-changed.ts";
import { coveredSql, quote } from "./sql.ts";
import { noteStrangers } from "./strangers.ts";

export interface CompareRequest {
  readonly batchId: string;
  readonly definition: LedgerKindDefinition;
  readonly month: string;
  readonly coverage: readonly string[];
  readonly region: string;
  readonly complete: boolean;
  /** Nothing was applied since the rows were staged, so that those recalled by their text still say what their lines say. */
  readonly recalledHold: boolean;
  /** Whether a line may stand twice in the table. */
  readonly repeated: boolean;
}

/**
 * staged → compared. Fills ledger.fault and ledger.difference of the batch from its stage; the registry is only read.
 * Doing it again starts anew, so that a registry that has moved on in the meantime is compared as it is now. Null: so far
 * on that rows must be read which were recalled by their text; nothing was written then, and the batch is to be staged again.
 */
export async function compareBatch(
  services: Services,
  client: PoolClient,
  request: CompareRequest,
  progress: (stage: string, done?: number) => Promise<void>,
): Promise<BatchCounts | null> {
  const { batchId, definition } = request;
  const tables = stageTables(batchId);
  await client.query("SET work_mem = '256MB'");
  await progress("查重");
  await dropComparison(client, batchId);
  const claimed = await countClaims(client, batchId);
  if (claimed > 0 && !request.recalledHold) {
    if (!(await claimsHold(client, batchId, definition.kind))) return null;
    await findUnsaid(client, batchId, definition.kind, request.coverage);
  }
  await client.query(`ANALYZE ${tables.rows} (line_key, id_hash, held, recalled)`);
  if (request.repeated) await resolveDuplicates(client, batchId, request.region);
  await progress("与登记库比对");
  const openStages = await findOpenStages(client, request);
  const others = await findNewcomers(client, batchId, definition, openStages, claimed);
  const candidates = await findCandidates(client, batchId, definition, request.recalledHold, others);
  if (candidates === null) return null;
  await holdTwins(client, batchId, definition, request.region);
  await settleDoubtful(client, batchId);
  await sealChanged(services, client, batchId, (done) => progress("准备变动行", done));
  const authority = await services.database.worker.transaction().execute((tx) => fieldAuthority(tx));
  await assess(services, client, candidates, {
    batchId,
    definition,
    source: sourceNumbers[definition.source as SourceCode],
    authority,
    coverage: request.coverage,
    month: request.month,
    tables,
    openStages,
  });
  await client.query(`ANALYZE ${tables.compared} (difference_id, person_id, reason, spell_act, new_person, blocked)`);
  await client.query(assessedViewSql(definition, tables, others));
  await progress("整理差异");
  await client.query("BEGIN");
  try {
    // Where nearly everybody is new: the first comparison of all makes its index by sorting.
    const first =
      others !== null &&
      (await client.query<{ begun: boolean }>("SELECT ledger.begin_first_differences() AS begun")).rows[0]!.begun;
    await client.query("DELETE FROM ledger.fault WHERE batch_id = $1", [batchId]);
    await client.query(`INSERT INTO ledger.fault (batch_id, sheet, row_no, field, code, severity, column_no, message, value_mask, suggestion, suggestion_secret, name, region, birth_date)
      SELECT ${batchId}, sheet, row_no, field, code, severity, column_no, message, value_mask, suggestion, suggestion_secret, name, region, birth_date FROM ${tables.faults} ON CONFLICT DO NOTHING`);
    if (!definition.home) await noteStrangers(client, batchId, tables.rows, request.region);
    await client.query("DELETE FROM ledger.difference WHERE batch_id = $1", [batchId]);
    const found =
      await client.query(`INSERT INTO ledger.difference (batch_id, difference_id, kind, reason, row_no, sheet, person_id, line_key, new_person, name, identity_mask, home_region, cells, new_category, new_spell, decision)
      SELECT ${batchId}, difference_id, kind, reason, row_no, sheet, person_id, line_key, new_person, name, identity_mask, coalesce(${definition.home ? "home_region, " : ""}held_region, ${quote(request.region)}), cells, new_category, new_spell,
        CASE WHEN kind = 'conflicting' THEN 'task' ELSE 'adopt' END
      FROM ${tables.assessed} WHERE reason IS NOT NULL`);
    if (first) await client.query("SELECT ledger.end_first_differences()");
    const gone =
      request.complete && definition.vanishes
        ? await findVanished(client, request, tables, claimed)
        : { knownLines: 0, vanished: 0 };
    const counts = await countBatch(client, batchId, tables, { ...gone, differing: found.rowCount ?? 0 });
    await client.query("COMMIT");
    await suggestFromRegistry(services, request);
    return counts;
  } catch (cause) {
    await client.query("ROLLBACK");
    throw cause;
  }
}

/** From here on candidates are set beside the registry by two connections: PostgreSQL has no parallel plan for it. */
const LARGE_COMPARISON = 1_000;

async function assess(
  services: Services,
  client: PoolClient,
  candidates: number,
  options: AssessOptions,
): Promise<void> {
  const { compared } = options.tables;
  if (candidates < LARGE_COMPARISON) {
    await client.query(`CREATE UNLOGGED TABLE ${compared} AS ${assessSql(options, 0, 1)}`);
    return;
  }
  await client.query(`CREATE UNLOGGED TABLE ${compared} AS ${assessSql(options, 0, 1)} WITH NO DATA`);
  const other = await services.database.pools.worker.connect();
  try {
    const shares = [client, other].map((one, share) => assessShare(one, options, share));
    for (const done of await Promise.allSettled(shares)) if (done.status === "rejected") throw done.reason;
  } finally {
    other.release();
  }
}

async function assessShare(client: PoolClient, options: AssessOptions, share: number): Promise<void> {
  await client.query("BEGIN");
  try {
    // The planner would remember each row's steps, which no other row shares: 180 MB, and a tenth of the time, for nothing.
    await client.query("SET LOCAL enable_memoize = off");
    await client.query(`INSERT INTO ${options.tables.compared} ${assessSql(options, share, 2)}`);
    await client.query("COMMIT");
  } catch (cause) {
    await client.query("ROLLBACK");
    throw cause;
  }
}

/** Tables that others have open for the same month. One that covers some of the same regions is another try at this one. */
async function findOpenStages(client: PoolClient, request: CompareRequest): Promise<string[]> {
  const others = await client.query<{ batch_id: string }>(
    `SELECT batch_id FROM ledger.batch WHERE kind = $1 AND month = $2 AND batch_id <> $3 AND state IN ('comparing', 'compared')
      AND NOT EXISTS (SELECT 1 FROM unnest(coverage) theirs CROSS JOIN unnest($4::text[]) ours WHERE starts_with(theirs, ours) OR starts_with(ours, theirs)) AND to_regclass('ledger_stage.batch_' || batch_id || '_reported') IS NOT NULL`,
    [request.definition.kind, firstDay(request.month), request.batchId, request.coverage],
  );
  return others.rows.map((row) => stageTables(row.batch_id).reported);
}

/**
 * Persons whom the last table reported and this one, inside its declared coverage, does not. A row that waits for repair
 * is a report: by its line where the number is readable, else by name, place and birth date.
 */
async function findVanished(
  client: PoolClient,
  request: CompareRequest,
  { rows, claims, unsaid, assessed }: ReturnType<typeof stageTables>,
  claimed: number,
): Promise<{ knownLines: number; vanished: number }> {
  const { batchId, definition } = request;
  const kind = quote(definition.kind);
  const inCoverage = coveredSql("l.home_region", request.coverage);
  await client.query(`CREATE TEMP TABLE reported_by_name ON COMMIT DROP AS
    SELECT DISTINCT name, region, birth_date FROM ledger.fault WHERE batch_id = ${batchId} AND severity = 'waiting' AND field = 'identity' AND name IS NOT NULL`);
  // A line whose text is not among the unsaid was reported, word for word.
  const covered = (more: string) =>
    `SELECT l.person_id, l.line_key, l.home_region FROM ledger.line l WHERE l.kind = ${kind} AND ${inCoverage} AND l.missing_since IS NULL ${more}`;
  const unreported =
    claimed === 0
      ? covered("")
      : `${covered(`AND l.text_hash IN (SELECT text_hash FROM ${unsaid})`)} UNION ALL ${covered("AND l.text_hash IS NULL")}`;
  // Few are gone: found first, so that no person is looked up but theirs.
  await client.query(`CREATE TEMP TABLE gone ON COMMIT DROP AS SELECT l.* FROM (${unreported}) l
    WHERE NOT EXISTS (SELECT 1 FROM ${rows} s WHERE s.line_key = l.line_key)`);
  await client.query("ANALYZE gone");
  const missing =
    await client.query(`INSERT INTO ledger.difference (batch_id, difference_id, kind, reason, person_id, line_key, name, identity_mask, home_region, cells, decision)
    SELECT ${batchId}, (SELECT coalesce(max(difference_id), 0) FROM ${assessed}) + row_number() OVER (ORDER BY l.home_region, l.line_key), 'vanished', '${definition.vanishReason}',
      l.person_id, l.line_key, p.name, p.identity_mask, p.home_region,
      jsonb_build_array(jsonb_build_object('entity', 'person', 'field', 'work_state', 'held', p.work_state, 'claimed', NULL, 'source', p.source, 'act', 'adopt')), 'adopt'
    FROM gone l JOIN registry.person p USING (person_id)
    WHERE NOT EXISTS (SELECT 1 FROM reported_by_name r WHERE r.name = p.name AND starts_with(p.home_region, r.region) AND (r.birth_date IS NULL OR r.birth_date = p.birth_date))`);
  // Whoever is reported under another of his numbers is not gone.
  await client.query(
    `CREATE TEMP TABLE other_number ON COMMIT DROP AS SELECT l.line_key, k.key_hash FROM gone l JOIN registry.person_key k ON k.person_id = l.person_id AND k.key_hash <> l.line_key`,
  );
  const otherwise = await client.query(`DELETE FROM ledger.difference d USING other_number o
    WHERE d.batch_id = ${batchId} AND d.kind = 'vanished' AND d.line_key = o.line_key AND (EXISTS (SELECT 1 FROM ${rows} s WHERE s.id_hash = o.key_hash)
      OR EXISTS (SELECT 1 FROM ledger.line l JOIN ${claims} c ON c.text_hash = l.text_hash WHERE l.kind = ${kind} AND l.line_key = o.key_hash))`);
  const known = await client.query<{ n: string }>(
    `SELECT count(*) AS n FROM ledger.line l WHERE l.kind = ${kind} AND ${inCoverage} AND l.missing_since IS NULL`,
  );
  return { knownLines: Number(known.rows[0]!.n), vanished: (missing.rowCount ?? 0) - (otherwise.rowCount ?? 0) };
}

/** What was counted while the differences were written. */
interface Found {
  /** Lines of the declared coverage that were reported until now, and the persons of them who are gone. */
  readonly knownLines: number;
  readonly vanished: number;
  /** Rows of the table that differ from the registry. */
  readonly differing: number;
}

async function countBatch(
  client: PoolClient,
  batchId: string,
  tables: ReturnType<typeof stageTables>,
  found: Found,
): Promise<BatchCounts> {
  const staged = await client.query<{ valid: string }>(`SELECT count(*) AS valid FROM ${tables.rows} WHERE NOT held`);
  const faults = await client.query<{ severity: string; rows: string }>(
    "SELECT severity, count(DISTINCT (sheet, row_no)) AS rows FROM ledger.fault WHERE batch_id = $1 GROUP BY severity",
    [batchId],
  );
  const kinds = await client.query<{ kind: DifferenceKind; n: string }>(
    `SELECT kind, count(*) AS n FROM ${tables.compared} WHERE reason IS NOT NULL GROUP BY kind`,
  );
  const ofSeverity = (severity: string) => Number(faults.rows.find((row) => row.severity === severity)?.rows ?? 0);
  const differences: Partial<Record<DifferenceKind, number>> = Object.fromEntries(
    kinds.rows.map((row) => [row.kind, Number(row.n)]),
  );
  const compared = Object.values(differences).reduce((sum, n) => sum + n, 0);
  // Newcomers that were set beside nothing are not among the compared.
  if (found.differing > compared) differences.new = (differences.new ?? 0) + found.differing - compared;
  if (found.vanished > 0) differences.vanished = found.vanished;
  const strangers = await client.query<{ n: string }>(
    "SELECT count(*) AS n FROM ledger.fault WHERE batch_id = $1 AND code = 'person-unknown'",
    [batchId],
  );
  const valid = Number(staged.rows[0]!.valid) + (await countClaims(client, batchId)) - Number(strangers.rows[0]!.n);
  return batchCounts.parse({
    valid,
    waiting: ofSeverity("waiting"),
    repaired: ofSeverity("repaired"),
    notices: ofSeverity("notice"),
    unchanged: valid - found.differing,
    differences,
    vanishedPerTenThousand: found.knownLines === 0 ? 0 : Math.ceil((found.vanished * 10_000) / found.knownLines),
  });
}

interface Damaged {
  sheet: number;
  row_no: number;
  secret: Buffer;
  identity_mask: string;
}

/** A damaged number of somebody we know: one person of that name, place and birth date gives the full number as suggestion. */
async function suggestFromRegistry(services: Services, request: CompareRequest): Promise<void> {
  const { worker } = services.database;
  const rows = await sql<Damaged>`
    SELECT f.sheet, f.row_no, min(p.identity_mask) AS identity_mask, (array_agg(p.secret))[1] AS secret
    FROM ledger.fault f JOIN registry.person p ON p.name = f.name COLLATE "C" AND starts_with(p.home_region, f.region) AND p.birth_date = f.birth_date
    WHERE f.batch_id = ${request.batchId} AND f.field = 'identity' AND f.severity = 'waiting' AND starts_with(f.code, 'identity-') AND f.suggestion IS NULL AND f.birth_date IS NOT NULL
    GROUP BY f.sheet, f.row_no HAVING count(DISTINCT p.person_id) = 1 LIMIT 20000`.execute(worker);
  const updates = rows.rows.map((row) => {
    const { identity } = openPersonSecret(services.keys, row.secret);
    return {
      sheet: row.sheet,
      row_no: row.row_no,
      mask: maskIdentity(identity),
      sealed: services.keys.seal(identity).toString("hex"),
    };
  });
  if (updates.length === 0) return;
  await sql`UPDATE ledger.fault f SET suggestion = u.mask, suggestion_secret = decode(u.sealed, 'hex')
    FROM jsonb_to_recordset(${JSON.stringify(updates)}::jsonb) AS u(sheet int, row_no int, mask text, sealed text)
    WHERE f.batch_id = ${request.batchId} AND f.field = 'identity' AND f.severity = 'waiting' AND starts_with(f.code, 'identity-') AND f.sheet = u.sheet AND f.row_no = u.row_no`.execute(
    worker,
  );
}
