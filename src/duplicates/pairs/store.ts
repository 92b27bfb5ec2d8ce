import { sql, type RawBuilder } from "kysely";
import { narrow, within, type Owner, type Scope } from "#registry";
import type { Tx } from "../../platform/db/database.ts";
import type { Band, PairKind, PairState } from "./contract.ts";

export interface PairFilter {
  readonly region?: string | undefined;
  readonly state?: PairState;
  readonly band?: Band | undefined;
  readonly kind?: PairKind | undefined;
  readonly across?: boolean | undefined;
  readonly owner?: "mine" | "nobody" | undefined;
  readonly overdue?: boolean;
  readonly pairIds?: readonly string[];
}

export interface Asker {
  readonly scope: Scope;
  readonly officerId: string | null;
  readonly businessDate: string;
}

export interface StoredPair {
  readonly pair_id: string;
  readonly kind: PairKind;
  readonly score: number;
  readonly reasons: string[];
  readonly band: Band;
  readonly across: boolean;
  readonly state: PairState;
  readonly raised_on: string;
  readonly due_on: string;
  readonly decided_by_name: string | null;
  readonly decided_at: Date | null;
  readonly decision_note: string | null;
}

/** SQL: pair `p` has a side (of somebody) within the scope, and is what the filter asks for. */
function matching(filter: PairFilter, { scope, officerId, businessDate }: Asker): RawBuilder<boolean> {
  const owner =
    filter.owner === "mine"
      ? sql` AND s.owner_id = ${officerId}`
      : filter.owner === "nobody"
        ? sql` AND s.owner_id IS NULL`
        : sql``;
  const conditions = [
    sql`EXISTS (SELECT FROM duplicates.side s JOIN registry.person x USING (person_id) WHERE s.pair_id = p.pair_id AND ${within("x.home_region", narrow(scope, filter.region))}${owner})`,
    ...(filter.state ? [sql`p.state = ${filter.state}`] : []),
    ...(filter.band ? [sql`p.band = ${filter.band}`] : []),
    ...(filter.kind ? [sql`p.kind = ${filter.kind}`] : []),
    ...(filter.across === undefined ? [] : [sql`p.across = ${filter.across}`]),
    ...(filter.overdue ? [sql`p.due_on < ${businessDate}`] : []),
    ...(filter.pairIds ? [sql`p.pair_id = ANY (${filter.pairIds}::bigint[])`] : []),
  ];
  return sql<boolean>`${sql.join(conditions, sql` AND `)}`;
}

export async function listStoredPairs(
  tx: Tx,
  filter: PairFilter,
  asker: Asker,
  page: { page: number; size: number },
): Promise<{ rows: StoredPair[]; total: number }> {
  const where = matching(filter, asker);
  const total = await sql<{ n: string }>`SELECT count(*) AS n FROM duplicates.pair p WHERE ${where}`.execute(tx);
  const { rows } = await sql<StoredPair>`SELECT p.* FROM duplicates.pair p WHERE ${where}
    ORDER BY p.due_on, p.score DESC, p.pair_id LIMIT ${page.size} OFFSET ${(page.page - 1) * page.size}`.execute(tx);
  return { rows, total: Number(total.rows[0]!.n) };
}

export interface PairCounts {
  readonly open: number;
  readonly likely: number;
  readonly possible: number;
  readonly across: number;
  readonly overdue: number;
  readonly mine: number;
}

export async function pairCounts(tx: Tx, region: string | undefined, asker: Asker): Promise<PairCounts> {
  const { rows } = await sql<PairCounts>`
    SELECT count(*)::int AS open, count(*) FILTER (WHERE p.band = 'likely')::int AS likely, count(*) FILTER (WHERE p.band = 'possible')::int AS possible,
      count(*) FILTER (WHERE p.across)::int AS across, count(*) FILTER (WHERE p.due_on < ${asker.businessDate})::int AS overdue,
      count(*) FILTER (WHERE EXISTS (SELECT FROM duplicates.side o WHERE o.pair_id = p.pair_id AND o.owner_id = ${asker.officerId}))::int AS mine
    FROM duplicates.pair p WHERE ${matching({ state: "open", region }, asker)}`.execute(tx);
  return rows[0]!;
}

export interface StoredPairSide {
  readonly pair_id: string;
  readonly person_id: string;
  readonly other_county: string;
  readonly owner_id: string | null;
  readonly owner_name: string | null;
  readonly owner_office: string | null;
  readonly name: string;
  readonly identity_mask: string;
  readonly home_region: string;
}

/** Sides of pairs that lie in the scope, with the person as he is now. */
export async function sidesOf(tx: Tx, scope: Scope, pairIds: readonly string[]): Promise<StoredPairSide[]> {
  const { rows } = await sql<StoredPairSide>`
    SELECT s.pair_id, s.person_id, s.other_county, s.owner_id, s.owner_name, s.owner_office, x.name, x.identity_mask, x.home_region
    FROM duplicates.side s JOIN registry.person x USING (person_id)
    WHERE s.pair_id = ANY (${pairIds}::bigint[]) AND ${within("x.home_region", scope)} ORDER BY s.pair_id, s.person_id`.execute(
    tx,
  );
  return rows;
}

/** Locks the pairs among `pairIds` that are in a state and whose sides, all of them or any, the asker may see. */
export async function lockPairs(
  tx: Tx,
  pairIds: readonly string[],
  state: PairState,
  asker: Asker,
): Promise<StoredPair[]> {
  const { rows } = await sql<StoredPair>`SELECT p.* FROM duplicates.pair p WHERE ${matching({ state, pairIds }, asker)}
    ORDER BY p.pair_id FOR UPDATE OF p`.execute(tx);
  return rows;
}

export interface Decision {
  readonly officerId: string | null;
  readonly officerName: string;
  readonly note: string;
}

export async function setPairState(
  tx: Tx,
  pairIds: readonly string[],
  state: PairState,
  decision: Decision | null,
): Promise<void> {
  const decided = decision
    ? sql`, decided_by = ${decision.officerId}, decided_by_name = ${decision.officerName}, decided_at = now(), decision_note = ${decision.note}`
    : sql``;
  await sql`UPDATE duplicates.pair p SET state = ${state}${decided} WHERE p.pair_id = ANY (${pairIds}::bigint[])`.execute(
    tx,
  );
}

/** Gives the sides in the scope to an officer, or to nobody. Returns how many pairs changed. */
export async function setPairOwner(tx: Tx, scope: Scope, pairIds: readonly string[], owner: Owner): Promise<number> {
  const { rows } = await sql<{ pair_id: string }>`
    UPDATE duplicates.side s SET owner_id = ${owner.officerId}, owner_name = ${owner.name}, owner_office = ${owner.office},
      owned_since = CASE WHEN ${owner.officerId}::bigint IS NULL THEN NULL ELSE now() END
    FROM registry.person x, duplicates.pair p
    WHERE s.pair_id = ANY (${pairIds}::bigint[]) AND x.person_id = s.person_id AND p.pair_id = s.pair_id AND p.state = 'open' AND ${within("x.home_region", scope)}
    RETURNING s.pair_id`.execute(tx);
  return new Set(rows.map(({ pair_id }) => pair_id)).size;
}

export interface StoredContact {
  readonly county: string;
  readonly office: string;
  readonly person_name: string;
  readonly phone: string;
}

export async function contactsOf(tx: Tx, counties: readonly string[]): Promise<Map<string, StoredContact>> {
  const { rows } =
    await sql<StoredContact>`SELECT county, office, person_name, phone FROM duplicates.contact WHERE county = ANY (${[...new Set(counties)]}::text[])`.execute(
      tx,
    );
  return new Map(rows.map((row) => [row.county, row]));
}

/** A person's row as PostgreSQL prints it, within the scope. */
export async function personColumns(
  tx: Tx,
  scope: Scope,
  personId: string,
): Promise<Readonly<Record<string, string | null>> | undefined> {
  const { rows } = await sql<{ columns: Record<string, string | null> }>`
    SELECT (SELECT jsonb_object_agg(key, value) FROM jsonb_each_text(to_jsonb(p) - 'secret')) AS columns FROM registry.person p
    WHERE p.person_id = ${personId} AND ${within("p.home_region", scope)}`.execute(tx);
  return rows[0]?.columns;
}

export async function workOf(
  tx: Tx,
  personId: string,
): Promise<{ employer_name: string; start_date: string } | undefined> {
  const { rows } = await sql<{ employer_name: string; start_date: string }>`
    SELECT employer_name, start_date FROM registry.employment WHERE person_id = ${personId} AND end_date IS NULL ORDER BY start_date DESC LIMIT 1`.execute(
    tx,
  );
  return rows[0];
}

export async function categoriesHeld(tx: Tx, personId: string): Promise<string[]> {
  const { rows } = await sql<{ category: string }>`
    SELECT DISTINCT category FROM registry.person_category WHERE person_id = ${personId} AND valid_to IS NULL ORDER BY category`.execute(
    tx,
  );
  return rows.map(({ category }) => category);
}

/** How many rows of a table, as far as the asker sees it, name a person. */
export async function countRows(tx: Tx, table: string, column: string, personId: string): Promise<number> {
  const { rows } = await sql<{
    n: string;
  }>`SELECT count(*) AS n FROM ${sql.table(table)} t WHERE ${sql.ref(`t.${column}`)} = ${personId}`.execute(tx);
  return Number(rows[0]!.n);
}
