import { sql } from "kysely";
import { sees, within, type Scope } from "#registry";
import type { Db, Tx } from "../../platform/db/database.ts";
import { importCounts, type ImportCounts, type ImportState } from "../imports-contract.ts";
import type { SampledChange } from "./assess.ts";
import type { ChosenSheet, ImportSheet } from "./layout.ts";
import { locks } from "../../platform/db/locks.ts";

export interface StoredImport {
  readonly import_id: string;
  readonly register: string;
  readonly region: string;
  readonly file_key: string;
  readonly file_name: string;
  readonly state: ImportState;
  readonly counts: ImportCounts;
  readonly problem: { readonly code: string; readonly message: string } | null;
  readonly business_date: string;
  readonly received_by_name: string;
  readonly received_at: Date;
  readonly applied_at: Date | null;
  readonly undone_at: Date | null;
  readonly mapping: readonly ImportSheet[];
  /** Null: the columns are as they were recognised. */
  readonly chosen: readonly ChosenSheet[] | null;
  readonly sample: readonly SampledChange[];
  readonly mark: string;
}

/** Whoever confirms an import or takes it back, as history names him. */
export interface ActingOfficer {
  readonly officerId: string | null;
  readonly name: string;
}

type Executor = Db | Tx;

const selected = sql`SELECT i.*, f.key AS file_key FROM registers.import i JOIN platform.file f USING (file_id)`;

function toImport(row: StoredImport): StoredImport {
  return { ...row, counts: importCounts.parse(row.counts) };
}

export async function insertImport(
  tx: Tx,
  row: {
    register: string;
    region: string;
    fileId: string;
    fileName: string;
    businessDate: string;
    officer: ActingOfficer;
  },
): Promise<string> {
  const { rows } = await sql<{ import_id: string }>`
    INSERT INTO registers.import (register, region, file_id, file_name, state, business_date, received_by, received_by_name)
    VALUES (${row.register}, ${row.region}, ${row.fileId}, ${row.fileName}, 'checking', ${row.businessDate}, ${row.officer.officerId}, ${row.officer.name})
    RETURNING import_id`.execute(tx);
  return rows[0]!.import_id;
}

export async function findImport(db: Executor, importId: string, lock = false): Promise<StoredImport | undefined> {
  const { rows } =
    await sql<StoredImport>`${selected} WHERE i.import_id = ${importId} ${lock ? sql`FOR UPDATE OF i` : sql``}`.execute(
      db,
    );
  return rows[0] && toImport(rows[0]);
}

/** The import, if its office lies in the area. */
export async function findSeenImport(
  tx: Tx,
  scope: Scope,
  importId: string,
  lock = false,
): Promise<StoredImport | undefined> {
  const found = await findImport(tx, importId, lock);
  return found && sees(scope, found.region) ? found : undefined;
}

/** SQL: the import in `alias` was checked and has something to write, so that somebody must decide. */
export function isWaiting(alias: string) {
  const counts = sql.ref(`${alias}.counts`);
  return sql<boolean>`(${sql.ref(`${alias}.state`)} = 'checked' AND (${counts} ->> 'new')::int + (${counts} ->> 'changed')::int > 0)`;
}

export async function listStoredImports(
  tx: Tx,
  scope: Scope,
  filter: { register?: string | undefined; state?: ImportState | undefined; waiting?: "true" | undefined },
  page: { page: number; size: number },
): Promise<{ rows: StoredImport[]; total: number }> {
  const where = sql`WHERE ${within("i.region", scope)} ${filter.register ? sql`AND i.register = ${filter.register}` : sql``}
    ${filter.state ? sql`AND i.state = ${filter.state}` : sql``} ${filter.waiting ? sql`AND ${isWaiting("i")}` : sql``}`;
  const { rows } = await sql<StoredImport>`${selected} ${where} ORDER BY i.import_id DESC
    LIMIT ${page.size} OFFSET ${(page.page - 1) * page.size}`.execute(tx);
  const counted = await sql<{ n: number }>`SELECT count(*)::int AS n FROM registers.import i ${where}`.execute(tx);
  return { rows: rows.map(toImport), total: counted.rows[0]!.n };
}

export interface ImportPatch {
  readonly state?: ImportState;
  readonly counts?: ImportCounts;
  readonly problem?: { code: string; message: string } | null;
  readonly mapping?: readonly ImportSheet[];
  readonly chosen?: readonly ChosenSheet[];
  readonly sample?: readonly SampledChange[];
  readonly mark?: string;
  readonly applied?: true;
  readonly undone?: true;
}

export async function patchImport(db: Executor, importId: string, patch: ImportPatch): Promise<void> {
  const json = (value: unknown) => sql`${JSON.stringify(value)}::jsonb`;
  const set = [
    ...(patch.state ? [sql`state = ${patch.state}`] : []),
    ...(patch.counts ? [sql`counts = ${json(patch.counts)}`] : []),
    ...(patch.problem === undefined
      ? []
      : [patch.problem === null ? sql`problem = NULL` : sql`problem = ${json(patch.problem)}`]),
    ...(patch.mapping ? [sql`mapping = ${json(patch.mapping)}`] : []),
    ...(patch.chosen ? [sql`chosen = ${json(patch.chosen)}`] : []),
    ...(patch.sample ? [sql`sample = ${json(patch.sample)}`] : []),
    ...(patch.mark === undefined ? [] : [sql`mark = ${patch.mark}`]),
    ...(patch.applied ? [sql`applied_at = now()`] : []),
    ...(patch.undone ? [sql`undone_at = now()`] : []),
  ];
  await sql`UPDATE registers.import SET ${sql.join(set)} WHERE import_id = ${importId}`.execute(db);
}

/** Rows of an applied import that something happened to since, other than what has itself been taken back: its undo would take that away too. */
export async function changedSince(db: Executor, register: string, importId: string): Promise<number> {
  const { rows } = await sql<{ n: number }>`
    SELECT count(DISTINCT own.row_id)::int AS n FROM registers.change own JOIN registers.change later
      ON later.register = own.register AND later.row_id = own.row_id AND later.change_id > own.change_id
    WHERE own.import_id = ${importId} AND own.register = ${register} AND own.act <> 'undo' AND later.import_id IS DISTINCT FROM own.import_id
      AND NOT EXISTS (SELECT FROM registers.import taken WHERE taken.import_id = later.import_id AND taken.state = 'undone')`.execute(
    db,
  );
  return rows[0]!.n;
}

/** One import at a time writes a register; changes by hand go on beside one another, but not beside it. */
export async function lockRegister(tx: Tx, register: string, how: "alone" | "shared"): Promise<void> {
  await (
    how === "alone"
      ? sql`SELECT pg_advisory_xact_lock(${locks.registerImport}, hashtext(${register}))`
      : sql`SELECT pg_advisory_xact_lock_shared(${locks.registerImport}, hashtext(${register}))`
  ).execute(tx);
}

/** Whether the import's own tables are still there: a crash of the database empties unlogged tables. */
export async function stageHolds(tx: Tx, assessed: string, rows: number): Promise<boolean> {
  const known = await sql<{ known: boolean }>`SELECT to_regclass(${assessed}) IS NOT NULL AS known`.execute(tx);
  if (!known.rows[0]!.known) return false;
  const counted = await sql<{ n: number }>`SELECT count(*)::int AS n FROM ${sql.table(assessed)}`.execute(tx);
  return counted.rows[0]!.n === rows;
}
