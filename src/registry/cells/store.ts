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
  readonly before: StoredRow;
  readonly after: StoredRow;
  readonly source: number;
  readonly reason: string;
  readonly officer: Author;
  readonly homeRegion: string;
}

export async function recordChange(tx: Tx, entry: ChangeEntry): Promise<void> {
  await sql`
    INSERT INTO registry.change (person_id, entity, entity_key, act, before, after, source, reason, officer_id, officer_name, home_region)
    VALUES (${entry.personId}, ${entry.entity}, ${JSON.stringify(entry.entityKey)}, 'update', ${JSON.stringify(entry.before)}, ${JSON.stringify(entry.after)},
      ${entry.source}, ${entry.reason}, ${entry.officer.id}, ${entry.officer.name}, ${entry.homeRegion})`.execute(tx);
}

/** Whose number it is already; null when nobody's. The answer is the one key, seen or not: uniqueness has no scope. */
export async function addPersonKey(tx: Tx, key: { hash: string; personId: string; kind: string; homeRegion: string }): Promise<boolean> {
  const added = await tx
    .insertInto("registry.person_key")
    .values({ key_hash: key.hash, person_id: key.personId, kind: key.kind, home_region: key.homeRegion })
    .onConflict((conflict) => conflict.column("key_hash").doNothing())
    .executeTakeFirst();
  if (added.numInsertedOrUpdatedRows === 1n) return true;
  const known = await tx.selectFrom("registry.person_key").select("person_id").where("key_hash", "=", key.hash).executeTakeFirst();
  return known?.person_id === key.personId;
}

/** The chain of spells is checked at commit by default, when nobody can be told any more. */
export async function checkEmploymentChainNow(tx: Tx): Promise<void> {
  await sql`SET CONSTRAINTS registry.employment_chain IMMEDIATE`.execute(tx);
}

export async function hasOpenSpell(tx: Tx, personId: string): Promise<boolean> {
  const row = await tx
    .selectFrom("registry.employment")
    .select("employment_id")
    .where("person_id", "=", personId)
    .where("end_date", "is", null)
    .limit(1)
    .executeTakeFirst();
  return row !== undefined;
}

export async function regionExists(tx: Tx, code: string): Promise<boolean> {
  const row = await tx.selectFrom("registry.region").select("code").where("code", "=", code).where("valid_to", "is", null).executeTakeFirst();
  return row !== undefined;
}
