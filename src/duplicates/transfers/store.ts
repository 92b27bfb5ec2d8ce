import { sql } from "kysely";
import type { PersonTable, Scope } from "#registry";
import type { Tx } from "../../platform/db/database.ts";
import type { TransferKind, TransferState } from "./contract.ts";

export interface StoredTransfer {
  readonly transfer_id: string;
  readonly kind: TransferKind;
  readonly asking_county: string;
  readonly asked_county: string;
  readonly keeps: "asking" | "asked";
  readonly pair_id: string | null;
  readonly number_hash: string | null;
  readonly to_region: string | null;
  readonly state: TransferState;
  readonly reason: string;
  readonly due_on: string;
  readonly asked_by: string | null;
  readonly asked_by_name: string;
  readonly asked_by_office: string;
  readonly asked_on: string;
  readonly escalated_on: string | null;
  readonly answered_by: string | null;
  readonly answered_by_name: string | null;
  readonly answered_by_office: string | null;
  readonly answered_on: string | null;
  readonly answer: string | null;
  readonly effect: string | null;
}

/** SQL: a county lies in the scope. A scope narrower than a county sees no transfers: counties deal with one another. */
const inScope = (column: string, scope: Scope) =>
  scope === null ? sql<boolean>`false` : sql<boolean>`starts_with(${sql.ref(column)}, ${scope})`;
const seen = (scope: Scope) =>
  sql<boolean>`(${inScope("t.asking_county", scope)} OR ${inScope("t.asked_county", scope)})`;

export async function listStoredTransfers(
  tx: Tx,
  scope: Scope,
  filter: { box: "received" | "sent"; state?: TransferState | undefined },
  page: { page: number; size: number },
): Promise<{ rows: StoredTransfer[]; total: number }> {
  const box = inScope(filter.box === "sent" ? "t.asking_county" : "t.asked_county", scope);
  const where = filter.state ? sql`${box} AND t.state = ${filter.state}` : box;
  const total = await sql<{ n: string }>`SELECT count(*) AS n FROM duplicates.transfer t WHERE ${where}`.execute(tx);
  const { rows } = await sql<StoredTransfer>`SELECT t.* FROM duplicates.transfer t WHERE ${where}
    ORDER BY t.state IN ('requested', 'escalated') DESC, t.due_on, t.transfer_id DESC LIMIT ${page.size} OFFSET ${(page.page - 1) * page.size}`.execute(
    tx,
  );
  return { rows, total: Number(total.rows[0]!.n) };
}

export async function findTransfer(
  tx: Tx,
  scope: Scope,
  transferId: string,
  lock = false,
): Promise<StoredTransfer | undefined> {
  const { rows } =
    await sql<StoredTransfer>`SELECT t.* FROM duplicates.transfer t WHERE t.transfer_id = ${transferId} AND ${seen(scope)}${lock ? sql` FOR UPDATE` : sql``}`.execute(
      tx,
    );
  return rows[0];
}

export async function openTransferOf(tx: Tx, scope: Scope, pairId: string): Promise<string | null> {
  const { rows } = await sql<{ transfer_id: string }>`
    SELECT t.transfer_id FROM duplicates.transfer t WHERE t.pair_id = ${pairId} AND ${seen(scope)} ORDER BY t.transfer_id DESC LIMIT 1`.execute(
    tx,
  );
  return rows[0]?.transfer_id ?? null;
}

export async function transferCounts(
  tx: Tx,
  scope: Scope,
  businessDate: string,
): Promise<{ received: number; sent: number; overdue: number }> {
  const { rows } = await sql<{ received: number; sent: number; overdue: number }>`
    SELECT count(*) FILTER (WHERE ${inScope("t.asked_county", scope)})::int AS received, count(*) FILTER (WHERE ${inScope("t.asking_county", scope)})::int AS sent,
      count(*) FILTER (WHERE ${inScope("t.asked_county", scope)} AND t.due_on < ${businessDate})::int AS overdue
    FROM duplicates.transfer t WHERE t.state IN ('requested', 'escalated') AND ${seen(scope)}`.execute(tx);
  return rows[0]!;
}

export interface NewTransfer {
  readonly kind: TransferKind;
  readonly askingCounty: string;
  readonly askedCounty: string;
  readonly keeps: "asking" | "asked";
  readonly pairId: string | null;
  readonly numberHash: string | null;
  readonly toRegion: string | null;
  readonly reason: string;
  readonly dueOn: string;
  readonly askedBy: string | null;
  readonly askedByName: string;
  readonly askedByOffice: string;
  readonly askedOn: string;
}

/** Null when such a request is open already. */
export async function insertTransfer(tx: Tx, given: NewTransfer): Promise<string | null> {
  const { rows } = await sql<{ transfer_id: string }>`
    INSERT INTO duplicates.transfer (kind, asking_county, asked_county, keeps, pair_id, number_hash, to_region, reason, due_on, asked_by, asked_by_name, asked_by_office, asked_on)
    VALUES (${given.kind}, ${given.askingCounty}, ${given.askedCounty}, ${given.keeps}, ${given.pairId}, ${given.numberHash}, ${given.toRegion}, ${given.reason}, ${given.dueOn},
      ${given.askedBy}, ${given.askedByName}, ${given.askedByOffice}, ${given.askedOn})
    ON CONFLICT DO NOTHING RETURNING transfer_id`.execute(tx);
  return rows[0]?.transfer_id ?? null;
}

export async function patchTransfer(
  tx: Tx,
  transferId: string,
  columns: Readonly<Record<string, unknown>>,
): Promise<void> {
  const sets = Object.entries(columns).map(([column, value]) => sql`${sql.ref(column)} = ${value}`);
  await sql`UPDATE duplicates.transfer SET ${sql.join(sets)} WHERE transfer_id = ${transferId}`.execute(tx);
}

/** In which county the holder of a number is registered; only for whoever knows number and name. */
export async function countyOf(tx: Tx, numberHash: string, name: string): Promise<string | null> {
  const { rows } = await sql<{
    county: string | null;
  }>`SELECT duplicates.county_of(${numberHash}::uuid, ${name}) AS county`.execute(tx);
  return rows[0]?.county ?? null;
}

export interface TransferPerson {
  readonly person_id: string;
  readonly name: string;
  readonly identity_mask: string;
  readonly home_region: string;
}

/** Persons of transfers, as far as the asker may see them: own side of a pair, or the holder of the number. */
export async function personsOf(
  tx: Tx,
  scope: Scope,
  transfers: readonly StoredTransfer[],
): Promise<Map<string, TransferPerson>> {
  if (scope === null || transfers.length === 0) return new Map();
  const ids = transfers.map(({ transfer_id }) => transfer_id);
  const { rows } = await sql<TransferPerson & { transfer_id: string }>`
    SELECT DISTINCT ON (t.transfer_id) t.transfer_id, p.person_id, p.name, p.identity_mask, p.home_region
    FROM duplicates.transfer t
      JOIN LATERAL (SELECT s.person_id FROM duplicates.side s WHERE s.pair_id = t.pair_id
        UNION ALL SELECT k.person_id FROM registry.person_key k WHERE k.key_hash = t.number_hash) x ON true
      JOIN registry.person p ON p.person_id = x.person_id AND starts_with(p.home_region, ${scope})
    WHERE t.transfer_id = ANY (${ids}::bigint[]) ORDER BY t.transfer_id, p.person_id`.execute(tx);
  return new Map(rows.map((row) => [row.transfer_id, row]));
}

/** Both records of a pair, in the worker's sight: by the county of each. */
export async function recordsOfPair(tx: Tx, pairId: string): Promise<{ person_id: string; home_region: string }[]> {
  const { rows } = await sql<{ person_id: string; home_region: string }>`
    SELECT p.person_id, p.home_region FROM duplicates.side s JOIN registry.person p USING (person_id) WHERE s.pair_id = ${pairId}`.execute(
    tx,
  );
  return rows;
}

export async function holderOf(
  tx: Tx,
  numberHash: string,
): Promise<{ person_id: string; home_region: string; household_id: string | null; version: number } | undefined> {
  const { rows } = await sql<{ person_id: string; home_region: string; household_id: string | null; version: number }>`
    SELECT p.person_id, p.home_region, p.household_id, p.version FROM registry.person_key k JOIN registry.person p USING (person_id) WHERE k.key_hash = ${numberHash} FOR UPDATE OF p`.execute(
    tx,
  );
  return rows[0];
}

/** Home and its copies follow somebody who has moved; of registers nothing moves, their rows are the office's that kept them. */
export async function moveHome(tx: Tx, tables: readonly PersonTable[], personId: string, home: string): Promise<void> {
  for (const { table, column, on } of tables) {
    if (on !== "move" || !(table.startsWith("registry.") || table.startsWith("ledger."))) continue;
    await sql`UPDATE ${sql.table(table)} t SET home_region = ${home} WHERE ${sql.ref(`t.${column}`)} = ${personId} AND t.home_region <> ${home}`.execute(
      tx,
    );
  }
  await sql`UPDATE duplicates.side s SET other_county = left(${home}, 6) WHERE s.person_id <> ${personId} AND s.pair_id IN (SELECT pair_id FROM duplicates.side WHERE person_id = ${personId})`.execute(
    tx,
  );
}

export async function writeHome(
  tx: Tx,
  person: { person_id: string; home_region: string; household_id: string | null; version: number },
  home: string,
  change: { officerId: string | null; officerName: string; reason: string; source: number; businessDate: string },
): Promise<void> {
  const before = { home_region: person.home_region, household_id: person.household_id, version: person.version };
  await sql`WITH old AS (SELECT person_id, cell_sources, source, recorded_on, batch_id FROM registry.person WHERE person_id = ${person.person_id}),
    moved AS (UPDATE registry.person p SET home_region = ${home}, household_id = NULL, relation_to_head = NULL, batch_id = NULL, version = p.version + 1, recorded_on = ${change.businessDate},
        cell_sources = coalesce(p.cell_sources, '{}') || jsonb_build_object('home_region', ${change.source}::int)
      FROM old WHERE p.person_id = old.person_id RETURNING p.*)
    INSERT INTO registry.change (person_id, entity, entity_key, act, before, after, source, reason, officer_id, officer_name, home_region)
    SELECT m.person_id, 'person', '{}', 'update', ${JSON.stringify(before)}::jsonb || jsonb_build_object('cell_sources', o.cell_sources, 'recorded_on', o.recorded_on, 'batch_id', o.batch_id),
      jsonb_build_object('home_region', m.home_region, 'household_id', NULL, 'version', m.version, 'cell_sources', m.cell_sources, 'recorded_on', m.recorded_on, 'batch_id', NULL),
      ${change.source}, ${change.reason}, ${change.officerId}::bigint, ${change.officerName}, ${home}
    FROM moved m, old o`.execute(tx);
}

/** Requests that nobody has answered in time go to the level above both counties. */
export async function escalateOverdue(tx: Tx, businessDate: (county: string) => string): Promise<number> {
  const { rows } = await sql<{
    county: string;
  }>`SELECT DISTINCT asked_county AS county FROM duplicates.transfer WHERE state = 'requested'`.execute(tx);
  let escalated = 0;
  for (const { county } of rows) {
    const today = businessDate(county);
    const result =
      await sql`UPDATE duplicates.transfer SET state = 'escalated', escalated_on = ${today} WHERE state = 'requested' AND asked_county = ${county} AND due_on < ${today}`.execute(
        tx,
      );
    escalated += Number(result.numAffectedRows ?? 0);
  }
  return escalated;
}

export async function saveContact(
  tx: Tx,
  contact: { county: string; office: string; personName: string; phone: string; byName: string },
): Promise<void> {
  await sql`INSERT INTO duplicates.contact (county, office, person_name, phone, changed_by_name) VALUES (${contact.county}, ${contact.office}, ${contact.personName}, ${contact.phone}, ${contact.byName})
    ON CONFLICT (county) DO UPDATE SET office = excluded.office, person_name = excluded.person_name, phone = excluded.phone, changed_by_name = excluded.changed_by_name, changed_at = now()`.execute(
    tx,
  );
}
