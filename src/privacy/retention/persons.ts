import { randomBytes, randomUUID } from "node:crypto";
import { sql } from "kysely";
import { sealPersonSecret } from "#registry";
import { marksOfPerson } from "#exports";
import type { Db, Tx } from "../../platform/db/database.ts";
import type { Services } from "../../platform/module.ts";
import type { HeldTable, Length, PeriodId } from "../../platform/privacy/index.ts";
import { writeTombstones, type Tombstone } from "../tombstones.ts";
import { notHeld, type Book } from "./book.ts";
import { intervalSql } from "./settings.ts";

/** Persons in one transaction. */
const PERSONS_AT_ONCE = 200;
export const PERSON_RULE = "registry.person";
export const PERSON_TITLE = "已死亡、迁出人员的全部档案";

/** The name that stands where a person was erased; nobody is called that. */
const CLEARED = "（已清除）";
type Lengths = ReadonlyMap<PeriodId, Length>;

const keeping = (book: Book) => book.tables.flatMap((table) => (table.keeps ? [{ table, keeps: table.keeps }] : []));

/** SQL: of rows `t` of a table, those that still have to be kept. Without a length that somebody agreed to, all of them. */
function stillKept(table: HeldTable, event: string, lengths: Lengths, today: string): string {
  const length = lengths.get(table.period);
  return length === undefined
    ? "true"
    : `((${event}) IS NULL OR (${event}) + ${intervalSql(length)} >= DATE '${today}')`;
}

/** SQL: persons who are no more, whose own time is over and that of every row about them. */
function personsOverSql(book: Book, lengths: Lengths, area: string, today: string): string | null {
  const own = lengths.get("person");
  if (own === undefined) return null;
  const free = keeping(book).map(
    ({ table, keeps }) =>
      `NOT EXISTS (SELECT FROM ${table.table} t WHERE t.${keeps.person} = p.person_id AND ${stillKept(table, keeps.event, lengths, today)})`,
  );
  return [
    "p.life_state <> 'active'",
    `p.name <> '${CLEARED}'`,
    `p.recorded_on + ${intervalSql(own)} < DATE '${today}'`,
    area === "" ? "true" : `starts_with(p.home_region, '${area}')`,
    ...free,
  ].join(" AND ");
}

export async function countPersonsOver(db: Db | Tx, book: Book, lengths: Lengths, area: string, today: string) {
  const over = personsOverSql(book, lengths, area, today);
  if (over === null) return [];
  const free = notHeld(book, { person: "p.person_id" });
  const { rows } = await sql
    .raw<{ county: string; n: string; held: string }>(
      `SELECT left(p.home_region, 6) AS county, count(*) FILTER (WHERE ${free}) AS n, count(*) FILTER (WHERE NOT (${free})) AS held
       FROM registry.person p WHERE ${over} GROUP BY 1 ORDER BY 1`,
    )
    .execute(db);
  return rows.map(({ county, n, held }) => ({ county, rows: Number(n), held: Number(held) }));
}

/** Some of them, of one county, so that what goes can be counted for it. */
export async function nextPersonsOver(db: Db | Tx, book: Book, lengths: Lengths, area: string, today: string) {
  const over = personsOverSql(book, lengths, area, today);
  if (over === null) return null;
  const { rows } = await sql
    .raw<{ person_id: string; county: string }>(
      `SELECT p.person_id, left(p.home_region, 6) AS county FROM registry.person p
       WHERE ${over} AND ${notHeld(book, { person: "p.person_id" })} LIMIT ${PERSONS_AT_ONCE}`,
    )
    .execute(db);
  const [first] = rows;
  return first
    ? { county: first.county, personIds: rows.filter((row) => row.county === first.county).map((row) => row.person_id) }
    : null;
}

/** What still keeps a person, as he is told it when he asks to be erased. */
export interface Kept {
  readonly title: string;
  /** The last day; null: it has not come to an end, so that no day can be named. */
  readonly until: string | null;
}

/** What keeps him, by each table's length; `held`: something is open about him. */
export async function whatKeeps(
  db: Db | Tx,
  book: Book,
  lengths: Lengths,
  personId: string,
  today: string,
): Promise<{ kept: readonly Kept[]; held: readonly string[] }> {
  if (!/^\d{1,19}$/.test(personId)) throw new Error(`not a person: ${personId}`);
  const kept: Kept[] = [];
  for (const { table, keeps } of keeping(book)) {
    const length = lengths.get(table.period)!;
    const { rows } = await sql
      .raw<{ n: string; open: boolean | null; until: string | null }>(
        `SELECT count(*) AS n, bool_or((${keeps.event}) IS NULL) AS open, max((${keeps.event}) + ${intervalSql(length)})::date::text AS until
         FROM ${table.table} t WHERE t.${keeps.person} = ${personId} AND ${stillKept(table, keeps.event, lengths, today)}`,
      )
      .execute(db);
    const row = rows[0]!;
    if (Number(row.n) > 0) kept.push({ title: table.title, until: row.open ? null : row.until });
  }
  const held: string[] = [];
  for (const { label, persons } of book.holds) {
    if (!persons) continue;
    const { rows } = await sql
      .raw(`SELECT 1 FROM (${persons}) held WHERE held.person_id = ${personId} LIMIT 1`)
      .execute(db);
    if (rows.length > 0) held.push(label);
  }
  return { kept, held };
}

const newId = () => ((randomBytes(8).readBigUInt64BE() >> 1n) | 1n).toString();

export interface PersonsGone {
  readonly counts: ReadonlyMap<string, number>;
  readonly files: readonly string[];
}

/**
 * Erases persons from every table of every domain, in the caller's transaction: what months count stays, under a number by chance
 * that nothing leads to. The list of the erased is written first. `known` are tombstones that are there already (a backup was restored).
 */
export async function erasePersons(
  services: Pick<Services, "keys" | "config">,
  tx: Tx,
  book: Book,
  personIds: readonly string[],
  today: string,
  known: readonly Tombstone[] = [],
): Promise<PersonsGone> {
  const { keys, config } = services;
  const empty = sealPersonSecret(keys, { identity: "", phone: null, bankAccount: null });
  await sql`CREATE TEMPORARY TABLE erasing (old_id bigint PRIMARY KEY, new_id bigint NOT NULL UNIQUE, empty_secret bytea NOT NULL) ON COMMIT DROP`.execute(
    tx,
  );
  await sql`INSERT INTO erasing SELECT o, n, ${empty}::bytea FROM unnest(${personIds}::bigint[], ${personIds.map(newId)}::bigint[]) u(o, n)
    WHERE EXISTS (SELECT FROM registry.person p WHERE p.person_id = o)`.execute(tx);
  const hashes = await sql<{
    key_hash: string;
  }>`SELECT k.key_hash FROM registry.person_key k JOIN erasing e ON e.old_id = k.person_id`.execute(tx);
  const fresh = hashes.rows
    .filter(({ key_hash }) => !known.some((one) => one.keyHash === key_hash))
    .map(({ key_hash }): Tombstone => ({ tombstoneId: randomUUID(), keyHash: key_hash, erasedOn: today }));
  writeTombstones(config.keyFolder, fresh);
  await addTombstones(tx, [...known, ...fresh]);
  const counts = new Map<string, number>();
  const files: string[] = [];
  const add = (table: string, n: number) => {
    if (n > 0) counts.set(table, (counts.get(table) ?? 0) + n);
  };
  add("exports.mark", await forgetMarks(services, tx));
  for (const step of book.steps) {
    const result = await sql.raw<{ n?: string; file_key?: string | null }>(step.sql).execute(tx);
    if (step.files) files.push(...result.rows.flatMap((row) => row.file_key ?? []));
    add(
      step.table,
      step.counts
        ? Number(result.rows[0]?.n ?? 0)
        : step.files
          ? result.rows.length
          : Number(result.numAffectedRows ?? 0n),
    );
  }
  return { counts, files };
}

export async function addTombstones(tx: Tx | Db, tombstones: readonly Tombstone[]): Promise<void> {
  if (tombstones.length === 0) return;
  await sql`INSERT INTO privacy.tombstone (tombstone_id, key_hash, erased_on)
    SELECT * FROM unnest(${tombstones.map((one) => one.tombstoneId)}::uuid[], ${tombstones.map((one) => one.keyHash)}::uuid[], ${tombstones.map((one) => one.erasedOn)}::date[])
    ON CONFLICT DO NOTHING`.execute(tx);
}

async function forgetMarks({ keys }: Pick<Services, "keys">, tx: Tx): Promise<number> {
  const { rows } = await sql<{ name: string; identity_mask: string }>`
    SELECT p.name, p.identity_mask FROM registry.person p JOIN erasing e ON e.old_id = p.person_id`.execute(tx);
  const marks = rows.flatMap((row) => marksOfPerson(keys, row.name, row.identity_mask));
  const gone = await sql`DELETE FROM exports.mark WHERE mark = ANY (${marks}::bigint[])`.execute(tx);
  return Number(gone.numAffectedRows ?? 0n);
}
