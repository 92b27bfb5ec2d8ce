import { sql } from "kysely";
import type { Tx } from "../../platform/db/database.ts";
import type { RegistryEntity } from "../fields.ts";
import { within, type Scope } from "../scope.ts";

/** Columns to write: as PostgreSQL prints them, or as JSON has them. */
export type StoredRow = Readonly<Record<string, unknown>>;

/** A row as it stands, every column as PostgreSQL prints it: as JSON numbers, ids would lose digits. */
export interface LockedRow {
  readonly columns: Readonly<Record<string, string | null>>;
  readonly cellSources: Readonly<Record<string, number>>;
  readonly source: number;
  readonly version: number;
  readonly homeRegion: string;
}

/** The primary key of each entity; what registry.change and registry.comparison keep in `entity_key` is this without person_id. */
const keyColumns: Record<RegistryEntity, readonly string[]> = {
  person: ["person_id"],
  household: ["household_id"],
  person_category: ["person_id", "category", "valid_from"],
  employment: ["person_id", "employment_id"],
  contract: ["person_id", "employer_key", "start_date"],
  insurance_month: ["person_id", "month", "kind", "employer_key"],
  wage_month: ["person_id", "month", "employer_key"],
  other_record: ["person_id", "title", "month"],
};

export interface RowAddress {
  readonly entity: RegistryEntity;
  readonly personId: string;
  /** The rest of the primary key. */
  readonly entityKey: Readonly<Record<string, unknown>>;
}

function keyMatches(address: RowAddress) {
  const key = JSON.stringify({ ...address.entityKey, person_id: address.personId });
  // The table's own row type reads the key, so that dates and numbers compare as such.
  return sql.join(
    keyColumns[address.entity].map((column) => {
      const typed = sql`(jsonb_populate_record(NULL::${sql.table(`registry.${address.entity}`)}, ${key}::jsonb)).${sql.ref(column)}`;
      return sql`row.${sql.ref(column)} = ${typed}`;
    }),
    sql` AND `,
  );
}

/** The row, locked until the transaction ends; undefined when it is not there or its home lies outside the scope. */
export async function lockRow(tx: Tx, scope: Scope, address: RowAddress): Promise<LockedRow | undefined> {
  const { rows } = await sql<{ columns: Record<string, string | null> }>`
    SELECT (SELECT jsonb_object_agg(key, value) FROM jsonb_each_text(to_jsonb(row))) AS columns FROM ${sql.table(`registry.${address.entity}`)} AS row
    WHERE ${keyMatches(address)} AND ${within("row.home_region", scope)} FOR UPDATE`.execute(tx);
  const columns = rows[0]?.columns;
  if (!columns) return undefined;
  return {
    columns,
    cellSources: JSON.parse(columns["cell_sources"] ?? "{}") as Record<string, number>,
    source: Number(columns["source"]),
    version: Number(columns["version"]),
    homeRegion: columns["home_region"]!,
  };
}

/** Writes columns of one row and counts its version up; returns the new version. */
export async function updateRow(tx: Tx, scope: Scope, address: RowAddress, columns: StoredRow): Promise<number> {
  const table = sql.table(`registry.${address.entity}`);
  const values = sql`jsonb_populate_record(NULL::${table}, ${JSON.stringify(columns)}::jsonb)`;
  const sets = Object.keys(columns).map((column) => sql`${sql.ref(column)} = (${values}).${sql.ref(column)}`);
  const { rows } = await sql<{ version: number }>`
    UPDATE ${table} AS row SET ${sql.join(sets)}, version = row.version + 1
    WHERE ${keyMatches(address)} AND ${within("row.home_region", scope)} RETURNING row.version`.execute(tx);
  return rows[0]!.version;
}

/** Who makes a change, with the name as it is now. */
export interface Author {
  readonly id: string | null;
  readonly name: string;
}

export interface ChangeEntry extends RowAddress {
  readonly act: "create" | "update";
  readonly before: StoredRow | null;
  readonly after: StoredRow;
  readonly source: number;
  readonly reason: string;
  readonly officer: Author;
  readonly homeRegion: string;
}

export async function recordChange(tx: Tx, entry: ChangeEntry): Promise<void> {
  await tx
    .insertInto("registry.change")
    .values({
      person_id: entry.personId,
      entity: entry.entity,
      entity_key: JSON.stringify(entry.entityKey),
      act: entry.act,
      before: entry.before === null ? null : JSON.stringify(entry.before),
      after: JSON.stringify(entry.after),
      source: entry.source,
      reason: entry.reason,
      officer_id: entry.officer.id,
      officer_name: entry.officer.name,
      home_region: entry.homeRegion,
    })
    .execute();
}

/** True when the number is now, or was already, the person's own; false when it is somebody else's, seen or not. */
export async function addPersonKey(
  tx: Tx,
  key: { hash: string; personId: string; kind: string; homeRegion: string },
): Promise<boolean> {
  const added = await tx
    .insertInto("registry.person_key")
    .values({ key_hash: key.hash, person_id: key.personId, kind: key.kind, home_region: key.homeRegion })
    .onConflict((conflict) => conflict.column("key_hash").doNothing())
    .executeTakeFirst();
  if (added.numInsertedOrUpdatedRows === 1n) return true;
  const known = await tx
    .selectFrom("registry.person_key")
    .select("person_id")
    .where("key_hash", "=", key.hash)
    .executeTakeFirst();
  return known?.person_id === key.personId;
}

/**
 * Spells at one employer form a chain (see migration 0003). While dates or employers change, each spell of the groups
 * concerned points at a day of its own; the foreign key waits for the end of the transaction.
 */
export async function unchainSpells(tx: Tx, personId: string, employerKeys: readonly string[]): Promise<void> {
  await sql`UPDATE registry.employment SET previous_end = start_date - 1
    WHERE person_id = ${personId} AND employer_key = ANY(${employerKeys}::bigint[])`.execute(tx);
}

/** Lays the chain anew and has it checked now: at commit, nobody could be told any more. */
export async function rechainSpells(tx: Tx, personId: string, employerKeys: readonly string[]): Promise<void> {
  await sql`UPDATE registry.employment e SET previous_end = n.before_end
    FROM (SELECT employment_id, lag(end_date) OVER (PARTITION BY employer_key ORDER BY start_date) AS before_end
      FROM registry.employment WHERE person_id = ${personId} AND employer_key = ANY(${employerKeys}::bigint[])) n
    WHERE e.person_id = ${personId} AND e.employment_id = n.employment_id AND e.previous_end IS DISTINCT FROM n.before_end`.execute(
    tx,
  );
  await sql`SET CONSTRAINTS registry.employment_chain IMMEDIATE`.execute(tx);
  await sql`SET CONSTRAINTS registry.employment_chain DEFERRED`.execute(tx);
}

/** Whoever works elsewhere is seen there for as long as the spell lasts. */
export async function syncWorkSight(tx: Tx, personId: string): Promise<void> {
  await sql`UPDATE registry.person_access a SET valid_to = e.end_date FROM registry.employment e
    WHERE a.person_id = ${personId} AND a.ground = 'work' AND e.person_id = a.person_id AND e.work_region = a.region AND e.start_date = a.valid_from
      AND a.valid_to IS DISTINCT FROM e.end_date`.execute(tx);
}

const tablesThatCopyHome = [
  "person_key",
  "person_access",
  "person_category",
  "employment",
  "contract",
  "insurance_month",
  "wage_month",
  "other_record",
  "comparison",
] as const;

/** Tables that carry a copy of the person's home, for row security, follow it. */
export async function syncHome(tx: Tx, personId: string, home: string): Promise<void> {
  for (const table of tablesThatCopyHome) {
    await sql`UPDATE ${sql.table(`registry.${table}`)} SET home_region = ${home} WHERE person_id = ${personId} AND home_region <> ${home}`.execute(
      tx,
    );
  }
}

/** Spells that go on, the latest first. */
export async function openSpells(
  tx: Tx,
  personId: string,
): Promise<{ employmentId: string; employerKey: string; startDate: string }[]> {
  return tx
    .selectFrom("registry.employment")
    .select(["employment_id as employmentId", "employer_key as employerKey", "start_date as startDate"])
    .where("person_id", "=", personId)
    .where("end_date", "is", null)
    .orderBy("start_date", "desc")
    .execute();
}

export interface NewSpell {
  readonly personId: string;
  readonly employerKey: string;
  readonly employerName: string;
  readonly workRegion: string | null;
  readonly startDate: string;
  readonly endDate: string | null;
  readonly homeRegion: string;
  readonly recordedOn: string;
  readonly source: number;
}

/** A spell entered by hand; unchained, so `rechainSpells` must follow. Its number is the next of the person's. */
export async function insertSpell(tx: Tx, spell: NewSpell): Promise<string> {
  const { rows } = await sql<{ employment_id: string }>`
    INSERT INTO registry.employment (person_id, employment_id, employer_key, employer_name, work_region, start_date, end_date, end_precision, previous_end, home_region, recorded_on, source)
    SELECT ${spell.personId}, coalesce(max(employment_id), 0) + 1, ${spell.employerKey}, ${spell.employerName}, ${spell.workRegion}, ${spell.startDate}::date, ${spell.endDate}::date,
      CASE WHEN ${spell.endDate}::date IS NOT NULL THEN 'day' END, ${spell.startDate}::date - 1, ${spell.homeRegion}, ${spell.recordedOn}, ${spell.source}
    FROM registry.employment WHERE person_id = ${spell.personId} RETURNING employment_id`.execute(tx);
  return rows[0]!.employment_id;
}

export async function regionExists(tx: Tx, code: string): Promise<boolean> {
  const row = await tx
    .selectFrom("registry.region")
    .select("code")
    .where("code", "=", code)
    .where("valid_to", "is", null)
    .executeTakeFirst();
  return row !== undefined;
}
