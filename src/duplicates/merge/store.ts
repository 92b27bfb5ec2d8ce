import { sql } from "kysely";
import { within, type Scope } from "#registry";
import type { Tx } from "../../platform/db/database.ts";
import type { MergeState } from "./contract.ts";

export interface StoredMerge {
  readonly merge_id: string;
  readonly pair_id: string;
  readonly survivor_id: string;
  readonly loser_id: string;
  readonly loser_name: string;
  readonly loser_mask: string;
  readonly loser_home: string;
  readonly cells: Readonly<Record<string, "survivor" | "loser">>;
  readonly state: MergeState;
  readonly why_second: "money" | "county" | null;
  readonly note: string;
  readonly proposed_by: string | null;
  readonly proposed_by_name: string;
  readonly proposed_at: Date;
  readonly decided_by: string | null;
  readonly decided_by_name: string | null;
  readonly decision_note: string | null;
  readonly undone_by: string | null;
  readonly undone_by_name: string | null;
  readonly undone_at: Date | null;
  readonly undo_note: string | null;
  readonly counts: { readonly moved?: Record<string, number>; readonly aside?: Record<string, number> };
  readonly business_date: string;
  /** The record that stays, where the asker may see it. */
  readonly survivor_name: string | null;
  readonly survivor_home: string | null;
}

export interface NewMerge {
  readonly pairId: string;
  readonly survivorId: string;
  readonly loserId: string;
  readonly cells: Readonly<Record<string, "survivor" | "loser">>;
  readonly state: "proposed" | "working";
  readonly whySecond: "money" | "county" | null;
  readonly note: string;
  readonly officerId: string | null;
  readonly officerName: string;
  readonly businessDate: string;
  /** Of a merge that two counties agreed on. */
  readonly decidedBy?: { readonly id: string | null; readonly name: string };
}

export async function insertMerge(tx: Tx, merge: NewMerge): Promise<string> {
  const { rows } = await sql<{ merge_id: string }>`
    INSERT INTO duplicates.merge (pair_id, survivor_id, loser_id, loser_name, loser_mask, loser_home, cells, state, why_second, note, proposed_by, proposed_by_name, decided_by, decided_by_name, decided_at, business_date)
    SELECT ${merge.pairId}, ${merge.survivorId}, ${merge.loserId}, p.name, p.identity_mask, p.home_region, ${JSON.stringify(merge.cells)}::jsonb, ${merge.state}, ${merge.whySecond}, ${merge.note},
      ${merge.officerId}::bigint, ${merge.officerName}, ${merge.decidedBy?.id ?? null}::bigint, ${merge.decidedBy?.name ?? null}, CASE WHEN ${merge.decidedBy?.name ?? null}::text IS NOT NULL THEN now() END, ${merge.businessDate}
    FROM registry.person p WHERE p.person_id = ${merge.loserId} RETURNING merge_id`.execute(tx);
  return rows[0]!.merge_id;
}

/** A merge whose survivor, or while it waits whose two records, lie in the scope. */
const seen = (scope: Scope) =>
  sql<boolean>`EXISTS (SELECT FROM registry.person x WHERE x.person_id IN (m.survivor_id, m.loser_id) AND ${within("x.home_region", scope)})`;

const selected = (scope: Scope) =>
  sql`SELECT m.*, s.name AS survivor_name, s.home_region AS survivor_home FROM duplicates.merge m
    LEFT JOIN registry.person s ON s.person_id = m.survivor_id AND ${within("s.home_region", scope)}`;

export async function listStoredMerges(
  tx: Tx,
  scope: Scope,
  state: MergeState | undefined,
  page: { page: number; size: number },
): Promise<{ rows: StoredMerge[]; total: number }> {
  const where = state ? sql`${seen(scope)} AND m.state = ${state}` : seen(scope);
  const total = await sql<{ n: string }>`SELECT count(*) AS n FROM duplicates.merge m WHERE ${where}`.execute(tx);
  const { rows } =
    await sql<StoredMerge>`${selected(scope)} WHERE ${where} ORDER BY m.merge_id DESC LIMIT ${page.size} OFFSET ${(page.page - 1) * page.size}`.execute(
      tx,
    );
  return { rows, total: Number(total.rows[0]!.n) };
}

export async function findMerge(tx: Tx, scope: Scope, mergeId: string, lock = false): Promise<StoredMerge | undefined> {
  const { rows } =
    await sql<StoredMerge>`${selected(scope)} WHERE m.merge_id = ${mergeId} AND ${seen(scope)}${lock ? sql` FOR UPDATE OF m` : sql``}`.execute(
      tx,
    );
  return rows[0];
}

export async function mergesOfPair(
  tx: Tx,
  pairId: string,
): Promise<{ merge_id: string; state: string; proposed_at: Date }[]> {
  const { rows } = await sql<{ merge_id: string; state: string; proposed_at: Date }>`
    SELECT merge_id, state, proposed_at FROM duplicates.merge WHERE pair_id = ${pairId} ORDER BY merge_id DESC`.execute(
    tx,
  );
  return rows;
}

export async function patchMerge(tx: Tx, mergeId: string, columns: Readonly<Record<string, unknown>>): Promise<void> {
  const sets = Object.entries(columns).map(([column, value]) => sql`${sql.ref(column)} = ${value}`);
  await sql`UPDATE duplicates.merge SET ${sql.join(sets)} WHERE merge_id = ${mergeId}`.execute(tx);
}

/** A record that has since taken another in, or gone into one. */
export async function laterMergeOf(tx: Tx, merge: StoredMerge): Promise<boolean> {
  const { rows } =
    await sql`SELECT 1 FROM duplicates.merge m WHERE m.merge_id > ${merge.merge_id} AND m.state IN ('working', 'done', 'undoing')
    AND (m.survivor_id = ${merge.survivor_id} OR m.loser_id = ${merge.survivor_id})`.execute(tx);
  return rows.length > 0;
}

/** Whether money was paid because of either record, as far as a table says. Asked by the worker, who sees every office's rows. */
export async function hasRows(tx: Tx, table: string, column: string, persons: readonly string[]): Promise<boolean> {
  const { rows } =
    await sql`SELECT 1 FROM ${sql.table(table)} t WHERE ${sql.ref(`t.${column}`)} = ANY (${persons}::bigint[]) LIMIT 1`.execute(
      tx,
    );
  return rows.length > 0;
}

export async function countMapped(tx: Tx, mergeId: string): Promise<{ table_name: string; act: string; n: number }[]> {
  const { rows } = await sql<{ table_name: string; act: string; n: number }>`
    SELECT table_name, act, count(*)::int AS n FROM duplicates.merge_row WHERE merge_id = ${mergeId} AND way = 'merge' GROUP BY 1, 2 ORDER BY 1`.execute(
    tx,
  );
  return rows;
}

/** Rows of a table that were set aside, as text by column. */
export async function rowsAside(tx: Tx, mergeId: string, table: string): Promise<Record<string, string | null>[]> {
  const { rows } = await sql<{ row: Record<string, string | null> }>`
    SELECT (SELECT jsonb_object_agg(key, value) FROM jsonb_each_text(old_row)) AS row FROM duplicates.merge_row WHERE merge_id = ${mergeId} AND way = 'merge' AND act = 'aside' AND table_name = ${table} ORDER BY row_no`.execute(
    tx,
  );
  return rows.map(({ row }) => row);
}

/** Rows of the survivor's, as text by column, that some condition over alias `t` picks. */
export async function survivorRows(
  tx: Tx,
  table: string,
  column: string,
  personId: string,
): Promise<Record<string, string | null>[]> {
  const { rows } = await sql<{ row: Record<string, string | null> }>`
    SELECT (SELECT jsonb_object_agg(key, value) FROM jsonb_each_text(to_jsonb(t))) AS row FROM ${sql.table(table)} t WHERE ${sql.ref(`t.${column}`)} = ${personId}`.execute(
    tx,
  );
  return rows.map(({ row }) => row);
}

/** Rows of a table that came with a merge: their keys, as text. */
export async function movedKeys(tx: Tx, mergeId: string, table: string, key: string): Promise<ReadonlySet<string>> {
  const { rows } = await sql<{ key: string }>`
    SELECT new_row ->> ${key} AS key FROM duplicates.merge_row WHERE merge_id = ${mergeId} AND way = 'merge' AND act = 'moved' AND table_name = ${table}`.execute(
    tx,
  );
  return new Set(rows.map(({ key: value }) => value));
}

export async function lockPersons(tx: Tx, persons: readonly string[]): Promise<Record<string, string | null>[]> {
  const { rows } = await sql<{ columns: Record<string, string | null> }>`
    SELECT (SELECT jsonb_object_agg(key, value) FROM jsonb_each_text(to_jsonb(p))) AS columns FROM registry.person p
    WHERE p.person_id = ANY (${persons}::bigint[]) ORDER BY p.person_id FOR UPDATE`.execute(tx);
  return rows.map(({ columns }) => columns);
}

/** Other open pairs of a record that is no more: matching finds those of the one that stays anew. */
export async function withdrawPairsOf(tx: Tx, personId: string, except: string): Promise<void> {
  await sql`UPDATE duplicates.pair p SET state = 'withdrawn', decided_at = now(), decision_note = '其中一份档案已并入他人'
    WHERE p.state = 'open' AND p.pair_id <> ${except} AND EXISTS (SELECT FROM duplicates.side s WHERE s.pair_id = p.pair_id AND s.person_id = ${personId})`.execute(
    tx,
  );
}

export async function stillWorks(tx: Tx, personId: string): Promise<boolean> {
  const { rows } = await sql<{
    works: boolean;
  }>`SELECT EXISTS (SELECT FROM registry.employment e WHERE e.person_id = ${personId} AND e.end_date IS NULL) AS works`.execute(
    tx,
  );
  return rows[0]!.works;
}
